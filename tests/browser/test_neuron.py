"""One neuron under one's hands: sliders, the curve with its tangent, the activations; and the two surfaces."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from nncalc.activations import ACTIVATIONS
from tests.browser.visit import Visit, at_step, shown, state, walked

FIRST_WEIGHT = "neuron.weights[0][0]"


def neuron(visit: Visit, query: str = "", **options: Any) -> Page:
    return visit.player(query, path="neuron", **options)


def slider(page: Page, name: str) -> Any:
    """The slider beneath a number."""
    return page.locator("td", has=page.locator(f'[data-given="{name}"]')).locator("input[type=range]")


def place(page: Page, mark: str) -> tuple[float, float]:
    """Where a mark of the plots is, in pixels."""
    point = page.locator(f'.neuron .plot-mark[data-for="{mark}"] .plot-point')
    found = re.match(r"translate\(([\d.-]+) ([\d.-]+)\)", point.get_attribute("transform") or "")
    assert found
    return float(found[1]), float(found[2])


def steepness(page: Page) -> float:
    """How steeply the tangent rises, in pixels."""
    x1, y1, x2, y2 = (
        float(page.locator('.plot-line[data-name="tangent"]').get_attribute(name) or "")
        for name in ("x1", "y1", "x2", "y2")
    )
    return (y1 - y2) / (x2 - x1)


def test_the_page_opens_with_the_point_on_the_curve(visit: Visit):
    page = neuron(visit)
    assert state(page) == (1, 20, "neuron")
    expect(shown(page, "neuron.a[0][0]")).to_have_text("0.6225")
    expect(page.locator('.plot-mark[data-for="a"] .plot-name')).to_have_text("σ(0.5) ≈ 0.6225")
    expect(page.locator('.plot-mark[data-for="slope"] .plot-name')).to_have_text("σ′(0.5) ≈ 0.2350")
    assert place(page, "z")[0] == pytest.approx(place(page, "a")[0]) == pytest.approx(place(page, "slope")[0])


def test_numbers_point_and_tangent_come_as_they_are_worked_out(visit: Visit):
    page = neuron(visit, "example=one-neuron&step=0&detail=operation")
    first, second = "neuron.z[0][0].terms[0]", "neuron.z[0][0].terms[1]"
    expect(shown(page, first)).to_have_text("1.5")
    expect(shown(page, second)).to_have_attribute("data-state", "empty")
    expect(shown(page, "neuron.z[0][0]")).to_have_text("")
    page.keyboard.press("ArrowRight")
    expect(shown(page, second)).to_have_text("−2")
    assert page.locator(".neuron .plot-mark").count() == 0
    page.keyboard.press("2")
    page.keyboard.press("Home")
    expect(page.locator('.plot-mark[data-for="z"] .plot-name')).to_have_text("z = 0.5")
    assert page.locator('.plot-mark[data-for="a"]').count() == 0
    page.keyboard.press("ArrowRight")
    expect(page.locator('.plot-line[data-name="tangent"]')).to_be_attached()
    page.keyboard.press("c")
    assert page.locator('.plot-mark[data-for="a"], .plot-line').count() == 0


def test_a_slider_that_is_drawn_moves_all_that_follows_and_is_one_change(visit: Visit):
    page = neuron(visit)
    before, tangent = place(page, "a"), steepness(page)
    own = slider(page, FIRST_WEIGHT)
    box = own.bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.65, y)
    page.mouse.down()
    for part in (0.7, 0.75, 0.8, 0.85, 0.9):
        page.mouse.move(box["x"] + box["width"] * part, y, steps=3)
        page.wait_for_timeout(120)  # answers come while the hand is on it
    page.mouse.up()
    expect(own).to_be_focused()
    value = float(own.input_value())
    assert value == round(value, 1) > 3
    expect(shown(page, FIRST_WEIGHT)).to_have_text(f"{value:g}")
    expect(shown(page, "neuron.z[0][0].terms[0]")).to_have_text(f"{value:g}")
    expect(shown(page, "neuron.z[0][0]")).to_have_text(f"{value - 1:.1f}".removesuffix(".0"))
    expect(shown(page, "neuron.a[0][0]")).to_have_text(f"{1 / (1 + math.exp(1 - value)):.4f}")
    after = place(page, "a")
    assert after[0] > before[0] and after[1] < before[1] and steepness(page) < tangent
    page.keyboard.press("Control+z")
    expect(shown(page, FIRST_WEIGHT)).to_have_text("1.5")
    expect(own).to_have_value("1.5")
    expect(page.locator('[data-act="undo"]')).to_be_disabled()


def test_the_arrows_are_the_slider_s_while_it_has_the_focus_and_the_player_s_after(visit: Visit):
    page = neuron(visit)
    own = slider(page, "neuron.bias[0]")
    own.focus()
    for key, expected in (("ArrowRight", "1.1"), ("Shift+ArrowLeft", "1.09"), ("ArrowUp", "1.1"), ("PageDown", "0.1")):
        page.keyboard.press(key)
        expect(shown(page, "neuron.bias[0]").first).to_have_text(expected)
        expect(own).to_be_focused()
    assert state(page)[0] == 1
    page.locator(".strip").focus()
    page.keyboard.press("ArrowRight")
    at_step(page, 2)


def test_a_number_is_typed_too_and_the_slider_follows(visit: Visit):
    page = neuron(visit)
    page.locator('.scene [data-given="x[0][1]"]').dblclick()
    page.locator(".editor input").fill("12.25")
    page.keyboard.press("Enter")
    expect(shown(page, "neuron.z[0][0].terms[1]")).to_have_text("−12.25")
    expect(slider(page, "x[0][1]")).to_have_value("12.25")
    expect(page.locator(".neuron-remark")).to_contain_text("saturated")


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_but_softmax_can_be_chosen(visit: Visit, name: str):
    page = neuron(visit, "example=one-neuron&step=1")
    option = page.locator(f'.neuron select option[value="{name}"]')
    if ACTIVATIONS[name].rowwise:
        expect(option).to_be_disabled()
        expect(option).to_contain_text("always 1")
        return
    page.locator(".neuron select").select_option(name)
    value = float(ACTIVATIONS[name].function.value(0.5, *ACTIVATIONS[name].settings.values()))
    expect(shown(page, "neuron.a[0][0]")).to_have_text(f"{value:.4f}".rstrip("0"))
    expect(page.locator(".of-value .plot-drawing")).to_have_attribute("aria-label", f"The activation {name}")
    assert page.locator(".tuning").count() == len(ACTIVATIONS[name].settings)


def test_relu_s_corner_and_a_dead_unit_are_said_in_a_sentence(visit: Visit):
    page = neuron(visit)
    page.locator(".neuron select").select_option("relu")
    remark = page.locator(".neuron-remark")
    expect(shown(page, "neuron.a[0][0]")).to_have_text("0.5")
    expect(remark).to_have_text("")
    slider(page, "neuron.bias[0]").focus()
    for _ in range(5):
        page.keyboard.press("ArrowLeft")
    expect(remark).to_contain_text("ReLU's corner")
    page.keyboard.press("ArrowLeft")
    expect(remark).to_contain_text("ReLU is off")
    expect(remark).to_contain_text("dead unit")


def test_the_slope_of_leaky_relu_is_set(visit: Visit):
    page = neuron(visit)
    page.locator(".neuron select").select_option("leaky_relu")
    field = page.locator(".tuning input[type=text]")
    expect(field).to_be_visible()  # drawn anew, with other sliders
    slider(page, "neuron.bias[0]").press("Home")
    expect(shown(page, "neuron.z[0][0]")).to_have_text("−5.5")
    field.fill("0.2")
    field.press("Enter")
    expect(shown(page, "neuron.a[0][0]")).to_have_text("−1.1")


def test_every_step_is_drawn(visit: Visit):
    """What a step writes can be seen in the drawing, with any number of samples."""
    page = neuron(visit, "example=one-neuron")
    for name in ("one-neuron", "batch-of-four"):
        page = visit.to_player(page, f"example={name}", path="neuron")
        expect(page.locator(".neuron")).to_be_visible()
        for at in walked(page, "2"):
            written = [
                n for region, n, s, text, seen in at["seen"] if region == "scene" and s == "written" and seen and text
            ]
            assert written, (name, at["step"])


def test_another_problem_shows_its_network(visit: Visit):
    page = neuron(visit, "example=mazur")
    expect(page.locator(".network")).to_be_visible()


def test_the_surfaces_come_when_their_section_is_opened(visit: Visit):
    page = neuron(visit)
    assert not [url for url in visit.requests if "plotly" in url.lower()]
    page.locator(".interaction summary").click()
    expect(page.locator("#neuron-fold .contour")).to_be_attached()
    told = page.locator("#neuron-fold-told")
    expect(told).to_have_text("3 children and 2 accounts give 10. One more account adds 2.")
    page.locator("#neuron-accounts").focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(told).to_have_text("3 children and 4 accounts give 13. One more account adds 1.")
    expect(page.locator("#neuron-plane-told")).to_contain_text("One more account adds 1.")
    assert state(page)[0] == 1
    page.locator("#neuron-turn").click()
    expect(page.locator("#neuron-fold canvas").first).to_be_attached(timeout=60_000)
    expect(page.locator("#neuron-turn")).to_have_text("Show from above")
