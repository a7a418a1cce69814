"""The plot beside a table of errors: how the term of a row grows with its error, its probability or its margin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nncalc.losses import LOSSES, Loss
from nncalc.problem import Problem
from nncalc.scenes.table import has_classes, names_of_outputs, term_title

Points = list[list[float]]

POINTS = 121
ROOM = 1.15  # how much further than the farthest row an axis reaches
CORNERS = 1.5  # how many δ are seen at least, so that Huber's straight lines are
LEAST_SURPRISE = 4.0  # nats that are seen at least: a probability of 2 %
MARGINS = (-1.5, 2.5)  # that are seen at least, around the corner at 1


def plot(problem: Problem) -> dict[str, Any]:
    """The curve of the loss, and which quantities of a row say where it is on it.

    Returns:
        `title`, `x`, `y` and `curves`, as a plot is drawn from;
        `marks`: the quantities `x` and `y` of a row's mark; it is the other kind of mark where the quantity `sign` is
            less than `below`; there is none where the target is 0, if `only_right`;
        `series`: the outputs, if there are several.
    """
    row = LOSSES[problem.loss.type]
    drawn = _of_errors(problem, row) if row.of_error else CURVES[problem.loss.type](problem)
    outputs = problem.x.shape[-1]
    several = outputs > 1 and not has_classes(problem)
    title = f"{drawn['y']['label']} against {drawn['x']['label']}"
    return {"title": title, "series": names_of_outputs(problem) if several else [], **drawn}


def _of_errors(problem: Problem, row: Loss) -> dict[str, Any]:
    reach = _farthest(_differences(problem)) * ROOM
    if "delta" in problem.loss.settings:
        reach = max(reach, CORNERS * problem.loss.settings["delta"])
    points = _sampled(lambda e: row.term(e, e, e, **problem.loss.settings), np.linspace(-reach, reach, POINTS))
    title = term_title(problem)
    return {
        "x": {"label": "error", "range": [-reach, reach]},
        "y": {"label": title, "range": [0.0, points[-1][1]]},
        "curves": [{"label": title, "points": points}],
        "marks": {"x": "error", "y": "term", "sign": "error", "below": 0},
    }


def _of_two_outcomes(problem: Problem) -> dict[str, Any]:
    term = LOSSES[problem.loss.type].term
    p = _probabilities()
    curves = [
        {"label": "−ln p, target 1", "points": _sampled(lambda p: term(None, p, jnp.ones_like(p)), p)},
        {
            "label": "−ln(1 − p), target 0",
            "points": _sampled(lambda p: term(None, p, jnp.zeros_like(p)), p),
            "kind": "second",
        },
    ]
    marks = {"x": "x", "y": "term", "sign": "y", "below": 0.5}
    return {**_surprise(problem, "p, the probability of 1"), "curves": curves, "marks": marks}


def _of_classes(problem: Problem) -> dict[str, Any]:
    term = LOSSES[problem.loss.type].term
    points = _sampled(lambda p: term(None, p, jnp.ones_like(p)), _probabilities())
    curves = [{"label": "−ln p", "points": points}]
    marks = {"x": "x", "y": "term", "sign": "y", "below": 0, "only_right": True}
    return {**_surprise(problem, "p, the probability of the right class"), "curves": curves, "marks": marks}


def _of_margins(problem: Problem) -> dict[str, Any]:
    margins = problem.x * problem.y
    reach = _farthest(margins) * ROOM
    low, high = min(MARGINS[0], -reach if np.nanmin(margins) < 0 else 0.0), max(MARGINS[1], reach)
    term = LOSSES[problem.loss.type].term
    points = _sampled(lambda m: term(None, m, jnp.ones_like(m)), np.unique([*np.linspace(low, high, POINTS), 1.0]))
    return {
        "x": {"label": "target · prediction", "range": [low, high]},
        "y": {"label": "hinge", "range": [0.0, points[0][1]]},
        "curves": [{"label": "hinge", "points": points}],
        "marks": {"x": "margin", "y": "term", "sign": "margin", "below": 1},
    }


CURVES: dict[str, Callable[[Problem], dict[str, Any]]] = {
    "binary_crossentropy": _of_two_outcomes,
    "categorical_crossentropy": _of_classes,
    "hinge": _of_margins,
}
"""The plots of losses that are not computed from the error."""


def _probabilities() -> np.ndarray:
    """Close to 0 and 1 the logarithm is steep."""
    close = np.geomspace(1e-4, 0.05, POINTS // 4)
    return np.unique(np.concatenate([close, np.linspace(0.05, 0.95, POINTS // 2), 1 - close]))


def _surprise(problem: Problem, label: str) -> dict[str, Any]:
    """Axes for a term in nats. What is certain and wrong would be infinitely far up: the axis ends before."""
    known = LOSSES[problem.loss.type].known[0].function  # numpy's: JAX would compile for every number of rows
    with np.errstate(all="ignore"):
        high = max(LEAST_SURPRISE, _farthest(known.value(problem.x, problem.y)) * ROOM)
    return {"x": {"label": label, "range": [0.0, 1.0]}, "y": {"label": term_title(problem), "range": [0.0, high]}}


def _differences(problem: Problem) -> np.ndarray:
    assert problem.y is not None
    return problem.x - problem.y


def _farthest(values: np.ndarray) -> float:
    """How far from 0 the finite ones reach; 1 if none does."""
    sizes = np.abs(values[np.isfinite(values)])
    return float(np.max(sizes, initial=0.0)) or 1.0


def _sampled(curve: Callable, at: np.ndarray) -> Points:
    return np.stack([at, _values(curve, at)], axis=1).tolist()


def _values(curve: Callable, at: np.ndarray) -> np.ndarray:
    """What the loss is, by the function that is run."""
    with jax.enable_x64(True):
        return np.asarray(curve(jnp.asarray(at)), float)
