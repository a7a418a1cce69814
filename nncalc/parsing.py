"""How a person writes a number, and which numbers are possible."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction

from nncalc.errors import InputError
from nncalc.wording import shown

LONGEST_NUMBER = 200

_LARGEST_EXPONENT = 400
_NUMERAL = r"(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][-+]?[0-9]+)?"
_FACTOR = rf"\s*(?:([-+])\s*)?({_NUMERAL})\s*"  # one way only to split spaces: no backtracking
_SUM = re.compile(rf"{_FACTOR}(?:[-+*/]{_FACTOR})*")
_PART = re.compile(rf"(^|[-+*/]){_FACTOR}")
_TYPED = str.maketrans({"−": "-", "·": "*", "×": "*"})


def parse_number(given: object) -> float:
    """The float64 nearest to a number as JSON or a person writes it.

    A text may be a decimal (with a point or a comma), a fraction, or a sum of products; it is worked out
    exactly and rounded once. "1,000" has a decimal comma: it is 1.

    Raises:
        InputError: it is no finite number of these forms.

    >>> parse_number("1/2 + 3*0.25"), parse_number("−0,5"), parse_number("0.1 + 0.2")
    (1.25, -0.5, 0.3)
    """
    if isinstance(given, str):
        return _finite(_worked_out(given), given)
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise InputError(f"{shown(given)} given, a number needed")
    return _finite(given, given)


def _finite(number: Fraction | float, given: object) -> float:
    try:
        result = float(number)
    except OverflowError:
        result = math.inf
    if math.isnan(result):
        raise InputError("NaN (not a number) given, a number needed")
    if math.isinf(result):
        raise InputError(f"{shown(given)} is infinite or too large. Numbers go up to about 1.8e308")
    return result


def _worked_out(text: str) -> Fraction | float:
    if len(text) > LONGEST_NUMBER:
        raise InputError(f"a number of {len(text):,} characters given, at most {LONGEST_NUMBER} are read")
    typed = text.translate(_TYPED)
    if not _SUM.fullmatch(typed):
        raise InputError(
            f"{shown(text)} is not a number. Write a number (0.25), a fraction (1/3) "
            "or a sum of products (1/2 + 3*0.25)"
        )
    parts = _PART.findall(typed)
    if len(parts) == 1:
        _, sign, numeral = parts[0]
        return float(sign + numeral.replace(",", "."))
    return _total(parts, text)


def _total(parts: list[tuple[str, str, str]], text: str) -> Fraction:
    """The sum of the products of `(operator, sign, numeral)`; a product ends at the next + or −."""
    total, product = Fraction(0), Fraction(0)
    for operator, sign, numeral in parts:
        factor = _fraction(numeral) * (-1 if sign == "-" else 1)
        if operator == "*":
            product *= factor
        elif operator == "/":
            if not factor:
                raise InputError(f"{shown(text)} divides by zero. Use a divisor other than 0")
            product /= factor
        else:
            total, product = total + product, -factor if operator == "-" else factor
    return total + product


def _fraction(numeral: str) -> Fraction:
    numeral = numeral.replace(",", ".").lower()
    exponent = int(numeral.partition("e")[2] or 0)
    if abs(exponent) > _LARGEST_EXPONENT:  # its power of ten would fill the memory
        raise InputError(f"{numeral} is too large or too small to be worked with. Use an exponent within ±400")
    return Fraction(numeral)


@dataclass(frozen=True)
class Range:
    """Which numbers are possible: at least `least` or above `above`, at most `most` or below `below`.

    >>> 1.0 in Range(least=0, below=1), str(Range(least=0, below=1))
    (False, 'at least 0 and below 1')
    """

    least: float | None = None
    above: float | None = None
    most: float | None = None
    below: float | None = None

    def __contains__(self, number: float) -> bool:
        return (
            (self.least is None or number >= self.least)
            and (self.above is None or number > self.above)
            and (self.most is None or number <= self.most)
            and (self.below is None or number < self.below)
        )

    def __str__(self) -> str:
        limits = {"at least": self.least, "above": self.above, "at most": self.most, "below": self.below}
        return " and ".join(f"{word} {limit:g}" for word, limit in limits.items() if limit is not None)


ANY = Range()
