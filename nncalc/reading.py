"""A cursor over a document that collects what is wrong with it."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

import numpy as np

from nncalc.document import within as place_within
from nncalc.errors import Fault, InputError
from nncalc.parsing import ANY, Range, parse_number
from nncalc.wording import counted, meant, shown

MOST_NUMBERS = 1_000_000
MOST_FAULTS = 100
LONGEST_TEXT = 10_000

Default = TypeVar("Default")


class _Absent:
    """The value of a field that the document leaves out; null is a value, and refused."""


ABSENT = _Absent()


@dataclass(frozen=True)
class Axis:
    """How many entries a list has, and why; `count` None: as many as in the first list of its kind.

    >>> Axis(2, "one per unit")
    Axis(count=2, reason='one per unit')
    """

    count: int | None
    reason: str = ""


@dataclass
class Report:
    """What is known of a whole document: its faults so far and how many numbers it has used."""

    faults: list[Fault] = field(default_factory=list)
    more_faults: int = 0
    numbers: int = 0

    def add(self, fault: Fault) -> None:
        """Keep a fault; after the first hundred, only count them: nobody reads a million lines."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(fault)
        else:
            self.more_faults += 1


class Reader:
    """One place in a document. What is wrong there is collected, and reading goes on.

    A method that finds a fault gives its default back (an array: None), so that the rest can still be looked
    at; `finish` then raises everything at once. What is left out is its default without a fault.

    >>> reader = Reader({"units": 0, "name": 5})
    >>> reader.at("units").integer(1, least=1, most=10), reader.at("name").text("layer1")
    (1, 'layer1')
    >>> reader.finish()
    Traceback (most recent call last):
    nncalc.errors.InputError: units: 0 given, a whole number from 1 to 10 needed
    name: 5 given, a text needed
    """

    def __init__(self, value: object, place: str = "", report: Report | None = None) -> None:
        self.value = value
        self.place = place
        self.report = Report() if report is None else report

    @property
    def absent(self) -> bool:
        return self.value is ABSENT

    def fault(self, message: str, within: str = "") -> None:
        """Note what is wrong here, or further in, at the indices `within`."""
        self.report.add(Fault(self.place + within, message))

    def finish(self) -> None:
        """Raise InputError if there is any fault in the whole document."""
        faults = self.report.faults
        if self.report.more_faults:
            faults = [*faults, Fault("", f"and {counted(self.report.more_faults, 'more fault')}")]
        if faults:
            raise InputError.of(faults)

    def afford(self, numbers: int) -> bool:
        """Count numbers that the problem holds; False, with one fault, once they are too many."""
        before = self.report.numbers
        self.report.numbers += numbers
        if before <= MOST_NUMBERS < self.report.numbers:
            self.fault(f"with this there are more than {MOST_NUMBERS:,} numbers, the most that can be used")
        return self.report.numbers <= MOST_NUMBERS

    # Objects and lists

    def only(self, possible: Collection[str], required: Collection[str] = ()) -> bool:
        """Whether this is an object; fields not `possible`, and `required` ones left out, are faults."""
        if not isinstance(self.value, dict):
            if not self.absent:
                self.fault(f"{shown(self.value)} given, an object {{…}} needed")
            return False
        for name in islice((name for name in self.value if name not in possible), MOST_FAULTS):
            self.fault(f"unknown field {shown(name)}{meant(name, possible)}")
        for name in required:
            if name not in self.value:
                self.fault(f"the field `{name}` is missing")
        return True

    def at(self, name: str) -> Reader:
        value = self.value.get(name, ABSENT) if isinstance(self.value, dict) else ABSENT
        return Reader(value, place_within(self.place, name), self.report)

    def items(self) -> list[Reader]:
        """The entries of a list; none, with a fault, if this is no list."""
        if not isinstance(self.value, list) and not self.absent:
            self.fault(f"{shown(self.value)} given, a list […] needed")
        return list(self._entries())

    def _entries(self) -> Iterator[Reader]:
        if isinstance(self.value, list):
            for index, value in enumerate(self.value):
                yield Reader(value, f"{self.place}[{index}]", self.report)

    # Single values

    def number(self, default: Default, possible: Range = ANY) -> float | Default:
        if self.absent:
            return default
        try:
            number = parse_number(self.value)
        except InputError as error:
            self.fault(error.faults[0].message)
            return default
        if number in possible:
            return number
        self.fault(f"{shown(self.value)} given, it has to be {possible}")
        return default

    def integer(self, default: Default, *, least: int, most: int) -> int | Default:
        if self.absent:
            return default
        try:
            number = parse_number(self.value)
        except InputError as error:
            self.fault(error.faults[0].message)
            return default
        if number.is_integer() and least <= number <= most:
            return int(number)
        self.fault(f"{shown(self.value)} given, a whole number from {least} to {most} needed")
        return default

    def flag(self, default: bool) -> bool:
        if isinstance(self.value, bool):
            return self.value
        if not self.absent:
            self.fault(f"{shown(self.value)} given, true or false needed")
        return default

    def text(self, default: str, longest: int = LONGEST_TEXT) -> str:
        """Plain text: line breaks and tabs are part of it, other control characters are refused."""
        if self.absent:
            return default
        if not isinstance(self.value, str):
            self.fault(f"{shown(self.value)} given, a text needed")
        elif len(self.value) > longest:
            self.fault(f"a text of {len(self.value):,} characters given, at most {longest:,} are possible")
        elif any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\r\t" for c in self.value):
            self.fault(f"{shown(self.value)} contains a character that no text can show. Remove it")
        else:
            return self.value
        return default

    def choice(self, possible: Collection[str], default: Default) -> str | Default:
        if self.absent:
            return default
        if isinstance(self.value, str) and self.value in possible:
            return self.value
        self.fault(f"{shown(self.value)} is not one of the choices{meant(self.value, possible)}")
        return default

    # Arrays

    def array(self, *axes: Axis) -> np.ndarray | None:
        """Nested lists of numbers, one axis per level; None unless every list has its number of entries.

        A faulty number counts as 0, so that the shape is still known. The result is read-only.

        >>> reader = Reader([[1, "1/2"], [1, 2, 3]], "weights")
        >>> reader.array(Axis(2, "one per input"), Axis(2, "one per unit"))
        >>> print(reader.report.faults[0])
        weights[1]: 3 numbers given, 2 needed (one per unit)
        """
        axes = self._counted(axes)
        numbers: list[float] = []
        right = self._collect(axes, numbers)
        if not (self.afford(len(numbers)) and right):
            return None
        return read_only(np.array(numbers).reshape([axis.count or 0 for axis in axes]))

    def _counted(self, axes: Sequence[Axis]) -> tuple[Axis, ...]:
        """The axes, those without a count as long as the first list found at their level."""
        complete, value = [], self.value
        for axis in axes:
            first = len(value) if isinstance(value, list) else None
            complete.append(Axis(first, axis.reason) if axis.count is None else axis)
            value = value[0] if isinstance(value, list) and value else None
        return tuple(complete)

    def _collect(self, axes: tuple[Axis, ...], into: list[float]) -> bool:
        """Append every number from here on, in reading order; False when the lists are not as `axes` says."""
        if not axes:
            into.append(self.number(0.0))
            return not isinstance(self.value, list)
        right = self._counts(axes)
        if len(axes) == 1 and (row := _floats(self.value)) is not None:
            into.extend(row)
            return right
        for entry in self._entries():
            right = entry._collect(axes[1:], into) and right
            if len(into) > MOST_NUMBERS:  # refused anyway: the rest need not be looked at
                return False
        return right

    def _counts(self, axes: tuple[Axis, ...]) -> bool:
        axis = axes[0]
        noun = {1: "number", 2: "row"}.get(len(axes), "entry")
        reason = f" ({axis.reason})" if axis.reason and axis.count != 0 else ""
        if not isinstance(self.value, list):
            needed = "a list" if axis.count is None else f"a list of {counted(axis.count, noun)}"
            self.fault(f"{shown(self.value)} given, {needed} needed{reason}")
        elif not self.value:
            self.fault(f"an empty list given, at least 1 {noun} needed{reason}")
        elif axis.count is not None and len(self.value) != axis.count:
            self.fault(f"{counted(len(self.value), noun)} given, {axis.count} needed{reason}")
        else:
            return True
        return False


def _floats(values: object) -> list[float] | None:
    """A list of ordinary numbers as floats; None if any entry has to be looked at by itself."""
    if not isinstance(values, list) or not all(type(v) is float or type(v) is int for v in values):
        return None
    try:
        floats = [float(v) for v in values]
    except OverflowError:
        return None
    return floats if all(map(math.isfinite, floats)) else None


def read_only(array: np.ndarray) -> np.ndarray:
    array.setflags(write=False)
    return array
