"""The matrix form that the player gets: numpy's matrix product of its operands is its result."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from nncalc.formula.expand import At, Elementwise
from nncalc.formula.expression import Call, Negative, Number, Power, Product, Quotient, Sum
from tests.player.walkthroughs import WHICH, data_of, names_of, number, solved


def numbers_of(data, matrix) -> np.ndarray:
    """A matrix of the player as an array."""
    _, rows, columns, first, down, across = matrix
    if first < 0:
        return np.ones((rows, columns))
    ids = first + down * np.arange(rows)[:, None] + across * np.arange(columns)
    return np.array([[number(data["values"][k]) for k in row] for row in ids])


def by_numpy(node, operands: list[np.ndarray]) -> np.ndarray:
    """What a formula over matrices is: a dot between two matrices multiplies rows by columns."""

    def of(child):
        return by_numpy(child, operands)

    match node:
        case At(index):
            return operands[index]
        case Number(value):
            return np.array([[value]])
        case Sum(terms):
            return sum(map(of, terms), np.zeros((1, 1)))
        case Negative(inner):
            return -of(inner)
        case Elementwise(factors):
            return np.prod(np.broadcast_arrays(*map(of, factors)), axis=0)
        case Product(factors):
            left, *rest = map(of, factors)
            for right in rest:
                left = left * right if 1 in (left.size, right.size) else left @ right
            return left
        case Quotient(top, bottom):
            return of(top) / of(bottom)
        case Power(base, exponent):
            return of(base) ** of(exponent)
        case Call(function, arguments):
            given = list(map(of, arguments))
            return special.softmax(given[0], axis=-1) if function.name == "softmax" else function.value(*given)
    raise AssertionError(node)


@pytest.mark.parametrize("which", WHICH)
def test_every_line_of_matrices_is_what_numpy_makes_of_its_operands(which):
    data = data_of(which)
    lines = [line for group in solved(which).walkthrough.steps("chapter") for line in group.matrix]
    assert len(lines) == len(data["matrices"])
    for line, packed in zip(lines, data["matrices"], strict=True):
        result = numbers_of(data, packed["result"])
        with np.errstate(all="ignore"):
            found = by_numpy(line.node, [numbers_of(data, matrix) for matrix in packed["operands"]])
        size = max((float(np.max(np.abs(m), initial=0)) for m in [result]), default=0)
        np.testing.assert_allclose(np.broadcast_to(found, result.shape), result, rtol=1e-9, atol=1e-9 * size + 1e-290)


@pytest.mark.parametrize("which", WHICH)
def test_a_quantity_is_the_result_of_one_line_at_most(which):
    data = data_of(which)
    names, found = names_of(data), []
    for packed in data["matrices"]:
        _, rows, columns, first, down, across = packed["result"]
        found += [names[first + r * down + c * across] for r in range(rows) for c in range(columns)]
    assert all(found) and len(found) == len(set(found))
    assert set(found) <= {names[data["lines"][line]["writes"][row]] for line, row in data["steps"]}


@pytest.mark.parametrize("which", WHICH)
def test_symbols_of_matrices_are_those_of_the_transcript(which):
    lines = [line for group in solved(which).walkthrough.steps("chapter") for line in group.matrix]
    for line, packed in zip(lines, data_of(which)["matrices"], strict=True):
        assert packed["result"][0] == line.written("symbol", "mathml")
