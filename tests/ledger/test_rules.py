"""Every row of the table of rules, against its primitive and `jax.grad`."""

import re

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax
from jax.ad_checkpoint import checkpoint_name
from jax.interpreters import ad

from nncalc.errors import InputError
from nncalc.formula.expression import Slot, evaluate, expression
from nncalc.formula.functions import where
from nncalc.formula.slope import slope
from nncalc.ledger.rules import RULES, Gather, InPlace, Move, Still
from nncalc.ledger.tape import Tape
from nncalc.ledger.trace import flatten
from tests.ledger.proof import drawn, faults, rows_without_a_test, weighted

REAL, POSITIVE, INSIDE, ABOVE_ONE = (-2.7, 2.7), (0.2, 3.0), (-0.9, 0.9), (1.2, 4.0)


@jax.custom_jvp
def twisted(x):
    """A user's own: the value of x², the slope of something else."""
    return x * x


twisted.defjvp(lambda primals, tangents: (twisted(*primals), jnp.cos(primals[0]) * tangents[0]))


@jax.custom_jvp
def mixed(x, y):
    return x * jnp.sin(y)


mixed.defjvp(lambda p, t: (mixed(*p), 3 * p[1] * t[0] + p[0] ** 2 * t[1]))

# For every in-place primitive: the primitive, and between which numbers its operands are drawn.
IN_PLACE = {
    "add": (lax.add, REAL, REAL),
    "add_any": (ad.add_jaxvals_p.bind, REAL, REAL),
    "sub": (lax.sub, REAL, REAL),
    "neg": (lax.neg, REAL),
    "mul": (lax.mul, REAL, REAL),
    "div": (lax.div, REAL, POSITIVE),
    "rem": (lax.rem, REAL, POSITIVE),
    "integer_pow": (lambda x: lax.integer_pow(x, 3), REAL),
    "pow": (lax.pow, POSITIVE, REAL),
    "square": (lax.square, REAL),
    "sqrt": (lax.sqrt, POSITIVE),
    "rsqrt": (lax.rsqrt, POSITIVE),
    "cbrt": (lax.cbrt, REAL),
    "exp": (lax.exp, REAL),
    "exp2": (lax.exp2, REAL),
    "expm1": (lax.expm1, REAL),
    "log": (lax.log, POSITIVE),
    "log1p": (lax.log1p, INSIDE),
    "logistic": (lax.logistic, REAL),
    "tanh": (lax.tanh, REAL),
    "sin": (lax.sin, REAL),
    "cos": (lax.cos, REAL),
    "tan": (lax.tan, INSIDE),
    "asin": (lax.asin, INSIDE),
    "acos": (lax.acos, INSIDE),
    "atan": (lax.atan, REAL),
    "sinh": (lax.sinh, REAL),
    "cosh": (lax.cosh, REAL),
    "asinh": (lax.asinh, REAL),
    "acosh": (lax.acosh, ABOVE_ONE),
    "atanh": (lax.atanh, INSIDE),
    "erf": (lax.erf, REAL),
    "erfc": (lax.erfc, REAL),
    "abs": (lax.abs, REAL),
    "sign": (lax.sign, REAL),
    "floor": (lax.floor, REAL),
    "ceil": (lax.ceil, REAL),
    "round": (lambda x: lax.round(x, lax.RoundingMethod.TO_NEAREST_EVEN), REAL),
    "max": (lax.max, REAL, REAL),
    "min": (lax.min, REAL, REAL),
    "clamp": (lax.clamp, (-2.0, -0.5), REAL, (0.5, 2.0)),
    "select_n": (lambda which, a, b: lax.select_n(which > 0, a, b), REAL, REAL, REAL),
    "convert_element_type": (lambda x: lax.convert_element_type(x, jnp.float32), REAL),
    "reduce_precision": (lambda x: lax.reduce_precision(x, 11, 52), REAL),
    "lt": (lax.lt, REAL, REAL),
    "le": (lax.le, REAL, REAL),
    "gt": (lax.gt, REAL, REAL),
    "ge": (lax.ge, REAL, REAL),
    "eq": (lax.eq, REAL, REAL),
    "ne": (lax.ne, REAL, REAL),
    "and": (lambda x, y: lax.bitwise_and(x > 0, y > 0), REAL, REAL),
    "or": (lambda x, y: lax.bitwise_or(x > 0, y > 0), REAL, REAL),
    "not": (lambda x: lax.bitwise_not(x > 0), REAL),
    "is_finite": (lax.is_finite, REAL),
    "custom_jvp_call": (twisted, REAL),
    "stop_gradient": (lax.stop_gradient, REAL),
}
OF_BOOLEANS = ("and", "or", "not", "select_n")  # their operands are made of numbers in the table above
SINGLE = ("convert_element_type",)  # float32: six digits agree

