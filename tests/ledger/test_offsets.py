"""Offsets on named numbers: derivatives with respect to what lies between, against those worked out on paper."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.ad_checkpoint import checkpoint_name as named

from nncalc.ledger.check import CentralDifferences, digits_between
from nncalc.ledger.offsets import with_offsets


@pytest.fixture(autouse=True)
def float64():
    with jax.enable_x64(True):
        yield


def derivatives(f, *arguments) -> dict[str, np.ndarray]:
    g, offsets = with_offsets(f, *arguments)
    return {name: np.asarray(v) for name, v in jax.grad(g)(offsets, *arguments).items()}


def test_the_derivative_by_what_lies_between_is_that_of_the_rest():
    """L = (3x)², z = 3x = 6: dL/dz = 2z."""
    assert derivatives(lambda x: named(3 * x, "z") ** 2, 2.0) == {"z": 12}


def test_every_name_on_a_chain_has_its_own():
    """z = 2·3 = 6, e = z − 10 = −4, L = e²/2: dL/de = −4, dL/dz = −4."""

    def loss(w, x):
        z = named(w * x, "z[sample]")
        e = named(z - 10, "e")
        return named(e**2, "term") / 2

    assert derivatives(loss, 2.0, 3.0) == {"z": -4, "e": -4, "term": 0.5}


def test_a_number_that_is_read_twice_collects_both_ways():
    """a = 5: L = a·b + a² with b = 2a named too: dL/da = b + 2·a + 2·a (through b) = 10 + 10 + 10, dL/db = a."""

    def loss(x):
        a = named(x + 1, "a")
        b = named(2 * a, "b")
        return a * b + a**2

    assert derivatives(loss, 4.0) == {"a": 30, "b": 5}


def test_of_an_array_every_entry_has_one():
    """L = Σ w² with w = (1, −2, 3): 2w; softer, through a matrix: z = xW, L = Σ z."""

    def loss(x, weights):
        z = named(x @ weights, "layer.z[sample, unit]")
        return jnp.sum(named(z**2, "squares"))

    x, weights = jnp.array([[1.0, 2.0]]), jnp.array([[1.0, -1.0, 0.0], [0.0, 1.0, 2.0]])
    found = derivatives(loss, x, weights)
    np.testing.assert_array_equal(found["layer.z"], [[2, 2, 8]])  # z = (1, 1, 4)
    np.testing.assert_array_equal(found["squares"], [[1, 1, 1]])


def test_with_offsets_of_0_the_function_is_what_it_was():
    def loss(parameters, x):
        return jnp.sum(named(jnp.tanh(parameters["w"] * x), "a") ** 2) + parameters["b"]

    arguments = ({"w": jnp.array([0.3, -0.7]), "b": jnp.array(0.25)}, jnp.array([1.0, 2.0]))
    g, offsets = with_offsets(loss, *arguments)
    assert {name: value.tolist() for name, value in offsets.items()} == {"a": [0, 0]}
    assert float(g(offsets, *arguments)) == float(loss(*arguments))
    other = ({"w": jnp.array([1.0, 1.0]), "b": jnp.array(0.0)}, jnp.array([0.5, 0.5]))
    assert float(g(offsets, *other)) == float(loss(*other))  # traced with some numbers, run with others


def test_an_offset_is_added_to_the_number_that_has_the_name():
    g, _ = with_offsets(lambda x: named(3 * x, "z") ** 2, 2.0)
    assert float(g({"z": jnp.array(1.0)}, 2.0)) == 49


def test_a_function_without_names_has_no_offsets():
    g, offsets = with_offsets(lambda x: x**2, 3.0)
    assert offsets == {} and float(g({}, 3.0)) == 9


def test_names_inside_of_functions_that_are_called_have_none():
    inner = jax.jit(lambda x: named(2 * x, "inside"))
    g, offsets = with_offsets(lambda x: named(inner(x) + 1, "outside") ** 2, 1.0)
    assert set(offsets) == {"outside"} and float(g(offsets, 1.0)) == 9


def test_custom_slopes_hold_behind_an_offset():
    """ReLU's slope at exactly 0 is 0, also where the derivative is taken by the number that goes in."""
    assert derivatives(lambda x: jax.nn.relu(named(x - 1, "z")) * 5, 1.0) == {"z": 0}
    assert derivatives(lambda x: jax.nn.relu(named(x - 1, "z")) * 5, 3.0) == {"z": 5}


def test_differences_of_offsets_agree_with_their_derivatives():
    def loss(w):
        a = named(jnp.tanh(w), "a")
        return jnp.sum(named(a**3, "cubes") * w)

    w = jnp.array([0.4, -1.2, 2.0])
    g, offsets = with_offsets(loss, w)
    gradients = jax.grad(g)(offsets, w)
    found = CentralDifferences(g)((offsets, w), np.arange(6))
    np.testing.assert_allclose(found[:3], 3 * np.tanh(w) ** 2 * w, rtol=1e-8)
    np.testing.assert_allclose(found, np.concatenate([gradients["a"], gradients["cubes"]]), rtol=1e-8)


# How many digits agree

NAN, INF = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("a", "b", "weight", "digits"),
    [
        (1.0, 1.0, 0.0, 16),
        (0.0, 0.0, 0.0, 16),
        (0.0, -0.0, 0.0, 16),
        (1.5, 1.50002, 0.0, 4),  # apart by 1.3e-5 of itself
        (-1.5, -1.50002, 0.0, 4),
        (1500.0, 1500.02, 0.0, 4),
        (1.5, 1.50002, 1e-3, 4),
        (1.0, -1.0, 0.0, 0),
        (1.0, 2.0, 0.0, 0),
        (1.0, 1000.0, 0.0, 0),
        (1000.0, 1.0, 0.0, 0),  # never below 0
        (0.0, 0.002, 1.0, 2),  # where terms of size 1 cancel, 0.002 is what two digits leave
        (3e-16, 0.0, 1.0, 15),
        (3e-16, 0.0, 0.0, 0),
        (1e-9, 2e-9, 1e-9, 0),  # small numbers may be wrong too
        (3e-18, 0.0, 1.0, 16),  # never above 16
        (NAN, NAN, 1.0, 16),
        (NAN, 1.0, 1.0, 0),
        (1.0, NAN, 1.0, 0),
        (INF, INF, 1.0, 16),
        (INF, -INF, 1.0, 0),
        (INF, 1.0, 1.0, 0),
        (1.0, INF, 1.0, 0),
        (1.0, 2.0, NAN, 0),
    ],
)
def test_digits_are_counted_at_the_weight_of_a_derivative(a: float, b: float, weight: float, digits: int):
    assert digits_between(np.array([a]), np.array([b]), np.array([weight])).tolist() == [digits]


def test_what_is_less_than_can_be_told_apart_agrees():
    """A central difference of a derivative that is 0 is what rounding leaves."""
    found = digits_between(np.array([0.0, 2e-5]), np.array([3e-16, 0.0]), np.zeros(2), least=1e-3)
    assert found.tolist() == [12, 1]


def test_at_an_infinite_weight_different_numbers_don_t_agree():
    assert digits_between(np.array([1.0]), np.array([2.0]), np.array([INF])).tolist() == [0]


def test_digits_of_many_are_whole_numbers_of_their_shape():
    found = digits_between(np.zeros((2, 3)), np.full((2, 3), 0.5), np.ones((2, 3)))
    assert found.shape == (2, 3) and found.dtype.kind == "i"
