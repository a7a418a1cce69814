"""For everyone: nothing that axe-core finds, the keyboard alone, small screens, what a screen reader is told."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visit import Visit, at_step, shown, state

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
"""The engine alone: the package's own way of loading it is a script tag, which the site's policy forbids."""

SIZES = {"1920×1080": (1920, 1080), "1024×768": (1024, 768), "390×844": (390, 844)}
MODES = {"light": ("light", ""), "dark": ("dark", ""), "projector": ("light", "p")}

PLACES = {
    "home": "",
    "forward": "example=mazur&step=4",
    "backward with a choice": "example=xor&step=60",
    "error table": "example=error-table&step=12",
    "errors with a plot": "error?example=two-models&step=14",
    "cross-entropy with a plot": "error?example=categorical-crossentropy&step=14",
    "a neuron": "neuron?example=one-neuron&step=1",
    "a neuron backwards": "neuron?example=one-neuron&step=11",
    "a convolution": "convolution?step=12",
    "a convolution backwards": "convolution?step=77",
    "a pooling": "pooling?step=5",
    "a picture": "picture?step=60",
    "units behind a picture": "picture?step=280",
    "interaction of inputs": "neuron?step=1",
}


def violations(page: Page) -> list[str]:
    """What axe-core finds, each with where it is."""
    page.evaluate(f"() => {{ {AXE} }}")
    found = page.evaluate("async () => (await axe.run(document, { resultTypes: ['violations'] })).violations")
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in found
        for node in violation["nodes"][:3]
    ]


def at_sizes(page: Page, looked_at: tuple[str, ...]) -> list[str]:
    """What is wrong at any size; axe-core looks at some of them, since only the layout differs."""
    wrong = []
    for name, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(100)  # the drawing is measured anew
        if name in looked_at:
            wrong += [f"{name}: {one}" for one in violations(page)]
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wider > 0:
            wrong.append(f"{name}: the page is {wider} pixels wider than the screen")
    return wrong


@pytest.mark.parametrize(
    ("place", "mode"),
    [(place, mode) for place in PLACES for mode in MODES if (place, mode) != ("home", "projector")],
)
def test_axe_finds_nothing_and_no_page_is_wider_than_its_screen(visit: Visit, place: str, mode: str):
    scheme, key = MODES[mode]
    if place == "home":
        page = visit.home(color_scheme=scheme)
    else:
        path, _, query = PLACES[place].rpartition("?")
        page = visit.player(query, path=path or "backpropagation", color_scheme=scheme)
        if place == "backward with a choice":
            page.keyboard.press("Enter")
            expect(page.locator(".parts .check")).to_contain_text("agree")
        if place == "interaction of inputs":
            page.locator(".interaction summary").click()
            expect(page.locator("#neuron-fold .contour")).to_be_attached()
        if key:
            page.keyboard.press(key)
    expect(page.locator("html")).to_have_attribute("data-theme", scheme)
    wrong = at_sizes(page, tuple(SIZES) if mode == "light" else ("1024×768",))
    assert not wrong, "\n".join(wrong)


def test_axe_finds_nothing_where_something_is_open(visit: Visit):
    """The editor with a fault, the list of keys, a damaged link."""
    page = visit.player("example=mazur&step=4")
    page.locator('.scene [data-given="x[0][0]"]').dblclick()
    page.locator(".editor input").fill("abc")
    page.keyboard.press("Enter")
    expect(page.locator(".editor-message")).not_to_be_empty()
    wrong = violations(page)
    page.keyboard.press("Escape")
    page.evaluate("location.hash = '#problem=abc'")
    expect(page.locator('.banner[data-kind="fault"]')).to_be_visible()
    wrong += violations(page)
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_be_visible()
    wrong += violations(page)
    assert not wrong, "\n".join(wrong)


def test_home_in_projector_mode_is_whole(visit: Visit):
    """Back from a projected page leads home, which has no key to leave the mode."""
    page = visit.home()
    page.locator(".cards .card").first.click()
    expect(page.locator("#player")).to_have_attribute("data-ready", "true")
    page.keyboard.press("p")
    page.go_back()
    expect(page.locator(".cards .card").first).to_be_visible()
    expect(page.locator("header.header")).to_be_visible()


def test_from_home_to_an_edited_weight_with_the_keyboard_alone(visit: Visit):
    page = visit.home()
    tab_to(page, '.card[href*="example=mazur"]')
    page.keyboard.press("Enter")
    expect(page.locator("#player")).to_have_attribute("data-ready", "true")
    page.keyboard.press("ArrowRight")
    at_step(page, 1)
    tab_to(page, '.scene [data-given="hidden.weights[0][0]"]')
    page.keyboard.press("Enter")
    expect(page.locator(".parts .parts-name code")).to_have_text("hidden.weights[0][0]")
    page.keyboard.press("Enter")
    expect(page.locator(".editor input")).to_be_focused()
    page.keyboard.type("0.65")
    page.keyboard.press("Enter")
    expect(shown(page, "hidden.weights[0][0]")).to_have_text("0.65")
    assert state(page)[0] == 1
    page.keyboard.press("ArrowRight")
    at_step(page, 2)


def tab_to(page: Page, selector: str, most: int = 150) -> None:
    """Tab until the focus is there; it can be seen all the way."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{selector} is not reached by Tab")


def test_the_focus_comes_back_to_the_player_after_an_edit(visit: Visit):
    page = visit.player("example=mazur")
    page.locator('.scene [data-given="x[0][0]"]').dblclick()
    page.keyboard.press("Escape")
    assert page.evaluate("player().contains(document.activeElement)")


def test_a_screen_reader_is_told_the_step(visit: Visit):
    page = visit.player("example=mazur")
    live = page.locator('.live[aria-live="polite"]')
    texts = set()
    for k in range(13):
        expect(page.locator("#player")).to_have_attribute("data-step", str(k))
        text = live.inner_text()
        assert text
        texts.add(text)
        page.keyboard.press("ArrowRight")
    assert len(texts) >= 5
    expect(page.locator("input[type=range]")).to_have_attribute("aria-valuetext", re.compile("step 14 of 56, Backward"))


def test_what_can_be_chosen_in_the_drawing_has_a_name_with_its_number(visit: Visit):
    page = visit.player("example=mazur&step=7")
    labels = page.locator('.scene [role="button"]:visible').evaluate_all(
        "(all) => all.map((e) => e.getAttribute('aria-label'))"
    )
    assert len(labels) > 15 and all(label and label != "nothing yet" for label in labels)
    assert any("0.7514" in label for label in labels) and any("not computed yet" in label for label in labels)
