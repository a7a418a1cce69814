"""How many digits a line of working is printed with.

A reader who feeds the printed operands of a line to a pocket calculator gets the printed result: operands gain digits
until that is so.
"""

from __future__ import annotations

import numpy as np

from nncalc.formula.expression import (
    Expression,
    Negative,
    Number,
    Over,
    Product,
    Quotient,
    Slot,
    Sum,
    evaluate,
    parts,
    rebuild,
)
from nncalc.ledger.chain import Lines
from nncalc.numerals import FULL, last_place, shown

NOISE = 2.0**-46  # relative to the addends: below it a result is nothing but rounding
HALF = 0.5 * (1 + 1e-9)


class Digits:
    """The printed numbers of an iteration, with as many digits as a line may need."""

    def __init__(self, values: np.ndarray, decimals: int) -> None:
        self.values, self.decimals = values, decimals
        self.half = HALF * last_place(values, decimals)
        self._shown: dict[int, np.ndarray] = {}

    def shown(self, extra: int) -> np.ndarray:
        """All numbers as they are printed with `extra` more digits than usual."""
        if extra not in self._shown:
            self._shown[extra] = shown(self.values, extra, self.decimals)
        return self._shown[extra]

    def needed(self, lines: Lines) -> np.ndarray:
        """How many more digits than usual the operands of every line need; `FULL` for all that are stored."""
        printed, half = self.shown(0)[lines.writes], self.half[lines.writes]
        extra = np.full(len(lines), FULL)
        todo = np.arange(len(lines))
        with np.errstate(all="ignore"):
            for more in range(FULL):
                typed = evaluate(lines.node, [self.shown(more)[ids[todo]] for ids in lines.slots])
                good = (np.abs(typed - printed[todo]) <= half[todo]) | (typed == printed[todo])
                extra[todo[good]] = more
                todo = todo[~good]
                if not len(todo):
                    break
        return extra

    def is_noise(self, lines: Lines) -> np.ndarray:
        """Lines whose result is nothing but what rounding left over of addends that cancel (0.1 + 0.2 − 0.3)."""
        result = np.abs(self.values[lines.writes])
        if not _may_cancel(lines.node):
            return np.zeros(result.shape, bool)
        with np.errstate(all="ignore"):
            size = evaluate(_magnitude(lines.node), [np.abs(self.values[ids]) for ids in lines.slots])
            return np.broadcast_to((result > 0) & (result < NOISE * size), result.shape)


def _may_cancel(node: Expression) -> bool:
    """Whether a formula is made of sums and products alone, so that cancelling is all that can make it small."""
    match node:
        case Slot() | Number():
            return True
        case Quotient(top, Number()):
            return _may_cancel(top)
        case Sum() | Product() | Negative() | Over(_, _, "sum"):
            return all(_may_cancel(part) for part in parts(node) if isinstance(part, Expression))
    return False


def _magnitude(node: Expression) -> Expression:
    """The formula with every minus sign a plus: how large its addends are."""
    return _magnitude(node.of) if isinstance(node, Negative) else rebuild(node, _magnitude)
