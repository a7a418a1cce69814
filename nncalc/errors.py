"""What is told to a person whose request is not possible."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, and where: `place` is a path such as `layers[1].weights[0]`, or empty.

    >>> print(Fault("layers[1].weights[0]", "3 numbers given, 2 needed (one per unit)"))
    layers[1].weights[0]: 3 numbers given, 2 needed (one per unit)
    """

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class InputError(ValueError):
    """What a person asked is not possible; anything else that is raised is a fault of nncalc itself.

    `faults` holds everything that is wrong, in the order in which it was found; the text has a line for each.

    >>> print(InputError("0 given, at least 1 needed", place="iterations"))
    iterations: 0 given, at least 1 needed
    >>> print(InputError.of([Fault("decimals", "no number"), Fault("", "no layers")]))
    decimals: no number
    no layers
    """

    faults: tuple[Fault, ...]

    def __init__(self, message: str, place: str = "") -> None:
        self._carry((Fault(place, message),))

    @classmethod
    def of(cls, faults: Iterable[Fault]) -> InputError:
        """One error for several faults; there has to be at least one."""
        several = tuple(faults)
        if not several:
            raise TypeError("An InputError needs at least one fault.")
        error = cls("")
        error._carry(several)
        return error

    def _carry(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        # `args` is what str, repr and pickle show of an exception.
        self.args = ("\n".join(map(str, faults)),)
