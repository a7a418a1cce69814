"""Every worked problem, at every step and granularity: drawing, formula and table agree with `nncalc solve --json`."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page

from nncalc import examples, numerals
from nncalc.player import MOST_STEPS
from nncalc.problem import Problem
from tests.browser.answers import Answers, agrees
from tests.browser.visit import DIGITS, Visit, walked
from tests.drawn import documents

DRAWN_DECIMALS = 4  # the most that a drawing has room for
MOST_LINES = 60  # of a group of steps that the formula strip writes out
PART = re.compile(r"\.(terms|sums)\[\d+\]$")


@cache
def answers(name: str) -> Answers:
    return Answers(examples.load(name))


def steps_of(answers: Answers, detail: str) -> list[tuple[list[str], set[str]]]:
    """What every step writes, and what it reads."""
    walkthrough = answers.solution.walkthrough
    if detail in ("operation", "neuron"):
        return [([step.quantity], set(getattr(step, "reads", ()))) for step in walkthrough.steps(detail)]
    return [
        ([step.quantity for step in group.steps], {name for step in group.steps for name in step.reads})
        for group in walkthrough.steps(detail)
    ]


@pytest.mark.parametrize("name", examples.names())
def test_every_number_at_every_step_is_that_of_solving(visit: Visit, name: str):
    page = visit.player(f"example={name}")
    solved = answers(name)
    faults: list[str] = []
    compared: Counter[str] = Counter()
    finest = "operation" if len(steps_of(solved, "operation")) <= MOST_STEPS else "neuron"
    for detail, digit in DIGITS.items():
        if detail == "operation" != finest:
            continue
        walk = walked(page, digit)
        expected = steps_of(solved, detail)
        assert [(w["step"], w["steps"], w["detail"]) for w in walk] == [
            (k, len(expected), detail) for k in range(len(expected))
        ]
        faults += wrong_numbers(walk, solved, compared)
        faults += wrong_states(walk, expected, detail)
        faults += wrong_places(walk, expected, detail)
        if detail == "neuron":
            faults += [f"{n} is never shown in the drawing" for n in sorted(wanted(solved) - drawn(walk))]
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults[:30])
    steps = len(steps_of(solved, finest))
    assert all(compared[region] >= 3 * steps for region in ("scene", "strip", "ledger"))
    assert compared["json"] >= steps


def wrong_numbers(walk: list[dict[str, Any]], solved: Answers, compared: Counter[str]) -> list[str]:
    """The numbers that are not those of solving, to the digits shown."""
    wrong = []
    fine: set[tuple[str, str, str]] = set()
    for at in walk:
        for region, name, _, text, _ in at["seen"]:
            if not text:
                continue
            compared[region] += 1
            if (region, name, text) in fine:
                continue
            value, source = solved.value(name)
            compared[source] += 1
            decimals = solved.problem.decimals
            if agrees(text, value, min(decimals, DRAWN_DECIMALS) if region == "scene" else decimals):
                fine.add((region, name, text))
            else:
                wrong.append(f"{place(at)}, {region}: {name} is shown as {text!r}, solving gives {value!r} ({source})")
    return wrong


def wrong_states(walk: list[dict[str, Any]], expected: list[tuple[list[str], set[str]]], detail: str) -> list[str]:
    """In the drawing: written at its step, known or read after it, empty before it, and always the same text."""
    at = {name: k for k, (writes, _) in enumerate(expected) for name in writes}
    texts: dict[str, str] = {}
    wrong = []
    for k, seen in enumerate(walk):
        for region, name, state, text, visible in seen["seen"]:
            if region != "scene" or not visible:
                continue
            when = at.get(name, at.get(PART.sub("", name), -1))
            known = "known read" if detail == "operation" or PART.search(name) else "known"
            before = "read" if name in expected[k][1] else known
            possible = "written" if when == k else "empty" if when > k else before
            if state not in possible.split():
                wrong.append(f"{place(seen)}: {name} is {state!r}, expected {possible!r}")
            if (text == "") != (state == "empty"):
                wrong.append(f"{place(seen)}: {name} is {state!r} and shows {text!r}")
            if text and texts.setdefault(name, text) != text:
                wrong.append(f"{place(seen)}: {name} shows {text!r}, before {texts[name]!r}")
    return wrong


def wrong_places(walk: list[dict[str, Any]], expected: list[tuple[list[str], set[str]]], detail: str) -> list[str]:
    """What a step writes stands in the formula, of single steps in drawing and table too; the formula reads its own."""
    wrong = []
    for seen, (writes, reads) in zip(walk, expected, strict=True):
        places: dict[str, dict[str, set[str]]] = {"scene": {}, "strip": {}, "ledger": {}, "parts": {}}
        for region, name, state, text, visible in seen["seen"]:
            if text and visible:
                places[region].setdefault(state, set()).add(name)
        written = {region: names.get("written", set()) for region, names in places.items()}
        if written["strip"] != set(writes[:MOST_LINES]):
            wrong.append(f"{place(seen)}: the formula writes {written['strip']}, expected {writes[:MOST_LINES]}")
        if detail == "neuron":
            if {name for name in written["scene"] if not PART.search(name)} != set(writes):
                wrong.append(f"{place(seen)}: the drawing writes {written['scene']}, expected {writes}")
            if not places["strip"].get("read", set()) <= reads:
                wrong.append(f"{place(seen)}: the formula reads {places['strip']['read']}, expected {reads}")
        if detail in ("operation", "neuron") and written["ledger"] != set(writes):
            wrong.append(f"{place(seen)}: the table writes {written['ledger']}, expected {writes}")
    return wrong


def place(seen: dict[str, Any]) -> str:
    return f"{seen['detail']} {seen['step']}"


def drawn(walk: list[dict[str, Any]]) -> set[str]:
    return {n for at in walk for region, n, _, text, visible in at["seen"] if region == "scene" and text and visible}


def wanted(solved: Answers) -> set[str]:
    """Every number of the JSON that is worked out in a step."""
    names = set()
    for k, report in enumerate(solved.reports):
        prefix = f"iterations[{k}]." if k else ""
        for key, suffix in {"quantities": "", "gradients": ".grad", "derivatives": ".grad", "updated": ".new"}.items():
            for base, numbers in report.get(key, {}).items():
                names |= {f"{prefix}{base}{index}{suffix}" for index in indices(numbers)}
    return names & set(solved.worked)


def indices(numbers: Any) -> list[str]:
    if not isinstance(numbers, list):
        return [""]
    return [f"[{k}]{rest}" for k, inner in enumerate(numbers) for rest in indices(inner)]


# What the player gets, against Python's own walkthrough

COMPARE = """
async (given) => {
  const { data, operations, neurons } = JSON.parse(given);
  const { Walkthrough } = await import("/assets/js/walkthrough.mjs");
  const { mathNumber, mathSymbol } = await import("/assets/js/formulas.mjs");
  const { show } = await import("/assets/js/numerals.mjs");
  const { ofRow } = await import("/assets/js/packed.mjs");
  const { sentenceOf } = await import("/assets/js/written.mjs");
  const walk = new Walkthrough(data);
  const join = (template, fill) => data.templates[template].map((p) => (typeof p === "string" ? p : fill(p))).join("");
  const lines = (step) => {
    if (step.kind === "part") {
      const { template, operands, extra } = walk.part(step.line, step.row, step.part);
      return [
        join(template, ([k, , guarded]) => mathSymbol(operands[k].symbol, guarded)),
        join(template, ([k, , guarded]) => mathNumber(show(operands[k].value, extra, data.decimals), guarded)),
      ];
    }
    const line = (step.kind === "slope" ? walk.data.feeds : walk.data.lines)[step.line];
    const filled = (own, write) =>
      join(ofRow(own, step.row), ([slot, at, guarded]) => write(walk.fills(line, step.row, slot, at), guarded));
    return [
      filled(line.symbols, (id, guarded) => mathSymbol(walk.symbol(id), guarded)),
      filled(line.numbers, (id, guarded) =>
        mathNumber(show(walk.values[id], ofRow(line.extra, step.row), data.decimals), guarded)),
    ];
  };
  const all = (detail) => walk.steps(detail).map((step) => {
    const { name, text, sign, symbol } = walk.result(step);
    return [name, ...lines(step), text, sign, symbol, sentenceOf(walk, step), walk.chapterOf(step)];
  });
  const differing = [];
  for (const [detail, expected] of [["operation", operations], ["neuron", neurons]]) {
    const found = all(detail);
    if (found.length !== expected.length) differing.push([detail, "count", found.length, expected.length]);
    found.forEach((own, k) => own.forEach((text, n) => {
      if (text !== expected[k]?.[n]) differing.push([detail, k, own[0], text, expected[k]?.[n]]);
    }));
  }
  return differing;
}"""
DRAWN = [document | {"iterations": min(document.get("iterations", 1), 2)} for document in documents(5, 20)]
PROBLEMS = {**dict.fromkeys(examples.names()), **{f"drawn {k}": d for k, d in enumerate(DRAWN)}}


@pytest.fixture(scope="module")
def modules(shared: BrowserContext, address: str) -> Iterator[Page]:
    """A page that the player's modules can be imported in."""
    page = shared.new_page()
    page.goto(address)
    yield page
    page.close()


