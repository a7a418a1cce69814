"""How far two independent answers to the same problem are apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

ANSWERS = ("prediction", "loss", "penalty", "gradients", "updated", "loss_after")
SMALL = 1e-3


def apart(expected: Any, found: Any, small: float = SMALL) -> float:
    """The largest relative difference between two numbers, arrays, or mappings of arrays.

    A difference d at the expected number e counts as d / (|e| + small·m), where m is the largest expected number
    there is, and at least 1/1000: what cancels to a rounding error (1e-17 next to 1, or where the true answer is 0)
    has no digits to agree on. Other names or another shape are infinitely far apart.

    >>> apart([1.0, 2.0], [1.0, 2.0]), apart([1.0], [1.0, 2.0])
    (0.0, inf)
    >>> round(apart({"w": [1.0], "b": 0.001}, {"w": [1.0], "b": 0.0012}), 9)
    0.1
    """
    if isinstance(expected, Mapping):
        if expected.keys() != found.keys():
            return np.inf
        floor = small * max([SMALL, *map(_largest, expected.values())])
        return max((_apart(expected[name], found[name], floor) for name in expected), default=0.0)
    return _apart(expected, found, small * max(SMALL, _largest(expected)))


def disagreements(
    expected: Sequence[Mapping[str, Any]], found: Sequence[Mapping[str, Any]], tolerance: float, small: float = SMALL
) -> dict[str, float]:
    """Where the answers of some iterations differ by more than `tolerance`, and by how much.

    `small` as in `apart`. Only what is expected is compared: an answer that `expected` leaves out may be anything.
    """
    if len(expected) != len(found):
        return {f"{len(found)} iterations instead of {len(expected)}": np.inf}
    differences = {
        f"iterations[{number}].{answer}": apart(wanted[answer], given[answer], small)
        for number, (wanted, given) in enumerate(zip(expected, found, strict=True))
        for answer in ANSWERS
        if answer in wanted
    }
    return {place: difference for place, difference in differences.items() if not difference <= tolerance}


def iterations(solved: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The answers of every iteration, from the JSON object that solving gives: it lists them if there are several."""
    return solved.get("iterations", [solved])


def _largest(numbers: Any) -> float:
    return float(np.max(np.abs(np.asarray(numbers, dtype=float)), initial=0.0))


def _apart(expected: Any, found: Any, floor: float) -> float:
    if np.shape(expected) != np.shape(found):
        return np.inf
    expected, found = np.asarray(expected, dtype=float), np.asarray(found, dtype=float)
    with np.errstate(invalid="ignore"):
        difference = np.abs(expected - found) / (np.abs(expected) + floor)
    same = (expected == found) | (np.isnan(expected) & np.isnan(found))
    return float(np.max(np.nan_to_num(np.where(same, 0.0, difference), nan=np.inf), initial=0.0))
