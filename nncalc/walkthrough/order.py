"""In which order the lines of working are gone through."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from nncalc.ledger.chain import Lines
from nncalc.ledger.lift import Ids
from nncalc.plan import Plan

CHAPTERS = ("Forward", "Loss", "Backward", "Update", "After")
AFTER_ALL = 10**9  # the sample of what is over all samples: it comes behind them

Key = Callable[[Lines, Ids, int], Sequence[Ids | int]]
"""What lines are sorted by, column by column: from the lines, the places of their numbers, and which lines they are."""


class Entry(NamedTuple):
    """One line in its place: `lines[element]`, in a chapter, of a layer (or "" outside of layers) and a sample."""

    chapter: str
    layer: str
    sample: int
    lines: Lines
    element: int

    @property
    def writes(self) -> int:
        return int(self.lines.writes[self.element])


def ordered(plan: Plan) -> list[Entry]:
    """All lines of an iteration.

    Forward by sample, layer and unit, then the loss; backward from the loss and the last layer to the first, the
    parameters of a layer after its units; the update parameter by parameter; the forward pass again. Within that, a
    line comes as soon as everything that it reads is known.
    """
    layers = plan.layers
    parts = plan.lines
    if not layers and plan.problem is None:
        return _of_a_function(plan)
    entries = _forward(parts["forward"], layers, plan, "Forward", "Loss")
    entries += _backward(parts.get("backward", []), layers, plan)
    entries += _update(parts.get("update", []), list(plan.trained))
    return entries + _forward(parts.get("after", []), layers, plan, "After", "After")


def _of_a_function(plan: Plan) -> list[Entry]:
    """The lines of a function of a user's own: variable by variable, as it computes them, and back."""

    def by_variable(lines: Lines, places: Ids, k: int) -> tuple:
        return (k, places)

    parts = plan.lines
    forward = _sorted(parts["forward"], by_variable, "Forward", (), plan.count)
    return forward + _sorted(parts.get("backward", []), by_variable, "Backward", (), plan.count)


def layer_of(lines: Lines, layers: Sequence[str]) -> str:
    layer = lines.variable.name.split(".")[0]
    return layer if layer in layers and "." in lines.variable.name else ""


def is_size(lines: Lines) -> bool:
    """Whether the lines work out how large the output of a layer is."""
    return lines.variable.axes == ("axis",)


def _forward(all_lines: list[Lines], layers: Sequence[str], plan: Plan, first: str, then: str) -> list[Entry]:
    inside = [lines for lines in all_lines if layer_of(lines, layers)]
    outside = [lines for lines in all_lines if not layer_of(lines, layers)]

    def in_a_layer(lines: Lines, places: Ids, k: int) -> tuple:
        layer = layers.index(layer_of(lines, layers))
        return (_samples(lines, places), layer, not is_size(lines), _in_reading_order(lines, places), k)

    entries = _sorted(inside, in_a_layer, first, layers, plan.count)
    return entries + _sorted(outside, _by_sample, then, layers, plan.count)


def _backward(all_lines: list[Lines], layers: Sequence[str], plan: Plan) -> list[Entry]:
    entries: list[Entry] = []
    given = {v.name for v in plan.forward.variables if v.definition is None}

    def by_parameter(lines: Lines, places: Ids, k: int) -> tuple:
        return (lines.variable.name.endswith(".bias"), k, _unit_by_unit(lines, places))

    for layer in ("", *reversed(layers)):
        mine = [lines for lines in all_lines if layer_of(lines, layers) == layer]
        units = [lines for lines in mine if lines.variable.name not in given]
        parameters = [lines for lines in mine if lines.variable.name in given]
        entries += _sorted(units, _by_sample, "Backward", layers, plan.count)
        entries += _listed(parameters, by_parameter, "Backward", layers)
    return entries


def _by_sample(lines: Lines, places: Ids, k: int) -> tuple:
    return (_samples(lines, places), _in_reading_order(lines, places), k)


def _update(all_lines: list[Lines], parameters: list[str]) -> list[Entry]:
    def by_parameter(lines: Lines, places: Ids, k: int) -> tuple:
        name = lines.variable.name.rpartition(".")[0]
        return (parameters.index(name) if name in parameters else -1, _unit_by_unit(lines, places), k)

    return _listed(all_lines, by_parameter, "Update", [p.split(".")[0] for p in parameters])


def _in_reading_order(lines: Lines, places: Ids) -> Ids:
    """Where lines stand: of images map by map, each row by row."""
    axes = lines.variable.axes
    if "row" not in axes:
        return places
    row = axes.index("row")
    return places[:, [*range(row), *range(len(axes) - 1, row + 1, -1), row, row + 1]]


