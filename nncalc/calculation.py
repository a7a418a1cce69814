"""One iteration of a problem, worked out: every quantity under one numbering.

An iteration has four groups of numbers, one after the other: the values of the forward pass, their derivatives, the
numbers of the update, and the values of the forward pass after it. The lines of working refer to them by position, so
that the lines of all three ledgers (forward, update, after) can be read side by side.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import jax
import numpy as np

from nncalc.formula.expression import Expression, Product, Slot, rebuild
from nncalc.layers.layer import axes_of_samples
from nncalc.ledger.chain import Chain, Lines, forward_lines
from nncalc.ledger.check import Proof
from nncalc.ledger.compiled import quick_jit
from nncalc.ledger.named import Ledger, name_everything
from nncalc.ledger.trace import flatten
from nncalc.network import (
    Architecture,
    Numbers,
    axes_of_parameters,
    frozen_parameters,
    layer_settings_of,
    loss_function,
    parameters_of,
    update_function,
)
from nncalc.optimizers import OPTIMIZERS
from nncalc.plan import Plan
from nncalc.problem import Problem
from nncalc.walkthrough.order import is_size

CACHED_SHAPES = 32


class ProblemPlan(Plan):
    """What all problems of one architecture share: ledgers, lines of working, compiled functions."""

    problem: Problem

    def __init__(self, architecture: Architecture) -> None:
        self.problem = problem = architecture.problem
        given = loss_arguments(problem, slice(0, architecture.key[1][0]), parameters_of(problem))
        loss = loss_function(architecture)
        forward = name_everything(flatten(loss, *given), jax.tree.leaves(_loss_labels(problem, given)), "loss")
        super().__init__(loss, forward, Chain(forward, [forward.by_name[name] for name in given[0]]))
        self.layers = tuple(layer.name for layer in problem.layers)
        self.samples = len(given[2])
        self.flat = problem.notation == "flat"
        self.letter = "E" if self.flat else "L"
        self.gradient = quick_jit(jax.grad(loss, argnums=(0, 2))) if problem.y is not None else None
        kept = frozen_parameters(problem)
        self.trained = [n for n in parameters_of(problem) if n not in kept] if problem.y is not None else []
        if self.trained:
            self._number(self._update_ledger(architecture))

    def _update_ledger(self, architecture: Architecture) -> Ledger:
        parameters = parameters_of(self.problem)
        given = update_arguments(self, self.problem, parameters, parameters, no_moments(self, parameters), 0)
        rule = update_function(architecture)
        return name_everything(flatten(rule, *given), jax.tree.leaves(_update_labels(self.problem, given)), "new")

    def _number(self, update: Ledger) -> None:
        n = self.size
        self.update = update
        self.of_update = 2 * n + np.arange(update.tape.size)
        self.of_after = 2 * n + update.tape.size + np.arange(n)
        self.count = 3 * n + update.tape.size
        for variable in self.forward.variables:
            if variable.name in self.trained:
                new = update.by_name[f"{variable.name}.new"].ids
                self.of_after[variable.ids] = self.of_update[new]
                self.of_update[update.by_name[variable.name].ids] = variable.ids
                self.of_update[update.by_name[f"{variable.name}.grad"].ids] = variable.ids + n
            elif variable.definition is None:
                self.of_after[variable.ids] = variable.ids

    @cached_property
    def lines(self) -> dict[str, list[Lines]]:
        """The lines of working by part of the calculation."""
        forward = forward_lines(self.forward)
        sizes = [lines for lines in forward if is_size(lines)]
        if self.problem.y is not None:  # an error that is only shown is no step towards the loss
            forward = [lines for lines in forward if lines.variable.name in self.chain.leading]
        forward = [self._parameters_first(lines) for lines in forward if not is_size(lines)]
        parts = {"forward": [*sizes, *forward]}
        if self.problem.y is not None and self.problem.layers:
            parts["backward"] = self.chain.lines()
        if self.update is not None:
            parts["update"] = [lines.shifted(self.of_update) for lines in forward_lines(self.update)]
            parts["after"] = [lines.shifted(self.of_after) for lines in forward]
        return parts

    @cached_property
    def proof(self) -> Proof | None:
        """The derivatives of parameters, then of what lies between, without the chain rule."""
        if self.problem.y is None or not self.problem.layers:
            return None
        between = {variable.name for variable in self.chain.between}
        parameters = parameters_of(self.problem)
        inner = [v.name for v in self.forward.variables if v.name in between and v.name not in (*parameters, "loss")]
        names = [*(name for name in parameters if name in between), *inner]
        if not names:
            return None
        given = loss_arguments(self.problem, slice(0, self.samples), parameters)
        return Proof(self.function, given, self.forward, names)

    def _parameters_first(self, lines: Lines) -> Lines:
        """w · x instead of x · w, as it is written on paper."""
        given = np.zeros(self.size, bool)
        for name in parameters_of(self.problem):
            given[self.forward.by_name[name].ids] = True

        def ordered(node: Expression) -> Expression:
            if isinstance(node, Product):
                key = [not (isinstance(f, Slot) and given[lines.slots[f.index].flat[0]]) for f in node.factors]
                return Product(tuple(f for _, f in sorted(zip(key, node.factors, strict=True), key=lambda kf: kf[0])))
            return rebuild(node, ordered)

        return replace(lines, node=ordered(lines.node))


def loss_arguments(problem: Problem, batch: slice, parameters: Numbers) -> tuple:
    given = (dict(parameters), layer_settings_of(problem), problem.x[batch])
    return given if problem.y is None else (*given, problem.y[batch])


def _loss_labels(problem: Problem, given: tuple) -> tuple:
    parameters, settings, x, *targets = given
    axes = axes_of_parameters(problem)
    return (
        {name: f"{name}{axes[name]}" for name in parameters},
        {name: f"{name}[axis]" if np.ndim(value) else name for name, value in settings.items()},
        f"x{axes_of_samples(x.ndim, 'channel' if x.ndim == 4 else 'input')}",
        *(f"y{axes_of_samples(y.ndim, 'output')}" for y in targets),
    )


def update_arguments(
    plan: ProblemPlan,
    problem: Problem,
    parameters: Numbers,
    gradients: Numbers,
    moments: dict[str, Numbers],
    iteration: int,
) -> tuple:
    settings = {k: np.float64(v) for k, v in problem.optimizer.settings.items() if not isinstance(v, bool)}
    if OPTIMIZERS[problem.optimizer.type].step_size is not None:
        settings["iteration"] = np.float64(iteration + 1)
    trained = {name: parameters[name] for name in plan.trained}
    return (trained, {name: gradients[name] for name in trained}, moments, settings)


def _update_labels(problem: Problem, given: tuple) -> tuple:
    trained, _, moments, settings = given
    at = axes_of_parameters(problem)
    return (
        {name: f"{name}{at[name]}" for name in trained},
        {name: f"{name}.grad{at[name]}" for name in trained},
        {kind: {name: f"{name}.{kind}.old{at[name]}" for name in trained} for kind in moments},
        {name: name for name in settings},
    )


def no_moments(plan: ProblemPlan, parameters: Numbers) -> dict[str, Numbers]:
    """The moments before the first iteration: zeros."""
    kinds = OPTIMIZERS[plan.problem.optimizer.type].moments
    return {kind: {name: np.zeros_like(parameters[name]) for name in plan.trained} for kind in kinds}


@lru_cache(maxsize=CACHED_SHAPES)
def plan_of(architecture: Architecture) -> ProblemPlan:
    """The plan of an architecture; the last ones are kept."""
    with jax.enable_x64(True):
        return ProblemPlan(architecture)


@dataclass(frozen=True, eq=False)
class Iteration:
    """The numbers of one iteration, in the numbering of its plan.

    `before` are its parameters, `after` those it leaves behind; `moments` likewise after it.
    """

    index: int
    plan: ProblemPlan
    arguments: tuple
    values: np.ndarray
    local: np.ndarray
    before: Numbers
    after: Numbers
    moments: dict[str, Numbers]

    def of(self, name: str, shift: int = 0) -> np.ndarray:
        """The values of a variable of the forward pass, or with `shift` of its derivatives."""
        return self.values[self.plan.forward.by_name[name].ids + shift]

    def gradient(self, name: str) -> np.ndarray:
        return self.of(name, self.plan.size)

    def after_update(self, name: str) -> np.ndarray:
        """A variable of the forward pass after the update; the same as before where nothing is updated."""
        ids = self.plan.forward.by_name[name].ids
        return self.values[self.plan.of_after[ids] if self.plan.update else ids]


def plans_of(problem: Problem) -> list[ProblemPlan]:
    """The plan of every iteration; those whose batches are equally large share one."""
    return [plan_of(Architecture.of(problem, batch.stop - batch.start)) for batch in problem.batches()]


def iterations_of(problem: Problem, plans: list[ProblemPlan]) -> list[Iteration]:
    """All iterations, one after the other, each from the parameters that the one before left."""
    worked: list[Iteration] = []
    parameters = parameters_of(problem)
    moments: dict[str, Numbers] | None = None
    for index, (plan, batch) in enumerate(zip(plans, problem.batches(), strict=True)):
        moments = no_moments(plan, parameters) if moments is None else moments
        with jax.enable_x64(True):
            worked.append(_iteration(problem, plan, index, batch, parameters, moments))
        parameters, moments = worked[-1].after, worked[-1].moments
    return worked


def _iteration(
    problem: Problem, plan: ProblemPlan, index: int, batch: slice, parameters: Numbers, moments: dict[str, Numbers]
) -> Iteration:
    given = loss_arguments(problem, batch, parameters)
    reading = plan.forward.tape.read(*jax.tree.leaves(given))
    groups = [reading.pool[: plan.size], reading.derivatives]
    if plan.update is None:
        return Iteration(index, plan, given, np.concatenate(groups), reading.local, parameters, parameters, moments)
    gradients = {name: reading.derivatives[plan.forward.by_name[name].ids] for name in plan.trained}
    changing = update_arguments(plan, problem, parameters, gradients, moments, index)
    tape = plan.update.tape
    pool = tape.read(*jax.tree.leaves(changing)).pool
    result = {name: pool[plan.update.by_name[name].ids] for name in plan.update.by_name}
    after = parameters | {name: result[f"{name}.new"] for name in plan.trained}
    kept = {kind: {name: result[f"{name}.{kind}"] for name in plan.trained} for kind in moments}
    again = plan.forward.tape.read(*jax.tree.leaves(loss_arguments(problem, batch, after)))
    groups += [pool[: tape.size], again.pool[: plan.size]]
    return Iteration(index, plan, given, np.concatenate(groups), reading.local, parameters, after, kept)
