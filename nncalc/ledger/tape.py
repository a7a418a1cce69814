"""The raw ledger: every number a function computes, every fact between two numbers, and the chain rule over them.

The structure (which number feeds which) is found once per function and shape. Then one compiled call gives the value
of every number and every local derivative that is not itself one of the values, packed into a single array, the *pool*;
the facts are three arrays of integers (out, source, where its local derivative stands in the pool). No Python object
stands for a single number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.extend.core import ClosedJaxpr, Jaxpr, JaxprEqn, Literal, Var

from nncalc.errors import InputError
from nncalc.ledger.compiled import compiled_meanwhile
from nncalc.ledger.lift import Ids, aval
from nncalc.ledger.rules import RULES, Edges, InPlace, Move, bind

FIRST_INDEX = {"gather": 1, "dynamic_slice": 1, "dynamic_update_slice": 2}  # operands from here on are indices
MOST_FACTS = 5_000_000
NONE = repr(float("nan"))
"""The literal that stands where there is no number to compare with."""


@dataclass(frozen=True, eq=False)
class Level:
    """Facts whose results are equally many equations away from the arguments, ordered by their source."""

    facts: slice
    sources: Ids
    starts: Ids


@dataclass(frozen=True, eq=False)
class Reading:
    """The numbers of one run: `pool` begins with the value of every scalar; the rest are local derivatives.

    `local` and `terms` have one entry per fact: the local derivative, and its product with the derivative of the
    result. `derivatives` has one per scalar: the sum of the terms it is a source of.
    """

    pool: np.ndarray
    local: np.ndarray
    terms: np.ndarray
    derivatives: np.ndarray


class Tape:
    """The structure of a flat jaxpr.

    Attributes:
        root: the scalar that derivatives are taken of; None for a function whose result is not one number.
        ids: for every variable the numbers of its scalars, in the shape of the variable. A moved array has the ids of
            where its numbers came from.
        size: how many scalars there are.
        out, source, local: the facts (see `Reading`), ordered for the way back.
    """

    def __init__(self, closed: ClosedJaxpr) -> None:
        self.jaxpr = closed.jaxpr
        self.constants = dict(zip(closed.jaxpr.constvars, map(np.asarray, closed.consts), strict=True))
        self.ids: dict[Var, Ids] = {}
        self.size = 0
        _check_size(self.jaxpr)
        self._number_everything()
        self._follow_moves()
        results = self.jaxpr.outvars
        self.root = int(self.of(results[0])) if len(results) == 1 and aval(results[0]).shape == () else None
        pool = Pool(self)
        self._find_facts(pool)
        self.differentiable = pool.differentiable
        self._evaluate = compiled_meanwhile(partial(_evaluate, self, pool.blocks), [aval(v) for v in self.jaxpr.invars])

    def of(self, atom: Var | Literal) -> Ids:
        """The ids of a variable or constant."""
        return np.asarray(self.literals[_literal(atom)]) if isinstance(atom, Literal) else self.ids[atom]

    @property
    def facts(self) -> int:
        return len(self.out)

    def read(self, *arguments) -> Reading:
        """All numbers at these arguments: values, local derivatives, chain-rule terms and their sums."""
        pool = np.asarray(self._evaluate(*arguments))
        local = pool[self.local]
        terms = np.empty_like(local)
        return Reading(pool, local, terms, self._sums(local, terms))

    def weight(self, local: np.ndarray) -> np.ndarray:
        """The derivatives, had every local one been positive: the sum of |product| over all paths to the result.

        Rounding in a derivative is in proportion to it, however much of the sum cancels.
        """
        return self._sums(np.abs(local), np.empty_like(local))

    def _sums(self, local: np.ndarray, terms: np.ndarray) -> np.ndarray:
        """The chain rule from the result back: fills in the terms and sums them."""
        derivatives = np.zeros(self.size)
        if self.root is not None:
            derivatives[self.root] = 1.0
        with np.errstate(all="ignore"):
            for level in self.levels:
                at = level.facts
                np.multiply(local[at], derivatives[self.out[at]], out=terms[at])
                derivatives[level.sources] += np.add.reduceat(terms[at], level.starts)
        return derivatives

    def _number_everything(self) -> None:
        """Literals first, then arguments, constants and the results of every equation that is not a move."""
        self.literals = {value: k for k, value in enumerate(_literals(self.jaxpr))}
        self.size = len(self.literals)
        for variable in [*self.jaxpr.constvars, *self.jaxpr.invars]:
            self._take_numbers(variable)
        self.fixed = self.size - sum(aval(v).size for v in self.jaxpr.invars)
        for equation in _computing(self.jaxpr):
            for variable in equation.outvars:
                self._take_numbers(variable)

    def _take_numbers(self, variable: Var) -> None:
        count = aval(variable).size
        self.ids[variable] = np.arange(self.size, self.size + count).reshape(aval(variable).shape)
        self.size += count

    def _follow_moves(self) -> None:
        """Every move, run on ids: where each number went is read off."""
        for equation in self.jaxpr.eqns:
            rule = RULES[equation.primitive.name]
            if not isinstance(rule, Move):
                continue
            operands = [self._ids_or_index(k, atom, equation) for k, atom in enumerate(equation.invars)]
            for variable, ids in zip(equation.outvars, rule.moved(equation, operands), strict=True):
                self.ids[variable] = ids
                if ids.size and ids.min() < 0:  # as is what fills in for what lies outside
                    raise InputError(f"An index of `{equation.primitive.name}` lies outside its array.")

    def _ids_or_index(self, k: int, atom: Var | Literal, equation: JaxprEqn) -> Ids:
        """Operand k of a move: an index as it is, numbers by their ids."""
        is_index = k >= FIRST_INDEX.get(equation.primitive.name, len(equation.invars))
        if is_index and isinstance(atom, Literal):
            return np.asarray(atom.val)
        if is_index and atom in self.constants:
            return self.constants[atom]
        if is_index:
            raise InputError(
                f"`{equation.primitive.name}` picks numbers by an index that is itself computed from the arguments; "
                "that can't be followed step by step. Use fixed indices, or `where`."
            )
        return self.of(atom)

    def _find_facts(self, pool: Pool) -> None:
        found: list[Edges] = []
        depths: list[int] = []
        depth: dict[Var, int] = {}
        leading = self._leading_to_the_result(pool)
        for equation in self.jaxpr.eqns:
            rule = RULES[equation.primitive.name]
            here = max((depth.get(v, 0) for v in equation.invars if isinstance(v, Var)), default=0) + 1
            depth.update((v, here) for v in equation.outvars)
            if isinstance(rule, Move) or leading.isdisjoint(equation.outvars):
                continue
            edges = rule.edges(equation, [self.of(v) for v in equation.invars], self.of(equation.outvars[0]), pool)
            found += edges
            depths += [here] * len(edges)
        self._order(found, depths)

    def _leading_to_the_result(self, pool: Pool) -> set[Var]:
        """What has a derivative and is read, directly or not, by the result; facts about the rest lead nowhere."""
        smooth = [equation for equation in self.jaxpr.eqns if pool.reach(equation)]
        leading = {v for v in self.jaxpr.outvars if self.root is not None and isinstance(v, Var)}
        for equation in reversed(smooth):
            if not leading.isdisjoint(equation.outvars):
                leading |= {v for v in equation.invars if isinstance(v, Var) and pool.differentiable(v)}
        return leading

    def _order(self, found: list[Edges], depths: list[int]) -> None:
        none = [np.zeros(0, int)]
        out, source, local = (
            np.concatenate([getattr(e, name) for e in found] or none) for name in ("out", "source", "local")
        )
        depth = np.repeat(np.array(depths, int), [len(e.out) for e in found])
        kept = np.flatnonzero(source >= self.fixed)
        order = kept[np.lexsort((source[kept], -depth[kept]))]
        self.out, self.source, self.local = out[order], source[order], local[order]
        self.levels = _levels(depth[order], self.source)


class Pool:
    """Where local derivatives are found: among the values, or behind them in blocks that `jax.vjp` fills."""

    def __init__(self, tape: Tape) -> None:
        self._tape = tape
        self._size = tape.size
        self._reached = set(tape.jaxpr.invars)
        self.blocks: list[tuple[JaxprEqn, int]] = []

    def reach(self, equation: JaxprEqn) -> bool:
        """Note that an equation is passed; whether anything that it computes has a derivative."""
        if equation.primitive.name == "stop_gradient" or not any(map(self.differentiable, equation.invars)):
            return False
        smooth = [v for v in equation.outvars if jnp.issubdtype(aval(v).dtype, jnp.floating)]
        self._reached.update(smooth)
        return bool(smooth)

    def differentiable(self, atom: Var | Literal) -> bool:
        return isinstance(atom, Var) and atom in self._reached

    def constant(self, value: float) -> int:
        return self._tape.literals[repr(value)]

    def slopes(self, equation: JaxprEqn, operand: int) -> Ids:
        """Room for the derivative of an equation's result with respect to each number of one operand."""
        shape = _slope_shape(equation, operand)
        start, self._size = self._size, self._size + int(np.prod(shape))
        self.blocks.append((equation, operand))
        return np.arange(start, self._size).reshape(shape)


