r"""Activation functions: one row each, how it runs in JAX and how it is explained.

The slope of each row is its derivative $\partial a/\partial z$ at the pre-activation $z$ with result $a$. At a corner
it is the one the problem format fixes: ReLU at 0 has slope 0, leaky ReLU its slope for negatives.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float
from scipy import special

from nncalc.formula.expression import Expression, Function, Operand, Slot, cases, evaluate, expression
from nncalc.formula.functions import ERF, EXP, LN, MAX, where
from nncalc.known import Known

SATURATED = 0.01  # below this slope a sigmoid or tanh passes on less than a hundredth of the gradient


def leaky_relu(z: Float[Array, "..."], slope: float) -> Float[Array, "..."]:
    """z where it is positive, else `slope`·z.

    At z = 0 its slope is `slope`, where `jax.nn.leaky_relu` takes 1.

    >>> leaky_relu(jnp.array([-2.0, 3.0]), slope=0.5).tolist()
    [-1.0, 3.0]
    """
    return jnp.where(z > 0, z, slope * z)


def linear(z: Float[Array, "..."]) -> Float[Array, "..."]:
    return 1.0 * z  # a number of its own, so that z and a stay two quantities


def gelu(z: Float[Array, "..."]) -> Float[Array, "..."]:
    return jax.nn.gelu(z, approximate=False)


def _slope(name: str, formula: Callable[[Operand], Expression]) -> Callable[[Operand, Operand], Expression]:
    """A slope that is printed by a name of its own, ReLU′(z), before it is opened."""
    function = Function(
        f"{name}′", lambda z: evaluate(expression(formula(Slot(0))), [np.asarray(z)]), (), parts=formula
    )
    return lambda z, a: function(z)


def _sigmoid(z: Operand) -> Expression:
    return 1 / (1 + EXP(-z))


def _normal_cdf(z: Operand) -> Expression:
    return (1 + ERF(z / math.sqrt(2))) / 2


SATURATION = "The unit is saturated: far out on the curve the slope is nearly 0, so hardly any gradient passes."

RELU = Function(
    "ReLU",
    lambda z: np.maximum(z, 0),
    (_slope("ReLU", lambda z: cases((where(z, ">", 0), 1), otherwise=0)),),
    parts=lambda z: MAX(0, z),
    sentence="ReLU keeps a positive number and turns a negative one into 0.",
    remarks=(
        (lambda z: where(z, "=", 0), "Exactly 0 goes in, ReLU's corner: its slope there is taken as 0."),
        (lambda z: where(z, "<", 0), "A negative number goes in: ReLU is off, and its slope is 0."),
    ),
)
LEAKY_RELU = Function(
    "LeakyReLU",
    lambda z, slope: np.where(z > 0, z, slope * z),
    (
        lambda z, slope, a: cases((where(z, ">", 0), 1), otherwise=slope),
        lambda z, slope, a: cases((where(z, ">", 0), 0), otherwise=z),
    ),
    parts=lambda z, slope: cases((where(z, ">", 0), z), otherwise=slope * z),
    sentence="Leaky ReLU keeps a positive number and shrinks a negative one.",
    remarks=(
        (lambda z, slope: where(z, "=", 0), "Exactly 0 goes in, the corner: the slope there is the one for negatives."),
    ),
)
ELU = Function(
    "ELU",
    lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, 0))),
    (_slope("ELU", lambda z: cases((where(z, ">", 0), 1), otherwise=EXP(z))),),
    parts=lambda z: cases((where(z, ">", 0), z), otherwise=EXP(z) - 1),
    sentence="ELU keeps a positive number and bends a negative one towards −1.",
)
SIGMOID = Function(
    "σ",
    special.expit,
    (lambda z, a: a * (1 - a),),
    r"\sigma",
    parts=_sigmoid,
    sentence="The sigmoid squeezes every number into the range from 0 to 1.",
    remarks=((lambda z: where(_sigmoid(z) * (1 - _sigmoid(z)), "<", SATURATED), SATURATION),),
)
TANH = Function(
    "tanh",
    np.tanh,
    (lambda z, a: 1 - a**2,),
    r"\tanh",
    sentence="The hyperbolic tangent squeezes every number into the range from −1 to 1.",
    remarks=((lambda z: where(1 - TANH(z) ** 2, "<", SATURATED), SATURATION),),
)
SOFTPLUS = Function(
    "softplus",
    lambda z: np.logaddexp(z, 0),
    (lambda z, a: _sigmoid(z),),
    parts=lambda z: cases((where(z, ">", 500), z), otherwise=LN(1 + EXP(z))),
    sentence="Softplus is a rounded ReLU: close to 0 for negative numbers, close to z for positive ones.",
)
GELU = Function(
    "GELU",
    lambda z: z * special.ndtr(z),
    (_slope("GELU", lambda z: _normal_cdf(z) + z * EXP(-(z**2) / 2) / math.sqrt(2 * math.pi)),),
    parts=lambda z: z * _normal_cdf(z),
    sentence="GELU weighs z with the share of a normal distribution that lies below it.",
)
SILU = Function(
    "SiLU",
    lambda z: z * special.expit(z),
    (_slope("SiLU", lambda z: SIGMOID(z) * (1 + z * (1 - SIGMOID(z)))),),
    parts=lambda z: z / (1 + EXP(-z)),
    sentence="SiLU multiplies z by its own sigmoid.",
)
SOFTMAX = Function(
    "softmax",
    special.softmax,
    (),
    r"\operatorname{softmax}",
    sentence="Softmax turns the numbers of a layer into probabilities: each exponential divided by their sum.",
)

ACTIVATIONS: dict[str, Known] = {
    "linear": Known(linear, Function("linear", lambda z: z, (lambda z, a: 1,), parts=lambda z: z)),
    "relu": Known(jax.nn.relu, RELU, spelled=(lambda z: jnp.where(z > 0, z, 0.0),)),
    "leaky_relu": Known(leaky_relu, LEAKY_RELU, {"slope": 0.01}),
    "elu": Known(jax.nn.elu, ELU),
    "sigmoid": Known(jax.nn.sigmoid, SIGMOID, spelled=(lambda z: 1 / (1 + jnp.exp(-z)),)),
    "tanh": Known(jnp.tanh, TANH),
    "softplus": Known(jax.nn.softplus, SOFTPLUS, spelled=(lambda z: jnp.log(1 + jnp.exp(z)),)),
    "softmax": Known(jax.nn.softmax, SOFTMAX, rowwise=True),
    "gelu": Known(gelu, GELU),
    "silu": Known(jax.nn.silu, SILU),
}
# as JAX has it: slope 1 at the corner; recognised in a user's own function, never used by a problem
JAX_LEAKY_RELU = Known(
    jax.nn.leaky_relu,
    Function(
        LEAKY_RELU.name,
        LEAKY_RELU.value,
        (
            lambda z, slope, a: cases((where(z, "≥", 0), 1), otherwise=slope),
            lambda z, slope, a: cases((where(z, "≥", 0), 0), otherwise=z),
        ),
        parts=LEAKY_RELU.parts,
        sentence=LEAKY_RELU.sentence,
    ),
    {"negative_slope": 0.01},
)


def activate(name: str, settings: dict[str, float], z: Float[Array, "..."]) -> Float[Array, "..."]:
    """The activation `name` of the pre-activations `z`.

    >>> activate("relu", {}, jnp.array([-2.0, 3.0])).tolist()
    [0.0, 3.0]
    """
    return ACTIVATIONS[name].run(z, **settings)
