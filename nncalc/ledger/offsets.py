"""A function with an offset on every number that it names: how JAX takes derivatives of what lies between.

The derivative of the loss with respect to a quantity q is that of L(q + ε) with respect to ε, at ε = 0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax.extend.core import Literal

from nncalc.ledger.rules import bind


def with_offsets(f: Callable, *arguments: Any) -> tuple[Callable, dict[str, jax.Array]]:
    """`g(offsets, *arguments)` and offsets of 0, by name; names inside of functions that `f` calls have none.

    >>> from jax.ad_checkpoint import checkpoint_name
    >>> g, offsets = with_offsets(lambda x: checkpoint_name(3 * x, "z") ** 2, 2.0)
    >>> float(jax.grad(g)(offsets, 2.0)["z"])
    12.0
    """
    closed = jax.make_jaxpr(f)(*arguments)
    offsets = {_name(e): jnp.zeros(e.outvars[0].aval.shape) for e in closed.jaxpr.eqns if e.primitive.name == "name"}

    def g(offsets: dict[str, jax.Array], *arguments: Any) -> jax.Array:
        jaxpr = closed.jaxpr
        leaves = jax.tree.leaves(arguments)
        known = dict(zip([*jaxpr.constvars, *jaxpr.invars], [*closed.consts, *leaves], strict=True))
        for equation in jaxpr.eqns:
            operands = [v.val if isinstance(v, Literal) else known[v] for v in equation.invars]
            results = bind(equation, operands)
            if equation.primitive.name == "name":
                results = [results[0] + offsets[_name(equation)]]
            known.update(zip(equation.outvars, results, strict=True))
        (result,) = jaxpr.outvars
        return known[result]

    return g, offsets


def _name(equation: Any) -> str:
    return equation.params["name"].partition("[")[0]
