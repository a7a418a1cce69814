"""Formulas: what is simplified, what they are worth, and their slopes against finite differences in 40 digits."""

from typing import Any

import jax
import jax.numpy as jnp
import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncalc.formula import functions as fn
from nncalc.formula.expression import (
    Call,
    Cases,
    Compare,
    Expression,
    Function,
    Negative,
    Number,
    Over,
    Power,
    Product,
    Quotient,
    Slot,
    Sum,
    cases,
    evaluate,
    parts,
    rebuild,
    slots,
)
from nncalc.formula.functions import EXP, LN, MAX, SQRT, where
from nncalc.formula.slope import slope

a, b, c = Slot(0), Slot(1), Slot(2)
TABLE = {f.name: f for f in vars(fn).values() if isinstance(f, Function)}


@pytest.mark.parametrize(
    ("built", "simplified"),
    [
        (a * 1, a),
        (1 * a, a),
        (a + 0, a),
        (0 + a, a),
        (a * 0, Number(0.0)),
        (a - 0, a),
        (0 - a, Negative(a)),
        (a / 1, a),
        (a / a, Number(1.0)),
        (a**1, a),
        (a**0, Number(1.0)),
        (a * a, Power(a, Number(2.0))),
        (a * a * a, Power(a, Number(3.0))),
        (a**2 * a, Power(a, Number(3.0))),
        (Number(0.5) * 2, Number(1.0)),
        (Number(0.5) * (2 * a), a),
        (2 * (3 * a), Product((Number(6.0), a))),
        ((a + b) + c, Sum((a, b, c))),
        (a + (b + c), Sum((a, b, c))),
        (a + 1 + 2, Sum((a, Number(3.0)))),
        (1 + a - 1, a),
        (-Negative(a), a),
        (a - b, Sum((a, Negative(b)))),
        (-a * b, Negative(Product((a, b)))),
        (-a * -b, Product((a, b))),
        (a * -1, Negative(a)),
        (-a / b, Negative(Quotient(a, b))),
        (a / -b, Negative(Quotient(a, b))),
        (a / b / c, Quotient(a, Product((b, c)))),
        (Number(0.0) / a, Number(0.0)),
        (a * Number(-2.0), Negative(Product((Number(2.0), a)))),
        (Number(6.0) / 3, Number(2.0)),
        (cases((where(a, ">", 0), 1), otherwise=1), Number(1.0)),
    ],
)
def test_formulas_are_simplified_as_on_paper(built, simplified):
    assert built == simplified


def test_a_third_stays_a_fraction():
    assert Number(1.0) / 3 == Quotient(Number(1.0), Number(3.0))


def test_a_constant_stays_on_the_side_where_it_was_written():
    assert 1 - a == Sum((Number(1.0), Negative(a)))
    assert a - 1 == Sum((a, Negative(Number(1.0))))


def test_what_has_other_places_is_not_merged():
    assert Slot(0) * Slot(0, opened=1) == Product((Slot(0), Slot(0, opened=1)))


# Values and slopes of drawn formulas

with_numbers = st.sampled_from([Number(v) for v in (0.5, 2.0, 3.0, 0.25)] + [a, b, c])


def _grown(children):
    pair = st.tuples(children, children)
    tame = Function("bounded", lambda x: np.tanh(x) + 2, (lambda x, y: 1 - fn.TANH(x) ** 2,))  # between 1 and 3
    return st.one_of(
        pair.map(lambda p: p[0] + p[1]),
        pair.map(lambda p: p[0] - p[1]),
        pair.map(lambda p: p[0] * p[1]),
        pair.map(lambda p: p[0] / tame(p[1])),
        children.map(lambda x: -x),
        children.map(lambda x: x**2),
        children.map(lambda x: tame(x) ** Number(-1.5)),
        pair.map(lambda p: tame(p[0]) ** fn.TANH(p[1])),
        children.map(fn.TANH),
        children.map(fn.SIN),
        children.map(lambda x: LN(tame(x))),
        children.map(lambda x: SQRT(tame(x))),
        children.map(lambda x: EXP(fn.TANH(x))),
        pair.map(lambda p: MAX(*p)),
        st.tuples(children, children, children).map(
            lambda p: cases((where(p[0], ">", 0.1234567), p[1]), otherwise=p[2])
        ),
    )


