"""Layers, units and inputs added and removed: numbers that still have a place are kept, new ones are drawn."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from nncalc.editing.order import check_order, place_possible
from nncalc.errors import InputError
from nncalc.layers import LAYERS, MOST_LAYERS, Draw, Shape
from nncalc.layers.conv import MOST_FILTERS
from nncalc.layers.dense import MOST_UNITS
from nncalc.layers.window import read_pair
from nncalc.problem import MOST_AXES, Problem
from nncalc.reading import MOST_NUMBERS, Reader
from nncalc.starting import INPUTS, one_decimal, picked, reach_of
from nncalc.wording import counted, meant, shown

Document = dict[str, Any]
New = Callable[[], float]

BLOCK = 256
WIDTHS = ("units", "filters")
"""The fields that say how many numbers a layer gives along the last axis."""


def written_out(problem: Problem) -> Document:
    """The document with every parameter in it, also those that the file leaves to be drawn."""
    document = problem.to_dict()
    for fields, layer in zip(document["layers"], problem.layers, strict=True):
        for name, numbers in layer.parameters.items():
            fields.setdefault(name, numbers.tolist())
    return document


# Layers


def with_layer(problem: Problem, at: int, type: str) -> Problem:
    """The problem with one more layer, before layer `at`. It is as wide as what it gets, so the rest stays as it is.

    A convolution keeps the size of the image, too. A dense layer that gets an image gets a flatten layer before it.
    """
    if not 0 <= at <= len(problem.layers):
        raise InputError(f"There is no place {at + 1} for a layer. There are {len(problem.layers) + 1}.")
    if type not in LAYERS:
        raise InputError(f"{shown(type)} is not a layer that can be added{meant(type, LAYERS)}")
    adds = ["flatten", type] if type == "dense" and _is_image(problem, at) else [type]
    if len(problem.layers) + len(adds) > MOST_LAYERS:
        raise InputError(f"There are {len(problem.layers)} layers, at most {MOST_LAYERS} are possible. Remove one.")
    place_possible(problem, at, type)
    document = written_out(problem)
    document["layers"][at:at] = [_new_layer(problem, at, each) for each in adds]
    return fitted(document)


def shape_before(problem: Problem, at: int) -> Shape:
    """The shape of what comes into layer `at`, or would."""
    return problem.layers[at - 1].output_shape if at else problem.x.shape[1:]


def _is_image(problem: Problem, at: int) -> bool:
    return len(shape_before(problem, at)) == 3


def _new_layer(problem: Problem, at: int, type: str) -> Document:
    before = shape_before(problem, at)
    fields: Document = {"type": type, "name": _free_name(problem, at, type)}
    if type in ("max_pool2d", "average_pool2d"):
        return fields | {"pool_size": [min(2, before[0]), min(2, before[1])]}
    if type == "flatten":
        return fields
    fields["activation"] = "relu"
    alone = not problem.layers and problem.y is not None
    if type == "conv2d":
        size = [min(3, before[0]), min(3, before[1])]
        fields |= {"filters": before[2], "kernel_size": size, "padding": "same"}
    if type == "dense":
        fields["units"] = before[-1]
    if alone and type in ("dense", "conv2d"):  # it is the one that gives the outputs
        assert problem.y is not None
        fields |= {"units" if type == "dense" else "filters": problem.y.shape[-1], "activation": "linear"}
    if type == "dense" and len(before) == 3 and problem.y is not None:
        fields |= {"units": problem.y.shape[-1] if problem.y.ndim == 2 else 2, "activation": "linear"}
    return fields


STEMS = {"conv2d": "conv", "max_pool2d": "pool", "average_pool2d": "pool", "flatten": "flat"}


def _free_name(problem: Problem, at: int, type: str) -> str:
    taken = {layer.name for layer in problem.layers}
    last = "extra" if any(layer.type == "dense" for layer in problem.layers) or type == "activation" else "output"
    usual = "output" if not taken else "hidden" if at < len(taken) else last
    stem = STEMS.get(type, usual)
    names = (stem if n == 1 else f"{stem}{n}" for n in range(1, MOST_LAYERS + 2))
    return next(name for name in names if name not in taken)


def without_layer(problem: Problem, at: int) -> Problem:
    """The problem without layer `at`; if that was the last one, the one before gets its number of units or filters."""
    _check(problem, at)
    document = written_out(problem)
    layers = document["layers"]
    width = problem.output_shape[-1]
    del layers[at]
    check_order(problem, [fields["type"] for fields in layers])
    if at == len(layers):
        rank = len(problem.output_shape)
        for fields, layer in zip(reversed(layers), reversed(problem.layers[:at]), strict=True):
            if len(layer.output_shape) != rank:
                break
            if wide := next((name for name in WIDTHS if name in fields), ""):
                fields[wide] = width
                break
    return fitted(document)


def with_layer_moved(problem: Problem, at: int, to: int) -> Problem:
    """The problem with layer `at` in place `to`."""
    _check(problem, at)
    _check(problem, to)
    document = written_out(problem)
    document["layers"].insert(to, document["layers"].pop(at))
    check_order(problem, [fields["type"] for fields in document["layers"]])
    return fitted(document)


def _check(problem: Problem, at: int) -> None:
    if not 0 <= at < len(problem.layers):
        raise InputError(f"There is no layer {at + 1}. There are {len(problem.layers)}.")


# Numbers in their places


def with_inputs(document: Document, count: int) -> Document:
    """Every sample with that many numbers; new ones are drawn."""
    generator = _generator(document, "x")
    data = document["data"]
    shape = (*_shape_of(data["x"])[:-1], count)
    data["x"] = resized(data["x"], shape, lambda: picked(generator, INPUTS, 1)[0])
    return document


def with_image_size(document: Document, rows: int, columns: int, channels: int) -> Document:
    """Every sample an image of that size: cut at the bottom and on the right, or with 0 there."""
    data = document["data"]
    data["x"] = resized(data["x"], (len(data["x"]), rows, columns, channels), int)
    return document


def fitted(document: Document) -> Problem:
    """The problem, once every number has its place: too many are cut off, missing ones drawn.

    A weight or bias that is missing is drawn with one decimal, as in a problem to start with; a target is 0. Where an
    image of another size is flattened, the weights after it are all drawn: each would belong to another cell.

    Raises:
        InputError: the problem has other faults, or would have more numbers than are possible.
    """
    data = document["data"]
    shape: Shape | None = _shape_of(data["x"])[1:]
    is_flat = False
    for at, fields in enumerate(document["layers"]):
        if shape is None:
            break
        _fit_layer(document, at, fields, shape, is_flat)
        is_flat = fields["type"] == "flatten" or (is_flat and fields["type"] == "activation")
        shape = _shape_after(fields, shape)
    if "y" in data and shape is not None and math.prod(shape) * len(data["x"]) <= MOST_NUMBERS:
        data["y"] = [_fit_target(target, shape) for target in data["y"]]
    for names, numbers in (("inputs", _shape_of(data["x"])), ("outputs", shape)):
        if names in document and numbers:
            _fit_names(document, names, numbers[-1])
    return Problem.from_dict(document)


def told_of_weights(before: Problem, after: Problem) -> str:
    """Which kernels were cut or continued, and which weights behind a flattened image are new; empty where none."""
    known = {layer.name: layer.parameters["weights"].shape for layer in before.layers if "weights" in layer.parameters}
    parts = []
    for at, layer in enumerate(after.layers):
        new = layer.parameters["weights"].shape if "weights" in layer.parameters else None
        old = known.get(layer.name)
        if new is None or old is None or old == new:
            continue
        if layer.type == "conv2d" and len(old) == 4 and old[:2] != new[:2]:
            grown = " what is new is drawn." if new[0] > old[0] or new[1] > old[1] else ""
            parts.append(
                f"The kernels of `{layer.name}` have {new[0]} × {new[1]} cells now: their upper left part is kept"
                f"{',' if grown else '.'}{grown}"
            )
        elif layer.type == "dense" and old[0] != new[0] and _is_flattened(after, at):
            parts.append(
                f"{counted(new[0], 'number')} come into `{layer.name}` now, not {old[0]}: its weights are new."
            )
    return " ".join(parts)


def _is_flattened(problem: Problem, at: int) -> bool:
    types = [layer.type for layer in problem.layers[:at]]
    while types and types[-1] == "activation":
        types.pop()
    return bool(types) and types[-1] == "flatten"


def _shape_of(numbers: Any) -> Shape:
    """The lengths of nested lists, the outermost first."""
    shape: list[int] = []
    while isinstance(numbers, list) and numbers and len(shape) <= MOST_AXES:
        shape.append(len(numbers))
        numbers = numbers[0]
    return tuple(shape)


def _shape_after(fields: Document, shape: Shape) -> Shape | None:
    """What a layer makes of a shape; None where a fault leaves it open, which is told when the problem is read."""
    bare = {name: value for name, value in fields.items() if name not in ("weights", "bias")}
    if "units" in bare:
        units = _count(bare["units"], MOST_UNITS)
        return None if units is None else (*shape[:-1], units)
    layer = LAYERS[fields["type"]].read(Reader(bare), "layer", shape, Draw(0))
    return None if layer is None else layer.output_shape


def _count(value: Any, most: int) -> int | None:
    return Reader(value).integer(None, least=1, most=most)


def _fit_layer(document: Document, at: int, fields: Document, shape: Shape, is_flat: bool) -> None:
    """Gives a layer's parameters the shape they need."""
    wanted = WANTED[fields["type"]](fields, shape) if fields["type"] in WANTED else None
    if wanted is None or math.prod(wanted) > MOST_NUMBERS:
        return  # has no weights, or is refused when it is read
    cells, width = math.prod(wanted[:-2]), wanted[-1]
    new = partial(next, _tenths(_generator(document, at), reach_of(cells * wanted[-2], cells * width)))
    weights = fields.get("weights")
    if is_flat and isinstance(weights, list) and len(weights) != wanted[0]:
        weights = None
    fields["weights"] = resized(weights, wanted, new)
    if isinstance(fields.get("bias", []), list):
        fields["bias"] = resized(fields.get("bias"), (width,), new)


