"""How answers travel."""

from __future__ import annotations

import re

import brotli
import pytest
from flask import Flask

from dashboards import delivery
from dashboards.app import PAGES


def scripts_of(document: str) -> list[str]:
    return re.findall(r'<script src="([^"]+)"', document)


@pytest.fixture
def assets(tmp_path) -> Flask:
    """A server of our kind that has a file of every type."""
    server = delivery.create_server()
    for extension in delivery.TYPES:
        (tmp_path / f"file{extension}").write_bytes(b"x")
    server.static_folder = str(tmp_path)
    server.add_url_rule("/files/<path:filename>", "static", server.send_static_file)
    return server


@pytest.mark.parametrize(
    ("name", "expected"),
    [("file.mjs", "text/javascript"), ("file.js", "text/javascript"), ("file.woff2", "font/woff2")],
)
def test_modules_and_fonts_have_their_types(assets: Flask, name: str, expected: str):
    with assets.test_client().get(f"/files/{name}") as response:
        assert response.mimetype == expected


@pytest.mark.parametrize("coding", ["br", "gzip"])
@pytest.mark.parametrize("path", [*(page.path for page in PAGES), "/_dash-dependencies", "/assets/css/tokens.css"])
def test_text_is_compressed_as_the_browser_likes(client, path: str, coding: str):
    with client.get(path, headers={"Accept-Encoding": coding}) as response:
        assert response.headers["Content-Encoding"] == coding
        assert "Accept-Encoding" in response.headers["Vary"]


def test_every_script_is_compressed_and_may_be_kept(client):
    paths = scripts_of(client.get("/").text)
    assert len(paths) > 5
    for path in paths:
        with client.get(path, headers={"Accept-Encoding": "br"}) as response:
            assert response.status_code == 200 and response.mimetype == "text/javascript"
            assert response.content_length < 500 or response.headers["Content-Encoding"] == "br"
            assert response.cache_control.max_age == 31536000 or "ETag" in response.headers


def test_a_file_is_compressed_better_than_there_is_time_for_at_every_request(client):
    path = next(path for path in scripts_of(client.get("/").text) if "react-dom" in path)
    answers = []
    for coding in ("identity", "gzip, br", "gzip, br"):
        with client.get(path, headers={"Accept-Encoding": coding}) as response:
            answers.append(response.data)
    plain, first, second = answers
    assert first == second
    assert brotli.decompress(first) == plain
    assert len(first) < 0.95 * len(brotli.compress(plain, quality=5))


def test_all_that_the_pages_load_is_compressed_before_it_is_asked_for(app, client):
    paths = [page.path for page in PAGES]
    delivery.compress_files(app, paths)
    before = delivery._compressed.cache_info()
    for path in paths:
        for file in re.findall(r'<(?:script|link)[^>]* (?:src|href)="(/[^"]+)"', client.get(path).text):
            client.get(file, headers={"Accept-Encoding": "br"}).close()
    assert before.currsize > 40
    assert delivery._compressed.cache_info().misses == before.misses


@pytest.mark.parametrize("path", ["/assets/css/tokens.css", "/assets/js/display.js", "/_dash-dependencies", "/health"])
@pytest.mark.parametrize("coding", ["br", "gzip", "identity"])
def test_what_has_not_changed_is_not_sent_again(client, path: str, coding: str):
    with client.get(path, headers={"Accept-Encoding": coding}) as first:
        assert first.cache_control.no_cache
        tag = first.headers["ETag"]
    with client.get(path, headers={"Accept-Encoding": coding, "If-None-Match": tag}) as second:
        assert second.status_code == 304 and second.data == b""
    with client.get(path, headers={"Accept-Encoding": coding, "If-None-Match": '"other"'}) as third:
        assert third.status_code == 200


def test_the_first_page_fits_into_300_kilobytes(client):
    paths = ["/", *scripts_of(client.get("/").text), "/_dash-layout", "/_dash-dependencies"]
    total = 0
    for path in paths:
        with client.get(path, headers={"Accept-Encoding": "br"}) as response:
            total += len(response.data)
    assert total < 300_000
