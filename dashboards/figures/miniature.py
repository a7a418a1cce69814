"""A small drawing of a problem: its network, or its table where there is no network. An SVG that an `img` shows.

Such an image does not see the colours of the page but those of the system: light and dark are both in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from urllib.parse import quote
from xml.sax.saxutils import escape

import numpy as np

from dashboards import theme
from nncalc.layers import Layer
from nncalc.problem import Problem
from nncalc.scenes.maps import is_of_images
from nncalc.wording import counted

WIDTH, HEIGHT = 260, 130
MOST_CIRCLES = 8
MOST_ROWS = 4
LONGEST_HEAD = 14
MOST_MAPS = 4
MOST_PIXELS = 14
_LOSS_WIDTH, _LOSS_HEIGHT = 46, 30
_COLUMNS_BEFORE_LOSS, _COLUMNS_ALONE = (16, 180), (40, 220)
"""Where the first and the last column of a network stand."""
_MARGIN, _WIDEST_SPACING, _LARGEST_RADIUS = 20, 48, 11

_UNQUOTED = " ='/:;,()*!@+?$-_.~"  # harmless in a data address, and shorter

Point = tuple[float, float]


def data_uri(problem: Problem) -> str:
    """The drawing as an address that holds it."""
    return f"data:image/svg+xml,{quote(svg(problem), safe=_UNQUOTED)}"


def alt_text(problem: Problem) -> str:
    """
    >>> from nncalc import examples
    >>> alt_text(examples.load("mazur"))
    'Network: 2 inputs, 2 sigmoid units, 2 sigmoid units.'
    >>> alt_text(examples.load("error-table"))
    'Table: 10 rows of a prediction and a target.'
    """
    if not problem.layers:
        return f"Table: {counted(len(problem.x), 'row')} of a prediction and a target."
    if is_of_images(problem):
        return f"Picture: {_sizes(problem.x.shape[1:])}, then {', '.join(_of_images(one) for one in problem.layers)}."
    parts = [counted(problem.x.shape[-1], "input")]
    for layer in problem.layers:
        kind = layer.activation.name if "activation" in layer.settings else layer.type
        parts.append(counted(layer.output_shape[-1], f"{kind} unit"))
    return f"Network: {', '.join(parts)}."


def _of_images(layer: Layer) -> str:
    return f"{layer.type} {_sizes(layer.output_shape)}"


def _sizes(shape: Sequence[int]) -> str:
    """
    >>> _sizes((28, 28, 1)), _sizes((6, 6, 3)), _sizes((10,))
    ('28 × 28', '6 × 6 × 3', '10')
    """
    return " × ".join(map(str, shape[:-1] if len(shape) == 3 and shape[-1] == 1 else shape))


def svg(problem: Problem) -> str:
    parts = _maps(problem) if is_of_images(problem) else _network(problem) if problem.layers else _table(problem)
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{WIDTH}' height='{HEIGHT}' viewBox='0 0 {WIDTH} {HEIGHT}'>"
        f"<style>{_STYLE}</style>{''.join(parts)}</svg>"
    )


# The network


def _network(problem: Problem) -> Iterable[str]:
    ends = _COLUMNS_ALONE if problem.y is None else _COLUMNS_BEFORE_LOSS
    columns = _columns([problem.x.shape[-1], *(layer.output_shape[-1] for layer in problem.layers)], ends)
    matrices = [layer.parameters.get("weights") for layer in problem.layers]
    largest = max((np.abs(matrix).max() for matrix in matrices if matrix is not None), default=0.0) or 1.0
    for matrix, (before, after) in zip(matrices, pairwise(columns), strict=True):
        yield from _edges(before, after, matrix, largest)
    if problem.y is not None:
        yield from _loss(columns[-1])
    radius = min(_LARGEST_RADIUS, *(_spacing(len(column)) * 0.38 for column in columns))
    for column in columns:
        yield from _circles(column, radius)
    notes = [(len(problem.x), "sample"), (problem.iterations, "iteration")]
    yield _text(", ".join(counted(count, noun) for count, noun in notes if count > 1), (sum(ends) / 2, HEIGHT - 6), "b")


class _Column(dict[int, Point]):
    """Where the units are that are drawn, by their number; `gap` is where the others would be."""

    gap: Point | None = None


def _columns(counts: Sequence[int], ends: tuple[int, int]) -> list[_Column]:
    places = np.linspace(*ends, len(counts))
    return [_column(float(x), count) for x, count in zip(places, counts, strict=True)]


def _column(x: float, count: int) -> _Column:
    slots = _slots(count)
    spacing = _spacing(len(slots))
    column = _Column()
    for place, unit in enumerate(slots):
        point = (x, HEIGHT / 2 + (place - (len(slots) - 1) / 2) * spacing)
        if unit is None:
            column.gap = point
        else:
            column[unit] = point
    return column


def _slots(count: int) -> list[int | None]:
    """The units of a column from top to bottom; None stands for those that are not drawn.

    >>> _slots(3), _slots(100)
    ([0, 1, 2], [0, 1, 2, 3, None, 97, 98, 99])
    """
    if count <= MOST_CIRCLES:
        return list(range(count))
    half = MOST_CIRCLES // 2
    return [*range(half), None, *range(count - half + 1, count)]


def _spacing(slots: int) -> float:
    return min(_WIDEST_SPACING, (HEIGHT - 2 * _MARGIN) / max(slots - 1, 1))


def _edges(before: _Column, after: _Column, weights: np.ndarray | None, largest: float) -> Iterable[str]:
    """A line per weight, as wide as it is large; a layer without weights hands every number on."""
    for i, start in before.items():
        for j, end in after.items():
            if weights is not None:
                weight = float(weights[i, j])
                kind = "p" if weight > 0 else "n" if weight < 0 else "o"
                yield _line(start, end, kind, 0.8 + 2.4 * abs(weight) / largest)
            elif i == j:
                yield _line(start, end, "o", 1)


def _loss(outputs: _Column) -> Iterable[str]:
    x, y = WIDTH - _LOSS_WIDTH / 2 - 4, HEIGHT / 2
    for start in outputs.values():
        yield _line(start, (x - _LOSS_WIDTH / 2, y), "o", 1)
    left, top = x - _LOSS_WIDTH / 2, y - _LOSS_HEIGHT / 2
    yield f"<rect class='l' x='{_n(left)}' y='{_n(top)}' width='{_LOSS_WIDTH}' height='{_LOSS_HEIGHT}' rx='5'/>"
    yield _text("loss", (x, y + 4.5), "e")


def _circles(column: _Column, radius: float) -> Iterable[str]:
    for x, y in column.values():
        yield f"<circle class='u' cx='{_n(x)}' cy='{_n(y)}' r='{_n(radius)}'/>"
    if column.gap:
        x, y = column.gap
        yield from (f"<circle class='g' cx='{_n(x)}' cy='{_n(y + shift)}' r='1.3'/>" for shift in (-4, 0, 4))


# Images


def _maps(problem: Problem) -> Iterable[str]:
    """The picture, then every layer's maps as a stack, and its units as a column."""
    shapes = [problem.x.shape[1:], *(layer.output_shape for layer in problem.layers)]
    middles = np.linspace(62, WIDTH - (78 if problem.y is not None else 40), len(shapes))
    unit = min(84 / max(max(shape[:2]) for shape in shapes if len(shape) == 3), (middles[1] - middles[0] - 24) / 5)
    unit = min(max(unit, 5.0), 84 / max(problem.x.shape[1:3]))
    for k, (x, shape) in enumerate(zip(middles, shapes, strict=True)):
        if k:
            yield _line((float(x) - 27, HEIGHT / 2), (float(x) - 18, HEIGHT / 2), "o", 1.5)
        if len(shape) == 3:
            width, height = min(shape[1] * unit, 84), min(shape[0] * unit, 84)
            for card in reversed(range(min(shape[2], MOST_MAPS))):
                left, top = x - width / 2 + 4 * card, HEIGHT / 2 - height / 2 - 4 * card
                yield f"<rect class='m' x='{_n(left)}' y='{_n(top)}' width='{_n(width)}' height='{_n(height)}'/>"
            if k == 0:
                yield from _pixels(problem.x[0, :, :, 0], x - width / 2, HEIGHT / 2 - height / 2, width, height)
        else:
            height = min(94.0, 9.0 * shape[0])
            top = HEIGHT / 2 - height / 2
            yield f"<rect class='m' x='{_n(x - 5)}' y='{_n(top)}' width='10' height='{_n(height)}'/>"
    if problem.y is not None:
        yield from _loss(_Column())


