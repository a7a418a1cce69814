"""The raw ledger: every number and every derivative of a drawn function, against JAX."""

import subprocess
import sys

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax
from jax.ad_checkpoint import checkpoint_name

from nncalc import Problem, explain, solve
from nncalc.calculation import CACHED_SHAPES, plan_of
from nncalc.ledger.rules import RULES
from nncalc.ledger.tape import Tape
from nncalc.ledger.trace import flatten
from tests.drawn import documents
from tests.ledger.proof import Proven, faults, near

UNARY = [
    jnp.sin,
    jnp.tanh,
    jax.nn.sigmoid,
    jax.nn.softplus,
    jax.nn.relu,
    jnp.square,
    lambda x: jnp.exp(-(x**2)),
    lambda x: jnp.log(1 + x**2),
    lambda x: jnp.sqrt(x**2 + 0.3),
    lambda x: -x,
    lambda x: 1 / (x**2 + 1),
    lambda x: jnp.where(x > 0.1, x, 0.3 * x),
    lambda x: 3 * x - 0.5,
    lambda x: lax.stop_gradient(x) * x,
    jnp.abs,
]
BINARY = [jnp.add, jnp.subtract, jnp.multiply, lambda x, y: x / (y**2 + 1), jnp.maximum, lambda x, y: x * x + y]
ROWS = [  # of a matrix of two rows of three, to something of the same shape
    lambda m, v: m @ jnp.outer(v, v),
    lambda m, v: m + v,
    lambda m, v: m * v[None],
    lambda m, v: m[::-1],
    lambda m, v: jax.nn.softmax(m),
    lambda m, v: jnp.concatenate([m[1:], v[None]]),
    lambda m, v: m - m.mean(axis=0),
    lambda m, v: jax.vmap(lambda row: row * jnp.sum(row * v))(m),
    lambda m, v: m.T.reshape(2, 3),
    lambda m, v: lax.scan(lambda h, row: (jnp.tanh(h + row), h * row), v, m)[1],
    lambda m, v: jnp.broadcast_to(m.max(axis=1, keepdims=True), (2, 3)) * m,
    lambda m, v: m[:, jnp.array([2, 0, 0])],
]
COLUMNS = [  # of the vector, to something of the same shape
    lambda m, v: m[0] * v,
    lambda m, v: m.sum(axis=0),
    lambda m, v: v[::-1],
    lambda m, v: jnp.roll(v, 1),
    lambda m, v: v * jnp.prod(v),
    lambda m, v: v @ (m.T @ m),
    lambda m, v: jnp.stack([v[0], v[2], m[1, 1]]) if _stacks() else v,
]


def _stacks() -> bool:
    return "stack" in RULES


def drawn_function(seed: int):
    """A function of a matrix, a vector and a number, of six drawn operations, some of its results named."""
    rng = np.random.default_rng(seed)
    plan = [(int(rng.integers(4)), int(rng.integers(10**6)), bool(rng.random() < 0.4)) for _ in range(6)]

    def f(m, v, s):
        for k, (kind, pick, named) in enumerate(plan):
            if kind == 0:
                m = UNARY[pick % len(UNARY)](m)
            elif kind == 1:
                v = BINARY[pick % len(BINARY)](v, UNARY[pick % len(UNARY)](v * s))
            elif kind == 2:
                m = ROWS[pick % len(ROWS)](m, v)
            else:
                v = COLUMNS[pick % len(COLUMNS)](m, v)
            if named:
                m = checkpoint_name(m, f"m{k}[row, column]")
        return jnp.sum(m * m[::-1]) + jnp.sum(v) * s

    return f


def arguments(seed: int):
    rng = np.random.default_rng(seed + 1000)
    return rng.uniform(-1.2, 1.2, (2, 3)), rng.uniform(-1.2, 1.2, 3), rng.uniform(-1.2, 1.2)


@pytest.mark.parametrize("seed", [*range(10), 37])
def test_the_chain_rule_of_a_drawn_function_is_jax_grad(seed):
    proven = Proven(drawn_function(seed), *arguments(seed))
    assert proven.faults() == []


@pytest.mark.parametrize("seed", range(10, 12))
def test_a_drawn_function_within_jit_vmap_and_checkpoint(seed):
    f = drawn_function(seed)

    def twice(m, v, s):
        both = jax.vmap(jax.jit(f), in_axes=(None, None, 0))(
            m, v, jnp.stack([s, 2 * s]) if _stacks() else jnp.array([s])
        )
        return jnp.sum(jax.checkpoint(jnp.sin)(both))

    assert Proven(twice, *arguments(seed)).faults() == []


def test_every_number_that_is_computed_is_in_the_ledger():
    with jax.enable_x64(True):
        tape = Tape(flatten(lambda x: jnp.sum(x * x + x), np.arange(3.0)))
        values = tape.read(np.arange(3.0)).pool[: tape.size]
    assert {0.0, 1.0, 2.0, 4.0, 6.0, 8.0} <= set(values.tolist())
    assert values[tape.root] == 8.0


