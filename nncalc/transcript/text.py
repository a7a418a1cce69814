"""A transcript as aligned text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

from nncalc.transcript.elements import Element, Heading, Legend, Line, Lines, Paragraph, Remark, Results, Table

MARGIN = "  "


def text(elements: Iterable[Element], width: int) -> Iterator[str]:
    """The lines of the text, `width` characters wide where that is possible."""
    last: Element | None = None
    for element in elements:
        if _is_apart(last, element):
            yield ""
        yield from _written(element, width)
        last = element


def _is_apart(last: Element | None, element: Element) -> bool:
    if last is None:
        return False
    working = isinstance(last, Lines | Results) and isinstance(element, Lines | Results)
    return isinstance(element, Heading) or not (isinstance(last, Heading) or working)


def _written(element: Element, width: int) -> Iterator[str]:
    match element:
        case Heading(level, title):
            yield title
            if level < 3:
                yield "=-"[level - 1] * len(title)
        case Paragraph(sentence):
            yield from wrap(sentence, width, break_on_hyphens=False)
        case Legend(entries):
            yield from _legend(entries, width)
        case Lines(lines):
            yield from _lines(lines, width)
        case Results(items, remarks):
            first, *more = _packed([*(f"{item}," for item in items[:-1]), items[-1]], width - 4)
            yield MARGIN + first
            yield from (2 * MARGIN + line for line in more)
            yield from _remarks(remarks, width)
        case Table(head, rows):
            yield from _table([head, *rows])


def _legend(entries: Sequence[tuple[Sequence[str], str]], width: int) -> Iterator[str]:
    names = [", ".join(symbols) for symbols, _ in entries]
    room = max(map(len, names))
    for name, (_, sentence) in zip(names, entries, strict=True):
        first, *more = wrap(sentence, max(width - room - 4, 40), break_on_hyphens=False)
        yield f"{MARGIN}{name:<{room}}  {first}"
        yield from (" " * (room + 4) + line for line in more)


def _remarks(remarks: Sequence[Remark], width: int) -> Iterator[str]:
    for remark in remarks:
        of = f"{', '.join(remark.symbols)}: " if remark.symbols else ""
        yield from wrap(
            f"↳ {of}{remark.text}", width, initial_indent=4 * " ", subsequent_indent=6 * " ", break_on_hyphens=False
        )


def _lines(lines: Sequence[Line], width: int) -> Iterator[str]:
    """In columns; a kind of lines that is too long for that with one equals sign below the other."""
    stacked: set[str] = set()
    widths = _widths(lines)
    while sum(widths) + len(MARGIN) + 9 > width and len(stacked) < len({line.kind for line in lines}):
        inline = [line for line in lines if line.kind not in stacked]
        stacked.add(max(inline, key=lambda line: sum(map(len, _cells(line)))).kind)
        widths = _widths([line for line in inline if line.kind not in stacked])
    for line in lines:
        yield from _stack(line, width) if line.kind in stacked else [_row(line, widths)]
        yield from _remarks(line.remarks, width)


def _cells(line: Line) -> list[str]:
    """Symbol, formula, formula with numbers, result; a formula that there is not is empty."""
    return [line.symbol, *[*line.sides, "", ""][:2], line.result]


def _widths(lines: Sequence[Line]) -> list[int]:
    return [max((len(_cells(line)[column]) for line in lines), default=0) for column in range(4)]


def _row(line: Line, widths: Sequence[int]) -> str:
    symbol, *sides, result = _cells(line)
    written = f"{MARGIN}{symbol:<{widths[0]}}"
    for side, room in zip(sides, widths[1:3], strict=True):
        written += f" {'=' if side else ' '} {side:<{room}}" if room else ""
    return f"{written} {line.sign} {result}"


def _stack(line: Line, width: int) -> Iterator[str]:
    start = MARGIN + line.symbol
    for sign, side in [*(("=", side) for side in line.sides), (line.sign, line.result)]:
        room = width - len(start) - 5
        first, *more = _packed(_words(side, room), room)
        yield f"{start} {sign} {first}"
        start = " " * len(start)
        yield from (f"{start}     {part}" for part in more)


def _words(formula: str, room: int) -> list[str]:
    """Where a long formula may be broken: before a sign that is in no bracket, or if need be in any; between rows."""
    depth, words = 0, [""]
    for token in re.findall(r"; | [+−⊙/] |.", formula):
        depth += (token in "([") - (token in ")]")
        if depth == 0 and len(token) == 3:
            words.append("")
        words[-1] += token
        if token == "; ":
            words.append("")
    words = [word.strip() for word in words]
    if max(map(len, words)) <= room:
        return words
    return re.split(r" (?=[+−⊙/] )|(?<=;) ", formula)


def _packed(words: Sequence[str], room: int) -> list[str]:
    """Words that must not be broken, as many on a line as there is room for."""
    lines = [words[0]]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield (MARGIN + "  ".join(f"{cell:<{room}}" for cell, room in zip(row, widths, strict=True))).rstrip()