# For every move: something that makes it, on an array of two rows of three.
MOVES = {
    "reshape": lambda x: x.reshape(3, 2),
    "transpose": lambda x: x.T,
    "broadcast_in_dim": lambda x: jnp.broadcast_to(x, (4, 2, 3)),
    "squeeze": lambda x: lax.squeeze(x[:1], (0,)),
    "expand_dims": lambda x: lax.expand_dims(x, (0, 2)),
    "slice": lambda x: x[:, 1:],
    "dynamic_slice": lambda x: lax.dynamic_slice(x, (1, 1), (1, 2)),
    "dynamic_update_slice": lambda x: lax.dynamic_update_slice(x, 3 * x[:1], (1, 0)),
    "concatenate": lambda x: jnp.concatenate([x, 2 * x, jnp.ones((1, 3))]),
    "gather": lambda x: x[np.array([0, 1, 1]), np.array([2, 0, 0])],
    "pad": lambda x: lax.pad(x, 0.5, [(1, 0, 1), (0, 2, 0)]),
    "rev": lambda x: x[::-1],
    "copy": jnp.copy,
    "split": lambda x: jnp.split(x, 3, axis=1)[1],
    "tile": lambda x: jnp.tile(x, (2, 2)),
    "stack": lambda x: jnp.stack([x, 2 * x], axis=1),
    "name": lambda x: checkpoint_name(x, "mine[row, column]"),
    "optimization_barrier": lax.optimization_barrier,
    "stop_gradient": lambda x: lax.stop_gradient(x) * x,
}
# What one JAX has a primitive for, and another makes of others.
OF_OTHER_VERSIONS = {"expand_dims", "copy", "copy_p", "real", "split", "stack", "tile"}
RANDOM = (
    "random_seed random_wrap random_unwrap random_bits random_split random_fold_in shift_right_logical shift_left "
    "shift_right_arithmetic bitcast_convert_type population_count clz"
).split()
STILL = {
    "iota": lambda x: lax.iota(float, 3) * x,
    "argmax": lambda x: jnp.argmax(x, axis=1).astype(float)[:, None] * x,
    "argmin": lambda x: jnp.argmin(x, axis=1).astype(float)[:, None] * x,
    **dict.fromkeys(
        RANDOM, lambda x: x * jax.random.normal(jax.random.fold_in(jax.random.split(jax.random.key(1))[0], 2), (2, 3))
    ),
}
GATHERED = {"reduce_sum": jnp.sum, "reduce_prod": jnp.prod, "reduce_max": jnp.max, "reduce_min": jnp.min}
CONTRACTED = {"dot_general"}
WINDOWS = {"reduce_window_max", "reduce_window_min"}  # see test_windows


