"""What a browser may do with the pages, and how much it may send."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from dash import Dash
from flask import Response
from werkzeug.exceptions import RequestEntityTooLarge

from nncalc.document import MOST_BYTES

MOST_REQUEST_BYTES = MOST_BYTES * 4 // 3 + 2_000_000
"""A file that a browser hands over travels as base64, four letters for three bytes, and Dash adds its own."""

HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}
NO_PAGE = "default-src 'none'; frame-ancestors 'none'"
"""For what is no page of ours, and may do nothing if somebody opens it as one."""

INERT = ("text/javascript", "text/css", "font/woff2", "application/json", "text/plain")
"""Shown as text, or not at all, by who opens them: they need no policy, because a browser takes their type as given."""

TOO_LARGE = (
    f"This is too large: at most {MOST_REQUEST_BYTES:,} bytes can be sent at once. "
    f"A problem file may have {MOST_BYTES:,} bytes.\n"
)


def guard(app: Dash) -> None:
    """Every answer gets the headers that it needs, every request a bound."""

    @cache
    def content_policy() -> str:  # at the first answer: earlier, Dash doesn't know all its inline scripts
        return policy(app.csp_hashes())

    def add_headers(response: Response) -> Response:
        response.headers["X-Content-Type-Options"] = "nosniff"
        if response.mimetype not in INERT:
            is_page = response.mimetype == "text/html"
            response.headers["Content-Security-Policy"] = content_policy() if is_page else NO_PAGE
            response.headers.update(HEADERS)
        return response

    app.server.config["MAX_CONTENT_LENGTH"] = MOST_REQUEST_BYTES
    app.server.after_request(add_headers)
    app.server.register_error_handler(413, too_large)


def policy(script_hashes: Sequence[str]) -> str:
    """The content security policy: nothing from elsewhere, no inline script but those whose hashes are given.

    Inline styles are allowed, because Dash and its components set them.

    >>> print(policy(["'sha256-abc'"]).split("; ")[1])
    script-src 'self' 'sha256-abc'
    """
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", *script_hashes]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'self'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def too_large(error: RequestEntityTooLarge) -> Response:
    return Response(TOO_LARGE, status=413, mimetype="text/plain")
