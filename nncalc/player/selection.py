"""What of a very large walkthrough is shown: the first units and the last, and the first samples."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nncalc.ledger.chain import Lines
from nncalc.walkthrough.order import Entry
from nncalc.walkthrough.working import Working

MOST_STEPS = 5000
HEADS = (6, 4, 2, 1)  # how many units of a wide layer are shown besides the last: as many as there is room for


def kept_of(width: int, head: int) -> np.ndarray:
    """Which units of a layer are shown.

    >>> kept_of(4, head=6).tolist(), kept_of(784, head=6).tolist()
    ([0, 1, 2, 3], [0, 1, 2, 3, 4, 5, 783])
    """
    return np.arange(width) if width <= head + 2 else np.array([*range(head), width - 1])


def selected(workings: Sequence[Working]) -> list[tuple[Working, list[Entry]]]:
    """The iterations to show and their steps: all of them up to `MOST_STEPS`.

    Else the first iterations; of one that has too many steps alone, those of the units and samples that are kept.
    """
    shown: list[tuple[Working, list[Entry]]] = []
    room = MOST_STEPS
    for working in workings:
        entries = working.script.entries
        kept = entries if len(entries) <= MOST_STEPS else _of_shown_units(entries, working.plan.samples)
        if shown and len(kept) > room:
            break
        shown.append((working, kept))
        room -= len(kept)
    return shown


def _of_shown_units(entries: Sequence[Entry], samples: int) -> list[Entry]:
    shown: list[Entry] = []
    for head in HEADS:
        shown = _of_units(entries, head)
        over_all = sum(entry.sample < 0 for entry in shown)
        most = samples * (MOST_STEPS - over_all) // max(1, len(shown) - over_all)
        if most >= 1:
            return [entry for entry in shown if entry.sample < most]
    return shown[:MOST_STEPS]


def _of_units(entries: Sequence[Entry], head: int) -> list[Entry]:
    kept: dict[int, np.ndarray] = {}
    shown = []
    for entry in entries:
        lines = entry.lines
        if id(lines) not in kept:
            kept[id(lines)] = _rows(lines, head)
        if kept[id(lines)][entry.element]:
            shown.append(entry)
    return shown


def _rows(lines: Lines, head: int) -> np.ndarray:
    """Whether every line is about units that are shown, whatever its sample."""
    shape = lines.variable.ids.shape
    fine = np.ones(len(lines), bool)
    places = np.unravel_index(lines.elements, shape) if shape else ()
    for axis, place, width in zip(lines.variable.axes, places, shape, strict=True):
        if axis != "sample":
            fine &= np.isin(place, kept_of(width, head))
    return fine
