"""Every given number can be changed where it stands, and everything follows from it at once."""

from __future__ import annotations

import copy
import re
from typing import Any
from urllib.parse import parse_qs

from playwright.sync_api import Page, expect

from nncalc import examples
from nncalc.link import from_link
from nncalc.problem import Problem
from tests.browser.answers import Answers, agrees
from tests.browser.visit import Visit, at_step, settled, shown, state, walked

Place = tuple[str | int, ...]


def put(document: Any, place: Place, value: Any) -> None:
    for key in place[:-1]:
        document = document[key]
    document[place[-1]] = value


def linked(page: Page) -> Problem:
    """The problem that the address holds."""
    return from_link(parse_qs(page.evaluate("location.hash.slice(1)"))["problem"][0])


def assert_all_numbers_are_of(page: Page, problem: Problem) -> None:
    """At every step, in drawing, formula and table."""
    answers = Answers(problem)
    wrong, compared = [], 0
    for at in walked(page, "2"):
        for region, name, _, text, _ in at["seen"]:
            if text:
                compared += 1
                value, _ = answers.value(name)
                decimals = min(problem.decimals, 4) if region == "scene" else problem.decimals
                if not agrees(text, value, decimals):
                    wrong.append((at["step"], region, name, text, value))
    assert compared > 200 and wrong == []


def open_editor(page: Page, name: str) -> Any:
    page.locator(f'.scene [data-given="{name}"]').first.dblclick(timeout=5000)
    field = page.locator(".editor input")
    expect(field).to_be_focused()
    return field


PLACES: list[tuple[str, Place, str, Any]] = [
    ("hidden.weights[0][1]", ("layers", 0, "weights", 0, 1), "1/3", "1/3"),
    ("output.weights[1][0]", ("layers", 1, "weights", 1, 0), "-0,25", -0.25),
    ("x[0][0]", ("data", "x", 0, 0), "0,5", 0.5),
    ("y[0][1]", ("data", "y", 0, 1), "-2*0.5", "-2*0.5"),
    ("hidden.bias[0]", ("layers", 0, "bias", 0), "−0.4", -0.4),
    ("learning_rate", ("optimizer", "learning_rate"), "1e-1", 0.1),
]


def test_every_kind_of_number_is_edited_where_it_stands_and_all_follow_from_it(visit: Visit):
    page = visit.player("example=mazur-biases&step=4&detail=neuron")
    sentence = page.locator(".strip .sentence").inner_text()
    document = copy.deepcopy(examples.load("mazur-biases").to_dict())
    for name, place, typed, value in PLACES:
        field = open_editor(page, name)
        field.fill(typed)
        page.keyboard.press("Enter")
        expect(page.locator(".editor"), name).to_be_hidden()
        put(document, place, value)
        assert_same_numbers(linked(page), Problem.from_dict(document))
        at_step(page, 4, "neuron")
        page.keyboard.press("Escape")
        expect(page.locator(".strip .sentence"), name).to_have_text(sentence)
    assert_all_numbers_are_of(page, Problem.from_dict(document))


def assert_same_numbers(one: Problem, other: Problem) -> None:
    assert one.y is not None and other.y is not None
    assert one.x.tolist() == other.x.tolist() and one.y.tolist() == other.y.tolist()
    assert one.optimizer.settings == other.optimizer.settings
    for own, its in zip(one.layers, other.layers, strict=True):
        assert {k: v.tolist() for k, v in own.parameters.items()} == {k: v.tolist() for k, v in its.parameters.items()}


def test_what_was_typed_stands_there_again(visit: Visit):
    page = visit.player("example=mazur")
    name = "hidden.weights[0][0]"
    open_editor(page, name).fill("1/3")
    page.keyboard.press("Enter")
    expect(shown(page, name)).to_have_text("0.3333")
    expect(open_editor(page, name)).to_have_value("1/3")
    page.keyboard.press("Escape")


def test_a_click_elsewhere_accepts(visit: Visit):
    page = visit.player("example=mazur&step=3")
    open_editor(page, "x[0][1]").fill("0.25")
    page.locator(".strip .sentence").click()
    expect(shown(page, "x[0][1]").first).to_have_text("0.25")
    expect(page.locator(".editor")).to_be_hidden()
    assert linked(page).x.tolist() == [[0.05, 0.25]]


def test_escape_restores(visit: Visit):
    page = visit.player("example=mazur&step=3")
    before, requests = page.url, settled(visit, page)
    open_editor(page, "x[0][1]").fill("7")
    page.keyboard.press("Escape")
    expect(page.locator(".editor")).to_be_hidden()
    expect(shown(page, "x[0][1]").first).to_have_text("0.1")
    page.keyboard.press("ArrowRight")  # the keys are the player's again
    at_step(page, 4)
    assert page.url.partition("&step")[0] == before.partition("&step")[0] and len(visit.requests) == requests


