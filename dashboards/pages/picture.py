"""From picture to class: an image, its feature maps, its pooled maps, and the units that name it, on the step player."""

from __future__ import annotations

from dash import html

from dashboards import player

FIRST = "digit"


def layout(example: str = "", step: str = "", detail: str = "", **_: str) -> html.Div:
    return player.place("picture", FIRST, example=example, step=step, detail=detail)
