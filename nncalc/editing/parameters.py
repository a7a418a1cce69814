"""All weights and biases at once: drawn anew, or as another problem has them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from nncalc.editing.structure import written_out
from nncalc.problem import LARGEST_SEED, Problem
from nncalc.starting import one_decimal, reach_of


def redrawn(problem: Problem) -> Problem:
    """The problem with the weights of the next seed."""
    return with_seed(problem, (problem.seed + 1) % (LARGEST_SEED + 1))


def with_seed(problem: Problem, seed: int) -> Problem:
    """The problem with weights and biases drawn from a seed: one decimal each, never 0, fit for paper.

    The same seed draws the same numbers for the same network, so that a class can compare its results.
    """
    document = written_out(problem)
    document["seed"] = seed
    generator = np.random.Generator(np.random.PCG64(seed))
    for fields, layer in zip(document["layers"], problem.layers, strict=True):
        if "weights" not in layer.parameters:
            continue
        shape = layer.parameters["weights"].shape
        cells, before, units = math.prod(shape[:-2]), *shape[-2:]
        reach = reach_of(cells * before, cells * units)
        fields["weights"] = np.reshape(one_decimal(generator, reach, cells * before, units), shape).tolist()
        if "bias" in layer.parameters:
            drawn = one_decimal(generator, reach, 1, units)[0]
            fields["bias"] = drawn if layer.parameters["bias"].ndim else drawn[0]
    return Problem.from_dict(document)


def with_parameters_of(problem: Problem, document: dict[str, Any]) -> Problem:
    """The problem with the parameters and the seed of another one, in every layer where they have the same shape.

    Raises:
        InputError: the other document has faults.
    """
    other = Problem.from_dict(document)
    known = {
        layer.name: (fields, layer) for fields, layer in zip(written_out(other)["layers"], other.layers, strict=True)
    }
    changed = written_out(problem)
    changed["seed"] = other.seed
    for fields, layer in zip(changed["layers"], problem.layers, strict=True):
        given, its = known.get(layer.name, ({}, None))
        for name, numbers in layer.parameters.items():
            if its is not None and name in its.parameters and its.parameters[name].shape == numbers.shape:
                fields[name] = given[name]
    return Problem.from_dict(changed)
