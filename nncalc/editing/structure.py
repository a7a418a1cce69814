"""Layers, units and inputs added and removed: numbers that still have a place are kept, new ones are drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nncalc.errors import InputError
from nncalc.layers import LAYERS, MOST_LAYERS
from nncalc.problem import MOST_AXES, Problem
from nncalc.reading import MOST_NUMBERS
from nncalc.starting import INPUTS, one_decimal, picked, reach_of
from nncalc.wording import meant, shown

Document = dict[str, Any]
More = Callable[[int], list]


def written_out(problem: Problem) -> Document:
    """The document with every parameter in it, also those that the file leaves to be drawn."""
    document = problem.to_dict()
    for fields, layer in zip(document["layers"], problem.layers, strict=True):
        for name, numbers in layer.parameters.items():
            fields.setdefault(name, numbers.tolist())
    return document


def with_layer(problem: Problem, at: int, type: str) -> Problem:
    """The problem with one more layer, before layer `at`. It is as wide as what it gets, so the rest stays as it is."""
    if not 0 <= at <= len(problem.layers):
        raise InputError(f"There is no place {at + 1} for a layer. There are {len(problem.layers) + 1}.")
    if type not in LAYERS:
        raise InputError(f"{shown(type)} is not a layer that can be added{meant(type, LAYERS)}")
    if len(problem.layers) == MOST_LAYERS:
        raise InputError(f"There are {MOST_LAYERS} layers, the most that are possible. Remove one first.")
    document = written_out(problem)
    layers = document["layers"]
    fields: Document = {"type": type, "name": _free_name(problem, at), "activation": "relu"}
    if type == "dense":
        before = problem.layers[at - 1].output_shape if at else problem.x.shape[1:]
        fields["units"] = before[-1]
        if not layers and problem.y is not None:
            fields |= {"units": problem.y.shape[-1], "activation": "linear"}
    layers.insert(at, fields)
    return fitted(document)


def _free_name(problem: Problem, at: int) -> str:
    taken = {layer.name for layer in problem.layers}
    stem = "output" if not taken else "hidden" if at < len(taken) else "extra"
    names = (stem if n == 1 else f"{stem}{n}" for n in range(1, MOST_LAYERS + 2))
    return next(name for name in names if name not in taken)


def without_layer(problem: Problem, at: int) -> Problem:
    """The problem without layer `at`; if that was the last one, the one before gets its number of units."""
    _check(problem, at)
    document = written_out(problem)
    layers = document["layers"]
    width = problem.output_shape[-1]
    del layers[at]
    if at == len(layers):
        last = next((fields for fields in reversed(layers) if "units" in fields), None)
        if last is not None:
            last["units"] = width
    return fitted(document)


def with_layer_moved(problem: Problem, at: int, to: int) -> Problem:
    """The problem with layer `at` in place `to`."""
    _check(problem, at)
    _check(problem, to)
    document = written_out(problem)
    document["layers"].insert(to, document["layers"].pop(at))
    return fitted(document)


def _check(problem: Problem, at: int) -> None:
    if not 0 <= at < len(problem.layers):
        raise InputError(f"There is no layer {at + 1}. There are {len(problem.layers)}.")


def with_inputs(document: Document, count: int) -> Document:
    """Every sample with that many numbers; new ones are drawn."""
    generator = _generator(document, "x")
    data = document["data"]
    data["x"] = _rows_cut(data["x"], count, lambda missing: picked(generator, INPUTS, missing))
    return document


def fitted(document: Document) -> Problem:
    """The problem, once every number has its place: too many are cut off, missing ones drawn.

    A weight or bias that is missing is drawn with one decimal, as in a problem to start with; a target is 0.

    Raises:
        InputError: the problem has other faults, or would have more numbers than are possible.
    """
    data = document["data"]
    width = _width(data["x"])
    for at, fields in enumerate(document["layers"]):
        width = None if width is None else _fit_layer(document, at, fields, width)
    if "y" in data and width is not None:
        data["y"] = _rows_cut(data["y"], width, lambda count: [0] * count)
    for names, count in (("inputs", _width(data["x"])), ("outputs", width)):
        if names in document and count is not None:
            _fit_names(document, names, count)
    return Problem.from_dict(document)


def _width(rows: Any, depth: int = 0) -> int | None:
    """How many numbers there are along the last axis."""
    if not isinstance(rows, list) or not rows or depth > MOST_AXES:
        return None
    return _width(rows[0], depth + 1) if isinstance(rows[0], list) else len(rows)


def _fit_layer(document: Document, at: int, fields: Document, width: int) -> int | None:
    """Gives a layer's parameters the shape they need; says how wide it makes things."""
    if fields["type"] != "dense":
        return width
    units = fields.get("units")
    if not isinstance(units, int) or isinstance(units, bool) or units < 1 or width * units > MOST_NUMBERS:
        return None  # refused when it is read
    generator, reach = _generator(document, at), reach_of(width, units)

    def drawn(count: int) -> list[float]:
        return one_decimal(generator, reach, 1, count)[0]

    rows = _rows_cut(fields.get("weights", []), units, drawn)
    fields["weights"] = _cut(rows, width, lambda count: [drawn(units) for _ in range(count)])
    if isinstance(fields.get("bias", []), list):
        fields["bias"] = _cut(fields.get("bias", []), units, drawn)
    return units


def _cut(numbers: list, count: int, more: More) -> list:
    return numbers[:count] if len(numbers) >= count else numbers + more(count - len(numbers))


def _rows_cut(rows: list, count: int, more: More) -> list:
    """Every list of numbers, however deep, with that many of them."""
    if rows and isinstance(rows[0], list):
        return [_rows_cut(row, count, more) for row in rows]
    return _cut(rows, count, more) if rows else rows


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
