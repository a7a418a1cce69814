"""Steps: what a walkthrough consists of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from nncalc.walkthrough.order import Entry
from nncalc.walkthrough.working import Result, Working
from nncalc.walkthrough.written import Written


@dataclass(frozen=True, eq=False)
class Step(Written):
    """One line of working: computes one named quantity.

    Attributes:
        chapter: Forward, Loss, Backward, Update or After; with several iterations it names the iteration too.
        layer: the layer that it belongs to, or "".
        sample: the sample, counted from 0, or −1 for what is over all samples.
    """

    chapter: str
    layer: str
    sample: int
    entry: Entry
    working: Working

    @property
    def _line(self):
        return self.working.printed(self.entry)

    @property
    def quantity(self) -> str:
        """The name of what is computed: `hidden.z[0][1]`."""
        return self.working.quantity(self.entry.writes)

    @property
    def sentence(self) -> str:
        return self._line.sentence(self.entry.element)

    @cached_property
    def result(self) -> Result:
        return self._line.result(self.entry.element)

    def written(self, what: str, style: str) -> str:
        """Its `symbol`, its `symbols` or its `numbers` as "text", "latex" or "mathml"."""
        line, k = self._line, self.entry.element
        if what == "symbol":
            return self.working.script.names.write(self.entry.writes, style)
        return line.symbols(k, style) if what == "symbols" else line.numbers(k, style)

    @property
    def reads(self) -> list[str]:
        """The names of the quantities that go in."""
        ids = dict.fromkeys(int(i) for slot in self.entry.lines.slots for i in slot[self.entry.element].ravel())
        return [self.working.quantity(i) for i in ids]

    def __repr__(self) -> str:
        sides = dict.fromkeys([self.symbol, self.symbols, self.numbers])
        sides.pop(self.result.text, None)
        return f"{' = '.join(sides)} {self.result.sign} {self.result.text}"


def steps_of(working: Working, entries: Iterable[Entry]) -> list[Step]:
    """The entries of a working with its numbers."""
    return [Step(working.title_of(e.chapter), e.layer, e.sample, e, working) for e in entries]
