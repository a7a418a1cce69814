"""Images: a grid of cells per map, the kernel that slides over them, and behind the last image columns of units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nncalc.layers import Layer
from nncalc.layers.window import Window
from nncalc.losses import LOSSES
from nncalc.problem import Problem
from nncalc.scenes.network import settings_shown

PADS = {"conv2d": "0", "max_pool2d": "−∞", "average_pool2d": ""}
"""What a padded cell holds: nothing added, never the largest, not counted at all."""


def is_of_images(problem: Problem) -> bool:
    """Whether a sample is an image: rows, columns, channels."""
    return bool(problem.layers) and problem.x.ndim == 4


def maps(problem: Problem) -> dict[str, Any]:
    """The columns of a network of images.

    Returns:
        `columns`: first the input, then every layer, with the `shape` of what it gives (rows, columns, maps; or units),
            its `type`, what its cells are (`a`, and `z` where it is computed here; a flatten has those of the layer
            before), and how they come from the column before: `weights`, `bias` (`shared`: a single number), and where
            there is one the `window`: `size`, `strides`, `padding` (before and behind), `dilation`, `groups`, `flip`,
            what a padded cell holds (`pad`), and how many rows and columns at the end are `left_over`;
        `targets`, where there are any: `labels`, and the quantities `y`, `error`, `term` of every output;
        `loss`: whether there is one; `settings`: the numbers of penalty and update rule.
    """
    columns = [{"title": "input", "type": "input", "shape": list(problem.x.shape[1:]), "a": "x"}]
    for layer in problem.layers:
        columns.append(_layer(layer, columns[-1]))
    scene: dict[str, Any] = {
        "kind": "maps",
        "columns": columns,
        "labels": list(problem.outputs),
        "loss": problem.y is not None,
        "settings": settings_shown(problem),
    }
    if problem.y is not None:
        error = {"error": "error"} if LOSSES[problem.loss.type].of_error else {}
        scene["targets"] = {"y": "y", **error, "term": "term"}
    return scene


def _layer(layer: Layer, before: dict[str, Any]) -> dict[str, Any]:
    column: dict[str, Any] = {
        "title": layer.name,
        "type": layer.type,
        "shape": list(layer.output_shape),
        "a": before["a"] if layer.type == "flatten" else f"{layer.name}.a",
    }
    if "activation" in layer.settings:
        column["activation"] = layer.activation.name
    if "weights" in layer.parameters:  # without them, what goes into the activation is what the layer before gives
        column["z"] = f"{layer.name}.z"
    for name in layer.parameters:
        column[name] = f"{layer.name}.{name}"
    if "bias" in layer.parameters:
        column["shared"] = layer.parameters["bias"].ndim == 0
    if "window" in layer.settings:
        column["window"] = window_of(layer, before["shape"])
    return column


def window_of(layer: Layer, image: Sequence[int]) -> dict[str, Any]:
    """The window of a layer over an image of `(rows, columns, …)`."""
    window: Window = layer.settings["window"]
    return {
        "size": list(window.size),
        "strides": list(window.strides),
        "padding": [list(pair) for pair in window.padding],
        "dilation": list(window.dilation),
        "groups": layer.settings.get("groups", 1),
        "flip": layer.settings.get("flip", False),
        "pad": PADS[layer.type],
        "left_over": list(window.left_over(image[:2])),
    }
