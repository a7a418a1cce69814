"""The step player: what is seen is a function of the step alone, the keys, choosing a number and opening it."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from nncalc import examples
from nncalc.solution import solve
from tests.browser.answers import agrees
from tests.browser.visit import DIGITS, Visit, at_step, settled, shown, state


def looks(page: Page, detail: str) -> list[str]:
    """How every step looks, going forwards."""
    return page.evaluate(
        """(digit) => {
          press(digit);
          press("Home");
          const found = [];
          for (let k = 0; k < stateOf().steps; k++) { found.push(look()); press("ArrowRight"); }
          return found;
        }""",
        DIGITS[detail],
    )


def differing(expected: list[str], found: dict[str, str]) -> str:
    """The steps that look otherwise, and where the first of them begins to."""
    wrong = [int(k) for k, text in found.items() if text != expected[int(k)]]
    if not wrong:
        return ""
    one, other = expected[wrong[0]], found[str(wrong[0])]
    k = next((k for k, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return (
        f"steps {wrong}; step {wrong[0]}: …{one[max(0, k - 160) : k + 80]}… is now …{other[max(0, k - 160) : k + 80]}…"
    )


@pytest.mark.parametrize(
    ("name", "detail"),
    [("mazur", "neuron"), ("mazur", "layer"), ("xor", "neuron"), ("error-table", "operation"), ("softmax", "chapter"),
     ("adam-three-steps", "neuron")],
)  # fmt: skip
def test_a_step_looks_the_same_from_wherever_one_comes(visit: Visit, name: str, detail: str):
    page = visit.player(f"example={name}")
    page.wait_for_timeout(400)  # the drawing is complete once a hand rests
    expected = looks(page, detail)
    assert len(set(expected)) == len(expected)
    backwards = """() => {
      press("End");
      const found = {};
      for (let k = stateOf().steps - 1; k >= 0; k--) { found[k] = look(); press("ArrowLeft"); }
      return found;
    }"""
    scrubbed = """() => {
      const found = {}, { steps } = stateOf();
      for (let n = 0; n < steps; n++) { const k = (n * 37 + 5) % steps; scrub(k); found[k] = look(); }
      return found;
    }"""
    jumped = """async (detail) => {
      const found = {}, { steps } = stateOf();
      for (let n = 0; n < Math.min(steps, 15); n++) {
        const k = (n * 23 + 3) % steps;
        await jump(k, detail);
        found[k] = look();
      }
      return found;
    }"""
    there_and_back = """([detail, digits]) => {
      const found = {}, { steps } = stateOf();
      for (let k = 0; k < steps; k += 3) for (const digit of digits) {
        scrub(k);
        press(digit);
        press(detail);
        found[stateOf().step] = look();
      }
      return found;
    }"""
    assert differing(expected, page.evaluate(backwards)) == "", "backwards"
    assert differing(expected, page.evaluate(scrubbed)) == "", "by scrubbing"
    page.wait_for_timeout(500)  # the address has followed
    assert differing(expected, page.evaluate(jumped, detail)) == "", "by the address"
    digits = [digit for other, digit in DIGITS.items() if other != detail]
    assert differing(expected, page.evaluate(there_and_back, [DIGITS[detail], digits])) == "", "by granularity"


@pytest.mark.parametrize("step", [30, 52, 100])
def test_a_step_that_is_opened_by_its_address_looks_as_if_one_had_walked_there(visit: Visit, step: int):
    page = visit.player(f"example=xor&step={step}&detail=neuron")
    opened = page.evaluate("look()")
    walked = page.evaluate("(k) => { scrub(0); for (let n = 0; n < k; n++) press('ArrowRight'); return look(); }", step)
    assert differing([walked], {"0": opened}) == ""


# Keys


def test_the_player_says_where_it_is(visit: Visit):
    page = visit.player("example=mazur&step=7&detail=neuron")
    steps = solve(examples.load("mazur")).walkthrough
    assert state(page) == (7, len(steps.steps()), "neuron")
    for detail, digit in DIGITS.items():
        page.keyboard.press(digit)
        assert state(page)[1:] == (len(steps.steps(detail)), detail)


def test_arrows_go_a_step_and_home_and_end_to_the_ends(visit: Visit):
    page = visit.player("example=mazur")
    last = state(page)[1] - 1
    keys = [
        ("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("PageDown", 2), ("PageUp", 1), ("ArrowLeft", 0),
        ("ArrowLeft", 0), ("End", last), ("ArrowRight", last), ("ArrowLeft", last - 1), ("Home", 0),
    ]  # fmt: skip
    for key, step in keys:
        page.keyboard.press(key)
        assert state(page)[0] == step, key


def test_up_and_down_go_a_chapter(visit: Visit):
    page = visit.player("example=mazur")
    chapters = [step.chapter for step in solve(examples.load("mazur")).steps]
    firsts = [0, *(k for k, (a, b) in enumerate(pairwise(chapters), 1) if a != b)]
    assert len(firsts) == 5
    for first in firsts[1:]:
        page.keyboard.press("ArrowDown")
        assert state(page)[0] == first
    page.keyboard.press("ArrowRight")
    for first in reversed(firsts):
        page.keyboard.press("ArrowUp")
        assert state(page)[0] == first


@pytest.mark.parametrize("detail", ["operation", "neuron"])
def test_shift_and_arrows_go_a_unit(visit: Visit, detail: str):
    page = visit.player(f"example=mazur&detail={detail}")
    units = [(step.chapter, unit_of(step.quantity)) for step in solve(examples.load("mazur")).walkthrough.steps(detail)]
    firsts = [0, *(k for k, (a, b) in enumerate(pairwise(units), 1) if a != b)]
    found = page.evaluate(
        """() => {
          const found = [stateOf().step];
          while (found.length < 200) {
            press("ArrowRight", true);
            if (stateOf().step === found.at(-1)) break;
            found.push(stateOf().step);
          }
          return found;
        }"""
    )
    assert [k for k in found if k in firsts] == firsts
    back = page.evaluate(
        """() => {
          press("End");
          const found = [];
          while (stateOf().step > 0 && found.length < 200) { press("ArrowLeft", true); found.push(stateOf().step); }
          return found;
        }"""
    )
    assert back[-1] == 0 and set(back) <= set(firsts)


def unit_of(name: str) -> str:
    """A unit's sum and output belong together, and a local slope to the derivative that it leads to."""
    name = re.sub(r"\.(terms|sums)\[\d+\]$", "", name).replace(".slope", ".grad")
    return re.sub(r"\.[za](?=\[)", "", name)


