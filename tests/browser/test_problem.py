"""The form of the problem at the side: what is not a number in the drawing is changed there."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from nncalc.link import from_link
from nncalc.problem import Problem
from tests.browser.visit import Visit, at_step, state

UNIT = ".scene .unit"


def formed(visit: Visit, query: str = "example=mazur&step=20") -> Page:
    """A page with its form open."""
    page = visit.player(query)
    page.keyboard.press("e")
    expect(page.locator(".panel-section").first).to_be_visible()
    return page


def place(page: Page, name: str) -> Locator:
    found = page.locator(f'.panel [data-place="{name}"]')
    found.evaluate("(e) => e.closest('details').open = true")
    return found


def problem_of(page: Page) -> Problem:
    """The problem that the address holds."""
    return from_link(page.evaluate("new URLSearchParams(location.hash.slice(1)).get('problem')"))


def say(page: Page, name: str, text: str) -> None:
    place(page, name).press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def paste(cell: Locator, text: str) -> None:
    """As Ctrl+V does, without the clipboard of the machine, which only the page in front may use."""
    cell.evaluate(
        """(cell, text) => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        text,
    )


def fault_of(page: Page, name: str) -> Locator:
    return place(page, name).locator("xpath=ancestor::*[contains(@class, 'panel-row')]//*[@role='alert']")


def test_a_unit_more_keeps_the_step(visit: Visit):
    page = formed(visit)
    kind = page.locator(".parts-name code").inner_text()
    place(page, "layers[0].units 1").click()
    expect(page.locator(UNIT)).to_have_count(7)
    expect(place(page, "layers[0].units")).to_have_value("3")
    assert problem_of(page).layers[0].parameters["weights"].shape == (2, 3)
    assert page.locator(".parts-name code").text_content() == kind
    place(page, "layers[0].units -1").click()
    expect(page.locator(UNIT)).to_have_count(6)
    at_step(page, 20)


def test_layers_are_added_moved_and_removed(visit: Visit):
    page = formed(visit)
    page.locator('.panel [data-place="add dense"]').click()
    expect(page.locator('.panel-section[data-layer="2"]')).to_have_count(1)
    assert [layer.name for layer in problem_of(page).layers] == ["hidden", "hidden2", "output"]
    place(page, "up 1").click()
    expect(page.locator('.panel-section[data-layer="0"] summary')).to_contain_text("hidden2")
    place(page, "remove 0").click()
    expect(page.locator('.panel-section[data-layer="2"]')).to_have_count(0)
    expect(page.locator('[data-place="up 0"]')).to_be_disabled()
    for _ in range(3):
        page.locator('[data-act="undo"]').click()
    expect(page.locator('[data-act="undo"]')).to_be_disabled()
    expect(page.locator(".problem-changed")).to_be_hidden()


def test_choices_flags_and_numbers(visit: Visit):
    page = formed(visit)
    place(page, "layers[0].activation").select_option("tanh")
    expect(page.locator(".scene .title").nth(1)).to_have_text("hidden · tanh")
    place(page, "layers[0].frozen.weights").check()
    say(page, "optimizer.learning_rate", "1/4")
    place(page, "optimizer.type").select_option("adam")
    expect(place(page, "optimizer.beta_1")).to_have_value("0.9")
    place(page, "loss.outputs").select_option("mean")
    say(page, "iterations", "2")
    place(page, "notation").select_option("layered")
    say(page, "decimals", "3")
    say(page, "title", "Mine <b>&amp;</b>")
    expect(page.locator(".problem-title").first).to_have_text("Mine <b>&amp;</b>")
    problem = problem_of(page)
    assert problem.layers[0].activation.name == "tanh" and problem.layers[0].frozen == ("bias", "weights")
    assert (problem.optimizer.type, problem.optimizer.settings["learning_rate"]) == ("adam", 0.25)
    assert (problem.loss.outputs, problem.iterations, problem.notation, problem.decimals) == ("mean", 2, "layered", 3)