@pytest.mark.parametrize("name", PROBLEMS)
def test_the_player_works_every_operation_out_as_python_does(modules: Page, name: str):
    document = PROBLEMS[name]
    solution = answers(name).solution if document is None else Answers(Problem.from_dict(document)).solution
    walkthrough = solution.walkthrough
    given = {
        "data": walkthrough.data(),
        "operations": [line(step) for step in walkthrough.steps("operation")],
        "neurons": [line(step) for step in walkthrough.steps()],
    }
    assert modules.evaluate(COMPARE, json.dumps(given))[:10] == []


def line(step: Any) -> list[str]:
    written = [step.written(what, "mathml") for what in ("symbols", "numbers")]
    result = step.result
    return [
        step.quantity,
        *written,
        result.text,
        result.sign,
        step.written("symbol", "mathml"),
        step.sentence,
        step.chapter,
    ]


def test_the_player_shows_numbers_as_python_does(modules: Page):
    numbers = drawn_numbers()
    found = modules.evaluate(
        """async (numbers) => {
          const { show } = await import("/assets/js/numerals.mjs");
          return numbers.map(([x, extra, decimals]) => show(Number(x), extra, decimals));
        }""",
        [[repr(x).replace("inf", "Infinity").replace("nan", "NaN"), extra, decimals] for x, extra, decimals in numbers],
    )
    expected = [numerals.show(*number) for number in numbers]
    differing = [case for case in zip(numbers, found, expected, strict=True) if case[1] != case[2]]
    assert len(numbers) > 8000 and differing[:10] == []


