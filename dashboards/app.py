"""The site: its table of contents and the app that serves it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

import dash
from dash import Dash

from dashboards import delivery, security, shell

ASSETS = Path(__file__).parents[1] / "assets"
NOT_FOUND = "dashboards.pages.not_found_404"


@dataclass(frozen=True)
class Page:
    """A row of the table of contents; `module` has the page's `layout`, a function of the query.

    Pages with the same `menu` stand together under it in the navigation.
    """

    path: str
    title: str
    module: str
    in_navigation: bool = True
    has_player: bool = False
    menu: str = ""


PAGES = (
    Page("/", "Home", "dashboards.pages.home", in_navigation=False),
    Page("/neuron", "Neuron", "dashboards.pages.neuron", has_player=True),
    Page("/backpropagation", "Backpropagation", "dashboards.pages.backpropagation", has_player=True),
    Page("/error", "Error and loss", "dashboards.pages.error", has_player=True),
    Page("/convolution", "Convolution", "dashboards.pages.convolution", has_player=True, menu="Images"),
    Page("/windows", "Padding, strides, dilation", "dashboards.pages.windows", has_player=True, menu="Images"),
    Page("/pooling", "Pooling", "dashboards.pages.pooling", has_player=True, menu="Images"),
    Page("/picture", "From picture to class", "dashboards.pages.picture", has_player=True, menu="Images"),
)


@cache
def create_app() -> Dash:
    """The app, ready to answer. There is one per process: Dash gives the callbacks of a module to a single app."""
    app = delivery.Site(
        server=delivery.create_server(),  # pyright: ignore[reportArgumentType]
        assets_folder=str(ASSETS),
        assets_ignore=rf"\.mjs$|^{shell.DISPLAY_SCRIPT.name}$",
        compress=True,
        include_pages_meta=False,
        meta_tags=[{"name": "description", "content": shell.DESCRIPTION}],
        pages_folder="",
        suppress_callback_exceptions=True,  # or every page's layout would travel with the first one
        title=shell.BRAND,
        update_title=None,  # pyright: ignore[reportArgumentType]
        use_pages=True,
    )
    app.player_paths = {page.path for page in PAGES if page.has_player}
    app.index_string = shell.index(app.get_asset_url(str(shell.DISPLAY_SCRIPT)))
    _register_pages()
    app.layout = shell.layout()
    security.guard(app)
    delivery.deliver(app, {page.path for page in PAGES})
    # Dash sets itself up within the first request, and a second one at that time would find it half done
    app.server.test_client().get(delivery.HEALTH)
    return app


def _register_pages() -> None:
    for order, page in enumerate(PAGES):
        dash.register_page(
            page.module,
            order=order,
            path=page.path,
            name=page.title,
            title=shell.BRAND if page.path == "/" else f"{page.title} – {shell.BRAND}",
            layout=import_module(page.module).layout,
            in_navigation=page.in_navigation,
            menu=page.menu,
        )
    dash.register_page(NOT_FOUND, title=f"No such page – {shell.BRAND}", layout=import_module(NOT_FOUND).layout)
