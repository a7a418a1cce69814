"""One neuron under one's hands, on the curve of its activation; beneath it, how inputs act on each other."""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True)
class Model:
    """A column of the comparison."""

    example: str
    title: str
    formula: str
    shape: str
    figure: str
    told: str

    @property
    def problem(self) -> Problem:
        return examples.load(self.example)


class Ids(StrEnum):
    OPEN = "neuron-interaction-open"
    CONTENT = "neuron-interaction"
    LOOK = "neuron-look"
    TURN = "neuron-turn"
    FIRST = "neuron-children"
    SECOND = "neuron-accounts"
    PLANE = "neuron-plane"
    FOLD = "neuron-fold"
    PLANE_TOLD = "neuron-plane-told"
    FOLD_TOLD = "neuron-fold-told"


MODELS = (
    Model(
        "interactions",
        "Without a hidden layer",
        "3 · children + 1 · accounts",
        "a plane",
        Ids.PLANE,
        Ids.PLANE_TOLD,
    ),
    Model(
        "multiply-then-add-relu",
        "With a hidden layer",
        "2 · ReLU(children + accounts) − 1 · ReLU(accounts − children)",
        "two planes that meet in a fold where children and accounts are equal",
        Ids.FOLD,
        Ids.FOLD_TOLD,
    ),
)
"""The lecture module's two: without its ReLU, the hidden layer of the second gives the first."""


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
def span() -> tuple[float, float]:
    return surfaces.span_of([model.problem for model in MODELS])


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
    first, second = MODELS[0].problem.inputs
    return [
        html.P(
            "Two models predict transactions from children and accounts. Without a hidden layer the effect of one "
            "input never depends on the other: the predictions are a plane. With a hidden layer of ReLU units the "
            "plane is folded where a unit switches on, and on its two sides an account counts differently."
        ),
        html.Div(
            [
                _entry(Ids.FIRST, first, POINT[0]),
                _entry(Ids.SECOND, second, POINT[1]),
                html.Button(turned(look["flat"]), id=Ids.TURN, type="button", className="button"),
            ],
            className="interaction-entries",
        ),
        html.Div([_model(model, look) for model in MODELS], className="interaction-models"),
    ]


def _model(model: Model, look: dict[str, Any]) -> html.Section:
    graph = dcc.Graph(
        id=model.figure,
        figure=drawn(model, POINT, look),
        config={"displayModeBar": False, "scrollZoom": False},
        style={"height": "100%"},
        responsive=True,
    )
    return html.Section(
        [
            html.H2(model.title),
            html.P(model.formula, className="quiet"),
            html.Div(
                graph,
                role="img",
                className="interaction-figure",
                **aria(label=f"{model.title}: over children and accounts the predictions are {model.shape}."),
            ),
            html.P(told(model, POINT), id=model.told, role="status"),
            _table(model.problem),
        ]
    )


def drawn(model: Model, point: surfaces.Point, look: dict[str, Any]) -> dict[str, Any]:
    return surfaces.figure(model.problem, point, span(), look["theme"], look["flat"])


def _entry(name: Ids, label: str, value: float) -> html.Label:
    slider = dcc.Input(id=name, type="range", min=0, max=surfaces.MOST, step=STEP, value=value)
    return html.Label([html.Span(label), slider], className="interaction-entry")


def _table(problem: Problem) -> html.Table:
    """The same in numbers, also for those who can't see the figure."""
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
    return html.Table([html.Thead(head), html.Tbody(rows)])


def told(model: Model, point: surfaces.Point) -> str:
    """What a model answers, and what one more account would change.

    >>> told(MODELS[1], (1, 3))
    '1 children and 3 accounts give 6. One more account adds 1.'
    """
    problem = model.problem
    names = [f"{number(value)} {name}" for name, value in zip(problem.inputs, point, strict=True)]
    here = surfaces.answer(problem, *point)
    more = surfaces.answer(problem, point[0], point[1] + 1) - here
    return f"{' and '.join(names)} give {number(here)}. One more account adds {number(more)}."


def number(value: float) -> str:
    """
    >>> number(-2.5), number(4.0)
    ('−2.5', '4')
    """
    return f"{value:g}".replace("-", "−")


FIGURES = [model.figure for model in MODELS]
TOLD = [model.told for model in MODELS]


@callback(
    [Output(name, "figure") for name in FIGURES],
    [Output(name, "children") for name in TOLD],
    Input(Ids.FIRST, "value"),
    Input(Ids.SECOND, "value"),
    State(Ids.LOOK, "data"),
    prevent_initial_call=True,
)
def move(first: Any, second: Any, look: dict[str, Any]) -> tuple[Patch | str, ...]:
    """The marks alone: the surfaces stay as they are turned."""
    point = (read(first), read(second))
    figures = []
    for model in MODELS:
        figure = Patch()
        for key, values in surfaces.mark_at(model.problem, point, look["flat"]).items():
            figure["data"][1][key] = values
        figures.append(figure)
    return *figures, *(told(model, point) for model in MODELS)


@callback(
    [Output(name, "figure", allow_duplicate=True) for name in FIGURES],
    Output(Ids.TURN, "children"),
    Input(Ids.LOOK, "data"),
    State(Ids.FIRST, "value"),
    State(Ids.SECOND, "value"),
    prevent_initial_call=True,
)
def follow(look: dict[str, Any], first: Any, second: Any) -> tuple[dict[str, Any] | str, ...]:
    """Other colours, when the page has others; from above, or as surfaces."""
    point = (read(first), read(second))
    return *(drawn(model, point, look) for model in MODELS), turned(look["flat"])


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
