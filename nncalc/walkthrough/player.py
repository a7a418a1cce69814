"""What a player gets to show a walkthrough without asking again: values, texts, formula templates, index arrays.

The numbers of all iterations stand in one list of quantities. A *line* is a kind of step: its templates, and for every
step of that kind the quantities that fill the template's holes. Nothing is sent per product or per step but indices.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from nncalc.formula.expand import has_cases
from nncalc.formula.render import Hole, Pieces
from nncalc.numerals import show, sign_of
from nncalc.walkthrough.order import Entry
from nncalc.walkthrough.working import PrintedLines, Working

FORMAT = "nncalc-walkthrough/1"


def player_data(workings: list[Working], title: str = "", style: str = "mathml") -> dict[str, Any]:
    """A walkthrough as plain data.

    Returns:
        `quantities`: blocks with `name`, `suffix`, `shape` and `start`, the place of their first number in the lists
            `values`, `texts`, `approximate` and `symbols` (not-a-number and infinities are strings);
        `templates`: formulas as lists of strings and holes `[slot, [position…], guarded]`;
        `lines`: for every kind of step its `chapter`, `layer`, `sentence` and, one entry per step, the quantity that it
            `writes`, the `slots` to be filled with (nested by position), its `symbols` and `numbers` templates, how
            many `extra` digits its operands are printed with, and its `remarks`;
        `steps`: in order, the line and the row in it.
    """
    return _Packer(workings, style).data(title)


class _Packer:
    def __init__(self, workings: list[Working], style: str) -> None:
        self.workings, self.style = workings, style
        self.templates: dict[Pieces, int] = {}
        self.quantities: list[dict[str, Any]] = []
        self.values: list[float] = []
        self.texts: list[str] = []
        self.approximate: list[int] = []
        self.symbols: list[str] = []
        self.lines: list[dict[str, Any]] = []
        self.steps: list[list[int]] = []

    def data(self, title: str) -> dict[str, Any]:
        several = len(self.workings) > 1
        for working in self.workings:
            prefix = f"iterations[{working.index}]." if working.index else ""
            chapter = f"Iteration {working.index + 1}: " if several else ""
            self._lines(working, self._blocks(working, prefix), chapter)
        return {
            "format": FORMAT,
            "title": title,
            "decimals": self.workings[0].decimals,
            "quantities": self.quantities,
            "values": [_plain(v) for v in self.values],
            "texts": self.texts,
            "approximate": self.approximate,
            "symbols": self.symbols,
            "templates": [_template(pieces) for pieces in self.templates],
            "lines": self.lines,
            "steps": self.steps,
        }

    def _blocks(self, working: Working, prefix: str) -> np.ndarray:
        """Lists every quantity that a line reads or writes, variable by variable; returns where each one stands."""
        used = np.zeros(working.plan.count, bool)
        for lines in (lines for part in working.plan.lines.values() for lines in part):
            for ids in (lines.writes, *lines.slots):
                used[ids] = True
        place = np.full(working.plan.count, -1)
        names = working.script.names
        for number in np.flatnonzero(used).tolist():
            if place[number] >= 0:
                continue
            block = names.block(number)
            base, suffix = names.parts(number)
            start = len(self.values)
            place[block.ravel()] = np.arange(start, start + block.size)
            self.quantities.append(
                {"name": prefix + base, "suffix": suffix, "shape": list(block.shape), "start": start}
            )
            for member in block.ravel().tolist():
                self._quantity(working, member)
        return place

    def _quantity(self, working: Working, number: int) -> None:
        value = float(working.values[number])
        self.values.append(value)
        self.texts.append(show(value, 0, working.decimals))
        self.approximate.append(int(sign_of(value, float(working.digits.shown(0)[number])) == "≈"))
        self.symbols.append(working.symbol(number, self.style))

    def _lines(self, working: Working, place: np.ndarray, chapter: str) -> None:
        at: dict[int, int] = {}
        for entry in working.script.entries:
            if id(entry.lines) not in at:
                at[id(entry.lines)] = len(self.lines)
                self.lines.append(self._line(working, place, entry, chapter))
            self.steps.append([at[id(entry.lines)], entry.element])

    def _line(self, working: Working, place: np.ndarray, entry: Entry, chapter: str) -> dict[str, Any]:
        printed, lines = working.printed(entry), entry.lines
        return {
            "chapter": chapter + entry.chapter,
            "layer": entry.layer,
            "sentence": printed.about,
            "writes": place[lines.writes].tolist(),
            "slots": [place[ids].tolist() for ids in lines.slots],
            "symbols": self._templates(printed, named=True),
            "numbers": self._templates(printed, named=False),
            "extra": printed.extra.tolist(),
            "remarks": [[text, np.flatnonzero(holds).tolist()] for text, holds in printed.remarks],
        }

    def _templates(self, printed: PrintedLines, named: bool) -> int | list[int]:
        """The template of these lines, or one for each where the formula depends on the numbers (a ReLU's slope)."""
        if not has_cases(printed.script.formula(printed.lines.node, named)):
            return self._template_number(printed, printed.pieces(0, named, self.style))
        lines = range(len(printed.lines))
        return [self._template_number(printed, printed.pieces(i, named, self.style)) for i in lines]

    def _template_number(self, printed: PrintedLines, pieces: Pieces) -> int:
        depth = [ids.ndim - 1 for ids in printed.lines.slots]
        pieces = tuple(replace(p, position=p.position[: depth[p.index]]) if isinstance(p, Hole) else p for p in pieces)
        return self.templates.setdefault(pieces, len(self.templates))


def _template(pieces: Pieces) -> list:
    return [[p.index, list(p.position), int(p.guarded)] if isinstance(p, Hole) else p for p in pieces]


def _plain(value: float) -> float | str:
    if np.isfinite(value):
        return value
    return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
