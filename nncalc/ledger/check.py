"""Three ways to one gradient: the chain rule over the ledger, `jax.grad`, and a central difference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import jax
import numpy as np
from jax.flatten_util import ravel_pytree

from nncalc.ledger.compiled import quick_jit
from nncalc.ledger.named import Ledger
from nncalc.ledger.offsets import with_offsets

MOST_DIFFERENCES = 500
ROUNDING = 1e-9  # by how much chain rule and jax.grad may differ, relative to the weight of a derivative
LEAST_DIFFERENCE = 1e-3  # a central difference is right to so many digits of this, however small it is
SINGLE = 1e-4  # the same where the function itself computes in float32


class DisagreementError(AssertionError):
    """Chain rule and `jax.grad` differ: a fault of nncalc, never of what was asked."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """One gradient, three times. `difference` is NaN where no central difference was taken."""

    name: str
    chain_rule: np.ndarray
    jax_grad: np.ndarray
    difference: np.ndarray

    @property
    def digits(self) -> int:
        """To how many digits chain rule and `jax.grad` agree, 16 at most."""
        return _digits(self.chain_rule, self.jax_grad)

    @property
    def difference_digits(self) -> int | None:
        """To how many digits the chain rule and the central difference agree, where there is one."""
        taken = np.isfinite(self.difference)
        return _digits(self.chain_rule[taken], self.difference[taken]) if taken.any() else None


def _digits(a: np.ndarray, b: np.ndarray) -> int:
    scale, apart = _apart(a, b)
    if apart == 0 or scale == 0:
        return 16
    return int(np.clip(np.floor(-np.log10(apart / scale)), 0, 16))


def _apart(a: np.ndarray, b: np.ndarray) -> tuple[float, float]:
    """The largest size and the largest difference, where both are finite."""
    both = np.isfinite(a) & np.isfinite(b)
    scale = float(np.max(np.abs(b[both]), initial=0.0))
    return scale, float(np.max(np.abs(a[both] - b[both]), initial=0.0))


def agree(
    name: str, chain_rule: np.ndarray, jax_grad: np.ndarray, weight: np.ndarray, tolerance: float = ROUNDING
) -> None:
    """Compares two derivatives.

    Args:
        weight: of every derivative, see `Tape.weight`: where terms cancel, a derivative is rounding of what cancelled.

    Raises:
        DisagreementError: the two differ by more than rounding.
    """
    _, apart = _apart(chain_rule, jax_grad)
    scale = float(np.max(weight[np.isfinite(weight)], initial=0.0))
    same_kind = np.array_equal(np.isfinite(chain_rule), np.isfinite(jax_grad))
    if apart > tolerance * max(scale, 1e-300) + 1e-290 or (not same_kind and not _overflowed(chain_rule, jax_grad)):
        raise DisagreementError(
            f"{name}: the chain rule and jax.grad differ by {apart:g} in numbers up to {scale:g}. "
            "This is a fault of nncalc, please report it."
        )


def _overflowed(a: np.ndarray, b: np.ndarray) -> bool:
    """Infinities and NaN spread in the order of the operations, which may differ."""
    return bool((~np.isfinite(a)).any() and (~np.isfinite(b)).any())


class CentralDifferences:
    r"""$(f(w + h) - f(w - h)) / 2h$ for chosen numbers w of a function's arguments, in one compiled call.

    Numbers are counted through all arrays of the arguments, in the order of `jax.tree.leaves`.
    """

    def __init__(self, f: Callable) -> None:
        def change(arguments, position, step):
            flat, back = ravel_pytree(arguments)
            return f(*back(flat.at[position].add(step))) - f(*back(flat.at[position].add(-step)))

        self._changes = quick_jit(jax.vmap(change, in_axes=(None, 0, 0)))

    def __call__(self, arguments: tuple, positions: np.ndarray) -> np.ndarray:
        flat = np.concatenate([np.ravel(leaf) for leaf in jax.tree.leaves(arguments)])
        steps = np.cbrt(np.finfo(float).eps) * np.maximum(1.0, np.abs(flat[positions]))
        return np.asarray(self._changes(arguments, positions, steps)) / (2 * steps)


class Proof:
    """Every derivative of a loss, also those with respect to what lies between: by `jax.grad` and by differences.

    `wanted` are the numbers, in the numbering of a ledger, in the order in which `__call__` gives their derivatives.
    """

    def __init__(self, f: Callable, arguments: tuple, ledger: Ledger, names: Sequence[str]) -> None:
        offset, self._offsets = with_offsets(f, *arguments)
        self._gradient = quick_jit(jax.grad(offset, argnums=(0, 1)))
        self._differences = CentralDifferences(offset)
        first = ({name: name for name in self._offsets}, {name: name for name in arguments[0]})
        starts, position = {}, 0
        for name, leaf in zip(jax.tree.leaves(first), jax.tree.leaves((self._offsets, arguments[0])), strict=True):
            starts[name], position = position, position + np.size(leaf)
        self._names = [name for name in names if name in starts]
        ids = [ledger.by_name[name].ids.ravel() for name in self._names]
        self.wanted = np.concatenate(ids)
        self._positions = np.concatenate([starts[n] + np.arange(len(i)) for n, i in zip(self._names, ids, strict=True)])

    def __call__(self, arguments: tuple) -> tuple[np.ndarray, np.ndarray]:
        """Both derivatives of every wanted number; NaN for differences beyond the first `MOST_DIFFERENCES`."""
        offsets, parameters = self._gradient(self._offsets, *arguments)
        gradients = np.concatenate([np.ravel(leaf) for leaf in jax.tree.leaves((offsets, parameters))])
        differences = np.full(len(self.wanted), np.nan)
        few = self._positions[:MOST_DIFFERENCES]
        differences[: len(few)] = self._differences((self._offsets, *arguments), few)
        return gradients[self._positions], differences


def digits_between(a: np.ndarray, b: np.ndarray, weight: np.ndarray, least: float = 1e-300) -> np.ndarray:
    """To how many digits numbers agree, 0 to 16, measured at their `weight` (see `Tape.weight`), or at `least`."""
    with np.errstate(all="ignore"):
        weight = np.where(np.isfinite(weight), weight, 0)
        apart = np.abs(a - b) / np.maximum(np.maximum(weight, np.abs(b)), least)
        digits = np.clip(np.floor(-np.log10(apart)), 0, 16)
    same = (a == b) | (np.isnan(a) & np.isnan(b))
    return np.where(same, 16, np.where(np.isfinite(apart), digits, 0)).astype(int)