drawn = st.recursive(with_numbers, _grown, max_leaves=8)
points = st.tuples(*[st.floats(-2, 2).map(lambda x: round(x, 3) + 0.000321) for _ in range(3)])


def in_many_digits(node: Expression, at) -> Any:
    """A second evaluation, written down again: one number at a time with mpmath."""

    def of(child):
        return in_many_digits(child, at)

    match node:
        case Slot(index):
            return at[index]
        case Number(value):
            return mpmath.mpf(value)
        case Sum(terms):
            return mpmath.fsum(map(of, terms))
        case Product(factors):
            return mpmath.fprod(map(of, factors))
        case Quotient(top, bottom):
            return of(top) / of(bottom)
        case Power(base, exponent):
            return mpmath.power(of(base), of(exponent))
        case Negative(inner):
            return -of(inner)
        case Compare(left, sign, right):
            x, y = of(left), of(right)
            return {"<": x < y, ">": x > y, "≤": x <= y, "≥": x >= y, "=": x == y, "≠": x != y}[sign]
        case Cases(choices, otherwise):
            return of(next((then for when, then in choices if of(when)), otherwise))
        case Call(function, arguments):
            values = [of(x) for x in arguments]
            if function.name == "bounded":
                return mpmath.tanh(values[0]) + 2
            known = {"ln": mpmath.log, "max": max, "exp": mpmath.exp, "sqrt": mpmath.sqrt, "|·|": abs}
            return (known.get(function.name) or getattr(mpmath, function.name))(*values)
    raise TypeError(node)


def near(found: float, expected) -> bool:
    return abs(found - float(expected)) <= 1e-9 * (1 + abs(float(expected)))


@given(drawn, points)
def test_a_drawn_formula_has_the_value_that_it_has_in_forty_digits(node, at):
    with mpmath.workdps(40):
        expected = in_many_digits(node, [mpmath.mpf(x) for x in at])
    assert near(float(evaluate(node, [np.array(x) for x in at])), expected)


@given(drawn, points)
def test_a_whole_array_is_worked_out_as_its_numbers_one_by_one(node, at):
    columns = [np.array([x, x + 0.5, -x]) for x in at]
    together = np.broadcast_to(evaluate(node, columns), 3)
    alone = [float(evaluate(node, [np.array(column[k]) for column in columns])) for k in range(3)]
    np.testing.assert_allclose(together, alone, rtol=1e-12)


@given(drawn, points, st.integers(0, 2))
def test_the_slope_of_a_drawn_formula_is_a_finite_difference(node, at, index):
    with mpmath.workdps(60):
        h = mpmath.mpf(10) ** -20
        low, high = ([mpmath.mpf(x) + sign * h * (k == index) for k, x in enumerate(at)] for sign in (-1, 1))
        expected = (in_many_digits(node, high) - in_many_digits(node, low)) / (2 * h)
    found = float(evaluate(slope(node, index), [np.array(x) for x in at]))
    assert near(found, expected)


@given(drawn)
def test_a_formula_rebuilt_is_the_same_formula(node):
    assert rebuild(node, lambda child: child) == node
    assert all(isinstance(part, Expression | Function) for part in parts(node))
    assert {slot.index for slot in slots(node)} <= {0, 1, 2}


@given(drawn)
def test_the_slope_with_respect_to_what_does_not_occur_is_nothing(node):
    assert slope(node, 7) == Number(0.0)


# Sums, products and extremes over an axis

ROW = np.array([[0.5, -1.25, 2.0], [3.0, 0.75, -0.5]])
WORDS = {"sum": np.sum, "product": np.prod, "max": np.max, "min": np.min}


@pytest.mark.parametrize("how", WORDS)
def test_gathering_runs_over_the_last_axis(how):
    np.testing.assert_allclose(evaluate(Over(a, 3, how), [ROW]), WORDS[how](ROW, axis=1))


def test_a_sum_of_products_is_a_dot_product():
    np.testing.assert_allclose(evaluate(Over(a * b, 3), [ROW, ROW[::-1]]), (ROW * ROW[::-1]).sum(1))


def test_what_is_outside_of_a_sum_is_the_same_at_every_place_of_it():
    np.testing.assert_allclose(evaluate(Over(a * b, 3), [ROW, ROW[:, 0]]), ROW.sum(1) * ROW[:, 0])