def test_every_row_has_a_test():
    tested = {*IN_PLACE, *MOVES, *STILL, *GATHERED, *CONTRACTED, *WINDOWS, *OF_OTHER_VERSIONS}
    assert rows_without_a_test(RULES, tested) == set()
    assert {n for n, r in RULES.items() if isinstance(r, Gather)} == {*GATHERED, *WINDOWS}
    assert {n for n, r in RULES.items() if isinstance(r, Still)} == set(STILL)
    assert {n for n, r in RULES.items() if isinstance(r, Move)} <= {*MOVES, *OF_OTHER_VERSIONS}
    assert {n for n, r in RULES.items() if isinstance(r, InPlace)} <= {*IN_PLACE}


def operands(name: str, shape: tuple[int, ...] = (7,)) -> list[np.ndarray]:
    ranges = IN_PLACE[name][1:]
    return [np.random.default_rng(k).uniform(low, high, shape) for k, (low, high) in enumerate(ranges)]


@pytest.mark.parametrize("name", sorted(IN_PLACE.keys() & RULES.keys() - {"stop_gradient", "custom_jvp_call"}))
def test_the_formula_of_a_primitive_has_its_value_and_its_slope(name):
    f, *_ = IN_PLACE[name]
    values = operands(name)
    with jax.enable_x64(True):
        jaxpr = jax.make_jaxpr(f)(*values)
        equation = next(e for e in jaxpr.jaxpr.eqns if e.primitive.name == name)
        filled = [v > 0 for v in values] if name in OF_BOOLEANS[:3] else [values[0] > 0, *values[1:]]
        filled = filled if name in OF_BOOLEANS else values
        expected = np.asarray(equation.primitive.bind(*filled, **equation.params), float)
        slots = [where(Slot(k), ">", 0) if v.dtype == bool else Slot(k) for k, v in enumerate(filled)]
        formula = expression(RULES[name].formula(*slots, **equation.params))  # pyright: ignore[reportAttributeAccessIssue]
        numbers = values
        tolerance = 1e-6 if name in SINGLE else 1e-12
        np.testing.assert_allclose(np.broadcast_to(evaluate(formula, numbers), 7), expected, rtol=tolerance)
        if np.asarray(f(*values)).dtype.kind != "f":
            assert all(not np.any(evaluate(slope(formula, k), numbers)) for k in range(len(values)))
            return
        for k in range(name == "select_n", len(values)):
            with np.errstate(all="ignore"):
                found = np.broadcast_to(evaluate(slope(formula, k), numbers), 7)
            np.testing.assert_allclose(found, by_jax(f, values, k), rtol=max(tolerance, 1e-10), atol=1e-13)


def by_jax(f, values, k):
    return jax.jit(jax.grad(lambda *v: jnp.sum(f(*v).astype(float)), argnums=k))(*values)


@pytest.mark.parametrize("name", IN_PLACE)
def test_the_ledger_of_a_primitive_is_jaxs(name):
    f, *_ = IN_PLACE[name]
    assert faults(weighted(f), *operands(name, (2, 3)), rtol=1e-5 if name in SINGLE else 1e-9) == []


@pytest.mark.parametrize("name", MOVES)
def test_moved_numbers_stay_the_same(name):
    x = drawn(1, (2, 3))[0]
    if name not in OF_OTHER_VERSIONS:
        assert name in {e.primitive.name for e in jax.make_jaxpr(MOVES[name])(x).jaxpr.eqns}
    assert faults(weighted(lambda y: MOVES[name](y) ** 2), x) == []


@pytest.mark.parametrize("name", sorted(STILL.keys() - set(RANDOM[1:])))
def test_what_has_no_derivative_is_a_fixed_number(name):
    assert faults(weighted(STILL[name]), *drawn(2, (2, 3))) == []


GATHERED_ROWS = {
    "drawn": [[0.5, -1.25, 2.0], [1.5, 0.25, -0.75]],
    "equal": [[2.0, 2.0, -1.0], [-1.0, -1.0, -1.0]],
    "one zero": [[0.0, -1.25, 2.0], [1.5, 0.0, 2.0]],
    "two zeros": [[0.0, 0.0, 2.0], [0.0, 0.0, 0.0]],
}