def test_every_term_is_a_local_derivative_times_what_comes_back():
    with jax.enable_x64(True):
        tape = Tape(flatten(lambda x: jnp.sum(jnp.sin(x) * x), np.arange(3.0)))
        reading = tape.read(np.arange(3.0))
    np.testing.assert_allclose(reading.terms, reading.local * reading.derivatives[tape.out])
    for source in np.unique(tape.source):
        assert near(reading.derivatives[source], reading.terms[tape.source == source].sum())


def test_other_numbers_need_no_new_structure():
    with jax.enable_x64(True):
        tape = Tape(flatten(lambda x: jnp.prod(jnp.sin(x)), np.arange(3.0)))
        for seed in range(3):
            x = np.random.default_rng(seed).normal(size=3)
            expected = jax.grad(lambda x: jnp.prod(jnp.sin(x)))(x)
            found = tape.read(x).derivatives[tape.ids[tape.jaxpr.invars[0]]]
            assert near(found, expected)


def test_infinity_and_not_a_number_go_where_jax_has_them():
    for f, at in ((lambda x: jnp.log(x) * 2, 0.0), (lambda x: jnp.sqrt(x), -1.0), (lambda x: 1 / x, 0.0)):
        with jax.enable_x64(True):
            expected = jax.value_and_grad(f)(at)
        proven = Proven(f, at)
        assert near(proven.values[proven.ledger.tape.root], expected[0])
        assert near(proven.gradient(0), expected[1])


def test_an_argument_that_is_not_used_has_derivative_zero():
    assert faults(lambda x, y: jnp.sum(x**2), np.ones(2), np.ones(3)) == []


def test_a_function_without_one_number_as_result_has_values_and_no_derivatives():
    with jax.enable_x64(True):
        tape = Tape(flatten(lambda x: (x * 2, x + 1), np.arange(3.0)))
        reading = tape.read(np.arange(3.0))
    assert tape.root is None and not reading.derivatives.any()
    assert {2.0, 4.0, 3.0} <= set(reading.pool.tolist())


# The session around


def test_importing_and_using_nncalc_changes_nobodys_session():
    program = """
import jax, jax.numpy as jnp
before = dict(jax.config.values)
import nncalc
assert dict(jax.config.values) == before, "importing changes jax.config"
assert not jax.config.jax_enable_x64 and jnp.ones(2).dtype == jnp.float32
problem = nncalc.Problem.from_dict({"nncalc": 1, "layers": [], "data": {"x": [[67]], "y": [[56]]}})
solution = nncalc.solve(problem)
[repr(step) for step in solution.steps]
repr(nncalc.explain(lambda x: jnp.tanh(x) * x, 0.5))
solution.check()
assert dict(jax.config.values) == before, "solving changes jax.config"
assert jnp.ones(2).dtype == jnp.float32 and (jnp.ones(2) * 1.5).dtype == jnp.float32
"""
    ran = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr[-2000:]


def test_numbers_are_worked_out_in_double_precision_whatever_the_session_has():
    assert not jax.config.read("jax_enable_x64")
    explained = explain(lambda x: (x + 1e-10) - x, 1.0)
    assert explained.value == (1.0 + 1e-10) - 1.0
    with jax.enable_x64(True):
        assert explain(lambda x: (x + 1e-10) - x, 1.0).value == explained.value


def test_a_function_that_asks_for_single_precision_gets_it():
    explained = explain(lambda x: x.astype(jnp.float32) * 3, 0.1)
    assert explained.value == float(np.float32(0.1) * np.float32(3))


def test_compiled_shapes_are_kept_in_a_bounded_cache():
    assert plan_of.cache_info().maxsize == CACHED_SHAPES <= 256


def test_a_problem_with_other_numbers_needs_no_new_plan():
    document = documents(3, 1)[0]
    solve(Problem.from_dict(document))
    before = plan_of.cache_info()
    changed = {**document, "data": {**document["data"], "x": (np.array(document["data"]["x"]) + 0.01).tolist()}}
    solve(Problem.from_dict(changed))
    after = plan_of.cache_info()
    assert after.misses == before.misses and after.hits > before.hits


def test_a_plan_says_nothing_of_the_problem_that_it_was_made_for():
    """Two problems of one architecture: the second's lines have the second's numbers."""
    base = {"nncalc": 1, "data": {"x": [[1.0]], "y": [[0.5]]}}
    layer = {"type": "dense", "units": 1, "bias": False}
    optimizer = {"type": "sgd"}
    for weight, rate, l2, decimals in ((2.0, 0.1, 0.3, 4), (5.0, 0.7, 0.9, 6)):
        problem = {
            **base,
            "layers": [{**layer, "weights": [[weight]], "l2": l2}],
            "optimizer": {**optimizer, "learning_rate": rate},
            "decimals": decimals,
        }
        solution = solve(Problem.from_dict(problem))
        text = "\n".join(map(repr, solution.steps))
        assert f"{weight:g} · 1 = {weight:g}" in text and f"{rate:g} ·" in text and f"{l2:g} · {weight:g}²" in text
