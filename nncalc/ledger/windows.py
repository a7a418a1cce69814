"""Convolutions and sliding windows, taken apart into moves and plain arithmetic over the cells of each window.

A window that slides is nothing new to the chain rule: its cells are numbers that are read in several places. So
`conv_general_dilated` becomes moves (pad, slice, concatenate) and one `dot_general`, and a sliding sum, maximum or
minimum becomes moves and one over an axis of its own, the cells of the window in reading order.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import jax.numpy as jnp
from jax import Array, lax

from nncalc.errors import InputError

Pads = Sequence[tuple[int, int]]


def _padded(x: Array, value: float, padding: Pads, holes: Sequence[int]) -> Array:
    """`x` with `padding` cells before and behind (or fewer, where negative), and `holes` − 1 between neighbours."""
    config = [(before, behind, d - 1) for (before, behind), d in zip(padding, holes, strict=True)]
    return lax.pad(x, jnp.asarray(value, x.dtype), config) if any(map(any, config)) else x


def _windows(x: Array, size: Sequence[int], strides: Sequence[int], dilation: Sequence[int]) -> Array:
    """Every window of `x`: the places where it fits, then one axis with its cells in reading order."""
    places = x.ndim
    for axis, (k, s, d) in enumerate(zip(size, strides, dilation, strict=True)):
        if k == s == 1:
            continue
        reach = x.shape[axis] - d * (k - 1)
        cells = [lax.expand_dims(lax.slice_in_dim(x, i * d, i * d + reach, s, axis), (x.ndim,)) for i in range(k)]
        x = lax.concatenate(cells, x.ndim)
    return lax.reshape(x, (*x.shape[:places], math.prod(x.shape[places:])))


def convolution(left: Array, right: Array, **parameters: Any) -> Array:
    """`conv_general_dilated` as a sum of products per window: channel by channel, each cell by cell."""
    if parameters["batch_group_count"] != 1:
        raise InputError(
            "`conv_general_dilated` with groups of samples can't be followed step by step. "
            "Convolve the groups one after the other."
        )
    dims, groups = parameters["dimension_numbers"], parameters["feature_group_count"]
    image, kernel = lax.transpose(left, dims.lhs_spec), lax.transpose(right, dims.rhs_spec)
    size = kernel.shape[2:]
    edges, holes = [(0, 0), (0, 0), *parameters["padding"]], [1, 1, *parameters["lhs_dilation"]]
    image = _padded(image, 0.0, edges, holes)
    cells = _windows(image, (1, 1, *size), (1, 1, *parameters["window_strides"]), (1, 1, *parameters["rhs_dilation"]))
    samples, channels, *places, window = cells.shape
    filters = kernel.shape[0]
    cells = cells.reshape(samples, groups, channels // groups, *places, window)
    kernel = kernel.reshape(groups, filters // groups, channels // groups, window)
    last = cells.ndim - 1
    result = lax.dot_general(
        kernel,
        cells,
        (((2, 3), (2, last)), ((0,), (1,))),
        precision=parameters["precision"],
        preferred_element_type=parameters["preferred_element_type"],
    )  # group, filter, sample, places
    axes = (2, 0, 1, *range(3, result.ndim))
    result = lax.transpose(result, axes).reshape(samples, filters, *places)
    back = [dims.out_spec.index(axis) for axis in range(result.ndim)]
    return lax.transpose(result, back)


def _cells_of_windows(x: Array, fill: float, parameters: dict[str, Any]) -> Array:
    x = _padded(x, fill, parameters["padding"], parameters["base_dilation"])
    return _windows(x, parameters["window_dimensions"], parameters["window_strides"], parameters["window_dilation"])


def _sum(x: Array, **parameters: Any) -> Array:
    return jnp.sum(_cells_of_windows(x, 0.0, parameters), axis=-1)


def _extreme(reduce: Callable, fill: float) -> Callable:
    """The window's own primitive over all cells at once: of equal ones, its derivative takes the first."""

    def run(x: Array, **parameters: Any) -> Array:
        cells = _cells_of_windows(x, fill, parameters)
        whole = (*(1,) * (cells.ndim - 1), cells.shape[-1])
        return lax.squeeze(lax.reduce_window(cells, fill, reduce, whole, (1,) * cells.ndim, "valid"), (cells.ndim - 1,))

    return run


WINDOWED: dict[str, Callable[..., Array]] = {
    "conv_general_dilated": convolution,
    "reduce_window_sum": _sum,
    "reduce_window_max": _extreme(lax.max, -float("inf")),
    "reduce_window_min": _extreme(lax.min, float("inf")),
}
"""The primitives that are taken apart: what each becomes, from its operands and parameters."""
