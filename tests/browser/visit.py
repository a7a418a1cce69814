"""A visit to the site: opens pages, reads what they show, and keeps what must not happen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, expect

from nncalc.link import to_link
from nncalc.problem import Problem

DESKTOP = {"width": 1440, "height": 900}
PATIENCE = 60_000
"""Milliseconds: a machine that does other things besides is slow, not wrong."""

TOOLS = """
window.press = (key, shiftKey = false) =>
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key, shiftKey, bubbles: true, cancelable: true }));
window.player = () => document.getElementById("player");
window.stateOf = () => {
  const { step, steps, detail } = player().dataset;
  return { step: Number(step), steps: Number(steps), detail };
};
/* What every element with a number says: its region, its name, its state, its text, whether it can be seen. */
window.seen = () => [...player().querySelectorAll("[data-quantity]")].map((e) => [
  ["scene", "strip", "ledger", "parts"].find((name) => e.closest(`.${name}`)) ?? "elsewhere",
  e.dataset.quantity,
  e.dataset.state,
  e.textContent,
  !e.closest('[data-hidden="true"], [hidden]'),
]);
/* Goes through every step by key. */
window.walk = (digit) => {
  press(digit);
  press("Home");
  const found = [];
  for (let k = 0; k < stateOf().steps; k++) {
    found.push({ ...stateOf(), seen: seen() });
    press("ArrowRight");
  }
  return found;
};
/* What is seen of a step: what is hidden counts only as that, and a text without letters not at all. */
window.look = () => {
  const parts = [".scene", ".strip"].map((part) => {
    const copy = player().querySelector(part).cloneNode(true);
    for (const hidden of copy.querySelectorAll('[data-hidden="true"], [hidden]')) hidden.replaceWith("hidden");
    for (const text of copy.querySelectorAll("text")) if (!text.textContent) text.remove();
    for (const e of copy.querySelectorAll("*")) {
      const own = [...e.attributes].map(({ name, value }) => [name, value]).sort();
      for (const [name] of own) e.removeAttribute(name);
      for (const [name, value] of own) e.setAttribute(name, value);
    }
    return copy.innerHTML;
  });
  const attributes = [...player().attributes].map(({ name, value }) => `${name}=${value}`).sort();
  return [...parts, attributes.join(" ")].join("\\n");
};
window.scrub = (k) => {
  const range = player().querySelector("input[type=range]");
  range.value = String(k);
  range.dispatchEvent(new Event("input", { bubbles: true }));
};
window.jump = async (k, detail) => {
  await new Promise((done) => {
    addEventListener("hashchange", () => setTimeout(done, 0), { once: true });
    location.hash = `#step=${k}&detail=${detail}&n=${Math.random()}`;
  });
};
"""

TOURED = 'try { localStorage.setItem("nncalc:tour", "true"); } catch { /* about:blank keeps nothing */ }'

OF_A_PAGE = {"viewport", "color_scheme"}
"""Options that a page of the shared profile can have for itself."""

DIGITS = {"operation": "1", "neuron": "2", "layer": "3", "chapter": "4"}


@dataclass
class Visit:
    """Pages of the site, in one or several fresh browser profiles.

    Attributes:
        shared: the profile of all pages that need none of their own: what the site sent once, its cache has.
        requests: the addresses that were asked for, in order.
        faults: console errors, errors of scripts, requests to other hosts.
    """

    browser: Browser
    address: str
    shared: BrowserContext
    requests: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    opened: list[Page | BrowserContext] = field(default_factory=list)

    def page(self, fresh: bool = False, first_visit: bool = False, **options: Any) -> Page:
        """An empty page; in a fresh profile where that is wanted or `options` need one. A first visit has the tour."""
        context = self.shared
        if fresh or not options.keys() <= OF_A_PAGE:
            context = profile(self.browser, **options)
            self.opened.append(context)
        page = context.new_page()
        if context is self.shared and "viewport" in options:
            page.set_viewport_size(options["viewport"])
        if context is self.shared and "color_scheme" in options:
            page.emulate_media(color_scheme=options["color_scheme"], reduced_motion="reduce")
        self.opened.append(page)
        page.on("console", lambda message: self._told(message.type, message.text))
        page.on("pageerror", lambda error: self.faults.append(f"page error: {error}"))
        page.on("request", lambda request: self._asked(request.url))
        page.add_init_script(TOOLS)
        if context is self.shared:  # what one page has kept must not surprise the next
            page.add_init_script("localStorage.clear();")
        if not first_visit:
            page.add_init_script(TOURED)
        return page

    def _told(self, kind: str, text: str) -> None:
        if kind == "error":
            self.faults.append(f"console error: {text}")

    def _asked(self, url: str) -> None:
        self.requests.append(url)
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and f"{parts.scheme}://{parts.netloc}" != self.address:
            self.faults.append(f"request to another host: {url}")

    def home(self, **options: Any) -> Page:
        page = self.page(**options)
        page.goto(self.address)
        expect(page.locator(".cards .card").first).to_be_visible()
        return page

    def player(self, query: str = "", fragment: str = "", path: str = "backpropagation", **options: Any) -> Page:
        """A page with a player, ready for a key."""
        return self.to_player(self.page(**options), query, fragment, path)

    def to_player(self, page: Page, query: str = "", fragment: str = "", path: str = "backpropagation") -> Page:
        page.goto(f"{self.address}/{path}{'?' if query else ''}{query}{'#' if fragment else ''}{fragment}")
        expect(page.locator("#player")).to_have_attribute("data-ready", "true", timeout=30_000)
        return page

    def problem(self, document: dict[str, Any], fragment: str = "", **options: Any) -> Page:
        """A problem of one's own, from its link."""
        link = to_link(Problem.from_dict(document))
        return self.player(fragment=f"problem={link}{'&' if fragment else ''}{fragment}", **options)

    def show(self, page: Page, document: dict[str, Any]) -> None:
        """Another problem, which has another title, in a page that is open."""
        page.evaluate("(link) => { location.hash = `#problem=${link}`; }", to_link(Problem.from_dict(document)))
        expect(page.locator(".problem-title")).to_have_text(document["title"])


