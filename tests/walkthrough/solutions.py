"""Drawn problems, solved once for all the tests about their steps."""

from __future__ import annotations

import copy
from functools import cache

import numpy as np

from nncalc import Problem, Solution, solve
from tests.drawn import documents

SEED, COUNT = 23, 10


@cache
def solution(number: int) -> Solution:
    """Drawn problem `number`; the odd ones in flat notation."""
    document = documents(SEED, COUNT)[number] | {"notation": "flat" if number % 2 else "layered"}
    return solve(Problem.from_dict(document))


@cache
def hard(number: int) -> Solution:
    """The same with numbers of very different sizes, from 1e-6 to 1e6 times the usual ones."""
    rng = np.random.default_rng(number)
    document = copy.deepcopy(documents(SEED, COUNT)[number])
    document["iterations"] = 1
    document["data"]["x"] = scaled(document["data"]["x"], rng)
    for layer in document["layers"]:
        if "weights" in layer:
            layer["weights"] = scaled(layer["weights"], rng)
    if not any(word in str(document["loss"]) for word in ("crossentropy", "hinge")):
        document["data"]["y"] = scaled(document["data"]["y"], rng)
    return solve(Problem.from_dict(document))


def scaled(numbers, rng) -> list:
    factor = 10.0 ** rng.integers(-6, 7)
    return [scaled_by(n, factor) for n in numbers]


def scaled_by(numbers, factor: float):
    return [scaled_by(n, factor) for n in numbers] if isinstance(numbers, list) else numbers * factor


def network(activation="linear", weights=((2.0,), (3.0,)), x=((1.0, 2.0),), y=((3.0,),), **more) -> Solution:
    """One layer of one unit."""
    layer = {"type": "dense", "units": len(weights[0]), "weights": weights, "bias": False, "activation": activation}
    return solve(Problem.from_dict({"nncalc": 1, "layers": [layer], "data": {"x": x, "y": y}, **more}))


NUMBERS = range(COUNT)
