"""Equal largest numbers in a window: which of them counts, and what is said of it."""

from __future__ import annotations

import numpy as np

from nncalc.formula.expression import Over, Slot
from nncalc.ledger.chain import Lines
from nncalc.ledger.lift import Ids
from nncalc.ledger.named import Ledger

Remarks = list[tuple[str, np.ndarray]]

SEVERAL = "Several numbers in the window are equally large: the first in reading order counts."
FIRST = (
    "It is as large as another in its window, and the first of them in reading order: the whole derivative is its own."
)
LATER = "Another that is as large comes before it in its window: that one has the whole derivative."


class Ties:
    """The windows of a ledger whose largest number is taken."""

    def __init__(self, ledger: Ledger) -> None:
        self._windows = [
            (variable.definition.slots[0].reshape(variable.ids.size, -1), variable.ids.ravel())
            for variable in ledger.variables
            if variable.definition is not None
            and variable.definition.own_slopes is not None
            and isinstance(variable.definition.node, Over)
            and variable.definition.node.body == Slot(0)
        ]

    def forward(self, lines: Lines, values: np.ndarray) -> Remarks:
        """Of windows, where the largest number is there more than once."""
        return _where(SEVERAL, _equal(lines.slots[0], lines.writes, values).sum(axis=1) > 1)

    def backward(self, cells: Ids, values: np.ndarray) -> Remarks:
        """Of numbers in windows: which take the derivative alone, and which have to leave it to another."""
        first, later = np.zeros(cells.shape, bool), np.zeros(cells.shape, bool)
        for window, result in self._windows:
            equal = _equal(window, result, values)
            tied = np.flatnonzero(equal.sum(axis=1) > 1)
            winner = np.argmax(equal[tied], axis=1)
            first |= np.isin(cells, window[tied, winner])
            equal[tied, winner] = False
            later |= np.isin(cells, window[tied][equal[tied]])
        return _where(FIRST, first) + _where(LATER, later)


def _equal(window: Ids, result: Ids, values: np.ndarray) -> np.ndarray:
    return values[window] == values[result][:, None]


def _where(text: str, holds: np.ndarray) -> Remarks:
    return [(text, holds)] if holds.any() else []
