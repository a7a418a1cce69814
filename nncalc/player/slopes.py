"""The local slopes of the chain rule as lines: every fact "this result depends on this source"."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nncalc.formula.expression import evaluate
from nncalc.ledger.chain import Feed, Lines
from nncalc.walkthrough.operations import activation_feed
from nncalc.walkthrough.working import PrintedLines, Working


@dataclass(frozen=True, eq=False)
class Slopes:
    """Facts that share the formula of their slope; `is_step`: a single operation of the working."""

    source: np.ndarray
    result: np.ndarray
    printed: PrintedLines
    is_step: bool

    @property
    def values(self) -> np.ndarray:
        return self.printed.values[self.printed.lines.writes]


def count_of_facts(working: Working) -> int:
    return sum(len(feed.source) for feed in working.plan.chain.feeds)


def with_slopes(working: Working, all_of_them: bool) -> tuple[Working, list[Slopes]]:
    """The working with the values of its slopes behind its own, and the slopes: all, or those that are steps."""
    chain = working.plan.chain
    steps = {id(f) for v in chain.between if (f := activation_feed(chain.feeds, v)) is not None}
    feeds = [feed for feed in map(_Leading(working), chain.feeds) if feed is not None]
    feeds = [(feed, id(origin) in steps) for origin, feed in feeds if all_of_them or id(origin) in steps]
    values, lines = [working.values], []
    first = working.values.size
    for feed, _ in feeds:
        with np.errstate(all="ignore"):
            slope = evaluate(feed.slope, [working.values[ids] for ids in feed.filled])
        values.append(np.broadcast_to(slope, feed.source.shape))
        count = len(feed.source)
        lines.append(Lines(feed.reader, np.arange(count), first + np.arange(count), feed.slope, feed.filled))
        first += count
    extended = Working(working.plan, np.concatenate(values), working.decimals, working.index, working.several)
    found = [
        Slopes(feed.source, feed.result, PrintedLines(extended, same, ""), is_step)
        for (feed, is_step), same in zip(feeds, lines, strict=True)
    ]
    return extended, found


class _Leading:
    """Keeps of a feed what lies between the parameters and the loss."""

    def __init__(self, working: Working) -> None:
        ledger = working.plan.forward
        names = {variable.name for variable in working.plan.chain.between}
        self.names = names
        self.wanted = np.array([variable.name in names for variable in ledger.variables], bool)
        self.owner = ledger.owner

    def __call__(self, feed: Feed) -> tuple[Feed, Feed] | None:
        owner = self.owner[feed.source]
        kept = np.flatnonzero((owner >= 0) & self.wanted[owner])
        if feed.reader.name not in self.names or not len(kept):
            return None
        filled = tuple(ids[kept] for ids in feed.filled)
        return feed, Feed(feed.reader, feed.source[kept], feed.result[kept], feed.slope, filled)
