"""The colours of `assets/css/tokens.css`, for what is drawn in Python and cannot read custom properties."""

from __future__ import annotations

LIGHT = {
    "ink": "#16191d",
    "ink-quiet": "#525a66",
    "paper": "#ffffff",
    "line": "#d7dce3",
    "line-strong": "#7a8594",
    "positive": "#0072b2",
    "negative": "#d55e00",
    "loss": "#9b1c31",
}
DARK = {
    "ink": "#eef1f5",
    "ink-quiet": "#a9b2bf",
    "paper": "#14171b",
    "line": "#363d47",
    "line-strong": "#7a8697",
    "positive": "#4aa8e0",
    "negative": "#ff8a3d",
    "loss": "#ff8b9c",
}
FONT = 'system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif'
