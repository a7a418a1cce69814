"""What surrounds every page: the document, the skip link, the header with the navigation."""

from __future__ import annotations

from enum import StrEnum
from itertools import groupby
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

import dash
from dash import Input, Output, callback, dcc, html
from dash.development.base_component import Component

from dashboards.components import aria

BRAND = "nncalc"
DESCRIPTION = (
    "A step-by-step calculator for neural networks: every product, sum, activation, error, slope and weight update "
    "as a line of arithmetic."
)
DISPLAY_SCRIPT = PurePosixPath("js/display.js")
"""Of the assets; in the head, so that the first thing painted has the right colours."""

DISPLAY = {
    "theme": ("Colours", {"system": "System", "light": "Light", "dark": "Dark"}),
    "numbers": ("Numbers", {"point": "0.5", "comma": "0,5"}),
}
"""What can be chosen of how everything is shown; the script above knows the names."""

ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><g stroke="#0072b2" stroke-width="3">'
    '<path d="M7 8 25 16"/><path stroke="#d55e00" stroke-dasharray="4 3" d="M7 24 25 16"/></g>'
    '<g fill="#fff" stroke="#525a66" stroke-width="2.5"><circle cx="7" cy="8" r="5"/><circle cx="7" cy="24" r="5"/>'
    '<circle cx="25" cy="16" r="5"/></g></svg>'
)


class Ids(StrEnum):
    LOCATION = "shell-location"
    NAVIGATION = "shell-navigation"
    PAGE = "page"


def index(display_script: str) -> str:
    """The document that Dash fills in; its icon is part of it, or every change of the address would fetch one."""
    return f"""<!DOCTYPE html>
<html lang="en" data-theme="light">
  <head>
    {{%metas%}}
    <meta name="color-scheme" content="light dark">
    <title>{{%title%}}</title>
    <link rel="icon" type="image/svg+xml" href="data:image/svg+xml,{quote(ICON)}">
    <script src="{display_script}"></script>
    {{%css%}}
  </head>
  <body>
    {{%app_entry%}}
    <footer class="scripts">
      {{%config%}}
      {{%scripts%}}
      {{%renderer%}}
    </footer>
    <noscript>{BRAND} works in the browser and needs JavaScript. Please allow it for this page.</noscript>
  </body>
</html>
"""


def layout() -> html.Div:
    """The header and the place for the page; the pages are registered by now."""
    return html.Div(
        [
            dcc.Location(id=Ids.LOCATION, refresh=False),
            html.A("Skip to the page", href=f"#{Ids.PAGE}", className="skip-link"),
            html.Header(
                [
                    dcc.Link(BRAND, href="/", className="brand"),
                    html.Nav(navigation(), id=Ids.NAVIGATION, className="navigation", **aria(label="Pages")),
                    display_menu(),
                ],
                className="header",
            ),
            html.Main(dash.page_container, id=Ids.PAGE, className="page", tabIndex="-1"),
        ],
        className="shell",
    )


def display_menu() -> html.Details:
    """Colours and the form of numbers. The browser alone knows what is chosen: `display.js` marks it and answers."""
    return html.Details(
        [
            html.Summary([html.Span(className="display-icon", **aria(hidden="true")), html.Span("Display")]),
            html.Div([_choice(name, *of) for name, of in DISPLAY.items()], className="display-choices"),
        ],
        className="display closes",
    )


def _choice(name: str, title: str, values: dict[str, str]) -> html.Div:
    buttons = [
        html.Button(text, type="button", className="display-choice", **aria(pressed="false"), **_data(name, value))
        for value, text in values.items()
    ]
    return html.Div(
        [html.Span(title, className="quiet"), html.Div(buttons, className="display-buttons")],
        role="group",
        **aria(label=title),
    )


def _data(name: str, value: str) -> dict[str, Any]:
    return {"data-display": name, "data-choice": value}


def navigation(current: str | None = None) -> list[Component]:
    """A link per page, or a menu of links; the page one is on is marked for the eye and for screen readers."""
    pages = [page for page in dash.page_registry.values() if page.get("in_navigation")]
    found: list[Component] = []
    for menu, group in groupby(pages, lambda page: page.get("menu", "")):
        links = [_link(page, current) for page in group]
        found += [_menu(menu, links)] if menu else links
    return found


def _link(page: dict[str, Any], current: str | None) -> dcc.Link | html.A:
    if page["path"] == current:
        return html.A(page["name"], href=page["path"], className="navigation-link here", **aria(current="page"))
    return dcc.Link(page["name"], href=page["path"], className="navigation-link")


def _menu(name: str, links: list[dcc.Link | html.A]) -> html.Details:
    """It closes by itself (see `display.js`): React would leave it open while the page changes."""
    is_here = any(isinstance(link, html.A) for link in links)
    return html.Details(
        [
            html.Summary(name, className="navigation-link here" if is_here else "navigation-link"),
            html.Div(links, className="navigation-choices"),
        ],
        className="navigation-menu closes",
    )


@callback(Output(Ids.NAVIGATION, "children"), Input(Ids.LOCATION, "pathname"))
def mark_current_page(path: str | None) -> list[Component]:
    return navigation((path or "/").rstrip("/") or "/")
