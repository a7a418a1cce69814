"""Convolutions and sliding windows, taken apart, against JAX's own."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax

import nncalc
from nncalc.errors import InputError
from nncalc.ledger.rules import RULES
from nncalc.ledger.trace import flatten
from nncalc.ledger.windows import WINDOWED
from tests.ledger.proof import drawn, faults, weighted

LEFT_FIRST = ("NCHW", "OIHW", "NCHW")
MIXED = ("CNHW", "HWIO", "NHCW")


def _same(f, *shapes):
    """Values, derivatives and formulas are right, and the equations are plain ones; see `proof`."""
    arguments = drawn(sum(map(sum, shapes)), *shapes)
    assert faults(weighted(f), *arguments) == []
    with jax.enable_x64(True):
        used = {equation.primitive.name for equation in flatten(f, *arguments).jaxpr.eqns}
    assert not used & (WINDOWED.keys() - RULES.keys())


@pytest.mark.parametrize("order", [("NHWC", "HWIO", "NHWC"), LEFT_FIRST, MIXED])
def test_a_convolution_may_have_its_axes_in_any_order(order):
    sizes = {"N": 2, "C": 3, "H": 5, "W": 4, "I": 3, "O": 2}
    left = [sizes[axis] for axis in order[0]]
    right = [{"H": 3, "W": 2}.get(axis) or sizes[axis] for axis in order[1]]
    _same(lambda x, w: lax.conv_general_dilated(x, w, (1, 1), "SAME", dimension_numbers=order), left, right)


@pytest.mark.parametrize(
    "settings",
    [
        {"window_strides": (2, 1), "padding": ((1, 0), (0, 2))},
        {"window_strides": (1, 2), "padding": ((0, 0), (0, 0)), "rhs_dilation": (2, 3)},
        {"window_strides": (1, 1), "padding": ((2, 2), (1, 1)), "lhs_dilation": (2, 3)},
        {"window_strides": (1, 1), "padding": ((-1, 0), (0, -1))},
    ],
)
def test_a_convolution_may_have_strides_dilation_and_any_padding(settings):
    _same(lambda x, w: lax.conv_general_dilated(x, w, **settings), (1, 2, 7, 8), (3, 2, 2, 2))


def test_a_convolution_may_be_in_groups():
    _same(
        lambda x, w: lax.conv_general_dilated(x, w, (1, 1), "VALID", feature_group_count=2), (2, 4, 4, 3), (6, 2, 2, 2)
    )


def test_a_convolution_may_be_over_one_axis_or_three():
    _same(lambda x, w: lax.conv_general_dilated(x, w, (2,), "SAME"), (2, 2, 7), (3, 2, 3))
    _same(lambda x, w: lax.conv_general_dilated(x, w, (1, 1, 1), "VALID"), (1, 1, 3, 3, 3), (1, 1, 2, 2, 2))


def test_a_transposed_convolution_is_one_with_holes_in_its_image():
    _same(lambda x, w: lax.conv_transpose(x, w, (2, 2), "SAME"), (1, 3, 3, 2), (3, 3, 2, 1))


def test_groups_of_samples_are_refused():
    def f(x, w):
        return jnp.sum(lax.conv_general_dilated(x, w, (1, 1), "VALID", batch_group_count=2))

    with pytest.raises(InputError, match="groups of samples .* one after the other"):
        nncalc.explain(f, *drawn(0, (2, 1, 3, 3), (2, 1, 2, 2)))


@pytest.mark.parametrize(("reduce", "start"), [(lax.max, -jnp.inf), (lax.min, jnp.inf), (lax.add, 0.0)])
@pytest.mark.parametrize(
    "settings",
    [
        {"window_dimensions": (1, 2, 2, 1), "window_strides": (1, 2, 2, 1), "padding": "VALID"},
        {"window_dimensions": (1, 3, 2, 1), "window_strides": (1, 1, 2, 1), "padding": "SAME"},
        {
            "window_dimensions": (1, 2, 2, 1),
            "window_strides": (1, 1, 1, 1),
            "padding": "VALID",
            "base_dilation": (1, 2, 2, 1),
        },
    ],
)
def test_a_sliding_window_may_have_strides_padding_and_holes(reduce, start, settings):
    _same(lambda x: lax.reduce_window(x, start, reduce, **settings), (2, 5, 6, 2))


def test_a_sliding_sum_may_have_dilation():  # of a maximum with dilation JAX itself has no derivative
    settings = {"window_strides": (1, 1), "padding": "VALID", "window_dilation": (2, 3)}
    _same(lambda x: lax.reduce_window(x, 0.0, lax.add, (2, 2), **settings), (5, 6))


def test_of_equal_largest_numbers_the_first_has_the_whole_derivative():
    def f(x):
        return jnp.sum(lax.reduce_window(x, -jnp.inf, lax.max, (2, 2), (2, 2), "VALID"))

    x = np.array([[1.0, 3.0, 0.0, 0.0], [3.0, 3.0, 0.0, 0.0]])
    explanation = nncalc.explain(f, x)
    assert explanation.gradients.tolist() == [[0, 1, 1, 0], [0, 0, 0, 0]] == jax.grad(f)(x).tolist()
    sentences = {step.quantity: step.sentence for step in explanation.steps}
    assert "the whole derivative is its own" in sentences["x[0][1].grad"]
    assert "that one has the whole derivative" in sentences["x[1][0].grad"]
    assert "derivative" not in sentences["x[0][0].grad"].partition(".")[2]
    explanation.check()


def test_windows_that_overlap_each_give_their_derivative():
    def f(x):
        return jnp.sum(lax.reduce_window(x, -jnp.inf, lax.max, (2,), (1,), "VALID"))

    assert nncalc.explain(f, np.array([1.0, 4.0, 2.0, 3.0])).gradients.tolist() == [0, 2, 0, 1]


def test_windows_with_too_many_numbers_to_compare_are_refused():
    """32 × 32 cells, each compared with those before it, at 33 × 33 places."""

    def f(x):
        return jnp.sum(lax.reduce_window(x, -jnp.inf, lax.max, (32, 32), (1, 1), "VALID"))

    with pytest.raises(InputError, match="too many to be written out .* Use fewer samples or a smaller network"):
        nncalc.explain(f, np.zeros((64, 64)))
