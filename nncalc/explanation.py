"""The working of any JAX function."""

from __future__ import annotations

import inspect
import itertools
import re
from collections.abc import Callable, Sequence
from functools import cached_property
from html import escape
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from nncalc.errors import InputError
from nncalc.formula.symbol import LOW
from nncalc.ledger.chain import Chain, Lines, Path, forward_lines
from nncalc.ledger.check import MOST_DIFFERENCES, SINGLE, Comparison, agree
from nncalc.ledger.compiled import quick_jit
from nncalc.ledger.named import name_everything
from nncalc.ledger.trace import flatten
from nncalc.numerals import show, shown, sign_of
from nncalc.plan import Plan
from nncalc.walkthrough import Step, Walkthrough, Working

SHOWN_STEPS = 30  # of a long calculation, in a notebook or at the prompt


def explain(f: Callable, *arguments: Any, decimals: int = 4) -> Explanation:
    """Works out a scalar-valued JAX function, number by number, and its derivatives by the chain rule.

    The inputs are named after the function's parameters, what it computes t₁, t₂, … unless it names numbers itself
    with `jax.ad_checkpoint.checkpoint_name(x, "hidden.z")`. Numbers are computed in float64 unless the function asks
    for less; integers and truth values are taken as fixed.

    Args:
        f: what is run, and what is explained: any function of arrays (or trees of them) whose result is one number.

    Raises:
        InputError: the result is not one number, or the function uses something without a step-by-step rule.

    >>> def loss(w, x):
    ...     return (w * x - 10) ** 2
    >>> explain(loss, 2.0, 3.0)
    loss(w, x) = 16
    Forward
      t₁    w · x    = 2 · 3   = 6
      t₂    t₁ − 10  = 6 − 10  = −4
      loss  t₂²      = (−4)²   = 16
    Backward
      ∂loss/∂t₂  2 · t₂         = 2 · (−4)  = −8
      ∂loss/∂t₁  ∂loss/∂t₂      = −8        = −8
      ∂loss/∂w   ∂loss/∂t₁ · x  = −8 · 3    = −24
      ∂loss/∂x   ∂loss/∂t₁ · w  = −8 · 2    = −16
    """
    with jax.enable_x64(True):
        return Explanation(f, arguments, decimals)


class FunctionPlan(Plan):
    """The calculation of a user's own function."""

    @cached_property
    def lines(self) -> dict[str, list[Lines]]:
        forward = [lines for lines in forward_lines(self.forward) if lines.variable.name in self.chain.leading]
        return {"forward": forward, "backward": self.chain.lines()}