def drawn_numbers() -> list[tuple[float, int, int]]:
    """Of all sizes; halves of every place; with few digits; just beside a power of ten."""
    rng = np.random.default_rng(11)
    values = [
        *(rng.normal(size=3000) * 10.0 ** rng.integers(-25, 25, 3000)),
        *np.round(rng.normal(size=2000) * 100, 3),
        *((2 * rng.integers(0, 10**6, 2000) + 1) * 0.5 * 10.0 ** rng.integers(-9, 3, 2000)),
        *(float(f"{n}5e-{p}") for n, p in zip(rng.integers(0, 10**5, 1000), rng.integers(1, 10, 1000), strict=True)),
        *(np.nextafter(10.0**k, to) for k in range(-12, 15) for to in (0, np.inf)),
        *(10.0**k for k in range(-30, 31)),
        *(9.99995 * 10.0**k for k in range(-12, 15)),
        *(rng.integers(-(10**6), 10**6, 300).astype(float)),
        0.0, -0.0, np.inf, -np.inf, np.nan, 5e-324, 1.7976931348623157e308, 1e-6, 9.9999999e-7, 1e10, 9999999999.5,
    ]  # fmt: skip
    extra, decimals = rng.integers(0, 15, len(values)), rng.integers(0, 16, len(values))
    return [(float(x), int(e), int(d)) for x, e, d in zip(values, extra, decimals, strict=True)]
