"""The step-by-step rules of JAX's primitives: one table, primitive → rule.

A rule knows two things of its primitive. Its *edges*: which number feeds which, and where the local derivative of each
such fact is found. And its *formula*, from the formulas of its operands. The numbers themselves always come from the
primitive and its derivative from `jax.vjp`, so that what is explained is what is run.

A primitive without a row is refused by name. Adding one is adding a row, and a test runs over the table.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import jax
import jax.numpy as jnp
import numpy as np
from jax.extend.core import JaxprEqn

from nncalc.formula import functions as fn
from nncalc.formula.expression import Expression, Function, Number, Operand, cases
from nncalc.ledger.lift import Ids, Lifted, aval, combine
from nncalc.ledger.moves import BY_NUMPY

if TYPE_CHECKING:
    from nncalc.ledger.tape import Pool


def bind(equation: JaxprEqn, operands: Sequence) -> list:
    """The results of an equation at these operands, computed or traced."""
    results = equation.primitive.bind(*operands, **equation.primitive.get_bind_params(equation.params))
    return list(results) if equation.primitive.multiple_results else [results]


@dataclass(frozen=True)
class Edges:
    """Facts "out depends on source, with this local derivative"; `local` points into the pool of numbers."""

    out: Ids
    source: Ids
    local: Ids

    @classmethod
    def of(cls, out: Ids, source: Ids, local: Ids | int) -> Edges:
        out, source, local = np.broadcast_arrays(out, source, local)
        return cls(out.ravel(), source.ravel(), local.ravel())


class Rule:
    """One primitive. `in_place`: every result depends only on the operands' numbers in the same place."""

    in_place = False

    def count(self, equation: JaxprEqn) -> int:
        """How many facts there are at most, before any is listed."""
        return sum(max(aval(v).size, aval(equation.outvars[0]).size) for v in equation.invars)

    def edges(self, equation: JaxprEqn, operands: list[Ids], out: Ids, pool: Pool) -> list[Edges]:
        raise TypeError(f"{type(self).__name__} has no edges")

    def lift(self, equation: JaxprEqn, operands: list[Lifted], out: Ids) -> Lifted:
        raise TypeError(f"{type(self).__name__} has no formula")


@dataclass(frozen=True)
class InPlace(Rule):
    """Number by number. `local` says where each operand's derivative is found:

    a number for a constant one, "other" for the value of the other operand, "slope" for what `jax.vjp` gives.
    """

    formula: Callable[..., Operand]
    local: tuple[float | Literal["slope", "other"], ...] | None = None
    in_place = True

    def edges(self, equation: JaxprEqn, operands: list[Ids], out: Ids, pool: Pool) -> list[Edges]:
        kinds = ("slope",) * len(operands) if self.local is None else self.local
        found = []
        for k, (operand, kind) in enumerate(zip(operands, kinds, strict=False)):
            if not pool.differentiable(equation.invars[k]):
                continue
            if kind == "slope":
                local = pool.slopes(equation, k)
            elif kind == "other":
                local = np.broadcast_to(operands[1 - k], out.shape)
            else:
                local = pool.constant(float(kind))
            found.append(Edges.of(out, np.broadcast_to(operand, out.shape), local))
        return found

    def lift(self, equation: JaxprEqn, operands: list[Lifted], out: Ids) -> Lifted:
        return combine(lambda *nodes: fn.expression(self.formula(*nodes, **equation.params)), operands, out.shape)


NO_SLOPE = ()  # a condition: nothing flows back through it


class Own(InPlace):
    """A user's element-wise function with a derivative of its own (`custom_jvp`), printed by its name: f(x), f′(x)."""

    def lift(self, equation: JaxprEqn, operands: list[Lifted], out: Ids) -> Lifted:
        return combine(_own_function(equation), operands, out.shape)