class Explanation:
    """The ledger of a function at some arguments.

    Attributes:
        value: the function's result.
        gradients: its derivatives in the arguments' own tree (of one argument, that argument's tree; of several, a
            tuple); None in the place of what has no derivative.
        steps: one per quantity, forward and backward.
    """

    def __init__(self, f: Callable, arguments: tuple, decimals: int) -> None:
        self.name = _name_of(f)
        leaves, self._tree = jax.tree.flatten(arguments)
        self._leaves = [_number_array(leaf, k) for k, leaf in enumerate(leaves)]
        self._moving = [k for k, leaf in enumerate(self._leaves) if jnp.issubdtype(leaf.dtype, jnp.floating)]
        self._run = self._of_moving(f)
        self.arguments = tuple(self._leaves[k] for k in self._moving)
        closed = flatten(self._run, *self.arguments)
        _check_result(closed.out_avals)
        self.names = self._names(f, arguments)
        labels = [self.names[k] for k in self._moving]
        ledger = name_everything(closed, labels, self.name, lambda k: f"t{k}".translate(LOW))
        chain = Chain(ledger, ledger.variables[: len(labels)])
        self.plan = FunctionPlan(self._run, ledger, chain)
        self.plan.letter = self.name
        reading = ledger.tape.read(*self.arguments)
        self.values = np.concatenate([reading.pool[: ledger.tape.size], reading.derivatives])
        self._local = reading.local
        self.walkthrough = Walkthrough([Working(self.plan, self.values, decimals)])

    def _of_moving(self, f: Callable) -> Callable:
        """The function of its floating-point numbers alone, as one flat list."""

        def run(*moving):
            leaves = list(self._leaves)
            for k, value in zip(self._moving, moving, strict=True):
                leaves[k] = value
            return f(*jax.tree.unflatten(self._tree, leaves))

        return run

    def _names(self, f: Callable, arguments: tuple) -> list[str]:
        """A name for every array of the arguments: `w`, `params.dense.kernel`, `layers[0]`."""
        parameters = _parameter_names(f, len(arguments))
        paths = [path for path, _ in jax.tree_util.tree_flatten_with_path(arguments)[0]]
        return [parameters[path[0].idx] + "".join(map(_step_into, path[1:])) for path in paths]

    @property
    def value(self) -> float:
        return float(self.values[self.plan.forward.tape.root])

    @property
    def gradients(self) -> Any:
        leaves: list = [None] * len(self._leaves)
        for k in self._moving:
            leaves[k] = self.gradient(self.names[k])
        found = jax.tree.unflatten(self._tree, leaves)
        return found[0] if len(found) == 1 else found

    def gradient(self, name: str) -> np.ndarray:
        """The derivative of the result with respect to a named array."""
        variable = self.plan.forward.by_name.get(name)
        if variable is None:
            raise InputError(f"There is no `{name}` here. There are: {', '.join(self.plan.forward.by_name)}.")
        return self.values[variable.ids + self.plan.size]

    @property
    def steps(self) -> Sequence[Step]:
        return self.walkthrough.neurons

    def paths(self, name: str, most: int = 100) -> list[PathRow]:
        """The ways from a quantity to the result: one row each, the first `most` of them.

        The products of all rows add up to the quantity's derivative. `path_count` says how many there are.
        """
        number = self._number(name)
        paths = self.plan.paths
        slopes = paths.slopes(self.values[: self.plan.size])
        names = self.walkthrough.workings[0].script.names
        return [PathRow(path, tuple(names.name(i) for i in path.ids)) for path in paths.listed(number, slopes, most)]

    def path_count(self, name: str) -> int:
        return self.plan.paths.count(self._number(name))

    def _number(self, name: str) -> int:
        return self.walkthrough.workings[0].script.names.number(name)

    def check(self) -> list[Comparison]:
        """Compares chain rule, `jax.grad` and central difference for every argument.

        Raises:
            DisagreementError: chain rule and `jax.grad` differ by more than rounding.
        """
        if not self.arguments:
            return []
        single = any(v.aval.dtype == jnp.float32 for e in self.plan.forward.tape.jaxpr.eqns for v in e.outvars)
        found = []
        with jax.enable_x64(True):
            places = tuple(range(len(self.arguments)))
            reference = quick_jit(jax.grad(self._run, argnums=places))(*self.arguments)
            weight = self.plan.forward.tape.weight(self._local)
            small = sum(g.size for g in reference) <= MOST_DIFFERENCES and not single
            for k, expected in zip(self._moving, reference, strict=True):
                mine, expected = self.gradient(self.names[k]), np.asarray(expected)
                ids = self.plan.forward.by_name[self.names[k]].ids
                agree(self.names[k], mine, expected, weight[ids], *([SINGLE] if single else []))
                difference = self.plan.central_differences(self.arguments, ids) if small else np.full(ids.shape, np.nan)
                found.append(Comparison(self.names[k], mine, expected, difference))
        return found

    def __repr__(self) -> str:
        lines = [self._title()]
        for chapter, rows in self._chapters():
            lines.append(chapter)
            widths = [max(len(row[c]) for row in rows) for c in range(3)]
            lines += [_aligned(row, widths) for row in rows]
        return "\n".join([*lines, *self._left_out()])

    def _repr_html_(self) -> str:
        rows = []
        for chapter, cells in self._chapters():
            rows.append(f"<tr><th colspan='4' style='text-align:left'>{escape(chapter)}</th></tr>")
            rows += [
                "<tr>" + "".join(f"<td style='text-align:left'>{escape(c)}</td>" for c in row) + "</tr>"
                for row in cells
            ]
        left = "".join(f"<p>{escape(line)}</p>" for line in self._left_out())
        return f"<table><caption>{escape(self._title())}</caption>{''.join(rows)}</table>{left}"

    def _title(self) -> str:
        text = show(self.value, 0, self.walkthrough.workings[0].decimals)
        sign = sign_of(self.value, float(shown(np.array(self.value), 0, self.walkthrough.workings[0].decimals)))
        given = ", ".join(dict.fromkeys(re.split(r"[.\[]", name)[0] for name in self.names))
        return f"{self.name}({given}) {sign} {text}"

    def _chapters(self) -> list[tuple[str, list[tuple[str, str, str, str]]]]:
        chapters: dict[str, list] = {}
        for step in self.steps[:SHOWN_STEPS]:
            row = (step.symbol, step.symbols, f"= {step.numbers}", f"{step.result.sign} {step.result.text}")
            chapters.setdefault(step.chapter, []).append(row)
        return list(chapters.items())

    def _left_out(self) -> list[str]:
        more = len(self.steps) - SHOWN_STEPS
        return [f"… and {more:,} more steps (see .steps)"] if more > 0 else []


