"""Flatten: an image as one list of numbers, row by row, in each cell channel by channel."""

from __future__ import annotations

import math
from collections.abc import Mapping

from jax import Array
from jax.ad_checkpoint import checkpoint_name as named

from nncalc.layers.layer import Draw, Layer, LayerType, Shape
from nncalc.reading import Reader


def read(fields: Reader, name: str, input_shape: Shape | None, draw: Draw) -> Layer | None:
    fields.only(("type", "name"), required=("type",))
    return None if input_shape is None else Layer("flatten", name, {}, {}, (), (math.prod(input_shape),))


def forward(layer: Layer, parameters: Mapping[str, Array], x: Array) -> Array:
    """The same numbers in one row per sample."""
    return named(x.reshape(len(x), -1), f"{layer.name}.a[sample, unit]")


FLATTEN = LayerType("flatten", read, forward)
