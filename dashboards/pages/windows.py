"""Padding, strides, dilation: what each does to a window that slides, side by side, on the step player."""

from __future__ import annotations

from dash import html

from dashboards import player

FIRST = "padding-strides-dilation"


def layout(example: str = "", step: str = "", detail: str = "", **_: str) -> html.Div:
    return player.place("windows", FIRST, example=example, step=step, detail=detail)
