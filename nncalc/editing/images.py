"""The samples of a network that reads images: cells typed and painted, patterns drawn, pictures handed over."""

from __future__ import annotations

import math
from typing import Any

from nncalc.editing.number import as_typed
from nncalc.editing.samples import cells_of, check_numbers
from nncalc.editing.structure import fitted, resized, with_image_size, written_out
from nncalc.errors import Fault, InputError
from nncalc.parsing import parse_number
from nncalc.patterns import PATTERNS, drawn
from nncalc.pictures import MOST_SIDE, Picture, read_picture
from nncalc.problem import Problem
from nncalc.reading import MOST_NUMBERS
from nncalc.wording import counted, meant, shown

USUAL_SIDE = 28
"""Rows and columns of a picture where an image has none of its own yet: those of MNIST's digits."""


def with_cells(problem: Problem, array: str, sample: int, cells: list, text: str) -> Problem:
    """The problem with one number in several cells of a sample: a stroke of the brush, or a single cell typed.

    Args:
        array: "x" or "y".
        cells: the indices of each within the sample: `[[row, column, channel], …]`, of a target `[[output], …]`.
    """
    numbers = {"x": problem.x, "y": problem.y}.get(array)
    if numbers is None:
        raise InputError(f"{shown(array)} has no cells here. Possible: x{'' if problem.y is None else ', y'}")
    _check_sample(problem, sample)
    place = f"data.{array}[{sample}]"
    shape = numbers.shape[1:]
    if not cells or not all(_is_cell(cell, shape) for cell in cells):
        size = " × ".join(map(str, shape))
        raise InputError(f"a cell is not there. There are {size}, counted from 0", place)
    if len(cells) > math.prod(shape):
        raise InputError(f"{len(cells):,} cells given, there are {math.prod(shape):,}", place)
    try:
        parse_number(text)
    except InputError as error:
        raise InputError(error.faults[0].message, place + _indices(cells[0])) from None
    value = as_typed(text)
    document = problem.to_dict()
    for cell in cells:
        at = document["data"][array][sample]
        for index in cell[:-1]:
            at = at[index]
        at[cell[-1]] = value
    return Problem.from_dict(document)


def _is_cell(cell: Any, shape: tuple[int, ...]) -> bool:
    return (
        isinstance(cell, list)
        and len(cell) == len(shape)
        and all(type(index) is int and 0 <= index < count for index, count in zip(cell, shape, strict=True))
    )


def _indices(cell: list[int]) -> str:
    return "".join(f"[{index}]" for index in cell)


def _check_sample(problem: Problem, sample: int) -> None:
    if not 0 <= sample < len(problem.x):
        raise InputError(f"There is no sample {sample + 1}. There are {len(problem.x)}.")


def _check_image(problem: Problem, sample: int, channel: int = 0) -> tuple[int, int, int]:
    """Rows, columns and channels."""
    if problem.x.ndim != 4:
        raise InputError("The samples of this problem are no images [row][column][channel].", "data.x")
    _check_sample(problem, sample)
    rows, columns, channels = problem.x.shape[1:]
    if not 0 <= channel < channels:
        raise InputError(f"There is no channel {channel + 1}. There are {channels}.")
    return rows, columns, channels


def with_pattern(problem: Problem, sample: int, channel: int, name: str) -> Problem:
    """The problem with a pattern of `nncalc.patterns` in one channel of an image."""
    rows, columns, _ = _check_image(problem, sample, channel)
    if name not in PATTERNS:
        raise InputError(f"{shown(name)} is no pattern that can be drawn{meant(name, PATTERNS)}")
    return _with_grid(problem, sample, channel, 0, 0, drawn(name, rows, columns))


