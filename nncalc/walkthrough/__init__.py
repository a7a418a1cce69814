"""The working of a problem, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from nncalc.calculation import Iteration
from nncalc.problem import Problem
from nncalc.walkthrough.steps import DETAILS, Group, Step, grouped
from nncalc.walkthrough.working import Working, script_of

__all__ = ["DETAILS", "Group", "Step", "Walkthrough"]


class Walkthrough:
    """The ordered steps of all iterations."""

    def __init__(self, problem: Problem, iterations: Sequence[Iteration]) -> None:
        self.problem = problem
        self.workings = [Working(worked, problem.decimals) for worked in iterations]

    @property
    def count(self) -> int:
        """How many steps there are, one per quantity."""
        return sum(len(working.script.entries) for working in self.workings)

    @cached_property
    def _neurons(self) -> list[Step]:
        several = len(self.workings) > 1
        found = []
        for working in self.workings:
            index = working.worked.index
            prefix = f"iterations[{index}]." if index else ""
            for entry in working.script.entries:
                chapter = f"Iteration {index + 1}: {entry.chapter}" if several else entry.chapter
                found.append(Step(chapter, entry.layer, entry.sample, entry, working, prefix))
        return found

    def steps(self, detail: str = "neuron") -> Sequence[Step | Group]:
        """The steps at a granularity: "operation", "neuron", "layer" or "chapter"."""
        if detail == "neuron":
            return self._neurons
        return grouped(self._neurons, detail)
