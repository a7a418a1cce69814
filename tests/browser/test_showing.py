"""What one takes along from a step: its matrix form, a copy, its drawing, the working on paper."""

from __future__ import annotations

import re
import struct
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from nncalc import examples, solve
from nncalc.formula.render import STYLES
from nncalc.numerals import show
from nncalc.transcript.latex import typeset
from tests.browser.test_accessibility import at_sizes
from tests.browser.visit import DIGITS, Visit, at_step
from tests.player.test_notation import squared

SVG = "{http://www.w3.org/2000/svg}"
SIGNS = {"text": {"=": "=", "≈": "≈"}, "latex": {"=": "=", "≈": r"\approx"}}
COPY = """async ([digit, target]) => {
  let copied;
  navigator.clipboard.writeText = async (text) => (copied = text);
  press(digit);
  press("Home");
  const found = [];
  for (let k = 0; k < stateOf().steps; k++) {
    copied = undefined;
    document.querySelectorAll("#menu-copy button")[target].click();
    while (copied === undefined) await new Promise((done) => setTimeout(done));
    found.push(copied);
    press("ArrowRight");
  }
  return found;
}"""


def copies(page: Page, detail: str, target: str) -> list[str]:
    """Every step as it is copied."""
    return page.evaluate(COPY, [DIGITS[detail], ["latex", "mathml", "text"].index(target)])


def line_of(step, style: str) -> list[str]:
    """The symbol and the sides of a line as a transcript has them, the signs before them."""
    symbol, *sides = (step.written(what, style) for what in ("symbol", "symbols", "numbers"))
    result = STYLES[style].number(step.result.text, 0)
    line = [symbol, *(f"= {side}" for side in dict.fromkeys(sides) if side != result)]
    line.append(f"{SIGNS[style][step.result.sign]} {result}")
    return [typeset(part) for part in line] if style == "latex" else [squared(part) for part in line]


def matrix_of(line, steps, style: str) -> list[str]:
    """The same of a line over matrices."""
    symbol, *sides, result = (line.written(what, style) for what in ("symbol", "symbols", "numbers", "result"))
    rounded = any(step.result.sign == "≈" for step in steps if step.entry.writes in line.result.ids)
    parts = [symbol, *(f"= {side}" for side in dict.fromkeys(sides) if side != result)]
    parts.append(f"{SIGNS[style]['≈' if rounded else '=']} {result}")
    return [typeset(part) for part in parts] if style == "latex" else parts


def aligned(lines: list[list[str]]) -> str:
    if len(lines) == 1:
        return " ".join(lines[0])
    rows = " \\\\\n".join(f"{symbol} &{' '.join(rest)}" for symbol, *rest in lines)
    return f"\\begin{{aligned}}\n{rows}\n\\end{{aligned}}"


@pytest.mark.parametrize("name", ["mazur", "softmax", "adam-three-steps"])
def test_a_copied_step_is_what_the_transcript_prints(visit: Visit, name: str):
    page = visit.player(f"example={name}")
    walkthrough = solve(examples.load(name)).walkthrough
    for detail in ("operation", "neuron"):
        steps = walkthrough.steps(detail)
        assert copies(page, detail, "latex") == [" ".join(line_of(step, "latex")) for step in steps]
        for step, copied in zip(steps, copies(page, detail, "text"), strict=True):
            sentence, *lines = copied.split("\n")
            assert sentence == step.sentence
            assert " ".join(line.strip() for line in lines) == " ".join(line_of(step, "text"))
    for detail in ("layer", "chapter"):
        groups = walkthrough.steps(detail)
        expected = [aligned([line_of(step, "latex") for step in group.steps]) for group in groups]
        assert copies(page, detail, "latex") == expected
        for group, copied in zip(groups, copies(page, detail, "text"), strict=True):
            lines = [" ".join(line_of(step, "text")) for step in group.steps]
            found = copied.split("\n")
            assert found[0] == group.sentence
            assert found[1:] == lines or " ".join(line.strip() for line in found[1:]) == lines[0]


def test_a_layer_is_copied_in_matrix_form_where_that_is_shown(visit: Visit):
    page = visit.player("example=mazur")
    matrix_on(page)
    expected = []
    for group in solve(examples.load("mazur")).walkthrough.steps("layer"):
        covered = {int(k) for line in group.matrix for k in line.result.ids.ravel()}
        lines = [matrix_of(line, group.steps, "latex") for line in group.matrix]
        lines += [line_of(step, "latex") for step in group.steps if step.entry.writes not in covered]
        expected.append(aligned(lines))
    assert copies(page, "layer", "latex") == expected


def test_copied_mathml_is_well_formed_and_without_marks(visit: Visit):
    page = visit.player("example=mazur")
    for copied in [*copies(page, "neuron", "mathml"), *copies(page, "layer", "mathml")]:
        root = ElementTree.fromstring(copied)
        assert root.tag == "{http://www.w3.org/1998/Math/MathML}math"
        assert "data-" not in copied and "class" not in copied


def matrix_on(page: Page) -> None:
    page.keyboard.press("m")
    expect(page.locator(".matrix")).to_be_visible()


