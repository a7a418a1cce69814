r"""Update rules, with Keras 3's formulas, defaults and place of ε.

A rule takes a parameter $w$, its gradient $g$ and its moments $m$, $v$ from the iteration before, and names what it
computes. Moments start at 0. $\eta$ is `learning_rate`, $t$ the iteration, counted from 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import jax.numpy as jnp
from jaxtyping import Array, Float

Tensor: TypeAlias = Float[Array, "..."]
Scalar: TypeAlias = Float[Array, ""] | float
Numbers = Mapping[str, Tensor]


def sgd(w: Tensor, g: Tensor, moments: Numbers, *, learning_rate: Scalar) -> dict[str, Tensor]:
    r"""$w' = w - \eta g$.

    >>> f"{sgd(jnp.array(2.0), jnp.array(-24.0), {}, learning_rate=0.01)['new']:.4f}"
    '2.2400'
    """
    return {"new": w - learning_rate * g}


def momentum(w: Tensor, g: Tensor, moments: Numbers, *, learning_rate: Scalar, momentum: Scalar) -> dict[str, Tensor]:
    r"""$m' = \mu m - \eta g$, then $w' = w + m'$.

    PyTorch keeps the velocity without $\eta$ ($m' = \mu m + g$, $w' = w - \eta m'$); with a constant $\eta$ both walk
    the same path.
    """
    m = momentum * moments["m"] - learning_rate * g
    return {"m": m, "new": w + m}


def nesterov(w: Tensor, g: Tensor, moments: Numbers, *, learning_rate: Scalar, momentum: Scalar) -> dict[str, Tensor]:
    r"""$m' = \mu m - \eta g$, then $w' = w + \mu m' - \eta g$: the step looks ahead along the velocity."""
    m = momentum * moments["m"] - learning_rate * g
    return {"m": m, "new": w + momentum * m - learning_rate * g}


def rmsprop(
    w: Tensor, g: Tensor, moments: Numbers, *, learning_rate: Scalar, rho: Scalar, epsilon: Scalar
) -> dict[str, Tensor]:
    r"""$v' = \rho v + (1 - \rho) g^2$, then $w' = w - \eta g / \sqrt{v' + \varepsilon}$.

    PyTorch adds ε outside the root.
    """
    v = rho * moments["v"] + (1 - rho) * g**2
    return {"v": v, "new": w - learning_rate * g / jnp.sqrt(v + epsilon)}


def adam(
    w: Tensor, g: Tensor, moments: Numbers, *, beta_1: Scalar, beta_2: Scalar, epsilon: Scalar, step_size: Scalar
) -> dict[str, Tensor]:
    r"""$m' = \beta_1 m + (1-\beta_1) g$, $v' = \beta_2 v + (1-\beta_2) g^2$, $w' = w - \alpha_t m' / (\sqrt{v'} + ε)$.

    $\alpha_t$ is `step_size`, see `adam_step_size`. The efficient order of Kingma and Ba (2015, end of section 2):
    PyTorch adds ε to the corrected $\sqrt{\hat v}$ instead, which differs by the factor $\sqrt{1-\beta_2^t}$ on ε.
    """
    m = beta_1 * moments["m"] + (1 - beta_1) * g
    v = beta_2 * moments["v"] + (1 - beta_2) * g**2
    return {"m": m, "v": v, "new": w - step_size * m / (jnp.sqrt(v) + epsilon)}


def adamw(
    w: Tensor,
    g: Tensor,
    moments: Numbers,
    *,
    learning_rate: Scalar,
    beta_1: Scalar,
    beta_2: Scalar,
    epsilon: Scalar,
    weight_decay: Scalar,
    step_size: Scalar,
) -> dict[str, Tensor]:
    r"""Adam, after every parameter has shrunk: $w' = w - \eta\lambda w - \alpha_t m' / (\sqrt{v'} + ε)$.

    $\lambda$ is `weight_decay` (Loshchilov and Hutter, 2019).
    """
    return adam(
        w - learning_rate * weight_decay * w,
        g,
        moments,
        beta_1=beta_1,
        beta_2=beta_2,
        epsilon=epsilon,
        step_size=step_size,
    )


def adam_step_size(*, learning_rate: Scalar, beta_1: Scalar, beta_2: Scalar, iteration: Scalar) -> Scalar:
    r"""$\alpha_t = \eta \sqrt{1-\beta_2^t} / (1-\beta_1^t)$: the rate, corrected for moments that started at 0."""
    return learning_rate * jnp.sqrt(1 - beta_2**iteration) / (1 - beta_1**iteration)


@dataclass(frozen=True)
class Optimizer:
    """A row: the rule, its settings with Keras' defaults, the moments that it keeps.

    `step_size`, where there is one, is computed once per iteration and handed to the rule.
    """

    rule: Callable[..., dict[str, Tensor]]
    settings: Mapping[str, float | bool]
    moments: tuple[str, ...] = ()
    step_size: Callable[..., Scalar] | None = None
    variants: Mapping[str, Callable[..., dict[str, Tensor]]] = field(default_factory=dict)

    def chosen(self, settings: Mapping[str, float | bool]) -> Callable[..., dict[str, Tensor]]:
        """The rule for these settings: a setting that is true selects its variant (`nesterov`)."""
        return next((rule for name, rule in self.variants.items() if settings[name]), self.rule)


ADAM = {"learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}

OPTIMIZERS: dict[str, Optimizer] = {
    "sgd": Optimizer(sgd, {"learning_rate": 0.01}),
    "momentum": Optimizer(
        momentum,
        {"learning_rate": 0.01, "momentum": 0.9, "nesterov": False},
        ("m",),
        variants={"nesterov": nesterov},
    ),
    "rmsprop": Optimizer(rmsprop, {"learning_rate": 0.001, "rho": 0.9, "epsilon": 1e-7}, ("v",)),
    "adam": Optimizer(adam, ADAM, ("m", "v"), adam_step_size),
    "adamw": Optimizer(adamw, ADAM | {"weight_decay": 0.004}, ("m", "v"), adam_step_size),
}
