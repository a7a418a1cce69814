"""One neuron under one's hands: its addends, its sum, and its activation on the curve."""

from __future__ import annotations

from dash import html

from dashboards import player

FIRST = "one-neuron"
ACTIVATED = "1"  # the step at which the point is on the curve


def layout(example: str = "", step: str = "", detail: str = "", **_: str) -> html.Div:
    step = step or ("" if example or detail else ACTIVATED)
    return player.place("neuron", FIRST, example=example, step=step, detail=detail)
