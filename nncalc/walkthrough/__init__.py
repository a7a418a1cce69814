"""The working of a problem, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Literal, overload

from nncalc.walkthrough.groups import Group, grouped
from nncalc.walkthrough.operations import Operation, operations
from nncalc.walkthrough.player import player_data
from nncalc.walkthrough.steps import Step
from nncalc.walkthrough.working import Working

__all__ = ["DETAILS", "Group", "Operation", "Step", "Walkthrough", "Working"]

DETAILS = ("operation", "neuron", "layer", "chapter")


class Walkthrough:
    """The ordered steps of all iterations, one working each."""

    def __init__(self, workings: Sequence[Working]) -> None:
        self.workings = workings

    @property
    def count(self) -> int:
        """How many steps there are, one per quantity."""
        return sum(len(working.script.entries) for working in self.workings)

    @cached_property
    def neurons(self) -> list[Step]:
        """The steps, one per quantity."""
        several = len(self.workings) > 1
        found = []
        for working in self.workings:
            index = working.index
            prefix = f"iterations[{index}]." if index else ""
            for entry in working.script.entries:
                chapter = f"Iteration {index + 1}: {entry.chapter}" if several else entry.chapter
                found.append(Step(chapter, entry.layer, entry.sample, entry, working, prefix))
        return found

    @overload
    def steps(self, detail: Literal["neuron"] = "neuron") -> list[Step]: ...

    @overload
    def steps(self, detail: Literal["operation"]) -> list[Step | Operation]: ...

    @overload
    def steps(self, detail: Literal["layer", "chapter"]) -> list[Group]: ...

    @overload
    def steps(self, detail: str) -> Sequence[Any]: ...

    def steps(self, detail: str = "neuron") -> Sequence[Any]:
        """The steps at a granularity: "operation", "neuron", "layer" or "chapter"."""
        if detail == "neuron":
            return self.neurons
        if detail == "operation":
            return [operation for step in self.neurons for operation in operations(step)]
        return grouped(self.neurons, detail)

    def data(self, title: str = "") -> dict[str, Any]:
        """All of it as plain data for a player (see `nncalc.walkthrough.player`)."""
        return player_data(list(self.workings), title)