def _slope_shape(equation: JaxprEqn, operand: int) -> tuple[int, ...]:
    in_place = isinstance(RULES[equation.primitive.name], InPlace)
    return aval(equation.outvars[0] if in_place else equation.invars[operand]).shape


def _check_size(jaxpr: Jaxpr) -> None:
    """Raises:
    InputError: the calculation is too large to be written out.
    """
    facts = sum(RULES[e.primitive.name].count(e) for e in _computing(jaxpr))
    if facts > MOST_FACTS:
        raise InputError(
            f"This calculation has about {facts:,} multiplications and additions, too many to be written out "
            f"({MOST_FACTS:,} is the most). Use fewer samples or a smaller network."
        )


def _computing(jaxpr: Jaxpr) -> list[JaxprEqn]:
    return [e for e in jaxpr.eqns if not isinstance(RULES[e.primitive.name], Move)]


def _literal(atom: Literal) -> str:
    return repr(float(atom.val))  # as text, because NaN is no key


def _literals(jaxpr: Jaxpr) -> dict[str, None]:
    """Every literal of the equations; ±1, the local derivatives of sums and differences; NaN, which equals nothing."""
    atoms = [*(v for e in jaxpr.eqns for v in e.invars), *jaxpr.outvars]
    return dict.fromkeys(["1.0", "-1.0", NONE, *(_literal(v) for v in atoms if isinstance(v, Literal))])