def _own_function(equation: JaxprEqn) -> Function:
    """The function of a `custom_jvp_call`, run and differentiated by JAX."""

    def run(*operands):
        return bind(equation, operands)[0]

    def one(*numbers):
        """At single numbers: the equation itself knows only the shapes that it was traced at."""
        filled = [jnp.full(aval(v).shape, x, aval(v).dtype) for v, x in zip(equation.invars, numbers, strict=True)]
        return jnp.ravel(run(*filled))[0]

    def at(function: Callable, operands: Sequence) -> np.ndarray:
        same = np.broadcast_arrays(*operands)
        with jax.enable_x64(True):
            return np.asarray(jax.vmap(function)(*map(np.ravel, same))).reshape(same[0].shape)

    def slope(k: int) -> Function:
        return Function(
            f"{name}′" if len(equation.invars) == 1 else f"{name}′{k + 1}",
            lambda *operands: at(jax.grad(one, k), operands),
            (),
        )

    name = equation.params.get("name") or "f"
    slopes = tuple(lambda *a, k=k: slope(k)(*a[:-1]) for k in range(len(equation.invars)))
    return Function(name, lambda *operands: at(one, operands), slopes)


@dataclass(frozen=True)
class Move(Rule):
    """Numbers that go somewhere else and stay what they are: run on ids instead of numbers (see `tape`).

    `by_numpy` does it without JAX; without it, the primitive itself is run.
    """

    by_numpy: Callable[..., Any] | None = None

    def moved(self, equation: JaxprEqn, operands: Sequence[Ids]) -> list[Ids]:
        if self.by_numpy is None:
            return [np.asarray(result) for result in bind(equation, list(map(jnp.asarray, operands)))]
        results = self.by_numpy(*operands, **equation.params)
        return results if equation.primitive.multiple_results else [results]


class Still(Rule):
    """A result without a derivative and without a formula: an index, a random key, a shape."""

    def edges(self, equation: JaxprEqn, operands: list[Ids], out: Ids, pool: Pool) -> list[Edges]:
        return []


@dataclass(frozen=True)
class Gather(Rule):
    """Some axes gathered into one number: their sum, product, largest or smallest."""

    how: str

    def edges(self, equation: JaxprEqn, operands: list[Ids], out: Ids, pool: Pool) -> list[Edges]:
        (operand,) = operands
        if not pool.differentiable(equation.invars[0]):
            return []
        local = pool.constant(1.0) if self.how == "sum" else pool.slopes(equation, 0)
        kept = np.expand_dims(out, equation.params["axes"])
        return [Edges.of(np.broadcast_to(kept, operand.shape), operand, local)]

    def lift(self, equation: JaxprEqn, operands: list[Lifted], out: Ids) -> Lifted:
        (operand,) = operands
        axes = tuple(equation.params["axes"])
        positions = np.arange(np.prod(operand.shape, dtype=int)).reshape(operand.shape)
        kept = [axis for axis in range(positions.ndim) if axis not in axes]
        return operand.take(positions.transpose(*kept, *axes).reshape(*out.shape, -1)).over(self.how)


@dataclass(frozen=True)
class Window(Gather):
    """The largest or smallest of the cells of a window, which stand on the last axis (see `nncalc.ledger.windows`).

    Of equal ones the first counts, so that every cell is compared with those before it: that is what is counted.
    """

    def count(self, equation: JaxprEqn) -> int:
        cells = aval(equation.invars[0])
        return cells.size * cells.shape[-1]

    def edges(self, equation: JaxprEqn, operands: list[Ids], out: Ids, pool: Pool) -> list[Edges]:
        (operand,) = operands
        if not pool.differentiable(equation.invars[0]):
            return []
        return [Edges.of(np.broadcast_to(out, operand.shape), operand, pool.slopes(equation, 0))]

    def lift(self, equation: JaxprEqn, operands: list[Lifted], out: Ids) -> Lifted:
        (operand,) = operands
        positions = np.arange(np.prod(operand.shape, dtype=int))
        return operand.take(positions.reshape(*out.shape, -1)).over(self.how)


class Contract(Rule):
    """`dot_general`: sums of products. The local derivative of one factor is the value of the other."""

    def count(self, equation: JaxprEqn) -> int:
        (summed, _), _ = equation.params["dimension_numbers"]
        left = aval(equation.invars[0]).shape
        return 2 * aval(equation.outvars[0]).size * math.prod(left[axis] for axis in summed)

    def edges(self, equation: JaxprEqn, operands: list[Ids], out: Ids, pool: Pool) -> list[Edges]:
        left, right = (ids.ravel()[p] for ids, p in zip(operands, contraction(equation), strict=True))
        results = out[..., None]
        found = []
        for mine, other, variable in ((left, right, equation.invars[0]), (right, left, equation.invars[1])):
            if pool.differentiable(variable):
                found.append(Edges.of(results, mine, other))
        return found

    def lift(self, equation: JaxprEqn, operands: list[Lifted], out: Ids) -> Lifted:
        left, right = (lifted.take(p) for lifted, p in zip(operands, contraction(equation), strict=True))
        return combine(lambda a, b: a * b, [left, right], left.shape).over()