def _unit_by_unit(lines: Lines, places: Ids) -> Ids:
    """The same for parameters: all weights of a unit, of a filter its kernels one after the other."""
    return _in_reading_order(lines, places) if "row" in lines.variable.axes else places[:, ::-1]


def _samples(lines: Lines, places: Ids) -> Ids:
    """The samples of lines; what is over all samples comes after them, a size before all with the first."""
    if lines.variable.axes[:1] == ("sample",):
        return places[:, 0]
    return np.full(len(lines), 0 if is_size(lines) else AFTER_ALL)


def _listed(group: list[Lines], key: Key, chapter: str, layers: Sequence[str]) -> list[Entry]:
    """The lines of a group by their key."""
    if not group:
        return []
    places = [_places(lines) for lines in group]
    widest = max(p.shape[1] for p in places)
    columns = [
        _columns(key(lines, p, k), len(lines), widest) for k, (lines, p) in enumerate(zip(group, places, strict=True))
    ]
    order = np.lexsort(np.concatenate(columns).T[::-1])
    samples = np.concatenate([_samples(lines, p) for lines, p in zip(group, places, strict=True)])
    samples[samples == AFTER_ALL] = -1
    sizes = [len(lines) for lines in group]
    which = np.repeat(np.arange(len(group)), sizes)
    element = np.arange(len(which)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    named = [(layer_of(lines, layers), lines) for lines in group]
    rows = zip(which[order].tolist(), samples[order].tolist(), element[order].tolist(), strict=True)
    return [Entry(chapter, named[k][0], sample, named[k][1], e) for k, sample, e in rows]


def _places(lines: Lines) -> Ids:
    """The indices of the numbers that lines are about, one row per line."""
    shape = lines.variable.ids.shape
    return np.stack(np.unravel_index(lines.elements, shape), axis=1) if shape else np.zeros((len(lines), 0), int)


def _columns(key: Sequence[Ids | int], count: int, widest: int) -> Ids:
    """A key as one row of numbers per line; places of few axes come before those that begin like them."""
    columns = []
    for part in key:
        part = np.asarray(part, int)
        if part.ndim < 2:
            columns.append(np.broadcast_to(part, (count,))[:, None])
        else:
            columns.append(np.pad(part, ((0, 0), (0, widest - part.shape[1])), constant_values=-1))
    return np.concatenate(columns, axis=1)


def _sorted(group: list[Lines], key: Key, chapter: str, layers: Sequence[str], count: int) -> list[Entry]:
    """The lines of a group: the first by their key among those whose operands are known."""
    entries = _listed(group, key, chapter, layers)
    rank = np.full(count, -1)
    rank[np.fromiter((entry.lines.writes[entry.element] for entry in entries), int, len(entries))] = range(len(entries))
    for start, stop in _windows(_last_read(group, rank, len(entries))):
        entries[start:stop] = _as_soon_as_known(entries[start:stop], rank, start)
    return entries


def _last_read(group: list[Lines], rank: Ids, entries: int) -> Ids:
    """For every entry the last one that it reads, or −1."""
    last = np.full(entries, -1)
    for lines in group:
        for ids in lines.slots:
            at = rank[lines.writes]
            last[at] = np.maximum(last[at], rank[ids].reshape(len(lines), -1).max(axis=1, initial=-1))
    return last


def _windows(last: Ids) -> Iterator[tuple[int, int]]:
    """The stretches in which an entry reads one that comes later; outside of them the order is right as it is."""
    start = stop = 0
    for early in np.flatnonzero(last > np.arange(len(last))).tolist():
        if early >= stop:
            if stop:
                yield start, stop
            start, stop = early, 0
        stop = max(stop, int(last[early]) + 1)
    if stop:
        yield start, stop


def _as_soon_as_known(entries: list[Entry], rank: Ids, start: int) -> list[Entry]:
    """Some entries that follow each other from `start`, each as soon as those that it reads are there."""
    readers: list[list[int]] = [[] for _ in entries]
    waiting = [0] * len(entries)
    for reader, entry in enumerate(entries):
        reads = np.concatenate([ids[entry.element].ravel() for ids in entry.lines.slots])
        for source in np.unique(rank[reads]).tolist():
            if source >= start:
                readers[source - start].append(reader)
                waiting[reader] += 1
    ready = [k for k in range(len(entries)) if not waiting[k]]
    result = []
    while ready:
        k = heapq.heappop(ready)
        result.append(entries[k])
        for reader in readers[k]:
            waiting[reader] -= 1
            if not waiting[reader]:
                heapq.heappush(ready, reader)
    return result
