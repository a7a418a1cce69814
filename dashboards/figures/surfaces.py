"""What a model answers over two inputs: as a surface, or flat, seen from above."""

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
ABOVE = 0.9
"""A mark is drawn a little above its surface, or it would sink in."""

Colours = dict[str, str]
Trace = dict[str, Any]
Point = tuple[float, float]


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


def span_of(problems: Sequence[Problem]) -> tuple[float, float]:
    """From the least to the greatest answer of all of them, so that their figures have the same scale."""
    tops = [grid(problem) for problem in problems]
    return float(min(top.min() for top in tops)), float(max(top.max() for top in tops))


def figure(problem: Problem, point: Point, span: tuple[float, float], look: str, flat: bool) -> dict[str, Any]:
    """The answers, and as the last trace a mark at one point.

    Args:
        span: the least and the greatest answer that the colours are for.
        look: "light" or "dark".
        flat: lines of equal answers, seen from above.
    """
    colours = theme.DARK if look == "dark" else theme.LIGHT
    traces = [_lines, _flat_mark] if flat else [_surface, _mark]
    surface, mark = (trace(colours) for trace in traces)
    axis = np.linspace(0, MOST, POINTS).tolist()
    low, high = ("zmin", "zmax") if flat else ("cmin", "cmax")
    surface |= {
        "x": axis,
        "y": axis,
        "z": grid(problem).tolist(),
        "colorscale": [[0, colours["line"]], [1, colours["positive"]]],
        "showscale": False,
        "hoverinfo": "x+y+z",
        low: span[0],
        high: span[1],
    }
    layout = (_flat_layout if flat else _layout)(problem, colours, span)
    return {"data": [surface, mark | mark_at(problem, point, flat)], "layout": layout}


def mark_at(problem: Problem, point: Point, flat: bool) -> Trace:
    """Where the mark of a figure is."""
    place = {"x": [point[0]], "y": [point[1]]}
    return place if flat else place | {"z": [answer(problem, *point) + ABOVE]}


def _surface(colours: Colours) -> Trace:
    line = {"show": True, "color": colours["ink-quiet"], "width": 1, "start": 0, "end": MOST, "size": 1}
    lighting = {"ambient": 0.7, "diffuse": 0.5, "specular": 0}
    return {"type": "surface", "contours": {"x": line, "y": line}, "lighting": lighting}


def _lines(colours: Colours) -> Trace:
    labels = {"size": SIZE, "color": colours["ink"]}
    return {
        "type": "contour",
        "line": {"color": colours["ink"], "width": 1.2},
        "contours": {"coloring": "heatmap", "showlabels": True, "labelfont": labels, "start": 0, "end": 24, "size": 3},
    }


def _mark(colours: Colours) -> Trace:
    marker = {"size": 8, "color": colours["negative"], "line": {"color": colours["ink"], "width": 2}}
    return {"type": "scatter3d", "mode": "markers", "marker": marker, "hoverinfo": "skip"}


def _flat_mark(colours: Colours) -> Trace:
    marker = {"size": 15, "color": colours["negative"], "line": {"color": colours["ink"], "width": 2.5}}
    return {"type": "scatter", "mode": "markers", "marker": marker, "hoverinfo": "skip"}


def _layout(problem: Problem, colours: Colours, span: tuple[float, float]) -> dict[str, Any]:
    axis = _axis(colours)
    first, second = problem.inputs
    scene = {
        "xaxis": axis | {"title": {"text": first}},
        "yaxis": axis | {"title": {"text": second}},
        "zaxis": axis | {"title": {"text": problem.outputs[0]}, "range": [span[0], span[1] + ABOVE]},
        "camera": {"eye": {"x": -0.95, "y": -1.75, "z": 1.05}},
        "aspectmode": "manual",
        "aspectratio": {"x": 1, "y": 1, "z": 0.75},
    }
    return _base(colours) | {"margin": {"l": 0, "r": 0, "t": 0, "b": 0}, "scene": scene}


def _flat_layout(problem: Problem, colours: Colours, span: tuple[float, float]) -> dict[str, Any]:
    first, second = problem.inputs
    axes = {
        "xaxis": _axis(colours) | {"title": {"text": first}},
        "yaxis": _axis(colours) | {"title": {"text": second}},
    }
    return _base(colours) | {"margin": {"l": 56, "r": 12, "t": 10, "b": 52}} | axes


def _base(colours: Colours) -> dict[str, Any]:
    return {
        "font": {"family": theme.FONT, "size": SIZE, "color": colours["ink"]},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "uirevision": "as it was turned",
    }


def _axis(colours: Colours) -> dict[str, Any]:
    return {"color": colours["ink"], "gridcolor": colours["line"], "range": [0, MOST], "zeroline": False}
