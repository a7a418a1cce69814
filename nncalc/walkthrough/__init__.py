"""The working of a problem, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Literal, overload

from nncalc.walkthrough.groups import Group, grouped
from nncalc.walkthrough.operations import Operation, operations
from nncalc.walkthrough.steps import Step, steps_of
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
        return [step for working in self.workings for step in steps_of(working, working.script.entries)]

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
        """All of it as plain data for a player (see `nncalc.player`)."""
        from nncalc.player import player_data

        return player_data(self.workings, title)