expect.set_options(timeout=PATIENCE)


def profile(browser: Browser, **options: Any) -> BrowserContext:
    context = browser.new_context(**{"viewport": DESKTOP, "reduced_motion": "reduce", **options})
    context.set_default_timeout(PATIENCE)
    return context


@contextmanager
def visiting(browser: Browser, address: str, shared: BrowserContext) -> Iterator[Visit]:
    visit = Visit(browser, address, shared)
    try:
        yield visit
    finally:
        for one in reversed(visit.opened):
            one.close()


def settled(visit: Visit, page: Page) -> int:
    """Waits until nothing more is asked for, and says how much was."""
    before = -1
    while before != len(visit.requests):
        before = len(visit.requests)
        page.wait_for_timeout(700)
    return before


def state(page: Page) -> tuple[int, int, str]:
    """Step, steps and detail of the player."""
    found = page.evaluate("stateOf()")
    return found["step"], found["steps"], found["detail"]


def walked(page: Page, digit: str) -> list[dict[str, Any]]:
    """What is seen at every step of a granularity; as text, which travels ten times as fast as lists do."""
    return json.loads(page.evaluate("(digit) => JSON.stringify(walk(digit))", digit))


def at_step(page: Page, step: int, detail: str | None = None) -> None:
    """Waits until the player is at a step."""
    expect(page.locator("#player")).to_have_attribute("data-step", str(step))
    if detail:
        expect(page.locator("#player")).to_have_attribute("data-detail", detail)


def shown(page: Page, name: str, region: str = "scene") -> Any:
    """The element of a region that shows a quantity."""
    return page.locator(f'.{region} [data-quantity="{name}"]')
