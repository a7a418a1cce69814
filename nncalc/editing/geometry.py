"""Windows: their size, strides, padding and dilation, and what of these is possible in a place."""

from __future__ import annotations

from typing import Any

from nncalc.editing.structure import Document, fitted, shape_before, written_out
from nncalc.errors import InputError
from nncalc.kernels import KERNELS, SIDE
from nncalc.layers import Layer
from nncalc.layers.window import MOST_CELLS, Window
from nncalc.problem import Problem
from nncalc.wording import meant, shown

SIZES = {"conv2d": "kernel_size", "max_pool2d": "pool_size", "average_pool2d": "pool_size"}
"""The field that holds the size of a layer's window."""

ALL = -1
"""Instead of a channel or filter: every one."""


def with_window(problem: Problem, layer: str, field: str, value: Any) -> Problem:
    """The problem with another geometry of one layer's window.

    Weights that still have a place stay, counted from the upper left; new ones are drawn from the seed.

    Args:
        layer: the name of a layer with a window.
        field: "size" (or as the file calls it: "kernel_size", "pool_size"), "strides", "padding", "dilation",
            "filters", "groups" or "flip".
        value: as in a problem file: `[2, 2]`, `2`, `"same"`, `[[1, 0], [0, 0]]`.

    Raises:
        InputError: there is no such layer or setting, or the window does not fit.
    """
    names = [each.name for each in problem.layers if "window" in each.settings]
    if layer not in names:
        raise InputError(f"{shown(layer)} is no layer with a window{meant(layer, names)}")
    at = next(k for k, each in enumerate(problem.layers) if each.name == layer)
    size = SIZES[problem.layers[at].type]
    possible = ["size", size, "strides", "padding"]
    if problem.layers[at].type == "conv2d":
        possible += ["dilation", "filters", "groups", "flip"]
    if field not in possible:
        raise InputError(f"{shown(field)} is no setting of a window here{meant(field, possible)}", f"layers[{at}]")
    document = written_out(problem)
    _set(document["layers"][at], size if field == "size" else field, value, problem.layers[at], size)
    return fitted(document)


def _set(fields: Document, field: str, value: Any, layer: Layer, size: str) -> None:
    """A pooling window keeps its strides when it gets another size, unless they were those of its size."""
    window: Window = layer.settings["window"]
    if field == size == "pool_size" and window.strides != window.size:
        fields["strides"] = list(window.strides)
    elif field == size == "pool_size":
        fields.pop("strides", None)
    fields[field] = value


# What is possible