def test_what_is_refused_stays_as_it_was_typed_with_the_reason(visit: Visit):
    page = formed(visit)
    for name, text, reason in [
        ("layers[0].units", "0", "a whole number from 1"),
        ("loss.factor", "a half", "is not a number"),
        ("layers[1].name", "hidden", "already the name"),
        ("decimals", "", "Nothing given"),
    ]:
        say(page, name, text)
        expect(fault_of(page, name)).to_contain_text(reason)
        expect(place(page, name)).to_have_value(text)
        expect(place(page, name)).to_have_attribute("aria-invalid", "true")
    place(page, "loss.factor").focus()
    page.keyboard.press("Escape")
    expect(place(page, "loss.factor")).to_have_value("0.5")
    expect(fault_of(page, "loss.factor")).to_be_empty()
    say(page, "layers[0].units", "3")
    expect(fault_of(page, "layers[0].units")).to_be_empty()
    expect(place(page, "layers[1].name")).to_have_value("hidden")  # still there, still refused
    at_step(page, state(page)[0])


def test_quick_changes_are_all_made(visit: Visit):
    """Each is made to what the one before has left, whatever the server's pace."""
    page = formed(visit)
    more = place(page, "layers[0].units 1")
    for _ in range(4):
        more.click()
    say(page, "layers[1].name", "last")
    place(page, "layers[0].activation").select_option("relu")
    expect(page.locator(".scene .title").nth(1)).to_have_text("hidden · relu")
    problem = problem_of(page)
    assert problem.layers[0].settings["units"] == 6 and problem.layers[1].name == "last"


def test_random_weights_and_back(visit: Visit):
    page = formed(visit)
    first = problem_of(page).layers[0].parameters["weights"].tolist()
    place(page, "draw").click()
    expect(place(page, "seed")).to_have_value("1")
    assert problem_of(page).layers[0].parameters["weights"].tolist() != first
    say(page, "seed", "41")
    expect(page.locator(".problem-changed")).to_be_visible()
    place(page, "undraw").click()
    expect(place(page, "seed")).to_have_value("0")
    assert problem_of(page).layers[0].parameters["weights"].tolist() == first


def test_samples_are_typed_added_removed_and_pasted(visit: Visit):
    page = formed(visit, "example=xor&step=20")
    cell = place(page, "cell 1 0")
    cell.fill("0,25")
    page.keyboard.press("ArrowDown")
    expect(place(page, "cell 2 0")).to_be_focused()
    place(page, "add sample").click()
    expect(place(page, "cell 4 0")).to_be_visible()
    assert problem_of(page).x.tolist() == [[0, 0], [0.25, 1], [1, 0], [1, 1], [1, 1]]
    paste(place(page, "cell 0 0"), "left\tright\tor\n0\t0\t0\n1\t0,5\t1")
    expect(place(page, "inputs[0]")).to_have_value("left")
    expect(place(page, "cell 1 1")).to_have_value("0,5")
    place(page, "remove sample 4").click()
    expect(place(page, "cell 4 0")).to_have_count(0)
    place(page, "cell 0 0").fill("abc")
    page.keyboard.press("Enter")
    expect(page.locator(".samples-form [role=alert]")).to_contain_text("not a number")
    assert problem_of(page).inputs == ("left", "right") and len(problem_of(page).x) == 4


def test_the_form_with_the_keyboard_alone(visit: Visit):
    page = formed(visit)
    expect(page.locator(".panel")).to_be_focused()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.place === 'layers[0].units 1'"):
            break
    page.keyboard.press("Space")
    expect(place(page, "layers[0].units")).to_have_value("3")
    expect(place(page, "layers[0].units 1")).to_be_focused()
    page.keyboard.press("ArrowRight")  # a button keeps the player's keys
    at_step(page, state(page)[0])
    page.keyboard.press("Control+z")
    expect(place(page, "layers[0].units")).to_have_value("2")
    page.keyboard.press("e")
    expect(page.locator(".panel")).to_be_hidden()
    expect(page.locator(".ledger")).to_be_visible()


@pytest.mark.parametrize("example", ["error-table", "multiply-then-add", "softmax"])
def test_the_form_fits_every_kind_of_problem(visit: Visit, example: str):
    page = formed(visit, f"example={example}")
    titles = page.locator(".panel-section > summary").all_inner_texts()
    assert titles[0] == "Network" and titles[-1] == "About"
    assert ("Loss" in titles) == (example != "multiply-then-add")
