"""Images on the step player: what is lit with a cell, the keyboard, backwards, pictures, small and large screens."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.visit import Visit, at_step, shown

Z23 = 12  # the step of the convolution's output in row 2, column 3


def convolution(visit: Visit, query: str = f"step={Z23}", **options) -> Page:
    return visit.player(query, path="convolution", **options)


def cells(page: Page, grid: str, mark: str) -> list[str]:
    """The numbers of a grid that stand in a way."""
    return page.locator(f'[data-grid="{grid}"] .cell[data-mark="{mark}"] .number').all_text_contents()


def lit(page: Page, grid: str) -> int:
    """How many cells of a grid are lit with the one that is pointed at; the last grid drawn is the last one lit."""
    order = page.locator("[data-grid]").evaluate_all("(all) => all.map((e) => e.dataset.grid)")
    path = page.locator(".over .link").nth(order.index(grid)).get_attribute("d") or ""
    return path.count("M")


def test_the_window_its_products_and_their_sum(visit: Visit):
    page = convolution(visit)
    assert cells(page, "in", "read") == ["1", "3", "1", "2", "2", "3", "0", "2", "2"]
    assert cells(page, "out", "written") == ["19"]
    assert cells(page, "out", "empty") == ["", "", ""]
    made = page.locator('.product:not([data-hidden="true"]) .made').all_text_contents()
    assert made == ["= 0", "= 3", "= 2", "= 4", "= 4", "= 0", "= 0", "= 2", "= 4"]
    expect(page.locator(".sum-line").first).to_have_text("sum: 19")


def test_the_window_slides_with_the_steps_and_a_step_looks_the_same_wherever_one_comes_from(visit: Visit):
    page = convolution(visit)
    place = page.locator(".over .window[data-shown='true']")
    before, looked = place.get_attribute("style"), page.evaluate("look()")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    at_step(page, Z23 - 2)
    assert place.get_attribute("style") != before
    page.keyboard.press("End")
    page.evaluate(f"scrub({Z23})")
    assert page.evaluate("look()") == looked


def test_a_cell_lights_what_it_is_made_of_what_it_meets_and_where_it_goes(visit: Visit):
    page = convolution(visit)
    page.locator('[data-grid="out"] .cell').nth(0).hover()
    assert (lit(page, "in"), lit(page, "kernel"), lit(page, "out")) == (9, 9, 1)
    page.locator('[data-grid="kernel"] .cell').nth(4).hover()
    assert (lit(page, "in"), lit(page, "kernel"), lit(page, "out")) == (9, 1, 9)
    page.locator('[data-grid="in"] .cell').nth(0).hover()
    assert (lit(page, "in"), lit(page, "kernel"), lit(page, "out")) == (1, 1, 1)
    expect(page.locator(".maps-told")).to_contain_text("goes into 1 output")


def test_one_operation_at_a_time_the_products_come_and_the_sum_grows(visit: Visit):
    page = convolution(visit, "step=7&detail=operation")
    states = page.locator('.product:not([data-hidden="true"])').evaluate_all("(all) => all.map((e) => e.dataset.state)")
    assert states.count("written") == 1 and "empty" in states and "known" in states
    expect(page.locator(".sum-line").first).to_have_text(re.compile("sum so far"))


def test_backwards_the_gradient_of_the_output_slides_and_the_one_of_the_kernel_fills_in(visit: Visit):
    page = convolution(visit, "step=77")  # the third weight: x under δ in the upper right corner
    assert page.locator('[data-grid="kernel"] .number').all_text_contents()[:4] == ["3", "6", "11", ""]
    assert page.locator('[data-grid="out"] .number').all_text_contents() == [
        "1",
        "0",
        "−1",
        "0",
        "2",
        "0",
        "0",
        "0",
        "1",
    ]
    assert cells(page, "in", "read") == ["2", "1", "0", "1", "3", "1", "2", "2", "3"]
    expect(page.locator(".over .window[data-shown='true']")).to_have_attribute("data-back", "true")


def test_arrows_move_within_a_grid_enter_changes_a_number_and_then_they_are_there_again(visit: Visit):
    page = convolution(visit, "")
    first = page.locator('[data-grid="in"] .cell[tabindex="0"]')
    first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    at_step(page, 0)
    expect(page.locator('[data-grid="in"] .cell:focus')).to_have_attribute("data-for", "x[0][1][1][0]")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.locator(".editor input").fill("5")
    page.keyboard.press("Enter")
    expect(shown(page, "x[0][1][1][0]")).to_have_text("5")
    expect(page.locator('[data-grid="in"] .cell:focus')).to_have_attribute("data-for", "x[0][1][1][0]")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    at_step(page, 1)


def test_of_two_equal_ones_the_first_is_the_largest(visit: Visit):
    page = visit.player("step=2", path="pooling")
    expect(shown(page, "pool.a[0][0][0][0]")).to_have_text("3")
    assert (page.locator(".over .winner").first.get_attribute("d") or "").count("M") == 1
    expect(page.locator(".sum-line").first).to_have_text("3")


def test_a_picture_shows_the_same_and_its_cells_are_reached_too(visit: Visit):
    page = convolution(visit)
    page.get_by_role("button", name="Picture").click()
    expect(page.locator('[data-grid="in"].picture')).to_be_attached()
    page.locator('[data-grid="in"] .cursor').focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator('[data-grid="in"] .cursor')).to_have_attribute("data-quantity", "x[0][2][0][0]")
    expect(page.locator('[data-grid="in"] .cursor')).to_have_attribute("aria-label", re.compile("3$"))


def test_another_layer_is_looked_at_until_the_next_step(visit: Visit):
    page = visit.player("step=4", path="picture")
    page.locator('[data-station="4"]').first.focus()
    page.locator('.station[data-station="4"]').click()
    expect(page.locator('.station[data-station="4"]')).to_have_attribute("aria-pressed", "true")
    expect(page.locator('[data-grid="out"] .label')).to_have_count(10)
    page.locator('[data-grid="out"] .cell').first.hover()
    field = page.locator('.station[data-station="0"] .mini .field').get_attribute("d") or ""
    assert field.count("M") == 64  # a unit behind it has seen the whole picture
    page.keyboard.press("ArrowRight")
    at_step(page, 5)
    expect(page.locator('.station[data-station="1"]')).to_have_attribute("aria-pressed", "true")


def test_the_table_has_every_number_of_an_image(visit: Visit):
    page = convolution(visit)
    page.keyboard.press("t")
    expect(page.locator('.twin [data-quantity="x[0][4][4][0]"]')).to_have_text("1")
    expect(page.locator('.twin [data-quantity="conv.z[0][1][2][0]"]')).to_have_text("19")


@pytest.mark.parametrize("size", [(1920, 1080), (1024, 768), (390, 844)], ids=str)
def test_type_is_never_under_14_pixels_and_28_on_a_projector(visit: Visit, size: tuple[int, int]):
    page = visit.player("step=60", path="picture", viewport={"width": size[0], "height": size[1]})
    least = """() => Math.min(...[...document.querySelectorAll(".maps-drawing text")]
      .filter((text) => text.textContent && !text.closest('[data-hidden="true"]'))
      .map((text) => parseFloat(getComputedStyle(text).fontSize)))"""
    assert page.evaluate(least) >= 14
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    page.keyboard.press("p")
    page.wait_for_timeout(200)
    if size[0] == 1920:
        assert page.evaluate(least) >= 28


def test_of_a_large_image_one_map_is_gone_through_and_all_are_seen(visit: Visit):
    rng = np.random.default_rng(5)
    x, y = (rng.integers(0, 10, (1, n, n, maps)) / 10 for n, maps in ((28, 1), (26, 8)))
    layer = {"type": "conv2d", "name": "conv", "filters": 8, "kernel_size": 3, "activation": "relu"}
    page = visit.problem(
        {"nncalc": 1, "layers": [layer], "data": {"x": x.tolist(), "y": y.tolist()}}, path="convolution"
    )
    expect(page.locator(".banner")).to_contain_text("of every image those of the first map")
    seen = '.mini[data-station="1"][data-map="4"] .tone:not(.unknown)[d]:not([d=""])'
    assert page.locator(seen).count() == 0
    page.keyboard.press("ArrowDown")  # the loss: all maps are worked out
    expect(page.locator("#player")).not_to_have_attribute("data-step", "0")
    assert page.locator(seen).count() > 3


def test_the_pages_of_images_stand_under_one_menu(visit: Visit):
    page = convolution(visit, viewport={"width": 1024, "height": 768})
    assert page.evaluate("document.querySelector('.header').scrollWidth <= innerWidth")
    page.locator(".navigation-menu summary").click()
    page.get_by_role("link", name="Pooling").click()
    expect(page).to_have_title(re.compile("^Pooling"))
    expect(page.locator(".navigation-choices")).to_be_hidden()
