"""Compiled with little ado, for functions that are new often and run a few times."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import jax
from jax.errors import JaxRuntimeError

# Halves the time that XLA takes, at the same accuracy; JAX 0.12 no longer has it. (Its optimisation level 0 is quicker
# still, but there a number may differ between two places where it is used.)
OPTIONS = {"xla_cpu_use_fusion_emitters": False}


def quick_jit(f: Callable) -> Callable:
    """`jax.jit`, with the options among `OPTIONS` that this JAX knows."""
    return jax.jit(f, compiler_options=_known_options())


@cache
def _known_options() -> dict[str, bool]:
    return {name: value for name, value in OPTIONS.items() if _is_known(name, value)}


def _is_known(name: str, value: bool) -> bool:
    try:
        jax.jit(lambda: 0, compiler_options={name: value})()
    except JaxRuntimeError:
        return False
    return True
