"""Functions that people know by name, found in a jaxpr by what they do, not by what they are called.

Every row of `nncalc.known` is traced at the shape at hand; where the equations that lead to a result are the same as
the row's, the result is that function of what goes in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.extend.core import ClosedJaxpr, Jaxpr, JaxprEqn, Literal, Var, jaxpr_as_fun

from nncalc.activations import ACTIVATIONS, JAX_LEAKY_RELU
from nncalc.known import Known
from nncalc.ledger.lift import aval
from nncalc.ledger.rules import RULES, Move
from nncalc.ledger.trace import flatten
from nncalc.losses import LOSSES

SENTINEL = 0.7310585786300049  # stands for a setting that is not known yet

KNOWN: tuple[Known, ...] = (
    *(known for loss in LOSSES.values() for known in loss.known),
    *(known for name, known in ACTIVATIONS.items() if name != "linear"),
    JAX_LEAKY_RELU,
)


@dataclass(frozen=True)
class Found:
    """A known function: what goes in, and the equations that it consists of."""

    known: Known
    arguments: tuple[Var, ...]
    settings: Mapping[str, float]
    inside: frozenset[int]


def recognise(closed: ClosedJaxpr) -> dict[int, Found]:
    """The known functions of a flat jaxpr, by the number of the equation that gives their result."""
    graph = Graph(closed)
    found: dict[int, Found] = {}
    taken: set[int] = set()
    for k in reversed(range(len(closed.jaxpr.eqns))):
        if k in taken or isinstance(RULES[closed.jaxpr.eqns[k].primitive.name], Move):
            continue
        match = _known_at(graph, k)
        if match is not None:
            found[k] = match
            taken |= match.inside
    return found


class Graph:
    """A jaxpr read backwards: which equation gave a variable, and where else it is used."""

    def __init__(self, closed: ClosedJaxpr) -> None:
        self.jaxpr: Jaxpr = closed.jaxpr
        self.made = {v: k for k, e in enumerate(closed.jaxpr.eqns) for v in e.outvars}
        self.values = dict(zip(closed.jaxpr.constvars, closed.consts, strict=True))
        self.users: dict[Var, set[int]] = {}
        for k, equation in enumerate(closed.jaxpr.eqns):
            for v in equation.invars:
                if isinstance(v, Var):
                    self.users.setdefault(v, set()).add(k)

    def constant(self, atom: Var | Literal) -> np.ndarray | None:
        if isinstance(atom, Literal):
            return np.asarray(atom.val)
        return np.asarray(self.values[atom]) if atom in self.values else None

    def stays_inside(self, inside: Iterable[int], root: int) -> bool:
        """Whether nothing outside needs what is computed inside."""
        inside = set(inside)
        ends = {v for v in self.jaxpr.outvars if isinstance(v, Var)}
        return all(
            self.users.get(v, set()) <= inside and v not in ends
            for k in inside - {root}
            for v in self.jaxpr.eqns[k].outvars
        )


def _known_at(graph: Graph, root: int) -> Found | None:
    (result, *_) = graph.jaxpr.eqns[root].outvars
    if not jnp.issubdtype(aval(result).dtype, jnp.floating):
        return None
    for known in KNOWN:
        for spelling in (known.run, *known.spelled):
            match = _match(graph, root, known, spelling)
            if match is not None and graph.stays_inside(match.inside, root):
                return match
    return None


def _match(graph: Graph, root: int, known: Known, spelling) -> Found | None:
    result = aval(graph.jaxpr.eqns[root].outvars[0])
    if known.rowwise and not result.shape:
        return None
    loose = Matcher(graph, _skeleton(known, spelling))  # cheap: most equations are no known function
    if not loose.run(root):
        return None
    if known.settings and loose.setting is None:
        return None
    settings = dict.fromkeys(known.settings, loose.setting or 0.0)
    matcher = Matcher(graph, _pattern(known, spelling, result.shape, result.dtype, *settings.values()), exact=True)
    if not matcher.run(root):
        return None
    arguments = tuple(matcher.bound[v] for v in matcher.pattern.jaxpr.invars)
    return Found(known, arguments, settings, frozenset(matcher.inside))


@lru_cache(maxsize=256)
def _skeleton(known: Known, spelling) -> Graph:
    """A known function at some shape, its setting a number to be recognised by."""
    sentinel = [SENTINEL] * len(known.settings)
    return _pattern(known, spelling, (2, 3), np.dtype(np.float32), *sentinel)


@lru_cache(maxsize=2048)
def _pattern(known: Known, spelling, shape: tuple[int, ...], dtype, *settings: float) -> Graph:
    operands = len(known.function.slopes) - len(known.settings) or 1
    run = partial(spelling, **dict(zip(known.settings, settings, strict=bool(settings))))
    return Graph(flatten(run, *[jax.ShapeDtypeStruct(shape, dtype)] * operands))


class Matcher:
    """Walks a pattern and a jaxpr backwards at the same time.

    Without `exact`, only primitives are compared: shapes, parameters and constants pass for any other, and the
    constant in the place of the sentinel is noted.
    """

    def __init__(self, graph: Graph, pattern: Graph, exact: bool = False) -> None:
        self.graph, self.pattern, self.exact = graph, pattern, exact
        self.bound: dict[Var, Var] = {}
        self.inside: set[int] = set()
        self.setting: float | None = None

    def run(self, root: int) -> bool:
        (end,) = self.pattern.jaxpr.outvars
        while isinstance(RULES[self.pattern.jaxpr.eqns[self.pattern.made[end]].primitive.name], Move):
            (end,) = self.pattern.jaxpr.eqns[self.pattern.made[end]].invars  # a copy at the end (GELU's)
        return self._same(end, self.graph.jaxpr.eqns[root].outvars[0]) and len(self.bound) == len(
            self.pattern.jaxpr.invars
        )

    def _same(self, mine: Var | Literal, other: Var | Literal) -> bool:
        constant, value = self.pattern.constant(mine), self.graph.constant(other)
        if constant is not None:
            return value is not None and self._same_constant(constant, value)
        assert isinstance(mine, Var)
        if mine in self.bound:
            return self.bound[mine] is other
        if mine not in self.pattern.made:
            return isinstance(other, Var) and value is None and self._bind(mine, other)
        if not isinstance(other, Var) or other not in self.graph.made:
            return False
        here, there = self.pattern.made[mine], self.graph.made[other]
        first, second = self.pattern.jaxpr.eqns[here], self.graph.jaxpr.eqns[there]
        if first.primitive is not second.primitive or len(first.invars) != len(second.invars):
            return False
        if self.exact and _signature(first) != _signature(second):
            return False
        self.inside.add(there)
        return all(self._same(a, b) for a, b in zip(first.invars, second.invars, strict=True))

    def _bind(self, mine: Var, other: Var) -> bool:
        if self.exact and (aval(mine).shape != aval(other).shape or aval(mine).dtype != aval(other).dtype):
            return False
        self.bound[mine] = other
        return True

    def _same_constant(self, mine: np.ndarray, other: np.ndarray) -> bool:
        if not self.exact:
            if mine.size == 1 and other.size == 1 and abs(float(mine.item()) - SENTINEL) < 1e-6:
                self.setting = float(other.item())
            return True
        return mine.shape == other.shape and np.array_equal(mine, other, equal_nan=mine.dtype.kind == "f")


IGNORED = {"jvp", "jvp_jaxpr_fun", "symbolic_zeros", "num_consts", "name", "out_sharding", "sharding", "weak_type"}


@lru_cache(maxsize=4096)
def _signature(equation: JaxprEqn) -> tuple:
    parameters = sorted((k, _text(v)) for k, v in equation.params.items() if k not in IGNORED and k != "call_jaxpr")
    inner = equation.params.get("call_jaxpr")
    body = () if inner is None else _body(inner)
    return (equation.primitive.name, tuple(parameters), body)


def _text(parameter: Any) -> str:
    """A parameter to compare by; vmap writes axes as numpy's integers."""
    if isinstance(parameter, tuple) and all(isinstance(v, int | np.integer) for v in parameter):
        return str(tuple(map(int, parameter)))
    return str(parameter)


def _body(inner: ClosedJaxpr) -> tuple:
    """The equations of an own function, without its name and without calls."""
    shapes = [jax.ShapeDtypeStruct(aval(v).shape, aval(v).dtype) for v in inner.jaxpr.invars]
    flat = flatten(jaxpr_as_fun(inner), *shapes)
    return (str(flat.jaxpr),)
