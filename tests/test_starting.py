"""The problem of a network of one's own shape."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import nncalc
from nncalc import InputError
from nncalc.activations import ACTIVATIONS
from nncalc.problem import LARGEST_SEED
from nncalc.starting import network_problem

UNITS = st.integers(1, 8)


def has_one_decimal(number: float) -> bool:
    return number != 0 and float(f"{number:.1f}") == number


@given(UNITS, st.lists(UNITS, max_size=3), UNITS, st.sampled_from(sorted(ACTIVATIONS)), st.integers(0, LARGEST_SEED))
def test_every_shape_gives_numbers_for_paper(inputs, hidden, outputs, activation, seed):
    problem = network_problem(inputs, hidden, outputs, activation, seed)
    assert problem.x.shape == (1, inputs) and problem.y is not None and problem.y.shape == (1, outputs)
    assert [layer.output_shape for layer in problem.layers] == [(units,) for units in [*hidden, outputs]]
    assert [layer.activation.name for layer in problem.layers] == [activation] * len(hidden) + ["linear"]
    numbers = [number for layer in problem.layers for array in layer.parameters.values() for number in array.flat]
    assert all(has_one_decimal(number) for number in [*numbers, *problem.x.flat, *problem.y.flat])
    assert max(map(abs, numbers)) <= 1.7  # √(6 / 2), the widest that Glorot and Bengio draw


def test_the_same_seed_draws_the_same_and_another_one_others():
    first, again, other = (network_problem(3, [4, 2], 2, "tanh", seed) for seed in (5, 5, 6))
    assert first == again and first != other


def test_signs_of_both_kinds_are_drawn():
    weights = network_problem(8, [8], 8, "relu", seed=0).layers[0].parameters["weights"]
    assert (weights > 0).any() and (weights < 0).any()


def test_it_can_be_solved():
    solution = nncalc.solve(network_problem(2, [2], 1, "sigmoid", seed=1))
    assert solution.loss is not None and solution.loss > 0


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"inputs": 0}, "inputs: 0 given, 1 to 8 are possible"),
        ({"outputs": 9}, "outputs: 9 given, 1 to 8 are possible"),
        ({"hidden": [2, 9]}, r"hidden\[1\]: 9 given, 1 to 8 are possible"),
        ({"hidden": [2, 2, 2, 2]}, "hidden: 4 layers given, at most 3 are possible"),
        ({"activation": "sigmod"}, 'activation: "sigmod" is not one of them. Did you mean `sigmoid`?'),
        ({"seed": -1}, "seed: -1 given, 0 to 9007199254740991 are possible"),
    ],
)
def test_what_is_not_possible_is_refused(asked, message):
    usual = {"inputs": 2, "hidden": [2], "outputs": 1, "activation": "sigmoid", "seed": 0}
    with pytest.raises(InputError, match=message):
        network_problem(**usual | asked)


def test_everything_that_is_not_possible_is_told_at_once():
    with pytest.raises(InputError) as raised:
        network_problem(0, [0], 0, "", -1)
    assert len(raised.value.faults) == 5