def _pixels(picture: np.ndarray, left: float, top: float, width: float, height: float) -> Iterable[str]:
    """The larger a number, the darker its cell; of a very large picture only some."""
    rows, columns = (np.linspace(0, n - 1, min(n, MOST_PIXELS)).astype(int) for n in picture.shape)
    largest = float(np.abs(picture).max()) or 1.0
    w, h = width / len(columns), height / len(rows)
    for r, row in enumerate(rows):
        for c, column in enumerate(columns):
            depth = abs(float(picture[row, column])) / largest
            if depth:
                place = f"x='{_n(left + c * w)}' y='{_n(top + r * h)}' width='{_n(w)}' height='{_n(h)}'"
                yield f"<rect class='i' {place} opacity='{depth:.2f}'/>"


# The table


def _table(problem: Problem) -> Iterable[str]:
    """What is predicted and what is right, as far as there is room."""
    heads = [*problem.inputs[:1], *problem.outputs[: 0 if problem.y is None else 1]]
    numbers = [array.reshape(len(array), -1)[:, 0] for array in (problem.x, problem.y) if array is not None]
    shown = min(len(problem.x), MOST_ROWS)
    rows = [[f"{column[row]:g}".replace("-", "−") for column in numbers] for row in range(shown)]
    if len(problem.x) > shown:
        rows.append(["⋮"] * len(numbers))
    width, height = 110, 22
    left = (WIDTH - width * len(heads)) / 2
    top = (HEIGHT - height * (len(rows) + 1)) / 2
    for line, cells in enumerate([[_clipped(head) for head in heads], *rows]):
        y = top + line * height
        if line:
            yield _line((left, y), (left + width * len(heads), y), "r", 1)
        for place, cell in enumerate(cells):
            yield _text(cell, (left + width * (place + 1) - 24, y + 16), "h" if line == 0 else "c")


