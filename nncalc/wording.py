"""How a message repeats what was given and offers what is possible."""

from __future__ import annotations

import math
from collections.abc import Collection
from difflib import get_close_matches

_LONGEST = 40


def shown(value: object) -> str:
    """A value as a message repeats it: short, on one line.

    >>> shown("abc"), shown([1, 2]), shown(None), shown(True), shown(0.5)
    ('"abc"', 'a list of 2', 'null', 'true', '0.5')
    """
    if isinstance(value, str):
        clipped = value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"
        return '"' + "".join(c if c.isprintable() else " " for c in clipped) + '"'
    if isinstance(value, list):
        return f"a list of {len(value)}" if value else "an empty list"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int | float):
        return _number(value)
    return "an object" if isinstance(value, dict) else f"a value of the kind {type(value).__name__}"


def _number(value: float) -> str:
    """Not-a-number and infinity as JSON spells them; Python refuses to print very long whole numbers."""
    if isinstance(value, int) and abs(value) >= 10**_LONGEST:
        return f"a whole number of more than {_LONGEST} digits"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return "NaN" if math.isnan(value) else repr(value)


def meant(given: object, possible: Collection[str]) -> str:
    """The end of a message about an unknown name: the nearest one, and all there are.

    >>> meant("wieghts", ["weights", "bias"])
    '. Did you mean `weights`? Possible: weights, bias'
    """
    near = get_close_matches(given, possible, n=1) if isinstance(given, str) and len(given) <= 100 else []
    suggestion = f" Did you mean `{near[0]}`?" if near else ""
    return f".{suggestion} Possible: {', '.join(possible)}"


def counted(number: int, noun: str) -> str:
    """
    >>> counted(1, "row"), counted(3, "entry")
    ('1 row', '3 entries')
    """
    if number == 1:
        return f"1 {noun}"
    return f"{number:,} {noun[:-1]}ies" if noun.endswith("y") else f"{number:,} {noun}s"
