"""A problem, solved: every number, and the working that leads to it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import jax
import numpy as np

from nncalc.calculation import Iteration, iterations_of, plans_of
from nncalc.ledger.check import LEAST_DIFFERENCE, MOST_DIFFERENCES, Comparison, agree, digits_between
from nncalc.ledger.named import Variable
from nncalc.problem import Problem
from nncalc.walkthrough import Step, Walkthrough, Working
from nncalc.walkthrough.names import Names
from nncalc.walkthrough.working import script_of


def solve(problem: Problem) -> Solution:
    """Work a problem out.

    >>> import nncalc
    >>> document = {"nncalc": 1, "layers": [{"type": "dense", "units": 1, "weights": [[2]], "bias": False}],
    ...             "data": {"x": [[3]], "y": [[10]]}, "loss": "sse"}
    >>> solution = solve(Problem.from_dict(document))
    >>> solution.prediction.tolist(), solution.loss, solution.gradients["layer1.weights"].tolist()
    ([[6.0]], 16.0, [[-24.0]])
    """
    return Solution(problem)


class Solution:
    """The numbers and the working of a problem.

    `prediction`, `loss`, `gradients` and so on are of the first iteration; `iterations` has all.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        plans = plans_of(problem)
        for plan in plans:
            script_of(plan)  # needs no numbers: it is made while XLA compiles what computes them
        self.iterations: list[Iteration] = iterations_of(problem, plans)

    @property
    def _first(self) -> Iteration:
        return self.iterations[0]

    @property
    def prediction(self) -> np.ndarray:
        return self._first.of("prediction")

    @property
    def loss(self) -> float | None:
        return _loss(self._first)

    @property
    def loss_after(self) -> float | None:
        return _loss(self._first, after=True)

    @property
    def gradients(self) -> dict[str, np.ndarray]:
        """The derivative of the loss with respect to every parameter and the data x."""
        return _gradients(self._first)

    @property
    def updated(self) -> dict[str, np.ndarray]:
        """Every parameter after the update; frozen ones keep their value."""
        return _updated(self._first)

    @cached_property
    def walkthrough(self) -> Walkthrough:
        decimals = self.problem.decimals
        return Walkthrough(
            [Working(w.plan, w.values, decimals, w.index, len(self.iterations) > 1) for w in self.iterations]
        )

    @property
    def steps(self) -> Sequence[Step]:
        """The steps of the working, one per quantity."""
        return self.walkthrough.neurons

    def check(self, iteration: int = 0, only: Sequence[str] | None = None) -> list[Comparison]:
        """Compares chain rule, `jax.grad` and central difference for every gradient of one iteration.

        Args:
            only: the names of the numbers that central differences are taken for (`hidden.weights[0][1]`). Without it,
                all of them, if the parameters are at most 500 numbers.

        Raises:
            DisagreementError: chain rule and `jax.grad` differ by more than rounding.
        """
        worked = self.iterations[iteration]
        plan = worked.plan
        if plan.gradient is None:
            return []
        with jax.enable_x64(True):
            parameters, x = plan.gradient(*worked.arguments)
            reference = {**parameters, "x": x}
            wanted = np.flatnonzero(self._differences_wanted(worked, only))
            differences = np.full(plan.size, np.nan)
            differences[wanted] = plan.central_differences(worked.arguments, wanted)
            weight = plan.forward.tape.weight(worked.local)
            found = []
            for name, chain_rule in _gradients(worked).items():
                expected = np.asarray(reference[name])
                ids = plan.forward.by_name[name].ids
                agree(name, chain_rule, expected, weight[ids])
                found.append(Comparison(name, chain_rule, expected, differences[ids]))
        return found

    def proof(self, iteration: int = 0) -> dict[str, tuple[float, float, int, int]]:
        """For every derivative of the working, by the name of what it is with respect to: `jax.grad`, the central
        difference (NaN where none is taken), and to how many digits the chain rule agrees with each.
        """
        worked = self.iterations[iteration]
        with jax.enable_x64(True):
            proof = worked.plan.proof
            if proof is None:
                return {}
            gradients, differences = proof(worked.arguments)
        ids = proof.wanted
        chain_rule = worked.values[ids + worked.plan.size]
        weight = worked.plan.forward.tape.weight(worked.local)[ids]
        digits = (
            digits_between(chain_rule, gradients, weight).tolist(),
            digits_between(chain_rule, differences, weight, LEAST_DIFFERENCE).tolist(),
        )
        names = [self.walkthrough.workings[iteration].quantity(number) for number in ids.tolist()]
        return dict(zip(names, zip(gradients.tolist(), differences.tolist(), *digits, strict=True), strict=True))

    def _differences_wanted(self, worked: Iteration, only: Sequence[str] | None) -> np.ndarray:
        wanted = np.zeros(worked.plan.size, bool)
        if only is not None:
            names = Names(worked.plan)
            wanted[[names.number(name) for name in only]] = True
        elif sum(value.size for value in worked.before.values()) <= MOST_DIFFERENCES:
            for name in worked.before:
                wanted[worked.plan.forward.by_name[name].ids] = True
            x = worked.plan.forward.by_name["x"].ids
            wanted[x] = x.size <= MOST_DIFFERENCES
        return wanted

    def to_dict(self, derivatives: bool = False) -> dict[str, Any]:
        """What solving gives, as JSON has it: not-a-number and infinities as text."""
        result = {"title": self.problem.title, **_report(self._first, derivatives)}
        result["steps"] = self.walkthrough.count
        if len(self.iterations) > 1:
            result["iterations"] = [_report(worked, derivatives) for worked in self.iterations]
        return result


def _loss(worked: Iteration, after: bool = False) -> float | None:
    if worked.plan.gradient is None:
        return None
    return float(worked.after_update("loss") if after else worked.of("loss"))


def _gradients(worked: Iteration) -> dict[str, np.ndarray]:
    if worked.plan.gradient is None:
        return {}
    return {name: worked.gradient(name) for name in (*worked.before, "x")}


def _updated(worked: Iteration) -> dict[str, np.ndarray]:
    return {} if worked.plan.gradient is None else {name: np.asarray(v) for name, v in worked.after.items()}


def _quantities(worked: Iteration) -> list[str]:
    """The names that belong into `quantities`: what layers compute, error and term."""
    forward = worked.plan.forward
    found: list[Variable] = [*forward.aliases.values(), *forward.variables]
    computed = {v.name for v in found if "." in v.name and v.axes[:1] == ("sample",)}
    layers = [layer.name for layer in worked.plan.problem.layers]
    ordered = sorted(computed, key=lambda name: (layers.index(name.split(".")[0]), name.endswith(".a")))
    return [*ordered, *(name for name in ("error", "term") if name in forward.by_name)]


def _report(worked: Iteration, derivatives: bool) -> dict[str, Any]:
    penalty = float(worked.of("penalty")) if "penalty" in worked.plan.forward.by_name else 0.0
    names = _quantities(worked)
    report = {
        "prediction": worked.of("prediction"),
        "loss": _loss(worked),
        "loss_after": _loss(worked, after=True),
        "penalty": None if worked.plan.gradient is None else penalty,
        "quantities": {name: worked.of(name) for name in names},
        "gradients": _gradients(worked),
        "updated": _updated(worked),
    }
    if derivatives:
        report["derivatives"] = {name: worked.gradient(name) for name in names}
    return _plain(report)


def _plain(value: Any) -> Any:
    """Lists, numbers and text, as JSON has them."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, float) and not np.isfinite(value):
        return {"inf": "Infinity", "-inf": "-Infinity"}.get(str(value), "NaN")
    return value
