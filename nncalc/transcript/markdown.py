"""A transcript as Markdown with math, as GitHub renders it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from nncalc.transcript.elements import Element, Heading, Legend, Line, Lines, Paragraph, Remark, Results, Table
from nncalc.transcript.latex import typeset


def markdown(elements: Iterable[Element], _width: int) -> Iterator[str]:
    for k, element in enumerate(elements):
        if k:
            yield ""
        yield from _written(element)


def escaped(text: str) -> str:
    r"""
    >>> escaped("*x_1* < $5 | [a]")
    '\\*x\\_1\\* \\< \\$5 \\| \\[a\\]'
    """
    return re.sub(r"([\\`*_{}\[\]()<>#$|~&!])", r"\\\1", text)


def math(formula: str) -> str:
    r"""A formula between dollars, so that neither a table nor emphasis is seen in it.

    A pipe would end a cell, two backslashes be read as one, and an underscore may begin an emphasis unless a space
    follows, which TeX skips.

    >>> math(r"\left|w^{(1)}_{11}\right|")
    '$\\left\\vert w^{(1)}_ {11}\\right\\vert $'
    """
    spaced = typeset(formula).replace("_", "_ ")
    return "$" + spaced.replace("|", r"\vert ").replace(r"\\", r"\cr") + "$"


def _written(element: Element) -> Iterator[str]:
    match element:
        case Heading(level, title):
            yield f"{'#' * level} {escaped(title)}"
        case Paragraph(sentence):
            yield escaped(sentence)
        case Legend(entries):
            for symbols, sentence in entries:
                yield f"- {_inline(symbols)}: {escaped(sentence)}"
        case Lines(lines, matrices=True):
            yield from _matrices(lines)
        case Lines(lines):
            yield from _lines(lines)
        case Results(items, remarks):
            yield f"{_inline(items)}."
            for remark in remarks:
                yield from ("", _remark(remark))
        case Table(head, rows):
            yield from _table(head, [[*map(escaped, row)] for row in rows])


def _inline(formulas: Sequence[str]) -> str:
    return ", ".join(map(math, formulas))


def _lines(lines: Sequence[Line]) -> Iterator[str]:
    head = ["", "formula", "with numbers", "result"]
    remarked = any(line.remarks for line in lines)
    yield from _table([*head, "remark"] if remarked else head, [_cells(line)[: 4 + remarked] for line in lines])


def _cells(line: Line) -> list[str]:
    sides = [math(f"= {side}") for side in line.sides]
    remarks = " ".join(map(_remark, line.remarks))
    return [math(line.symbol), *[*sides, "", ""][:2], math(f"{line.sign} {line.result}"), remarks]


def _matrices(lines: Sequence[Line]) -> Iterator[str]:
    for line in lines:
        yield from ("```math", r"\begin{aligned}")
        rows = [*(f"&= {typeset(side)}" for side in line.sides), f"&{line.sign} {typeset(line.result)}"]
        yield f"{typeset(line.symbol)} " + " \\\\\n".join(rows)
        yield from (r"\end{aligned}", "```")
        for remark in line.remarks:
            yield from ("", _remark(remark), "")


def _remark(remark: Remark) -> str:
    of = f"{_inline(remark.symbols)}: " if remark.symbols else ""
    return f"{of}*{escaped(remark.text)}*"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in [head, ["---"] * len(head), *rows]:
        yield f"| {' | '.join(row)} |"
