"""Small networks are drawn in full, large ones in parts, and far too many steps are gathered."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from playwright.sync_api import Page, expect

from nncalc.problem import Problem
from nncalc.solution import solve
from tests.browser.visit import Visit, at_step, state

DESKTOP = {"width": 1920, "height": 1080}


def network(*units: int, samples: int = 1) -> dict[str, Any]:
    """Dense layers of these units, the inputs first."""
    rng = np.random.default_rng(3)
    names = [f"hidden{k}" for k in range(1, len(units) - 1)] + ["output"]
    return {
        "nncalc": 1,
        "title": "-".join(map(str, units)),
        "layers": [
            {"type": "dense", "name": n, "units": u, "activation": "tanh"}
            for n, u in zip(names, units[1:], strict=True)
        ],
        "data": {
            "x": np.round(rng.normal(size=(samples, units[0])), 2).tolist(),
            "y": np.round(rng.normal(size=(samples, units[-1])), 2).tolist(),
        },
    }


def test_a_network_up_to_eight_units_wide_is_drawn_in_full(visit: Visit):
    page = visit.problem(network(4, 8, 8, 2), viewport=DESKTOP)
    assert page.locator(".network .unit").count() == 4 + 8 + 8 + 2
    assert page.locator(".network .edge:not(.plain, .stem)").count() == 4 * 8 + 8 * 8 + 8 * 2
    assert page.locator(".network .left-out").count() == 0
    steps = solve(Problem.from_dict(network(4, 8, 8, 2))).steps
    assert state(page)[1] == len(steps)
    written = page.evaluate(
        """() => {
          const found = [];
          for (let k = 0; k < stateOf().steps; k++) {
            scrub(k);
            const own = [...player().querySelectorAll('.scene [data-state="written"]')];
            const seen = own.filter((e) => e.textContent && !e.closest('[data-hidden="true"]'));
            found.push(...seen.map((e) => [k, e.dataset.quantity]));
          }
          return found;
        }"""
    )
    assert written == [[k, step.quantity] for k, step in enumerate(steps)]


def drawn(page: Page) -> int:
    """How many units there are: those that are drawn, and those that are counted as left out."""
    texts = page.locator(".network .left-out").all_text_contents()
    assert texts and all("left out" in text for text in texts)
    return page.locator(".network .unit").count() + sum(int(re.sub(r"\D", "", text)) for text in texts)


def test_a_wider_network_is_drawn_in_parts_that_follow_the_step(visit: Visit):
    page = visit.problem(network(10, 20, 3), viewport=DESKTOP)
    assert drawn(page) == 33
    steps = solve(Problem.from_dict(network(10, 20, 3))).steps
    wanted = [
        k
        for k, step in enumerate(steps)
        if step.quantity in ("hidden1.z[0][12]", "hidden1.weights[4][17].grad", "hidden1.bias[9].new")
    ]
    assert len(wanted) == 3
    for k in wanted:
        seen = page.evaluate("(k) => { scrub(k); return seen(); }", k)
        written = [n for region, n, s, _, visible in seen if region == "scene" and s == "written" and visible]
        assert written == [steps[k].quantity]
        assert drawn(page) == 33


def test_too_many_steps_are_gathered_and_it_says_so(visit: Visit):
    document = network(2, 16, 16, 1, samples=100)
    count = solve(Problem.from_dict(document)).walkthrough.count
    assert count > 5000
    page = visit.problem(document, fragment="step=0&detail=neuron", viewport=DESKTOP)
    assert state(page)[2] == "layer"
    expect(page.locator(".banner")).to_contain_text(f"{count:,} steps")
    for detail in ("operation", "neuron"):
        button = page.locator(f'[data-detail-name="{detail}"]')
        expect(button).to_have_attribute("aria-disabled", "true")
        expect(button).to_have_attribute("title", re.compile(r"\d,\d{3} .* too many"))
        button.dispatch_event("click")
        assert state(page)[2] == "layer"
        expect(page.locator(".banner")).to_contain_text("too many")
    for key in "12":
        page.keyboard.press(key)
        assert state(page)[2] == "layer"
    page.keyboard.press("End")
    at_step(page, state(page)[1] - 1, "layer")
    walked = page.evaluate("walk('4')")
    assert len(walked) == 5 and all(
        any(region == "strip" and text for region, _, _, text, _ in at["seen"]) for at in walked
    )


def test_the_shape_of_handwritten_digits_opens(visit: Visit):
    page = visit.problem(network(784, 128, 10), viewport=DESKTOP)
    assert state(page)[2] == "layer"
    assert drawn(page) == 784 + 128 + 10
    page.keyboard.press("End")
    at_step(page, state(page)[1] - 1)
    page.keyboard.press("4")
    assert len(page.evaluate("walk('4')")) == 5


def test_every_shape_can_be_walked_through(visit: Visit):
    page = visit.player("detail=layer")
    through = """() => {
      press("3");
      const { steps } = stateOf();
      for (let k = 1; k < steps; k++) press("ArrowRight");
      return steps;
    }"""
    for units in ((1, 1), (2, 1), (8, 8, 8, 8), (9, 1), (1, 9)):
        visit.show(page, network(*units))
        steps = page.evaluate(through)
        assert state(page) == (
            steps - 1,
            len(solve(Problem.from_dict(network(*units))).walkthrough.steps("layer")),
            "layer",
        )


def test_numbers_of_any_size_are_shown(visit: Visit):
    """Infinities and not-a-number are numbers that a diverging calculation has."""
    linear = network(2, 2, 1)
    linear["layers"] = [{"type": "dense", "name": n, "units": u} for n, u in (("hidden1", 2), ("output", 1))]
    small = [linear["layers"][0] | {"weights": [[1e200, -1e-200], [1e-9, 1e15]]}, linear["layers"][1]]
    cases = {
        "weights": {"layers": small},
        "learning rate": {"optimizer": {"type": "sgd", "learning_rate": 1e300}, "iterations": 3},
        "data": {"data": {"x": [[1e308, -1e308]], "y": [[1e-300]]}},
    }
    page = visit.player()
    found = set()
    for title, changes in cases.items():
        visit.show(page, linear | changes | {"title": title})
        texts = {text for at in page.evaluate("walk('1')") for _, _, _, text, _ in at["seen"]}
        assert not [text for text in texts if re.search("undefined|null|Infinity", text)], title
        found |= texts
    assert "∞" in found and "NaN" in found and any(re.search("(e|10)−200", text) for text in found)
