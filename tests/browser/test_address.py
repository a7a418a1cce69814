"""The address holds what is seen: problem, step, granularity. A damaged one loses nothing."""

from __future__ import annotations

import base64
import json
import re
import zlib
from typing import Any

import numpy as np
from playwright.sync_api import Page, expect

from nncalc import examples
from nncalc.link import from_link, to_link
from tests.browser.visit import Visit, at_step, shown, state

MARKUP = '<img src=x onerror="window.hit = 1"><script>window.hit = 1</script>'


def fragment(page: Page) -> dict[str, str]:
    found = page.evaluate("Object.fromEntries(new URLSearchParams(location.hash.slice(1)))")
    return found


def test_a_query_opens_a_worked_problem_at_a_step(visit: Visit):
    page = visit.player("example=xor&step=17&detail=operation")
    assert state(page)[0] == 17 and state(page)[2] == "operation"
    expect(page.locator(".problem-title")).to_have_text(examples.load("xor").title)


def test_whatever_step_is_asked_for_one_that_exists_is_shown(visit: Visit):
    page = visit.page()
    for query, expected in {
        "": (0, "neuron"),
        "example=mazur&step=5": (5, "neuron"),
        "example=mazur&step=-3": (0, "neuron"),
        "example=mazur&step=99999&detail=layer": (14, "layer"),
        "example=mazur&step=x&detail=nonsense": (0, "neuron"),
    }.items():
        visit.to_player(page, query)
        assert (state(page)[0], state(page)[2]) == expected, query


def test_an_unknown_example_is_told_and_another_shown(visit: Visit):
    page = visit.player("example=mazor")
    expect(page.locator(".banner")).to_contain_text("mazor")
    expect(page.locator(".banner")).to_contain_text("mazur")
    expect(page.locator(".problem-title")).to_have_text(examples.load("mazur").title)


def test_the_address_follows_the_steps(visit: Visit):
    page = visit.player("example=mazur")
    length = page.evaluate("history.length")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("step=5&detail=neuron"))
    page.keyboard.press("3")
    expect(page).to_have_url(re.compile("detail=layer"))
    assert from_link(fragment(page)["problem"]) == examples.load("mazur")
    assert page.evaluate("history.length") == length  # steps are no places in the history


def test_a_shared_link_opens_the_same_problem_and_step_elsewhere(visit: Visit):
    page = visit.player("example=mazur&step=33")
    page.locator('.scene [data-given="x[0][0]"]').dblclick()
    page.locator(".editor input").fill("1/3")
    page.keyboard.press("Enter")
    expect(shown(page, "x[0][0]").first).to_have_text("0.3333")
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("step=33"))
    other = visit.page(fresh=True)
    other.goto(f"{visit.address}/backpropagation#{page.url.partition('#')[2]}")
    at_step(other, 33, "neuron")
    for where in (page, other):
        where.wait_for_timeout(400)
    assert other.evaluate("look()") == page.evaluate("look()")


def test_back_and_forward_go_through_edits(visit: Visit):
    page = visit.player("example=mazur&step=2")
    values = ["0.05", "0.25", "0.5", "0.75"]
    for value in values[1:]:
        page.locator('.scene [data-given="x[0][0]"]').dblclick()
        page.locator(".editor input").fill(value)
        page.keyboard.press("Enter")
        expect(shown(page, "x[0][0]").first).to_have_text(value)
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("step=3"))
    for value in reversed(values[:-1]):
        page.go_back()
        expect(shown(page, "x[0][0]").first).to_have_text(value)
        at_step(page, 2, "neuron")
    for value in values[1:]:
        page.go_forward()
        expect(shown(page, "x[0][0]").first).to_have_text(value)
    at_step(page, 3, "neuron")


def test_a_step_just_before_going_back_does_not_write_over_the_address(visit: Visit):
    page = visit.player("example=mazur&step=2")
    page.locator('.scene [data-given="x[0][0]"]').dblclick()
    page.locator(".editor input").fill("0.5")
    page.keyboard.press("Enter")
    expect(shown(page, "x[0][0]").first).to_have_text("0.5")
    page.keyboard.press("ArrowRight")
    page.evaluate("history.back()")
    expect(shown(page, "x[0][0]").first).to_have_text("0.05")
    page.wait_for_timeout(700)
    assert from_link(fragment(page)["problem"]) == examples.load("mazur")
    assert fragment(page)["step"] == str(state(page)[0])
    page.keyboard.press("ArrowRight")
    page.evaluate("location.hash = '#step=20&detail=neuron'")
    page.wait_for_timeout(700)
    assert (fragment(page)["step"], state(page)[0]) == ("20", 20)


def test_home_and_back_again(visit: Visit):
    page = visit.home()
    page.locator(".cards .card").nth(9).click()
    expect(page.locator("#player")).to_have_attribute("data-ready", "true")
    page.keyboard.press("ArrowRight")
    at_step(page, 1)
    expect(page).to_have_url(re.compile("step=1"))
    page.go_back()
    expect(page.locator(".cards .card").first).to_be_visible()
    page.go_forward()
    expect(page.locator("#player")).to_have_attribute("data-ready", "true")
    at_step(page, 1)


# Damaged links


def packed(text: str) -> str:
    return base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


def faulty(**changes: Any) -> str:
    return packed(json.dumps(examples.load("mazur").to_dict() | changes))


