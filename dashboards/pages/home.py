"""The start: what nncalc does, a problem of one's own, and the worked problems."""

from __future__ import annotations

import re
from functools import cache

from dash import dcc, html

from dashboards import image_form, start_form
from dashboards.figures import miniature
from nncalc import examples
from nncalc.problem import Problem
from nncalc.scenes import page_of


def layout(**query: str) -> html.Div:
    return html.Div(
        [
            html.Section(
                [
                    html.H1("Every step of a neural network, worked out"),
                    html.P(
                        "nncalc calculates a small network the way you would on paper: each sum, activation, error, "
                        "slope and new weight is a line with its numbers."
                    ),
                    html.P(
                        "Step through the forward pass and through backpropagation, change any number, and compare "
                        "with your own calculation."
                    ),
                ],
                className="prose home-lead",
            ),
            html.Section(
                [
                    html.H2("Start with your own"),
                    html.P("Choose a shape. The weights are drawn with one decimal, fit for paper.", className="quiet"),
                    start_form.form(),
                    html.H3("For images"),
                    image_form.form(),
                ],
                className="home-start",
            ),
            html.Section(
                [
                    html.H2("Worked problems"),
                    html.P("From a single product to a whole network, in the order to teach them.", className="quiet"),
                    html.Ul([html.Li(one) for one in _examples()], className="cards"),
                ]
            ),
        ],
        className="home",
    )


@cache
def _examples() -> tuple[dcc.Link, ...]:
    """They are files of nncalc and never change while it runs."""
    return tuple(card(name, examples.load(name)) for name in examples.names())


def card(name: str, problem: Problem) -> dcc.Link:
    return dcc.Link(
        [
            html.Img(
                src=miniature.data_uri(problem),
                alt=miniature.alt_text(problem),
                width=miniature.WIDTH,
                height=miniature.HEIGHT,
            ),
            html.Span(problem.title, className="card-title"),
            html.Span(in_short(problem.source), className="card-source", title=problem.source),
        ],
        href=f"/{page_of(problem)}?example={name}",
        className="card",
    )


def in_short(source: str) -> str:
    """A source without its asides.

    >>> in_short("Ada Lovelace, Notes (1843), note G (on an engine that was never built); second row: nncalc")
    'Ada Lovelace, Notes (1843), note G'
    """
    return re.sub(r"\s*\([^)]{10,}\)", "", source.partition(";")[0])