def most_size(window: Window, image: tuple[int, ...], is_same: bool, axis: int) -> int:
    """How large a window may be along an axis, with the padding and the dilation that it has."""
    if is_same:
        return MOST_CELLS
    return min((image[axis] + sum(window.padding[axis]) - 1) // window.dilation[axis] + 1, MOST_CELLS)


def most_strides(window: Window, image: tuple[int, ...], axis: int) -> int:
    """More would still find one place: it is the most that changes anything, or what is there."""
    free = image[axis] + sum(window.padding[axis]) - window.reach[axis] + 1
    return min(max(free, window.strides[axis], 1), MOST_CELLS)


def most_dilation(window: Window, image: tuple[int, ...], is_same: bool, axis: int) -> int:
    if is_same or window.size[axis] == 1:
        return MOST_CELLS
    return min((image[axis] + sum(window.padding[axis]) - 1) // (window.size[axis] - 1), MOST_CELLS)


def least_padding(window: Window, image: tuple[int, ...], axis: int, side: int) -> int:
    """As much as the window needs, besides what is on the other side."""
    return max(window.reach[axis] - image[axis] - window.padding[axis][1 - side], 0)


def most_padding(layer: Layer, axis: int, side: int) -> int:
    """A pooling window must not lie in the padding alone."""
    window: Window = layer.settings["window"]
    if layer.type == "conv2d":
        return MOST_CELLS
    return max(window.size[axis] - 1, window.padding[axis][side])


def possible_groups(channels: int, filters: int) -> list[int]:
    """
    >>> possible_groups(4, 6)
    [1, 2]
    """
    return [g for g in range(1, min(channels, filters) + 1) if channels % g == 0 and filters % g == 0]


def least_image(problem: Problem, axis: int) -> int:
    """How many rows or columns the first window needs."""
    first = problem.layers[0] if problem.layers else None
    window: Window | None = None if first is None else first.settings.get("window")
    if window is None or problem.document["layers"][0].get("padding") == "same":
        return 1
    return max(window.reach[axis] - sum(window.padding[axis]), 1)


# Kernels to start from


def with_kernel(problem: Problem, layer: int, channel: int, filter: int, name: str) -> Problem:
    """The problem with the numbers of a named kernel in one filter, in one channel or all (−1).

    In a larger kernel they stand in the middle, with 0 around; of an even number of rows or columns in the upper left
    of the two middles.

    Raises:
        InputError: the layer is no convolution, there is no such filter or channel, or its kernel is smaller.
    """
    if not 0 <= layer < len(problem.layers) or problem.layers[layer].type != "conv2d":
        raise InputError(f"Layer {layer + 1} is no convolution, and has no kernels.")
    place = f"layers[{layer}].weights"
    if name not in KERNELS:
        raise InputError(f"{shown(name)} is no kernel by name{meant(name, KERNELS)}", place)
    rows, columns, channels, filters = problem.layers[layer].parameters["weights"].shape
    for what, given, count in (("channel", channel, channels), ("filter", filter, filters)):
        if not ALL <= given < count:
            raise InputError(f"there is no {what} {given + 1}, there are {count}", place)
    if reason := too_small(problem.layers[layer]):
        raise InputError(reason, place)
    document = written_out(problem)
    weights = document["layers"][layer]["weights"]
    numbers = KERNELS[name].typed()
    top, left = (rows - SIDE) // 2, (columns - SIDE) // 2
    for r in range(rows):
        for c in range(columns):
            inside = 0 <= r - top < SIDE and 0 <= c - left < SIDE
            number = numbers[r - top][c - left] if inside else 0
            for k in range(channels) if channel == ALL else [channel]:
                for f in range(filters) if filter == ALL else [filter]:
                    weights[r][c][k][f] = number
    return Problem.from_dict(document)


def too_small(layer: Layer) -> str:
    """Why no named kernel fits into a layer's; empty if they do."""
    rows, columns = layer.settings["window"].size
    if rows >= SIDE and columns >= SIDE:
        return ""
    return (
        f"the named kernels have {SIDE} rows and {SIDE} columns, and this one only {rows} × {columns}. "
        f"Make the kernel at least {SIDE} × {SIDE}"
    )


def kernel_of(layer: Layer, channel: int, filter: int) -> str:
    """The name of the kernel that a filter has in a channel; empty if it is none of them."""
    numbers = layer.parameters["weights"][:, :, channel, filter]
    rows, columns = numbers.shape
    if too_small(layer):
        return ""
    top, left = (rows - SIDE) // 2, (columns - SIDE) // 2
    middle = numbers[top : top + SIDE, left : left + SIDE]
    if abs(numbers).sum() != abs(middle).sum():
        return ""
    return next((name for name, kernel in KERNELS.items() if abs(middle - kernel.numbers()).max() < 1e-12), "")


def window_before(problem: Problem, at: int) -> tuple[Window, tuple[int, ...], bool]:
    """A layer's window, the image that comes in, and whether its padding follows from its size."""
    window: Window = problem.layers[at].settings["window"]
    is_same = problem.document["layers"][at].get("padding") == "same"
    return window, shape_before(problem, at), is_same


def with_component(window: Window, field: str, axis: int, value: int) -> Any:
    """A setting of a window, as the file has it, with another value along one axis."""
    pair = list(getattr(window, "size" if field in SIZES.values() else field))
    pair[axis] = value
    return pair


def with_padding_at(window: Window, axis: int, side: int, value: int) -> list[list[int]]:
    """Every padding, with another one on one side.

    >>> with_padding_at(Window((3, 3), (1, 1), ((0, 0), (1, 1))), 0, 1, 2)
    [[0, 2], [1, 1]]
    """
    sides = [list(pair) for pair in window.padding]
    sides[axis][side] = value
    return sides
