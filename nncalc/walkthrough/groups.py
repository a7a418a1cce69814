"""Steps that are gone through as one: those of a layer, those of a chapter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from nncalc.walkthrough.matrix import MatrixLine, matrix_lines
from nncalc.walkthrough.order import Entry
from nncalc.walkthrough.steps import Step

GROUPED = ("layer", "chapter")

OF_CHAPTERS = {
    "Forward": "From the inputs to the prediction, layer by layer.",
    "Loss": "How far off the prediction is: the errors, and the loss.",
    "Backward": "How the loss changes with every number, from the loss back to the first layer.",
    "Update": "Every parameter takes a step against its gradient.",
    "After": "The forward pass again, with the new parameters.",
}
OF_LAYERS = {  # of a layer's units, of its parameters, of what is outside of layers
    "Forward": ("the sum and the output of every unit", "", ""),
    "Loss": ("", "", "the errors and their terms"),
    "Backward": (
        "how the loss changes with the units",
        "how the loss changes with the parameters",
        "how the loss changes with the terms and errors",
    ),
    "Update": ("", "the new parameters", "the step size of this iteration"),
    "After": ("the sum and the output of every unit, with the new parameters", "", "the errors and the loss, anew"),
}
OF_IMAGES = {
    "Forward": "every cell of what comes out",
    "Backward": "how the loss changes with the cells",
    "After": "every cell of what comes out, with the new parameters",
}


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
    def sentence(self) -> str:
        first = self.steps[0]
        if len({key_of(step.entry, "layer") for step in self.steps}) > 1:
            return OF_CHAPTERS[first.entry.chapter]
        sample = f", sample {self.sample + 1}" if self.sample >= 0 and first.working.plan.samples > 1 else ""
        of_unit, of_parameter, outside = OF_LAYERS[first.entry.chapter]
        if not self.layer:
            outside = first.sentence.rstrip(".") if len(self.steps) == 1 else outside
            return f"{outside[:1].upper()}{outside[1:]}{sample}."
        if any("row" in step.entry.lines.variable.axes for step in self.steps):
            of_unit = OF_IMAGES.get(first.entry.chapter, of_unit)
        layer = self.layer.capitalize() if self.layer.startswith("layer") else f"Layer {self.layer}"
        return f"{layer}{sample}: {of_unit if self.sample >= 0 else of_parameter}."

    @property
    def writes(self) -> list[str]:
        return [step.quantity for step in self.steps]


def key_of(entry: Entry, detail: str) -> tuple:
    """What steps of one group have in common."""
    return (entry.chapter,) if detail == "chapter" else (entry.chapter, entry.layer, entry.sample)


def grouped(steps: Sequence[Step], detail: str) -> list[Group]:
    """Steps that follow each other and belong together."""
    groups: list[list[Step]] = []
    last = None
    for step in steps:
        key = (step.working.index, key_of(step.entry, detail))
        if key != last:
            groups.append([])
        groups[-1].append(step)
        last = key
    return [Group(g[0].chapter, g[0].layer, g[0].sample, g) for g in groups]
