r"""The chain rule over named quantities: what each derivative of the loss is the sum of.

$$\frac{\partial L}{\partial q} = \sum_{c} \frac{\partial L}{\partial c} \frac{\partial c}{\partial q}$$

over every quantity $c$ whose formula reads $q$. The second factor is a formula too, the slope of $c$'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nncalc.formula.expression import Expression, Negative, Number, Over, Product, Slot, add, evaluate, replace, slots
from nncalc.known import Known
from nncalc.ledger.lift import Ids
from nncalc.ledger.named import Definition, Ledger, Variable


@dataclass(frozen=True, eq=False)
class Lines:
    """Lines of working that share one formula.

    Attributes:
        variable: whose numbers they compute, or whose derivatives.
        elements: which of the variable's numbers, flattened.
        writes: the id of every result.
        node: the formula.
        slots: for every slot the ids that fill it, one row per line.
        known: the function that people know by name, where the formula is just that.
    """

    variable: Variable
    elements: Ids
    writes: Ids
    node: Expression
    slots: tuple[Ids, ...]
    known: Known | None = None

    def __len__(self) -> int:
        return len(self.writes)

    def taken(self, rows: Sequence[int]) -> Lines:
        """Some of the lines."""
        return Lines(
            self.variable,
            self.elements[rows],
            self.writes[rows],
            self.node,
            tuple(ids[rows] for ids in self.slots),
            self.known,
        )

    def shifted(self, by: np.ndarray) -> Lines:
        """The same lines over other numbers: every id replaced by what `by` has for it."""
        return Lines(
            self.variable, self.elements, by[self.writes], self.node, tuple(by[ids] for ids in self.slots), self.known
        )


@dataclass(frozen=True, eq=False)
class Feed:
    """Every fact "`reader` depends on this number" of one slot of a definition.

    `source` are the ids that are read, `result` those that are computed, `slope` the formula of the local derivative
    over `filled`.
    """

    reader: Variable
    source: Ids
    result: Ids
    slope: Expression
    filled: tuple[Ids, ...]


def forward_lines(ledger: Ledger) -> list[Lines]:
    """How every quantity is computed, in order."""
    return [_forward(v, v.definition) for v in ledger.variables if v.definition is not None]


def _forward(variable: Variable, definition: Definition) -> Lines:
    count, axes = variable.ids.size, variable.ids.ndim
    used = sorted({slot.index for slot in slots(definition.node)})
    rows = tuple(definition.slots[i].reshape(count, *definition.slots[i].shape[axes:]) for i in used)
    node = replace(definition.node, lambda slot: Slot(used.index(slot.index)))
    return Lines(variable, np.arange(count), variable.ids.ravel(), node, rows, definition.known)


class Chain:
    """The derivatives of the loss with respect to named quantities.

    The derivative of scalar i has the id `size + i`.
    """

    def __init__(self, ledger: Ledger, wanted: Iterable[Variable]) -> None:
        self.ledger = ledger
        self.size = ledger.tape.size
        self.wanted = list(wanted)

    @cached_property
    def feeds(self) -> list[Feed]:
        """All local dependencies between named quantities that lead to the loss."""
        found = []
        for variable in self.ledger.variables:
            if variable.definition is not None and variable.name in self.leading:
                found += [_feed(variable, variable.definition, i) for i in variable.definition.slopes]
        return found

    @cached_property
    def leading(self) -> set[str]:
        """The names of everything that the loss depends on."""
        names = {self.ledger.root.name} if self.ledger.root else set()
        owner = self.ledger.owner
        for variable in reversed(self.ledger.variables):
            if variable.definition is None or variable.name not in names:
                continue
            for index in variable.definition.slopes:
                owners = np.unique(owner[variable.definition.slots[index]])
                names |= {self.ledger.variables[k].name for k in owners if k >= 0}
        return names

    @cached_property
    def between(self) -> list[Variable]:
        """The variables on the way from what is wanted to the loss, last first, then the wanted ones in order."""
        owner = self.ledger.owner
        reached = {v.name for v in self.wanted}
        for variable in self.ledger.variables:
            for feed in (f for f in self.feeds if f.reader is variable):
                if {self.ledger.variables[k].name for k in np.unique(owner[feed.source]) if k >= 0} & reached:
                    reached.add(variable.name)
        computed = [v for v in reversed(self.ledger.variables) if v.definition is not None]
        return [v for v in (*computed, *self.wanted) if v.name in reached & self.leading]

    def lines(self) -> list[Lines]:
        """One line for every derivative between the wanted quantities and the loss, from the loss backwards."""
        found: list[Lines] = []
        for variable in self.between:
            if variable is not self.ledger.root:
                found += self._lines_of(variable)
        return found

    def _lines_of(self, variable: Variable) -> list[Lines]:
        """Numbers that are read equally often in every place share a formula."""
        flat = variable.ids.ravel()
        order = np.argsort(flat)
        parts = []
        counts = []
        names = {v.name for v in self.between}
        for feed in self.feeds:
            if feed.reader.name not in names:
                continue
            at = np.searchsorted(flat[order], feed.source)
            hits = np.flatnonzero(flat[order[np.minimum(at, flat.size - 1)]] == feed.source)
            if not len(hits):
                continue
            element = order[at[hits]]
            sorting = np.argsort(element, kind="stable")
            parts.append((feed, hits[sorting], element[sorting]))
            counts.append(np.bincount(element, minlength=flat.size))
        table = np.stack(counts, axis=1) if counts else np.zeros((flat.size, 0), int)
        kinds, kind_of = np.unique(table, axis=0, return_inverse=True)
        return [
            self._alike(variable, np.flatnonzero(kind_of.ravel() == k), kind, parts)
            for k, kind in enumerate(kinds)
            if kind.any()
        ]

    def _alike(self, variable: Variable, elements: Ids, kind: Ids, parts: list) -> Lines:
        arrays: list[Ids] = []
        terms: list[Expression] = []
        for times, (feed, hits, element) in zip(kind, parts, strict=True):
            if not times:
                continue
            mine = hits[np.isin(element, elements)].reshape(len(elements), times)
            base = len(arrays)
            at_loss = feed.reader is self.ledger.root  # where the derivative that comes back is 1
            arrays += [] if at_loss else [feed.result[mine] + self.size]
            used = sorted({s.index for s in slots(feed.slope)})
            numbers = {i: len(arrays) + k for k, i in enumerate(used)}
            arrays += [feed.filled[i][mine] for i in used]
            slope = replace(feed.slope, lambda slot, numbers=numbers: Slot(numbers[slot.index]))
            term = slope if at_loss else _times(Slot(base), slope)
            if times == 1:
                arrays[base:] = [a[:, 0] for a in arrays[base:]]
            terms.append(term if times == 1 else Over(term, int(times)))
        writes = variable.ids.ravel()[elements] + self.size
        return Lines(variable, elements, writes, add(*terms), tuple(arrays))


def _times(back: Slot, slope: Expression) -> Expression:
    """What comes back, times the local slope, in this order: ∂L/∂t · 2 · e."""
    match slope:
        case Number(1.0):
            return back
        case Negative(of):
            return Negative(_times(back, of))
        case Product(factors):
            return Product((back, *factors))
    return Product((back, slope))


def _feed(variable: Variable, definition: Definition, index: int) -> Feed:
    """Every entry of one slot, and the formula of the slope at it."""
    ids = definition.slots[index]
    axes = variable.ids.ndim
    places = np.indices(ids.shape).reshape(ids.ndim, ids.size)
    slope, filled = _at_places(definition, definition.slopes[index], axes, places)
    results = variable.ids[tuple(places[:axes])] if axes else np.full(ids.size, int(variable.ids))
    return Feed(variable, ids.ravel(), results, slope, filled)


def _at_places(definition: Definition, slope: Expression, axes: int, places: Ids) -> tuple[Expression, tuple[Ids, ...]]:
    """A slope with its slots filled at every place: opened ones at the place's own positions, others as they are."""
    filled: list[Ids] = []
    numbers: dict[Slot, int] = {}
    for slot in sorted(slots(slope), key=lambda s: (s.index, s.opened)):
        ids = definition.slots[slot.index]
        here = tuple(places[: min(axes + slot.opened, ids.ndim)])
        numbers[slot] = len(filled)
        filled.append(ids[here] if here else np.broadcast_to(ids, (places.shape[1], *ids.shape)))
    return replace(slope, lambda slot: Slot(numbers[slot])), tuple(filled)


