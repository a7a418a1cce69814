"""Functions of arithmetic that a formula may name: exponential, logarithm, root, maximum, …

One row each: how it is computed, the formula of its slope, how it is written. Activations and loss terms are rows of
the same kind in `nncalc.activations` and `nncalc.losses`.
"""

from __future__ import annotations

import math
from functools import reduce

import numpy as np
from scipy import special

from nncalc.formula.expression import Compare, Expression, Function, Number, Operand, cases, expression


def where(left: Operand, sign: str, right: Operand) -> Expression:
    """A condition: `where(z, ">", 0)`."""
    return Compare(expression(left), sign, expression(right))


EXP = Function("exp", np.exp, (lambda x, y: y,), r"\exp")
LN = Function("ln", np.log, (lambda x, y: 1 / x,), r"\ln")
SQRT = Function("sqrt", np.sqrt, (lambda x, y: 1 / (2 * y),), r"\sqrt")
CBRT = Function("cbrt", np.cbrt, (lambda x, y: 1 / (3 * y**2),), r"\operatorname{cbrt}")
TANH = Function("tanh", np.tanh, (lambda x, y: 1 - y**2,), r"\tanh")
SIN = Function("sin", np.sin, (lambda x, y: COS(x),), r"\sin")
COS = Function("cos", np.cos, (lambda x, y: -SIN(x),), r"\cos")
TAN = Function("tan", np.tan, (lambda x, y: 1 + y**2,), r"\tan")
ASIN = Function("asin", np.arcsin, (lambda x, y: 1 / SQRT(1 - x**2),), r"\arcsin")
ACOS = Function("acos", np.arccos, (lambda x, y: -1 / SQRT(1 - x**2),), r"\arccos")
ATAN = Function("atan", np.arctan, (lambda x, y: 1 / (1 + x**2),), r"\arctan")
SINH = Function("sinh", np.sinh, (lambda x, y: COSH(x),), r"\sinh")
COSH = Function("cosh", np.cosh, (lambda x, y: SINH(x),), r"\cosh")
ASINH = Function("asinh", np.arcsinh, (lambda x, y: 1 / SQRT(x**2 + 1),), r"\operatorname{arsinh}")
ACOSH = Function("acosh", np.arccosh, (lambda x, y: 1 / SQRT(x**2 - 1),), r"\operatorname{arcosh}")
ATANH = Function("atanh", np.arctanh, (lambda x, y: 1 / (1 - x**2),), r"\operatorname{artanh}")
ERF = Function("erf", special.erf, (lambda x, y: 2 / math.sqrt(math.pi) * EXP(-(x**2)),), r"\operatorname{erf}")
SIGN = Function("sign", np.sign, (lambda x, y: 0,), r"\operatorname{sign}")
FLOOR = Function("floor", np.floor, (lambda x, y: 0,), r"\operatorname{floor}")
CEIL = Function("ceil", np.ceil, (lambda x, y: 0,), r"\operatorname{ceil}")
ROUND = Function("round", np.round, (lambda x, y: 0,), r"\operatorname{round}")

STOPPED = Function("stop_gradient", lambda x: x, (lambda x, y: 0,), parts=lambda x: x)


def _wins(mine: Expression, sign: str, other: Expression) -> Expression:
    # jnp.maximum's own slope at a tie is one half for each
    return cases((where(mine, sign, other), 1), (where(mine, "=", other), 0.5), otherwise=0)


MAX = Function(
    "max",
    lambda *x: reduce(np.maximum, x),
    (lambda a, b, y: _wins(a, ">", b), lambda a, b, y: _wins(b, ">", a)),
    r"\max",
)
MIN = Function(
    "min",
    lambda *x: reduce(np.minimum, x),
    (lambda a, b, y: _wins(a, "<", b), lambda a, b, y: _wins(b, "<", a)),
    r"\min",
)
# jax's own slope of |x| at 0 is 1; the losses use one whose slope there is 0 (nncalc.losses)
ABS = Function("|·|", np.abs, (lambda x, y: cases((where(x, "≥", 0), 1), otherwise=Number(-1.0)),), "|")
