"""Compiled with little ado: the same numbers, whoever asks first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.core import ShapedArray

from nncalc.ledger import compiled
from nncalc.ledger.compiled import compiled_meanwhile, quick_jit

SHAPES = [ShapedArray((3,), np.dtype(float)), ShapedArray((), np.dtype(float))]


def f(x, y):
    return jnp.sin(x) @ jnp.exp(x) / y


GIVEN = np.array([0.1, -2.0, 3.5]), np.float64(0.3)


def test_what_is_compiled_meanwhile_gives_what_jit_gives():
    with jax.enable_x64(True):
        assert float(compiled_meanwhile(f, SHAPES)(*GIVEN)) == float(quick_jit(f)(*GIVEN))


def test_whoever_calls_first_waits_and_all_get_the_same():
    def call(_) -> float:
        with jax.enable_x64(True):  # a thread's own
            return float(run(*GIVEN))

    with jax.enable_x64(True):
        run = compiled_meanwhile(f, SHAPES)
    with ThreadPoolExecutor(4) as callers:
        assert len(set(callers.map(call, range(8)))) == 1


def test_what_cannot_be_compiled_is_told_when_it_is_called(monkeypatch):
    monkeypatch.setattr(compiled, "_known_options", lambda: {"xla_cpu_no_such_option": True})
    with jax.enable_x64(True):
        run = compiled_meanwhile(f, SHAPES)
        with pytest.raises(jax.errors.JaxRuntimeError, match="xla_cpu_no_such_option"):
            run(*GIVEN)
