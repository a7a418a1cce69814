"""The page with padding, strides and dilation of one window side by side."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.visit import Visit, at_step, shown


def windows(visit: Visit, query: str = "", **options) -> Page:
    return visit.player(query, path="windows", **options)


def taken(page: Page, panel: str) -> list[str]:
    """The numbers that the window takes in one of the three pictures."""
    return page.locator(f'[aria-label="{panel}"] [data-mark="taken"] text').all_text_contents()


def frames(page: Page) -> list[str | None]:
    return [frame.get_attribute("x") for frame in page.locator(".sliding-frame[visibility=visible]").all()]


def choose(page: Page, field: str, words: str) -> None:
    page.locator(f'[data-window="{field}"]').select_option(label=words)


def test_the_window_slides_over_all_three_pictures_and_the_output_fills_in(visit: Visit):
    page = windows(visit)
    assert not taken(page, "Padding") and not frames(page)  # the first steps work out the size
    page.evaluate("scrub(2)")
    for panel in ("Padding", "Strides", "Dilation"):
        assert taken(page, panel) == ["0", "0", "0", "2"]
    expect(shown(page, "conv.z[0][0][0][0]")).to_have_text("2")
    expect(shown(page, "conv.z[0][0][1][0]")).to_have_text("")
    before = frames(page)
    page.keyboard.press("ArrowRight")  # the same number, passed on
    page.keyboard.press("ArrowRight")
    at_step(page, 4)
    assert taken(page, "Dilation") == ["0", "0", "2", "1"]
    assert len(frames(page)) == 3 and frames(page) != before


def test_where_a_window_begins_and_what_is_left_over_is_marked(visit: Visit):
    page = windows(visit)
    strides = page.locator('[aria-label="Strides"]')
    assert strides.locator('[data-start="true"]').count() == 9
    assert strides.locator('[data-left-over="true"]').count() == 8 + 7
    assert page.locator('[aria-label="Padding"] [data-left-over="true"]').count() == 0


def test_strides_padding_and_dilation_are_changed_where_they_are_shown(visit: Visit):
    page = windows(visit, "step=4")
    choose(page, "strides", "1")
    expect(page.locator(".sliding-cell.result")).to_have_count(36)
    expect(page.locator('[data-window="strides"]')).to_be_focused()
    expect(page.locator(".sliding-drawing")).to_contain_text("⌊(8 − 3) / 1⌋ + 1 = 6")
    choose(page, "padding", "none")
    expect(page.locator(".sliding-cell.result")).to_have_count(16)
    choose(page, "dilation", "3")
    expect(page.locator(".sliding-drawing")).to_contain_text("= 3 · (2 − 1) + 1 = 4")
    for _ in range(3):
        page.keyboard.press("Control+z")
    expect(page.locator(".sliding-cell.result")).to_have_count(9)


def test_a_number_of_the_image_is_changed_by_the_keyboard(visit: Visit):
    page = windows(visit, "step=2")
    page.locator('[data-given="x[0][1][1][0]"]').focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.locator(".editor input").fill("1/4")
    page.keyboard.press("Enter")
    expect(shown(page, "x[0][1][1][0]")).to_have_text("0.25")
    expect(shown(page, "conv.z[0][0][0][0]")).to_have_text("0.25")


def test_on_a_telephone_nothing_is_wider_than_the_screen(visit: Visit):
    page = windows(visit, "step=4", viewport={"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(page.locator('[aria-label="Padding"]')).to_be_visible()
