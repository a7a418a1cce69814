"""The single operations inside a step: its products, its running sums, a local slope."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nncalc.formula.expand import At, decided, number_at, written_out
from nncalc.formula.expression import Expression, Negative, Number, Product, Quotient, Slot, Sum, rebuild
from nncalc.formula.render import STYLES, fill, pieces
from nncalc.formula.symbol import SlopeSymbol, Symbol
from nncalc.ledger.chain import Feed, Lines
from nncalc.ledger.named import Variable
from nncalc.numerals import show, sign_of
from nncalc.walkthrough.digits import Digits
from nncalc.walkthrough.steps import Step
from nncalc.walkthrough.working import Result
from nncalc.walkthrough.written import Written

WHOLE = 10**9  # no sum is too long to be written out


@dataclass(frozen=True)
class Operand:
    """A number of an operation, with its symbol."""

    value: float
    symbol: Symbol | SlopeSymbol


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
            return fill(
                pieces(self.named, write), lambda hole: write.symbol(self.operands[hole.index].symbol, hole.guarded)
            )
        extra = self._extra
        return fill(
            pieces(self.node, write),
            lambda hole: write.number(show(self.operands[hole.index].value, extra, self.decimals), hole.guarded),
        )

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
    node = _whole(step, named=False)
    inner = _inner_sum(node)
    if inner is None or (inner is node and len(inner.terms) == 2 and all(map(_is_bare, inner.terms))):
        return [*found, step]
    return [*found, *_of_sum(step, node, inner)]


def _whole(step: Step, named: bool) -> Expression:
    line, k = step.working.printed(step.entry), step.entry.element
    node = written_out(step.entry.lines.node, named, WHOLE)
    return decided(node, lambda condition: bool(number_at(condition, lambda at: line.number(k, at))))


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


def _of_sum(step: Step, node: Expression, inner: Sum) -> Iterator[Operation]:
    """The products of a sum, its running sums, and what gives the step's result."""
    make = _Maker(step)
    so_far: Expression | None = None
    operands: tuple[Operand, ...] = ()
    for i, term in enumerate(inner.terms):
        minus, plain = isinstance(term, Negative), term.of if isinstance(term, Negative) else term
        if isinstance(plain, At):
            addend = make.operand(plain)
        else:
            product = make.operation(f".terms[{i}]", plain, Symbol("p", below=(str(i + 1),)))
            yield product
            addend = Operand(product.value, product.mark)
        operands = (*operands, addend)
        here: Expression = At(len(operands) - 1)
        here = Negative(here) if minus else here
        so_far = here if so_far is None else Sum((so_far, here))
        if len(operands) == 2 and not (node is inner and i == len(inner.terms) - 1):
            total = make.running(f".sums[{i}]", so_far, Symbol("s", below=(str(i + 1),)), operands)
            yield total
            operands, so_far = (Operand(total.value, total.mark),), At(0)
    assert so_far is not None
    yield make.last(_put(node, inner, so_far), operands)


def _put(node: Expression, old: Expression, new: Expression) -> Expression:
    return new if node is old else rebuild(node, lambda child: _put(child, old, new))


class _Maker:
    """Makes the operations of one step."""

    def __init__(self, step: Step) -> None:
        self.step = step
        self.line, self.k = step.working.printed(step.entry), step.entry.element

    def operand(self, at: At) -> Operand:
        return Operand(self.line.number(self.k, at), self.line.script.names.symbol(self.line.id(self.k, at)))

    def operation(self, suffix: str, node: Expression, mark: Symbol) -> Operation:
        """A product of the step's own operands."""
        places: dict[At, int] = {}

        def numbered(child: Expression) -> Expression:
            if isinstance(child, At):
                return At(places.setdefault(child, len(places)))
            return rebuild(child, numbered)

        own = numbered(node)
        operands = tuple(self.operand(at) for at in places)
        return self._build(self.step.quantity + suffix, "One product.", mark, own, operands)

    def running(self, suffix: str, node: Expression, mark: Symbol, operands: tuple[Operand, ...]) -> Operation:
        return self._build(self.step.quantity + suffix, "The sum so far.", mark, node, operands)

    def last(self, node: Expression, operands: tuple[Operand, ...]) -> Operation:
        """The operation that gives the step's own result."""
        mark = self.line.script.names.symbol(self.step.entry.writes)
        return self._build(self.step.quantity, self.step.sentence, mark, node, operands, self.step.result.value)

    def _build(self, quantity, sentence, mark, node, operands, value: float | None = None) -> Operation:
        step = self.step
        if value is None:
            value = number_at(node, lambda at: operands[at.index].value)
        return Operation(step.chapter, step.layer, step.sample, quantity, sentence, mark, node, node, operands, value,
                         step.working.decimals)  # fmt: skip


def _local_slope(step: Step) -> Iterator[Operation]:
    """The slope of an activation, before it is multiplied with what comes back."""
    plan = step.working.plan
    if step.chapter.rpartition(" ")[2] != "Backward":
        return
    feed = _activation_feed(plan.chain.feeds, step.entry.lines.variable)
    if feed is None:
        return
    names = step.working.script.names
    source = step.entry.writes - plan.size
    row = int(np.flatnonzero(feed.source == source)[0])
    values = step.working.values
    ids = [int(filled[row]) for filled in feed.filled]
    operands = tuple(Operand(float(values[i]), names.symbol(i)) for i in ids)
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
        f"{step.prefix}{names.name(result)}.slope",
        "The local slope of the activation.",
        mark,
        node,
        decided(written_out(feed.slope, named=True), holds),
        operands,
        value,
        step.working.decimals,
    )


def _activation_feed(feeds: list[Feed], variable: Variable) -> Feed | None:
    """The one fact per number "a is the activation of z", if that is how the variable is read."""
    found = [f for f in feeds if np.array_equal(f.source, variable.ids.ravel())]
    if len(found) != 1 or any(ids.ndim > 1 for ids in found[0].filled):
        return None
    definition = found[0].reader.definition
    return found[0] if definition is not None and definition.known is not None else None
