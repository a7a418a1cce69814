"""What has to hold for the ledger of any function, stated once: the values are JAX's, the derivatives are `jax.grad`'s,
every printed formula has the value that it is printed for, and the paths add up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import jax
import numpy as np

from nncalc.formula.expression import evaluate
from nncalc.ledger.chain import Chain, Lines, Paths, forward_lines
from nncalc.ledger.named import Ledger, name_everything
from nncalc.ledger.trace import flatten

MOST_PATHS = 300
QUICK = {"xla_backend_optimization_level": 0}  # compiled once, run once


def near(found, expected, rtol: float = 1e-9, atol: float = 1e-11) -> bool:
    """Equal but for rounding; NaN and infinities in the same places."""
    found, expected = np.asarray(found, float), np.asarray(expected, float)
    if found.shape != expected.shape:
        return False
    scale = np.max(np.abs(expected[np.isfinite(expected)]), initial=0.0)
    return np.allclose(found, expected, rtol=rtol, atol=atol * max(scale, 1e-3), equal_nan=True)


def wrong_lines(lines: Iterable[Lines], values: np.ndarray, rtol: float = 1e-9, atol: float = 1e-11) -> list[str]:
    """Lines whose formula, filled with the ledger's numbers, is not worth the number that the ledger has for them."""
    wrong = []
    for line in lines:
        expected = values[line.writes]
        with np.errstate(all="ignore"):
            found = np.broadcast_to(evaluate(line.node, [values[ids] for ids in line.slots]), expected.shape)
            operands = np.concatenate([np.ravel(values[ids]) for ids in line.slots] or [np.zeros(0)])
        size = np.max(np.abs(operands[np.isfinite(operands)]), initial=1.0)
        close = np.isclose(found, expected, rtol=rtol, atol=atol * size, equal_nan=True)
        wrong += [
            f"{line.variable.name}[{line.elements[k]}] = {line.node} is {found[k]!r}, not {expected[k]!r}"
            for k in np.flatnonzero(~close)
        ]
    return wrong


class Proven:
    """The ledger of a function at some arguments, and what JAX says about it.

    `like`, the same function's ledger with other names, spares what is the same in both: the numbers and JAX's answer.
    """

    def __init__(self, f: Callable, *arguments, names_for_all: bool = True, like: Proven | None = None) -> None:
        self.arguments = tuple(np.asarray(a, float) for a in arguments)
        with jax.enable_x64(True):
            self.closed = like.closed if like else flatten(f, *self.arguments)
            given = [f"x{k}" for k in range(len(self.arguments))]
            automatic = (lambda k: f"t{k}") if names_for_all else None
            self.ledger: Ledger = name_everything(self.closed, given, "result", automatic)
            self.chain = Chain(self.ledger, [self.ledger.by_name[name] for name in given])
            if like:
                self.reading, self.expected_value, self.expected = like.reading, like.expected_value, like.expected
            else:
                self.reading = self.ledger.tape.read(*self.arguments)
                places = tuple(range(len(self.arguments)))
                self.expected_value, self.expected = jax.jit(
                    jax.value_and_grad(f, argnums=places), compiler_options=QUICK
                )(*self.arguments)
        self.size = self.ledger.tape.size
        self.values = np.concatenate([self.reading.pool[: self.size], self.reading.derivatives])
        self.given = [self.ledger.by_name[name] for name in given]

    @property
    def primitives(self) -> set[str]:
        return {equation.primitive.name for equation in self.closed.jaxpr.eqns}

    def gradient(self, k: int) -> np.ndarray:
        return self.reading.derivatives[self.given[k].ids]

    def faults(self, rtol: float = 1e-9) -> list[str]:
        """Everything that isn't as it has to be."""
        found = []
        value = self.values[self.ledger.tape.root]
        if not near(value, self.expected_value, rtol):
            found.append(f"the value is {value!r}, not {self.expected_value!r}")
        for k, expected in enumerate(self.expected):
            if not near(self.gradient(k), expected, rtol):
                found.append(f"the derivative by argument {k} is {self.gradient(k)!r}, not {expected!r}")
        backward = self.chain.lines()
        found += wrong_lines(forward_lines(self.ledger), self.values, rtol)
        found += wrong_lines(backward, self.values, rtol)
        return found + self._missing(backward) + self._paths_that_miss()

    def _missing(self, backward: Sequence[Lines]) -> list[str]:
        """Arguments that the loss depends on and whose derivative no line writes."""
        written = np.concatenate([lines.writes for lines in backward] or [np.zeros(0, int)]) - self.size
        return [
            f"{v.name} has a derivative but no line"
            for v in self.given
            if (
                np.setdiff1d(v.ids, written).size
                and np.any(self.reading.derivatives[np.setdiff1d(v.ids, written)] != 0)
            )
        ]

    def _paths_that_miss(self) -> list[str]:
        paths = Paths(self.chain)
        slopes = paths.slopes(self.values[: self.size])
        found = []
        for variable in self.given:
            for number in variable.ids.ravel()[:2].tolist():
                count = paths.count(number)
                if count > MOST_PATHS:
                    continue
                listed = paths.listed(number, slopes, MOST_PATHS + 1)
                if len(listed) != count or len({p.ids for p in listed}) > count:
                    found.append(f"{count} paths from {variable.name}, and {len(listed)} listed")
                with np.errstate(all="ignore"):
                    total = sum(path.product for path in listed)
                size = np.nanmax([0.0, *(abs(path.product) for path in listed)])
                if not np.isclose(
                    total, self.reading.derivatives[number], rtol=1e-9, atol=1e-11 * size + 1e-14, equal_nan=True
                ):
                    found.append(
                        f"the paths from {variable.name} add up to {total!r}, not {self.reading.derivatives[number]!r}"
                    )
        return found


def faults(f: Callable, *arguments, rtol: float = 1e-9) -> list[str]:
    """What is wrong with the ledger of a function: with a name for every number, and with as few as it needs."""
    named = Proven(f, *arguments)
    folded = Proven(f, *arguments, names_for_all=False, like=named)
    return [
        f"{how}: {fault}" for how, proven in (("all named", named), ("folded", folded)) for fault in proven.faults(rtol)
    ]


def weighted(f: Callable) -> Callable:
    """A scalar in which every number of an array counts differently, so that none can stand for another."""

    def g(*arguments):
        result = jax.numpy.asarray(f(*arguments)).astype(float)
        weights = np.linspace(0.7, 1.9, result.size).reshape(result.shape)
        return jax.numpy.sum(result * weights)

    return g


def drawn(seed: int, *shapes: tuple[int, ...], low: float = -2.0, high: float = 2.0) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    return [rng.uniform(low, high, shape) for shape in shapes]


def rows_without_a_test(table: Mapping, tested: Iterable) -> set:
    return set(table) - set(tested)
