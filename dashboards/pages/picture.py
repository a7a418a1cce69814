"""From picture to class on the step player: an image, its maps, and the units that name it."""

from __future__ import annotations

from dash import html

from dashboards import player

FIRST = "digit"


def layout(example: str = "", step: str = "", detail: str = "", **_: str) -> html.Div:
    return player.place("picture", FIRST, example=example, step=step, detail=detail)
