"""Formulas as small trees.

A formula is written once with Python's operators and serves four times: it is evaluated (on one number or on whole
arrays), differentiated, and printed as text, LaTeX or MathML. Its leaves are *slots*: places that an integer array
fills with quantities, so that one tree stands for the line of every unit of a layer.

>>> a = Slot(0)
>>> a * (1 - a)
Product(Slot(0), Sum(Number(1.0), Negative(Slot(0))))
>>> float(evaluate(a * (1 - a), [np.array(0.25)]))
0.1875
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np


class Expression:
    """A node. The operators build simplified nodes: x·1 is x, x + 0 is x, x·x is x², ½·2 is 1."""

    __slots__ = ()

    def __add__(self, other: Operand) -> Expression:
        return add(self, other)

    def __radd__(self, other: Operand) -> Expression:
        return add(other, self)

    def __sub__(self, other: Operand) -> Expression:
        return add(self, negative(other))

    def __rsub__(self, other: Operand) -> Expression:
        return add(other, negative(self))

    def __mul__(self, other: Operand) -> Expression:
        return multiply(self, other)

    def __rmul__(self, other: Operand) -> Expression:
        return multiply(other, self)

    def __truediv__(self, other: Operand) -> Expression:
        return divide(self, other)

    def __rtruediv__(self, other: Operand) -> Expression:
        return divide(other, self)

    def __pow__(self, other: Operand) -> Expression:
        return power(self, other)

    def __neg__(self) -> Expression:
        return negative(self)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, parts(self)))})"


Operand = Expression | float


@dataclass(frozen=True, repr=False)
class Number(Expression):
    """A constant of the formula itself, such as the ½ of a loss."""

    value: float

    def __repr__(self) -> str:
        return f"Number({self.value!r})"


@dataclass(frozen=True, repr=False)
class Slot(Expression):
    """A place for a quantity: entry `index` of the arrays that a formula is filled from.

    `opened` counts the sums around it whose position is held fixed, which happens when a sum is differentiated.
    """

    index: int
    opened: int = 0

    def __repr__(self) -> str:
        return f"Slot({self.index})" if not self.opened else f"Slot({self.index}, opened={self.opened})"


@dataclass(frozen=True, repr=False)
class Sum(Expression):
    terms: tuple[Expression, ...]


@dataclass(frozen=True, repr=False)
class Product(Expression):
    factors: tuple[Expression, ...]


@dataclass(frozen=True, repr=False)
class Quotient(Expression):
    top: Expression
    bottom: Expression


@dataclass(frozen=True, repr=False)
class Power(Expression):
    base: Expression
    exponent: Expression


@dataclass(frozen=True, repr=False)
class Negative(Expression):
    of: Expression


@dataclass(frozen=True, repr=False)
class Over(Expression):
    """`body`, once for every position of one more axis, and all of them added, multiplied or compared.

    `how` is "sum", "product", "max" or "min".
    """

    body: Expression
    count: int
    how: str = "sum"


@dataclass(frozen=True, repr=False)
class Compare(Expression):
    """A condition: `sign` is one of < ≤ > ≥ = ≠. Its value is 1 or 0, its slope 0."""

    left: Expression
    sign: str
    right: Expression


@dataclass(frozen=True, repr=False)
class Cases(Expression):
    """The first choice whose condition holds, or else `otherwise`."""

    choices: tuple[tuple[Expression, Expression], ...]
    otherwise: Expression


@dataclass(frozen=True, eq=False)
class Function:
    """A function that people know by name.

    `value` runs on numpy arrays; `slopes` holds one formula per argument, given the arguments and then the result
    (for the sigmoid a(1 − a)); `parts` opens it into simpler arithmetic; `remarks` are sentences for when a condition
    on the arguments holds (at a corner, when saturated).
    """

    name: str
    value: Callable
    slopes: tuple[Callable[..., Operand], ...]
    latex: str = ""
    parts: Callable[..., Expression] | None = None
    sentence: str = ""
    remarks: tuple[tuple[Callable[..., Expression], str], ...] = field(default=())

    def __call__(self, *arguments: Operand) -> Expression:
        return Call(self, tuple(expression(a) for a in arguments))

    def __repr__(self) -> str:
        return self.name


@dataclass(frozen=True, repr=False)
class Call(Expression):
    function: Function
    arguments: tuple[Expression, ...]


def parts(node: Expression) -> tuple:
    """The children of a node, in reading order (what `repr` shows)."""
    match node:
        case Sum(terms):
            return terms
        case Product(factors):
            return factors
        case Quotient(top, bottom):
            return top, bottom
        case Power(base, exponent):
            return base, exponent
        case Negative(of):
            return (of,)
        case Over(body, count, how):
            return body, count, how
        case Compare(left, sign, right):
            return left, sign, right
        case Cases(choices, otherwise):
            return (*(c for pair in choices for c in pair), otherwise)
        case Call(function, arguments):
            return (function, *arguments)
    return ()


def rebuild(node: Expression, change: Callable[[Expression], Expression]) -> Expression:
    """The same node with `change` applied to every child, as it stands: nothing is simplified."""
    match node:
        case Sum(terms):
            return Sum(tuple(map(change, terms)))
        case Product(factors):
            return Product(tuple(map(change, factors)))
        case Quotient(top, bottom):
            return Quotient(change(top), change(bottom))
        case Power(base, exponent):
            return Power(change(base), change(exponent))
        case Negative(of):
            return Negative(change(of))
        case Over(body, count, how):
            return Over(change(body), count, how)
        case Compare(left, sign, right):
            return Compare(change(left), sign, change(right))
        case Cases(choices, otherwise):
            return Cases(tuple((change(when), change(then)) for when, then in choices), change(otherwise))
        case Call(function, arguments):
            return Call(function, tuple(map(change, arguments)))
    return node


def expression(value: Operand) -> Expression:
    return value if isinstance(value, Expression) else Number(float(value))


def add(*terms: Operand) -> Expression:
    """A flat sum without zeros, its constants merged into the first term if that is one (1 − x), else into the last."""
    parts = [part for term in map(expression, terms) for part in (term.terms if isinstance(term, Sum) else (term,))]
    flat: list[Expression] = []
    constant = 0.0
    for part in parts:
        match part:
            case Number(value):
                constant += value
            case Negative(Number(value)):
                constant -= value
            case _:
                flat.append(part)
    if constant:
        flat.insert(0 if isinstance(parts[0], Number) else len(flat), number(constant))
    return Sum(tuple(flat)) if len(flat) > 1 else flat[0] if flat else Number(0.0)


def multiply(*factors: Operand) -> Expression:
    """A flat product without ones: constants merged in front, signs outside, repeated factors as powers."""
    constant, divisor, powers = 1.0, 1.0, {}
    for factor in map(expression, factors):
        while isinstance(factor, Negative):
            constant, factor = -constant, factor.of
        for part in factor.factors if isinstance(factor, Product) else (factor,):
            match part:
                case Number(value):
                    constant *= value
                    continue
                case Quotient(Number(value), Number(by)):
                    constant, divisor = constant * value, divisor * by
                    continue
            base, exponent = (part.base, part.exponent) if isinstance(part, Power) else (part, Number(1.0))
            if not isinstance(exponent, Number):
                base, exponent = part, Number(1.0)
            powers[base] = powers.get(base, 0.0) + exponent.value
    if constant == 0:
        return Number(0.0)
    flat = [power(base, exponent) for base, exponent in powers.items() if exponent]
    sign, constant = math.copysign(1.0, constant), abs(constant)
    if (constant / divisor).is_integer():
        constant, divisor = constant / divisor, 1.0
    if constant != 1 or not flat:
        flat.insert(0, Number(constant))
    result = divide(Product(tuple(flat)) if len(flat) > 1 else flat[0], divisor)
    return negative(result) if sign < 0 else result


def negative(value: Operand) -> Expression:
    match expression(value):
        case Negative(of):
            return of
        case Number(number_value):
            return number(-number_value)
        case other:
            return Negative(other)


def number(value: float) -> Expression:
    """A constant; a negative one as minus a positive one, so that signs are printed in one way only."""
    return Number(value) if value >= 0 or value != value else Negative(Number(-value))


def divide(top: Operand, bottom: Operand) -> Expression:
    top, bottom = expression(top), expression(bottom)
    match top, bottom:
        case _, Number(1.0):
            return top
        case Number(a), Number(b) if b and float(a / b).is_integer():
            return number(a / b)
        case Negative(of), _:
            return negative(divide(of, bottom))
        case _, Negative(of):
            return negative(divide(top, of))
        case Number(0.0), _ if not isinstance(bottom, Number):
            return Number(0.0)
        case Quotient(inner, first), _:
            return divide(inner, multiply(first, bottom))
    return Number(1.0) if top == bottom else Quotient(top, bottom)


def power(base: Operand, exponent: Operand) -> Expression:
    base, exponent = expression(base), expression(exponent)
    match base, exponent:
        case _, Number(1.0):
            return base
        case _, Number(0.0):
            return Number(1.0)
        case Number(value), Number(n) if value >= 0:
            return Number(value**n) if value or n > 0 else Power(base, exponent)
    return Power(base, exponent)


def cases(*choices: tuple[Operand, Operand], otherwise: Operand) -> Expression:
    """Cases, or the one value where all of them give the same."""
    rows = tuple((expression(when), expression(then)) for when, then in choices)
    rest = expression(otherwise)
    return rest if all(then == rest for _, then in rows) else Cases(rows, rest)


COMPARISONS: dict[str, Callable] = {
    "<": np.less,
    "≤": np.less_equal,
    ">": np.greater,
    "≥": np.greater_equal,
    "=": np.equal,
    "≠": np.not_equal,
}
GATHERED: dict[str, Callable] = {"sum": np.sum, "product": np.prod, "max": np.max, "min": np.min}


def evaluate(node: Expression, filled: Sequence) -> Any:
    """The value of a formula.

    Args:
        filled: for every slot its numbers: one axis for the lines that share this formula, then one axis for every
            `Over` around the slot, outermost first.

    Returns:
        one value per line.
    """
    match node:
        case Slot(index):
            return filled[index]
        case Number(value):
            return np.float64(value)
        case Sum(terms):
            return _fold(np.add, terms, filled)
        case Product(factors):
            return _fold(np.multiply, factors, filled)
        case Negative(of):
            return -evaluate(of, filled)
        case Quotient(top, bottom):
            return _fold(np.divide, (top, bottom), filled)
        case Power(base, exponent):
            return _fold(np.power, (base, exponent), filled)
        case Call(function, arguments):
            return function.value(*_aligned([evaluate(a, filled) for a in arguments]))
        case Over(body, count, how):
            return _gather(evaluate(body, filled), count, how)
        case Compare(left, sign, right):
            return _fold(COMPARISONS[sign], (left, right), filled).astype(float)
        case Cases(choices, otherwise):
            values = _aligned([evaluate(c, filled) for pair in choices for c in pair] + [evaluate(otherwise, filled)])
            values = np.broadcast_arrays(*values)
            return np.select([when != 0 for when in values[:-1:2]], list(values[1:-1:2]), values[-1])
    raise TypeError(f"not a formula: {node!r}")


def _fold(operation: Callable, nodes: Sequence[Expression], filled: Sequence) -> np.ndarray:
    values = _aligned([evaluate(node, filled) for node in nodes])
    result = values[0]
    for value in values[1:]:
        result = operation(result, value)
    return result


def _aligned(values: list) -> list:
    """Axes matched from the first on: what doesn't depend on an inner sum is the same at every position of it."""
    deepest = max(np.ndim(value) for value in values)
    return [v if np.ndim(v) in (0, deepest) else v.reshape(v.shape + (1,) * (deepest - v.ndim)) for v in values]


def _gather(body: np.ndarray, count: int, how: str) -> np.ndarray:
    if np.ndim(body) == 0:  # nothing in the body depends on the position
        body = np.full(count, body)
    return GATHERED[how](body, axis=-1)


def slots(node: Expression) -> set[Slot]:
    """Every slot that a formula reads."""
    if isinstance(node, Slot):
        return {node}
    return set().union(*(slots(part) for part in parts(node) if isinstance(part, Expression)))


def replace(node: Expression, change: Callable[[Slot], Expression]) -> Expression:
    """The formula with every slot changed."""
    return change(node) if isinstance(node, Slot) else rebuild(node, lambda child: replace(child, change))
