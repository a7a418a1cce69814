"""What JAX's primitives that only move numbers do to an array of whole numbers, in numpy.

The structure of a function is found by following ids through its moves. XLA would take longer to compile a move than
numpy takes for all of them. A test holds each row against its primitive.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from jax.lax import GatherScatterMode

from nncalc.ledger.lift import Ids

OUTSIDE = np.iinfo(int).min
"""Instead of an id, where something is filled in."""


def _reshape(a: Ids, *, new_sizes: Sequence[int], dimensions: Sequence[int] | None = None, **_) -> Ids:
    return np.reshape(a if dimensions is None else a.transpose(dimensions), new_sizes)


def _broadcast(a: Ids, *, shape: Sequence[int], broadcast_dimensions: Sequence[int], **_) -> Ids:
    sizes = dict(zip(broadcast_dimensions, a.shape, strict=True))
    return np.broadcast_to(a.reshape([sizes.get(axis, 1) for axis in range(len(shape))]), shape)


def _slice(
    a: Ids, *, start_indices: Sequence[int], limit_indices: Sequence[int], strides: Sequence[int] | None, **_
) -> Ids:
    return a[tuple(map(slice, start_indices, limit_indices, strides or (1,) * a.ndim))]


def _window(a: Ids, sizes: Sequence[int], starts: Sequence[Ids]) -> tuple[slice, ...]:
    """As many numbers of each axis, moved inwards where they would not all lie inside."""
    firsts = [int(np.clip(start, 0, n - size)) for start, n, size in zip(starts, a.shape, sizes, strict=True)]
    return tuple(slice(first, first + size) for first, size in zip(firsts, sizes, strict=True))


def _dynamic_slice(a: Ids, *starts: Ids, slice_sizes: Sequence[int], **_) -> Ids:
    return a[_window(a, slice_sizes, starts)]


def _dynamic_update_slice(a: Ids, update: Ids, *starts: Ids, **_) -> Ids:
    result = a.copy()
    result[_window(a, update.shape, starts)] = update
    return result


def _pad(a: Ids, filling: Ids, *, padding_config: Sequence[tuple[int, int, int]], **_) -> Ids:
    """Room between the numbers of an axis, then before and after them; less than none cuts off."""
    spread = [max(n + (n - 1) * between, 0) for n, (_, _, between) in zip(a.shape, padding_config, strict=True)]
    result = np.full(spread, filling)
    result[tuple(slice(None, None, between + 1) for _, _, between in padding_config)] = a
    result = np.pad(result, [(max(low, 0), max(high, 0)) for low, high, _ in padding_config], constant_values=filling)
    cut = zip(result.shape, padding_config, strict=True)
    return result[tuple(slice(max(-low, 0), max(n + min(high, 0), 0)) for n, (low, high, _) in cut)]


def _gather(
    a: Ids,
    indices: Ids,
    *,
    dimension_numbers: Any,
    slice_sizes: Sequence[int],
    mode: GatherScatterMode,
    **_,
) -> Ids:
    """For every index a window of `a`, whose axes stand where `offset_dims` says; outside of `a` there is no id."""
    axes = dimension_numbers
    batch = indices.shape[:-1]
    gone = {*axes.collapsed_slice_dims, *axes.operand_batching_dims}
    window = [size for axis, size in enumerate(slice_sizes) if axis not in gone]
    starts = np.zeros((a.ndim, *batch), int)
    starts[list(axes.start_index_map)] = np.moveaxis(indices, -1, 0)
    for axis, of in zip(axes.operand_batching_dims, axes.start_indices_batching_dims, strict=True):
        starts[axis] = np.indices(batch)[of]
    last = np.subtract(a.shape, slice_sizes).reshape(-1, *(1,) * len(batch))
    outside = ((starts < 0) | (starts > last)).any(axis=0)
    within = np.zeros((a.ndim, *window), int)
    within[[axis for axis in range(a.ndim) if axis not in gone]] = np.indices(window)
    firsts = np.clip(starts, 0, last).reshape(a.ndim, *batch, *(1,) * len(window))
    found = a[tuple(firsts + within.reshape(a.ndim, *(1,) * len(batch), *window))]
    if mode == GatherScatterMode.FILL_OR_DROP:
        found[outside] = OUTSIDE
    return np.moveaxis(found, range(len(batch), found.ndim), axes.offset_dims)


BY_NUMPY: dict[str, Callable[..., Any]] = {
    "reshape": _reshape,
    "transpose": lambda a, permutation, **_: a.transpose(permutation),
    "broadcast_in_dim": _broadcast,
    "squeeze": lambda a, dimensions, **_: np.squeeze(a, tuple(dimensions)),
    "slice": _slice,
    "dynamic_slice": _dynamic_slice,
    "dynamic_update_slice": _dynamic_update_slice,
    "concatenate": lambda *arrays, dimension, **_: np.concatenate(arrays, dimension),
    "stack": lambda *arrays, axis, **_: np.stack(arrays, axis),
    "tile": lambda a, reps, **_: np.tile(a, reps),
    "gather": _gather,
    "pad": _pad,
    "rev": lambda a, dimensions, **_: np.flip(a, tuple(dimensions)),
    "split": lambda a, sizes, axis, **_: np.split(a, np.cumsum(sizes)[:-1], axis),
    "name": lambda a, **_: a,
    "optimization_barrier": lambda *arrays, **_: list(arrays),
}
"""For a move the result, or the list of results of a primitive that has several."""
