"""Pooling: the largest or the mean of every window of an image, channel by channel."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jax.ad_checkpoint import checkpoint_name as named

from nncalc.layers.layer import Draw, Layer, LayerType, Shape
from nncalc.layers.window import AXIS_NAMES, Window, read_image, read_pair, read_window
from nncalc.reading import Reader
from nncalc.wording import counted

FIELDS = ("type", "name", "pool_size", "strides", "padding")


def _read(kind: str, fields: Reader, name: str, input_shape: Shape | None, draw: Draw) -> Layer | None:
    fields.only(FIELDS, required=("type", "pool_size"))
    image = read_image(fields, input_shape)
    size = read_pair(fields.at("pool_size"), None)
    strides = read_pair(fields.at("strides"), size)
    window = read_window(fields, "pool_size", image, size, strides, (1, 1))
    if image is None or window is None or not _holds_numbers(fields.at("padding"), window, image):
        return None
    return Layer(kind, name, {"window": window}, {}, (), (*window.places(image[:2]), image[2]))


def _holds_numbers(entry: Reader, window: Window, image: Shape) -> bool:
    """Whether no window lies in the padding alone: it would have no largest number and no mean."""
    for axis, name in enumerate(AXIS_NAMES):
        empty = _numbers_along(window, image[axis], axis) == 0
        if empty.any():
            k = window.size[axis]
            entry.fault(
                f"{counted(int(empty.sum()), 'window')} along the {name}s would hold nothing but padding. "
                f"Use at most {k - 1} on each side, one less than the window has {name}s"
            )
            return False
    return True


def _numbers_along(window: Window, cells: int, axis: int) -> np.ndarray:
    """How many cells of the image, not of its padding, every window along one axis holds."""
    before, behind = window.padding[axis]
    places = (cells + before + behind - window.size[axis]) // window.strides[axis] + 1
    first = np.arange(places) * window.strides[axis] - before
    return np.minimum(first + window.size[axis], cells).clip(0) - np.maximum(first, 0).clip(0, cells)


def _over(window: Window) -> tuple[tuple, tuple, tuple]:
    """Size, strides and padding of the window over samples, rows, columns and channels."""
    return (1, *window.size, 1), (1, *window.strides, 1), ((0, 0), *window.padding, (0, 0))


def largest(layer: Layer, parameters: Mapping[str, Array], x: Array) -> Array:
    r"""$a_{rc} = \max_{ij} x_{rs + i,\, cs + j}$ for every channel; padding is −∞, of equal numbers the first wins."""
    a = lax.reduce_window(x, -jnp.inf, lax.max, *_over(layer.settings["window"]))
    return named(a, f"{layer.name}.a[sample, row, column, channel]")


def average(layer: Layer, parameters: Mapping[str, Array], x: Array) -> Array:
    r"""$a_{rc} = \frac{1}{n}\sum_{ij} x_{rs + i,\, cs + j}$ for every channel, over the n cells that are no padding."""
    window: Window = layer.settings["window"]
    total = lax.reduce_window(x, 0.0, lax.add, *_over(window))
    rows, columns = (_numbers_along(window, x.shape[1 + axis], axis) for axis in (0, 1))
    count = np.outer(rows, columns)[..., None].astype(x.dtype)
    a = total / (count.flat[0] if (count == count.flat[0]).all() else count)
    return named(a, f"{layer.name}.a[sample, row, column, channel]")


MAX_POOL2D = LayerType("max_pool2d", partial(_read, "max_pool2d"), largest)
AVERAGE_POOL2D = LayerType("average_pool2d", partial(_read, "average_pool2d"), average)
