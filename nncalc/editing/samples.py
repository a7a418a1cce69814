"""The table of samples: rows added, removed and pasted."""

from __future__ import annotations

import copy
import re
from typing import Any

from nncalc.editing.number import as_typed
from nncalc.errors import Fault, InputError
from nncalc.parsing import parse_number
from nncalc.problem import MOST_SAMPLES, Problem
from nncalc.scenes.table import given_columns
from nncalc.wording import counted

MOST_PASTED = 2_000_000
"""Characters: what a million short numbers have."""

Cells = list[list[str]]


def with_sample(problem: Problem, at: int) -> Problem:
    """The problem with one more sample, before sample `at`: a copy of the one above, to be typed over."""
    if not 0 <= at <= len(problem.x):
        raise InputError(f"There is no row {at + 1}. There are {len(problem.x)}.")
    document = problem.to_dict()
    for rows in _columns(document):
        rows.insert(at, copy.deepcopy(rows[max(at - 1, 0)]))
    return Problem.from_dict(document)


def without_sample(problem: Problem, at: int) -> Problem:
    """The problem without sample `at`."""
    if not 0 <= at < len(problem.x):
        raise InputError(f"There is no row {at + 1}. There are {len(problem.x)}.")
    if len(problem.x) == 1:
        raise InputError("This is the only sample, and one is needed. Change its numbers instead.")
    document = problem.to_dict()
    for rows in _columns(document):
        del rows[at]
    return Problem.from_dict(document)


def _columns(document: dict[str, Any]) -> list[list]:
    return [document["data"][name] for name in ("x", "y") if name in document["data"]]


def with_cell(problem: Problem, row: int, column: int, text: str) -> Problem:
    """The problem with another number in one cell; the columns of x come before those of y."""
    _check_cell(problem, row, column)
    document = problem.to_dict()
    _fill(document, problem.x.shape[1], row, column, text)
    return Problem.from_dict(document)


def _check_cell(problem: Problem, row: int, column: int) -> int:
    """How many columns the table has, if the cell is one of it or in a row to be added."""
    if problem.x.ndim != 2:
        raise InputError("A sample is more than a row of numbers here: there is no table of them.")
    width = problem.x.shape[1] + (0 if problem.y is None else problem.y.shape[-1])
    if not (0 <= row <= len(problem.x) and 0 <= column < width):
        raise InputError(f"Row {row + 1}, column {column + 1} is no cell of the table.")
    return width


def _fill(document: dict[str, Any], inputs: int, row: int, column: int, text: str) -> None:
    """Writes one cell; in the row after the last one it adds a row, with the numbers of the last one."""
    if row == len(document["data"]["x"]):
        for rows in _columns(document):
            rows.append(list(rows[-1]))
    name, index = ("x", column) if column < inputs else ("y", column - inputs)
    document["data"][name][row][index] = as_typed(text)


def pasted(problem: Problem, row: int, column: int, text: str) -> Problem:
    """The problem with the cells of a spreadsheet, from `row` and `column` on; the columns of x come before those of y.

    Cells are separated by tabs, semicolons, commas or spaces. A first row without numbers names the columns. Rows that
    aren't there yet are added; the numbers that were not pasted are copied from the last one.

    Raises:
        InputError: a cell is no number, there are more columns than the table has, or no cell at all.

    >>> document = {"nncalc": 1, "layers": [], "data": {"x": [[67]], "y": [[56]]}}
    >>> pasted(Problem.from_dict(document), 0, 0, "70\\t60\\n0,5\\t1").to_dict()["data"]
    {'x': [[70], ['0,5']], 'y': [[60], [1]]}
    """
    width = _check_cell(problem, row, column)
    return _pasted_into(problem, row, [[k] for k in range(width)], column, text)


def pasted_in_table(problem: Problem, row: int, column: int, text: str) -> Problem:
    """As `pasted`, with the columns of the table of errors: every target before its prediction, a shared one once.

    >>> document = {"nncalc": 1, "layers": [], "data": {"x": [[67]], "y": [[56]]}}
    >>> pasted_in_table(Problem.from_dict(document), 0, 0, "actual\\tpredicted\\n60\\t70").to_dict()["data"]
    {'x': [[70]], 'y': [[60]]}
    """
    _check_cell(problem, row, column)
    given = given_columns(problem)
    places = [[k + problem.x.shape[1] * (name == "y") for k in units] for name, units in given]
    if column >= len(places):
        raise InputError(f"The table has {counted(len(places), 'column')} that can be pasted into.")
    return _pasted_into(problem, row, places, column, text)


