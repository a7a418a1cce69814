"""What is shown for an address that no page has. Dash finds it by the name of this file."""

from __future__ import annotations

from dash import dcc, html


def layout(**query: str) -> html.Div:
    return html.Div(
        [
            html.H1("There is no such page"),
            html.P("The address may be mistyped, or cut off where it was copied."),
            dcc.Link("To the start", href="/", className="button"),
        ],
        className="prose",
    )
