"""The matrix form of a chapter's steps as a player gets it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from nncalc.player.formulas import Formulas
from nncalc.walkthrough.groups import grouped
from nncalc.walkthrough.matrix import Matrix, MatrixLine
from nncalc.walkthrough.steps import Step


def matrices(steps: Sequence[Step], place: np.ndarray, formulas: Formulas) -> Iterator[dict[str, Any]]:
    """All lines over whole matrices: a batch is one matrix, whose rows are the samples.

    A matrix is `[symbol, rows, columns, first, down, across]`: the quantity in row r and column c stands at
    `first + r · down + c · across` in the player's lists; before the first there are only ones.

    Args:
        place: where the player has every number of the working.
    """
    for chapter in grouped(steps, "chapter"):
        for line in chapter.matrix:
            yield {
                "chapter": chapter.chapter,
                "result": _packed(line, line.result, place, formulas.style),
                "operands": [_packed(line, matrix, place, formulas.style) for matrix in line.operands],
                "template": formulas.plain(line.node),
            }


def _packed(line: MatrixLine, matrix: Matrix, place: np.ndarray, style: str) -> list[Any]:
    rows, columns = matrix.ids.shape

    def at(row: int, column: int) -> int:
        number = int(matrix.ids[row, column])
        return -1 if number < 0 else int(place[number])

    first = at(0, 0)
    down = at(1, 0) - first if rows > 1 else 0
    across = at(0, 1) - first if columns > 1 else 0
    return [line.symbol_of(matrix, style), rows, columns, first, down, across]