def _pasted_into(problem: Problem, row: int, places: list[list[int]], column: int, text: str) -> Problem:
    """Cells from `column` on; `places` says which columns of x and then y a column is."""
    cells = cells_of(text, len(places) - column)
    document = problem.to_dict()
    if all(map(_fault_of, cells[0])):
        _name(document, problem, places[column:], cells.pop(0))
    _check(cells, row, column, len(places))
    for at, values in enumerate(cells, start=row):
        for to, cell in zip(places[column:], values, strict=False):
            for k in to:
                _fill(document, problem.x.shape[1], at, k, cell)
    return Problem.from_dict(document)


def cells_of(text: str, width: int) -> Cells:
    """The cells of a pasted text: separated by tabs, else by semicolons, else by commas or spaces.

    A comma separates where there are decimal points as well, where a space follows, or where every line then has
    `width` cells; anywhere else it is a decimal comma.

    >>> cells_of("1,5;2,5\\n3;4", 2), cells_of("1,2\\n3,4", 2), cells_of("0,5\\n1,5", 1)
    ([['1,5', '2,5'], ['3', '4']], [['1', '2'], ['3', '4']], [['0,5'], ['1,5']])
    """
    if len(text) > MOST_PASTED:
        raise InputError(f"A text of {len(text):,} characters pasted, at most {MOST_PASTED:,} are possible.")
    lines = [line for line in re.split(r"\r\n|\r|\n", text) if line.strip()]
    if not lines:
        raise InputError("Nothing was pasted. Copy cells of a spreadsheet, or lines of numbers.")
    separator = _separator(lines, width)
    return [[cell.strip() for cell in re.split(separator, line.strip(" "))] for line in lines]


def _separator(lines: list[str], width: int) -> str:
    text = "\n".join(lines)
    for sign in ("\t", ";"):
        if sign in text:
            return sign
    fits = width > 1 and all(line.count(",") == width - 1 for line in lines)
    return "," if "," in text and (fits or "." in text or ", " in text) else r"\s+"


def _fault_of(cell: str) -> str:
    """Why a cell is no number; empty if it is one."""
    if not cell:
        return "an empty cell given, a number needed"
    try:
        parse_number(cell)
    except InputError as error:
        return error.faults[0].message
    return ""


def _name(document: dict[str, Any], problem: Problem, places: list[list[int]], names: list[str]) -> None:
    """A first row of words names the columns; an empty one leaves the name as it is, as does one for several."""
    inputs = list(problem.inputs)
    both = [*inputs, *problem.outputs]
    for to, name in zip(places, names, strict=False):
        if len(to) == 1:
            both[to[0]] = name or both[to[0]]
    document["inputs"] = both[: len(inputs)]
    if problem.y is not None:
        document["outputs"] = both[len(inputs) :]


def _check(cells: Cells, row: int, column: int, width: int) -> None:
    faults = []
    if not cells:
        faults.append(Fault("", "only names were pasted, no numbers"))
    if row + len(cells) > MOST_SAMPLES:
        faults.append(Fault("", f"{counted(len(cells), 'row')} pasted, at most {MOST_SAMPLES:,} are possible in all"))
    for at, values in enumerate(cells, start=1):
        if len(values) > width - column:
            beside = f"column {column + 1} on there are only {width - column}" if column else f"the table has {width}"
            faults.append(Fault(f"row {at}", f"{counted(len(values), 'column')} pasted, {beside}"))
    faults += check_numbers(cells)
    if faults:
        raise InputError.of(faults[:20])


def check_numbers(cells: Cells) -> list[Fault]:
    """What is no number, with its row and column."""
    return [
        Fault(f"row {at}, column {k}", message)
        for at, values in enumerate(cells, start=1)
        for k, cell in enumerate(values, start=1)
        if (message := _fault_of(cell))
    ]
