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


def off(visit: Visit, page: Page) -> None:
    page.locator(".neuron select").select_option("relu")
    page.locator(".neuron-table .slider").nth(4).press("Home")
    expect(page.locator(".neuron-remark")).to_contain_text("dead")


def formed(visit: Visit, page: Page) -> None:
    page.keyboard.press("e")
    expect(page.locator(".panel-section").first).to_be_visible()


def compared(visit: Visit, page: Page) -> None:
    page.keyboard.press("b")
    page.get_by_role("button", name="Mazur's network, every unit's own bias").click()
    expect(page.locator(".stage.beside")).to_be_visible()


def opening(visit: Visit, page: Page) -> None:
    page.keyboard.press("o")
    expect(page.locator(".open-dialog")).to_be_visible()


def as_table(visit: Visit, page: Page) -> None:
    page.keyboard.press("t")
    expect(page.locator(".twin")).to_be_visible()


def covered(visit: Visit, page: Page) -> None:
    page.keyboard.press("c")


def toured(visit: Visit, page: Page) -> None:
    page.keyboard.press("?")
    page.locator("dialog[open]").get_by_role("button", name="Tour").click()
    expect(page.locator(".tour")).to_be_visible()


def interacting(visit: Visit, page: Page) -> None:
    page.locator(".interaction summary").click()
    expect(page.locator(".interaction .js-plotly-plot").first).to_be_visible()
    page.locator(".interaction summary").scroll_into_view_if_needed()


STATES: dict[str, tuple[str, Callable[[Visit, Page], None] | None]] = {
    "first": ("backpropagation", None),
    "forward": ("backpropagation?example=mazur&step=4", None),
    "loss": ("backpropagation?example=mazur&step=12", None),
    "backward": ("backpropagation?example=mazur&step=26", None),
    "backward-opened": ("backpropagation?example=mazur&step=30", opened),
    "update": ("backpropagation?example=mazur&step=37", None),
    "after": ("backpropagation?example=mazur&step=55", None),
    "layer": ("backpropagation?example=mazur&step=5&detail=layer", None),
    "matrix": ("backpropagation?example=mazur&step=20", matrix),
    "matrix-of-a-batch": ("backpropagation?example=xor&step=5", matrix),
    "matrix-of-a-layer": ("backpropagation?example=mazur&step=5&detail=layer", matrix),
    "copy": ("backpropagation?example=mazur&step=4", copying),
    "operation": ("backpropagation?example=mazur&step=3&detail=operation", None),
    "error-table": ("backpropagation?example=error-table&step=12", None),
    "xor": ("backpropagation?example=xor&step=60", None),
    "softmax": ("backpropagation?example=softmax&step=8", None),
    "adam": ("backpropagation?example=adam-three-steps&step=10", None),
    "4-8-8-2": ("backpropagation", wide),
    "editor-with-a-fault": ("backpropagation?example=mazur&step=4", fault),
    "damaged-link": ("backpropagation?example=mazur&step=4", damaged),
    "form": ("backpropagation?example=xor&step=20", formed),
    "compared": ("backpropagation?example=mazur&step=40", compared),
    "open": ("backpropagation?example=mazur&step=4", opening),
    "as-a-table": ("backpropagation?example=mazur&step=26", as_table),
    "covered": ("backpropagation?example=mazur&step=4", covered),
    "tour": ("backpropagation?example=mazur&step=4", toured),
    "error-rows": ("error?example=error-table&step=9", None),
    "error-loss": ("error?example=error-table&step=20", None),
    "two-models": ("error?example=two-models&step=22", None),
    "binary": ("error?example=binary-crossentropy&step=5", None),
    "categorical": ("error?example=categorical-crossentropy&step=9", None),
    "neuron": ("neuron?example=one-neuron&step=1", None),
    "neuron-operation": ("neuron?example=one-neuron&step=2&detail=operation", None),
    "neuron-backward": ("neuron?example=one-neuron&step=11", None),
    "neuron-after": ("neuron?example=one-neuron&step=19", None),
    "neuron-off": ("neuron?example=one-neuron&step=1", off),
    "interaction": ("neuron?step=1", interacting),
    "convolution": ("convolution?step=12", None),
    "convolution-operation": ("convolution?step=40&detail=operation", None),
    "convolution-backward": ("convolution?step=77", None),
    "convolution-update": ("convolution?step=88", None),
    "convolution-loss": ("convolution?step=26", None),
    "two-channels": ("convolution?example=two-channels-two-filters&step=6", None),
    "left-over": ("convolution?example=stride-2-even&step=4", None),
    "dilation": ("convolution?example=dilation-2&step=4", None),
    "pooling": ("pooling?step=6", None),
    "picture": ("picture?step=60", None),
    "picture-units": ("picture?step=280", None),
    "picture-backward": ("picture?step=700", None),
    "keys": ("backpropagation?example=mazur&step=4", keys),
}
"""Where a state is, and what is done to get there. What opens over the page stays unprojected."""


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
            for name, (place, prepare) in STATES.items():
                for sizes in [[size] for size in SIZES] if prepare is fault else [list(SIZES)]:  # an open field stays
                    resize(page, sizes[0])
                    path, _, query = place.partition("?")
                    visit.to_player(page, query, path=path)
                    if prepare:
                        prepare(visit, page)
                    if mode == "projector" and not page.locator(".editor:visible, dialog[open], :popover-open").count():
                        page.keyboard.press("p")
                    shoot(page, folder, name, mode, sizes)
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
