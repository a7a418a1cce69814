"""The single operations inside a step: its products, its running sums, a local slope."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nncalc.formula.expand import At, decided, number_at, written_out
from nncalc.formula.expression import Expression, Negative, Number, Product, Quotient, Slot, Sum, rebuild
from nncalc.formula.render import STYLES, Hole, Style, fill, pieces
from nncalc.formula.symbol import SlopeSymbol, Symbol
from nncalc.ledger.chain import Feed, Lines
from nncalc.ledger.named import Variable
from nncalc.numerals import show, sign_of
from nncalc.walkthrough.digits import Digits
from nncalc.walkthrough.names import Names
from nncalc.walkthrough.steps import Step
from nncalc.walkthrough.working import Result
from nncalc.walkthrough.written import Written

WHOLE = 10**9  # no sum is too long to be written out


@dataclass(frozen=True)
class Operand:
    """A number of an operation, with its symbol; a constant has none and is written as what it is."""

    value: float
    symbol: Symbol | SlopeSymbol | None


@dataclass(frozen=True, eq=False)
class Operation(Written):
    """One operation inside a step; it reads like a step.

    Attributes:
        quantity: `hidden.z[0][1].terms[0]` for a product, `.sums[1]` for a running sum, `hidden.a[0][1].slope` for a
            local slope, or the step's own quantity for its last operation.
        node: the formula, its slots filled by `operands`.
        named: the same formula with functions by their names.
    """

    chapter: str
    layer: str
    sample: int
    quantity: str
    sentence: str
    mark: Symbol | SlopeSymbol
    node: Expression
    named: Expression
    operands: tuple[Operand, ...]
    value: float
    decimals: int

    @cached_property
    def _digits(self) -> Digits:
        return Digits(np.array([*(o.value for o in self.operands), self.value]), self.decimals)

    @cached_property
    def result(self) -> Result:
        if self._digits.is_noise(self._lines)[0]:
            return Result(self.value, "0", "≈")
        printed = float(self._digits.shown(0)[-1])
        return Result(self.value, show(self.value, 0, self.decimals), sign_of(self.value, printed))

    def written(self, what: str, style: str) -> str:
        """Its `symbol`, its `symbols` or its `numbers` as "text", "latex" or "mathml"."""
        write = STYLES[style]
        if what == "symbol":
            return write.symbol(self.mark, 0)
        if what == "symbols":
            return fill(pieces(self.named, write), lambda hole: self._symbol(self.operands[hole.index], write, hole))
        extra = self._extra
        return fill(
            pieces(self.node, write),
            lambda hole: write.number(show(self.operands[hole.index].value, extra, self.decimals), hole.guarded),
        )

    def _symbol(self, operand: Operand, write: Style, hole: Hole) -> str:
        if operand.symbol is None:
            return write.number(show(operand.value, 0, self.decimals), hole.guarded)
        return write.symbol(operand.symbol, hole.guarded)

    @cached_property
    def _lines(self) -> Lines:
        count = len(self.operands)
        variable = Variable("", (), np.zeros((), int))
        slots = tuple(np.array([k]) for k in range(count))
        return Lines(variable, np.zeros(1, int), np.array([count]), rebuild_slots(self.node), slots)

    @cached_property
    def _extra(self) -> int:
        return int(self._digits.needed(self._lines)[0])

    def __repr__(self) -> str:
        sides = dict.fromkeys([self.symbol, self.symbols, self.numbers])
        sides.pop(self.result.text, None)
        return f"{' = '.join(sides)} {self.result.sign} {self.result.text}"


def rebuild_slots(node: Expression) -> Expression:
    return Slot(node.index) if isinstance(node, At) else rebuild(node, rebuild_slots)


def operations(step: Step) -> list[Operation | Step]:
    """A step as its operations; a step that is a single operation stays as it is."""
    found: list[Operation | Step] = [*_local_slope(step)]
    parts = opened(_whole(step))
    return [*found, *_made(step, parts)] if parts else [*found, step]


def _whole(step: Step) -> Expression:
    return step.working.printed(step.entry).formula(step.entry.element, named=False, longest=WHOLE)


@dataclass(frozen=True)
class Part:
    """One operation of a formula: a product (`kind` "terms"), a running sum ("sums"), or the last one ("").

    `node` is over `At(0)`, `At(1)`, …, which `operands` fill: places of the formula, or the number of an earlier part.
    """

    kind: str
    index: int
    node: Expression
    operands: tuple[At | int, ...]

    @property
    def suffix(self) -> str:
        return f".{self.kind}[{self.index}]" if self.kind else ""


def opened(node: Expression) -> list[Part]:
    """The products, the running sums and the last operation of a written-out formula; none if it is a single one."""
    inner = _inner_sum(node)
    if inner is None or (inner is node and len(inner.terms) == 2 and all(map(_is_bare, inner.terms))):
        return []
    parts: list[Part] = []
    so_far: Expression | None = None
    operands: tuple[At | int, ...] = ()
    for i, term in enumerate(inner.terms):
        minus, plain = isinstance(term, Negative), term.of if isinstance(term, Negative) else term
        if not isinstance(plain, At):
            parts.append(Part("terms", i, *_numbered(plain)))
        operands = (*operands, plain if isinstance(plain, At) else len(parts) - 1)
        here: Expression = At(len(operands) - 1)
        here = Negative(here) if minus else here
        so_far = here if so_far is None else Sum((so_far, here))
        if len(operands) == 2 and not (node is inner and i == len(inner.terms) - 1):
            parts.append(Part("sums", i, so_far, operands))
            operands, so_far = (len(parts) - 1,), At(0)
    assert so_far is not None
    return [*parts, Part("", 0, _put(node, inner, so_far), operands)]


def _is_bare(term: Expression) -> bool:
    """Whether an addend is a number as it stands."""
    return isinstance(term.of if isinstance(term, Negative) else term, At | Number)


def _inner_sum(node: Expression) -> Sum | None:
    """The sum that a step is mostly made of: all of it, or but for a division or a factor."""
    match node:
        case Sum(terms) if len(terms) > 1:
            return node
        case Quotient(top, Number()):
            return _inner_sum(top)
        case Product(factors):
            others = [f for f in factors if not isinstance(f, Number)]
            return _inner_sum(others[0]) if len(others) == 1 else None
    return None


def _numbered(node: Expression) -> tuple[Expression, tuple[At, ...]]:
    """A formula over its own places: `At(0)` for the first, and which they are."""
    places: dict[At, int] = {}

    def numbered(child: Expression) -> Expression:
        if isinstance(child, At):
            return At(places.setdefault(child, len(places)))
        return rebuild(child, numbered)

    return numbered(node), tuple(places)


def _put(node: Expression, old: Expression, new: Expression) -> Expression:
    return new if node is old else rebuild(node, lambda child: _put(child, old, new))


SLOPE = "The local slope of the activation."
SENTENCES = {"terms": "One product.", "sums": "The sum so far."}
MARKS = {"terms": "p", "sums": "s"}


def _made(step: Step, parts: list[Part]) -> Iterator[Operation]:
    """The parts of a step with its numbers."""
    line, k = step.working.printed(step.entry), step.entry.element
    names = line.script.names
    made: list[Operand] = []
    for part in parts:
        operands = tuple(
            made[at] if isinstance(at, int) else _operand(names, line.id(k, at), line.number(k, at))
            for at in part.operands
        )
        mark, sentence, value = names.symbol(step.entry.writes), step.sentence, step.result.value
        if part.kind:
            mark, sentence = Symbol(MARKS[part.kind], below=(str(part.index + 1),)), SENTENCES[part.kind]
            value = number_at(part.node, lambda at, operands=operands: operands[at.index].value)
        made.append(Operand(value, mark))
        yield Operation(step.chapter, step.layer, step.sample, step.quantity + part.suffix, sentence, mark, part.node,
                        part.node, operands, value, step.working.decimals)  # fmt: skip


def _operand(names: Names, number: int, value: float) -> Operand:
    return Operand(value, None if names.is_constant(number) else names.symbol(number))


def _local_slope(step: Step) -> Iterator[Operation]:
    """The slope of an activation, before it is multiplied with what comes back."""
    plan = step.working.plan
    if step.chapter.rpartition(" ")[2] != "Backward":
        return
    feed = activation_feed(plan.chain.feeds, step.entry.lines.variable)
    if feed is None:
        return
    names = step.working.script.names
    source = step.entry.writes - plan.size
    row = int(np.flatnonzero(feed.source == source)[0])
    values = step.working.values
    ids = [int(filled[row]) for filled in feed.filled]
    operands = tuple(_operand(names, i, float(values[i])) for i in ids)
    plain = written_out(feed.slope, longest=WHOLE)

    def holds(condition: Expression) -> bool:
        return bool(number_at(condition, lambda at: operands[at.index].value))

    node = decided(plain, holds)
    value = number_at(node, lambda at: operands[at.index].value)
    result = int(feed.result[row])
    mark = SlopeSymbol(names.symbol(result), names.symbol(source))
    yield Operation(
        step.chapter,
        step.layer,
        step.sample,
        f"{step.working.quantity(result)}.slope",
        SLOPE,
        mark,
        node,
        decided(written_out(feed.slope, named=True), holds),
        operands,
        value,
        step.working.decimals,
    )


def activation_feed(feeds: list[Feed], variable: Variable) -> Feed | None:
    """The one fact per number "a is the activation of z", if that is how the variable is read."""
    found = [f for f in feeds if np.array_equal(f.source, variable.ids.ravel())]
    if len(found) != 1 or any(ids.ndim > 1 for ids in found[0].filled):
        return None
    definition = found[0].reader.definition
    return found[0] if definition is not None and definition.known is not None else None