def test_the_matrix_form_has_numpys_numbers_and_boxes_for_what_is_not_known(visit: Visit):
    document = examples.load("mazur").to_dict()
    hidden, decimals = document["layers"][0], document["decimals"]
    z = np.array(document["data"]["x"]) @ np.array(hidden["weights"]) + np.array(hidden["bias"])
    page = visit.player("example=mazur")
    matrix_on(page)

    def entries() -> dict[str, str]:
        cells = page.locator('.matrix [data-quantity^="hidden.z"]').evaluate_all(
            "(all) => all.map((e) => [e.dataset.quantity, e.textContent])"
        )
        return dict(cells)

    assert entries() == {"hidden.z[0][0]": show(float(z[0, 0]), 0, decimals), "hidden.z[0][1]": ""}
    read = page.locator('.matrix [data-state="read"]').evaluate_all("(all) => all.map((e) => e.dataset.quantity)")
    assert read == ["x[0][0]", "x[0][1]", "hidden.weights[0][0]", "hidden.weights[1][0]", "hidden.bias"]
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    at_step(page, 2)
    assert entries() == {f"hidden.z[0][{k}]": show(float(z[0, k]), 0, decimals) for k in (0, 1)}
    page.keyboard.press("m")
    expect(page.locator(".matrix")).to_be_hidden()


def test_the_matrix_form_keeps_a_covered_result_covered(visit: Visit):
    page = visit.player("example=mazur&step=2")
    matrix_on(page)
    page.keyboard.press("c")
    result = page.locator('.matrix [data-quantity="hidden.z[0][1]"]')
    expect(result).to_have_text("")
    page.keyboard.press("ArrowRight")  # a hint
    expect(result).to_have_text("")
    page.keyboard.press("ArrowRight")
    expect(result).to_have_text("0.3925")


def test_a_covered_result_is_not_copied(visit: Visit):
    page = visit.player("example=mazur")
    page.keyboard.press("c")
    page.evaluate("navigator.clipboard.writeText = async (text) => (window.copied = text)")
    page.evaluate("document.querySelector('#menu-copy button:last-child').click()")
    expect(page.locator(".banner")).to_contain_text("copied as text")
    assert page.evaluate("copied").endswith("= □")


def saved(page: Page, kind: str, folder: Path) -> Path:
    page.locator(".tools").get_by_role("button", name="Save").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Drawing as {kind}").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


@pytest.mark.parametrize("query", ["example=mazur&step=11", "example=error-table&step=11", "example=xor&step=11"])
def test_a_saved_drawing_stands_on_its_own(visit: Visit, query: str, tmp_path: Path):
    page = visit.player(query)
    text = saved(page, "SVG", tmp_path).read_text("utf-8")
    assert not re.search(r"var\(|class=|data-|url\((?!#)|<style|<image|foreignObject", text)
    root = ElementTree.fromstring(text)
    width, height = (int(root.attrib[side]) for side in ("width", "height"))
    assert root.attrib["viewBox"].endswith(f" {width} {height}") and width > 300 and height > 100
    assert root.findtext(f"{SVG}title") == page.locator(".problem-title").inner_text()
    assert (page.locator(".sentence").text_content() or "-") in (root.findtext(f"{SVG}desc") or "")
    shown = {text for text in page.locator(".scene [data-quantity]:visible").all_text_contents() if text}
    words = {"".join(element.itertext()) for element in root.iter(f"{SVG}text")}
    assert shown and shown <= words
    path = saved(page, "PNG", tmp_path)
    assert path.name.endswith("-step-12.png")
    picture = path.read_bytes()
    assert struct.unpack(">II", picture[16:24]) == (2 * width, 2 * height)
    assert len(picture) > 10_000


@pytest.mark.parametrize("detail", ["operation", "neuron", "layer"])
def test_paper_has_every_step_and_nothing_of_the_page(visit: Visit, detail: str):
    page = visit.player("example=xor")
    page.keyboard.press(DIGITS[detail])
    page.wait_for_timeout(2500)  # what prints is there by then
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".paper h1")).to_be_visible()
    expect(page.locator("#player")).to_be_hidden()
    expect(page.locator(".paper figure svg")).to_be_visible()
    printed = [text.replace("\u00a0", " ") for text in page.locator(".paper-step").all_text_contents()]
    steps = solve(examples.load("xor")).walkthrough.steps(detail)
    assert len(printed) == len(steps)
    for step, text in zip(steps, printed, strict=True):
        for one in getattr(step, "steps", [step]):
            assert f"{one.result.sign} {one.result.text}" in text
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".paper")).to_have_count(0)


def test_the_menus_are_for_the_keyboard_too(visit: Visit):
    page = visit.player("example=mazur")
    page.locator(".tools").get_by_role("button", name="Copy").focus()
    page.keyboard.press("Enter")
    menu = page.locator("#menu-copy")
    expect(menu.get_by_role("button", name="LaTeX")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(menu.get_by_role("button", name="MathML")).to_be_focused()
    at_step(page, 0)
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(page.locator(".tools").get_by_role("button", name="Copy")).to_be_focused()


def test_where_the_clipboard_is_refused_the_text_is_there_to_be_copied(visit: Visit):
    page = visit.player("example=mazur")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.locator(".tools").get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Text").click()
    area = page.locator("dialog textarea")
    expect(area).to_be_focused()
    expect(area).to_have_value(re.compile("0.3775$"))
    assert page.evaluate("document.activeElement.selectionEnd") == len(area.input_value())
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)


@pytest.mark.parametrize(("scheme", "key"), [("light", ""), ("dark", ""), ("light", "p")])
def test_axe_finds_nothing_with_the_matrix_form_and_a_menu(visit: Visit, scheme: str, key: str):
    page = visit.player("example=mazur&step=2", color_scheme=scheme)
    matrix_on(page)
    if key:
        page.keyboard.press(key)
    else:
        page.locator(".tools").get_by_role("button", name="Save").click()
    wrong = at_sizes(page, ("1024×768",))
    assert not wrong, "\n".join(wrong)
