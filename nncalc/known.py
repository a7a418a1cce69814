"""What a function that people know by name consists of: how it runs, and how it is explained."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from nncalc.formula.expression import Function


@dataclass(frozen=True, eq=False)
class Known:
    """A JAX function and its formula.

    The two are independent statements of the same thing: the ledger recognises `run` by its jaxpr, wherever it occurs
    (in a user's own function or a Keras layer too), and prints `function` in its place. A test holds value and slope
    of each against JAX.

    Attributes:
        run: the function in plain JAX, element by element unless `rowwise`.
        function: its formula and its formula's slopes, one per argument of `run`, settings included.
        settings: keyword arguments of `run` that are plain numbers, with their defaults.
        spelled: other ways of writing `run` that have the same value and the same slope everywhere.
        rowwise: every result depends on the whole last axis, as for softmax.
    """

    run: Callable
    function: Function
    settings: Mapping[str, float] = field(default_factory=dict)
    spelled: tuple[Callable, ...] = ()
    rowwise: bool = False
