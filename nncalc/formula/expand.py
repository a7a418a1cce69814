"""A formula written out: sums over an axis become one term per position, long ones with a gap in the middle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nncalc.formula.expression import (
    Call,
    Cases,
    Compare,
    Expression,
    Number,
    Over,
    Product,
    Slot,
    Sum,
    evaluate,
    parts,
    rebuild,
)
from nncalc.formula.functions import MAX, MIN

LONGEST = 9  # terms of one sum that are written out in full: those of a 3 × 3 window
HEAD, TAIL = 4, 1


@dataclass(frozen=True, repr=False)
class At(Expression):
    """A slot at one position of the sums around it: what a single number fills."""

    index: int
    position: tuple[int, ...] = ()

    def __repr__(self) -> str:
        return f"At({self.index}, {self.position})"


@dataclass(frozen=True)
class Gap(Expression):
    """Terms left out of a long sum, and how many."""

    count: int


@dataclass(frozen=True, repr=False)
class Elementwise(Expression):
    """Matrices of one shape, multiplied number by number (⊙)."""

    factors: tuple[Expression, ...]


def written_out(node: Expression, named: bool = False, longest: int = LONGEST) -> Expression:
    """`node` with every `Over` as its terms and every slot at its place.

    Args:
        named: keep an activation by its name (σ(z)); otherwise functions are opened into the arithmetic that a pocket
            calculator does.
        longest: sums with more terms than this get a gap.
    """
    return _expand(node, (), named, longest)


def _expand(node: Expression, position: tuple[int, ...], named: bool, longest: int) -> Expression:
    def inner(child: Expression) -> Expression:
        return _expand(child, position, named, longest)

    match node:
        case Slot(index):
            return At(index, position)
        case Over(body, count, how):
            return _terms(body, position, count, how, named, longest)
        case Call(function, arguments) if function.parts and not (named and _is_activation(node)):
            return inner(function.parts(*arguments))
    return _flat(rebuild(node, inner))


def _flat(node: Expression) -> Expression:
    """A sum in a sum, or a product in a product, is one."""
    match node:
        case Sum(terms):
            return Sum(tuple(t for term in terms for t in (term.terms if isinstance(term, Sum) else (term,))))
        case Product(factors):
            return Product(
                tuple(f for part in factors for f in (part.factors if isinstance(part, Product) else (part,)))
            )
    return node


def decided(node: Expression, holds: Callable[[Expression], bool]) -> Expression:
    """A written-out formula with every `Cases` replaced by the choice in force.

    A factor 1 or 0 that was chosen stays in its product, because it is what the line is about.
    """
    if isinstance(node, Cases):
        return decided(next((then for when, then in node.choices if holds(when)), node.otherwise), holds)
    if isinstance(node, Compare):  # counted, as in 1 / (how many are the largest)
        return Number(float(holds(node)))
    return rebuild(node, lambda child: decided(child, holds))


def has_cases(node: Expression) -> bool:
    """Whether the printed formula depends on the numbers."""
    return isinstance(node, Cases) or any(isinstance(p, Expression) and has_cases(p) for p in parts(node))


def number_at(node: Expression, of: Callable[[At], float]) -> float:
    """The value of a written-out formula at single numbers."""

    def filled(child: Expression) -> Expression:
        return Number(of(child)) if isinstance(child, At) else rebuild(child, filled)

    with np.errstate(all="ignore"):
        return float(evaluate(filled(node), []))


def _is_activation(call: Call) -> bool:
    return len(call.arguments) == 1 and isinstance(call.arguments[0], Slot)


def _terms(body, position, count: int, how: str, named: bool, longest: int) -> Expression:
    places = range(count) if count <= longest else [*range(HEAD), None, *range(count - TAIL, count)]
    terms = tuple(
        Gap(count - HEAD - TAIL) if place is None else _expand(body, (*position, place), named, longest)
        for place in places
    )
    if len(terms) == 1:
        return terms[0]
    match how:
        case "max":
            return Call(MAX, terms)
        case "min":
            return Call(MIN, terms)
    return _flat(Sum(terms) if how == "sum" else Product(terms))
