"""The site: its pages, its shell, its statuses."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any

import dash
import pytest

from dashboards import shell
from dashboards.app import ASSETS, NOT_FOUND, PAGES, Page, create_app
from dashboards.pages import neuron
from dashboards.shell import Ids, mark_current_page
from tests.dashboards.site import components, text_of

MODULES = [*(page.module for page in PAGES), NOT_FOUND]


def layout_of(module: str):
    return import_module(module).layout()


def test_paths_and_modules_are_each_listed_once():
    for attribute in ("path", "module", "title"):
        values = [getattr(page, attribute) for page in PAGES]
        assert len(set(values)) == len(values)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.title)
def test_a_page_is_found_at_its_path(client, page: Page):
    response = client.get(page.path)
    assert response.status_code == 200 and response.mimetype == "text/html"
    assert dash.page_registry[page.module]["path"] == page.path


@pytest.mark.parametrize("module", MODULES)
def test_a_page_has_at_most_one_heading_of_the_first_order(module: str):
    assert [type(part).__name__ for part in components(layout_of(module))].count("H1") <= 1


@pytest.mark.parametrize("module", MODULES)
def test_whatever_the_query_says_a_page_has_a_layout(module: str):
    assert import_module(module).layout(example="<script>", step="-1", nonsense="1") is not None


@pytest.mark.parametrize("module", MODULES)
def test_no_id_is_used_twice_on_a_page(app, module: str):
    ids = [
        json.dumps(part.id) for root in (app.layout, layout_of(module)) for part in components(root) if _has_id(part)
    ]
    assert len(set(ids)) == len(ids)


def test_every_callback_speaks_of_what_some_page_has(app):
    """Dash itself doesn't look, because the layouts of all pages would then travel with the first."""
    later = neuron.content({"theme": "light", "flat": True})  # what that page has once its section is opened
    roots = [app.layout, *(layout_of(module) for module in MODULES), *later]
    known = {part.id for root in roots for part in components(root) if _has_id(part) and isinstance(part.id, str)}
    used = {
        part["id"]
        for callback in app._callback_list
        for part in [*callback["inputs"], *callback["state"]]
        if not part["id"].startswith("{")  # a pattern: its elements may come later
    }
    assert used <= known


def test_an_unknown_path_is_told_with_its_status_and_a_way_home(client):
    response = client.get("/backpropagatoin")
    assert response.status_code == 404 and response.mimetype == "text/html"
    links = [part.href for part in components(layout_of(NOT_FOUND)) if type(part).__name__ == "Link"]
    assert links == ["/"]


def test_health_is_told(client):
    response = client.get("/health")
    assert (response.status_code, response.text) == (200, "ok")


def test_there_is_one_app_per_process(app):
    assert create_app() is app


def test_no_developer_tools_are_served(app, client):
    assert not app.server.debug and not any(app._dev_tools[name] for name in ("ui", "props_check", "hot_reload"))
    assert "dash_renderer.dev" not in client.get("/").text


# The shell


def test_the_document_has_language_description_and_theme_before_the_first_paint(client):
    head, _, body = client.get("/").text.partition("</head>")
    assert '<html lang="en"' in head
    assert '<meta name="viewport"' in head and '<meta name="description" content="A step-by-step' in head
    assert 'href="data:image/svg+xml,' in head
    assert head.index('<script src="/assets/js/display.js">') < head.index("stylesheet")
    assert "display.js" not in body and ".mjs" not in body


def test_what_no_page_uses_is_not_loaded(client):
    document = client.get("/").text
    assert "/dash_table/" not in document and "plotly" not in document.partition("_dash-config")[0]


def test_the_shell_has_a_skip_link_first_and_one_main(app):
    parts = list(components(app.layout))
    links = [part for part in parts if getattr(part, "href", None)]
    assert text_of(links[0]) == "Skip to the page" and links[0].href == f"#{Ids.PAGE}"
    assert [part.id for part in parts if type(part).__name__ == "Main"] == [Ids.PAGE]
    assert text_of(links[1]) == "nncalc" and links[1].href == "/"


@pytest.mark.parametrize("page", [page for page in PAGES if page.in_navigation], ids=lambda page: page.title)
def test_the_page_one_is_on_is_marked(app, page: Page):
    links = links_of(page.path + "/")
    marked = [link for link in links if getattr(link, "aria-current", None) == "page"]
    assert [link.href for link in marked] == [page.path]
    assert "here" in marked[0].className.split()
    assert [link.href for link in links] == [page.path for page in PAGES if page.in_navigation]


@pytest.mark.parametrize("path", ["/", "", None, "/nowhere"])
def test_elsewhere_no_page_is_marked(app, path):
    assert not any(hasattr(link, "aria-current") for link in links_of(path))


def test_pages_of_one_menu_stand_together_under_its_name(app):
    menus = [part for part in mark_current_page("/pooling") if type(part).__name__ == "Details"]
    assert [
        text_of(summary) for menu in menus for summary in components(menu) if type(summary).__name__ == "Summary"
    ] == ["Images"]
    linked = [part.href for menu in menus for part in components(menu) if hasattr(part, "href")]
    assert linked == [page.path for page in PAGES if page.menu == "Images"]
    summary: Any = next(one for one in components(menus[0]) if type(one).__name__ == "Summary")
    assert "here" in summary.className.split()


def links_of(path: str | None) -> list[Any]:
    return [part for one in mark_current_page(path) for part in components(one) if hasattr(part, "href")]


def test_the_assets_exist():
    assert (ASSETS / "css" / "tokens.css").is_file() and (ASSETS / "js" / "display.js").is_file()


def _has_id(part) -> bool:
    return getattr(part, "id", None) is not None


def test_the_display_menu_offers_what_its_script_knows():
    buttons = [part for part in components(shell.display_menu()) if type(part).__name__ == "Button"]
    script = (ASSETS / "js" / "display.js").read_text("utf-8")
    assert len(buttons) == sum(len(values) for _, values in shell.DISPLAY.values())
    for name, (_, values) in shell.DISPLAY.items():
        assert f'{name}: "{next(iter(values))}"' in script  # the first is what is there unless another is chosen
        assert all(f'"{value}"' in script for value in values)
