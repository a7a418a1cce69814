"""Compiled with little ado, for functions that are new often and run a few times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import cache
from threading import Thread
from typing import Any

import jax
from jax.core import ShapedArray
from jax.errors import JaxRuntimeError

# At the same accuracy, the first halves the time that XLA takes; JAX 0.12 no longer has it. (Its optimisation level 0
# is quicker still, but there a number may differ between two places where it is used.) Without the second XLA cuts a
# function into 32 parts, most of which are hardly begun before they are done.
OPTIONS = {"xla_cpu_use_fusion_emitters": False, "xla_cpu_parallel_codegen_split_count": 2}


def quick_jit(f: Callable) -> Callable:
    """`jax.jit`, with the options among `OPTIONS` that this JAX knows."""
    return jax.jit(f, compiler_options=_known_options())


def compiled_meanwhile(f: Callable, arguments: Sequence[ShapedArray]) -> Callable[..., Any]:
    """`quick_jit` for arguments of these shapes and types, compiled while Python goes on: XLA doesn't need it.

    Who calls the function first waits until that is done.
    """
    lowered = jax.jit(f, compiler_options=_known_options()).lower(*arguments)
    compiled: Future[Callable[..., Any]] = Future()

    def compile_it() -> None:
        try:
            compiled.set_result(lowered.compile())
        except Exception as error:
            compiled.set_exception(error)

    Thread(target=compile_it).start()  # a pool of threads would take no more work once the program is ending
    return lambda *given: compiled.result()(*given)


@cache
def _known_options() -> dict[str, bool | int]:
    return {name: value for name, value in OPTIONS.items() if _is_known(name, value)}


def _is_known(name: str, value: bool | int) -> bool:
    try:
        jax.jit(lambda: 0, compiler_options={name: value})()
    except JaxRuntimeError:
        return False
    return True
