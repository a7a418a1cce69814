"""Formulas over arrays: one tree, and for every slot of it the ids of the numbers that fill it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from jax.core import ShapedArray
from jax.extend.core import Literal, Var

from nncalc.formula.expression import Expression, Over, Slot, replace

Ids = np.ndarray


def aval(atom: Var | Literal) -> ShapedArray:
    """Shape and type of a jaxpr's variable or literal."""
    return cast(ShapedArray, atom.aval)


@dataclass(frozen=True, eq=False)
class Lifted:
    """The formula of every number of an array of `shape`.

    `slots[i]` has the array's axes, then one axis for each `Over` around slot i, outermost first.
    """

    node: Expression
    slots: tuple[Ids, ...]
    shape: tuple[int, ...]

    @classmethod
    def leaf(cls, ids: Ids) -> Lifted:
        return cls(Slot(0), (ids,), ids.shape)

    @property
    def is_leaf(self) -> bool:
        return isinstance(self.node, Slot)

    def take(self, positions: Ids) -> Lifted:
        """The array whose numbers stand at `positions` of this one, flattened."""
        size = int(np.prod(self.shape))
        moved = tuple(ids.reshape(size, *ids.shape[len(self.shape) :])[positions] for ids in self.slots)
        return Lifted(self.node, moved, positions.shape)

    def over(self, how: str = "sum") -> Lifted:
        """The last axis gathered: it becomes a position of an `Over`."""
        return Lifted(Over(self.node, self.shape[-1], how), self.slots, self.shape[:-1])


def combine(build: Callable[..., Expression], operands: Sequence[Lifted], shape: tuple[int, ...]) -> Lifted:
    """`build` applied to the formulas of operands that stand in the same place (or are single numbers)."""
    arrays: list[Ids] = []
    seen: dict[tuple, int] = {}
    nodes = []
    for operand in operands:
        numbers = []
        for ids in operand.slots:
            inner = ids.shape[len(operand.shape) :]
            if operand.shape != shape:
                alone = operand.shape or (1,) * len(shape)
                ids = np.broadcast_to(ids.reshape(alone + inner), shape + inner)
            key = (ids.shape, ids.tobytes())
            if key not in seen:
                seen[key] = len(arrays)
                arrays.append(ids)
            numbers.append(seen[key])
        nodes.append(_renumber(operand.node, numbers))
    return Lifted(build(*nodes), tuple(arrays), shape)


def _renumber(node: Expression, numbers: list[int]) -> Expression:
    return replace(node, lambda slot: Slot(numbers[slot.index], slot.opened))
