"""A JAX function as one flat list of equations: calls inlined, scans unrolled, windows taken apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
from jax import lax
from jax.core import Tracer
from jax.extend.core import ClosedJaxpr, Jaxpr, JaxprEqn, Literal

from nncalc.errors import InputError
from nncalc.ledger.lift import aval
from nncalc.ledger.rules import RULES, bind
from nncalc.ledger.windows import WINDOWED

# inlined; the name of the parameter that holds what is called
CALLS = {
    "jit": "jaxpr",
    "pjit": "jaxpr",
    "closed_call": "call_jaxpr",
    "core_call": "call_jaxpr",
    "remat": "jaxpr",
    "remat2": "jaxpr",
    "checkpoint": "jaxpr",
    "custom_jvp_call": "call_jaxpr",
}
COPIES = ("copy", "copy_p")  # the same numbers: dropped
LONGEST_SCAN = 10_000


def flatten(f: Callable, *arguments) -> ClosedJaxpr:
    """The equations of `f` at arrays like `arguments`, without calls and loops.

    Inlining runs the jaxpr once more under a trace of its own, so that everything that doesn't depend on the
    arguments (indices, masks, sizes) is computed on the way and arrives as a constant.

    Raises:
        InputError: the function uses something that has no step-by-step rule, named in the message.
    """
    traced = jax.make_jaxpr(f)(*arguments)
    return jax.make_jaxpr(lambda *flat: _run(traced.jaxpr, traced.consts, flat))(*jax.tree.leaves(arguments))


def _run(jaxpr: Jaxpr, constants: Sequence, arguments: Sequence) -> list:
    environment = dict(zip([*jaxpr.constvars, *jaxpr.invars], [*constants, *arguments], strict=True))
    for equation in jaxpr.eqns:
        values = [v.val if isinstance(v, Literal) else environment[v] for v in equation.invars]
        environment.update(zip(equation.outvars, _equation(equation, values), strict=True))
    return [v.val if isinstance(v, Literal) else environment[v] for v in jaxpr.outvars]


def _equation(equation: JaxprEqn, values: list) -> Sequence:
    name = equation.primitive.name
    if name == "scan":
        return _unroll(equation, values)
    if name in COPIES:
        return values
    if name == "custom_jvp_call" and _is_fixed(values):
        return _run(equation.params["call_jaxpr"].jaxpr, equation.params["call_jaxpr"].consts, values)
    if name == "custom_jvp_call" and not elementwise(equation):
        raise InputError(
            "`custom_jvp_call`: a derivative of your own for a function of whole arrays can't be followed in steps. "
            "Explain the function without it, or give derivatives to functions of single numbers."
        )
    if name in CALLS and name != "custom_jvp_call":
        inner = equation.params[CALLS[name]]
        jaxpr, constants = (inner.jaxpr, inner.consts) if isinstance(inner, ClosedJaxpr) else (inner, ())
        return _run(jaxpr, constants, values)
    if _is_fixed(values):
        with jax.ensure_compile_time_eval():
            return bind(equation, values)
    if name in WINDOWED:
        return [WINDOWED[name](*values, **equation.params)]
    if name not in RULES:
        raise InputError(
            f"`{name}` has no step-by-step rule yet, so this function can't be explained. "
            "Write that part with ordinary array arithmetic, or explain a function without it."
        )
    return bind(equation, values)


def _is_fixed(values: Sequence) -> bool:
    """Whether nothing depends on the arguments."""
    return not any(isinstance(v, Tracer) for v in values)


def _unroll(equation: JaxprEqn, values: list) -> list:
    """A scan as its body, written out once per round."""
    parameters = equation.params
    body: ClosedJaxpr = parameters["jaxpr"]
    length = parameters["length"]
    if length > LONGEST_SCAN:
        raise InputError(f"A scan of {length:,} rounds is too long to be written out; {LONGEST_SCAN:,} is the most.")
    fixed, carried, sequences = _scan_parts(parameters, values)
    rounds: list = [None] * length
    for t in reversed(range(length)) if parameters["reverse"] else range(length):
        at_t = [lax.index_in_dim(xs, t, keepdims=False) for xs in sequences]
        results = _run(body.jaxpr, body.consts, [*fixed, *carried, *at_t])
        carried, rounds[t] = results[: len(carried)], results[len(carried) :]
    if not length:
        return [*carried, *(jnp.zeros(aval(v).shape, aval(v).dtype) for v in equation.outvars[len(carried) :])]
    stacked = [lax.concatenate([lax.expand_dims(y, (0,)) for y in ys], 0) for ys in zip(*rounds, strict=True)]
    return [*carried, *stacked]


def _scan_parts(parameters: dict, values: list) -> tuple[list, list, list]:
    """What a scan keeps, carries and walks along. JAX 0.10 gives counts, 0.12 a tree of input kinds."""
    if "num_consts" in parameters:
        fixed, carried = parameters["num_consts"], parameters["num_carry"]
        return values[:fixed], values[fixed : fixed + carried], values[fixed + carried :]
    fixed, carried, sequences = map(list, parameters["ft_in"].update(values).unpack())
    return fixed, carried, sequences


def elementwise(equation: JaxprEqn) -> bool:
    """Whether a `custom_jvp_call` computes each number from the ones in the same place.

    Such a call stays one equation, because its own derivative, not its body's, is what JAX uses.
    """
    if equation.primitive.name != "custom_jvp_call" or len(equation.outvars) != 1:
        return False
    shape = aval(equation.outvars[0]).shape
    return all(aval(v).shape in ((), shape) for v in equation.invars) and _stays_in_place(
        equation.params["call_jaxpr"].jaxpr, shape
    )


def _stays_in_place(jaxpr: Jaxpr, shape: tuple[int, ...]) -> bool:
    for equation in jaxpr.eqns:
        name = equation.primitive.name
        if name in CALLS:
            inner = equation.params[CALLS[name]]
            if not _stays_in_place(getattr(inner, "jaxpr", inner), shape):
                return False
        elif not ((name in RULES and RULES[name].in_place) or name == "broadcast_in_dim"):
            return False
        if any(aval(v).shape not in ((), shape) for v in equation.invars):
            return False
    return True