def test_space_plays_at_the_chosen_speed_and_pauses(visit: Visit):
    page = visit.player("example=mazur")
    page.locator(".pace select").select_option("4")
    page.locator(".problem-title").click()
    page.keyboard.press(" ")
    expect(page.locator("[data-do=play]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#player")).to_have_attribute("data-step", re.compile("[2-9]"))
    page.keyboard.press(" ")
    step = state(page)[0]
    page.wait_for_timeout(800)
    assert state(page)[0] == step
    page.keyboard.press("End")
    page.keyboard.press(" ")
    expect(page.locator("#player")).to_have_attribute("data-step", re.compile("^[1-9]$"))  # begins again


def test_projector_mode_is_one_key_and_escape_leaves_it(visit: Visit):
    page = visit.player("example=mazur&step=4")
    page.keyboard.press("p")
    expect(page.locator("html")).to_have_attribute("data-mode", "projector")
    sizes = page.evaluate(
        """() => [...document.querySelectorAll(".strip .term, .strip .sentence, .strip .answer")]
          .map((e) => parseFloat(getComputedStyle(e).fontSize))"""
    )
    assert sizes and min(sizes) >= 28
    page.keyboard.press("Escape")
    assert page.locator("html").get_attribute("data-mode") is None
    page.keyboard.press("P")
    page.keyboard.press("P")
    assert page.locator("html").get_attribute("data-mode") is None and state(page)[0] == 4


