"""The window of a convolution or a pooling: its size, how it moves, and how many places it finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.ad_checkpoint import checkpoint_name as named

from nncalc.layers.layer import Layer, Shape
from nncalc.reading import Reader
from nncalc.wording import counted, shown

Pair = tuple[int, int]

MOST_CELLS = 64  # of a window along one axis; also the longest stride, dilation and padding
PADDINGS = ("valid", "same")
AXIS_NAMES = ("row", "column")


@dataclass(frozen=True)
class Window:
    """A window over the rows and columns of an image; `padding` is how many cells are added before and behind.

    >>> Window((3, 3), (2, 2), ((0, 0), (0, 0)), (1, 1)).places((5, 6))
    (2, 2)
    """

    size: Pair
    strides: Pair
    padding: tuple[Pair, Pair]
    dilation: Pair = (1, 1)

    @property
    def reach(self) -> Pair:
        """How many cells it spans from its first to its last."""
        rows, columns = (d * (k - 1) + 1 for d, k in zip(self.dilation, self.size, strict=True))
        return rows, columns

    def places(self, image: Sequence[int]) -> Pair:
        r"""How often it fits: $\lfloor (n + p - d(k - 1) - 1) / s \rfloor + 1$ along each axis.

        Source: Dumoulin and Visin, A guide to convolution arithmetic for deep learning, relationship 15.
        """
        rows, columns = (
            (n + sum(p) - r) // s + 1 for n, p, r, s in zip(image, self.padding, self.reach, self.strides, strict=True)
        )
        return rows, columns

    def left_over(self, image: Sequence[int]) -> Pair:
        """How many rows and columns at the end, padding included, no window reaches."""
        rows, columns = (
            (n + sum(p) - r) % s for n, p, r, s in zip(image, self.padding, self.reach, self.strides, strict=True)
        )
        return rows, columns


def same_padding(image: Sequence[int], size: Pair, strides: Pair, dilation: Pair = (1, 1)) -> tuple[Pair, Pair]:
    """As much as makes ⌈n / s⌉ places, the odd cell behind, as Keras has it.

    >>> same_padding((5, 6), (3, 3), (2, 2))
    ((1, 1), (0, 1))
    """
    rows, columns = (
        max(0, (-(-n // s) - 1) * s + d * (k - 1) + 1 - n)
        for n, k, s, d in zip(image, size, strides, dilation, strict=True)
    )
    return (rows // 2, rows - rows // 2), (columns // 2, columns - columns // 2)


def read_pair(entry: Reader, default: Pair | None, most: int = MOST_CELLS) -> Pair | None:
    """Rows and columns, or one number for both.

    >>> read_pair(Reader([2, 3]), None), read_pair(Reader(2), None)
    ((2, 3), (2, 2))
    """
    if entry.absent:
        return default
    if not isinstance(entry.value, list):
        both = entry.integer(None, least=1, most=most)
        return None if both is None else (both, both)
    items = entry.items()
    if len(items) != 2:
        entry.fault(f"{counted(len(items), 'number')} given, 2 needed (rows and columns), or one number for both")
        return None
    rows, columns = (item.integer(None, least=1, most=most) for item in items)
    return None if rows is None or columns is None else (rows, columns)


def read_image(fields: Reader, input_shape: Shape | None) -> Shape | None:
    """The image that comes in, `(rows, columns, channels)`; anything else is a fault of the layer's type."""
    if input_shape is None or len(input_shape) == 3:
        return input_shape
    given = " × ".join(map(str, input_shape))
    fields.at("type").fault(
        f"{given} numbers per sample come in, images [row][column][channel] needed. "
        "A sequence of numbers is an image with one row: [[[1], [2], [3]]]"
    )
    return None


def read_window(
    fields: Reader, key: str, image: Shape | None, size: Pair | None, strides: Pair | None, dilation: Pair | None
) -> Window | None:
    """The window whose size stands in the field `key`; None with a fault where it does not fit into the image."""
    kind = _read_padding(fields.at("padding"))
    if image is None or size is None or strides is None or dilation is None or kind is None:
        return None
    padding = kind if isinstance(kind, tuple) else ((0, 0), (0, 0))
    if kind == "same":
        padding = same_padding(image[:2], size, strides, dilation)
    window = Window(size, strides, padding, dilation)
    return window if _fits(fields.at(key), window, image) else None


def _read_padding(entry: Reader) -> str | tuple[Pair, Pair] | None:
    """`valid`, `same`, or `[[top, bottom], [left, right]]`."""
    if not isinstance(entry.value, list):
        if entry.absent or (isinstance(entry.value, str) and entry.value in PADDINGS):
            return entry.value if isinstance(entry.value, str) else "valid"
        entry.fault(f'{shown(entry.value)} given, "valid", "same" or [[top, bottom], [left, right]] needed')
        return None
    numbers: list[int] = []
    for pair in entry.items():
        if not isinstance(pair.value, list) or len(pair.value) != 2:
            pair.fault(f"{shown(pair.value)} given, two whole numbers needed (before and behind)")
            return None
        found = [item.integer(None, least=0, most=MOST_CELLS) for item in pair.items()]
        numbers += [n for n in found if n is not None]
    if len(entry.value) != 2:
        entry.fault(f"{counted(len(entry.value), 'pair')} given, 2 needed: [[top, bottom], [left, right]]")
        return None
    if len(numbers) != 4:
        return None
    top, bottom, left, right = numbers
    return (top, bottom), (left, right)


def _fits(entry: Reader, window: Window, image: Shape) -> bool:
    fits = True
    for axis, name in enumerate(AXIS_NAMES):
        n, p, reach = image[axis], sum(window.padding[axis]), window.reach[axis]
        if reach <= n + p:
            continue
        fits = False
        k, d = window.size[axis], window.dilation[axis]
        spans = f", {reach} with dilation {d}," if d > 1 else ""
        padded = f" ({n} and {p} of padding)" if p else ""
        most = (n + p - 1) // d + 1
        entry.fault(
            f"the window has {counted(k, name)}{spans} and the input only {n + p}{padded}. "
            f"Use at most {most}, or pad the input"
        )
    return fits


# The size of the output as a step of its own

SETTINGS_OF_SIZE = {"image_size": "n", "padding": "p", "dilation": "d", "window_size": "k", "strides": "s"}
"""The numbers that the size of the output follows from, and their letters."""


def settings_of_size(layer: Layer, image: Sequence[int]) -> dict[str, np.ndarray]:
    """The numbers that a layer's output size is computed from, rows and columns; none without a window."""
    window: Window | None = layer.settings.get("window")
    if window is None:
        return {}
    numbers = {
        "image_size": image[:2],
        "padding": [sum(p) for p in window.padding],
        "dilation": window.dilation,
        "window_size": window.size,
        "strides": window.strides,
    }
    return {f"{layer.name}.{key}": np.asarray(value, float) for key, value in numbers.items()}


def name_size(layer: Layer, settings: Mapping[str, Array]) -> None:
    """Works out the size of a layer's output, so that it is one of the quantities: `conv.size[axis]`."""
    n, p, d, k, s = (settings[f"{layer.name}.{key}"] for key in SETTINGS_OF_SIZE)
    named(jnp.floor((n + p - d * (k - 1) - 1) / s) + 1, f"{layer.name}.size[axis]")