def damages() -> dict[str, tuple[str, str]]:
    """Twenty damaged links, each with what the message has to say."""
    rng = np.random.default_rng(7)
    link = to_link(examples.load("mazur"))
    found = {}
    for n in range(5):
        found[f"cut {n}"] = (link[: int(rng.integers(1, len(link) - 1))], "cut off|damaged|empty")
    for n in range(5):
        k = int(rng.integers(0, len(link)))
        letter = next(c for c in "AbZ9_-q" if c != link[k])
        found[f"flipped {n}"] = (link[:k] + letter + link[k + 1 :], "damaged|cut off|unpacked")
    return found | {
        "no letters of a link": ("$%&/()", "damaged"),
        "a word": ("mazur", "cut off|damaged"),
        "spaces": ("%20%20", "empty|damaged"),
        "twice": (link + link, "damaged"),
        "not JSON": (packed("not JSON"), "JSON"),
        "another JSON": (packed("[1, 2]"), r"\w"),
        "no layers": (packed('{"nncalc": 1}'), "layers"),
        "a weight too many": (
            faulty(layers=[{"type": "dense", "units": 2, "weights": [[1, 2, 3], [1, 2, 3]]}]),
            r"layers\[0\]\.weights",
        ),
        "an unknown field": (faulty(colour="red"), "colour"),
        "markup": (faulty(loss=MARKUP), "loss"),
    }


DAMAGED = damages()


def test_damaged_links_name_the_fault_and_the_problem_is_still_there(visit: Visit):
    """In a page that is open: the address changes, the problem stays."""
    assert len(DAMAGED) == 20
    page = visit.player("example=xor&step=9")
    title = examples.load("xor").title
    for name, (link, fault) in DAMAGED.items():
        page.evaluate("(link) => { location.hash = `#problem=${link}&step=3`; }", link)
        banner = page.locator('.banner[data-kind="fault"]')
        expect(banner, name).to_be_visible()
        expect(banner, name).to_have_text(re.compile(fault))
        expect(page.locator(".problem-title"), name).to_have_text(title)
        assert state(page)[0] == 9, name
        banner.get_by_role("button", name="Close this message").click()
        expect(page.locator(".banner"), name).to_be_hidden()
    page.keyboard.press("ArrowRight")
    at_step(page, 10)
    assert page.evaluate("window.hit") is None
    expect(page).to_have_url(re.compile("step=10"))
    assert from_link(fragment(page)["problem"]) == examples.load("xor")


def test_a_damaged_link_that_is_opened_anew_names_the_fault_beside_a_whole_problem(visit: Visit):
    for name in ("cut 0", "flipped 0", "not JSON", "a weight too many"):
        link, fault = DAMAGED[name]
        page = visit.player(fragment=f"problem={link}&step=3")
        expect(page.locator('.banner[data-kind="fault"]'), name).to_have_text(re.compile(fault))
        assert state(page)[1] > 10
        page.keyboard.press("ArrowRight")
        at_step(page, 1)


# Texts


def test_all_texts_of_a_problem_are_shown_as_text(visit: Visit):
    document = examples.load("mazur-biases").to_dict()
    document |= {"title": MARKUP, "notes": f"notes {MARKUP}", "source": f"source {MARKUP}"}
    document |= {"inputs": [f"in{MARKUP}", "b"], "outputs": [f"out{MARKUP}", "<b>bold</b>"]}
    page = visit.problem(document)
    expect(page.locator(".problem-title")).to_have_text(MARKUP)
    page.locator(".about summary").click()
    expect(page.locator(".problem-about")).to_contain_text(f"notes {MARKUP}")
    expect(page.locator(".problem-about")).to_contain_text(f"source {MARKUP}")
    for digit in "1234":
        page.evaluate("(digit) => void walk(digit)", digit)
    for key in ("2", "Enter", "End", "Enter", "p", "p"):
        page.keyboard.press(key)
    assert page.locator("#player img, #player script, #player b:has-text('bold')").count() == 0
    assert page.evaluate("window.hit") is None
    table = examples.load("error-table").to_dict() | {"title": MARKUP, "inputs": [MARKUP], "outputs": [MARKUP]}
    page = visit.problem(table)
    expect(page.locator(".problem-title")).to_have_text(MARKUP)
    assert page.locator("#player img, #player script").count() == 0 and page.evaluate("window.hit") is None


def test_what_a_query_says_is_text_too(visit: Visit):
    page = visit.page()
    page.goto(
        f"{visit.address}/backpropagation?example=%3Cimg%20src%3Dx%20onerror%3D%22window.hit%3D1%22%3E&step=%3Cb%3E"
    )
    expect(page.locator(".banner")).to_contain_text("<img src=x")
    assert page.locator("#player img").count() == 0 and page.evaluate("window.hit") is None


def test_the_pages_come_with_a_strict_policy(visit: Visit):
    page = visit.page()
    for path in ("/", "/backpropagation?example=mazur"):
        response = page.goto(visit.address + path)
        assert response is not None
        policy = response.headers["content-security-policy"]
        rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
        assert rules["default-src"] == "'none'" and rules["object-src"] == "'none'" and rules["base-uri"] == "'none'"
        assert "unsafe" not in rules["script-src"] and rules["connect-src"] == "'self'"
        assert page.evaluate("document.querySelectorAll('[onclick], [onload], [onerror]').length") == 0