def test_a_covered_result_is_nowhere_until_the_room_has_guessed(visit: Visit):
    page = visit.player("example=mazur&step=0")
    page.keyboard.press("c")
    steps = solve(examples.load("mazur")).steps
    for k, step in enumerate(steps[:6]):
        assert state(page)[0] == k
        text = step.result.text
        covered = page.evaluate(f"seen().filter(([, name]) => name === {step.quantity!r}).map(([, , , text]) => text)")
        assert all(t in ("", "?") for t in covered), step.quantity
        assert text not in page.locator(".live").inner_text()
        assert text not in page.locator(".parts").inner_text()
        page.keyboard.press("ArrowRight")  # → gives a hint
        assert state(page)[0] == k and text not in page.locator(".strip .answer").inner_text()
        page.keyboard.press("ArrowRight")
        assert state(page)[0] == k  # → shows it
        expect(shown(page, step.quantity, "strip").last).to_have_text(text)
        page.keyboard.press("ArrowRight")
    page.keyboard.press("C")
    assert "?" not in page.evaluate("seen().map(([, , , text]) => text)")


def test_a_question_mark_lists_the_keys(visit: Visit):
    page = visit.player("example=mazur")
    page.keyboard.press("?")
    dialog = page.locator("dialog[open]")
    for key in ("→ ←", "Shift", "Home", "Space", "P", "C", "Enter", "Esc"):
        expect(dialog).to_contain_text(key.split()[0])
    page.keyboard.press("ArrowRight")
    assert state(page)[0] == 0
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.keyboard.press("ArrowRight")
    assert state(page)[0] == 1


def test_keys_with_control_or_alt_are_the_browsers(visit: Visit):
    page = visit.player("example=mazur&step=3")
    for key in ("Control+ArrowRight", "Alt+p", "Meta+ArrowDown"):
        page.keyboard.press(key)
    assert state(page)[0] == 3 and page.locator("html").get_attribute("data-mode") is None


def test_shortcuts_are_off_in_a_field(visit: Visit):
    page = visit.player("example=mazur&step=3")
    page.locator('.scene [data-given="hidden.weights[0][0]"]').dblclick()
    field = page.locator(".editor input")
    expect(field).to_be_focused()
    for key in ("1", "p", "c", "?", " ", "Home", "ArrowLeft", "End", "ArrowRight"):
        page.keyboard.press(key)
    expect(field).to_have_value("1pc? ")
    assert state(page) == (3, 56, "neuron")
    assert page.locator("html").get_attribute("data-mode") is None and page.locator("dialog").count() == 0
    page.keyboard.press("Escape")


def test_stepping_asks_the_server_for_nothing(visit: Visit):
    page = visit.player("example=xor")
    page.keyboard.press("End")  # a person is there: what is loaded later is loaded now
    page.wait_for_timeout(2000)
    before = settled(visit, page)
    page.evaluate("void walk('2')")
    page.keyboard.press("1")
    for key in ("Home", "ArrowRight", "ArrowDown", "Shift+ArrowRight", "End", "Enter", "Escape", "p", "p", "c", "c"):
        page.keyboard.press(key)
    page.wait_for_timeout(500)
    assert visit.requests[before:] == []


# Choosing


@pytest.mark.parametrize("region", ["drawing", "formula", "table"])
def test_a_number_that_is_chosen_is_marked_everywhere_and_opened(visit: Visit, region: str):
    page = visit.player("example=mazur&step=18")  # backwards, to the sum of an output
    name = "output.z[0][0]"
    if region == "drawing":
        name = "output.a[0][0].grad"
        page.locator(f'.scene [data-for="{name}"]').click()
    elif region == "formula":
        name = "output.a[0][0].grad"
        page.locator(f'.strip [data-of="{name}"]').first.click()
    else:
        row = page.locator(".ledger-row", has=page.locator(f'[data-of="{name}"]'))
        page.locator(".ledger").evaluate("(e) => { e.scrollTop = 0; }")
        row.click()
    expect(page.locator(".parts .parts-name code")).to_have_text(name)
    expect(page.locator('.scene [data-chosen="true"]').first).to_be_visible()
    expect(page.locator(f'.strip [data-of="{name}"]').first).to_be_visible()
    expect(page.locator(".ledger-row.chosen")).to_have_count(1)
    assert page.locator(".ledger-row.chosen [data-of]").first.get_attribute("data-of") == name
    assert state(page)[0] == 18
    page.keyboard.press("Escape")
    expect(page.locator('.scene [data-chosen="true"], .ledger-row.chosen')).to_have_count(0)


