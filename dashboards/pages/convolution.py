"""Convolution: a kernel slides over an image on the step player, forwards, and backwards with its gradients."""

from __future__ import annotations

from dash import html

from dashboards import player

FIRST = "convolution-5x5"


def layout(example: str = "", step: str = "", detail: str = "", **_: str) -> html.Div:
    return player.place("convolution", FIRST, example=example, step=step, detail=detail)