@pytest.mark.parametrize("axis", [0, None])
@pytest.mark.parametrize("numbers", GATHERED_ROWS)
@pytest.mark.parametrize("name", GATHERED)
def test_gathering_also_of_equal_numbers_and_of_zeros(name, numbers, axis):
    assert faults(weighted(lambda x: GATHERED[name](x, axis=axis)), np.array(GATHERED_ROWS[numbers])) == []


@pytest.mark.parametrize("name", GATHERED)
def test_gathering_what_is_computed_and_used_elsewhere(name):
    def f(x, y):
        products = x * y[:, None]
        return jnp.sum(GATHERED[name](products, axis=0) * jnp.sin(products)[1])

    assert faults(f, *drawn(3, (2, 3), (2,))) == []


@pytest.mark.parametrize(
    ("layout", "left", "right"),
    [
        ("ij,jk->ik", (2, 3), (3, 4)),
        ("ij,kj->ik", (2, 3), (4, 3)),
        ("ji,jk->ki", (3, 2), (3, 4)),
        ("bij,bjk->bik", (2, 3, 2), (2, 2, 2)),
        ("bij,jbk->kbi", (2, 3, 2), (2, 2, 3)),
        ("bi,bi->b", (3, 4), (3, 4)),
        ("i,i->", (4,), (4,)),
        ("i,j->ij", (2,), (3,)),
        ("abij,abjk->abik", (2, 1, 2, 2), (2, 1, 2, 3)),
        ("aij,bij->ab", (2, 2, 3), (3, 2, 3)),
        ("ijk,k->ji", (2, 3, 2), (2,)),
        ("ij,jk->ik", (1, 1), (1, 1)),
    ],
)
def test_products_of_arrays_in_every_layout(layout, left, right):
    assert faults(weighted(lambda a, b: jnp.einsum(layout, a, b)), *drawn(4, left, right)) == []


def test_a_matrix_times_itself_counts_every_number_twice():
    assert faults(weighted(lambda a: a @ a.T), *drawn(5, (2, 3))) == []
    assert faults(weighted(lambda a: a @ a @ a), *drawn(5, (2, 2))) == []


def test_a_product_with_a_dimension_numbers_of_ones_own():
    numbers = (((2, 0), (1, 2)), ((1,), (0,)))
    assert faults(weighted(lambda a, b: lax.dot_general(a, b, numbers)), *drawn(6, (3, 2, 2), (2, 2, 3))) == []


# Corners: what JAX has, the formula has


