"""How answers travel: compressed, with their types, and asked for again only when they have changed."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path

import brotli
from dash import Dash
from flask import Flask, Response, request

HEALTH = "/health"
FONT = "fonts/math.woff2"
TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".woff2": "font/woff2"}
"""Told here, because Python's own table has others by version and, on Windows, by what is installed."""

FILES = ("text/javascript", "text/css")
"""What never changes while the server runs."""

MOST_KEPT = 500


def create_server() -> Flask:
    """The Flask server for Dash. Flask-Compress reads these settings when Dash starts it."""
    for extension, kind in TYPES.items():
        mimetypes.add_type(kind, extension)
    server = Flask("dashboards", static_folder=None)
    server.config.update(
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,  # of what is made anew: about as quick as gzip, and an eighth smaller
    )
    server.add_url_rule(HEALTH, "health", lambda: Response("ok", mimetype="text/plain"))
    return server


def deliver(app: Dash, paths: Collection[str]) -> None:
    """Every answer to a GET can be asked for again; a page that is none of `paths` has the status 404."""

    def finish(response: Response) -> Response:
        if _is_page() and (request.path.rstrip("/") or "/") not in paths:
            response.status_code = 404
        if request.method == "GET" and response.status_code == 200:
            response.direct_passthrough = False  # a file is read here and closed, and compressed as a whole
            if response.mimetype in FILES:
                _send_as_file(response)
            _let_ask_again(response)
        return response

    app.server.after_request(finish)


def compress_files(app: Dash, paths: Collection[str]) -> None:
    """Compresses what the documents at `paths` load, before somebody waits for it."""
    client = app.server.test_client()
    documents = [client.get(path).text for path in paths]
    for url in sorted({url for document in documents for url in re.findall(r' (?:src|href)="(/[^"]+)"', document)}):
        client.get(url, headers={"Accept-Encoding": "br"}).close()


def _send_as_file(response: Response) -> None:
    """Compressed once and kept, without the headers that say less than its ETag."""
    response.headers.pop("Content-Disposition", None)
    response.headers.pop("Last-Modified", None)
    if "br" in request.accept_encodings:
        response.set_data(_compressed(response.get_data()))
        response.content_encoding = "br"


@lru_cache(maxsize=MOST_KEPT)
def _compressed(data: bytes) -> bytes:
    """A tenth smaller than in the time that there is at every request."""
    return brotli.compress(data, quality=10)


def _is_page() -> bool:
    """Whether it is the document that was asked for: Dash's route for every path but the first."""
    return request.url_rule is not None and request.url_rule.rule == "/<path:path>"


def _let_ask_again(response: Response) -> None:
    """What has no name by its content is kept by the browser, but asked for: 304 is the answer if nothing changed."""
    response.get_data()
    if not response.cache_control:
        response.cache_control.no_cache = True
    if response.cache_control.no_cache:
        response.add_etag()
        response.make_conditional(request)


class Site(Dash):
    """Dash without what no page uses, and with what the step player needs asked for early.

    Its deprecated table is left out, 9 KB of every first visit. The player's modules and font are named in the document
    of `player_paths`, so that they arrive beside Dash's own scripts and not after them.
    """

    player_paths: Collection[str] = ()

    def interpolate_index(self, *, scripts: str = "", metas: str = "", **parts: str) -> str:  # pyright: ignore[reportIncompatibleMethodOverride]
        early = self._early() if request.path in self.player_paths else ""
        return super().interpolate_index(scripts=used_scripts(scripts), metas=metas + early, **parts)

    def _early(self) -> str:
        folder = Path(self.config.assets_folder)
        own = folder.glob(f"js/{request.path.strip('/')}/*.mjs")  # of the drawing that only this page has
        modules = sorted(path.relative_to(folder).as_posix() for path in {*folder.glob("js/*.mjs"), *own})
        tags = [f'<link rel="modulepreload" href="{self.get_asset_url(name)}">' for name in modules]
        font = f'<link rel="preload" as="font" type="font/woff2" crossorigin href="{self.get_asset_url(FONT)}">'
        return "\n".join(["", *tags, font])


def used_scripts(tags: str) -> str:
    r"""
    >>> used_scripts('<script src="/a/dash_table/b.js"></script>\n<script src="/a/dcc/c.js"></script>')
    '<script src="/a/dcc/c.js"></script>'
    """
    return "\n".join(tag for tag in tags.split("\n") if not ("<script src=" in tag and "/dash_table/" in tag))
