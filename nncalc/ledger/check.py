"""Three ways to one gradient: the chain rule over the ledger, `jax.grad`, and a central difference."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

MOST_DIFFERENCES = 500
ROUNDING = 1e-9  # by how much chain rule and jax.grad may differ, relative to the largest derivative of an array
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


def agree(name: str, chain_rule: np.ndarray, jax_grad: np.ndarray, tolerance: float = ROUNDING) -> None:
    """Raises:
    DisagreementError: the two differ by more than rounding.
    """
    scale, apart = _apart(chain_rule, jax_grad)
    same_kind = np.array_equal(np.isfinite(chain_rule), np.isfinite(jax_grad))
    if apart > tolerance * max(scale, 1e-300) + 1e-290 or not same_kind and not _overflowed(chain_rule, jax_grad):
        raise DisagreementError(
            f"{name}: the chain rule and jax.grad differ by {apart:g} in numbers up to {scale:g}. "
            "This is a fault of nncalc, please report it."
        )


def _overflowed(a: np.ndarray, b: np.ndarray) -> bool:
    """Infinities and NaN spread in the order of the operations, which may differ."""
    return bool((~np.isfinite(a)).any() and (~np.isfinite(b)).any())


def central_differences(f: Callable, arguments: tuple, place: tuple, only: list[int] | None = None) -> np.ndarray:
    r"""$(f(w + h) - f(w - h)) / 2h$ for every number w of one array, or for some of them.

    Args:
        place: where the array stands in `arguments`: (0, "hidden.weights").
        only: flat positions; all without it. The others come back as NaN.
    """
    array = np.asarray(_at(arguments, place), float)
    positions = np.arange(array.size) if only is None else np.asarray(only)
    steps = np.cbrt(np.finfo(float).eps) * np.maximum(1.0, np.abs(array.ravel()[positions]))

    def moved(position, step):
        changed = jnp.asarray(array).ravel().at[position].add(step).reshape(array.shape)
        return f(*_put(arguments, place, changed))

    both = jax.jit(jax.vmap(lambda at, step: moved(at, step) - moved(at, -step)))(positions, steps)
    result = np.full(array.size, np.nan)
    result[positions] = np.asarray(both) / (2 * steps)
    return result.reshape(array.shape)


def _at(tree, place: tuple):
    for key in place:
        tree = tree[key]
    return tree


def _put(tree, place: tuple, value):
    if not place:
        return value
    key, *rest = place
    inner = _put(tree[key], tuple(rest), value)
    if isinstance(tree, dict):
        return {**tree, key: inner}
    return type(tree)(inner if k == key else v for k, v in enumerate(tree))
