"""What padding, strides and dilation do to one window: three pictures of the same image, and what comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from nncalc.editing.geometry import most_dilation, most_strides, window_before
from nncalc.layers.window import AXIS_NAMES, Window
from nncalc.problem import Problem
from nncalc.scenes.maps import is_of_images, window_of
from nncalc.wording import counted

MOST_CHOICES = 6


def is_sliding(problem: Problem) -> bool:
    """Whether the first layer slides a window over an image."""
    return is_of_images(problem) and "window" in problem.layers[0].settings


def sliding(problem: Problem) -> dict[str, Any]:
    """The first window of a problem.

    Returns:
        `layer` and `type`; `image` and `output`, rows and columns; the `window` as in `nncalc.scenes.maps`; the names
            of the numbers in the cells: `x` and `z`, of the first channel and filter;
        `panels`: "padding", "strides" and "dilation", each with its `title`, what it comes to in `words`, a `hint` at
            what the colours mean, and where it can be changed the `choices` and the `value` there is.
    """
    layer = problem.layers[0]
    window, image, _ = window_before(problem, 0)
    return {
        "kind": "sliding",
        "layer": layer.name,
        "type": layer.type,
        "image": list(image),
        "output": list(layer.output_shape),
        "window": window_of(layer, image),
        "x": "x",
        "z": f"{layer.name}.z" if layer.type == "conv2d" else f"{layer.name}.a",
        "panels": [
            _padding(problem, window, image),
            _strides(problem, window, image),
            _dilation(problem, window, image),
        ],
    }


def _padding(problem: Problem, window: Window, image: tuple[int, ...]) -> dict[str, Any]:
    kind = problem.document["layers"][0].get("padding", "valid")
    even = len({n for pair in window.padding for n in pair}) == 1
    most = min(MOST_CHOICES, *(k if problem.layers[0].type == "conv2d" else k - 1 for k in window.size))
    least = max(0, *(-(-(r - n) // 2) for r, n in zip(window.reach, image, strict=False)))
    choices: list[tuple[Any, str]] = [
        (_around(p), f"{p} on every side" if p else "none") for p in range(least, max(most, least) + 1)
    ]
    choices.append(("same", "same"))
    value = "same" if kind == "same" else _around(window.padding[0][0]) if even else [list(p) for p in window.padding]
    words = "; ".join(
        f"{axis}s {before} + {behind}" for axis, (before, behind) in zip(AXIS_NAMES, window.padding, strict=True)
    )
    return {
        "field": "padding",
        "title": "Padding",
        "words": _by_axis(
            "n + p", lambda a: f"{image[a]} + {sum(window.padding[a])} = {image[a] + sum(window.padding[a])}"
        ),
        "hint": "dashed: added around the input" if any(map(any, window.padding)) else "",
        **_choices(choices, value, words),
    }


def _around(cells: int) -> list[list[int]]:
    return [[cells, cells], [cells, cells]]


def _strides(problem: Problem, window: Window, image: tuple[int, ...]) -> dict[str, Any]:
    most = min(MOST_CHOICES, *(most_strides(window, image, axis) for axis in (0, 1)))
    places = window.places(image[:2])

    def fits(a: int) -> str:
        n, r = image[a] + sum(window.padding[a]), window.reach[a]
        return f"⌊({n} − {r}) / {window.strides[a]}⌋ + 1 = {places[a]}"

    left = [counted(n, f"{name}") for n, name in zip(window.left_over(image[:2]), AXIS_NAMES, strict=True) if n]
    return {
        "field": "strides",
        "title": "Strides",
        "words": _by_axis("⌊(n + p − span) / s⌋ + 1", fits),
        "hint": "blue: where a window begins" + (f"; grey: {' and '.join(left)} left over" if left else ""),
        **_choices(
            [([s, s], str(s)) for s in range(1, most + 1)], list(window.strides), " × ".join(map(str, window.strides))
        ),
    }


def _dilation(problem: Problem, window: Window, image: tuple[int, ...]) -> dict[str, Any]:
    def spans(a: int) -> str:
        return f"{window.dilation[a]} · ({window.size[a]} − 1) + 1 = {window.reach[a]}"

    words = _by_axis("span: d(k − 1) + 1", spans)
    panel = {"field": "dilation", "title": "Dilation", "words": words, "hint": "yellow: what is read"}
    if problem.layers[0].type != "conv2d":
        return panel  # a pooling window has no holes
    kind = problem.document["layers"][0].get("padding")
    most = min(MOST_CHOICES, *(most_dilation(window, image, kind == "same", axis) for axis in (0, 1)))
    return panel | _choices(
        [([d, d], str(d)) for d in range(1, most + 1)], list(window.dilation), " × ".join(map(str, window.dilation))
    )


def _by_axis(symbols: str, words: Callable[[int], str]) -> list[str]:
    """A formula, then with numbers: once, if rows and columns have the same."""
    rows, columns = words(0), words(1)
    return [symbols, f"= {rows}"] if rows == columns else [symbols, f"rows: {rows}", f"columns: {columns}"]


def _choices(choices: Iterable[tuple[Any, str]], value: Any, words: str) -> dict[str, Any]:
    listed = [[choice, said] for choice, said in choices]
    if all(choice != value for choice, _ in listed):
        listed.insert(0, [value, words])
    return {"choices": listed, "value": value}
