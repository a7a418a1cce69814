"""One neuron under one's hands, on the curve of its activation; beneath it, how inputs act on each other."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import Any

from dash import ClientsideFunction, Input, Output, Patch, State, callback, clientside_callback, dcc, html, no_update

from dashboards import player
from dashboards.components import aria
from dashboards.figures import surfaces
from nncalc import examples
from nncalc.problem import Problem

FIRST = "one-neuron"
ACTIVATED = "1"  # the step at which the point is on the curve
POINT = (3.0, 2.0)
STEP = 0.5
PLACES = (0, 3, 6)  # of the table
NAME = "Predictions over children and accounts: a plane without a hidden layer, a surface with a fold with one."


class Ids(StrEnum):
    OPEN = "neuron-interaction-open"
    CONTENT = "neuron-interaction"
    LOOK = "neuron-look"
    TURN = "neuron-turn"
    FIGURE = "neuron-surfaces"
    FIRST = "neuron-children"
    SECOND = "neuron-accounts"
    TOLD = "neuron-told"


def layout(example: str = "", step: str = "", detail: str = "", **_: str) -> html.Div:
    step = step or ("" if example or detail else ACTIVATED)
    return html.Div(
        [
            player.place("neuron", FIRST, example=example, step=step, detail=detail),
            html.Details(
                [
                    html.Summary("Interaction of inputs: with and without a hidden layer", id=Ids.OPEN),
                    html.Div(id=Ids.CONTENT, className="interaction-content"),
                    dcc.Store(id=Ids.LOOK),
                ],
                className="interaction",
                **{"data-own-keys": "true"},  # pyright: ignore[reportArgumentType]
            ),
        ],
        className="neuron-page",
    )


@cache
def models() -> tuple[Problem, Problem]:
    """The lecture module's two: the second one's hidden layer without its ReLU is the first."""
    return examples.load("interactions"), examples.load("multiply-then-add-relu")


clientside_callback(
    ClientsideFunction("nncalc", "look"),
    Output(Ids.LOOK, "data"),
    Input(Ids.OPEN, "n_clicks"),
    State(Ids.LOOK, "id"),
    prevent_initial_call=True,
)


clientside_callback(
    ClientsideFunction("nncalc", "turn"),
    Output(Ids.LOOK, "data", allow_duplicate=True),
    Input(Ids.TURN, "n_clicks"),
    prevent_initial_call=True,
)
clientside_callback(ClientsideFunction("nncalc", "reveal"), Input(Ids.CONTENT, "children"), prevent_initial_call=True)


@callback(
    Output(Ids.CONTENT, "children"),
    Input(Ids.LOOK, "data"),
    State(Ids.CONTENT, "children"),
    prevent_initial_call=True,
)
def fill(look: dict[str, Any] | None, there: Any) -> Any:
    """The section is made when it is first opened: Plotly is a megabyte."""
    return no_update if there or not look else content(look)


def content(look: dict[str, Any]) -> list[Any]:
    graph = dcc.Graph(
        id=Ids.FIGURE,
        figure=surfaces.figure(models(), POINT, look["theme"], look["flat"]),
        config={"displayModeBar": False, "scrollZoom": False},
        style={"height": "100%"},
        responsive=True,
    )
    first, second = models()[0].inputs
    return [
        html.P(
            "Two models predict transactions from children and accounts. Without a hidden layer the effect of one "
            "input never depends on the other: the predictions are a plane. With a hidden layer of ReLU units the "
            "surface has a fold where a unit switches on, and on its two sides an account counts differently."
        ),
        html.Div(
            [
                html.Div([html.H2("Without a hidden layer"), html.P("3 · children + 1 · accounts", className="quiet")]),
                html.Div(
                    [
                        html.H2("With a hidden layer"),
                        html.P(
                            "2 · ReLU(children + accounts) − ReLU(accounts − children)",
                            className="quiet",
                        ),
                    ]
                ),
            ],
            className="interaction-heads",
        ),
        html.Div(graph, role="img", className="interaction-figure", **aria(label=NAME)),
        html.Div(
            [
                _entry(Ids.FIRST, first, POINT[0]),
                _entry(Ids.SECOND, second, POINT[1]),
                html.Button(turned(look["flat"]), id=Ids.TURN, type="button", className="button"),
            ],
            className="interaction-entries",
        ),
        html.Div(told(POINT), id=Ids.TOLD, role="status", className="interaction-told"),
        html.Div([_table(problem, title) for problem, title in zip(models(), TITLES, strict=True)], className="twins"),
    ]


TITLES = ("Predictions without a hidden layer", "Predictions with a hidden layer")


def _entry(name: Ids, label: str, value: float) -> html.Label:
    slider = dcc.Input(id=name, type="range", min=0, max=surfaces.MOST, step=STEP, value=value)
    return html.Label([html.Span(label), slider], className="interaction-entry")


def _table(problem: Problem, title: str) -> html.Table:
    """The same in numbers, for those who can't see the figure."""
    first, second = problem.inputs
    head = html.Tr([html.Td(), *(html.Th(f"{place} {second}", scope="col") for place in PLACES)])
    rows = [
        html.Tr(
            [
                html.Th(f"{row} {first}", scope="row"),
                *(html.Td(number(surfaces.answer(problem, row, column))) for column in PLACES),
            ]
        )
        for row in PLACES
    ]
    return html.Table([html.Caption(title), html.Thead(head), html.Tbody(rows)])


