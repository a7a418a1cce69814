"""What a walkthrough is told from: ledgers under one numbering, and the words for them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np

from nncalc.ledger.chain import Chain, Lines, Paths
from nncalc.ledger.check import CentralDifferences
from nncalc.ledger.named import Ledger
from nncalc.problem import Problem


class Plan:
    """A calculation without its numbers.

    The numbering: the values of the forward ledger, their derivatives (both `size` many), then, where there is an
    update, the numbers of its ledger and the values of the forward pass after it.

    Attributes:
        function: what is run.
        forward: the ledger of the function.
        chain: the chain rule over it.
        update: the ledger of the update rule, where there is one; `trained` are the parameters that it changes.
        of_update, of_after: where the numbers of the update and of the pass after it stand in the numbering.
        problem: one of the problems that share the plan; its numbers are not to be used.
        layers: the names of the layers, first to last; quantities `layer.z` belong to one.
        samples: how many samples there are; with one, symbols need no index for it.
        flat: whether weights are numbered unit by unit.
        script: what a walkthrough makes of it, kept here so that it lives as long as the plan.
        letter: what the loss is called in a derivative.
    """

    problem: Problem | None = None
    layers: tuple[str, ...] = ()
    samples: int = 1
    flat: bool = False
    letter: str = "L"
    update: Ledger | None = None
    of_update: np.ndarray
    of_after: np.ndarray
    trained: list[str]
    script: Any = None

    def __init__(self, function: Callable, forward: Ledger, chain: Chain) -> None:
        self.function, self.forward, self.chain = function, forward, chain
        self.size = forward.tape.size
        self.count = 2 * self.size
        self.trained = []

    @cached_property
    def _differences(self) -> CentralDifferences:
        return CentralDifferences(self.function)

    def central_differences(self, arguments: tuple, ids: np.ndarray) -> np.ndarray:
        """The central difference for every number of the arguments that `ids` name; in their shape."""
        if not ids.size:
            return np.zeros(ids.shape)
        first = self.forward.tape.fixed  # the arguments' numbers follow one another from here on
        return self._differences(arguments, ids.ravel() - first).reshape(ids.shape)

    @cached_property
    def paths(self) -> Paths:
        return Paths(self.chain)

    @property
    def lines(self) -> dict[str, list[Lines]]:
        """The lines of working by part: "forward", "backward", "update", "after"."""
        raise TypeError("a plan of its own kind is needed")