def _evaluate(tape: Tape, blocks: list[tuple[JaxprEqn, int]], *arguments: jax.Array) -> jax.Array:
    """The pool: literals, constants, arguments, what every equation computes, slopes."""
    jaxpr = tape.jaxpr
    environment: dict = {v: jnp.asarray(value) for v, value in tape.constants.items()}
    environment.update(zip(jaxpr.invars, arguments, strict=True))
    values = list(environment.values())
    slopes: dict[tuple[JaxprEqn, int], jax.Array] = {}
    for equation in jaxpr.eqns:
        operands = [v.val if isinstance(v, Literal) else environment[v] for v in equation.invars]
        wanted = [k for e, k in blocks if e is equation]
        results = bind(equation, operands)
        environment.update(zip(equation.outvars, results, strict=True))
        if not isinstance(RULES[equation.primitive.name], Move):
            values += results
        if wanted:
            slopes.update(zip([(equation, k) for k in wanted], _slopes(equation, operands, wanted), strict=True))
    packed = [jnp.asarray([float(text) for text in tape.literals]), *values, *(slopes[block] for block in blocks)]
    return jnp.concatenate([jnp.ravel(a).astype(float) for a in packed])


def _slopes(equation: JaxprEqn, operands: list, wanted: list[int]) -> Sequence[jax.Array]:
    """The local derivatives of an equation in which every number of an operand feeds one result."""

    def of_wanted(*some):
        filled = dict(zip(wanted, some, strict=True))
        return bind(equation, [filled.get(k, operand) for k, operand in enumerate(operands)])[0]

    if not isinstance(RULES[equation.primitive.name], InPlace):
        # a maximum is compared with its operands: they have to be the very same numbers, not computed anew
        operands = lax.optimization_barrier(operands)
    some = [jnp.broadcast_to(operands[k], _slope_shape(equation, k)) for k in wanted]
    result, pull = jax.vjp(of_wanted, *some)
    return pull(jnp.ones_like(result))


def _levels(depth: Ids, source: Ids) -> list[Level]:
    """The ordered facts, cut where the depth changes, and within a depth where the source does."""
    if not len(depth):
        return []
    cuts = np.flatnonzero(np.diff(depth)) + 1
    levels = []
    for start, stop in zip([0, *cuts], [*cuts, len(depth)], strict=True):
        starts = np.flatnonzero(np.diff(source[start:stop], prepend=-1))
        levels.append(Level(slice(int(start), int(stop)), source[start:stop][starts], starts))
    return levels
