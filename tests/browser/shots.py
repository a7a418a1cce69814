"""Screenshots of every state, to be looked at: `python -m tests.browser.shots DIR`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.serving import MISSING, browsing, chromium, served
from tests.browser.visit import Visit, profile, visiting

SIZES = {"1920": (1920, 1080), "1024": (1024, 768), "390": (390, 844)}
MODES = ("light", "dark", "projector")


def wide(visit: Visit, page: Page) -> None:
    from tests.browser.test_sizes import network

    visit.show(page, network(4, 8, 8, 2))
    page.evaluate("scrub(20)")


def fault(visit: Visit, page: Page) -> None:
    page.locator('.scene [data-given="hidden.weights[0][0]"]').dblclick()
    page.locator(".editor input").fill("1/0")
    page.keyboard.press("Enter")
    expect(page.locator(".editor-message")).not_to_be_empty()


def damaged(visit: Visit, page: Page) -> None:
    page.evaluate("location.hash = '#problem=eNqVUj2P2zAM'")
    expect(page.locator('.banner[data-kind="fault"]')).to_be_visible()


def opened(visit: Visit, page: Page) -> None:
    page.keyboard.press("Enter")
    expect(page.locator(".parts .check")).to_contain_text("agree")


def keys(visit: Visit, page: Page) -> None:
    page.keyboard.press("?")


def matrix(visit: Visit, page: Page) -> None:
    page.keyboard.press("m")
    expect(page.locator(".matrix")).to_be_visible()


def copying(visit: Visit, page: Page) -> None:
    page.locator(".tools").get_by_role("button", name="Copy").click()
    expect(page.locator("#menu-copy")).to_be_visible()


ERRORS = {
    "error-rows": "example=error-table&step=9",
    "error-loss": "example=error-table&step=20",
    "two-models": "example=two-models&step=22",
    "binary": "example=binary-crossentropy&step=5",
    "categorical": "example=categorical-crossentropy&step=9",
}
"""States of the page of errors."""


def off(visit: Visit, page: Page) -> None:
    page.locator(".neuron select").select_option("relu")
    page.locator(".neuron-table .slider").nth(4).press("Home")
    expect(page.locator(".neuron-remark")).to_contain_text("dead")


NEURON: dict[str, tuple[str, Callable[[Visit, Page], None] | None]] = {
    "neuron": ("example=one-neuron&step=1", None),
    "neuron-operation": ("example=one-neuron&step=2&detail=operation", None),
    "neuron-backward": ("example=one-neuron&step=11", None),
    "neuron-after": ("example=one-neuron&step=19", None),
    "neuron-off": ("example=one-neuron&step=1", off),
}
"""States of the page of one neuron."""

STATES: dict[str, tuple[str, Callable[[Visit, Page], None] | None]] = {
    "first": ("", None),
    "forward": ("example=mazur&step=4", None),
    "loss": ("example=mazur&step=12", None),
    "backward": ("example=mazur&step=26", None),
    "backward-opened": ("example=mazur&step=30", opened),
    "update": ("example=mazur&step=37", None),
    "after": ("example=mazur&step=55", None),
    "layer": ("example=mazur&step=5&detail=layer", None),
    "matrix": ("example=mazur&step=20", matrix),
    "matrix-of-a-batch": ("example=xor&step=5", matrix),
    "matrix-of-a-layer": ("example=mazur&step=5&detail=layer", matrix),
    "copy": ("example=mazur&step=4", copying),
    "operation": ("example=mazur&step=3&detail=operation", None),
    "error-table": ("example=error-table&step=12", None),
    "xor": ("example=xor&step=60", None),
    "softmax": ("example=softmax&step=8", None),
    "adam": ("example=adam-three-steps&step=10", None),
    "4-8-8-2": ("", wide),
    "editor-with-a-fault": ("example=mazur&step=4", fault),
    "damaged-link": ("example=mazur&step=4", damaged),
    "keys": ("example=mazur&step=4", keys),
}


def main(folder: Path) -> None:
    executable = chromium()
    if executable is None:
        raise SystemExit(MISSING)
    folder.mkdir(parents=True, exist_ok=True)
    with served() as address, browsing(executable) as browser, visiting(browser, address, profile(browser)) as visit:
        for mode in MODES:
            page = visit.page(color_scheme="dark" if mode == "dark" else "light")
            if mode != "projector":
                page.goto(address)
                expect(page.locator(".cards .card").first).to_be_visible()
                shoot(page, folder, "home", mode)
            for name, (query, prepare) in STATES.items():
                for sizes in [[size] for size in SIZES] if prepare is fault else [list(SIZES)]:  # an open field stays
                    resize(page, sizes[0])
                    visit.to_player(page, query)
                    if prepare:
                        prepare(visit, page)
                    if mode == "projector" and not page.locator(".editor:visible, dialog[open]").count():
                        page.keyboard.press("p")
                    shoot(page, folder, name, mode, sizes)
            for name, query in ERRORS.items():
                resize(page, "1920")
                visit.to_player(page, query, path="error")
                if mode == "projector":
                    page.keyboard.press("p")
                shoot(page, folder, name, mode)
            for name, (query, prepare) in NEURON.items():
                resize(page, "1920")
                visit.to_player(page, query, path="neuron")
                if prepare:
                    prepare(visit, page)
                if mode == "projector":
                    page.keyboard.press("p")
                shoot(page, folder, name, mode)
        for one in visit.faults:
            print(one)


def resize(page: Page, size: str) -> None:
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})


def shoot(page: Page, folder: Path, name: str, mode: str, sizes: Sequence[str] = tuple(SIZES)) -> None:
    for size in sizes:
        resize(page, size)
        page.wait_for_timeout(350)
        page.screenshot(path=folder / f"{name}-{mode}-{size}.png")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("python -m tests.browser.shots DIR")
    main(Path(sys.argv[1]))