def test_enter_chooses_and_enter_once_more_edits(visit: Visit):
    page = visit.player("example=mazur&step=3")
    page.locator('.scene [data-given="output.weights[0][1]"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator(".parts .parts-name code")).to_have_text("output.weights[0][1]")
    page.keyboard.press("Enter")
    field = page.locator(".editor input")
    expect(field).to_be_focused()
    expect(field).to_have_value("0.5")
    field.fill("0.75")
    page.keyboard.press("Enter")
    expect(shown(page, "output.weights[0][1]")).to_have_text("0.75")
    assert state(page) == (3, 56, "neuron")


def test_nonsense_says_why_and_stays_as_typed(visit: Visit):
    page = visit.player("example=mazur")
    field = open_editor(page, "x[0][0]")
    message = page.locator(".editor-message")
    for nonsense in ("abc", "", "1/0", "1,2,3", "1e999", "__import__('os')", "<b>1</b>"):
        field.fill(nonsense)
        page.keyboard.press("Enter")
        expect(message, nonsense).to_have_text(re.compile(r"\w+ .*\."))
        assert message.locator("*").count() == 0
        expect(field).to_have_value(nonsense)
        expect(field).to_be_focused()
        expect(shown(page, "x[0][0]").first).to_have_text("0.05")
    page.locator(".strip .sentence").click()  # a click elsewhere neither accepts nor loses it
    expect(field).to_have_value(nonsense)
    field.fill("0.5")
    page.keyboard.press("Enter")
    expect(shown(page, "x[0][0]").first).to_have_text("0.5")


def test_a_computed_number_says_why_it_cannot_be_edited(visit: Visit):
    page = visit.player("example=mazur&step=40")
    page.locator('.scene [data-for="hidden.a[0][0]"], .scene [data-for="hidden.z[0][0]"]').first.dblclick()
    expect(page.locator(".banner")).to_contain_text("computed")
    expect(page.locator(".editor")).to_be_hidden()
    page.locator(".scene .loss").first.dblclick()
    expect(page.locator(".banner")).to_contain_text("computed")


def test_an_edit_stays_at_the_same_kind_of_step(visit: Visit):
    """Another number changes how many digits are shown, not what is shown."""
    page = visit.player("example=mazur")
    for step in (0, 12, 25, 37, 48):
        page.evaluate("(k) => scrub(k)", step)
        sentence, name = page.locator(".strip .sentence").inner_text(), written(page)
        open_editor(page, "x[0][0]").fill(f"0.{step + 1}")
        page.keyboard.press("Enter")
        expect(shown(page, "x[0][0]").first).to_have_text(re.compile(rf"^0\.{step + 1}$"))
        page.keyboard.press("Escape")  # the number that was edited is no longer chosen
        at_step(page, step, "neuron")
        expect(page.locator(".strip .sentence")).to_have_text(sentence)
        assert written(page) == name


def written(page: Page) -> str | None:
    """What the formula strip works out."""
    return page.locator(".strip .term.of [data-of]").first.get_attribute("data-of")


def test_what_is_given_can_be_edited_in_every_chapter(visit: Visit):
    page = visit.player("example=mazur")
    for _ in range(5):
        for name in ("learning_rate", "y[0][0]", "x[0][1]", "hidden.bias"):
            open_editor(page, name)
            page.keyboard.press("Escape")
            page.keyboard.press("Escape")
        page.keyboard.press("ArrowDown")


def test_the_same_granularity_and_step_after_an_edit_at_single_operations(visit: Visit):
    page = visit.player("example=mazur&step=20&detail=operation")
    open_editor(page, "x[0][0]").fill("0.07")
    page.keyboard.press("Enter")
    expect(shown(page, "x[0][0]").first).to_have_text("0.07")
    at_step(page, 20, "operation")


def test_numbers_of_the_error_table_are_edited_too(visit: Visit):
    page = visit.player("example=error-table&step=20")
    for name, typed in (("y[3][0]", "100,5"), ("x[9][0]", "1/4")):
        page.locator(f'.error-table td[data-quantity="{name}"]').dblclick()
        field = page.locator(".editor input")
        expect(field).to_be_focused()
        field.fill(typed)
        page.keyboard.press("Enter")
        expect(page.locator(".editor")).to_be_hidden()
    document = examples.load("error-table").to_dict()
    document["data"]["y"][3][0], document["data"]["x"][9][0] = 100.5, 0.25
    expect(page.locator('.error-table td[data-quantity="x[9][0]"]')).to_have_text("0.25")
    assert_all_numbers_are_of(page, Problem.from_dict(document))
    page.locator('.error-table td[data-quantity="term[2][0]"]').dblclick()
    expect(page.locator(".banner")).to_contain_text("computed")


def test_the_numbers_of_another_sample_are_edited_where_they_are_seen(visit: Visit):
    page = visit.player("example=xor&step=20")
    names = page.locator('.scene [data-given^="x["]').evaluate_all("(all) => all.map((e) => e.dataset.given)")
    assert names == ["x[3][0]", "x[3][1]"]
    open_editor(page, "x[3][1]").fill("0.5")
    page.keyboard.press("Enter")
    expect(shown(page, "x[3][1]").first).to_have_text("0.5")
    assert linked(page).x.tolist() == [[0, 0], [0, 1], [1, 0], [1, 0.5]]
