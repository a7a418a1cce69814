"""The lines of one iteration as they are printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np

from nncalc.formula.expand import LONGEST, At, decided, has_cases, number_at, written_out
from nncalc.formula.expression import Expression
from nncalc.formula.render import STYLES, Hole, Pieces, fill, pieces
from nncalc.ledger.chain import Lines
from nncalc.numerals import show, sign_of
from nncalc.plan import Plan
from nncalc.walkthrough.digits import Digits
from nncalc.walkthrough.names import Names
from nncalc.walkthrough.order import Entry, ordered
from nncalc.walkthrough.sentences import Sentences


class Script:
    """What all numbers of a plan are told with: names, order, sentences, formulas."""

    def __init__(self, plan: Plan) -> None:
        self.names = Names(plan)
        self.entries = ordered(plan)
        self.sentences = Sentences(plan)
        self.formula: Callable[..., Expression] = cache(written_out)
        self.varies: Callable[[Expression, bool], bool] = cache(
            lambda node, named: has_cases(self.formula(node, named))
        )
        self.pieces: Callable[[Expression, str], Pieces] = cache(lambda node, style: pieces(node, STYLES[style]))
        self.matrix_forms: dict[tuple, Any] = {}


def script_of(plan: Plan) -> Script:
    """The script of a plan, made once and kept with it."""
    if plan.script is None:
        plan.script = Script(plan)
    return plan.script


class Working:
    """The lines of a plan with their numbers: `values` in the numbering of the plan.

    `index` is the iteration that they are of, counted from 0; `several`, whether it is one of several.
    """

    def __init__(self, plan: Plan, values: np.ndarray, decimals: int, index: int = 0, several: bool = False) -> None:
        self.plan, self.values, self.decimals = plan, values, decimals
        self.index, self.several = index, several
        self.digits = Digits(values, decimals)
        self.script = script_of(plan)
        self._printed: dict[int, PrintedLines] = {}

    @property
    def prefix(self) -> str:
        """What the names of the iteration's quantities begin with."""
        return f"iterations[{self.index}]." if self.index else ""

    def quantity(self, number: int) -> str:
        """The name of a quantity: `iterations[1].hidden.z[0][1]`."""
        return self.prefix + self.script.names.name(number)

    def title_of(self, chapter: str) -> str:
        return f"Iteration {self.index + 1}: {chapter}" if self.several else chapter

    def symbol(self, number: int, style: str, guarded: int = 0) -> str:
        """The symbol of a quantity; of a constant, its number."""
        if self.script.names.is_constant(number):
            return STYLES[style].number(show(float(self.values[number]), 0, self.decimals), guarded)
        return self.script.names.write(number, style, guarded)

    def printed(self, entry: Entry) -> PrintedLines:
        key = id(entry.lines)
        if key not in self._printed:
            self._printed[key] = PrintedLines(self, entry.lines, entry.chapter)
        return self._printed[key]


class PrintedLines:
    """Lines that share a formula, printed."""

    def __init__(self, working: Working, lines: Lines, chapter: str) -> None:
        self.working, self.lines, self.chapter = working, lines, chapter
        self.script = working.script
        self.values = working.values
        self.extra = working.digits.needed(lines)
        self.noise = working.digits.is_noise(lines)
        self._pieces: dict[tuple[bool, str], Pieces] = {}

    @cached_property
    def about(self) -> str:
        return self.script.sentences.about(self.lines, self.chapter)

    @cached_property
    def remarks(self) -> list[tuple[str, np.ndarray]]:
        return self.script.sentences.remarks(self.lines, self.chapter, self.values)

    def sentence(self, k: int) -> str:
        return " ".join([self.about, *(text for text, holds in self.remarks if holds[k])])

    def formula(self, k: int, named: bool, longest: int = LONGEST) -> Expression:
        """The written-out formula of one line, every case decided; sums of more terms than `longest` have a gap."""
        node = self.script.formula(self.lines.node, named, longest)
        return decided(node, lambda condition: bool(number_at(condition, lambda at: self.number(k, at))))

    def pieces(self, k: int, named: bool, style: str) -> Pieces:
        """The formula of one line, ready to be filled; the same for all lines unless it has cases."""
        if (named, style) in self._pieces:
            return self._pieces[named, style]
        if self.script.varies(self.lines.node, named):
            return self.script.pieces(self.formula(k, named), style)
        self._pieces[named, style] = self.script.pieces(self.script.formula(self.lines.node, named), style)
        return self._pieces[named, style]

    def id(self, k: int, at: At | Hole) -> int:
        ids = self.lines.slots[at.index]
        return int(ids[(k, *at.position[: ids.ndim - 1])])  # what a sum inside doesn't change has no place in it

    def number(self, k: int, at: At | Hole) -> float:
        return float(self.values[self.id(k, at)])

    def symbols(self, k: int, style: str) -> str:
        return self.fill_symbols(self.pieces(k, True, style), k, style)

    def numbers(self, k: int, style: str) -> str:
        return self.fill_numbers(self.pieces(k, False, style), k, style)

    def fill_symbols(self, written: Pieces, k: int, style: str) -> str:
        return fill(written, lambda hole: self.working.symbol(self.id(k, hole), style, hole.guarded))

    def fill_numbers(self, written: Pieces, k: int, style: str) -> str:
        write, extra, decimals = STYLES[style].number, int(self.extra[k]), self.working.decimals
        return fill(written, lambda hole: write(show(self.number(k, hole), extra, decimals), hole.guarded))

    def result(self, k: int) -> Result:
        value = float(self.values[self.lines.writes[k]])
        if self.noise[k]:
            return Result(value, "0", "≈")
        decimals = self.working.decimals
        printed = float(self.working.digits.shown(0)[self.lines.writes[k]])
        return Result(value, show(value, 0, decimals), sign_of(value, printed))


@dataclass(frozen=True)
class Result:
    """A number, its text, and whether the text is all of it ("=") or rounded ("≈")."""

    value: float
    text: str
    sign: str
