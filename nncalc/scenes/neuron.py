"""One neuron: a row per input, the sum, the activation, and the curves of the activation and of its slope."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from nncalc.activations import ACTIVATIONS
from nncalc.choices import ActivationChoice
from nncalc.formula.expression import Number, Operand, Slot, evaluate, expression
from nncalc.losses import LOSSES
from nncalc.problem import Problem
from nncalc.scenes.network import settings_shown
from nncalc.solution import Solution, solve

LEAST_REACH = 6.0  # of the curves, to both sides of 0
HALF = 90  # how many points a curve has to each side
MOST_SUMS = 1000
JUST_ABOVE = 1e-9  # where a curve goes on behind a corner at 0
DEAD = "No sample switches it on: a dead unit, whose weights no error can change."


def is_neuron(problem: Problem) -> bool:
    """Whether there is one unit and no more, with an activation that has a curve.

    A softmax has none: each of its results depends on all units of its layer.
    """
    if len(problem.layers) != 1:
        return False
    layer = problem.layers[0]
    return (
        layer.type == "dense"
        and layer.output_shape == (1,)
        and not ACTIVATIONS[layer.activation.name].rowwise
        and len(problem.x) * problem.iterations <= MOST_SUMS
    )


def neuron(problem: Problem) -> dict[str, Any]:
    """The rows and the curves of a neuron.

    Returns:
        `inputs`: their labels; `x`, `weights`, `bias` (if there is one; `shared`: it is a single number), `z`, `a`: the
            quantities; `targets`, where there are any: those of the loss; `settings`: the numbers of the update;
        `activation`: its `name` and `symbol`, its `settings`, the `place` where it can be changed, and the `choices`;
        `curves`: `value` and `slope` as lists of points over `range`, with a gap (NaN) where the slope jumps;
        `at`: for the name of every sum the `slope` of the activation there, and a `remark` where there is one.
    """
    layer = problem.layers[0]
    sums = dict(_sums(solve(problem)))
    reach = reach_of(np.array(list(sums.values())))
    scene: dict[str, Any] = {
        "kind": "neuron",
        "inputs": list(problem.inputs),
        "output": problem.outputs[0],
        "x": "x",
        "weights": f"{layer.name}.weights",
        "z": f"{layer.name}.z",
        "a": f"{layer.name}.a",
        "activation": _choice(layer.activation),
        "curves": {"range": [-reach, reach], **curves(layer.activation, reach)},
        "at": _at(layer.activation, sums),
        "loss": problem.y is not None,
        "settings": settings_shown(problem),
    }
    if "bias" in layer.parameters:
        scene |= {"bias": f"{layer.name}.bias", "shared": layer.parameters["bias"].ndim == 0}
    if problem.y is not None:
        error = {"error": "error"} if LOSSES[problem.loss.type].of_error else {}
        scene["targets"] = {"y": "y", **error, "term": "term"}
    return scene


def _choice(chosen: ActivationChoice) -> dict[str, Any]:
    """Of one unit alone a softmax is always 1: it is named, and can't be chosen."""
    return {
        "name": chosen.name,
        "symbol": ACTIVATIONS[chosen.name].function.name,
        "settings": chosen.settings,
        "place": "layers[0].activation",
        "choices": [
            {"name": name, "why": "of a single unit always 1" if known.rowwise else ""}
            for name, known in ACTIVATIONS.items()
        ],
    }


def _sums(solution: Solution) -> Iterator[tuple[str, float]]:
    """Every pre-activation by its name: of every iteration and sample, and after the update."""
    name = f"{solution.problem.layers[0].name}.z"
    updated = solution.problem.y is not None
    for number, worked in enumerate(solution.iterations):
        prefix = f"iterations[{number}]." if number else ""
        for suffix, values in (("", worked.of(name)), (".after", worked.after_update(name) if updated else [])):
            for sample, (value,) in enumerate(np.asarray(values).reshape(-1, 1)):
                yield f"{prefix}{name}[{sample}][0]{suffix}", float(value)


def reach_of(sums: np.ndarray) -> float:
    """How far the curves reach to both sides: the least of 6, 10, 20, 50, 100, … that all sums are within.

    >>> reach_of(np.array([-1.5, 4])), reach_of(np.array([-11, np.inf])), reach_of(np.array([21]))
    (6.0, 20.0, 50.0)
    """
    largest = float(np.max(np.abs(sums[np.isfinite(sums)]), initial=0))
    if largest <= LEAST_REACH:
        return LEAST_REACH
    power = 10.0 ** math.floor(math.log10(largest))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= largest)


def curves(activation: ActivationChoice, reach: float) -> dict[str, list[list[float | str]]]:
    """The points of the activation and of its slope from −`reach` to `reach`."""
    left = np.linspace(-reach, 0, HALF + 1)
    right = np.concatenate([[JUST_ABOVE], -left[-2::-1]])
    value, slope = value_and_slope(activation, np.concatenate([left, right]))
    z = np.concatenate([left, [0.0], right[1:]])
    gap = len(left)
    is_corner = abs(slope[gap] - slope[gap - 1]) > math.sqrt(JUST_ABOVE)
    return {"value": _points(z, value), "slope": _points(z, slope, gap if is_corner else None)}


def _points(z: np.ndarray, values: np.ndarray, gap: int | None = None) -> list[list[float | str]]:
    points: list[list[float | str]] = [
        [float(f"{x:.6g}"), float(f"{y:.6g}") if math.isfinite(y) else "NaN"] for x, y in zip(z, values, strict=True)
    ]
    if gap is not None:
        points.insert(gap, [0.0, "NaN"])
    return points


def value_and_slope(activation: ActivationChoice, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The activation of every z and its derivative there, by the formulas that the working prints.

    >>> value_and_slope(ActivationChoice("leaky_relu", {"slope": 0.1}), np.array([-2.0, 3.0]))
    (array([-0.2,  3. ]), array([0.1, 1. ]))
    """
    function = ACTIVATIONS[activation.name].function
    settings: list[Operand] = [Number(value) for value in activation.settings.values()]
    with np.errstate(all="ignore"):  # far out on the curve
        value = np.asarray(function.value(z, *activation.settings.values()), float)
        slope = evaluate(expression(function.slopes[0](Slot(0), *settings, Slot(1))), [z, value])
    return value, np.broadcast_to(np.asarray(slope, float), z.shape)


def _at(activation: ActivationChoice, sums: dict[str, float]) -> dict[str, dict[str, Any]]:
    z = np.array(list(sums.values()))
    _, slopes = value_and_slope(activation, z)
    remarks = _remarks(activation, z)
    first = z[[name.endswith("[0]") and not name.startswith("iterations") for name in sums]]
    dead = activation.name == "relu" and bool(np.all(first <= 0))
    return {
        name: {
            "slope": float(slope) if math.isfinite(slope) else str(slope),
            "remark": f"{remark} {DEAD}" if dead and remark and not name.startswith("iterations") else remark,
        }
        for name, slope, remark in zip(sums, slopes, remarks, strict=True)
    }


def _remarks(activation: ActivationChoice, z: np.ndarray) -> list[str]:
    """What is said where the activation has a corner, is off, or is saturated; else nothing."""
    function = ACTIVATIONS[activation.name].function
    settings = [Number(value) for value in activation.settings.values()]
    found = [""] * len(z)
    with np.errstate(all="ignore"):
        for condition, text in function.remarks:
            holds = np.broadcast_to(evaluate(condition(Slot(0), *settings), [z]), z.shape)
            found = [text if here else before for here, before in zip(holds, found, strict=True)]
    return found
