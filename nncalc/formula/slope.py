"""The slope of a formula: its derivative with respect to one slot, again a formula."""

from __future__ import annotations

from nncalc.formula.expression import (
    Call,
    Cases,
    Expression,
    Negative,
    Number,
    Operand,
    Over,
    Power,
    Product,
    Quotient,
    Slot,
    Sum,
    add,
    cases,
    expression,
    multiply,
    number,
    replace,
    slots,
)
from nncalc.formula.functions import LN, where

ZERO = Number(0.0)


def slope(node: Expression, index: int) -> Expression:
    """The derivative of `node` with respect to one occurrence of slot `index`.

    Where the slot stands inside a sum, this is the derivative with respect to one of its positions: the slots of that
    sum come back *opened*, held at the same position.

    >>> slope(Over(Slot(0) * Slot(1), 3), 0)
    Slot(1, opened=1)
    """
    if not any(slot.index == index for slot in slots(node)):
        return ZERO
    match node:
        case Slot():
            return Number(1.0)
        case Sum(terms):
            return add(*(slope(term, index) for term in terms))
        case Negative(of):
            return -slope(of, index)
        case Product(factors):
            return add(*(multiply(*factors[:k], slope(f, index), *factors[k + 1 :]) for k, f in enumerate(factors)))
        case Quotient(top, bottom):
            through_top = slope(top, index) / bottom
            return through_top - top * slope(bottom, index) / bottom**2
        case Power(base, Number(n)):
            return number(n) * base ** number(n - 1) * slope(base, index)
        case Power(base, Negative(Number(n))):
            return number(-n) * base ** number(-n - 1) * slope(base, index)
        case Power(base, exponent):
            by_base = exponent * base ** (exponent - 1) * slope(base, index)
            by_exponent = cases((where(base, "=", 0), 0), otherwise=LN(base) * node)
            return by_base + by_exponent * slope(exponent, index)
        case Call(function, arguments):
            return add(
                *(
                    multiply(_formula(of_argument, arguments, node), slope(argument, index))
                    for of_argument, argument in zip(function.slopes, arguments, strict=True)
                )
            )
        case Cases(choices, otherwise):
            return cases(*((when, slope(then, index)) for when, then in choices), otherwise=slope(otherwise, index))
        case Over(body, _, how):
            return _of_gathered[how](node, body, opened(body)) * slope(opened(body), index)
    return ZERO  # a condition


def _formula(of_argument, arguments: tuple[Expression, ...], result: Expression) -> Operand:
    return expression(of_argument(*arguments, result))


def _of_extreme(node: Over, body: Expression, mine: Expression) -> Expression:
    ties = Over(where(body, "=", node), node.count)
    return cases((where(mine, "≠", node), 0), (where(ties, "=", 1), 1), otherwise=1 / ties)


def _of_product(node: Over, body: Expression, mine: Expression) -> Expression:
    others = Over(cases((where(body, "=", 0), 1), otherwise=body), node.count, "product")
    zeros = Over(where(body, "=", 0), node.count)
    return cases((where(mine, "≠", 0), node / mine), (where(zeros, ">", 1), 0), otherwise=others)


_of_gathered = {
    "sum": lambda node, body, mine: Number(1.0),
    "product": _of_product,
    "max": _of_extreme,  # equal ones share the slope, as JAX has it
    "min": _of_extreme,
}


def opened(body: Expression) -> Expression:
    """The body of a sum at one position of it."""
    return replace(body, lambda slot: Slot(slot.index, slot.opened + 1))
