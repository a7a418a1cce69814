"""Walk through backpropagation: a network on the step player, from its inputs to its new weights."""

from __future__ import annotations

from dash import html

from dashboards import player

FIRST = "mazur"


def layout(example: str = "", step: str = "", detail: str = "", **_: str) -> html.Div:
    return player.place("backpropagation", FIRST, example=example, step=step, detail=detail)
