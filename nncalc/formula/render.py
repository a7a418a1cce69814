"""Formulas as text, LaTeX and MathML.

A formula is rendered once into *pieces*: strings, and holes where a number or a symbol goes. Filling the holes gives
the symbolic line and the line with numbers of every unit that shares the formula.

>>> from nncalc.formula.expand import written_out
>>> from nncalc.formula.expression import Over, Slot
>>> line = pieces(written_out(Over(Slot(0) * Slot(1), 2) + Slot(2)), TEXT)
>>> numbers = {(0, (0,)): "0.15", (1, (0,)): "0.05", (0, (1,)): "0.2", (1, (1,)): "−0.1", (2, ()): "0.35"}
>>> "".join(p if isinstance(p, str) else TEXT.number(numbers[p.index, p.position], p.guarded) for p in line)
'0.15 · 0.05 + 0.2 · (−0.1) + 0.35'
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from nncalc.formula.expand import At, Elementwise, Gap
from nncalc.formula.expression import (
    Call,
    Cases,
    Compare,
    Expression,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
)
from nncalc.formula.symbol import SlopeSymbol, Symbol
from nncalc.numerals import FULL, show

SUM, PRODUCT, POWER, ATOM = 1, 2, 3, 4  # how tightly a formula holds together


@dataclass(frozen=True)
class Hole:
    """Where a number or a symbol goes.

    `guarded`: a negative number needs brackets here (1), or everything that is more than one sign (2).
    """

    index: int
    position: tuple[int, ...]
    guarded: int


Pieces = tuple[str | Hole, ...]
AnySymbol = Symbol | SlopeSymbol


@dataclass(frozen=True)
class Style:
    """How one target writes the parts of a formula; every field takes and gives pieces."""

    number: Callable[[str, int], str]
    symbol: Callable[[AnySymbol, int], str]
    plus: str
    minus: str
    times: str
    elementwise: str
    negative: Callable[[Pieces], Pieces]
    brackets: Callable[[Pieces], Pieces]
    fraction: Callable[[Pieces, Pieces], Pieces]
    power: Callable[[Pieces, Pieces], Pieces]
    call: Callable[[str, str, list[Pieces]], Pieces]
    gap: str
    fraction_holds: int  # ATOM where a fraction has a bar of its own


def pieces(node: Expression, style: Style) -> Pieces:
    """A written-out formula in one style."""
    return _write(node, style, 0, True)


def _write(node: Expression, style: Style, level: int, leading: bool) -> Pieces:
    written, holds = _node(node, style, level, leading)
    return style.brackets(written) if holds < level else written


def _node(node: Expression, style: Style, level: int, leading: bool) -> tuple[Pieces, int]:
    match node:
        case At(index, position):
            return (Hole(index, position, 2 if level == ATOM else int(not leading)),), ATOM
        case Number(value):
            return (style.number(show(value, FULL), int(not leading)),), ATOM
        case Gap():
            return (style.gap,), ATOM
        case Sum(terms):
            return _sum(terms, style, leading), SUM
        case Negative(of):
            return style.negative(_write(of, style, PRODUCT, False)), SUM
        case Elementwise(factors):
            return _joined([_write(f, style, POWER, False) for f in factors], style.elementwise), PRODUCT
        case Product(factors):
            parts = [_write(f, style, PRODUCT + (k > 0), leading and k == 0) for k, f in enumerate(factors)]
            return _joined(parts, style.times), PRODUCT
        case Quotient(top, bottom):
            return _fraction(top, bottom, style, leading)
        case Power(base, exponent):
            return style.power(_write(base, style, ATOM, False), _write(exponent, style, 0, True)), POWER
        case Call(function, arguments):
            inside = [_write(a, style, 0, True) for a in arguments]
            return style.call(function.name, function.latex, inside), POWER if function.name == "exp" else ATOM
        case Compare(left, sign, right):
            return (*_write(left, style, 0, True), f" {sign} ", *_write(right, style, 0, True)), SUM
        case Cases(choices, otherwise):
            rows = [_write(part, style, 0, True) for pair in choices for part in (pair[1], pair[0])]
            return style.call("cases", "", [*rows, _write(otherwise, style, 0, True)]), ATOM
    raise TypeError(f"not a written-out formula: {node!r}")


def _sum(terms: tuple[Expression, ...], style: Style, leading: bool) -> Pieces:
    written: list[str | Hole] = []
    for k, term in enumerate(terms):
        if k and isinstance(term, Negative):
            written += [style.minus, *_write(term.of, style, PRODUCT, False)]
        else:
            written += [style.plus] * (k > 0) + [*_write(term, style, SUM if k == 0 else PRODUCT, leading and k == 0)]
    return tuple(written)


def _fraction(top: Expression, bottom: Expression, style: Style, leading: bool) -> tuple[Pieces, int]:
    if style.fraction_holds == ATOM:
        return style.fraction(_write(top, style, 0, True), _write(bottom, style, 0, True)), ATOM
    return style.fraction(_write(top, style, PRODUCT, leading), _write(bottom, style, ATOM, False)), PRODUCT


def _joined(parts: list[Pieces], by: str) -> Pieces:
    joined: list[str | Hole] = []
    for k, part in enumerate(parts):
        joined += [by] * (k > 0) + [*part]
    return tuple(joined)


WHOLE = {"floor": "⌊⌋", "ceil": "⌈⌉"}
"""Brackets that say it: the whole number below, or above."""


def _text_call(name: str, _: str, arguments: list[Pieces]) -> Pieces:
    match name:
        case "exp":
            return ("e^(", *arguments[0], ")")
        case "sqrt":
            return ("√(", *arguments[0], ")")
        case "|·|":
            return ("|", *arguments[0], "|")
        case "floor" | "ceil":
            return (WHOLE[name][0], *arguments[0], WHOLE[name][1])
        case "cases":
            return ("{", *_joined(arguments, "; "), "}")
    return (f"{name}(", *_joined(arguments, ", "), ")")


def _latex_call(name: str, latex: str, arguments: list[Pieces]) -> Pieces:
    match name:
        case "exp":
            return ("e^{", *arguments[0], "}")
        case "sqrt":
            return (r"\sqrt{", *arguments[0], "}")
        case "|·|":
            return (r"\left|", *arguments[0], r"\right|")
        case "floor" | "ceil":
            return (rf"\left\l{name} ", *arguments[0], rf" \right\r{name}")
        case "cases":
            return (r"\begin{cases}", *_joined(arguments, r" \\ "), r"\end{cases}")
    stem = name.rstrip("′")
    word = latex or rf"\operatorname{{{stem}}}" + "'" * (len(name) - len(stem))
    return (word, r"\left(", *_joined(arguments, ", "), r"\right)")


def _mathml_call(name: str, _: str, arguments: list[Pieces]) -> Pieces:
    match name:
        case "exp":
            return ("<msup><mi>e</mi><mrow>", *arguments[0], "</mrow></msup>")
        case "sqrt":
            return ("<msqrt>", *arguments[0], "</msqrt>")
        case "|·|":
            return ("<mrow><mo>|</mo>", *arguments[0], "<mo>|</mo></mrow>")
        case "floor" | "ceil":
            left, right = (f"<mo>{sign}</mo>" for sign in WHOLE[name])
            return ("<mrow>", left, *arguments[0], right, "</mrow>")
    inside = _joined(arguments, "<mo>,</mo>")
    return (f"<mrow><mi>{escape(name)}</mi><mo>(</mo>", *inside, "<mo>)</mo></mrow>")


def _needs_brackets(text: str, guarded: int) -> bool:
    return bool(guarded) and (text.startswith("−") or (guarded == 2 and "e" in text))


def _latex_number(text: str, guarded: int) -> str:
    plain = text.replace("e−", "e-").replace("−", "-").replace("∞", r"\infty").replace("NaN", r"\text{NaN}")
    mantissa, e, exponent = plain.partition("e") if "{" not in plain else (plain, "", "")
    number = rf"{mantissa} \cdot 10^{{{exponent}}}" if e else plain
    return rf"\left({number}\right)" if _needs_brackets(text, guarded) else number


def _mathml_number(text: str, guarded: int) -> str:
    mantissa, e, exponent = text.partition("e")
    number = f"<mn>{mantissa}</mn>"  # the sign stays inside, or it would be set as an operator
    if e:
        number = f"<mrow>{number}<mo>·</mo><msup><mn>10</mn><mn>{exponent}</mn></msup></mrow>"
    return f"<mrow><mo>(</mo>{number}<mo>)</mo></mrow>" if _needs_brackets(text, guarded) else number


def _symbol(write: Callable[[AnySymbol], str], opening: str, closing: str) -> Callable[[AnySymbol, int], str]:
    """Symbols in one style; a derivative in brackets where it is squared or divided by."""

    def symbol(symbol: AnySymbol, guarded: int = 0) -> str:
        written = write(symbol)
        return f"{opening}{written}{closing}" if guarded == 2 and symbol.derivative_of else written

    return symbol


TEXT = Style(
    number=lambda text, guarded: f"({text})" if _needs_brackets(text, guarded) else text,
    symbol=_symbol(lambda s: s.text(), "(", ")"),
    plus=" + ",
    minus=" − ",
    times=" · ",
    elementwise=" ⊙ ",
    negative=lambda inner: ("−", *inner),
    brackets=lambda inner: ("(", *inner, ")"),
    fraction=lambda top, bottom: (*top, " / ", *bottom),
    power=lambda base, exponent: (*base, "²") if exponent == ("2",) else (*base, "^(", *exponent, ")"),
    call=_text_call,
    gap="…",
    fraction_holds=PRODUCT,
)
LATEX = Style(
    number=_latex_number,
    symbol=_symbol(lambda s: s.latex(), r"\left(", r"\right)"),
    plus=" + ",
    minus=" - ",
    times=r" \cdot ",
    elementwise=r" \odot ",
    negative=lambda inner: ("-", *inner),
    brackets=lambda inner: (r"\left(", *inner, r"\right)"),
    fraction=lambda top, bottom: (r"\frac{", *top, "}{", *bottom, "}"),
    power=lambda base, exponent: ("{", *base, "}^{", *exponent, "}"),
    call=_latex_call,
    gap=r"\cdots",
    fraction_holds=ATOM,
)
MATHML = Style(
    number=_mathml_number,
    symbol=_symbol(lambda s: s.mathml(), "<mrow><mo>(</mo>", "<mo>)</mo></mrow>"),
    plus="<mo>+</mo>",
    minus="<mo>−</mo>",
    times="<mo>·</mo>",
    elementwise="<mo>⊙</mo>",
    negative=lambda inner: ("<mrow><mo>−</mo>", *inner, "</mrow>"),
    brackets=lambda inner: ("<mrow><mo>(</mo>", *inner, "<mo>)</mo></mrow>"),
    fraction=lambda top, bottom: ("<mfrac><mrow>", *top, "</mrow><mrow>", *bottom, "</mrow></mfrac>"),
    power=lambda base, exponent: ("<msup><mrow>", *base, "</mrow><mrow>", *exponent, "</mrow></msup>"),
    call=_mathml_call,
    gap="<mo>⋯</mo>",
    fraction_holds=ATOM,
)

STYLES: dict[str, Style] = {"text": TEXT, "latex": LATEX, "mathml": MATHML}


def fill(written: Pieces, of: Callable[[Hole], str]) -> str:
    """The pieces with every hole filled."""
    return "".join(p if isinstance(p, str) else of(p) for p in written)
