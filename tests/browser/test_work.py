"""What one works on: undone, opened, saved, shared, and there again after a reload, a closed tab, a lost server."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page, expect

from nncalc import examples
from nncalc.link import to_link
from nncalc.problem import Problem
from tests.browser.serving import served
from tests.browser.test_sizes import network
from tests.browser.visit import Visit, at_step, shown, state

WEIGHT = "hidden.weights[0][0]"


def change(page: Page, text: str, name: str = WEIGHT) -> None:
    page.locator(f'.scene [data-given="{name}"]').dblclick()
    page.locator(".editor input").fill(text)
    page.keyboard.press("Enter")


def changed(visit: Visit, query: str = "example=mazur&step=7", **options: Any) -> Page:
    page = visit.player(query, **options)
    change(page, "0.75")
    expect(shown(page, WEIGHT)).to_have_text("0.75")
    return page


def test_undo_and_redo_keep_the_step(visit: Visit):
    page = changed(visit)
    change(page, "0.5")
    expect(shown(page, WEIGHT)).to_have_text("0.5")
    page.keyboard.press("ArrowRight")
    for keys, text in [("Control+z", "0.75"), ("Control+z", "0.15"), ("Control+Shift+Z", "0.75"), ("Control+y", "0.5")]:
        page.keyboard.press(keys)
        expect(shown(page, WEIGHT)).to_have_text(text)
        at_step(page, 8)
    page.keyboard.press("Control+y")
    expect(page.locator(".banner")).to_contain_text("nothing to redo")


def test_opening_can_be_undone(visit: Visit):
    page = changed(visit)
    page.keyboard.press("o")
    page.get_by_role("button", name="XOR with two ReLU units").click()
    expect(page.locator(".problem-title")).to_have_text("XOR with two ReLU units")
    expect(page.locator(".problem-changed")).to_be_hidden()
    page.keyboard.press("Control+z")
    expect(shown(page, WEIGHT)).to_have_text("0.75")
    expect(page.locator(".problem-changed")).to_be_visible()


def test_a_reload_keeps_problem_step_and_what_can_be_undone(visit: Visit):
    page = changed(visit)
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(400)
    page.reload()
    expect(shown(page, WEIGHT)).to_have_text("0.75")
    at_step(page, 8)
    page.keyboard.press("Control+z")
    expect(shown(page, WEIGHT)).to_have_text("0.15")


def test_a_closed_tab_is_not_the_end(visit: Visit):
    page = changed(visit, reduced_motion="reduce")
    page.keyboard.press("ArrowRight")
    context = page.context
    page.close()
    again = context.new_page()
    again.goto(f"{visit.address}/backpropagation")
    expect(again.locator(f'.scene [data-quantity="{WEIGHT}"]')).to_have_text("0.75")
    expect(again.locator("#player")).to_have_attribute("data-step", "8")
    expect(again.locator(".banner")).to_contain_text("what you worked on last")
    again.get_by_role("button", name="Start anew").click()
    expect(again.locator(f'.scene [data-quantity="{WEIGHT}"]')).to_have_text("0.15")
    again.keyboard.press("Control+z")
    expect(again.locator(f'.scene [data-quantity="{WEIGHT}"]')).to_have_text("0.75")


def test_what_was_asked_for_comes_before_what_was_worked_on(visit: Visit):
    page = changed(visit, reduced_motion="reduce")
    page.wait_for_timeout(400)
    visit.to_player(page, "example=xor")
    expect(page.locator(".problem-title")).to_have_text("XOR with two ReLU units")


def test_damage_in_what_the_browser_keeps_does_no_harm(visit: Visit):
    page = changed(visit, reduced_motion="reduce")
    page.wait_for_timeout(400)
    for damage in ["{", "null", '"x"', '{"document": 5}', '{"document": {"nncalc": 9}, "step": {}}', "[]"]:
        page.evaluate("(text) => localStorage.setItem('nncalc:work:backpropagation', text)", damage)
        page.evaluate("() => sessionStorage.clear()")
        page.evaluate("() => addEventListener('pagehide', (e) => e.stopImmediatePropagation(), true)")
        page.goto("about:blank")
        page.goto(f"{visit.address}/backpropagation")
        expect(page.locator("#player")).to_have_attribute("data-ready", "true")
        expect(page.locator(".problem-title")).to_contain_text("Mazur")


def test_a_file_is_saved_and_opened_again(visit: Visit, tmp_path: Path):
    page = changed(visit)
    with page.expect_download() as saved:
        page.keyboard.press("Control+s")
    file = tmp_path / saved.value.suggested_filename
    saved.value.save_as(file)
    assert file.name == "mazur-s-two-by-two-network-biases-held-fixed.json"
    problem = Problem.loads(file.read_bytes())
    assert problem.layers[0].parameters["weights"][0][0] == 0.75
    visit.to_player(page, "example=xor")
    page.keyboard.press("o")
    page.locator(".open-dialog input[type=file]").set_input_files(file)
    expect(shown(page, WEIGHT)).to_have_text("0.75")
    expect(page.locator("dialog[open]")).to_have_count(0)


def drop(page: Page, name: str, content: str) -> None:
    page.evaluate(
        """([name, content]) => {
          const data = new DataTransfer();
          data.items.add(new File([content], name, { type: "application/json" }));
          const at = document.querySelector(".scene");
          for (const kind of ["dragover", "drop"])
            at.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
        }""",
        [name, content],
    )


def test_a_file_is_dropped_anywhere_on_the_page(visit: Visit):
    page = visit.player("example=mazur")
    drop(page, "xor.json", examples.load("xor").dumps())
    expect(page.locator(".problem-title")).to_have_text("XOR with two ReLU units")


def test_damaged_files_say_what_is_wrong_and_the_problem_stays(visit: Visit):
    page = changed(visit)
    faulty = {"nncalc": 1, "layers": [{"type": "dense", "units": 0}], "data": {"x": [["<img src=x onerror=alert(1)>"]]}}
    for content, reason in [
        ("", "not JSON"),
        ("{", "not JSON"),
        (json.dumps(faulty), "layers[0].units"),
        ("[1]", "object"),
    ]:
        drop(page, "damaged.json", content)
        expect(page.locator(".banner")).to_contain_text(reason)
        expect(shown(page, WEIGHT)).to_have_text("0.75")
        page.locator(".banner button").last.click()


def test_a_thousand_damaged_links_leave_the_problem_as_it_is(visit: Visit):
    """Asked for as the page asks, without the screen between: never a traceback, always words."""
    page = changed(visit)
    link = to_link(examples.load("xor"))
    rng = np.random.default_rng(11)
    letters = list("ABCxyz019-_=+/%&#<>\"' é")
    links = []
    for _ in range(1000):
        at = int(rng.integers(0, len(link)))
        cut = link[: at + 1] if rng.random() < 0.3 else link[:at] + str(rng.choice(letters)) + link[at + 1 :]
        links.append(cut if cut != link else link[:-3])
    statuses = page.evaluate(
        """async (links) => {
          const ask = async (link) => {
            const body = { output: "player-answer.data", outputs: { id: "player-answer", property: "data" },
              inputs: [{ id: "player-request", property: "data", value: { link, serial: 1 } }], changedPropIds: [] };
            const response = await fetch("/_dash-update-component", { method: "POST",
              headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
            const { faults } = (await response.json()).response["player-answer"].data;
            return [response.status, faults?.[0].message ?? "opened"];
          };
          const found = [];
          for (let k = 0; k < links.length; k += 20) found.push(...await Promise.all(links.slice(k, k + 20).map(ask)));
          return found;
        }""",
        links,
    )
    assert len(statuses) == 1000 and all(status == 200 and message for status, message in statuses)
    for link in links[:5]:
        page.evaluate("(link) => { location.hash = `#problem=${encodeURIComponent(link)}`; }", link)
        expect(page.locator('.banner[data-kind="fault"]')).to_be_visible()
        page.locator(".banner button").last.click()
        expect(shown(page, WEIGHT)).to_have_text("0.75")


def test_a_link_to_this_step_is_copied(visit: Visit):
    page = changed(visit, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="A link to this step").click()
    expect(page.locator(".banner")).to_contain_text("is copied")
    page.bring_to_front()  # or the clipboard may not be read
    link = page.evaluate("navigator.clipboard.readText()")
    other = visit.page(fresh=True)
    other.goto(link)
    expect(shown(other, WEIGHT)).to_have_text("0.75")
    at_step(other, 7)


def test_without_a_clipboard_the_link_can_be_copied_by_hand(visit: Visit):
    page = changed(visit)
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="A link to this step").click()
    assert (
        page.locator("dialog[open] textarea").input_value()
        == page.url.partition("?")[0] + page.url[page.url.index("#") :]
    )


def test_a_problem_too_large_for_a_link_says_so_and_survives_a_reload(visit: Visit):
    page = visit.player("example=mazur", reduced_motion="reduce")
    document = network(2, 3, 1)
    rng = np.random.default_rng(1)
    document["data"] = {"x": rng.uniform(size=(3000, 2)).tolist(), "y": rng.uniform(size=(3000, 1)).tolist()}
    document["title"] = "Large"
    drop(page, "large.json", json.dumps(document))
    expect(page.locator(".problem-title")).to_have_text("Large", timeout=60_000)
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="A link to this step").click()
    expect(page.locator(".banner")).to_contain_text("too large for a link")
    with page.expect_download():
        page.get_by_role("button", name="Save the file").click()
    page.wait_for_timeout(400)
    page.reload()
    expect(page.locator(".problem-title")).to_have_text("Large", timeout=60_000)
    other = visit.page(fresh=True)
    other.goto(page.url)
    expect(other.locator(".banner")).to_contain_text("too large for a link")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def test_a_page_goes_on_while_the_server_restarts(visit: Visit):
    port = free_port()
    page = visit.page(fresh=True)
    with served(port) as address:
        visit.address = address
        page.goto(f"{address}/backpropagation?example=mazur&step=7")
        expect(page.locator("#player")).to_have_attribute("data-ready", "true")
        page.wait_for_timeout(500)
    page.keyboard.press("ArrowRight")
    at_step(page, 8)
    change(page, "0.75")
    expect(page.locator(".banner")).to_contain_text("can't be reached")
    expect(page.locator(".editor input")).to_have_value("0.75")
    page.keyboard.press("Escape")
    page.locator(".forward").click()
    at_step(page, 9)
    with served(port):
        expect(shown(page, WEIGHT)).to_have_text("0.75")
        assert state(page)[0] == 9
        expect(page.locator(".banner")).to_be_hidden()
        page.close()
    expected = ("ERR_CONNECTION", "Callback failed: the server did not respond")
    visit.faults[:] = [fault for fault in visit.faults if not any(words in fault for words in expected)]


def test_what_is_edited_on_one_page_opens_on_another(visit: Visit):
    page = visit.player("example=dilation-2", path="convolution")
    page.locator('.scene [data-given="x[0][0][0][0]"]').dblclick()
    page.locator(".editor input").fill("99")
    page.keyboard.press("Enter")
    expect(shown(page, "x[0][0][0][0]").first).to_have_text("99")
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="Open on another page").click()
    link = page.get_by_role("dialog").get_by_role("link", name="Padding, strides, dilation")
    expect(link).to_be_focused()
    link.press("Enter")
    expect(page).to_have_url(re.compile("/windows#"))
    expect(shown(page, "x[0][0][0][0]").first).to_have_text("99")
