"""The figures of the page, measured by hand in a browser: `python -m pytest -n 0 tests/benchmarks/test_page.py`.

Times are taken inside of the page, from the key to the last change of what is drawn and a layout that is forced. Each
benchmark runs once and keeps its figures as `extra_info`; `report.py` beside this file prints them.
"""

from __future__ import annotations

import gzip
import json
import statistics
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from dashboards.app import PAGES
from dashboards.player import page_data
from nncalc.link import from_link, to_link
from nncalc.problem import Problem
from nncalc.starting import network_problem
from tests.browser.serving import MISSING, chromium, served

EDITS, EDITS_BEFORE = 60, 5
STEPS = 1000
LOADS, LOADS_BEFORE = 9, 2
STARTS = 5
SETTLED = 1000  # milliseconds until everything has come that a page asks for
FLAGS = ["--no-sandbox", "--js-flags=--expose-gc", "--enable-precise-memory-info"]

TWO_TWO_TWO = "/backpropagation?example=mazur"
WEIGHT = "hidden.weights[0][0]"

EDIT = """async ([name, text, pause]) => {
  const number = document.querySelector(`.scene [data-given="${name}"]`);
  number.dispatchEvent(new MouseEvent("click", { bubbles: true, detail: 2 }));
  const field = document.querySelector(".editor input");
  field.value = text;
  const seen = () => document.querySelector(`.scene [data-quantity="${name}"]`)?.textContent === text;
  const drawn = new Promise((done) => {
    const observer = new MutationObserver(() => {
      if (!seen()) return;
      observer.disconnect();
      document.querySelector(".scene").getBoundingClientRect();
      document.body.offsetHeight;
      done(performance.now());
    });
    const all = { subtree: true, childList: true, characterData: true, attributes: true };
    observer.observe(document.getElementById("player"), all);
  });
  const start = performance.now();
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  const end = await drawn;
  await new Promise((done) => setTimeout(done, pause));
  return end - start;
}"""

PANEL = """async ([place, value, pause]) => {
  const control = document.querySelector(`.panel [data-place="${place}"]`);
  control.closest("details").open = true;
  const player = document.getElementById("player");
  const before = player.dataset.serial;
  const drawn = new Promise((done, fail) => {
    setTimeout(() => fail(new Error(`${place}: nothing new was drawn`)), 20000);
    const observer = new MutationObserver(() => {
      if (player.dataset.serial === before) return;
      observer.disconnect();
      document.querySelector(".scene").getBoundingClientRect();
      document.body.offsetHeight;
      done(performance.now());
    });
    observer.observe(player, { attributes: true });
  });
  const start = performance.now();
  if (value === null) control.click();
  else {
    control.value = value;
    control.dispatchEvent(new Event("change", { bubbles: true }));
  }
  const end = await drawn;
  await new Promise((done) => setTimeout(done, pause));
  return end - start;
}"""

STEP = """async ([keys]) => {
  const player = document.getElementById("player");
  const frame = () => new Promise((done) => requestAnimationFrame(() => done()));
  let late = 0;
  const observer = new MutationObserver(() => (late = performance.now()));
  observer.observe(player, { subtree: true, childList: true, characterData: true, attributes: true });
  const scene = document.querySelector(".scene");
  const times = [];
  for (const key of keys) {
    late = 0;
    const start = performance.now();
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    document.body.offsetHeight;
    scene.getBoundingClientRect();
    const end = performance.now();
    observer.takeRecords();
    await frame();
    await frame();
    times.push((late || end) - start);
  }
  observer.disconnect();
  return times;
}"""

SIZE = """async () => {
  for (let k = 0; k < 3; k++) { gc(); await new Promise((done) => setTimeout(done, 100)); }
  return { nodes: document.getElementsByTagName("*").length, heap: performance.memory.usedJSHeapSize };
}"""

WATCH = """new MutationObserver(() => {
  if (!window.readyAt && document.getElementById("player")?.dataset.ready) window.readyAt = performance.now();
}).observe(document, { subtree: true, childList: true, attributes: true })"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    executable = chromium()
    if executable is None:
        pytest.fail(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def fresh_page(browser: Browser) -> Iterator[Page]:
    """A page of a profile that has seen nothing."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    try:
        yield context.new_page()
    finally:
        context.close()


def ready(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.locator("#player")).to_have_attribute("data-ready", "true")
    page.wait_for_timeout(SETTLED)


def quantile(times: Sequence[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(share * len(times)))]


def of_times(times: Sequence[float]) -> dict[str, float]:
    return {"count": len(times), "p50": statistics.median(times), "p95": quantile(times, 0.95), "max": max(times)}


