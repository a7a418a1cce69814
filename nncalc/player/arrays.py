"""How arrays of integers travel: most are made of equal steps, so that a few numbers say all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

Packed = list[int] | dict[str, int]


def packed(numbers: np.ndarray) -> Packed:
    """A list as it is, or as its first number, the step to the next, and how many they are.

    >>> packed(np.array([4, 2, 3])), packed(np.arange(100))
    ([4, 2, 3], {'first': 0, 'by': 1, 'count': 100})
    """
    if len(numbers) > 4:
        by = int(numbers[1] - numbers[0])
        if np.all(np.diff(numbers) == by):
            return {"first": int(numbers[0]), "by": by, "count": len(numbers)}
    return numbers.tolist()


def packed_rows(ids: np.ndarray) -> Any:
    """What fills a slot, `ids[row, term…]`: lists in lists, or `{"along": …}`, a list per axis whose numbers add up.

    >>> packed_rows(np.array([[7, 8, 9], [10, 11, 12]]))
    {'along': [[7, 10], [0, 1, 2]]}
    """
    if not ids.size:
        return ids.tolist()
    along = [np.moveaxis(ids, axis, 0).reshape(len_, -1)[:, 0] - ids.flat[0] for axis, len_ in enumerate(ids.shape)]
    along[0] += ids.flat[0]
    if np.array_equal(ids, sum(np.ix_(*along))):
        return {"along": [packed(numbers) for numbers in along]}
    return ids.tolist()


def one_or_each(numbers: np.ndarray) -> int | list[int]:
    """One number for all rows, or one for each."""
    return int(numbers[0]) if len(numbers) and np.all(numbers == numbers[0]) else numbers.tolist()


def in_order(steps: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """Steps as the `lines` that they are of; the `rows` only of a line whose rows aren't gone through one by one.

    >>> in_order([(0, 0), (1, 1), (0, 1), (1, 0)])
    {'lines': [0, 1, 0, 1], 'rows': {'1': [1, 0]}}
    """
    rows: dict[int, list[int]] = {}
    for line, row in steps:
        rows.setdefault(line, []).append(row)
    moved = {str(line): own for line, own in rows.items() if own != list(range(len(own)))}
    return {"lines": packed(np.array([line for line, _ in steps], int)), "rows": moved}


def kept_positions(ids: np.ndarray) -> list[np.ndarray]:
    """Of the sums that `ids[row, term…]` fill, the positions along every axis where something is there (not −1)."""
    there = ids >= 0
    axes = range(1, ids.ndim)
    return [np.flatnonzero(there.any(axis=tuple(a for a in range(ids.ndim) if a != axis))) for axis in axes]


def taken(ids: np.ndarray, positions: Sequence[np.ndarray]) -> np.ndarray:
    """Of every row only what stands at some positions along every axis."""
    return ids[np.ix_(np.arange(len(ids)), *positions)]
