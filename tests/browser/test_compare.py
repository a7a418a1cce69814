"""Two problems side by side, stepped together, what differs underlined."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.visit import Visit, at_step

WEIGHT = "hidden.weights[0][0]"


def differing(page: Page, part: str) -> dict[str, str]:
    """Name and text of what is underlined."""
    return dict(
        page.locator(f"{part} .scene [data-differs]").evaluate_all(
            "(all) => all.map((e) => [e.dataset.quantity, e.textContent])"
        )
    )


def compared(visit: Visit) -> Page:
    page = visit.player("example=mazur&step=4")
    page.locator(f'.scene [data-given="{WEIGHT}"]').dblclick()
    page.locator(".editor input").fill("0.9")
    page.keyboard.press("Enter")
    expect(page.locator(".problem-changed")).to_be_visible()
    page.keyboard.press("b")
    page.get_by_role("button", name="The problem before the last change").click()
    expect(page.locator(".stage.beside")).to_be_visible()
    return page


def test_before_and_after_a_change(visit: Visit):
    page = compared(visit)
    before, after = differing(page, ".stage.beside"), differing(page, ".stage:not(.beside)")
    assert before[WEIGHT] == "0.15" and after[WEIGHT] == "0.9"
    # 0.35 + 0.05·0.15 + 0.1·0.2 and with 0.9, by hand; what h2 reads has not changed
    assert before["hidden.z[0][0]"] == "0.3775" and after["hidden.z[0][0]"] == "0.415"
    assert "hidden.z[0][1]" not in before | after
    assert set(before) == set(after)
    expect(page.locator(".beside-summary")).to_have_text(f"{len(before)} numbers differ, and are underlined")


def test_both_go_the_same_steps(visit: Visit):
    page = compared(visit)
    for _ in range(20):
        page.keyboard.press("ArrowRight")
        step = page.locator("#player").get_attribute("data-step")
        expect(page.locator(".stage.beside")).to_have_attribute("data-step", step or "")
        assert (
            page.locator(".strip.beside .sentence").inner_text()
            == page.locator(".strip:not(.beside) .sentence").inner_text()
        )
    page.keyboard.press("4")
    expect(page.locator(".stage.beside")).to_have_attribute("data-step", "2")
    page.keyboard.press("b")
    expect(page.locator(".stage.beside")).to_have_count(0)
    assert not differing(page, ".stage")


def test_a_link_holds_both(visit: Visit):
    page = compared(visit)
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("step=5.*beside="))
    other = visit.page(fresh=True)
    other.goto(page.url)
    expect(other.locator(".stage.beside .problem-title")).to_contain_text("Mazur")
    at_step(other, 5)
    assert differing(other, ".stage.beside")[WEIGHT] == "0.15"


def test_two_worked_problems_of_different_shape(visit: Visit):
    page = visit.player("example=mazur&step=20")
    page.keyboard.press("b")
    expect(page.locator("dialog[open]")).to_contain_text("Once you change something")
    page.get_by_role("button", name="XOR with two ReLU units").click()
    expect(page.locator(".stage.beside .problem-title")).to_have_text("XOR with two ReLU units")
    for key in ["End", "Home", "ArrowDown", "ArrowDown", "1", "3", "4", "2"]:
        page.keyboard.press(key)
        expect(page.locator(".strip.beside .sentence")).not_to_be_empty()
    page.keyboard.press("p")
    expect(page.locator(".stage.beside .scene")).to_be_visible()
    page.keyboard.press("p")
    page.get_by_role("button", name="Stop comparing").click()
    expect(page.locator(".side")).to_be_visible()


def test_a_change_while_comparing_shows_at_once(visit: Visit):
    page = compared(visit)
    page.locator('.stage:not(.beside) .scene [data-given="hidden.weights[0][1]"]').dblclick()
    page.locator(".editor input").fill("-2")
    page.keyboard.press("Enter")
    expect(page.locator('.stage:not(.beside) .scene [data-quantity="hidden.weights[0][1]"]')).to_have_text("−2")
    assert "hidden.weights[0][1]" in differing(page, ".stage.beside")
