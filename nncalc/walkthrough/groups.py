"""Steps that are gone through as one: those of a layer, those of a chapter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from nncalc.walkthrough.matrix import MatrixLine, matrix_lines
from nncalc.walkthrough.steps import Step


@dataclass(frozen=True, eq=False)
class Group:
    """Several steps as one: those of a layer (and sample), or of a chapter."""

    chapter: str
    layer: str
    sample: int
    steps: Sequence[Step]

    @property
    def quantity(self) -> str:
        return self.steps[-1].quantity

    @cached_property
    def matrix(self) -> list[MatrixLine]:
        """The same in matrix form, for the variables that have one."""
        return matrix_lines(self.steps)

    @property
    def writes(self) -> list[str]:
        return [step.quantity for step in self.steps]


def grouped(steps: Sequence[Step], detail: str) -> list[Group]:
    """Steps that follow each other and belong together."""
    groups: list[list[Step]] = []
    last = None
    for step in steps:
        key = (step.chapter,) if detail == "chapter" else (step.chapter, step.layer, step.sample)
        if key != last:
            groups.append([])
        groups[-1].append(step)
        last = key
    return [Group(g[0].chapter, g[0].layer, g[0].sample, g) for g in groups]
