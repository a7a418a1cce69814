"""Every move by numpy, against its primitive on the same whole numbers."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax
from jax.ad_checkpoint import checkpoint_name
from jax.lax import GatherDimensionNumbers, GatherScatterMode

from nncalc.errors import InputError
from nncalc.ledger.moves import BY_NUMPY
from nncalc.ledger.rules import MOVES, RULES, Move, bind
from nncalc.ledger.tape import Tape
from nncalc.ledger.trace import flatten

INDEX = np.array([[0, 2], [1, 1], [-1, 3], [2, 0], [5, 5]])
MODES = ("clip", "fill", "promise_in_bounds")


def padded(*config: tuple[int, int, int]) -> Callable:
    return lambda x: lax.pad(x, jnp.asarray(-7, x.dtype), config)


def gathered(*sizes: int, mode: str = "fill", **numbers: tuple[int, ...]) -> Callable:
    """A gather of windows at `INDEX` (see `GatherDimensionNumbers`)."""
    axes = GatherDimensionNumbers(**{"collapsed_slice_dims": (), "start_index_map": (0, 1), **numbers})  # pyright: ignore[reportArgumentType]
    return lambda x: lax.gather(x, jnp.asarray(INDEX), axes, sizes, mode=GatherScatterMode.from_any(mode))


# What makes a move, on an array of three rows of four.
CASES: dict[str, list[Callable]] = {
    "reshape": [lambda x: x.reshape(2, 3, 2), jnp.ravel, lambda x: lax.reshape(x, (2, 6), (1, 0))],
    "transpose": [jnp.transpose, lambda x: x.reshape(3, 2, 2).transpose(1, 2, 0)],
    "broadcast_in_dim": [
        lambda x: jnp.broadcast_to(x, (2, 3, 4)),
        lambda x: lax.broadcast_in_dim(x, (3, 2, 4), (0, 2)),
        lambda x: jnp.broadcast_to(x[:1], (3, 4)),
        lambda x: jnp.broadcast_to(x[1, 2], (2, 3)),
    ],
    "squeeze": [lambda x: lax.squeeze(x[:1], (0,)), lambda x: lax.squeeze(x[:1, :1], (0, 1))],
    "slice": [lambda x: x[1:, :2], lambda x: lax.slice(x, (0, 1), (3, 4), (2, 2)), lambda x: x[2:2]],
    "dynamic_slice": [lambda x, k=k: lax.dynamic_slice(x, k, (2, 3)) for k in ((0, 1), (2, 2), (-9, 9))],
    "dynamic_update_slice": [
        lambda x, k=k: lax.dynamic_update_slice(x, -x[:2, :3], k) for k in ((0, 1), (2, 2), (-9, 9))
    ],
    "concatenate": [lambda x: jnp.concatenate([x, -x, x[:1]]), lambda x: lax.concatenate([x, x[:, :2]], 1)],
    "stack": [lambda x: jnp.stack([x, -x], axis=1)],
    "tile": [lambda x: jnp.tile(x, (2, 3))],
    "gather": [
        lambda x: x[np.array([0, 2, -1])],
        lambda x: x[np.array([[0], [2]]), np.array([1, 3])],
        lambda x: x[:, np.array([3, 0])],
        lambda x: x.at[np.array([0, 7])].get(mode="fill"),
        lambda x: x.at[np.array([0, 7])].get(mode="clip"),
        lambda x: jnp.take_along_axis(x, np.array([[0, 3], [1, 1], [2, 0]]), 1),
        lambda x: jnp.take(x, np.array([[0, 1], [2, 2]]), axis=1),
        lambda x: jax.vmap(lambda row, k: row[k])(x, np.array([3, 0, 2])),
        *(gathered(2, 2, mode=mode, offset_dims=(0, 2)) for mode in MODES),
        *(gathered(1, 3, mode=mode, offset_dims=(1,), collapsed_slice_dims=(0,)) for mode in MODES),
        gathered(2, 2, offset_dims=(1, 2), start_index_map=(1, 0)),
    ],
    "pad": [
        padded((1, 2, 0), (0, 0, 0)),
        padded((0, 1, 2), (2, 0, 1)),
        padded((-1, -1, 0), (0, -2, 0)),
        padded((-2, 3, 1), (1, -4, 2)),
        padded((0, -5, 1), (-4, 2, 0)),
        padded((3, -1, 0), (-5, -2, 1)),
        lambda x: padded((1, 1, 2), (0, 0, 0))(x[:0]),
    ],
    "rev": [lambda x: x[::-1], lambda x: lax.rev(x, (0, 1))],
    "split": [lambda x: jnp.split(x, [1, 3], axis=1), lambda x: jnp.split(x, 3)],
    "name": [lambda x: checkpoint_name(x, "mine")],
    "optimization_barrier": [lambda x: lax.optimization_barrier((x, -x))],
}


def test_every_move_is_done_by_numpy_and_tested():
    assert set(MOVES) == set(BY_NUMPY) == set(CASES)


@pytest.mark.parametrize(("name", "k"), [(name, k) for name, cases in CASES.items() for k in range(len(cases))])
def test_numpy_moves_numbers_to_where_the_primitive_does(name: str, k: int):
    rule = RULES[name]
    assert isinstance(rule, Move)
    x = np.arange(12).reshape(3, 4)
    with jax.enable_x64(True):
        jaxpr = jax.make_jaxpr(CASES[name][k])(x)
        known = dict(zip(jaxpr.jaxpr.constvars, jaxpr.consts, strict=True)) | {jaxpr.jaxpr.invars[0]: x}
        met = _run(jaxpr.jaxpr, known, name, rule)
        if name in ("stack", "tile", "split") and not met:
            pytest.skip("this JAX makes it of other primitives")
        assert met


def _run(jaxpr, known: dict, name: str, rule: Move) -> int:
    """Runs equation by equation, called ones too; how often the move was met."""
    met = 0
    for equation in jaxpr.eqns:
        operands = [v.val if hasattr(v, "val") else known[v] for v in equation.invars]
        inner = equation.params.get("jaxpr")
        if inner is not None:
            own = dict(zip(inner.jaxpr.constvars, inner.consts, strict=True))
            own |= dict(zip(inner.jaxpr.invars, operands, strict=True))
            met += _run(inner.jaxpr, own, name, rule)
            expected = [v.val if hasattr(v, "val") else own[v] for v in inner.jaxpr.outvars]
        else:
            expected = bind(equation, [jnp.asarray(operand) for operand in operands])
        if equation.primitive.name == name:
            met += 1
            found = rule.moved(equation, [np.asarray(operand) for operand in operands])
            for mine, jaxs in zip(found, expected, strict=True):
                assert mine.dtype == jaxs.dtype
                np.testing.assert_array_equal(mine, jaxs, strict=True)
        known |= dict(zip(equation.outvars, expected, strict=True))
    return met


@pytest.mark.parametrize("name", ["reshape", "gather", "split"])
def test_a_move_without_numpy_is_run_by_jax(name: str, monkeypatch):
    def ids() -> list[list[int]]:
        with jax.enable_x64(True):
            tape = Tape(flatten(lambda x: jnp.split(x.reshape(6, 2)[np.array([5, 3, 3, 0])], 2)[1], np.ones((3, 4))))
            return [tape.of(v).tolist() for e in tape.jaxpr.eqns for v in e.outvars]

    by_numpy = ids()
    monkeypatch.setitem(RULES, name, Move())
    assert ids() == by_numpy


@pytest.mark.parametrize("fill_value", [None, 0.0])
def test_what_lies_outside_is_refused(fill_value: float | None):
    """Also where a number is filled in that could be an id."""
    with jax.enable_x64(True), pytest.raises(InputError, match="An index of `gather` lies outside its array"):
        Tape(flatten(lambda x: jnp.sum(x.at[np.array([0, 7])].get(mode="fill", fill_value=fill_value)), np.ones(3)))
