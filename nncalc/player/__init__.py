"""What a player gets to show a walkthrough without asking again: values, patterns, formula templates, index arrays.

The numbers of all iterations stand in one list of quantities. A *line* is a kind of step: its templates, and for every
step of that kind the quantities that fill the template's holes. Nothing is sent per product, per quantity its value
alone, and per step only indices: see `nncalc.player.arrays` for how they travel.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nncalc.player.lines import Packer
from nncalc.player.selection import MOST_STEPS
from nncalc.walkthrough.working import Working

__all__ = ["FORMAT", "MOST_STEPS", "player_data"]

FORMAT = "nncalc-walkthrough/2"


def player_data(workings: Sequence[Working], title: str = "", style: str = "mathml") -> dict[str, Any]:
    """A walkthrough as plain data.

    Returns:
        `quantities`: blocks with `name`, `suffix`, `axes`, `shape` and `start`, the place of their first number in the
            list `values` (not-a-number and infinities are strings); `symbol` is the pattern of their symbols (see
            `nncalc.formula.symbol.Index`); `at` lists the positions that are there, where not all are; a block
            without a name is a constant, and has no symbol;
        `noise`: the quantities that are nothing but what rounding left over: they are shown as 0;
        `templates`: formulas as lists of strings and holes `[slot, [position…], guarded]`;
        `trees`: formulas to be evaluated, `[operator, operand…]` with `["@", k]` for operand k;
        `lines`: for every kind of step its `chapter`, `layer`, `sentence` and, one entry per step, the quantity that it
            `writes`, the `slots` to be filled with (by position), its `symbols` and `numbers` templates (one for all,
            or one each), how many `extra` digits its operands are printed with (likewise), its `remarks`, and how it
            is `opened` into single operations (see `nncalc.player.formulas`);
        `steps`: in order, the line and the row in it (see `nncalc.player.arrays.in_order`);
        `groups`: for "layer" and "chapter" the first step of every group, its sentence, and how many of its steps are
            left out;
        `feeds`: every fact "`result` depends on `source`" of the loss's chain rule, with the value and the formula of
            its local slope; `step` where the slope is a step of its own at the granularity of single operations;
        `matrices`: of the steps that have a matrix form, one line per variable and chapter (see
            `nncalc.player.matrices`): its `result`, and a `template` whose holes are its `operands`;
        `count`: how many steps there are; where they are more than `MOST_STEPS`, only `kept` of them are here: those of
            the first of all `iterations`, and of an iteration that isn't `whole` those of some units and samples, and
            of images of the first `maps`;
        `paths`: whether `feeds` is complete, so that paths to the loss can be followed.
    """
    return {"format": FORMAT, "title": title, **Packer(workings, style).data()}
