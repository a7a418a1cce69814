r"""Losses: the term of one output, and how terms become one number.

$$L = \frac{1}{N}\sum_n \frac{1}{K}\sum_k c \cdot t(p_{nk}, y_{nk})$$

where $t$ is a row's `term`, $c$ the factor, and either mean may be a sum instead (`outputs`, `samples`). No term clips
its probabilities: ln 0 is shown as what it is. 0·ln 0 is 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float
from scipy import special

from nncalc.formula.expression import Expression, Function, Operand, cases
from nncalc.formula.functions import LN, SIGN, where
from nncalc.known import Known

CORNER = "Exactly 0 goes in, the corner of |·|: its slope there is taken as 0."


@jax.custom_jvp
def absolute(x: Float[Array, "..."]) -> Float[Array, "..."]:
    """|x|, with slope 0 at its corner (`jnp.abs` has slope 1 there).

    >>> float(jax.grad(absolute)(jnp.array(0.0)))
    0.0
    """
    return jnp.abs(x)


@absolute.defjvp
def _absolute_jvp(primals, tangents):
    (x,), (dx,) = primals, tangents
    return absolute(x), jnp.sign(x) * dx


def huber(error: Float[Array, "..."], delta: float) -> Float[Array, "..."]:
    """½e² while |e| ≤ δ, else δ(|e| − ½δ): a square near 0, a straight line outside.

    >>> huber(jnp.array([0.5, 3.0]), delta=1.0).tolist()
    [0.125, 2.5]
    """
    return jnp.where(jnp.abs(error) <= delta, 0.5 * error**2, delta * (absolute(error) - 0.5 * delta))


def weighted_ln(weight: Float[Array, "..."], p: Float[Array, "..."]) -> Float[Array, "..."]:
    """weight·ln p, and 0 where the weight is 0, whatever p is."""
    absent = weight == 0
    return jnp.where(absent, 0.0, weight * jnp.log(jnp.where(absent, 1.0, p)))


def binary_term(p: Float[Array, "..."], y: Float[Array, "..."]) -> Float[Array, "..."]:
    """−(y ln p + (1 − y) ln(1 − p)), in nats.

    >>> f"{binary_term(jnp.array(0.5), jnp.array(1.0)):.4f}"
    '0.6931'
    """
    return -binary_log(p, y)


def binary_log(p: Float[Array, "..."], y: Float[Array, "..."]) -> Float[Array, "..."]:
    """y ln p + (1 − y) ln(1 − p): for a target of 1 or 0, the logarithm of the probability of what came true.

    >>> f"{binary_log(jnp.array(0.8), jnp.array(0.0)):.4f}"
    '-1.6094'
    """
    return weighted_ln(y, p) + weighted_ln(1 - y, 1 - p)


def categorical_term(p: Float[Array, "..."], y: Float[Array, "..."]) -> Float[Array, "..."]:
    """−y ln p, in nats: only the class with y = 1 counts when targets are one-hot."""
    return -weighted_ln(y, p)


NO_CHANCE = "The probability is exactly 0 where the target needs it: ln 0 is −∞, so the loss is infinite."

SURPRISE = "The surprise: the logarithm without its minus. Certain and right is 0."

ABSOLUTE = Function("|·|", np.abs, (lambda x, y: SIGN(x),), "|", remarks=((lambda x: where(x, "=", 0), CORNER),))
HUBER = Function(
    "Huber",
    lambda e, delta: special.huber(delta, e),
    (
        lambda e, delta, t: cases((where(ABSOLUTE(e), "≤", delta), e), otherwise=delta * SIGN(e)),
        lambda e, delta, t: cases((where(ABSOLUTE(e), "≤", delta), 0), otherwise=ABSOLUTE(e) - delta),
    ),
    parts=lambda e, delta: cases(
        (where(ABSOLUTE(e), "≤", delta), 0.5 * e**2), otherwise=delta * (ABSOLUTE(e) - 0.5 * delta)
    ),
    sentence="A small error is squared and halved, a large one counts in proportion.",
)
BINARY = Function(
    "BCE",
    lambda p, y: -(special.xlogy(y, p) + special.xlogy(1 - y, 1 - p)),
    (
        lambda p, y, t: cases(
            (where(y, "=", 1), -1 / p), (where(y, "=", 0), 1 / (1 - p)), otherwise=-(y / p) + (1 - y) / (1 - p)
        ),
        lambda p, y, t: cases((where(y, "=", 1), -LN(p)), (where(y, "=", 0), LN(1 - p)), otherwise=LN(1 - p) - LN(p)),
    ),
    parts=lambda p, y: cases(
        (where(y, "=", 1), -LN(p)), (where(y, "=", 0), -LN(1 - p)), otherwise=-(y * LN(p) + (1 - y) * LN(1 - p))
    ),
    sentence="The surprise at the target, given the predicted probability.",
    remarks=((lambda p, y: where(y, "≠", 0) * where(p, "=", 0), NO_CHANCE),),
)


BINARY_LOG = Function(
    "ln of what came true",
    lambda p, y: special.xlogy(y, p) + special.xlogy(1 - y, 1 - p),
    (
        lambda p, y, t: cases(
            (where(y, "=", 1), 1 / p), (where(y, "=", 0), -(1 / (1 - p))), otherwise=y / p - (1 - y) / (1 - p)
        ),
        lambda p, y, t: cases((where(y, "=", 1), LN(p)), (where(y, "=", 0), -LN(1 - p)), otherwise=LN(p) - LN(1 - p)),
    ),
    parts=lambda p, y: cases(
        (where(y, "=", 1), LN(p)), (where(y, "=", 0), LN(1 - p)), otherwise=y * LN(p) + (1 - y) * LN(1 - p)
    ),
    sentence="The logarithm of the probability that was given to what came true.",
    remarks=((lambda p, y: where(y, "≠", 0) * where(p, "=", 0), NO_CHANCE),),
)


def _nothing(p: Operand, y: Operand) -> Expression:
    """0·ln 0, which is 0."""
    return where(y, "=", 0) * where(p, "=", 0)


CATEGORICAL = Function(
    "CE",
    lambda p, y: -special.xlogy(y, p),
    (
        lambda p, y, t: cases((_nothing(p, y), 0), otherwise=-(y / p)),
        lambda p, y, t: cases((_nothing(p, y), 0), otherwise=-LN(p)),
    ),
    parts=lambda p, y: cases((_nothing(p, y), 0), otherwise=-(y * LN(p))),
    sentence="The surprise at the right class: minus the logarithm of its probability.",
    remarks=((lambda p, y: where(y, "≠", 0) * where(p, "=", 0), NO_CHANCE),),
)

CLASS_LOG = Function(
    "weighted ln",
    special.xlogy,
    (
        lambda y, p, t: cases((_nothing(p, y), 0), otherwise=LN(p)),
        lambda y, p, t: cases((_nothing(p, y), 0), otherwise=y / p),
    ),
    parts=lambda y, p: cases((_nothing(p, y), 0), otherwise=y * LN(p)),
    sentence="The logarithm of the probability of this class, if it is the right one: times 1, or times 0.",
    remarks=((lambda y, p: where(y, "≠", 0) * where(p, "=", 0), NO_CHANCE),),
)


@dataclass(frozen=True, eq=False)
class Halfway:
    """A number between a prediction and its term that is a step of its own, and a column, in a table without network.

    There the arithmetic is the subject; behind a network the term is one step. Both ways are the same function.
    """

    name: str
    value: Callable  # of the prediction and the target
    term: Callable  # of that number
    sentence: str = ""
    of_term: str = ""


@dataclass(frozen=True, eq=False)
class Loss:
    """A row: the term of one output, from the error, the prediction and the target.

    `settings` are the term's own numbers with their defaults; `of_error` says that the term is computed from the
    error, so that the error is a step on the way; `known` are the named functions that it brings along.
    """

    term: Callable
    settings: Mapping[str, float] = field(default_factory=dict)
    of_error: bool = True
    known: tuple[Known, ...] = ()
    sentence: str = ""
    halfway: Halfway | None = None


LOSSES: dict[str, Loss] = {
    "squared_error": Loss(
        lambda e, p, y: e**2, sentence="The error times itself: never negative, large errors count most."
    ),
    "absolute_error": Loss(
        lambda e, p, y: absolute(e), known=(Known(absolute, ABSOLUTE),), sentence="The error without its sign."
    ),
    "huber": Loss(lambda e, p, y, delta: huber(e, delta), {"delta": 1.0}, known=(Known(huber, HUBER, {"delta": 1.0}),)),
    "binary_crossentropy": Loss(
        lambda e, p, y: binary_term(p, y),
        of_error=False,
        known=(Known(binary_term, BINARY), Known(binary_log, BINARY_LOG)),
        halfway=Halfway("log", binary_log, lambda log: -log, of_term=SURPRISE),
    ),
    "categorical_crossentropy": Loss(
        lambda e, p, y: categorical_term(p, y),
        of_error=False,
        known=(Known(categorical_term, CATEGORICAL), Known(weighted_ln, CLASS_LOG)),
        halfway=Halfway("log", lambda p, y: weighted_ln(y, p), lambda log: -log, of_term=SURPRISE),
    ),
    "hinge": Loss(
        lambda e, p, y: jax.nn.relu(1 - y * p),
        of_error=False,
        halfway=Halfway(
            "margin",
            lambda p, y: y * p,
            lambda margin: jax.nn.relu(1 - margin),
            "The margin: the prediction times the target ±1, positive on the right side.",
        ),
        sentence="Nothing while the prediction is on the right side by at least 1, else what is missing.",
    ),
}

SHORT_NAMES: dict[str, dict] = {
    "mse": {"type": "squared_error", "factor": 1, "outputs": "mean", "samples": "mean"},
    "half_sse": {"type": "squared_error", "factor": 0.5, "outputs": "sum", "samples": "mean"},
    "sse": {"type": "squared_error", "factor": 1, "outputs": "sum", "samples": "sum"},
    "mae": {"type": "absolute_error", "factor": 1, "outputs": "mean", "samples": "mean"},
    "binary_crossentropy": {"type": "binary_crossentropy", "factor": 1, "outputs": "mean", "samples": "mean"},
    "categorical_crossentropy": {
        "type": "categorical_crossentropy",
        "factor": 1,
        "outputs": "sum",
        "samples": "mean",
    },
}