def measure_once(benchmark: Any, measured: Any) -> None:
    benchmark.extra_info |= benchmark.pedantic(measured, rounds=1)


def test_edit_of_a_weight_2_2_2(benchmark, browser: Browser, address: str):
    def measured() -> dict:
        with fresh_page(browser) as page:
            ready(page, address + TWO_TWO_TWO)
            texts = [f"0.{1001 + 37 * k}" for k in range(EDITS_BEFORE + EDITS)]
            times = [page.evaluate(EDIT, [WEIGHT, text, 300]) for text in texts if not text.endswith("0")]
            return of_times(times[EDITS_BEFORE:])

    measure_once(benchmark, measured)
    assert benchmark.extra_info["count"] >= 50


WARM = [
    ("optimizer.learning_rate", ["0.3", "0.7"]),
    ("decimals", ["5", "7"]),
    ("loss.factor", ["1/3", "0.5"]),
    ("title", ["One title", "Another title"]),
    ("cell 0 0", ["0.3", "0,7"]),
    ("layers[0].units 1", [None]),
    ("layers[0].units -1", [None]),
    ("layers[0].activation", ["tanh", "relu"]),
    ("loss.outputs", ["mean", "sum"]),
    ("draw", [None]),
]
"""Fields of the form with what they are changed to; the first round makes every shape known."""


def panel_page(page: Page, address: str) -> Page:
    ready(page, address + TWO_TWO_TWO)
    page.keyboard.press("e")
    expect(page.locator(".panel-section").first).to_be_visible()
    return page


def test_edit_of_the_panel_warm(benchmark, browser: Browser, address: str):
    def measured() -> dict:
        with fresh_page(browser) as page:
            panel_page(page, address)
            edits = [[place, value, 300] for place, values in WARM for value in values]
            rounds = [[page.evaluate(PANEL, edit) for edit in edits] for _ in range(6)]
            return of_times([time for times in rounds[2:] for time in times])

    measure_once(benchmark, measured)
    assert benchmark.extra_info["count"] >= 50


def test_edit_of_the_panel_to_a_new_shape(benchmark, browser: Browser, address: str):
    """Units, layers and activations that the server has not seen before."""
    edits: list[tuple[str, str | None]] = []
    for first, second in [("silu", "tanh"), ("elu", "softplus"), ("gelu", "leaky_relu")]:
        edits += [("layers[0].units 1", None), ("layers[0].activation", first), ("layers[1].units 1", None)]
        edits += [("insert 1", None), ("layers[1].activation", second), ("layers[0].units 1", None)]
        edits += [("inputs 1", None)]

    def measured() -> dict:
        with fresh_page(browser) as page:
            panel_page(page, address)
            return of_times([page.evaluate(PANEL, [place, value, 1500]) for place, value in edits])

    measure_once(benchmark, measured)
    assert benchmark.extra_info["count"] >= 20


