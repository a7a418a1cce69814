"""Which numbers of a problem are given, so that they can be changed; all others follow from them."""

from __future__ import annotations

from nncalc.network import frozen_parameters, parameters_of, penalties_of
from nncalc.problem import Problem


def settings_of(problem: Problem) -> list[str]:
    """The numbers of the update rule, where anything is updated."""
    if problem.y is None or frozen_parameters(problem) >= parameters_of(problem).keys():
        return []
    return [name for name, value in problem.optimizer.settings.items() if not isinstance(value, bool)]


def given_of(problem: Problem) -> list[str]:
    """The names, without indices, of all numbers that a person may change."""
    targets = [] if problem.y is None else ["y"]
    return ["x", *targets, *parameters_of(problem), *penalties_of(problem), *settings_of(problem)]
