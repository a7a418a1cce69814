"""What a model answers over two inputs, for two models side by side: as surfaces, or flat where 3D can't be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dashboards import theme
from nncalc.network import prediction_of
from nncalc.problem import Problem

MOST = 6
"""Both inputs go from 0 to here."""
POINTS = 25
SIZE = 14
ABOVE = 0.5
"""A mark is drawn a little above its surface, or it would sink in."""

Colours = dict[str, str]
Trace = dict[str, Any]


def answer(problem: Problem, first: float, second: float) -> float:
    """What a model of two inputs answers at a point.

    >>> from nncalc import examples
    >>> answer(examples.load("interactions"), 2, 3), answer(examples.load("multiply-then-add-relu"), 4, 3)
    (9.0, 14.0)
    """
    return float(prediction_of(problem, np.array([[first, second]]))[0, 0])


def grid(problem: Problem) -> np.ndarray:
    """The answers at `POINTS` times `POINTS` points: a row per second input, a column per first, as Plotly has it."""
    axis = np.linspace(0, MOST, POINTS)
    first, second = np.meshgrid(axis, axis)
    return prediction_of(problem, np.column_stack([first.ravel(), second.ravel()])).reshape(POINTS, POINTS)


def figure(problems: Sequence[Problem], point: tuple[float, float], look: str, flat: bool) -> dict[str, Any]:
    """Every model with the same axes and colours, and a mark at one point.

    The marks are the last traces, in the order of the models: `marks` moves them alone.

    Args:
        look: "light" or "dark".
        flat: lines of equal answers, seen from above.
    """
    colours = theme.DARK if look == "dark" else theme.LIGHT
    tops = [grid(problem) for problem in problems]
    low, high = min(top.min() for top in tops), max(top.max() for top in tops)
    scale = {
        "colorscale": [[0, colours["line"]], [1, colours["positive"]]],
        ("zmin" if flat else "cmin"): low,
        ("zmax" if flat else "cmax"): high,
    }
    draw, spot = (_lines, _flat_mark) if flat else (_surface, _mark)
    surfaces = [draw(top, colours, number) | scale for number, top in enumerate(tops)]
    spots = [
        spot(colours, number) | _place(problem, point, flat) for number, problem in enumerate(problems)
    ]
    return {"data": [*surfaces, *spots], "layout": _layout(problems, colours, (float(low), float(high)), flat)}


def marks(problems: Sequence[Problem], point: tuple[float, float], flat: bool) -> list[Trace]:
    """Where the marks of a figure are for another point."""
    return [_place(problem, point, flat) for problem in problems]


def _place(problem: Problem, point: tuple[float, float], flat: bool) -> Trace:
    first, second = point
    place = {"x": [first], "y": [second]}
    return place if flat else place | {"z": [answer(problem, first, second) + ABOVE]}


def _axis() -> list[float]:
    return np.linspace(0, MOST, POINTS).tolist()


def _surface(top: np.ndarray, colours: Colours, number: int) -> Trace:
    line = {"show": True, "color": colours["ink-quiet"], "width": 1, "start": 0, "end": MOST, "size": 1}
    return {
        "type": "surface",
        "x": _axis(),
        "y": _axis(),
        "z": top.tolist(),
        "scene": _nth("scene", number),
        "showscale": False,
        "contours": {"x": line, "y": line},
        "lighting": {"ambient": 0.7, "diffuse": 0.5, "specular": 0},
        "hoverinfo": "x+y+z",
    }


def _lines(top: np.ndarray, colours: Colours, number: int) -> Trace:
    return {
        "type": "contour",
        "x": _axis(),
        "y": _axis(),
        "z": top.tolist(),
        "xaxis": _nth("x", number),
        "yaxis": _nth("y", number),
        "showscale": False,
        "line": {"color": colours["ink"], "width": 1.2},
        "contours": {"coloring": "heatmap", "showlabels": True, "labelfont": {"size": SIZE, "color": colours["ink"]}},
        "ncontours": 12,
        "hoverinfo": "x+y+z",
    }


def _mark(colours: Colours, number: int) -> Trace:
    marker = {"size": 8, "color": colours["negative"], "line": {"color": colours["ink"], "width": 2}}
    return {"type": "scatter3d", "mode": "markers", "marker": marker, "scene": _nth("scene", number), "hoverinfo": "skip"}


def _flat_mark(colours: Colours, number: int) -> Trace:
    marker = {"size": 15, "color": colours["negative"], "line": {"color": colours["ink"], "width": 2.5}}
    axes = {"xaxis": _nth("x", number), "yaxis": _nth("y", number)}
    return {"type": "scatter", "mode": "markers", "marker": marker, "hoverinfo": "skip", **axes}


def _layout(problems: Sequence[Problem], colours: Colours, span: tuple[float, float], flat: bool) -> dict[str, Any]:
    layout: dict[str, Any] = {
        "font": {"family": theme.FONT, "size": SIZE, "color": colours["ink"]},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 60 if flat else 0, "r": 10, "t": 10, "b": 50 if flat else 0},
        "showlegend": False,
        "uirevision": "as it was turned",
    }
    for number, problem in enumerate(problems):
        across = [number / len(problems) + (0.04 if number else 0), (number + 1) / len(problems) - 0.02]
        first, second = problem.inputs
        axis = {"color": colours["ink"], "gridcolor": colours["line"], "range": [0, MOST], "zeroline": False}
        if flat:
            layout[_nth("xaxis", number)] = axis | {"title": {"text": first}, "domain": across}
            layout[_nth("yaxis", number)] = axis | {"title": {"text": second}, "anchor": _nth("x", number)}
        else:
            axis |= {"backgroundcolor": colours["paper"], "showbackground": False}
            layout[_nth("scene", number)] = {
                "domain": {"x": across},
                "xaxis": axis | {"title": {"text": first}},
                "yaxis": axis | {"title": {"text": second}},
                "zaxis": axis | {"title": {"text": problem.outputs[0]}, "range": list(span)},
                "camera": {"eye": {"x": 2.0, "y": -1.35, "z": 0.95}},
                "aspectmode": "cube",
            }
    return layout


def _nth(name: str, number: int) -> str:
    """Plotly counts from the second on: scene, scene2."""
    return f"{name}{number + 1}" if number else name
