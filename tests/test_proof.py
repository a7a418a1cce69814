"""The proof of a solution: every derivative on the way by `jax.grad` and by differences, beside the chain rule's."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest

from nncalc import Problem, Solution, examples, solve
from nncalc.ledger.check import MOST_DIFFERENCES
from tests.by_hand import ByHand, central
from tests.drawn import documents

SEED, COUNT = 29, 24
NEEDS_A_LOSS = [name for name in examples.names() if examples.load(name).y is not None and examples.load(name).layers]
WHICH = [*NEEDS_A_LOSS, *(k for k, document in enumerate(documents(SEED, COUNT)) if document["layers"])]
AT_A_CORNER = ("dead-relu", "xor", "two-channels-two-filters", "digit")
"""ReLU of exactly 0, or equal largest numbers in a window: a difference sees half of the slope on the other side."""

SAMPLED = 60  # derivatives of one problem that a difference of our own is taken for


@cache
def solved(which: str | int) -> Solution:
    problem = examples.load(which) if isinstance(which, str) else Problem.from_dict(documents(SEED, COUNT)[which])
    return solve(problem)


@cache
def proof_of(which: str | int, iteration: int = 0) -> dict[str, tuple[float, float, int, int]]:
    return solved(which).proof(iteration)


def backward(which: str | int, iteration: int = 0) -> dict[str, float]:
    """The derivatives that the steps work out, by what they are with respect to."""
    prefix = f"iterations[{iteration}]." if iteration else ""
    steps = [step for step in solved(which).steps if step.chapter.endswith("Backward")]
    return {
        step.quantity.removesuffix(".grad"): step.result.value
        for step in steps
        if step.quantity.startswith(prefix) and (prefix or not step.quantity.startswith("iterations"))
    }


@pytest.mark.parametrize("which", WHICH)
def test_there_is_a_proof_for_every_derivative_of_the_working(which):
    for iteration in range(len(solved(which).iterations)):
        assert set(proof_of(which, iteration)) == set(backward(which, iteration))


@pytest.mark.parametrize("which", WHICH)
def test_jax_s_derivatives_are_those_of_the_chain_rule(which):
    for iteration in range(len(solved(which).iterations)):
        chain_rule = backward(which, iteration)
        largest = max(abs(v) for v in chain_rule.values())
        for name, (gradient, _, digits, _) in proof_of(which, iteration).items():
            assert gradient == pytest.approx(chain_rule[name], rel=1e-9, abs=1e-12 * largest), name
            assert type(digits) is int and 9 <= digits <= 16, name


@pytest.mark.parametrize("which", WHICH)
def test_the_differences_agree_with_the_chain_rule(which):
    corner = which in AT_A_CORNER
    scale = max(abs(row[0]) for row in proof_of(which).values())
    for k, (name, (gradient, difference, _, digits)) in enumerate(proof_of(which).items()):
        if k >= MOST_DIFFERENCES:  # none is taken
            continue
        assert math.isfinite(difference), name
        assert corner or difference == pytest.approx(gradient, rel=1e-5, abs=1e-6 * scale), name
        assert corner or digits >= 4, name


@pytest.mark.parametrize("which", WHICH)
def test_jax_s_derivatives_are_the_differences_of_a_forward_pass_of_our_own(which):
    """A quantity on the way is moved a little, everything behind it worked out again by hand."""
    solution = solved(which)
    working = solution.walkthrough.workings[0]
    names = working.script.names
    hand = ByHand(solution.problem)

    def given(name: str) -> float:
        return float(working.values[names.number(name)])

    found = proof_of(which)
    assert hand.loss_with(given) == pytest.approx(solution.loss, rel=1e-10)
    compared = 0
    for name in list(found)[:: len(found) // SAMPLED + 1]:
        size = abs(given(name))
        difference = central(lambda by, name=name: hand.loss_with(given, name, by), size)
        if difference is not None:
            scale = max(1.0, abs(hand.loss_with(given)))
            assert found[name][0] == pytest.approx(difference, rel=1e-5, abs=1e-7 * scale), name
            compared += 1
    assert compared > 0


def test_a_linear_network_is_proven_to_its_last_digit():
    """2·3 = 6, error −4, loss 16: −8 by error and prediction, −24 by the weight."""
    document = {
        "nncalc": 1,
        "layers": [{"type": "dense", "units": 1, "weights": [[2]], "bias": False}],
        "data": {"x": [[3]], "y": [[10]]},
    }
    proof = solve(Problem.from_dict(document)).proof()
    assert {name: row[0] for name, row in proof.items()} == {
        "layer1.weights[0][0]": -24,
        "layer1.z[0][0]": -8,
        "layer1.a[0][0]": -8,
        "error[0][0]": -8,
        "term[0][0]": 1,
    }
    for gradient, difference, digits, digits_of_difference in proof.values():
        assert digits == 16 and digits_of_difference >= 8
        assert difference == pytest.approx(gradient, rel=1e-8)


def test_parameters_come_first_and_beyond_500_numbers_no_difference_is_taken():
    rng = np.random.default_rng(2)
    document = {
        "nncalc": 1,
        "layers": [
            {"type": "dense", "name": "hidden", "units": 24, "activation": "tanh"},
            {"type": "dense", "name": "output", "units": 2},
        ],
        "data": {"x": rng.uniform(-1, 1, (3, 20)).tolist(), "y": rng.uniform(-1, 1, (3, 2)).tolist()},
    }
    solution = solve(Problem.from_dict(document))
    proof = solution.proof()
    names = list(proof)
    parameters = 20 * 24 + 24 + 24 * 2 + 2
    assert parameters > MOST_DIFFERENCES == 500
    assert all(".weights" in name or ".bias" in name for name in names[:parameters])
    assert not any(".weights" in name or ".bias" in name for name in names[parameters:])
    taken = [math.isfinite(difference) for _, difference, _, _ in proof.values()]
    assert taken == [True] * 500 + [False] * (len(names) - 500)
    assert all(digits >= 9 for _, _, digits, _ in proof.values())
    assert {row[3] for name, row in proof.items() if not math.isfinite(row[1])} == {0}


@pytest.mark.parametrize("which", [name for name in examples.names() if name not in NEEDS_A_LOSS])
def test_without_loss_or_network_there_is_nothing_to_prove(which: str):
    assert solve(examples.load(which)).proof() == {}


def test_an_infinite_loss_is_no_disagreement():
    """0.5 − 800 saturates: the probability is exactly 0 where 1 is the target."""
    document = {
        "nncalc": 1,
        "layers": [{"type": "dense", "units": 1, "activation": "sigmoid", "weights": [[-800]], "bias": False}],
        "data": {"x": [[1]], "y": [[1]]},
        "loss": "binary_crossentropy",
    }
    solution = solve(Problem.from_dict(document))
    assert solution.loss == math.inf
    for name, (_, _, digits, digits_of_difference) in solution.proof().items():
        assert 0 <= digits <= 16 and 0 <= digits_of_difference <= 16, name


def test_a_network_without_parameters_has_a_proof_of_none():
    document = {
        "nncalc": 1,
        "layers": [{"type": "activation", "activation": "tanh"}],
        "data": {"x": [[1, 2]], "y": [[1, 1]]},
    }
    assert solve(Problem.from_dict(document)).proof() == {}
