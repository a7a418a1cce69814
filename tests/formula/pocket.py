"""A pocket calculator: reads a printed line and works it out, in 50 digits.

Written from how lines look on paper, and knows nothing of nncalc: · and /, + and −, powers ² and ^( ), e^( ), √( ),
functions with brackets, bars for the absolute value, and numbers such as −0.25, 1.5e−7, 1.5·10^(−7), ∞ and NaN.
"""

from __future__ import annotations

import re
from typing import Any

import mpmath

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?(?:e[−+]?\d+)?)|(?P<word>[A-Za-zσ_][A-Za-z0-9_]*′?)|(?P<sign>[-+−·⊙/()|⌊⌋⌈⌉²√^,∞{};<>≤≥=≠⁻⁰¹³⁴⁵⁶⁷⁸⁹]))"
)

CONTEXT = mpmath.MPContext()
CONTEXT.dps = 50


def _round_half_up(x):
    return CONTEXT.sign(x) * CONTEXT.floor(abs(x) + CONTEXT.mpf("0.5"))


FUNCTIONS = {
    "ln": lambda x: CONTEXT.ninf if x == 0 else CONTEXT.log(x) if x > 0 else CONTEXT.nan,
    "max": lambda *xs: CONTEXT.nan if any(x != x for x in xs) else max(xs),
    "min": lambda *xs: CONTEXT.nan if any(x != x for x in xs) else min(xs),
    "sign": CONTEXT.sign,
    "cbrt": lambda x: CONTEXT.sign(x) * CONTEXT.cbrt(abs(x)),
    "σ": lambda x: 1 / (1 + CONTEXT.exp(-x)),
    **{
        name: getattr(CONTEXT, name)
        for name in "tanh sin cos tan asin acos atan sinh cosh asinh acosh atanh erf".split()
    },
}
BETWEEN = {"|": ("|", abs), "⌊": ("⌋", CONTEXT.floor), "⌈": ("⌉", CONTEXT.ceil)}
SUPERSCRIPTS = {"²": 2, "³": 3}


class Unreadable(ValueError):
    """The text is no line of arithmetic."""


def worked_out(text: str) -> Any:
    """The value of a printed formula.

    >>> float(worked_out("0.15 · 0.05 + 0.2 · (−0.1) + 0.35"))
    0.3375
    >>> float(worked_out("−2² + e^(0) / 4 − |−3|")), float(worked_out("1.5e−3 · (−2)²"))
    (-6.75, 0.006)
    """
    line = _Line(text)
    value = line.sum()
    if line.ahead:
        raise Unreadable(f"what follows `{line.ahead}` in `{text}`?")
    return value


def number(text: str) -> Any:
    """The value of a printed number.

    >>> float(number("−2.5e−3")), float(number("∞"))
    (-0.0025, inf)
    """
    return worked_out(text)


def last_place(text: str) -> Any:
    """What one unit in the last printed place is worth.

    >>> float(last_place("−0.3775")), float(last_place("4.2e−7")), float(last_place("12"))
    (0.0001, 1e-08, 1.0)
    """
    mantissa, _, exponent = text.replace("−", "-").partition("e")
    decimals = len(mantissa.partition(".")[2])
    return CONTEXT.mpf(10) ** (int(exponent or 0) - decimals)


class _Line:
    """Reads from left to right; `ahead` is the next sign, word or number."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[tuple[str, str]] = []
        at = 0
        while at < len(text.rstrip()):
            match = _TOKEN.match(text, at)
            if match is None:
                raise Unreadable(f"`{text[at:]}` in `{text}`")
            assert match.lastgroup is not None
            self.tokens.append((match.lastgroup, match[match.lastgroup]))
            at = match.end()

    @property
    def ahead(self) -> str:
        return self.tokens[0][1] if self.tokens else ""

    @property
    def kind(self) -> str:
        return self.tokens[0][0] if self.tokens else ""

    def take(self, expected: str = "") -> str:
        if not self.tokens or (expected and self.ahead != expected):
            raise Unreadable(f"`{expected}` expected, not `{self.ahead}`, in `{self.text}`")
        return self.tokens.pop(0)[1]

    def sum(self):
        value = self.product()
        while self.ahead in ("+", "−"):
            value = value + self.product() if self.take() == "+" else value - self.product()
        return value

    def product(self):
        """−a · b is −(a · b); two signs in a row are nothing that one writes."""
        if self.ahead == "−":
            self.take()
            if self.ahead == "−":
                raise Unreadable(f"two minus signs in a row in `{self.text}`")
            return -self.product()
        value = self.power()
        while self.ahead in ("·", "/"):
            if self.take() == "·":
                value = value * self.power()
            else:
                value = _divided(value, self.power())
        return value

    def power(self):
        scientific = self.kind == "number" and "e" in self.ahead
        base = self.atom()
        while self.ahead and self.ahead in "²³^":
            if scientific:
                raise Unreadable(f"is 10 or all of the number raised to a power, in `{self.text}`?")
            sign = self.take()
            base = _raised(base, SUPERSCRIPTS[sign] if sign in SUPERSCRIPTS else self.brackets())
        return base

    def brackets(self):
        self.take("(")
        value = self.sum()
        self.take(")")
        return value

    def atom(self):
        kind, token = self.tokens[0] if self.tokens else ("", "")
        if kind == "number":
            return CONTEXT.mpf(self.take().replace("−", "-"))
        if kind == "word":
            return self.word()
        if token == "(":
            return self.brackets()
        if token == "√":
            self.take()
            return CONTEXT.sqrt(self.brackets())
        if token in BETWEEN:
            self.take()
            value = self.sum()
            closing, function = BETWEEN[token]
            self.take(closing)
            return function(value)
        if token == "∞":
            self.take()
            return CONTEXT.inf
        raise Unreadable(f"`{token}` is no number, in `{self.text}`")

    def word(self):
        word = self.take()
        if word == "NaN":
            return CONTEXT.nan
        if word == "e":
            self.take("^")
            return CONTEXT.exp(self.brackets())
        if word not in FUNCTIONS:
            raise Unreadable(f"`{word}` is on no pocket calculator, in `{self.text}`")
        self.take("(")
        arguments = [self.sum()]
        while self.ahead == ",":
            self.take()
            arguments.append(self.sum())
        self.take(")")
        return FUNCTIONS[word](*arguments)


def _divided(top, bottom):
    if bottom == 0:
        return CONTEXT.nan if top == 0 or top != top else CONTEXT.inf * CONTEXT.sign(top)
    return top / bottom


def _raised(base, exponent):
    if base == 0 and exponent < 0:
        return CONTEXT.inf
    value = base**exponent
    return value if isinstance(value, CONTEXT.mpf) else CONTEXT.nan
