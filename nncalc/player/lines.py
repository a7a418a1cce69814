"""Packs the lines of all iterations: quantities, steps, groups, and the facts of the chain rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from nncalc.formula.expand import HEAD, LONGEST, TAIL
from nncalc.ledger.chain import Lines
from nncalc.player.arrays import in_order, kept_positions, one_or_each, packed, packed_rows, taken
from nncalc.player.formulas import Formulas
from nncalc.player.matrices import matrices
from nncalc.player.selection import selected
from nncalc.player.slopes import Slopes, count_of_facts, with_slopes
from nncalc.walkthrough.groups import GROUPED, grouped, key_of
from nncalc.walkthrough.order import Entry
from nncalc.walkthrough.steps import Step, steps_of
from nncalc.walkthrough.working import PrintedLines, Working

MOST_FACTS = 20_000  # of one walkthrough up to which all paths can be followed in the player


class Packer:
    """Lists that grow working by working; `data` is all of them."""

    def __init__(self, workings: Sequence[Working], style: str) -> None:
        self.workings = workings
        self.formulas = Formulas(style)
        self.quantities: list[dict[str, Any]] = []
        self.values: list[float] = []
        self.lines: list[dict[str, Any]] = []
        self.steps: list[tuple[int, int]] = []
        self.feeds: list[dict[str, Any]] = []
        self.matrices: list[dict[str, Any]] = []
        self.shown: list[Step] = []
        self.noise: set[int] = set()  # quantities that are nothing but what rounding left over
        self.count = sum(len(working.script.entries) for working in workings)
        self.selection = selected(workings)
        shown = self.selection.shown
        whole = all(len(entries) == len(working.script.entries) for working, entries in shown)
        facts = sum(count_of_facts(working) for working, _ in shown)
        self.whole = whole
        self.followed = whole and facts <= MOST_FACTS

    def data(self) -> dict[str, Any]:
        for working, entries in self.selection.shown:
            self._pack(working, entries)
        return {
            "decimals": self.workings[0].decimals,
            "quantities": self.quantities,
            "values": [_plain(v) for v in self.values],
            "noise": sorted(self.noise),
            "lines": self.lines,
            "steps": in_order(self.steps),
            "groups": {detail: self._groups(detail) for detail in GROUPED},
            "feeds": self.feeds,
            "matrices": self.matrices,
            "templates": self.formulas.templates,
            "trees": self.formulas.trees,
            "count": self.count,
            "kept": len(self.steps),
            "whole": self.whole,
            "iterations": [len(self.selection.shown), len(self.workings)],
            "maps": self.selection.maps,
            "paths": self.followed,
        }

    def _pack(self, working: Working, entries: list[Entry]) -> None:
        whole = len(entries) == len(working.script.entries)
        working, slopes = with_slopes(working, all_of_them=self.followed) if whole else (working, [])
        kinds = _by_lines(entries)
        printed = [
            working.printed(same[0])
            if whole
            else PrintedLines(working, same[0].lines.taken([e.element for e in same]), same[0].chapter)
            for same in kinds
        ]
        place = self._blocks(working, [*(p.lines for p in printed), *(s.printed.lines for s in slopes)], whole)
        at = {}
        for k, same in enumerate(kinds):
            for row, entry in enumerate(same):
                at[id(entry)] = (len(self.lines) + k, entry.element if whole else row)
        self.steps += [at[id(entry)] for entry in entries]
        self.lines += [self._line(p, same[0], place) for p, same in zip(printed, kinds, strict=True)]
        self.feeds += [self._feed(s, place) for s in slopes]
        steps = steps_of(working, entries)
        self.shown += steps
        if whole:
            self.matrices += matrices(steps, place, self.formulas)

    def _blocks(self, working: Working, lines: Iterable[Lines], whole: bool) -> np.ndarray:
        """Lists every quantity that is read or written, variable by variable; returns where each one stands.

        Of a part only what is written: what its long sums read is left out. Images that are drawn stay whole.
        """
        used = np.zeros(working.values.size, bool)
        for some in lines:
            for ids in (some.writes, *some.slots):
                used[ids if whole else _written_out(ids)] = True
        if not whole:
            _with_whole_images(used, working)
        used = used[: working.plan.count]
        place = np.full(working.values.size, -1)
        names = working.script.names
        for number in np.flatnonzero(used).tolist():
            if place[number] >= 0:
                continue
            block = names.block(number)
            there = np.arange(block.size) if whole else np.flatnonzero(used[block.ravel()])
            ids = block.ravel()[there]
            place[ids] = np.arange(len(self.values), len(self.values) + len(ids))
            at = {} if len(there) == block.size else {"at": packed(there)}
            self.quantities.append(self._block(working, number, block.shape) | at)
            self.values += working.values[ids].tolist()
        return place

    def _block(self, working: Working, number: int, shape: tuple[int, ...]) -> dict[str, Any]:
        names = working.script.names
        base, suffix = names.parts(number)
        return {
            "name": base and working.prefix + base,
            "suffix": suffix,
            "axes": list(names.place(number).variable.axes),
            "shape": list(shape),
            "start": len(self.values),
            "symbol": "" if names.is_constant(number) else names.pattern(number),
        }

    def _line(self, printed: PrintedLines, entry: Entry, place: np.ndarray) -> dict[str, Any]:
        self.noise.update(place[printed.lines.writes[printed.noise]].tolist())
        return {
            "chapter": printed.working.title_of(entry.chapter),
            "layer": entry.layer,
            "sentence": printed.about,
            "writes": packed(place[printed.lines.writes]),
            **self._formula(printed, place),
            "remarks": [[text, np.flatnonzero(holds).tolist()] for text, holds in printed.remarks],
            "opened": self.formulas.opened(printed) if self.followed else None,
        }

    def _feed(self, slopes: Slopes, place: np.ndarray) -> dict[str, Any]:
        return {
            "source": packed(place[slopes.source]),
            "result": packed(place[slopes.result]),
            "values": [_plain(v) for v in slopes.values.tolist()],
            **self._formula(slopes.printed, place),
            "step": int(slopes.is_step),
        }

    def _formula(self, printed: PrintedLines, place: np.ndarray) -> dict[str, Any]:
        slots = [place[ids] for ids in printed.lines.slots]
        kept = [kept_positions(ids) for ids in slots]
        return {
            "slots": [packed_rows(taken(ids, there)) for ids, there in zip(slots, kept, strict=True)],
            "symbols": self.formulas.template(printed, True, kept),
            "numbers": self.formulas.template(printed, False, kept),
            "extra": one_or_each(printed.extra),
        }

    def _groups(self, detail: str) -> dict[str, list]:
        """Where every group begins, what is said of it, and how many of its steps are left out."""
        sizes: Counter = Counter()
        if not self.whole:
            for working, _ in self.selection.shown:
                sizes.update((working.index, key_of(entry, detail)) for entry in working.script.entries)
        groups = grouped(self.shown, detail)
        lengths = [len(group.steps) for group in groups]
        return {
            "starts": [sum(lengths[:k]) for k in range(len(groups))],
            "sentences": [group.sentence for group in groups],
            "left_out": [
                max(0, sizes[group.steps[0].working.index, key_of(group.steps[0].entry, detail)] - len(group.steps))
                for group in groups
            ],
        }


def _with_whole_images(used: np.ndarray, working: Working) -> None:
    """Marks all maps of the images of which some are used, in the samples that are shown: they can be seen at least."""
    for variable in working.plan.forward.variables:
        if variable.name.endswith(".a") and "row" in variable.axes:
            samples = variable.ids.reshape(len(variable.ids), -1)
            used[samples[used[samples].any(axis=1)]] = True


def _written_out(ids: np.ndarray) -> np.ndarray:
    """What is printed of the sums that are filled from here: a long one has a gap."""
    for axis in range(1, ids.ndim):
        if ids.shape[axis] > LONGEST:
            ids = np.take(ids, [*range(HEAD), *range(-TAIL, 0)], axis)
    return ids


def _by_lines(entries: Sequence[Entry]) -> list[list[Entry]]:
    """The entries that share their lines."""
    found: dict[int, list[Entry]] = {}
    for entry in entries:
        found.setdefault(id(entry.lines), []).append(entry)
    return list(found.values())


def _plain(value: float) -> float | str:
    if np.isfinite(value):
        return value
    return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
