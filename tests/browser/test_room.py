"""For the room and everyone in it: projector, hint before answer, display menu, tour, table twin."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from nncalc import examples
from nncalc.solution import solve
from tests.browser.test_accessibility import tab_to, violations
from tests.browser.test_sizes import network
from tests.browser.visit import Visit, at_step, shown, state

LARGE: ViewportSize = {"width": 1920, "height": 1080}
SMALL: ViewportSize = {"width": 1024, "height": 768}

SMALLEST_TYPE = """() => {
  const sizes = [];
  for (const element of document.querySelectorAll("body *")) {
    if (![...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())) continue;
    const { width, height } = element.getBoundingClientRect();
    const { visibility, opacity, fontSize } = getComputedStyle(element);
    const isIndex = element.closest("sub, sup, tspan[font-size], msub, msup, msubsup, mfrac");
    if (!width || !height || visibility === "hidden" || opacity === "0" || isIndex) continue;
    if (element.closest(".unseen, .problem-title, .skip-link, noscript, [hidden], [data-hidden=true]")) continue;
    sizes.push([parseFloat(fontSize), element.textContent.trim()]);
  }
  return sizes.sort(([a], [b]) => a - b)[0];
}"""

PLACES = """() => JSON.stringify([".scene", ".strip", ".controls", ".rail"].map((name) => {
  const { x, y, width, height } = document.querySelector(name).getBoundingClientRect();
  return [x, y, width, height];
}))"""


def projected(visit: Visit, query: str) -> Page:
    page = visit.player(query)
    page.set_viewport_size(LARGE)
    page.keyboard.press("p")
    expect(page.locator("html")).to_have_attribute("data-mode", "projector")
    page.wait_for_timeout(150)  # the drawing is measured anew
    return page


# The projector


def test_projected_type_is_large_and_nothing_jumps_from_step_to_step(visit: Visit):
    """Indices of symbols, which are smaller by nature, are left aside."""
    page = visit.player("example=mazur")
    page.keyboard.press("p")
    many = ["xor", "error-table", "softmax", "adam-three-steps", "mazur", "4-8-8-2"]
    for size, least, names in ((LARGE, 28, many), (SMALL, 17, ["mazur", "xor"])):
        page.set_viewport_size(size)
        for name in names:
            visit.show(page, network(4, 8, 8, 2) if name == "4-8-8-2" else examples.load(name).to_dict())
            page.wait_for_timeout(250)
            places = set()
            steps = state(page)[1]
            for k in {0, *range(0, steps, max(1, steps // 4)), steps - 1}:
                seen = f"(k) => {{ scrub(k); return [...({SMALLEST_TYPE})(), ({PLACES})()]; }}"
                smallest, text, where = page.evaluate(seen, k)
                assert smallest >= least, (name, k, text)
                places.add(where)
            assert len(places) == 1, name


def test_the_numbers_of_a_step_are_lit_and_the_others_step_back(visit: Visit):
    page = projected(visit, "example=mazur&step=4")
    colours = page.evaluate(
        """() => Object.fromEntries(["read", "known"].map((mark) =>
          [mark, getComputedStyle(document.querySelector(`.scene .chip[data-mark="${mark}"] .number`)).fill]))"""
    )
    assert colours["read"] != colours["known"]
    lit = page.locator(".strip .equation").nth(1).locator(".term").first
    plain = page.locator(".strip .equation").nth(0).locator(".term").nth(1)
    background = "(e) => getComputedStyle(e).backgroundColor"
    assert lit.evaluate(background) != plain.evaluate(background)


def test_a_presenters_remote_steps_blanks_and_brings_back(visit: Visit):
    page = projected(visit, "example=mazur&step=4")
    page.keyboard.press("PageDown")
    at_step(page, 5)
    page.keyboard.press("PageUp")
    at_step(page, 4)
    blank = page.locator(".projector-blank")
    for key in (".", "b"):
        page.keyboard.press(key)
        expect(blank).to_be_visible()
        assert not violations(page)
        page.keyboard.press("PageDown")
        expect(blank).to_be_hidden()
        at_step(page, 4)
    page.keyboard.press("Escape")
    page.keyboard.press(".")
    expect(blank).to_have_count(0)


def test_a_reload_which_a_remote_can_ask_for_stays_in_projector_mode(visit: Visit):
    page = projected(visit, "example=mazur&step=4")
    page.reload()
    expect(page.locator("#player")).to_have_attribute("data-ready", "true")
    expect(page.locator("html")).to_have_attribute("data-mode", "projector")
    page.keyboard.press("Escape")
    page.reload()
    expect(page.locator("#player")).to_have_attribute("data-ready", "true")
    assert page.locator("html").get_attribute("data-mode") is None


def test_a_hand_on_the_mouse_finds_the_way_out_of_projector_mode(visit: Visit):
    page = projected(visit, "example=mazur&step=4")
    way = page.get_by_role("button", name="Leave projector mode")
    expect(way).to_have_css("opacity", "0")
    page.mouse.move(300, 300)
    page.mouse.move(320, 300)
    expect(way).to_have_css("opacity", "1")
    way.click()
    assert page.locator("html").get_attribute("data-mode") is None
    expect(way).to_have_count(0)


# Hint before answer


def test_the_hint_comes_before_the_answer(visit: Visit):
    """First words and symbols, then the numbers, which are lit, then the result, then the next step."""
    page = visit.player("example=mazur&step=4")
    page.keyboard.press("c")
    result = solve(examples.load("mazur")).steps[4].result.text
    numbers = page.locator(".strip .equation").nth(1).locator(".term")
    read = page.locator('.scene [data-mark="read"]')
    places = page.evaluate(PLACES)
    expect(numbers).to_have_count(0)
    expect(read).to_have_count(0)
    page.keyboard.press("PageDown")
    expect(numbers).to_have_count(3)
    assert read.count() >= 4 and result not in page.locator("#player").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator(".strip .answer")).to_have_text(result)
    assert page.evaluate(PLACES) == places
    page.keyboard.press("ArrowRight")
    at_step(page, 5)
    expect(numbers).to_have_count(0)


def test_what_is_covered_is_a_function_of_the_step_and_of_how_much_was_told(visit: Visit):
    page = visit.player("example=mazur&step=4")
    page.keyboard.press("c")
    stages = [page.evaluate("look()")]
    for _ in range(2):
        page.keyboard.press("ArrowRight")
        stages.append(page.evaluate("look()"))
    assert len(set(stages)) == 3
    page.keyboard.press("End")
    page.evaluate("scrub(4)")
    for stage in stages:
        assert page.evaluate("look()") == stage
        page.keyboard.press("ArrowRight")


def test_a_layer_that_is_covered_hides_its_numbers(visit: Visit):
    page = visit.player("example=mazur&step=0&detail=layer")
    page.keyboard.press("c")
    result = solve(examples.load("mazur")).steps[0].result.text
    for _ in range(2):
        assert result not in page.locator(".strip").inner_text()
        page.keyboard.press("ArrowRight")
    assert result in page.locator(".strip").inner_text()


# Display


def choose_display(page: Page, text: str) -> None:
    page.locator(".display summary").click()
    button = page.get_by_role("button", name=text, exact=True)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(page.locator(".display[open]")).to_have_count(0)


def test_the_colours_follow_the_system_until_some_are_chosen_on_any_page(visit: Visit):
    page = visit.home(fresh=True, color_scheme="dark")
    root = page.locator("html")
    expect(root).to_have_attribute("data-theme", "dark")
    choose_display(page, "Light")
    expect(root).to_have_attribute("data-theme", "light")
    page.goto(f"{visit.address}/nowhere")
    expect(page.locator(".display summary")).to_be_visible()
    expect(root).to_have_attribute("data-theme", "light")
    choose_display(page, "System")
    expect(root).to_have_attribute("data-theme", "dark")
    page.emulate_media(color_scheme="light")
    expect(root).to_have_attribute("data-theme", "light")
    visit.faults[:] = [fault for fault in visit.faults if "404" not in fault]


def test_the_display_menu_works_by_keyboard_and_leaves_the_step_alone(visit: Visit):
    page = visit.player("example=mazur&step=4")
    tab_to(page, ".display summary")
    page.keyboard.press("Enter")
    assert not violations(page)
    tab_to(page, '[data-choice="dark"]')
    page.keyboard.press("Space")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('.display summary')")
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.closest('.display')")
    assert state(page)[0] == 4


TEXTS = """() => {
  const walker = document.createTreeWalker(player(), NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (!node.parentElement.closest(".problem-title, .problem-about, .panel, code")) found.push(node.data);
  const labels = [...player().querySelectorAll("[aria-label], [aria-valuetext]")];
  return [...found, ...labels.map((e) => e.getAttribute("aria-label") ?? e.getAttribute("aria-valuetext"))];
}"""


@pytest.mark.parametrize("name", ["mazur", "xor", "error-table"])
def test_a_decimal_comma_is_everywhere_and_a_point_again_is_the_old_page(visit: Visit, name: str):
    page = visit.player(f"example={name}&step=12")
    page.wait_for_timeout(400)  # the drawing is complete once a hand rests
    page.keyboard.press("Enter")
    before, texts = page.evaluate("look()"), page.evaluate(TEXTS)
    choose_display(page, "0,5")
    wrong: list[str] = []
    commas = 0
    for k in range(0, state(page)[1], 7):
        seen = page.evaluate(f"(k) => {{ scrub(k); press('Enter'); return ({TEXTS})(); }}", k)
        wrong += [text for text in seen if re.search(r"\d\.\d", text)]
        commas += sum(bool(re.search(r"\d,\d", text)) for text in seen)
    assert not wrong
    assert commas > (100 if name != "error-table" else 0)
    page.evaluate("() => { scrub(12); press('Enter'); }")
    choose_display(page, "0.5")
    page.wait_for_timeout(400)
    assert page.evaluate("look()") == before
    assert page.evaluate(TEXTS) == texts


def test_the_form_of_numbers_is_kept_and_can_be_typed(visit: Visit):
    page = visit.player("example=mazur&step=4", fresh=True)
    choose_display(page, "0,5")
    expect(shown(page, "hidden.weights[0][0]")).to_have_text("0,15")
    page.reload()
    expect(shown(page, "hidden.weights[0][0]")).to_have_text("0,15")
    page.locator('.scene [data-given="hidden.weights[0][0]"]').dblclick()
    expect(page.locator(".editor input")).to_have_value("0.15")  # as it stands in the problem
    page.locator(".editor input").fill("0,65")
    page.keyboard.press("Enter")
    expect(shown(page, "hidden.weights[0][0]")).to_have_text("0,65")


# The tour


def test_a_first_visit_has_a_tour_that_never_comes_back_unasked(visit: Visit):
    page = visit.player(fresh=True, first_visit=True)
    tour = page.locator(".tour")
    expect(tour).to_contain_text("1 of 5")
    expect(page.locator('[data-tour="next"]')).to_be_focused()
    page.keyboard.press("ArrowRight")  # keys do what they always do
    at_step(page, 1)
    for stop in range(2, 6):
        page.keyboard.press("Enter")
        expect(tour).to_contain_text(f"{stop} of 5")
        assert not violations(page)
        card, ring = tour.bounding_box(), page.locator(".tour-ring").bounding_box()
        assert card and ring and card["x"] >= 0 and card["y"] >= 0
        assert card["x"] + card["width"] <= 1440 and card["y"] + card["height"] <= 900
    page.keyboard.press("Enter")
    expect(tour).to_have_count(0)
    at_step(page, 1)
    page.reload()
    expect(page.locator("#player")).to_have_attribute("data-ready", "true")
    page.wait_for_timeout(300)
    expect(tour).to_have_count(0)
    page.keyboard.press("?")
    page.get_by_role("button", name="Tour of the page").click()
    expect(tour).to_contain_text("1 of 5")
    page.keyboard.press("Escape")
    expect(tour).to_have_count(0)
    assert state(page)[0] == 1


def test_who_is_sent_to_a_step_or_has_been_here_has_no_tour(visit: Visit):
    page = visit.player("example=mazur&step=3", fresh=True, first_visit=True)
    page.wait_for_timeout(300)
    expect(page.locator(".tour")).to_have_count(0)


def overlap(one: Any, other: Any) -> bool:
    return all(
        one[at] < other[at] + other[size] and other[at] < one[at] + one[size]
        for at, size in (("x", "width"), ("y", "height"))
    )


@pytest.mark.parametrize("size", [(390, 844), (1024, 768)])
def test_the_tour_fits_a_small_screen_and_is_left_at_once(visit: Visit, size: tuple[int, int]):
    width, height = size
    page = visit.player(fresh=True, first_visit=True, viewport={"width": width, "height": height})
    tour = page.locator(".tour")
    for stop in range(1, 6):
        expect(tour).to_contain_text(f"{stop} of 5")
        card = tour.bounding_box()
        assert card and card["x"] >= 0 and card["y"] >= 0
        assert card["x"] + card["width"] <= width and card["y"] + card["height"] <= height
        if stop == 3:  # the button that it is about can be pressed
            ring = page.locator(".tour-ring").bounding_box()
            assert ring and not overlap(card, ring)
        if stop < 5:
            page.keyboard.press("Enter")
    page.locator('[data-tour="skip"]').click()
    expect(tour).to_have_count(0)


# The table twin


def test_the_table_twin_says_what_the_drawing_says(visit: Visit):
    page = visit.player("example=mazur&step=4")
    page.keyboard.press("t")
    twin = page.get_by_role("region", name="The drawing as a table")
    expect(twin).to_be_visible()
    expect(page.locator('[data-act="table"]')).to_have_attribute("aria-pressed", "true")
    assert not violations(page)
    steps = solve(examples.load("mazur")).steps
    told = page.evaluate(
        """(steps) => [...Array(steps).keys()].map((k) => {
          scrub(k);
          const cells = [...document.querySelectorAll(".twin [data-quantity]")];
          return Object.fromEntries(cells.map((e) => [e.dataset.quantity, [e.dataset.state, e.textContent]]));
        })""",
        len(steps),
    )
    for k, step in enumerate(steps):
        state_there, text = told[k][step.quantity]
        assert state_there == "written" and text
        assert not [later.quantity for later in steps[k + 1 :] if told[k].get(later.quantity, ("", ""))[1]]
    row = twin.locator("tr", has=page.get_by_role("rowheader", name="hidden weights 1 1", exact=True))
    assert row.locator("td").nth(1).inner_text() == "0.15" and row.locator("td").nth(2).inner_text()
    tab_to(page, ".twin")
    page.keyboard.press("T")
    expect(twin).to_have_count(0)
    assert page.evaluate("document.activeElement.matches('.scene')")
    expect(page.locator(".network")).to_have_attribute("aria-label", re.compile("Network: inputs 2, .*output 2"))


@pytest.mark.parametrize("name", ["xor", "softmax", "error-table", "adam-three-steps"])
def test_every_problem_has_a_table_twin(visit: Visit, name: str):
    page = visit.player(f"example={name}")
    page.keyboard.press("t")
    expect(page.locator(".twin-table")).to_be_visible()
    steps = solve(examples.load(name)).steps
    missing = page.evaluate(
        """(names) => names.filter((name, k) => {
          scrub(k);
          const cell = document.querySelector(`.twin [data-quantity="${name}"]`);
          return cell?.dataset.state !== "written" || !cell.textContent;
        })""",
        [step.quantity for step in steps],
    )
    assert missing == []


def test_all_keys_are_listed(visit: Visit):
    page = visit.player("example=mazur")
    page.keyboard.press("?")
    listed = page.locator("dialog[open] kbd").all_inner_texts()
    letters = page.evaluate("import('/assets/js/actions.mjs').then(({ LETTERS }) => Object.keys(LETTERS))")
    assert {letter.upper() for letter in letters} <= set(listed)
    assert not violations(page)
    page.keyboard.press("Escape")
