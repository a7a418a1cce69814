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


TEXT = 4.5
DRAWING = 3.0
EVERYWHERE = ("paper", "paper-raised")
MARKED = (*EVERYWHERE, "read")
PAIRS = {
    (TEXT, "ink"): (*MARKED, "gradient-soft", "fault-soft"),
    (TEXT, "ink-quiet"): MARKED,
    (TEXT, "paper"): ("ink", "ink-quiet"),  # on buttons that are filled, and under the pointer
    (TEXT, "positive-ink"): MARKED,
    (TEXT, "negative-ink"): MARKED,
    (TEXT, "gradient"): (*MARKED, "gradient-soft"),
    (TEXT, "loss"): MARKED,
    (TEXT, "target"): MARKED,
    (TEXT, "fault"): (*EVERYWHERE, "fault-soft"),
    (TEXT, "focus"): EVERYWHERE,  # links, too
    (TEXT, "x"): MARKED,
    (TEXT, "w"): MARKED,
    (TEXT, "b"): MARKED,
    (TEXT, "z"): MARKED,
    (TEXT, "setting"): MARKED,
    (DRAWING, "ink"): MARKED,
    (DRAWING, "positive"): EVERYWHERE,
    (DRAWING, "negative"): EVERYWHERE,
    (DRAWING, "gradient"): (*EVERYWHERE, "gradient-soft"),
    (DRAWING, "line-strong"): EVERYWHERE,
    (DRAWING, "loss"): EVERYWHERE,
    (DRAWING, "target"): EVERYWHERE,
    (DRAWING, "fault"): (*EVERYWHERE, "fault-soft"),
    (DRAWING, "focus"): (*MARKED, "gradient-soft"),
}
"""What every colour has to be told apart from, and how well (WCAG 2.2, 1.4.3 and 1.4.11)."""

DRAWN_WITH_OPACITY = {"positive", "negative", "line-strong"}
ORNAMENTS = {
    "line": "separates what space and headings separate already, and frames boxes whose number is read without it",
    "shadow": "under what lies above the page, which has a border",
}
"""Colours that say nothing, each with why."""


def laid_over(colour: str, ground: str, opacity: float) -> str:
    """What is seen of a colour that lets its ground through."""
    parts = [
        round(opacity * int(colour[i : i + 2], 16) + (1 - opacity) * int(ground[i : i + 2], 16)) for i in (1, 3, 5)
    ]
    return "#" + "".join(f"{part:02x}" for part in parts)


@pytest.mark.parametrize("selector", PALETTES)
@pytest.mark.parametrize(("least", "colour"), PAIRS)
def test_a_colour_can_be_told_from_everything_behind_it(selector: str, least: float, colour: str):
    tokens = declared(":root") | declared(selector)
    for ground in PAIRS[least, colour]:
        seen, behind = tokens[f"color-{colour}"], tokens[f"color-{ground}"]
        if least == DRAWING and colour in DRAWN_WITH_OPACITY:
            seen = laid_over(seen, behind, float(tokens["opacity-edge"]))
        assert contrast(seen, behind) >= least, f"{colour} on {ground}: {contrast(seen, behind):.2f}"


def test_every_colour_is_in_a_pair_or_an_ornament():
    named = {name.removeprefix("color-") for name in declared(":root") if name.startswith("color-")}
    in_pairs = {colour for _, colour in PAIRS} | {ground for grounds in PAIRS.values() for ground in grounds}
    assert named == in_pairs | ORNAMENTS.keys()


def test_both_themes_have_the_same_colours():
    light, dark = ({n for n in declared(selector) if n.startswith("color-")} for selector in PALETTES)
    assert light == dark


def test_the_palette_for_signs_is_the_one_for_colour_blind_eyes():
    """Okabe and Ito's blue and vermilion."""
    tokens = declared(":root")
    assert (tokens["color-positive"], tokens["color-negative"]) == ("#0072b2", "#d55e00")


def test_white_on_black_and_equal_colours_have_the_contrasts_of_the_standard():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#777777") == 1
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)  # the lightest grey for text on white