def choose(page: Page, name: str) -> None:
    """By the step that computes it: go there, and Enter opens it."""
    at = [step.quantity for step in solve(examples.load("mazur")).steps].index(name)
    page.evaluate("(k) => scrub(k)", at)
    page.keyboard.press("Enter")
    expect(page.locator(".parts .parts-name code")).to_have_text(name)


def numbers_of(text: str) -> list[float]:
    return [float(n.replace("−", "-")) for n in re.findall(r"−?\d+\.?\d*", text)]


def test_a_sum_opens_into_its_products_and_running_sums(visit: Visit):
    page = visit.player("example=mazur")
    choose(page, "hidden.z[0][0]")
    expect(page.locator(".parts h3").first).to_have_text("Products and running sum")
    results = page.locator(".parts .facts li b").all_inner_texts()
    assert [numbers_of(text)[-1] for text in results] == [0.0075, 0.02, 0.0275, 0.3775]
    names = page.locator(".parts .facts b [data-quantity]").evaluate_all("(all) => all.map((e) => e.dataset.quantity)")
    assert names == [f"hidden.z[0][0]{part}" for part in (".terms[0]", ".terms[1]", ".sums[0]", "")] or names == [
        f"hidden.z[0][0]{part}" for part in (".terms[0]", ".terms[1]", ".sums[1]", "")
    ]


def test_a_derivative_opens_into_factors_paths_and_the_check(visit: Visit):
    """Mazur prints ∂E/∂w5 = 0.74136507 · 0.186815602 · 0.593269992 = 0.082167041."""
    page = visit.player("example=mazur")
    name = "output.weights[0][0].grad"
    choose(page, name)
    parts = page.locator(".parts")
    expect(parts).to_contain_text("Chain rule: one factor comes back")
    factors = numbers_of(parts.locator(".path .factors").inner_text())
    for factor in (2 * 0.74136507, 0.186815602, 0.593269992):
        assert any(abs(factor - f) < 2e-8 for f in factors), factor
    assert abs(factors[-1] - 0.082167041) < 1e-9
    check = parts.locator(".check")
    expect(check).to_contain_text("central difference")
    for what in ("chain rule", "jax.grad", "central difference"):
        row = check.locator("div", has=page.get_by_text(what, exact=True))
        assert abs(numbers_of(row.inner_text())[-1] - 0.082167041) < 1e-8, what
    expect(check).to_contain_text("All agree")


def test_every_path_has_a_row_and_their_products_add_up_to_the_gradient(visit: Visit):
    """w1 of Mazur's network reaches the loss through both outputs: 0.000438568 in all."""
    page = visit.player("example=mazur")
    choose(page, "hidden.weights[0][0].grad")
    rows = page.locator(".parts .path")
    expect(rows).to_have_count(2)
    products = [numbers_of(text)[-1] for text in rows.locator(".factors").all_inner_texts()]
    for text, product in zip(rows.locator(".factors").all_inner_texts(), products, strict=True):
        *factors, last = numbers_of(text)
        value = 1.0
        for factor in factors:
            value *= factor
        assert last == product and abs(value - product) < 1e-6 * abs(product) + 1e-9
    assert abs(sum(products) - 0.000438568) < 2e-9
    total = page.locator(".parts .parts-total")
    expect(total).to_contain_text("total of 2 paths")
    assert abs(numbers_of(total.inner_text())[-1] - 0.000438568) < 1e-9


