"""Pictures that are drawn by a rule, for an image of any size: `PATTERNS` has a row for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Grid = np.ndarray


@dataclass(frozen=True)
class Pattern:
    """A row: `draw(r, c, rows, columns)` gets the row and column of every cell, as arrays."""

    words: str
    draw: Callable[[Grid, Grid, int, int], Grid]


def drawn(name: str, rows: int, columns: int) -> list[list[float]]:
    """The pattern as a problem file has it: whole numbers where they are whole.

    >>> drawn("cross", 3, 3)
    [[0, 1, 0], [1, 1, 1], [0, 1, 0]]
    >>> drawn("vertical_edge", 1, 4), drawn("gradient", 1, 5)
    ([[10, 10, 0, 0]], [[0, 0.25, 0.5, 0.75, 1]])
    """
    r, c = np.indices((rows, columns))
    found = np.round(np.broadcast_to(PATTERNS[name].draw(r, c, rows, columns), (rows, columns)).astype(float), 2)
    return [[int(value) if value.is_integer() else value for value in row] for row in found.tolist()]


def _middle(at: Grid, count: int) -> Grid:
    """The middle row or column, two where there is no single one."""
    return abs(2 * at - (count - 1)) <= 1 - count % 2


def _distance(r: Grid, c: Grid, rows: int, columns: int) -> Grid:
    """From the middle, in units in which the nearest border is at 1."""
    return np.hypot(r - (rows - 1) / 2, c - (columns - 1) / 2) / (min(rows, columns) / 2)


def _seven(r: Grid, c: Grid, rows: int, columns: int) -> Grid:
    """A bar above, and a stroke from its right end down to the left, with a border where there is room."""
    border, thick = (min(rows, columns) + 1) // 6, max(min(rows, columns) // 10, 1)
    top, bottom, left, right = border, rows - 1 - border, border, columns - 1 - border
    bar = (r >= top) & (r < top + thick) & (c >= left) & (c <= right)
    middle = left + (right - left) // 3
    slant = np.round(right - (r - top) * (right - middle) / max(bottom - top, 1))
    return bar | ((c <= slant) & (c > slant - thick) & (r >= top) & (r <= bottom))


PATTERNS: dict[str, Pattern] = {
    "vertical_edge": Pattern("vertical edge, 10 | 0", lambda r, c, rows, columns: 10 * (c < (columns + 1) // 2)),
    "horizontal_edge": Pattern("horizontal edge, 10 | 0", lambda r, c, rows, columns: 10 * (r < (rows + 1) // 2)),
    "diagonal": Pattern("diagonal", lambda r, c, rows, columns: r * columns // rows == c * rows // rows),
    "cross": Pattern("cross", lambda r, c, rows, columns: _middle(r, rows) | _middle(c, columns)),
    "checkerboard": Pattern("checkerboard", lambda r, c, rows, columns: (r + c + 1) % 2),
    "circle": Pattern("circle", lambda *at: _distance(*at) <= 0.95),
    "ring": Pattern("ring", lambda *at: (_distance(*at) <= 0.95) & (_distance(*at) > 0.95 - 2.2 / min(at[2:]))),
    "gradient": Pattern("gradient", lambda r, c, rows, columns: c / max(columns - 1, 1)),
    "seven": Pattern("7", _seven),
    "clear": Pattern("nothing (all 0)", lambda r, c, rows, columns: 0 * r),
}