def contraction(equation: JaxprEqn) -> tuple[Ids, Ids]:
    """For every result of a `dot_general` and every addend: which numbers of the two operands meet."""
    (left_sum, right_sum), (left_batch, right_batch) = equation.params["dimension_numbers"]
    left, right = (np.arange(np.prod(aval(v).shape, dtype=int)).reshape(aval(v).shape) for v in equation.invars)
    left_free = [a for a in range(left.ndim) if a not in (*left_sum, *left_batch)]
    right_free = [a for a in range(right.ndim) if a not in (*right_sum, *right_batch)]
    batch = [left.shape[a] for a in left_batch]
    left = left.transpose(*left_batch, *left_free, *left_sum)
    right = right.transpose(*right_batch, *right_free, *right_sum)
    addends = int(np.prod([aval(equation.invars[0]).shape[a] for a in left_sum]))
    left_shape, right_shape = left.shape[len(batch) :][: len(left_free)], right.shape[len(batch) :][: len(right_free)]
    left = left.reshape(*batch, *left_shape, *(1,) * len(right_free), addends)
    right = right.reshape(*batch, *(1,) * len(left_free), *right_shape, addends)
    left, right = np.broadcast_arrays(left, right)
    return left, right


def _ordered(sign: str) -> InPlace:
    return InPlace(lambda a, b, **_: fn.where(a, sign, b), NO_SLOPE)


def _called(function: Function) -> InPlace:
    return InPlace(lambda *operands, **_: function(*operands))


def _chosen(which: Expression, *choices: Expression, **_) -> Expression:
    conditions = [(fn.where(which, "=", k), choice) for k, choice in enumerate(choices[:-1])]
    if len(choices) == 2:
        return cases((which, choices[1]), otherwise=choices[0])
    return cases(*conditions, otherwise=choices[-1])


CLAMP = Function(
    "clamp",
    lambda low, x, high: np.minimum(np.maximum(x, low), high),
    (  # at a bound nothing flows, as JAX has it
        lambda low, x, high, y: cases((fn.where(x, "<", low), 1), otherwise=0),
        lambda low, x, high, y: cases((fn.where(x, "≤", low), 0), (fn.where(x, "≥", high), 0), otherwise=1),
        lambda low, x, high, y: cases((fn.where(x, ">", high), 1), otherwise=0),
    ),
    parts=lambda low, x, high: cases((fn.where(x, "<", low), low), (fn.where(x, ">", high), high), otherwise=x),
)


def _cut(a: Expression) -> Expression:
    """What stands before the point."""
    return cases((fn.where(a, "<", 0), fn.CEIL(a)), otherwise=fn.FLOOR(a))


class Divided(InPlace):
    """A division; of whole numbers, what stands before the point."""

    def lift(self, equation: JaxprEqn, operands: list[Lifted], out: Ids) -> Lifted:
        quotient = super().lift(equation, operands, out)
        whole = jnp.issubdtype(aval(equation.outvars[0]).dtype, jnp.integer)
        return combine(_cut, [quotient], out.shape) if whole else quotient


class Converted(InPlace):
    """Another type: the same number, unless it is made whole or a truth value."""

    def lift(self, equation: JaxprEqn, operands: list[Lifted], out: Ids) -> Lifted:
        before, after = aval(equation.invars[0]).dtype, aval(equation.outvars[0]).dtype
        if jnp.issubdtype(after, jnp.bool_) and not jnp.issubdtype(before, jnp.bool_):
            return combine(lambda a: fn.where(a, "≠", 0), operands, out.shape)
        if jnp.issubdtype(after, jnp.integer) and jnp.issubdtype(before, jnp.floating):
            return combine(_cut, operands, out.shape)
        return super().lift(equation, operands, out)


