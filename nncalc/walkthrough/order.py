"""In which order the lines of working are gone through."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nncalc.ledger.chain import Lines
from nncalc.plan import Plan

CHAPTERS = ("Forward", "Loss", "Backward", "Update", "After")


@dataclass(frozen=True)
class Entry:
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

    def by_variable(lines: Lines, place: tuple[int, ...], k: int) -> tuple:
        return (k, place)

    parts = plan.lines
    forward = _sorted(parts["forward"], by_variable, "Forward", (), plan.count)
    return forward + _sorted(parts.get("backward", []), by_variable, "Backward", (), plan.count)


def layer_of(lines: Lines, layers: Sequence[str]) -> str:
    layer = lines.variable.name.split(".")[0]
    return layer if layer in layers and "." in lines.variable.name else ""


def _forward(all_lines: list[Lines], layers: Sequence[str], plan: Plan, first: str, then: str) -> list[Entry]:
    inside = [lines for lines in all_lines if layer_of(lines, layers)]
    outside = [lines for lines in all_lines if not layer_of(lines, layers)]

    def in_a_layer(lines: Lines, place: tuple[int, ...], k: int) -> tuple:
        return (
            _sample(lines, place),
            layers.index(layer_of(lines, layers)),
            not is_size(lines),
            _in_reading_order(lines, place),
            k,
        )

    def in_the_loss(lines: Lines, place: tuple[int, ...], k: int) -> tuple:
        return (_sample(lines, place), _in_reading_order(lines, place), k)

    entries = _sorted(inside, in_a_layer, first, layers, plan.count)
    return entries + _sorted(outside, in_the_loss, then, layers, plan.count)


def _backward(all_lines: list[Lines], layers: Sequence[str], plan: Plan) -> list[Entry]:
    entries: list[Entry] = []
    given = {v.name for v in plan.forward.variables if v.definition is None}

    def by_sample(lines: Lines, place: tuple[int, ...], k: int) -> tuple:
        return (_sample(lines, place), _in_reading_order(lines, place), k)

    def by_parameter(lines: Lines, place: tuple[int, ...], k: int) -> tuple:
        return (lines.variable.name.endswith(".bias"), k, _unit_by_unit(lines, place))

    for layer in ("", *reversed(layers)):
        mine = [lines for lines in all_lines if layer_of(lines, layers) == layer]
        units = [lines for lines in mine if lines.variable.name not in given]
        parameters = [lines for lines in mine if lines.variable.name in given]
        entries += _sorted(units, by_sample, "Backward", layers, plan.count)
        entries += _listed(parameters, by_parameter, "Backward", layers)
    return entries


def _update(all_lines: list[Lines], parameters: list[str]) -> list[Entry]:
    def by_parameter(lines: Lines, place: tuple[int, ...], k: int) -> tuple:
        name = lines.variable.name.rpartition(".")[0]
        return (parameters.index(name) if name in parameters else -1, _unit_by_unit(lines, place), k)

    return _listed(all_lines, by_parameter, "Update", [p.split(".")[0] for p in parameters])


def is_size(lines: Lines) -> bool:
    """Whether the lines work out how large the output of a layer is."""
    return lines.variable.axes == ("axis",)


def _in_reading_order(lines: Lines, place: tuple[int, ...]) -> tuple[int, ...]:
    """Where a line stands: of images map by map, each row by row."""
    if "row" not in lines.variable.axes:
        return place
    row = lines.variable.axes.index("row")
    return (*place[:row], *place[: row + 1 : -1], *place[row : row + 2])


def _unit_by_unit(lines: Lines, place: tuple[int, ...]) -> tuple[int, ...]:
    """The same for parameters: all weights of a unit, of a filter its kernels one after the other."""
    return _in_reading_order(lines, place) if "row" in lines.variable.axes else place[::-1]


def _sample(lines: Lines, place: tuple[int, ...]) -> int:
    """The sample of a line; what is over all samples comes after them, what is before all of them with the first."""
    if is_size(lines):
        return 0
    return place[0] if lines.variable.axes[:1] == ("sample",) and place else 10**9


def _listed(group: list[Lines], key, chapter: str, layers: Sequence[str]) -> list[Entry]:
    """The lines of a group by their key."""
    keyed = []
    for k, lines in enumerate(group):
        places = np.unravel_index(lines.elements, lines.variable.ids.shape) if lines.variable.ids.ndim else ()
        table = np.stack(places, axis=1).tolist() if places else [()] * len(lines)
        for element, place in enumerate(table):
            sample = _sample(lines, tuple(place))
            entry = Entry(chapter, layer_of(lines, layers), -1 if sample == 10**9 else sample, lines, element)
            keyed.append((key(lines, tuple(place), k), len(keyed), entry))
    return [entry for _, _, entry in sorted(keyed)]


def _sorted(group: list[Lines], key, chapter: str, layers: Sequence[str], count: int) -> list[Entry]:
    """The lines of a group: the first by their key among those whose operands are known."""
    entries = _listed(group, key, chapter, layers)
    readers, waiting = _dependencies(entries, group, count)
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


def _dependencies(entries: list[Entry], group: list[Lines], count: int) -> tuple[list[list[int]], list[int]]:
    """For every entry who reads it, and on how many it waits."""
    rank = np.full(count, -1)
    rank[[entry.writes for entry in entries]] = np.arange(len(entries))
    readers: list[list[int]] = [[] for _ in entries]
    waiting = [0] * len(entries)
    for lines in group:
        reads = [ids.reshape(len(lines), -1) for ids in lines.slots]
        if not reads:
            continue
        table = rank[np.concatenate(reads, axis=1)]
        for reader, row in zip(rank[lines.writes].tolist(), table, strict=True):
            for source in np.unique(row[row >= 0]).tolist():
                readers[source].append(reader)
                waiting[reader] += 1
    return readers, waiting
