"""A network: inputs left, a column for every layer, targets and loss right."""

from __future__ import annotations

from typing import Any

from nncalc.layers import Layer
from nncalc.losses import LOSSES
from nncalc.network import penalties_of
from nncalc.optimizers import OPTIMIZERS
from nncalc.problem import Problem
from nncalc.scenes.given import settings_of


def network(problem: Problem) -> dict[str, Any]:
    """The columns of a network.

    Returns:
        `columns`: first the inputs, then every layer, with its `units` (how many), `labels`, what its units are (`a`,
            and `z` where it is computed here), and how they are linked to the column before (`weights`, `bias`; a
            `shared` bias is one number);
        `targets`, where there are any: `labels`, and the quantities `y`, `error`, `term` of every output;
        `loss`: whether there is one; `settings`: the numbers of penalty and update rule.
    """
    scene: dict[str, Any] = {
        "kind": "network",
        "columns": [_inputs(problem), *(_layer(problem, layer) for layer in problem.layers)],
        "loss": problem.y is not None,
        "settings": settings_shown(problem),
    }
    if problem.y is not None:
        error = {"error": "error"} if LOSSES[problem.loss.type].of_error else {}
        scene["targets"] = {"labels": list(problem.outputs), "y": "y", **error, "term": "term"}
    return scene


def settings_shown(problem: Problem) -> list[str]:
    """The numbers of penalty and update: given ones, and what is computed from them."""
    given = settings_of(problem)
    penalties = list(penalties_of(problem)) if problem.y is not None else []
    moving = given and OPTIMIZERS[problem.optimizer.type].step_size is not None
    return [*penalties, *(["penalty"] if penalties else []), *given, *(["step_size"] if moving else [])]


def _inputs(problem: Problem) -> dict[str, Any]:
    return {"title": "inputs", "units": problem.x.shape[-1], "labels": list(problem.inputs), "a": "x"}


def _layer(problem: Problem, layer: Layer) -> dict[str, Any]:
    last = layer is problem.layers[-1]
    column: dict[str, Any] = {
        "title": layer.name,
        "activation": layer.activation.name,
        "units": layer.output_shape[-1],
        "labels": list(problem.outputs) if last else [],
        "a": f"{layer.name}.a",
    }
    if "weights" in layer.parameters:  # without them, what goes into the activation is what the layer before gives
        column |= {"z": f"{layer.name}.z", "weights": f"{layer.name}.weights"}
    if "bias" in layer.parameters:
        column |= {"bias": f"{layer.name}.bias", "shared": layer.parameters["bias"].ndim == 0}
    return column
