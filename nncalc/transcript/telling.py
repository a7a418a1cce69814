"""What a transcript tells: chapters, layers, lines of working, and what is said of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from nncalc.formula.render import STYLES
from nncalc.formula.symbol import SlopeSymbol, Symbol
from nncalc.solution import Solution
from nncalc.transcript.elements import (
    Element,
    Heading,
    Legend,
    Line,
    Lines,
    Paragraph,
    Remark,
    Results,
    gapped,
    one_line,
)
from nncalc.transcript.summary import summary
from nncalc.walkthrough import Group, Operation, Step
from nncalc.walkthrough.operations import operations

SIGNS = {"text": {"=": "=", "≈": "≈"}, "latex": {"=": "=", "≈": r"\approx"}}
GAPS = {"text": "…", "latex": r"\ldots"}


class Teller:
    """Tells a solution at one granularity, its formulas in the style "text" or "latex"."""

    def __init__(self, solution: Solution, detail: str, style: str) -> None:
        self.solution, self.detail, self.style = solution, detail, style
        self._said: set[tuple[str, str, str]] = set()

    def elements(self, name: str) -> Iterator[Element]:
        """Everything from the title to the summary; `name` stands in for a missing title."""
        problem = self.solution.problem
        yield Heading(1, one_line(problem.title) or one_line(name) or "Untitled")
        if problem.source:
            yield Paragraph(f"Source: {one_line(problem.source)}")
        if problem.notes:
            yield Paragraph(one_line(problem.notes))
        for chapter, steps in groupby(self.solution.walkthrough.neurons, key=lambda step: step.chapter):
            yield Heading(2, re.sub("After$", "After the update", chapter))
            if self.detail == "chapter":
                yield from self._results(list(steps))
            else:
                for _, block in groupby(steps, key=_block_of):
                    yield from self._block(list(block))
        yield from summary(self.solution)

    def _block(self, steps: list[Step]) -> Iterator[Element]:
        title = _title_of(steps[0])
        if title:
            yield Heading(3, title)
        by_layer = self.detail == "layer"
        shown = [same[0] for same in _by_variable(steps)] if by_layer else steps
        told = [part for step in shown for part in self._told(step)]
        legend = self._legend(_chapter_of(steps[0]), told)
        if legend:
            yield Legend(legend)
        if by_layer:
            yield from self._matrices(steps)
        else:
            yield Lines([self._line(part) for part in told])

    def _told(self, step: Step) -> Iterator[_Told]:
        parts = operations(step) if self.detail == "operation" else [step]
        for part in parts[:-1]:
            yield _Told(part, part.sentence)
        yield _Told(parts[-1], _printed(step).about, _remarks(step))

    def _legend(self, chapter: str, told: list[_Told]) -> list[tuple[list[str], str]]:
        """What has not been said in this chapter yet, nor in that of an earlier iteration."""
        found: dict[str, list[str]] = {}
        for part in told:
            letter = self._letter(part)
            key = (chapter, letter, part.sentence)
            if key not in self._said:
                self._said.add(key)
                found.setdefault(part.sentence, []).append(letter)
        return [(letters, sentence) for sentence, letters in found.items()]

    def _letter(self, part: _Told) -> str:
        return STYLES[self.style].symbol(part.letter, 0)

    def _line(self, part: _Told) -> Line:
        result, sign = self._value(part.of)
        symbol, *sides = (part.of.written(what, self.style) for what in ("symbol", "symbols", "numbers"))
        return Line(self._letter(part), symbol, _sides(sides, result), sign, result, list(map(Remark, part.remarks)))

    def _value(self, of: Step | Operation) -> tuple[str, str]:
        return STYLES[self.style].number(of.result.text, False), SIGNS[self.style][of.result.sign]

    def _matrices(self, steps: list[Step]) -> Iterator[Element]:
        """The matrix form; what has none line by line, or its results alone where there are several."""
        left, lines = {step.entry.writes: step for step in steps}, []
        for matrix in Group(steps[0].chapter, steps[0].layer, steps[0].sample, steps).matrix:
            covered = [left.pop(int(number)) for number in matrix.result.ids.ravel()]
            sign = "≈" if any(step.result.sign == "≈" for step in covered) else "="
            symbol, *sides, result = (
                matrix.written(what, self.style) for what in ("symbol", "symbols", "numbers", "result")
            )
            remarks = self._collected(covered)
            lines.append(Line(symbol, symbol, _sides(sides, result), SIGNS[self.style][sign], result, remarks))
        if lines:
            yield Lines(lines, matrices=True)
        for same in _by_variable(left.values()):
            yield Lines([self._line(*self._told(same[0]))]) if len(same) == 1 else self._result(same)

    def _results(self, steps: list[Step]) -> Iterator[Element]:
        return (self._result(same) for same in _by_variable(steps))

    def _result(self, steps: list[Step]) -> Results:
        """The results of one variable."""

        def write(step: Step) -> str:
            value, sign = self._value(step)
            return f"{self._symbol(step)} {sign} {value}"

        return Results(gapped(steps, write, GAPS[self.style]), self._collected(steps))

    def _symbol(self, step: Step) -> str:
        return step.written("symbol", self.style)

    def _collected(self, steps: list[Step]) -> list[Remark]:
        """The remarks on several lines, each once."""
        found: dict[str, list[Step]] = {}
        for step in steps:
            for text in _remarks(step):
                found.setdefault(text, []).append(step)
        return [Remark(text, gapped(of, self._symbol, GAPS[self.style])) for text, of in found.items()]


@dataclass(frozen=True)
class _Told:
    """A step, or an operation of one, and what is said of it."""

    of: Step | Operation
    sentence: str
    remarks: Sequence[str] = ()

    @property
    def letter(self) -> Symbol | SlopeSymbol:
        """Its symbol without indices, as it stands in a legend."""
        of = self.of
        symbol = of.mark if isinstance(of, Operation) else of.working.script.names.symbol(of.entry.writes)
        if isinstance(symbol, SlopeSymbol):
            return replace(symbol, top=_bare(symbol.top), bottom=_bare(symbol.bottom))
        return _bare(symbol)


def _bare(symbol: Symbol) -> Symbol:
    return symbol if symbol.plain else replace(symbol, above="", below=())


def _sides(sides: Sequence[str], result: str) -> list[str]:
    """The formula in symbols and in numbers, without what would be printed twice."""
    return [side for side in dict.fromkeys(sides) if side != result]


def _by_variable(steps: Iterable[Step]) -> list[list[Step]]:
    variables: dict[str, list[Step]] = {}
    for step in steps:
        variables.setdefault(step.entry.lines.variable.name, []).append(step)
    return list(variables.values())


def _printed(step: Step):
    return step.working.printed(step.entry)


def _remarks(step: Step) -> list[str]:
    return [text for text, holds in _printed(step).remarks if holds[step.entry.element]]


def _chapter_of(step: Step) -> str:
    """Forward, Loss, Backward, Update or After, whatever the iteration."""
    return step.chapter.rpartition(": ")[2]


def _block_of(step: Step) -> tuple[str, int]:
    """What stands under one heading: a layer and, of several samples, one; or all that is outside of layers."""
    return (step.layer, step.sample if step.layer and step.working.plan.samples > 1 else -1)


def _title_of(step: Step) -> str:
    layer, sample = _block_of(step)
    if not layer:
        return "Loss" if _chapter_of(step) in ("Backward", "After") else ""
    if sample >= 0:
        return f"Layer {layer}, sample {sample + 1}"
    several = step.working.plan.samples > 1 and _chapter_of(step) == "Backward"
    return f"Layer {layer}, all samples" if several else f"Layer {layer}"