def told(point: tuple[float, float]) -> list[html.P]:
    """What both models answer, and what one more account would change."""
    return [html.P(told_of(problem, point, title)) for problem, title in zip(models(), WHERE, strict=True)]


WHERE = ("Without a hidden layer", "With a hidden layer")


def told_of(problem: Problem, point: tuple[float, float], where: str) -> str:
    """
    >>> told_of(models()[1], (1, 3), "Here")
    'Here: 1 children and 3 accounts give 6. One more account adds 1.'
    """
    first, second = point
    here = surfaces.answer(problem, first, second)
    more = surfaces.answer(problem, first, second + 1) - here
    return (
        f"{where}: {number(first)} children and {number(second)} accounts give {number(here)}. "
        f"One more account adds {number(more)}."
    )


def number(value: float) -> str:
    """
    >>> number(-2.5), number(4.0)
    ('−2.5', '4')
    """
    return f"{value:g}".replace("-", "−")


@callback(
    Output(Ids.FIGURE, "figure"),
    Output(Ids.TOLD, "children"),
    Input(Ids.FIRST, "value"),
    Input(Ids.SECOND, "value"),
    State(Ids.LOOK, "data"),
    prevent_initial_call=True,
)
def move(first: Any, second: Any, look: dict[str, Any]) -> tuple[Any, Any]:
    """The marks alone: the surfaces stay as they are turned."""
    point = (read(first), read(second))
    figure = Patch()
    for at, place in enumerate(surfaces.marks(models(), point, look["flat"]), start=len(models())):
        for key, values in place.items():
            figure["data"][at][key] = values
    return figure, told(point)


@callback(
    Output(Ids.FIGURE, "figure", allow_duplicate=True),
    Output(Ids.TURN, "children"),
    Input(Ids.LOOK, "data"),
    State(Ids.FIRST, "value"),
    State(Ids.SECOND, "value"),
    prevent_initial_call=True,
)
def follow(look: dict[str, Any], first: Any, second: Any) -> tuple[dict[str, Any], str]:
    """Other colours, when the page has others; from above, or as surfaces."""
    figure = surfaces.figure(models(), (read(first), read(second)), look["theme"], look["flat"])
    return figure, turned(look["flat"])


def turned(flat: bool) -> str:
    """What the button leads to."""
    return "Show as surfaces" if flat else "Show from above"


def read(value: Any) -> float:
    """
    >>> read("2.5"), read(None), read("99")
    (2.5, 0.0, 6.0)
    """
    try:
        return min(max(float(value), 0.0), float(surfaces.MOST))
    except (TypeError, ValueError):
        return 0.0