def test_a_path_lights_its_way_in_the_drawing(visit: Visit):
    page = visit.player("example=mazur")
    choose(page, "hidden.weights[0][0].grad")
    lit = page.locator('.scene [data-lit="true"]')
    expect(lit).to_have_count(0)
    labels = []
    for n in range(2):
        page.locator(".parts .path").nth(n).hover()
        expect(page.locator(".parts .path").nth(n)).to_have_class(re.compile("lit"))
        labels.append(" ".join(lit.evaluate_all("(all) => all.map((e) => e.getAttribute('data-for'))")))
        assert page.locator(".scene line.lit").count() >= 2
    assert "output.a[0][0]" in labels[0] and "output.a[0][1]" not in labels[0]
    assert "output.a[0][1]" in labels[1] and "output.a[0][0]" not in labels[1]
    assert all("hidden.a[0][0]" in label and "loss" in label for label in labels)
    page.mouse.move(0, 0)  # or what focus scrolls comes to lie under it
    expect(lit).to_have_count(0)
    page.locator(".parts .path").first.focus()
    expect(page.locator(".parts .path").first).to_have_class(re.compile("lit"))
    assert "output.a[0][0]" in " ".join(lit.evaluate_all("(all) => all.map((e) => e.getAttribute('data-for'))"))
    page.keyboard.press("Escape")
    expect(lit).to_have_count(0)


@pytest.mark.parametrize("name", ["xor", "softmax", "adam-three-steps"])
def test_every_gradient_opens_into_paths_that_add_up(visit: Visit, name: str):
    """The product of every path and the total beneath, as the page's own modules give them."""
    page = visit.player(f"example={name}")
    solution = solve(examples.load(name))
    found = page.evaluate(
        """async (data) => {
          const { Walkthrough } = await import("/assets/js/walkthrough.mjs");
          const { countPaths, listPaths } = await import("/assets/js/paths.mjs");
          const walk = new Walkthrough(data);
          return [...walk.grad].map(([source, id]) => {
            const paths = listPaths(walk, source, 1e6);
            const total = paths.reduce((sum, { product }) => sum + product, 0);
            return [walk.names[id], countPaths(walk, source), paths.length, total];
          });
        }""",
        solution.walkthrough.data(),
    )
    gradients = {step.quantity: step.result.value for step in solution.steps if step.quantity.endswith(".grad")}
    assert len(gradients) >= 5 and set(gradients) <= {row[0] for row in found}
    for gradient, count, listed, total in found:
        assert count == listed
        if gradient in gradients:
            assert abs(total - gradients[gradient]) <= 1e-12 * max(1.0, abs(total)), gradient


def test_a_number_of_another_step_says_where_it_comes_from_and_leads_there(visit: Visit):
    page = visit.player("example=mazur&step=30")
    page.locator('.scene [data-for="hidden.a[0][0]"]').first.click()
    link = page.locator(".parts [data-go]")
    expect(link).to_contain_text("Computed in step")
    step = int(re.findall(r"\d+", link.inner_text())[0]) - 1
    link.click()
    at_step(page, step)
    expect(shown(page, "hidden.a[0][0]")).to_have_attribute("data-state", "written")


def test_every_number_opens_without_a_fault(visit: Visit):
    """Every quantity of the walkthrough is chosen once, at the last step, and its parts agree."""
    page = visit.player("example=xor")
    page.keyboard.press("End")
    solved: dict[str, Any] = {
        step.quantity: step for step in solve(examples.load("xor")).walkthrough.steps("operation")
    }
    opened = page.evaluate(
        """() => {
          const found = [];
          for (let k = stateOf().steps - 1; k >= 0; k--) {
            press("Enter");
            found.push(...seen().filter(([region, , , text]) => region === "parts" && text));
            press("Escape");
            press("ArrowLeft");
          }
          return found;
        }"""
    )
    wrong = [
        (name, text)
        for _, name, _, text, _ in opened
        if name in solved and not agrees(text, solved[name].result.value, 4)
    ]
    assert len(opened) > 300 and wrong == []
