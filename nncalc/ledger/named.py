"""The named ledger: the quantities people talk about, and one formula for each kind of them.

Numbers without a name are folded into the formula of the next named quantity, so that a line reads z = w·x + b and not
as a list of products. What a formula is made of comes from the jaxpr alone.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax.extend.core import ClosedJaxpr, JaxprEqn, Literal, Var

from nncalc.errors import InputError
from nncalc.formula.expression import Call, Expression, Over, Quotient, Slot, cases, number, rebuild, slots
from nncalc.formula.functions import EXP, STOPPED, where
from nncalc.formula.slope import ZERO, slope
from nncalc.known import Known
from nncalc.ledger.lift import Ids, Lifted, aval, combine
from nncalc.ledger.recognise import Found, recognise
from nncalc.ledger.rules import RULES, Move, Still, Window
from nncalc.ledger.tape import NONE, Tape


@dataclass(frozen=True, eq=False)
class Definition:
    """How a variable is computed: one formula for all of its numbers.

    Attributes:
        node: the formula; its slots are filled from `slots`, whose first axes are the variable's.
        itself: the slot that holds the result, for slopes that speak of it (a(1 − a)).
        known: the function that people know by name, where the formula is just that.
        own_slopes: for a function that mixes its numbers (softmax, a window's maximum), the slopes by slot.
    """

    node: Expression
    slots: tuple[Ids, ...]
    itself: int
    known: Known | None = None
    own_slopes: dict[int, Expression] | None = None

    @cached_property
    def slopes(self) -> dict[int, Expression]:
        """For every slot the formula of the derivative with respect to one entry of it, where that is not 0."""
        if self.own_slopes is not None:
            return self.own_slopes
        found = {}
        for index in sorted({s.index for s in slots(self.node)}):
            formula = _spoken_of(slope(self.node, index), self.node, Slot(self.itself))
            if formula != ZERO:
                found[index] = formula
        return found


def _spoken_of(node: Expression, whole: Expression, result: Slot) -> Expression:
    if node == whole and not isinstance(node, Slot):
        return result
    return rebuild(node, lambda child: _spoken_of(child, whole, result))


@dataclass(frozen=True, eq=False)
class Variable:
    """A named array of quantities.

    `ids` are the numbers of its scalars in the raw ledger; `axes` name its axes; without a `definition` it is given.
    """

    name: str
    axes: tuple[str, ...]
    ids: Ids
    definition: Definition | None = None

    @cached_property
    def block(self) -> tuple[int, int]:
        return int(self.ids.min(initial=0)), int(self.ids.max(initial=-1)) + 1


@dataclass(eq=False)
class Ledger:
    """The quantities of a function and the formulas between them.

    Attributes:
        tape: the raw ledger underneath.
        variables: every named array, in the order in which they are computed; what is given comes first.
        aliases: further names for the same numbers (`prediction` for the last layer's output).
    """

    tape: Tape
    variables: list[Variable] = field(default_factory=list)
    aliases: dict[str, Variable] = field(default_factory=dict)

    @cached_property
    def by_name(self) -> dict[str, Variable]:
        return {**self.aliases, **{v.name: v for v in self.variables}}

    @cached_property
    def owner(self) -> np.ndarray:
        """For every scalar the number of the variable it belongs to, or −1."""
        owners = np.full(self.tape.size, -1)
        for k, variable in enumerate(self.variables):
            owners[variable.ids] = k
        return owners

    @cached_property
    def root(self) -> Variable | None:
        """What derivatives are taken of."""
        owner = -1 if self.tape.root is None else self.owner[self.tape.root]
        return None if owner < 0 else self.variables[owner]


# the same number, with more or fewer digits
SAME_NUMBER = ("convert_element_type", "reduce_precision", "stop_gradient")
NAME = re.compile(r"^(.+?)(?:\[([A-Za-z_][\w, ]*)\])?$")


def name_of(label: str) -> tuple[str, tuple[str, ...]]:
    """The name and the axes in `hidden.z[sample, unit]`."""
    match = NAME.match(label)
    if match is None:
        raise InputError(f"`{label}` is not a name for a quantity. Write it like `hidden.z[sample, unit]`.")
    return match[1], tuple(axis.strip() for axis in (match[2] or "").split(",") if axis.strip())


def name_everything(
    closed: ClosedJaxpr, given: Sequence[str], root: str, automatic: Callable[[int], str] | None = None
) -> Ledger:
    """The named ledger of a flat jaxpr.

    Args:
        given: a name for every argument.
        root: a name for the result.
        automatic: makes a name from a number for what has none (t₁, t₂, …); without it, what has no name is folded
            into the formulas.
    """
    needed: set[int] = set()
    tape, found = Tape(closed), recognise(closed)
    while True:
        try:
            return _Naming(tape, found, given, root, automatic, needed).ledger
        except _Late as late:
            needed.add(late.start)


class _Late(Exception):
    """A number gets a name after it was folded into a formula; it has to get it before."""

    def __init__(self, start: int) -> None:
        self.start = start


class _Naming:
    def __init__(
        self, tape: Tape, found: dict[int, Found], given: Sequence[str], root: str, automatic: Any, needed: set[int]
    ) -> None:
        self.needed, self.folded = needed, set()
        self.tape, self.jaxpr = tape, tape.jaxpr
        self.ledger = Ledger(self.tape)
        self.automatic = automatic or (lambda number: f"t{number}")
        self.count = 0
        self.found = found
        self.swallowed = {k for f in self.found.values() for k in f.inside} - set(self.found)
        self.uses = self._uses()
        self.formulas: dict[int, tuple[Var, Lifted, Definition | None]] = {}  # by the first id of a result
        self.starts: list[int] = []
        self.is_leaf: dict[int, bool] = {}
        for label, variable in zip(given, self.jaxpr.invars, strict=True):
            name, axes = name_of(label)
            self.ledger.variables.append(Variable(name, axes, self.tape.ids[variable]))
        for k, equation in enumerate(self.jaxpr.eqns):
            self._equation(k, equation, name_all=automatic is not None)
        self._name_root(root)

    def _uses(self) -> dict[Var, list[JaxprEqn]]:
        uses: dict[Var, list[JaxprEqn]] = {}
        for equation in self.jaxpr.eqns:
            for v in equation.invars:
                if isinstance(v, Var):
                    uses.setdefault(v, []).append(equation)
        return uses

    def _equation(self, k: int, equation: JaxprEqn, name_all: bool) -> None:
        rule = RULES[equation.primitive.name]
        if equation.primitive.name == "name":
            name, axes = name_of(equation.params["name"])
            self._name(self.tape.ids[equation.outvars[0]], name, axes)
        if isinstance(rule, Move) or k in self.swallowed:
            return
        (result, *_) = equation.outvars
        ids = self.tape.ids[result]
        if ids.size == 0:
            return
        lifted, definition = self._lifted(k, equation, ids)
        start = int(ids.flat[0])
        self.starts.append(start)
        self.formulas[start] = (result, lifted, definition)
        self.is_leaf[start] = False
        mixes = definition is not None and definition.own_slopes is not None
        own = next((e.params["name"] for e in self.uses.get(result, []) if e.primitive.name == "name"), None)
        if own is not None:
            self._name(ids, *name_of(own))
        elif start in self.needed or (
            ((mixes and not self._moves_to_a_name(result)) or (name_all and not self._folds(equation)))
            and not self._gets_a_name(result)
        ):
            self._name(ids, self._next_name(), ())

    def _next_name(self) -> str:
        self.count += 1
        return self.automatic(self.count)

    def _gets_a_name(self, variable: Var) -> bool:
        """Whether it is the result, which gets its name at the end."""
        return variable is self.jaxpr.outvars[0]

    def _moves_to_a_name(self, variable: Var) -> bool:
        """Whether it gets a name in another shape, and nothing else is made of it before."""
        users = self.uses.get(variable, [])
        return bool(users) and all(
            e.primitive.name == "name" or (isinstance(RULES[e.primitive.name], Move) and self._moves_to_a_name(v))
            for e in users
            for v in e.outvars
        )

    def _folds(self, equation: JaxprEqn) -> bool:
        """Whether a number reads better inside the next formula: conditions, signs, the sum of a mean."""
        (result, *_) = equation.outvars
        if not jnp.issubdtype(aval(result).dtype, jnp.floating) or equation.primitive.name in SAME_NUMBER:
            return True
        users = self.uses.get(result, [])
        if len(users) != 1 or isinstance(RULES[users[0].primitive.name], Move):
            return False
        if equation.primitive.name == "neg":
            return True
        divides = users[0].primitive.name in ("div", "mul") and any(isinstance(v, Literal) for v in users[0].invars)
        return equation.primitive.name == "reduce_sum" and divides

    def _lifted(self, k: int, equation: JaxprEqn, ids: Ids) -> tuple[Lifted, Definition | None]:
        rule = RULES[equation.primitive.name]
        if isinstance(rule, Still):
            return Lifted.leaf(ids), None
        found = self.found.get(k)
        if found is not None and found.known.rowwise:
            (argument,) = (self._leaf(a) for a in found.arguments)
            definition = _softmax(found, argument, ids)
            return Lifted.leaf(ids), definition
        if found is not None:
            operands = [self._operand(a) for a in found.arguments]
            build = lambda *nodes: found.known.function(*nodes, *found.settings.values())  # noqa: E731
            lifted = combine(build, operands, ids.shape)
            return lifted, self._definition(lifted, ids, found.known)
        if isinstance(rule, Window):
            (atom,) = equation.invars
            assert isinstance(atom, Var)
            return Lifted.leaf(ids), _first_extreme(rule.how, self._leaf(atom), ids, self.tape.literals[NONE])
        lifted = rule.lift(equation, [self._operand(a) for a in equation.invars], ids)
        return lifted, self._definition(lifted, ids)

    def _definition(self, lifted: Lifted, ids: Ids, known: Known | None = None) -> Definition:
        return Definition(lifted.node, (*lifted.slots, ids), len(lifted.slots), known)

    def _operand(self, atom: Var | Literal) -> Lifted:
        """The formula of an operand: a leaf where it has a name or is a constant, else what it was computed by."""
        if isinstance(atom, Literal):
            return Lifted(number(float(atom.val)), (), ())
        ids = self.tape.ids[atom]
        sources = self._sources(ids)
        if len(sources) == 1 and self._within(ids, sources[0]):
            (start,) = sources
            self.folded.add(start)
            lifted = self.formulas[start][1].take(ids - start)
        else:
            lifted = Lifted.leaf(self._leaf(atom))
        computed = jnp.issubdtype(aval(atom).dtype, jnp.floating) and bool((ids >= self.tape.fixed).any())
        stopped = computed and not self.tape.differentiable(atom)
        if not stopped or (isinstance(lifted.node, Call) and lifted.node.function is STOPPED):
            return lifted
        return Lifted(STOPPED(lifted.node), lifted.slots, lifted.shape)

    def _leaf(self, atom: Var) -> Ids:
        ids = self.tape.ids[atom]
        for start in self._sources(ids):
            self._name(self.tape.ids[self.formulas[start][0]], self._next_name(), ())
        return ids

    def _sources(self, ids: Ids) -> list[int]:
        """The results without a name that some numbers come from."""
        if not self.starts or ids.size == 0:
            return []
        wanted = np.unique(ids)
        at = np.searchsorted(self.starts, wanted, "right") - 1
        found = []
        for k in np.unique(at[at >= 0]):
            start = self.starts[k]
            size = aval(self.formulas[start][0]).size
            if not self.is_leaf[start] and bool((wanted[at == k] < start + size).any()):
                found.append(start)
        return found

    def _within(self, ids: Ids, start: int) -> bool:
        """Whether all of these numbers are of one result."""
        return bool((ids >= start).all() and (ids < start + aval(self.formulas[start][0]).size).all())

    def _name(self, ids: Ids, name: str, axes: tuple[str, ...]) -> None:
        """Names numbers; what has a name already keeps it and gets the new one as an alias."""
        sources = self._sources(ids)
        name = self._free(name, ids)
        alias = Variable(name, axes, ids)
        if len(sources) != 1:
            self.ledger.aliases[name] = alias
            return
        (start,) = sources
        _, _, definition = self.formulas[start]
        if start in self.folded:
            raise _Late(start)
        whole = self._within(ids, start) and ids.size == aval(self.formulas[start][0]).size == len(np.unique(ids))
        if not whole:
            self._name(self.tape.ids[self.formulas[start][0]], self._next_name(), ())
            self.ledger.aliases[name] = alias
            return
        self.is_leaf[start] = True
        result = self.tape.ids[self.formulas[start][0]]
        if definition is not None and not (ids.shape == result.shape and np.array_equal(ids, result)):
            definition = _rearranged(definition, ids - start, result.shape)
        self.ledger.variables.append(Variable(name, axes, ids, definition))

    def _free(self, name: str, ids: Ids) -> str:
        """The name, or with a number behind it where it is that of something else."""
        taken = {**self.ledger.aliases, **{v.name: v for v in self.ledger.variables}}
        tries = (name if k == 1 else f"{name}_{k}" for k in itertools.count(1))
        return next(n for n in tries if n not in taken or np.array_equal(taken[n].ids, ids))

    def _name_root(self, root: str) -> None:
        if self.tape.root is not None:
            self._name(self.tape.of(self.jaxpr.outvars[0]), root, ())


def _rearranged(definition: Definition, positions: Ids, shape: tuple[int, ...]) -> Definition:
    moved = Lifted(definition.node, definition.slots, shape).take(positions)
    return Definition(moved.node, moved.slots, definition.itself, definition.known, definition.own_slopes)


def _softmax(found: Found, z: Ids, a: Ids) -> Definition:
    r"""$a_k = e^{z_k} / \sum_j e^{z_j}$, with the slopes $a_k(1 - a_k)$ for $z_k$ and $-a_k a_j$ for another $z_j$."""
    count = z.shape[-1]
    row = np.broadcast_to(z[..., None, :], (*z.shape, count))
    others = np.array([[j for j in range(count) if j != k] for k in range(count)], int).reshape(count, count - 1)
    own, all_of_them, other_z, other_a, itself = range(5)
    node = Quotient(EXP(Slot(own)), Over(EXP(Slot(all_of_them)), count))
    slopes: dict[int, Expression] = {own: Slot(itself) * (1 - Slot(itself))}
    if count > 1:
        slopes[other_z] = -(Slot(itself) * Slot(other_a, opened=1))
    return Definition(node, (z, row, z[..., others], a[..., others], a), itself, found.known, slopes)


def _first_extreme(how: str, cells: Ids, result: Ids, none: int) -> Definition:
    """The largest or smallest cell of a window. Its slope is 1 at the first cell that equals it, else 0.

    Args:
        none: the id of NaN, which stands for the cells before the first.
    """
    count = cells.shape[-1]
    cells = cells.reshape(*result.shape, count)
    before = np.full((*cells.shape, max(count - 1, 1)), none)
    for place in range(count):
        before[..., place, :place] = cells[..., :place]
    own, earlier, itself = range(3)
    as_large = Over(where(Slot(earlier, opened=1), "=", Slot(itself)), before.shape[-1])
    is_other = where(Slot(own, opened=1), "≠", Slot(itself))
    slope = cases((is_other, 0), (where(as_large, ">", 0), 0), otherwise=1)
    return Definition(Over(Slot(own), count, how), (cells, before, result), itself, None, {own: slope})