def test_a_sum_of_something_constant_counts_its_places():
    assert float(evaluate(Over(Number(2.0), 3), [])) == 6.0


def test_a_sum_within_a_sum():
    cube = np.arange(24.0).reshape(2, 3, 4)
    node = Over(b * Over(a, 4), 3)
    np.testing.assert_allclose(evaluate(node, [cube, ROW]), (cube.sum(2) * ROW).sum(1))


@pytest.mark.parametrize("how", WORDS)
@pytest.mark.parametrize(
    "row", [[0.5, -1.25, 2.0], [2.0, 2.0, -3.0], [0.0, 4.0, -1.0], [0.0, 0.0, 5.0], [1.0, 1.0, 1.0]]
)
def test_the_slope_of_what_is_gathered_is_that_of_jax(how, row):
    with jax.enable_x64(True):
        expected = jax.grad({"sum": jnp.sum, "product": jnp.prod, "max": jnp.max, "min": jnp.min}[how])(jnp.array(row))
    formula = slope(Over(a, 3, how), 0)
    for k, value in enumerate(row):
        filled = {0: np.array([row]), 1: np.array([value])}
        node = _by_depth(formula)
        with np.errstate(all="ignore"):  # of every case both sides are worked out
            found = float(np.ravel(evaluate(node, [filled[0], filled[1]]))[0])
        assert found == pytest.approx(float(expected[k]))


def _by_depth(node: Expression) -> Expression:
    """Slot 0 as the whole row, the opened one as slot 1."""
    return Slot(node.opened) if isinstance(node, Slot) else rebuild(node, _by_depth)


# The table of functions

DOMAINS = {
    "ln": (0.1, 5),
    "sqrt": (0.1, 5),
    "asin": (-0.9, 0.9),
    "acos": (-0.9, 0.9),
    "acosh": (1.1, 5),
    "atanh": (-0.9, 0.9),
}
IN_MPMATH = {
    "ln": mpmath.log,
    "cbrt": lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)),
    "|·|": abs,
    "round": mpmath.nint,
    "max": max,
    "min": min,
}
FLAT = ("sign", "floor", "ceil", "round")


@pytest.mark.parametrize("name", sorted(TABLE.keys() - {"stop_gradient"}))
def test_every_function_of_the_table_has_its_value_and_its_slope(name):
    function = TABLE[name]
    reference = IN_MPMATH.get(name) or getattr(mpmath, name)
    low, high = DOMAINS.get(name, (-2.7, 2.7))
    for seed in range(20):
        at = np.random.default_rng(seed).uniform(low, high, len(function.slopes))
        node = function(*(Slot(k) for k in range(len(at))))
        with mpmath.workdps(40):
            exact = [mpmath.mpf(x) for x in at]
            assert near(float(evaluate(node, list(at))), reference(*exact))
            for k in range(len(at)):
                expected = mpmath.diff(lambda x, k=k, at=exact: reference(*at[:k], x, *at[k + 1 :]), exact[k])
                assert near(float(evaluate(slope(node, k), list(at))), 0 if name in FLAT else expected)


def test_nothing_flows_through_a_stopped_number():
    stopped = TABLE["stop_gradient"](a) * a
    assert slope(stopped, 0) == TABLE["stop_gradient"](a)
    assert float(evaluate(stopped, [np.array(3.0)])) == 9.0


@pytest.mark.parametrize("name", sorted(TABLE))
def test_every_function_that_opens_into_parts_is_worth_the_same(name):
    function = TABLE[name]
    if function.parts is not None:
        at = [np.array(0.3 + k) for k in range(len(function.slopes))]
        opened = function.parts(*(Slot(k) for k in range(len(at))))
        assert float(evaluate(opened, at)) == pytest.approx(float(function.value(*at)), rel=1e-13)


@pytest.mark.parametrize(("name", "at"), [("max", 2.0), ("min", 2.0)])
def test_two_equal_numbers_share_the_slope_of_their_extreme(name, at):
    node = TABLE[name](a, b)
    assert [float(evaluate(slope(node, k), [np.array(at), np.array(at)])) for k in (0, 1)] == [0.5, 0.5]