def _clipped(text: str) -> str:
    return text if len(text) <= LONGEST_HEAD else text[: LONGEST_HEAD - 1] + "…"


# The pieces


def _line(start: Point, end: Point, kind: str, width: float) -> str:
    (x1, y1), (x2, y2) = start, end
    return f"<path class='{kind}' d='M{_n(x1)} {_n(y1)} {_n(x2)} {_n(y2)}' stroke-width='{_n(width)}'/>"


def _text(text: str, place: Point, kind: str) -> str:
    """XML has no way to write most control characters, so they are left out."""
    if not text:
        return ""
    printable = "".join(c for c in text if c.isprintable())
    return f"<text class='{kind}' x='{_n(place[0])}' y='{_n(place[1])}'>{escape(printable)}</text>"


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _colours(colour: dict[str, str]) -> str:
    return (
        f".p{{stroke:{colour['positive']}}}.n{{stroke:{colour['negative']}}}.o{{stroke:{colour['line-strong']}}}"
        f".r{{stroke:{colour['line']}}}.l{{stroke:{colour['loss']};fill:{colour['paper']}}}.e{{fill:{colour['loss']}}}"
        f".u{{stroke:{colour['line-strong']};fill:{colour['paper']}}}.g{{fill:{colour['line-strong']}}}"
        f".m{{stroke:{colour['line-strong']};fill:{colour['paper']};stroke-width:1.2}}.i{{fill:{colour['ink']}}}"
        f".c{{fill:{colour['ink']}}}.h,.b{{fill:{colour['ink-quiet']}}}"
    )


_STYLE = (
    f".n{{stroke-dasharray:5 3}}.u,.l{{stroke-width:1.5}}text{{font:14px {theme.FONT}}}.e,.b{{text-anchor:middle}}"
    f".c,.h{{text-anchor:end}}{_colours(theme.LIGHT)}@media(prefers-color-scheme:dark){{{_colours(theme.DARK)}}}"
)
