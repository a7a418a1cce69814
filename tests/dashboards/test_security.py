"""What the answers allow a browser to do, and what a request may bring."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from dashboards import security
from dashboards.app import PAGES
from dashboards.security import MOST_REQUEST_BYTES
from nncalc.document import MOST_BYTES

DOCUMENTS = [*(page.path for page in PAGES), "/nowhere"]
INERT = [
    "/health",
    "/_dash-layout",
    "/_dash-dependencies",
    "/assets/css/tokens.css",
    "/assets/js/player.mjs",
    "/assets/fonts/math.woff2",
]
OTHERS = ["/assets/nothing.js", "/assets/fonts/README.md"]


class Scripts(HTMLParser):
    """The scripts of a document that stand in it, and the handlers in attributes."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.handlers: list[str] = []
        self.inside = False
        self.feed(document)

    def handle_starttag(self, tag, attrs):
        names = dict(attrs)
        self.handlers += [name for name in names if name.startswith("on")]
        self.inside = tag == "script" and "src" not in names and names.get("type") != "application/json"
        if self.inside:
            self.inline.append("")

    def handle_data(self, data):
        if self.inside:
            self.inline[-1] += data

    def handle_endtag(self, tag):
        self.inside = False


def rules(response) -> dict[str, str]:
    policy = response.headers["Content-Security-Policy"]
    return dict(rule.split(" ", 1) for rule in policy.split("; "))


@pytest.mark.parametrize("path", [*DOCUMENTS, *INERT, *OTHERS])
def test_no_answer_is_taken_for_something_else(client, path: str):
    with client.get(path) as response:
        assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", [*DOCUMENTS, *OTHERS])
def test_no_answer_allows_inline_scripts(client, path: str):
    with client.get(path) as response:
        found = rules(response)
        assert found["default-src"] == "'none'"
        scripts = found.get("script-src", "'none'")
        assert "unsafe" not in scripts and "*" not in scripts and "data:" not in scripts
        assert response.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("path", INERT)
def test_what_no_browser_runs_as_a_page_carries_no_policy(client, path: str):
    with client.get(path) as response:
        assert response.mimetype in security.INERT and response.mimetype not in ("text/html", "image/svg+xml")
        assert "Content-Security-Policy" not in response.headers


@pytest.mark.parametrize("path", DOCUMENTS)
def test_a_page_gets_everything_from_here(client, path: str):
    found = rules(client.get(path))
    script = found.pop("script-src").split()
    assert script[0] == "'self'" and all(re.fullmatch(r"'sha256-[\w+/]+='", source) for source in script[1:])
    assert found == {
        "default-src": "'none'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'self'",
    }


def test_the_inline_scripts_of_a_page_are_those_whose_hashes_are_given(client):
    response = client.get("/")
    scripts = Scripts(response.text)
    digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts.inline]
    allowed = rules(response)["script-src"].split()
    assert digests and {f"'sha256-{digest}'" for digest in digests} <= set(allowed)
    assert scripts.handlers == []


def test_nothing_is_loaded_from_elsewhere(client):
    document = client.get("/").text
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', document)


def test_a_request_may_carry_the_largest_problem_file_as_base64():
    letters_for_three_bytes = len(base64.b64encode(b"xyz"))
    assert MOST_BYTES / 3 * letters_for_three_bytes < MOST_REQUEST_BYTES


def test_a_request_too_large_is_answered_in_plain_words(app, client, monkeypatch):
    monkeypatch.setitem(app.server.config, "MAX_CONTENT_LENGTH", 1000)
    response = client.post("/_dash-update-component", data=b"x" * 1001, content_type="application/json")
    assert response.status_code == 413 and response.mimetype == "text/plain"
    assert response.text == (
        "This is too large: at most 42,000,000 bytes can be sent at once. A problem file may have 30,000,000 bytes.\n"
    )