@pytest.mark.parametrize(
    ("f", "at"),
    [
        (lax.abs, [0.0]),
        (lax.sign, [0.0]),
        (lambda x: lax.max(x, 1.0), [1.0]),
        (lambda x: lax.min(1.0, x), [1.0]),
        (lambda x: lax.max(x, x), [1.0]),
        (lambda x: jnp.clip(x, 0.0, 1.0), [0.0]),
        (lambda x: jnp.clip(x, 0.0, 1.0), [1.0]),
        (lambda x: lax.clamp(0.0, x, 1.0), [0.0]),
        (lambda x: lax.clamp(0.0, x, 1.0), [1.0]),
        (lambda low, x: lax.clamp(low, x, 1.0), [0.5, 0.5]),
        (lambda x: x**2, [0.0]),
        (lambda x: x**0, [0.0]),
        (lambda x, y: x**y, [0.0, 2.0]),
        (lambda x, y: x**y, [0.0, 1.0]),
        (lambda x: x**-2, [3.0]),
        (lambda x: x**-1, [0.25]),
        (lambda x: x**2.5, [0.25]),
        (lambda x: lax.rem(x, 2.0), [-3.5]),
        (lambda x: x % 2.0, [-3.5]),
        (lambda x, y: x % y, [7.3, -2.0]),
        (lambda x: x // 2.0 + x, [7.3]),
        (jnp.sqrt, [0.25]),
        (lambda x: jnp.where(x > 0, jnp.log(jnp.where(x > 0, x, 1.0)), 0.0), [-1.0]),
        (lambda x: jnp.arctan2(x, 2.0) if "atan2" in RULES else x, [0.5]),
        (jax.nn.relu, [0.0]),
        (jax.nn.relu6, [6.0]),
        (jax.nn.leaky_relu, [0.0]),
        (jax.nn.elu, [0.0]),
        (jnp.logaddexp, [700.0, 1.0]),
        (jnp.logaddexp, [1.0, 1.0]),
        (jax.scipy.special.xlogy, [0.0, 0.5]),
        (jax.nn.log_sigmoid, [-30.0]),
        (jax.nn.hard_sigmoid, [3.0]),
        (jax.nn.soft_sign, [-2.0]),
        (jax.nn.celu, [-1.0]),
        (jnp.nan_to_num, [1.5]),
        (jnp.square, [-3.0]),
        (jnp.reciprocal, [-4.0]),
        (jnp.log10, [8.0]),
        (jnp.exp2, [3.0]),
        (jnp.deg2rad, [30.0]),
        (jnp.fabs, [-3.0]),
        (jnp.heaviside, [-3.0, 1.0]),
    ],
)
def test_at_a_corner_the_formula_has_jaxs_slope(f, at):
    assert faults(lambda *x: f(*x) * 1.5, *at) == []


@pytest.mark.parametrize(
    ("f", "at"),
    [
        (jnp.sinc, [0.0]),
        (jnp.hypot, [3.0, 4.0]),
        (jnp.log2, [8.0]),
        (lambda x: jnp.polyval(jnp.array([1.0, 2.0, 3.0]), x), [0.5]),
    ],
)
def test_what_jax_0_12_has_a_new_primitive_for_is_explained_rightly_or_refused_by_name(f, at):
    try:
        found = faults(lambda *x: f(*x) * 1.5, *at)
    except InputError as refused:
        assert jax.__version_info__ >= (0, 12) and re.match("`(log2|polynomial|custom_jvp_call)`", str(refused))
    else:
        assert found == []


def test_a_number_made_whole_is_not_printed_as_the_number():
    assert faults(lambda x: x * x.astype(int).astype(float), 3.7) == []
    assert faults(lambda x: x * x.astype(bool).astype(float), 3.7) == []
    assert faults(lambda x: jnp.sum(x * (x > 0).astype(int)), np.array([3.7, -1.0])) == []


def test_whole_numbers_are_divided_as_whole_numbers():
    assert faults(lambda x: x * lax.div(x.astype(int), 2).astype(float), 7.9) == []


# Array code of every day

EVERYDAY = {
    "slices": lambda x: x[:, ::2] * x[1, 0],
    "negative steps": lambda x: x[::-1, ::-1] * x,
    "new axes": lambda x: x[:, None] * x[None],
    "fancy indices": lambda x: x[np.array([1, 0, 1])][:, np.array([2, 2])],
    "masks": lambda x: x[np.array([True, False])],
    "concatenation": lambda x: jnp.concatenate([x, x[:, :1]], axis=1) ** 2,
    "stacks": lambda x: jnp.stack([x, 2 * x, x * x]),
    "rolls": lambda x: jnp.roll(x, 1, axis=1) * x,
    "diagonals": lambda x: jnp.diag(x[0]) @ x.T,
    "triangles": lambda x: jnp.tril(x @ x.T),
    "traces": lambda x: jnp.trace(x @ x.T),
    "repeats": lambda x: jnp.repeat(x, 2, axis=0) ** 2,
    "tiles": lambda x: jnp.tile(x, 2) ** 2,
    "padding": lambda x: jnp.pad(x, 1) ** 2,
    "means": lambda x: jnp.mean(x, axis=0) ** 2,
    "variances": lambda x: jnp.var(x, axis=1),
    "deviations": lambda x: jnp.std(x, axis=1),
    "ranges": lambda x: jnp.ptp(x, axis=1),
    "norms": lambda x: jnp.linalg.norm(x),
    "logsumexp": lambda x: jax.scipy.special.logsumexp(x, axis=1),
    "softmax": lambda x: jax.nn.softmax(x),
    "softmax of columns": lambda x: jax.nn.softmax(x, axis=0),
    "log softmax": lambda x: jax.nn.log_softmax(x),
    "layer norm": lambda x: (x - x.mean(1, keepdims=True)) / jnp.sqrt(x.var(1, keepdims=True) + 1e-3),
    "one-hot": lambda x: x * jax.nn.one_hot(np.array([0, 2]), 3),
    "winner": lambda x: x * jax.nn.one_hot(jnp.argmax(x, 1), 3),
    "where": lambda x: jnp.where(x > 0, x**2, -3 * x),
    "nested where": lambda x: jnp.where(x > 1, x, jnp.where(x > 0, x**2, jnp.exp(x))),
    "maximum": lambda x: jnp.maximum(x, x[::-1]),
    "broadcasting": lambda x: x + x[0] * x[:, :1],
    "outer": lambda x: jnp.outer(x[0], x[1]),
    "cross": lambda x: jnp.cross(x[0], x[1]),
    "vmap": lambda x: jax.vmap(lambda row: jnp.sum(row**2) * row[0])(x),
    "vmap of columns": lambda x: jax.vmap(lambda a, b: a @ b, in_axes=(1, None))(x, x[:, 0]),
    "jit": jax.jit(lambda x: jnp.sin(x) * x),
    "remat": jax.checkpoint(lambda x: jnp.sin(x) * x),
    "grad inside": lambda x: jax.grad(lambda y: jnp.sum(jnp.sin(y) ** 2))(x),
    "vmap of grad": lambda x: jax.vmap(jax.grad(lambda r: jnp.prod(r)))(x),
    "moving axes": lambda x: jnp.moveaxis(x[None], 0, 2) * 2,
    "flattening": lambda x: x.ravel()[1:] * x.ravel()[:-1],
    "dropout": lambda x: jnp.where(jax.random.bernoulli(jax.random.key(3), 0.5, x.shape), x / 0.5, 0.0),
    "a list of a list": lambda x: jnp.array([[x[0, 0], 1.0], [2.0, x[1, 2]]]) ** 2,
    "a number used everywhere": lambda x: x * x[0, 0] + x[0, 0] ** 2,
    "nothing at all": lambda x: x * 0.0,
    "empty": lambda x: x[:0].sum() + x,
}


@pytest.mark.parametrize("what", EVERYDAY)
def test_array_code_of_every_day(what):
    assert faults(weighted(EVERYDAY[what]), *drawn(7, (2, 3))) == []


# Loops


def test_a_scan_is_its_body_once_per_round():
    def f(w, xs):
        last, ys = lax.scan(lambda h, x: (jnp.tanh(w * h + x), h * x), jnp.array(0.5), xs)
        return last + jnp.sum(ys**2)

    assert faults(f, 0.8, *drawn(8, (4,))) == []


def test_a_scan_backwards_writes_its_rounds_where_they_belong():
    def f(xs):
        last, ys = lax.scan(lambda h, x: (h * x, h + 2 * x), 1.0, xs, reverse=True)
        return last + jnp.sum(ys * jnp.arange(1.0, 5))

    assert faults(f, *drawn(9, (4,))) == []


def test_a_scan_over_trees_in_a_scan():
    def inner(carry, x):
        return {"h": carry["h"] * x["a"] + x["b"], "k": carry["k"] + 1}, None

    def outer(h, row):
        carry, _ = lax.scan(inner, {"h": h, "k": 0.0}, {"a": row, "b": row**2})
        return carry["h"] + carry["k"], carry["h"]

    assert faults(lambda x: jnp.sum(lax.scan(outer, 0.3, x)[1]), *drawn(10, (2, 3))) == []


@pytest.mark.parametrize("unroll", [1, 2])
def test_a_loop_of_a_fixed_number_of_rounds(unroll):
    def f(x):
        return jnp.sum(lax.fori_loop(0, 3, lambda i, c: c * x[i] + i, jnp.ones(()), unroll=unroll))

    assert faults(f, *drawn(11, (3,))) == []


def test_a_scan_over_nothing():
    def f(x):
        last, ys = lax.scan(lambda h, y: (h * y, h), x, jnp.zeros((0,)))
        return last * 2 + jnp.sum(ys)

    assert faults(f, 1.5) == []


def test_a_scan_of_a_vmap_and_a_vmap_of_a_scan():
    def power(x):
        return lax.scan(lambda c, _: (c * x, None), 1.0, None, length=3)[0]

    assert faults(weighted(jax.vmap(power)), *drawn(12, (3,))) == []
    assert (
        faults(
            weighted(lambda x: lax.scan(lambda c, r: (c + jax.vmap(jnp.sin)(r), None), x[0], x)[0]), *drawn(13, (2, 3))
        )
        == []
    )


# Derivatives of one's own


def test_an_own_derivative_counts_and_not_that_of_the_body():
    assert faults(weighted(twisted), *drawn(14, (2, 3))) == []
    assert faults(weighted(lambda x, y: mixed(x, y)), *drawn(15, (3,), (3,))) == []
    assert faults(weighted(jax.vmap(twisted)), *drawn(14, (3,))) == []
    assert faults(weighted(jax.jit(lambda x: twisted(2 * x) ** 2)), *drawn(14, (3,))) == []


def test_a_constant_operand_of_ones_own_function():
    assert faults(weighted(lambda x: mixed(x, 0.3)), *drawn(14, (3,))) == []


@jax.custom_jvp
def total(x):
    return jnp.sum(x**2)


total.defjvp(lambda p, t: (total(*p), 7 * jnp.sum(t[0])))


@jax.custom_jvp
def sine_and_cosine(x):
    return jnp.sin(x), jnp.cos(x)


sine_and_cosine.defjvp(lambda p, t: (sine_and_cosine(*p), (5 * t[0], 6 * t[0])))


@jax.custom_vjp
def clipped(x):
    return x * 2


clipped.defvjp(lambda x: (x * 2, None), lambda _, g: (jnp.clip(g, -1, 1),))

OWN_DERIVATIVES = {
    "of a whole array": (lambda x: total(x) * 2, [1.0, 2.0]),
    "of two results": (lambda x: jnp.sum(sine_and_cosine(x)[0] * sine_and_cosine(x)[1]), [1.0, 2.0]),
    "from the back": (lambda x: jnp.sum(clipped(x) * 5), [1.0, 2.0]),
    "in a jit": (jax.jit(lambda x: jnp.sum(clipped(x) * 5)), [1.0, 2.0]),
    "in a vmap": (lambda x: jnp.sum(jax.vmap(clipped)(x) * 5), [1.0, 2.0]),
}


@pytest.mark.parametrize("what", OWN_DERIVATIVES)
def test_an_own_derivative_that_cannot_be_followed_is_never_replaced_by_another(what):
    f, x = OWN_DERIVATIVES[what]
    try:
        found = faults(f, np.array(x))
    except InputError as refused:
        assert "custom" in str(refused)
    else:
        assert found == []


def test_a_stopped_number_passes_nothing_on_wherever_it_goes():
    stop = lax.stop_gradient
    for f in (
        lambda x: jnp.concatenate([x, stop(x)]) ** 2,
        lambda x: jnp.stack([stop(x), x]) ** 3,
        lambda x: lax.dynamic_update_slice(x, stop(x[:1]), (1,)) ** 2,
        lambda x: jnp.where(x > 0, stop(x), x) ** 2,
        lambda x: stop(x)[::-1] * x,
        lambda x: x - stop(jnp.max(x)),
        lambda x: stop(x**2) * x,
        lambda x: stop(stop(x) * x) + x,
    ):
        assert faults(weighted(f), np.array([1.5, -0.5, 2.0])) == []


# Refusals

REFUSED = {
    "sort": lambda x: jnp.sort(x)[0],
    "cumsum": lambda x: jnp.cumsum(x)[1],
    "cumprod": lambda x: jnp.cumprod(x)[1],
    "while": lambda x: lax.while_loop(lambda c: c[0] < 9, lambda c: c * 2, x)[0],
    "cond": lambda x: lax.cond(x[0] > 0, jnp.sin, jnp.cos, x)[0],
    "scatter": lambda x: jnp.sum(x.at[0].set(x[1]) ** 2),
    "scatter-add": lambda x: jnp.sum(x.at[0].add(x[1]) ** 2),
    "reduce_window": lambda x: lax.reduce_window(x, 1.0, lambda a, b: a * b + 1, (2,), (1,), "VALID")[0],
    "atan2": lambda x: jnp.arctan2(x[0], x[1]),
    "lgamma": lambda x: jnp.sum(jax.scipy.special.gammaln(x)),
    "cholesky": lambda x: jnp.sum(jnp.linalg.cholesky(jnp.outer(x, x) + jnp.eye(3))),
}


@pytest.mark.parametrize("name", sorted(REFUSED.keys() - RULES.keys()))
def test_an_equation_without_a_rule_is_refused_by_name(name):
    with pytest.raises(InputError, match=rf"`{name}` has no step-by-step rule yet.*(ordinary array|without it)"):
        flatten(REFUSED[name], np.array([0.5, 1.5, 2.5]))


def test_an_equation_without_a_rule_is_no_harm_where_nothing_depends_on_it():
    fixed = np.array([3.0, 1.0, 2.0])
    assert faults(lambda x: jnp.sum(x * jnp.cumsum(jnp.sort(fixed))), np.ones(3)) == []


@pytest.mark.parametrize(
    "f",
    [
        lambda x: x[jnp.argmax(x)],
        lambda x: lax.dynamic_slice(x, (jnp.argmin(x),), (1,))[0],
        lambda x: jnp.take(x, x[0].astype(int)),
    ],
)
def test_an_index_that_is_computed_from_the_arguments_is_refused(f):
    with (
        jax.enable_x64(True),
        pytest.raises(InputError, match="index that is itself computed from the arguments.*where"),
    ):
        Tape(flatten(f, np.array([0.5, 1.5, 2.5])))


def test_a_whole_number_that_is_computed_may_be_moved():
    assert faults(lambda x: jnp.sum((x > 1).astype(int)[::-1] * x), np.array([0.5, 1.5, 2.5])) == []


def test_a_scan_that_is_too_long_to_be_written_out_is_refused():
    with pytest.raises(InputError, match=r"10,001 rounds is too long .* 10,000 is the most"):
        flatten(lambda x: lax.scan(lambda c, _: (c * x, None), 1.0, None, length=10_001)[0], 1.0)


def test_a_calculation_with_too_many_products_is_refused(monkeypatch):
    monkeypatch.setattr("nncalc.ledger.tape.MOST_FACTS", 50)
    with jax.enable_x64(True), pytest.raises(InputError, match="50.* fewer samples or a smaller network"):
        Tape(flatten(lambda x: jnp.sum(x @ x), np.ones((4, 4))))


def test_an_index_outside_of_its_array_is_refused():
    with jax.enable_x64(True), pytest.raises(InputError, match="outside its array"):
        Tape(flatten(lambda x: jnp.sum(jnp.take(x, np.array([5]), mode="fill")), np.ones(3)))