@dataclass(frozen=True)
class Path:
    """One way from a quantity to the loss: the ids on the way, the local derivative of every step."""

    ids: tuple[int, ...]
    factors: tuple[float, ...]

    @property
    def product(self) -> float:
        return float(np.prod(self.factors))


class Paths:
    """The ways from any quantity to the loss, over named quantities."""

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        self.root = chain.ledger.tape.root
        sources = [f.source for f in chain.feeds] or [np.zeros(0, int)]
        results = [f.result for f in chain.feeds] or [np.zeros(0, int)]
        source, result = np.concatenate(sources), np.concatenate(results)
        self._order = np.argsort(source, kind="stable")
        self._source, self._result = source[self._order], result[self._order]
        self._counts: dict[int | None, int] = {self.root: 1}

    def slopes(self, values: np.ndarray) -> np.ndarray:
        """The local derivative of every fact at these values."""
        with np.errstate(all="ignore"):
            parts = [
                np.broadcast_to(evaluate(f.slope, [values[ids] for ids in f.filled]), f.source.shape)
                for f in self.chain.feeds
            ]
        return np.concatenate(parts or [np.zeros(0)])[self._order]

    def next(self, quantity: int) -> range:
        """The facts that read a quantity."""
        return range(
            int(np.searchsorted(self._source, quantity, "left")), int(np.searchsorted(self._source, quantity, "right"))
        )

    def count(self, quantity: int) -> int:
        """How many ways lead from a quantity to the loss."""
        todo = [quantity]
        while todo:
            top = todo[-1]
            if top in self._counts:
                todo.pop()
                continue
            after = [int(self._result[k]) for k in self.next(top)]
            missing = [c for c in after if c not in self._counts]
            if missing:
                todo += missing
            else:
                self._counts[top] = sum(self._counts[c] for c in after)
        return self._counts[quantity]

    def listed(self, quantity: int, slopes: np.ndarray, most: int) -> list[Path]:
        """The first `most` ways, in order of what reads what."""
        found: list[Path] = []
        stack: list[tuple[tuple[int, ...], tuple[float, ...]]] = [((quantity,), ())]
        while stack and len(found) < most:
            ids, factors = stack.pop()
            if ids[-1] == self.root:
                found.append(Path(ids, factors))
                continue
            for k in reversed(self.next(ids[-1])):
                stack.append(((*ids, int(self._result[k])), (*factors, float(slopes[k]))))
        return found