def there_and_back(steps: int, presses: int) -> list[str]:
    """Keys that go through as many steps as there are, and end where they began."""
    stretch = next(k for k in range(min(steps - 1, presses // 2), 0, -1) if presses % (2 * k) == 0)
    return (["ArrowRight"] * stretch + ["ArrowLeft"] * stretch) * (presses // (2 * stretch))


def test_keypress_4_8_8_2(benchmark, browser: Browser, address: str):
    """At a pace of a frame or two a step, after one pass through all steps and back."""

    def measured() -> dict:
        requests: list[str] = []
        with fresh_page(browser) as page:
            problem = network_problem(4, [8, 8], 2, "relu", seed=3)
            ready(page, f"{address}/backpropagation#problem={to_link(problem)}")
            steps = int(page.get_attribute("#player", "data-steps") or 0)
            page.evaluate(STEP, [["ArrowRight"] * (steps - 1)])
            page.evaluate(STEP, [["ArrowLeft"] * (steps - 1)])
            page.on("request", lambda request: requests.append(request.url))
            before, at = page.evaluate(SIZE), page.get_attribute("#player", "data-step")
            times = page.evaluate(STEP, [there_and_back(steps, STEPS)])
            after = page.evaluate(SIZE)
            assert page.get_attribute("#player", "data-step") == at == "0"
        nodes, heaps = ([size[key] for size in (before, after)] for key in ("nodes", "heap"))
        return of_times(times) | {"steps": steps, "requests": len(requests), "nodes": nodes, "heap": heaps}

    measure_once(benchmark, measured)
    assert benchmark.extra_info["count"] == STEPS


def image_problem(cells: int, filters: int) -> Problem:
    """A drawn image under drawn 3 × 3 kernels, with targets, so that there is a way back."""
    rng = np.random.default_rng(5)
    x = rng.integers(0, 10, (1, cells, cells, 1)) / 10
    y = rng.integers(0, 10, (1, cells - 2, cells - 2, filters)) / 10
    layer = {"type": "conv2d", "name": "conv", "filters": filters, "kernel_size": 3, "activation": "relu"}
    return Problem.from_dict({"nncalc": 1, "layers": [layer], "data": {"x": x.tolist(), "y": y.tolist()}})


def test_keypress_12_12_under_3_3(benchmark, browser: Browser, address: str):
    def measured() -> dict:
        with fresh_page(browser) as page:
            ready(page, f"{address}/convolution#problem={to_link(image_problem(12, 1))}")
            steps = int(page.get_attribute("#player", "data-steps") or 0)
            page.evaluate(STEP, [["ArrowRight"] * (steps - 1)])
            page.evaluate(STEP, [["ArrowLeft"] * (steps - 1)])
            return of_times(page.evaluate(STEP, [there_and_back(steps, STEPS)]))

    measure_once(benchmark, measured)
    assert benchmark.extra_info["count"] == STEPS


@pytest.fixture(scope="module")
def large() -> str:
    return to_link(image_problem(28, 8))


def test_first_drawing_of_28_28_under_eight_filters(benchmark, browser: Browser, address: str, large: str):
    """From the start of the navigation to the first step on the screen, on a server that knows the shape."""

    def load() -> float:
        with fresh_page(browser) as page:
            page.add_init_script(WATCH)
            ready(page, f"{address}/convolution#problem={large}")
            return page.evaluate("window.readyAt")

    measure_once(benchmark, lambda: of_times([load() for _ in range(LOADS_BEFORE + LOADS)][LOADS_BEFORE:]))


SLIDE = """async (steps) => {
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const start = await frame();
  let end = start;
  for (let k = 0; k < steps; k++) {
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true, cancelable: true }));
    end = await frame();
  }
  return (1000 * steps) / (end - start);
}"""


def test_window_sliding_over_28_28(benchmark, browser: Browser, address: str, large: str):
    """One key per frame, for ten seconds: how many frames a second there are; the screen has 60."""

    def measured() -> dict:
        with fresh_page(browser) as page:
            ready(page, f"{address}/convolution#problem={large}")
            page.evaluate(SLIDE, 100)
            return {"frames": page.evaluate(SLIDE, 600)}

    measure_once(benchmark, measured)


def test_walkthrough_of_28_28_on_the_wire(benchmark, address: str, large: str):
    """The answer of the server to the page, as it is sent."""

    def measured() -> dict:
        data = page_data(from_link(large), "convolution")
        return {"bytes": len(gzip.compress(json.dumps(data["walkthrough"]).encode(), 6))}

    measure_once(benchmark, measured)


def test_first_visit_on_the_wire(benchmark, browser: Browser, address: str):
    """All that a browser with an empty cache loads, headers included."""

    def measured() -> dict:
        sizes: dict[str, float] = {}
        urls: dict[str, str] = {}
        with fresh_page(browser) as page:
            tools = page.context.new_cdp_session(page)
            tools.send("Network.enable")
            tools.on("Network.requestWillBeSent", lambda e: urls.update({e["requestId"]: e["request"]["url"]}))
            tools.on("Network.loadingFinished", lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]}))
            ready(page, address + TWO_TWO_TWO)
            page.wait_for_load_state("networkidle")
        loaded = {k: size for k, size in sizes.items() if not urls.get(k, "").startswith("data:")}
        return {"bytes": int(sum(loaded.values())), "answers": len(loaded)}

    measure_once(benchmark, measured)
    assert benchmark.extra_info["answers"] > 5


@pytest.mark.parametrize("path", [page.path for page in PAGES if page.has_player])
def test_cold_load_to_ready(benchmark, browser: Browser, address: str, path: str):
    """From the start of the navigation to the first step on the screen, keys answered; nothing in the cache."""

    def load() -> float:
        with fresh_page(browser) as page:
            page.add_init_script(WATCH)
            ready(page, address + path)
            return page.evaluate("window.readyAt")

    def measured() -> dict:
        return of_times([load() for _ in range(LOADS_BEFORE + LOADS)][LOADS_BEFORE:])

    measure_once(benchmark, measured)


def test_nncalc_to_the_first_page_served(benchmark):
    """From the start of the process to the answer of the start page."""

    def start() -> float:
        began = time.perf_counter()
        with served() as address:
            with urllib.request.urlopen(address, timeout=60) as response:
                assert response.status == 200 and response.read()
            return (time.perf_counter() - began) * 1e3

    measure_once(benchmark, lambda: of_times([start() for _ in range(STARTS)]))
