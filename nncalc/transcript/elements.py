"""What a transcript consists of, whatever it is written in.

Symbols, sides and results are formulas in the style of the target; every other text is plain and still to be escaped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

MOST_ITEMS = 8  # results, samples or outputs that are listed before a gap


@dataclass(frozen=True)
class Heading:
    """Of the document (level 1), a chapter (2) or a layer (3)."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    text: str


@dataclass(frozen=True)
class Legend:
    """What the lines that follow do: sentences, each with the symbols it is said of."""

    entries: Sequence[tuple[Sequence[str], str]]


@dataclass(frozen=True)
class Remark:
    """Something about a line, or about those of several quantities that `symbols` lists."""

    text: str
    symbols: Sequence[str] = ()


@dataclass(frozen=True)
class Line:
    """`symbol = side = side ≈ result`, with at most two sides; lines of a `kind` are alike."""

    kind: str
    symbol: str
    sides: Sequence[str]
    sign: str
    result: str
    remarks: Sequence[Remark] = ()


@dataclass(frozen=True)
class Lines:
    """Lines of working below each other; `matrices`: those over whole matrices."""

    lines: Sequence[Line]
    matrices: bool = False


@dataclass(frozen=True)
class Results:
    """Results alone, `z₁ = 0.3775`, in one paragraph."""

    items: Sequence[str]
    remarks: Sequence[Remark] = ()


@dataclass(frozen=True)
class Table:
    head: Sequence[str]
    rows: Sequence[Sequence[str]]


Element = Heading | Paragraph | Legend | Lines | Results | Table


def gapped(items: Sequence, write: Callable, gap: str, most: int = MOST_ITEMS) -> list[str]:
    """All items, or the first ones, a gap and the last.

    >>> gapped(range(100), str, "…")
    ['0', '1', '2', '3', '4', '5', '…', '99']
    """
    if len(items) <= most:
        return [write(item) for item in items]
    return [*(write(item) for item in items[: most - 2]), gap, write(items[-1])]


def one_line(text: str) -> str:
    r"""Text of a file on one line, without what would steer a terminal.

    >>> one_line("red \x1b[31m\nand  black")
    'red [31m and black'
    """
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
