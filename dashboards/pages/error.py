"""Error and loss: a table of predictions on the step player, from every row's error to the loss, with its plot."""

from __future__ import annotations

from dash import html

from dashboards import player

FIRST = "error-table"


def layout(example: str = "", step: str = "", detail: str = "", **_: str) -> html.Div:
    return player.place("error", FIRST, example=example, step=step, detail=detail)
