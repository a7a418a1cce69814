"""Pooling: the largest or the mean of every window of an image, on the step player."""

from __future__ import annotations

from dash import html

from dashboards import player

FIRST = "max-pooling-5x5"


def layout(example: str = "", step: str = "", detail: str = "", **_: str) -> html.Div:
    return player.place("pooling", FIRST, example=example, step=step, detail=detail)