def with_pasted_image(problem: Problem, sample: int, channel: int, row: int, column: int, text: str) -> Problem:
    """The problem with the cells of a spreadsheet in one channel of an image, from a row and column on.

    Raises:
        InputError: a cell is no number, or there are more rows or columns than the image has from there on.
    """
    rows, columns, _ = _check_image(problem, sample, channel)
    if not (0 <= row < rows and 0 <= column < columns):
        raise InputError(f"Row {row + 1}, column {column + 1} is no cell of the image.")
    cells = cells_of(text, columns - column)
    faults = [
        Fault(
            "",
            f"{counted(given, what)} pasted, from {what} {at + 1} on the image has {count - at}. "
            f"Paste fewer, or give the image at least {given + at} {what}s first",
        )
        for what, given, at, count in (
            ("row", len(cells), row, rows),
            ("column", max(map(len, cells)), column, columns),
        )
        if given > count - at
    ]
    faults += check_numbers(cells)
    if faults:
        raise InputError.of(faults[:20])
    return _with_grid(problem, sample, channel, row, column, [[as_typed(cell) for cell in line] for line in cells])


def _with_grid(problem: Problem, sample: int, channel: int, row: int, column: int, numbers: list) -> Problem:
    document = problem.to_dict()
    image = document["data"]["x"][sample]
    for r, line in enumerate(numbers, start=row):
        for c, value in enumerate(line, start=column):
            image[r][c][channel] = value
    return Problem.from_dict(document)


# Pictures that are handed over


def with_picture(problem: Problem, sample: int, file: str, side: int, color: str, invert: bool) -> tuple[Problem, str]:
    """The problem with a picture as one of its samples, and in words what was done to it.

    Args:
        file: a PNG or JPEG file as base64.
        side: 0 keeps the size of the image: the picture stands in its middle, with 0 around; otherwise rows and columns
            of the image become those of the picture, the longer side at most so many cells.
        color: "kept" for as many channels as the image has, "grey" for one, "rgb" for three.
        invert: whether dark becomes 1.

    Raises:
        InputError: it is no such picture, too large, damaged, or does not fit into this network.
    """
    picture = _picture(problem, sample, file, side, color, invert)
    rows, columns, channels = problem.x.shape[1:]
    down, across, deep = picture.values.shape
    if side:
        rows, columns = down, across
    check_affordable(problem, rows, columns, deep)
    document = written_out(problem)
    if (rows, columns, deep) != (*problem.x.shape[1:3], channels):
        document = with_image_size(document, rows, columns, deep)
    top, left = (rows - down) // 2, (columns - across) // 2
    image = resized(None, (rows, columns, deep), int)
    for r, line in enumerate(picture.values.tolist(), start=top):
        for c, cell in enumerate(line, start=left):
            image[r][c] = [int(value) if value.is_integer() else value for value in cell]
    document["data"]["x"][sample] = image
    around = (
        "" if side or (down, across) == (rows, columns) else " It stands in the middle of the image, with 0 around."
    )
    return fitted(document), picture.told + around


def _picture(problem: Problem, sample: int, file: str, side: int, color: str, invert: bool) -> Picture:
    rows, columns, channels = _check_image(problem, sample)
    if not 0 <= side <= MOST_SIDE:
        raise InputError(f"{side} cells given, 1 to {MOST_SIDE} are possible, or 0 for the size that the image has")
    colors = {"kept": 3 if channels == 3 else 1, "grey": 1, "rgb": 3}
    if color not in colors:
        raise InputError(f"{shown(color)} is no choice of channels{meant(color, colors)}")
    if color == "kept" and channels not in (1, 3):
        raise InputError(
            f"The image has {channels} channels, and a picture gives 1 (grey) or 3 (red, green, blue). Choose one."
        )
    most = (side, side) if side else (min(rows, MOST_SIDE), min(columns, MOST_SIDE))
    return read_picture(file, *most, colors[color], invert)


def check_affordable(problem: Problem, rows: int, columns: int, channels: int) -> None:
    """Refuses a size of all images before they are made."""
    numbers = len(problem.x) * rows * columns * channels
    if numbers > MOST_NUMBERS:
        raise InputError(
            f"{counted(len(problem.x), 'image')} of {rows} × {columns} × {channels} would be {numbers:,} numbers, "
            f"at most {MOST_NUMBERS:,} are possible. Use smaller images, or remove samples",
            "data.x",
        )
