"""How a number is shown.

Arithmetic runs on what is stored; rounding happens only here. A shown number has at least `decimals` decimals and four
significant digits, so that small gradients keep theirs. Zeros at the end are dropped where nothing was rounded away.
The same four lines of arithmetic (`rounded`) are to be used wherever a number is shown, so that all places agree.

>>> show(9.0), show(0.377499999999), show(-1 / 3), show(0.000043865)
('9', '0.3775', '−0.3333', '0.00004387')
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

import numpy as np

DECIMALS = 4
SIGNIFICANT = 4
EXACT = 1e-12  # relative difference up to which "=" is written instead of "≈"
SMALLEST, LARGEST = 1e-6, 1e10  # outside, a power of ten is split off
WHOLE = 2.0**52  # from here on a float has no digits after the point
ALL_DIGITS = 1e18  # from here on there is nothing to round in the 17 digits of a float
WIDE = Context(prec=400)  # more digits than a number of any size is shown with
FULL = 13  # this many extra digits mean: all that are stored


def rounded(x: np.ndarray, decimals: np.ndarray | int) -> np.ndarray:
    """`x` to `decimals` digits after the point, halves away from zero as on paper.

    >>> rounded(np.array([0.28615, -0.28615, 2.5]), np.array([4, 4, 0])).tolist()
    [0.2862, -0.2862, 3.0]
    """
    x, decimals = np.broadcast_arrays(np.asarray(x, float), decimals)
    scale = 10.0 ** decimals.astype(float)
    with np.errstate(all="ignore"):
        scaled = np.abs(x) * scale
        result = np.where(scaled < WHOLE, np.copysign(np.floor(scaled + 0.5) / scale, x), x)
        # a half, or nearly, or more digits than this arithmetic holds: as it is written
        close = np.abs(scaled - np.floor(scaled) - 0.5) <= 2 * np.spacing(scaled)
        close = np.where(scaled < WHOLE, close, scaled < ALL_DIGITS)
    for place in map(tuple, np.argwhere(close)):
        result[place] = float(_on_paper(float(x[place]), -int(decimals[place])))
    return result


def _on_paper(x: float, place: int) -> Decimal:
    """The number as it is written, rounded at a power of ten, halves away from zero."""
    return Decimal(repr(x)).quantize(Decimal(1).scaleb(place), ROUND_HALF_UP, WIDE)


def decimals_of(x: np.ndarray, decimals: int = DECIMALS) -> np.ndarray:
    """How many digits after the point `x` is shown with, before zeros at the end are dropped."""
    with np.errstate(all="ignore"):
        leading = np.floor(np.log10(np.abs(x)))
    finite = np.isfinite(leading)
    return np.where(finite, np.maximum(decimals, SIGNIFICANT - 1 - np.where(finite, leading, 0)), decimals).astype(int)


def last_place(x: np.ndarray, decimals: int = DECIMALS) -> np.ndarray:
    """What one unit in the last place of the printed number is worth.

    >>> last_place(np.array([0.3775, 0.000043865, 2.5e12])).round(8).tolist()
    [0.0001, 1e-08, 1000000000.0]
    """
    with np.errstate(all="ignore"):
        places = np.where(_split(x), SIGNIFICANT - 1 - np.floor(np.log10(np.abs(x))), decimals_of(x, decimals))
        return 10.0**-places


def _split(x: np.ndarray) -> np.ndarray:
    """Where a power of ten is split off."""
    size = np.abs(x)
    return (x != 0) & ((size < SMALLEST) | (size >= LARGEST)) & np.isfinite(x)


def shown(x: np.ndarray, extra: np.ndarray | int = 0, decimals: int = DECIMALS) -> np.ndarray:
    """The numbers that are printed for `x` with `extra` more digits than usual: what a reader of the line types in."""
    x = np.asarray(x, float)
    extra = np.broadcast_to(extra, x.shape)
    with np.errstate(all="ignore"):
        result = np.where(extra >= FULL, x, rounded(x, decimals_of(x, decimals) + extra))
        split = _split(x) & (extra < FULL)
    if split.any():
        result[split] = [float(_power_of_ten(v, int(e))) for v, e in zip(x[split].tolist(), extra[split], strict=True)]
    return result


@lru_cache(maxsize=65_536)
def show(x: float, extra: int = 0, decimals: int = DECIMALS) -> str:
    """The text of a number, with a true minus sign."""
    if x != x:
        return "NaN"
    if math.isinf(x):
        return "∞" if x > 0 else "−∞"
    if x == 0:
        return "0"
    return _digits(abs(x), extra, decimals, "−" if x < 0 else "")


def _digits(x: float, extra: int, decimals: int, sign: str) -> str:
    if not SMALLEST <= x < LARGEST:
        return sign + _power_of_ten(x, extra).replace("-", "−")
    places = max(decimals, SIGNIFICANT - 1 - math.floor(math.log10(x)))
    if extra >= FULL:
        return sign + np.format_float_positional(x, trim="-")
    exact = _on_paper(x, -(places + extra))
    value, text = float(exact), f"{exact:f}"
    if abs(value - x) <= EXACT * x and "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if not value else sign + text


def _power_of_ten(x: float, extra: int) -> str:
    """A number as a mantissa and an exponent of ten, as Python reads it."""
    exact = Decimal(repr(x))
    if extra < FULL:
        places = SIGNIFICANT - 1 + extra
        larger = _on_paper(x, exact.adjusted() - places).adjusted()  # 9.9999 may have become 10.000
        exact = _on_paper(x, larger - places)
    if abs(float(exact) - x) <= EXACT * abs(x):
        exact = exact.normalize()
    digits = "".join(map(str, exact.as_tuple().digits))
    mantissa = f"{digits[0]}.{digits[1:]}" if len(digits) > 1 else digits
    return f"{'-' * exact.is_signed()}{mantissa}e{exact.adjusted()}"


def sign_of(stored: float, printed: float) -> str:
    """ "=" where the printed number is the stored one, "≈" where something was rounded away."""
    if stored == printed or (stored != stored and printed != printed):
        return "="
    return "=" if abs(stored - printed) <= EXACT * abs(stored) else "≈"
