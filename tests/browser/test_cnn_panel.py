"""Networks of images in the panel: painted, typed, pasted, handed over, built and changed."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from typing import Literal

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from nncalc.problem import Problem
from nncalc.starting import image_problem
from tests.browser.test_accessibility import at_sizes
from tests.browser.test_problem import place, problem_of
from tests.browser.visit import Visit, at_step

START = image_problem(6, 2, 3, 2, 2, seed=1)
GRID = ".panel .cell-grid"


def formed(visit: Visit, **options) -> Page:
    page = visit.problem(START.to_dict(), "step=20", **options)
    page.keyboard.press("e")
    expect(page.locator(GRID)).to_be_visible()
    return page


def until(page: Page, is_so: Callable[[Problem], bool]) -> Problem:
    """The problem, once the server has taken what was changed."""
    for _ in range(100):
        if is_so(problem_of(page)):
            break
        page.wait_for_timeout(100)
    return problem_of(page)


def cell(page: Page, row: int, column: int):
    return page.locator(f"{GRID} [role=row]").nth(row).locator("[role=gridcell]").nth(column)


def drag(page: Page, *cells: tuple[int, int]) -> None:
    """A stroke over the middles of cells."""
    for k, (row, column) in enumerate(cells):
        box = cell(page, row, column).bounding_box()
        assert box
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        if k == 0:
            page.mouse.down()
    page.mouse.up()


def test_a_stroke_is_painted_erased_and_undone(visit: Visit):
    page = formed(visit)
    cell(page, 0, 0).scroll_into_view_if_needed()
    place(page, "mode paint").click()
    place(page, "brush").fill("-2,5")
    drag(page, (5, 0), (5, 3))
    expect(page.locator('[data-act="undo"]')).to_be_enabled()
    assert until(page, lambda p: p != START).x[0, 5, :, 0].tolist() == [-2.5, -2.5, -2.5, -2.5, 0, 0]
    expect(cell(page, 5, 3)).to_have_text("−2,5")
    at_step(page, 20)
    place(page, "mode erase").click()
    drag(page, (5, 1), (5, 2))
    expect(cell(page, 5, 1)).to_have_text("0")
    page.locator('[data-act="undo"]').click()
    expect(cell(page, 5, 1)).to_have_text("−2,5")
    page.locator('[data-act="undo"]').click()
    expect(cell(page, 5, 0)).to_have_text("0")
    assert until(page, lambda p: p == START) == START


def test_cells_are_typed_painted_and_pasted_with_the_keyboard_alone(visit: Visit):
    page = formed(visit, permissions=["clipboard-read", "clipboard-write"])
    page.locator(f"{GRID} [tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    expect(cell(page, 1, 1)).to_be_focused()
    page.keyboard.type("1/3")
    page.keyboard.press("Enter")
    expect(cell(page, 2, 1)).to_be_focused()
    expect(cell(page, 1, 1)).to_have_text("1/3")
    page.keyboard.press("Space")
    expect(cell(page, 2, 1)).to_have_text("1")
    page.keyboard.press("Delete")
    expect(cell(page, 2, 1)).to_have_text("0")
    page.keyboard.type("a")  # a letter that is no number leaves the cell as it is
    page.keyboard.press("Enter")
    expect(place(page, "image entry")).to_be_focused()
    place(page, "image entry").fill("<b>")
    page.keyboard.press("Enter")
    expect(page.locator(".images > .panel-fault")).to_contain_text("is not a number")
    expect(place(page, "image entry")).to_have_value("<b>")
    page.keyboard.press("Escape")
    expect(cell(page, 2, 1)).to_be_focused()
    page.evaluate("navigator.clipboard.writeText('7\\t8\\n9\\t10')")
    page.keyboard.press("Control+v")
    expect(cell(page, 3, 2)).to_have_text("10")
    page.keyboard.press("Control+z")
    expect(cell(page, 3, 2)).not_to_have_text("10")
    assert until(page, lambda p: p.x[0, 3, 2, 0] != 10).document["data"]["x"][0][1][1] == ["1/3"]


def test_the_geometry_of_a_layer_is_changed_and_what_cannot_be_is_explained(visit: Visit):
    page = formed(visit)
    place(page, "layers[0].kernel_size[0] 1").click()
    expect(page.locator(".banner")).to_contain_text("its weights are new")
    place(page, "layers[0].padding").select_option("explicit")
    place(page, "layers[0].padding[0][1] 1").click()
    expect(place(page, "layers[0].padding[0][1]")).to_have_value("1")
    padded = [[0, 1], [0, 0]]
    assert until(page, lambda p: p.document["layers"][0]["padding"] == padded).layers[0].output_shape == (4, 4, 2)
    place(page, "layers[1].pool_size[0]").fill("9")
    page.keyboard.press("Enter")
    row = place(page, "layers[1].pool_size[0]").locator("xpath=ancestor::*[contains(@class, 'panel-row')]")
    expect(row.locator("[role=alert]")).to_contain_text("9 given, a whole number from 1 to 4 needed: 4 rows come in")
    expect(place(page, "remove 2")).to_be_disabled()  # the flatten layer, which the dense one needs
    place(page, "add conv2d").click()
    expect(page.locator('.panel-section[data-layer="4"]')).to_have_count(1)
    assert [layer.type for layer in problem_of(page).layers][:3] == ["conv2d", "max_pool2d", "conv2d"]
    place(page, "inserts 1").select_option("average_pool2d")
    assert "dense" not in place(page, "inserts 1").locator("option").evaluate_all("(all) => all.map((o) => o.value)")


def test_a_filter_starts_from_a_known_kernel(visit: Visit):
    page = formed(visit)
    place(page, "kernel 0 filter").select_option("1")
    place(page, "kernel 0 kernel").select_option("gaussian_blur")
    expect(page.locator(".kernel-numbers td").first).to_have_text("1/16")
    place(page, "use kernel 0").click()
    expect(page.locator('[data-act="undo"]')).to_be_enabled()
    assert problem_of(page).layers[0].parameters["weights"][1, 1, 0, 1] == 0.25
    place(page, "kernel 0 filter").select_option("0")
    expect(place(page, "kernel 0 kernel")).to_have_value("")


def test_a_picture_is_handed_over_and_another_file_is_refused(visit: Visit):
    page = formed(visit)
    pixels = np.zeros((12, 24), np.uint8)
    pixels[:, 12:] = 255
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG")
    place(page, "picture").set_input_files(
        {"name": "<img src=x>.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}
    )
    expect(page.locator(".upload [role=status]")).to_contain_text("24 × 12 pixels is reduced to 6 × 3")
    assert problem_of(page).x[0, 2, :, 0].tolist() == [0, 0, 0, 1, 1, 1]
    place(page, "picture").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": b"GIF89a"})
    expect(page.locator(".upload [role=alert]")).to_contain_text("A GIF picture given. Possible is a PNG or JPEG")
    page.evaluate(  # dropped on the image
        """(data) => {
          const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
          const transfer = new DataTransfer();
          transfer.items.add(new File([bytes], "x.jpg", { type: "image/jpeg" }));
          const drop = new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
          document.querySelector(".images").dispatchEvent(drop);
        }""",
        base64.b64encode(file.getvalue()).decode(),
    )
    expect(page.locator(".upload [role=alert]")).to_be_empty()
    expect(page.locator(".upload [role=status]")).to_contain_text("reduced to 6 × 3")


def test_samples_patterns_and_targets(visit: Visit):
    page = formed(visit, viewport={"width": 390, "height": 844})
    place(page, "add image").click()
    expect(page.locator(".images-head")).to_contain_text("2 of 2")
    place(page, "pattern").select_option("vertical_edge")
    place(page, "draw pattern").click()
    expect(cell(page, 0, 2)).to_have_text("10")
    place(page, "image target 1").fill("1/2")
    place(page, "image target 1").press("Tab")
    place(page, "image back").click()
    expect(cell(page, 0, 2)).to_have_text("0")
    problem = until(page, lambda p: p.document["data"]["y"] == [[1, 0], [1, "1/2"]])
    assert problem.x.shape == (2, 6, 6, 1) and problem.document["data"]["y"][1] == [1, "1/2"]
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_panel(visit: Visit, scheme: Literal["light", "dark"]):
    page = formed(visit, color_scheme=scheme)
    place(page, "picture")  # unfolds it
    place(page, "kernel 0 kernel").select_option("sobel_x")
    wrong = at_sizes(page, ("1024×768",))
    assert not wrong, "\n".join(wrong)
