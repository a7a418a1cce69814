"""Python's copy of the colours is that of the style sheets, and they can be read."""

from __future__ import annotations

import re

import pytest

from dashboards import theme
from dashboards.app import ASSETS

TOKENS = (ASSETS / "css" / "tokens.css").read_text("utf-8")
PALETTES = {":root": theme.LIGHT, ':root[data-theme="dark"]': theme.DARK}


def declared(selector: str) -> dict[str, str]:
    """The custom properties of a rule of tokens.css."""
    rule = re.search(re.escape(selector) + r" \{(.*?)\}", TOKENS, re.DOTALL)
    assert rule is not None
    return dict(re.findall(r"--([\w-]+): (.+?);", rule[1]))


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("selector", PALETTES)
def test_the_colours_are_those_of_the_style_sheet(selector: str):
    tokens = declared(selector)
    assert {name: tokens[f"color-{name}"] for name in PALETTES[selector]} == PALETTES[selector]


def test_the_font_is_that_of_the_style_sheet():
    assert declared(":root")["font-text"] == theme.FONT


@pytest.mark.parametrize("selector", PALETTES)
@pytest.mark.parametrize("background", ["color-paper", "color-paper-raised"])
@pytest.mark.parametrize("text", ["color-ink", "color-ink-quiet", "color-fault", "color-positive-ink", "color-loss"])
def test_texts_have_a_contrast_of_four_and_a_half(selector: str, background: str, text: str):
    tokens = declared(selector)
    assert contrast(tokens[text], tokens[background]) >= 4.5


@pytest.mark.parametrize("selector", PALETTES)
@pytest.mark.parametrize("stroke", ["color-positive", "color-negative", "color-line-strong", "color-focus"])
def test_drawings_have_a_contrast_of_three(selector: str, stroke: str):
    tokens = declared(selector)
    assert contrast(tokens[stroke], tokens["color-paper"]) >= 3