class PathRow:
    """One way from a quantity to the result: the names on it, the local slope of every step, their product."""

    def __init__(self, path: Path, names: tuple[str, ...]) -> None:
        self.names = names
        self.factors = path.factors
        self.product = path.product

    def __repr__(self) -> str:
        return f"{' → '.join(self.names)}: {' · '.join(f'{f:.6g}' for f in self.factors)} = {self.product:.6g}"


def _aligned(row: tuple[str, str, str, str], widths: list[int]) -> str:
    return "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, [*widths, 0], strict=True)).rstrip()


def _name_of(f: Callable) -> str:
    name = getattr(f, "__name__", type(f).__name__)
    return name if name.isidentifier() else "result"


def _number_array(leaf: Any, position: int) -> Any:
    if isinstance(leaf, jax.Array) and jnp.issubdtype(leaf.dtype, jax.dtypes.extended):
        return leaf  # a random key
    array = np.asarray(leaf)
    if array.dtype == object or (array.dtype.kind not in "fiub" and not jnp.issubdtype(array.dtype, jnp.floating)):
        raise InputError(f"Argument number {position + 1} is {type(leaf).__name__}: arrays and numbers are needed.")
    return array.astype(np.float64) if jnp.issubdtype(array.dtype, jnp.floating) else jnp.asarray(array)


def _check_result(results: Sequence) -> None:
    if len(results) != 1 or results[0].shape != () or not jnp.issubdtype(results[0].dtype, jnp.floating):
        shapes = ", ".join(f"{r.dtype}{list(r.shape)}" for r in results)
        raise InputError(
            f"The function's result is {shapes or 'nothing'}; one floating-point number is needed, such as a loss. "
            "Take a sum or a mean, or pick one number."
        )


def _parameter_names(f: Callable, count: int) -> list[str]:
    try:
        parameters = list(inspect.signature(f).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    names = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)][:count]
    further = (name for k in itertools.count(len(names) + 1) if (name := f"x{k}") not in names)
    return names + list(itertools.islice(further, count - len(names)))


def _step_into(key: Any) -> str:
    match key:
        case jax.tree_util.SequenceKey(idx=index):
            return f"[{index}]"
        case jax.tree_util.DictKey(key=name):
            return f".{name}"
        case jax.tree_util.GetAttrKey(name=name):
            return f".{name}"
    return f"[{getattr(key, 'key', key)}]"