MOVES = (
    "reshape transpose broadcast_in_dim squeeze slice dynamic_slice concatenate stack tile gather pad rev split name "
    "optimization_barrier dynamic_update_slice"
).split()
STILL = (
    "iota argmax argmin random_seed random_wrap random_unwrap random_bits random_split random_fold_in "
    "shift_right_logical shift_left shift_right_arithmetic bitcast_convert_type population_count clz"
).split()

RULES: dict[str, Rule] = {
    **{name: Move(BY_NUMPY.get(name)) for name in MOVES},
    **{name: Still() for name in STILL},
    "stop_gradient": InPlace(lambda a, **_: fn.STOPPED(a), NO_SLOPE),
    "add": InPlace(lambda a, b, **_: a + b, (1.0, 1.0)),
    "add_any": InPlace(lambda a, b, **_: a + b, (1.0, 1.0)),
    "sub": InPlace(lambda a, b, **_: a - b, (1.0, -1.0)),
    "neg": InPlace(lambda a, **_: -a, (-1.0,)),
    "mul": InPlace(lambda a, b, **_: a * b, ("other", "other")),
    "div": Divided(lambda a, b, **_: a / b),
    "rem": _called(Function("rem", np.fmod, (lambda a, b, y: 1, lambda a, b, y: (y - a) / b))),
    "integer_pow": InPlace(lambda a, y, **_: a**y),
    "pow": InPlace(lambda a, b, **_: a**b),
    "square": InPlace(lambda a, **_: a**2),
    "sqrt": _called(fn.SQRT),
    "rsqrt": InPlace(lambda a, **_: 1 / fn.SQRT(a)),
    "cbrt": _called(fn.CBRT),
    "exp": _called(fn.EXP),
    "exp2": InPlace(lambda a, **_: Number(2.0) ** a),
    "expm1": InPlace(lambda a, **_: fn.EXP(a) - 1),
    "log": _called(fn.LN),
    "log1p": InPlace(lambda a, **_: fn.LN(1 + a)),
    "logistic": InPlace(lambda a, **_: 1 / (1 + fn.EXP(-a))),
    "tanh": _called(fn.TANH),
    "sin": _called(fn.SIN),
    "cos": _called(fn.COS),
    "tan": _called(fn.TAN),
    "asin": _called(fn.ASIN),
    "acos": _called(fn.ACOS),
    "atan": _called(fn.ATAN),
    "sinh": _called(fn.SINH),
    "cosh": _called(fn.COSH),
    "asinh": _called(fn.ASINH),
    "acosh": _called(fn.ACOSH),
    "atanh": _called(fn.ATANH),
    "erf": _called(fn.ERF),
    "erfc": InPlace(lambda a, **_: 1 - fn.ERF(a)),
    "abs": _called(fn.ABS),
    "sign": _called(fn.SIGN),
    "floor": _called(fn.FLOOR),
    "ceil": _called(fn.CEIL),
    "round": _called(fn.ROUND),
    "max": _called(fn.MAX),
    "min": _called(fn.MIN),
    "clamp": InPlace(lambda low, x, high, **_: CLAMP(low, x, high)),
    "select_n": InPlace(_chosen),
    "convert_element_type": Converted(lambda a, **_: a),
    "reduce_precision": InPlace(lambda a, **_: a),
    "lt": _ordered("<"),
    "le": _ordered("≤"),
    "gt": _ordered(">"),
    "ge": _ordered("≥"),
    "eq": _ordered("="),
    "ne": _ordered("≠"),
    "and": InPlace(lambda a, b, **_: a * b, NO_SLOPE),
    "or": InPlace(lambda a, b, **_: fn.MAX(a, b), NO_SLOPE),
    "not": InPlace(lambda a, **_: 1 - a, NO_SLOPE),
    "is_finite": InPlace(lambda a, **_: fn.where(a - a, "=", 0), NO_SLOPE),
    "reduce_sum": Gather("sum"),
    "reduce_prod": Gather("product"),
    "reduce_max": Gather("max"),
    "reduce_min": Gather("min"),
    "reduce_window_max": Window("max"),
    "reduce_window_min": Window("min"),
    "dot_general": Contract(),
    "custom_jvp_call": Own(lambda *operands: 0),
}