def _dense(fields: Document, shape: Shape) -> Shape | None:
    units = _count(fields.get("units"), MOST_UNITS)
    return None if units is None else (shape[-1], units)


def _conv2d(fields: Document, shape: Shape) -> Shape | None:
    size = read_pair(Reader(fields.get("kernel_size")), None)
    filters = _count(fields.get("filters"), MOST_FILTERS)
    groups = _count(fields.get("groups", 1), MOST_FILTERS)
    if size is None or filters is None or groups is None or len(shape) != 3 or shape[2] % groups:
        return None
    return (*size, shape[2] // groups, filters)


WANTED: dict[str, Callable[[Document, Shape], Shape | None]] = {"dense": _dense, "conv2d": _conv2d}
"""The shape of a layer's weights, from its fields and the shape of what comes in; None where a fault leaves it open."""


def resized(numbers: Any, shape: Shape, new: New) -> Any:
    """Nested lists cut off or continued along every axis; a number that is missing is `new()`.

    >>> resized([[1, 2], [3, 4]], (1, 3), int)
    [[1, 2, 0]]
    """
    if not shape:
        return new() if numbers is None else numbers
    have = numbers if isinstance(numbers, list) else []
    return [resized(have[k] if k < len(have) else None, shape[1:], new) for k in range(shape[0])]


def _tenths(generator: np.random.Generator, reach: float) -> Iterator[float]:
    while True:
        yield from one_decimal(generator, reach, 1, BLOCK)[0]


def _fit_target(target: Any, shape: Shape) -> Any:
    """A target of the prediction's shape; where an image is flattened now, or no more, numbers keep their order."""
    if len(_shape_of(target)) == len(shape):
        return resized(target, shape, int)
    numbers = iter(_in_order(target))
    return resized(None, shape, lambda: next(numbers, 0))


def _in_order(numbers: Any) -> Iterator[Any]:
    if isinstance(numbers, list):
        for each in numbers:
            yield from _in_order(each)
    else:
        yield numbers


def _generator(document: Document, what: int | str) -> np.random.Generator:
    """The same change draws the same numbers for everyone."""
    seed = document.get("seed", 0)
    parts = [seed if isinstance(seed, int) and seed >= 0 else 0, *str(what).encode()]
    return np.random.Generator(np.random.PCG64(parts))


def _fit_names(document: Document, field: str, count: int) -> None:
    """As many names as there are numbers."""
    names = document[field][:count]
    document[field] = names + [usual_name(field, index) for index in range(len(names), count)]


def usual_name(field: str, index: int) -> str:
    """What an input or output is called that has no name of its own.

    >>> usual_name("inputs", 2), usual_name("outputs", 0)
    ('x3', 'y1')
    """
    letter = "x" if field == "inputs" else "y"
    return f"{letter}{index + 1}"
