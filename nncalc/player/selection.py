"""What of a very large walkthrough is shown: the first units and the last, of images the first maps, the first samples.

An image is gone through pixel by pixel, so that its rows and columns are never cut: what a kernel makes of it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nncalc.ledger.chain import Lines
from nncalc.walkthrough.order import Entry
from nncalc.walkthrough.working import Working

MOST_STEPS = 5000
WHOLE_AXES = ("sample", "row", "column", "channel")  # of these all are shown
HEADS = (6, 4, 2, 1)  # how many units of a wide layer are shown besides the last: as many as there is room for


def kept_of(width: int, head: int) -> np.ndarray:
    """Which units of a layer are shown.

    >>> kept_of(4, head=6).tolist(), kept_of(784, head=6).tolist()
    ([0, 1, 2, 3], [0, 1, 2, 3, 4, 5, 783])
    """
    return np.arange(width) if width <= head + 2 else np.array([*range(head), width - 1])


@dataclass(frozen=True)
class Selection:
    """The iterations to show with their steps; `maps`: of images, how many maps a layer has at most (0: all)."""

    shown: list[tuple[Working, list[Entry]]]
    maps: int = 0


def selected(workings: Sequence[Working]) -> Selection:
    """The iterations to show and their steps: all of them up to `MOST_STEPS`.

    Else the first iterations; of one that has too many steps alone, those of the units, maps and samples that are kept.
    """
    shown: list[tuple[Working, list[Entry]]] = []
    room, most_maps = MOST_STEPS, 0
    for working in workings:
        entries = working.script.entries
        kept, maps = (entries, 0) if len(entries) <= MOST_STEPS else _some(entries, working.plan.samples)
        if shown and len(kept) > room:
            break
        shown.append((working, kept))
        room -= len(kept)
        most_maps = max(most_maps, maps)
    return Selection(shown, most_maps)


def _some(entries: Sequence[Entry], samples: int) -> tuple[list[Entry], int]:
    """As many units as there is room for, then maps, then samples; and how many maps, 0 where nothing is an image."""
    kept: list[Entry] = []
    for head in HEADS:
        shown, maps = _of_units(entries, head)
        for most_maps in range(maps.max(initial=0), 0, -1) if maps.any() else [0]:
            kept = [entry for entry, first in zip(shown, maps.tolist(), strict=True) if first <= most_maps]
            over_all = sum(entry.sample < 0 for entry in kept)
            most = samples * (MOST_STEPS - over_all) // max(1, len(kept) - over_all)
            if most >= 1:
                return [entry for entry in kept if entry.sample < most], most_maps
    return kept[:MOST_STEPS], int(maps.any())


def _of_units(entries: Sequence[Entry], head: int) -> tuple[list[Entry], np.ndarray]:
    """The steps of the units that are shown, and for each which map it is of, counted from 1 (0: of none)."""
    kept: dict[int, np.ndarray] = {}
    maps: dict[int, np.ndarray] = {}
    shown, of_maps = [], []
    for entry in entries:
        lines = entry.lines
        if id(lines) not in kept:
            kept[id(lines)], maps[id(lines)] = _rows(lines, head)
        if kept[id(lines)][entry.element]:
            shown.append(entry)
            of_maps.append(maps[id(lines)][entry.element])
    return shown, np.array(of_maps, int)


def map_axis(axes: Sequence[str]) -> str:
    """The axis of what filters make of an image, "" where there is none: of pooling a channel, of targets an output.

    >>> map_axis(("row", "column", "channel", "filter")), map_axis(("sample", "row", "column", "channel"))
    ('filter', 'channel')
    """
    return "filter" if "filter" in axes else axes[-1] if "row" in axes else ""


def _rows(lines: Lines, head: int) -> tuple[np.ndarray, np.ndarray]:
    """Whether every line is about units that are shown, whatever its map and sample; and the map, counted from 1."""
    shape = lines.variable.ids.shape
    fine, maps = np.ones(len(lines), bool), np.zeros(len(lines), int)
    places = np.unravel_index(lines.elements, shape) if shape else ()
    for axis, place, width in zip(lines.variable.axes, places, shape, strict=True):
        if axis == map_axis(lines.variable.axes):
            maps = place + 1
        elif axis not in WHOLE_AXES:
            fine &= np.isin(place, kept_of(width, head))
    return fine, maps
