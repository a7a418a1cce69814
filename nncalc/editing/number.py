"""Changing one number of a problem by the name of its quantity."""

from __future__ import annotations

import json
import re
from typing import Any

from nncalc.editing.structure import written_out
from nncalc.errors import InputError
from nncalc.network import parameters_of
from nncalc.parsing import parse_number
from nncalc.problem import Problem
from nncalc.scenes.given import given_of

_NAME = re.compile(r"(?:iterations\[(\d+)\]\.)?([A-Za-z_][\w.]*?)((?:\[\d+\])*)")


def with_number(problem: Problem, name: str, text: str) -> Problem:
    """The problem with another number in one place; what was typed is kept as it was typed.

    Numbers that the file leaves to be drawn are written down, so that they stay what they were.

    Args:
        name: a quantity that is given: `x[0][1]`, `hidden.weights[0][1]`, `learning_rate`.
        text: a number, a fraction, a sum of products, with a point or a comma.

    Raises:
        InputError: the text is no number, or not a possible one; there is no such quantity, or it is computed.

    >>> document = {"nncalc": 1, "layers": [], "data": {"x": [[67]], "y": [[56]]}}
    >>> with_number(Problem.from_dict(document), "y[0][0]", "1/3").to_dict()["data"]["y"]
    [['1/3']]
    """
    match = _NAME.fullmatch(name)
    base = match[2] if match else ""
    if not match or base not in given_of(problem):
        raise InputError(f"`{name}` is computed from other numbers. Change an input, a target, a weight or a setting.")
    parse_number(text)
    value = as_typed(text)
    indices = [_index(i) for i in re.findall(r"\d+", match[3])]
    if base in ("x", "y"):
        indices[:1] = [_sample(problem, _index(match[1] or "0"), indices[0], name)] if indices else []
        document = problem.to_dict()
        place, keys = document["data"], [base, *indices]
    elif match[1] and base in parameters_of(problem):  # settings are the same in all iterations
        raise InputError(f"`{name}` is what the iteration before left. Change it in the first iteration.")
    else:
        document = written_out(problem) if base in parameters_of(problem) else problem.to_dict()
        place, keys = _place_in_network(problem, document, base), [base.rpartition(".")[2], *indices]
    _put(place, keys, value, name)
    return Problem.from_dict(document)


def _index(digits: str) -> int:
    """A longer one than there can be is out of reach, whatever it is."""
    return int(digits) if len(digits) < 10 else 10**9


def as_typed(text: str) -> float | str:
    """What a document holds for a typed number: a JSON number, where the text is one."""
    try:
        number = json.loads(text)
    except ValueError:
        return text.strip()
    return number if isinstance(number, int | float) else text.strip()


def _sample(problem: Problem, iteration: int, index: int, name: str) -> int:
    """Which sample of the file a sample of a batch is."""
    batches = problem.batches()
    if iteration >= len(batches):
        raise InputError(f"There is no iteration {iteration + 1}. There are {len(batches)}.")
    batch = batches[iteration]
    if index >= batch.stop - batch.start:
        raise _missing(name)
    return batch.start + index


def _place_in_network(problem: Problem, document: dict[str, Any], base: str) -> dict[str, Any]:
    """The object that holds a parameter, a penalty or a setting."""
    layer, dot, _ = base.rpartition(".")
    if not dot:
        return document.setdefault("optimizer", {"type": problem.optimizer.type})
    return next(f for f, read in zip(document["layers"], problem.layers, strict=True) if read.name == layer)


def _put(place: Any, keys: list, value: float | str, name: str) -> None:
    try:
        for key in keys[:-1]:
            place = place[key]
        last = place.get(keys[-1]) if isinstance(place, dict) else place[keys[-1]]
        if isinstance(last, list):  # a whole row is no number
            raise IndexError
        place[keys[-1]] = value
    except (IndexError, KeyError, TypeError):
        raise _missing(name) from None


def _missing(name: str) -> InputError:
    return InputError(f"`{name}` doesn't exist in this problem.")
