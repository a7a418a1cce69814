"""Formulas as a player gets them: templates to be filled, trees to be evaluated, steps opened into operations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from nncalc.formula.expand import At
from nncalc.formula.expression import Call, Compare, Expression, Negative, Number, Power, Product, Quotient, Sum, parts
from nncalc.formula.render import STYLES, Hole, Pieces, pieces
from nncalc.walkthrough.operations import WHOLE, Part, opened
from nncalc.walkthrough.working import PrintedLines

Kept = list[np.ndarray]

OPERATORS = {Sum: "+", Product: "*", Quotient: "/", Power: "^", Negative: "-"}


@lru_cache(maxsize=4096)
def _pieces(node: Expression, style: str) -> Pieces:
    """The same formulas come back with every change of a number."""
    return pieces(node, STYLES[style])


class Formulas:
    """Every template and every tree once, by number."""

    def __init__(self, style: str) -> None:
        self.style = style
        self._templates: dict[Pieces, int] = {}
        self._trees: dict[Expression, int] = {}

    @property
    def templates(self) -> list[list]:
        return [
            [[p.index, list(p.position), int(p.guarded)] if isinstance(p, Hole) else p for p in template]
            for template in self._templates
        ]

    @property
    def trees(self) -> list[list]:
        return [_tree(node) for node in self._trees]

    def template(self, printed: PrintedLines, named: bool, kept: Sequence[Kept]) -> int | list[int]:
        """The template of some lines, or one for each where the formula depends on the numbers (a ReLU's slope).

        Args:
            kept: for every slot and every axis of its sums, the positions that are sent.
        """
        if not printed.script.varies(printed.lines.node, named):
            return self._number(_among(printed.pieces(0, named, self.style), kept))
        each = [printed.pieces(k, named, self.style) for k in range(len(printed.lines))]
        return [self._number(_among(written, kept)) for written in each]

    def plain(self, node: Expression) -> int:
        """The template of a formula over its own operands: every hole is one of them, whole."""
        return self._number(_pieces(node, self.style))

    def opened(self, printed: PrintedLines) -> list | None:
        """How steps open into single operations, or None: for all lines alike, or `{"each": […]}`.

        An operation is `[kind, index, template, tree, operands]`; its template and tree are over its operands, each
        `[slot, position…]` of the line or `[-1, k]`, the result of operation k.
        """
        if not printed.script.varies(printed.lines.node, False):
            return self._parts(opened(printed.formula(0, False, WHOLE)), printed)
        each = [self._parts(opened(printed.formula(k, False, WHOLE)), printed) for k in range(len(printed.lines))]
        return [{"each": each}] if any(each) else None

    def _parts(self, found: list[Part], printed: PrintedLines) -> list | None:
        depth = [ids.ndim - 1 for ids in printed.lines.slots]
        return [
            [
                part.kind,
                part.index,
                self.plain(part.node),
                self._trees.setdefault(part.node, len(self._trees)),
                [
                    [-1, at] if isinstance(at, int) else [at.index, *at.position[: depth[at.index]]]
                    for at in part.operands
                ],
            ]
            for part in found
        ] or None

    def _number(self, written: Pieces) -> int:
        return self._templates.setdefault(written, len(self._templates))


def _among(written: Pieces, kept: Sequence[Kept]) -> Pieces:
    """The same holes, their positions counted among those that are sent."""

    def counted(hole: Hole) -> Hole:
        along = zip(
            hole.position, kept[hole.index], strict=False
        )  # what a sum inside doesn't change has no place in it
        return replace(hole, position=tuple(int(np.searchsorted(there, place)) for place, there in along))

    return tuple(counted(piece) if isinstance(piece, Hole) else piece for piece in written)


def _tree(node: Expression) -> Any:
    """A formula over operands as nested lists."""
    match node:
        case Number(value):
            return value
        case At(index, _):
            return ["@", index]
        case Call(function, arguments):
            return [function.name, *map(_tree, arguments)]
        case Compare(left, sign, right):
            return [sign, _tree(left), _tree(right)]
    return [OPERATORS[type(node)], *map(_tree, parts(node))]
