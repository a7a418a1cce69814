"""The page of errors: the table walked through row by row with its plot, its conventions, and its rows changed."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.visit import Visit, at_step, shown, state

TABLE = "example=error-table"


def errors(visit: Visit, query: str = TABLE, **options) -> Page:
    return visit.player(query, path="error", **options)


def paste(page: Page, name: str, text: str) -> None:
    """Pastes onto a number of the table, as a spreadsheet's cells would be."""
    page.locator(f'.scene [data-given="{name}"]').evaluate(
        """(cell, text) => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          cell.focus();
          cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        text,
    )


def choose(page: Page, place: str, value: str) -> None:
    page.locator(f'.conventions [data-place="{place}"]').select_option(value)


def column(page: Page, quantity: str) -> list[str]:
    """What stands under a column, row by row."""
    return page.locator(f'.error-table tbody [data-quantity^="{quantity}["]').all_text_contents()


def marks(page: Page) -> int:
    return page.locator('.plot-mark[data-for]:not([data-state="empty"])').count()


def test_row_by_row_the_errors_their_squares_and_at_the_end_their_mean(visit: Visit):
    page = errors(visit)
    for k in range(10):
        at_step(page, 2 * k)
        assert marks(page) == k
        page.keyboard.press("ArrowRight")
        at_step(page, 2 * k + 1)
        assert marks(page) == k + 1
        expect(page.locator('.plot-mark[data-state="written"]')).to_have_attribute("data-for", f"term[{k}][0]")
        page.keyboard.press("ArrowRight")
    assert column(page, "error") == ["11", "−17", "−1", "−18", "−20", "19", "−36", "−18", "−29", "−33"]
    assert column(page, "term") == ["121", "289", "1", "324", "400", "361", "1296", "324", "841", "1089"]
    expect(page.locator(".total-row td").first).to_have_text("5046")
    expect(shown(page, "loss")).to_have_text("504.6")


def test_marks_of_negative_and_positive_errors_differ_in_shape_and_colour(visit: Visit):
    page = errors(visit, f"{TABLE}&step=20")
    found = page.locator(".plot-mark[data-for] .plot-point").evaluate_all(
        "points => points.map((p) => [p.parentNode.dataset.sign, p.getAttribute('d'), getComputedStyle(p).fill])"
    )
    assert len(found) == 10
    assert len({tuple(one) for one in found}) == 2
    assert len({one[1] for one in found}) == len({one[2] for one in found}) == 2


def test_stepping_back_takes_the_marks_away(visit: Visit):
    page = errors(visit, f"{TABLE}&step=20")
    assert marks(page) == 10
    page.keyboard.press("Home")
    at_step(page, 0)
    assert marks(page) == 0


def test_conventions_change_formula_and_numbers_alike(visit: Visit):
    page = errors(visit, f"{TABLE}&step=20")
    loss = shown(page, "loss")
    choose(page, "loss.factor", "1/2")
    expect(loss).to_have_text("252.3")
    expect(page.locator(".loss-row th")).to_have_text("loss: 0.5 × mean over 10 samples")
    expect(page.locator('.conventions [data-place="loss.factor"]')).to_be_focused()
    choose(page, "loss.samples", "sum")
    expect(loss).to_have_text("2523")
    choose(page, "loss.factor", "1")
    expect(loss).to_have_text("5046")
    expect(page.locator(".total-row")).to_have_count(0)  # the loss is the total
    choose(page, "loss.samples", "mean")
    choose(page, "loss.type", "absolute_error")
    expect(loss).to_have_text("20.2")
    choose(page, "error", "actual - prediction")
    expect(shown(page, "error[0][0]")).to_have_text("−11")
    expect(loss).to_have_text("20.2")
    choose(page, "loss.type", "huber")
    expect(loss).to_have_text("19.7")  # |e| − 0.5 for every row, and for the error of 1 it is the same: (202 − 5) / 10
    page.locator('.conventions [data-place="loss.delta"]').fill("100")
    page.keyboard.press("Tab")
    expect(loss).to_have_text("252.3")


def test_a_number_is_edited_where_it_stands(visit: Visit):
    page = errors(visit, f"{TABLE}&step=20")
    page.locator('.scene [data-given="x[0][0]"]').dblclick()
    page.locator(".editor input").fill("56")
    page.keyboard.press("Enter")
    expect(shown(page, "term[0][0]")).to_have_text("0")
    expect(shown(page, "loss")).to_have_text("492.5")


def test_rows_are_added_and_removed_with_the_keyboard(visit: Visit):
    page = errors(visit, f"{TABLE}&step=20")
    page.get_by_role("button", name="Add a row").focus()
    page.keyboard.press("Enter")
    expect(page.locator('.scene [data-given="y[10][0]"]')).to_be_focused()
    expect(page.locator(".loss-row th")).to_have_text("loss: mean over 11 samples")
    page.get_by_role("button", name="Remove row 11").press("Enter")
    expect(page.locator(".loss-row th")).to_have_text("loss: mean over 10 samples")
    expect(page.get_by_role("button", name="Remove row 10")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(page.locator(".loss-row th")).to_have_text("loss: mean over 11 samples")


def test_the_only_row_cannot_be_removed(visit: Visit):
    page = errors(visit, "example=error-table-one-row")
    expect(page.get_by_role("button", name="Add a row")).to_be_visible()
    expect(page.locator(".row-remove")).to_have_count(0)


def test_cells_are_pasted_as_the_columns_stand(visit: Visit):
    """Actual before predicted; with names, decimal commas and more rows than there were."""
    page = errors(visit, "example=error-table-one-row&step=9")
    paste(page, "y[0][0]", "actual\tpredicted\r\n1\t2,5\r\n3\t3\r\n")
    expect(shown(page, "error[1][0]")).to_have_text("0")
    expect(shown(page, "error[0][0]")).to_have_text("1.5")
    expect(shown(page, "loss")).to_have_text("1.125")
    expect(page.locator('.scene [data-given="y[0][0]"]')).to_be_focused()


def test_rows_are_pasted_into_a_field_and_faults_are_told(visit: Visit):
    page = errors(visit, "example=error-table-one-row&step=9")
    page.get_by_role("button", name="Paste rows").click()
    page.get_by_label("Rows to paste").fill("60;70\nabc;1")
    page.get_by_role("button", name="Add beneath").click()
    expect(page.locator(".error-fault")).to_contain_text("row 2, column 1")
    page.get_by_label("Rows to paste").fill("60;70\n50;55")
    page.get_by_role("button", name="Add beneath").click()
    expect(page.locator(".loss-row th")).to_have_text("loss: mean over 3 samples")
    expect(shown(page, "loss")).to_have_text("82")  # (121 + 100 + 25) / 3


def test_two_models_stand_side_by_side_each_with_its_total_and_its_mean(visit: Visit):
    page = errors(visit, "example=two-models&step=22")
    assert page.locator(".total-row td[data-quantity]").all_text_contents() == ["1135", "1255"]
    assert page.locator(".mean-row td[data-quantity]").all_text_contents() == ["227", "251"]
    assert page.locator(".group-row th").all_text_contents() == ["Model A", "Model B"]
    choose(page, "loss.type", "absolute_error")
    expect(shown(page, "output_loss[0]")).to_have_text("13.4")
    expect(shown(page, "output_loss[1]")).to_have_text("9")


def test_a_target_that_two_models_share_is_changed_for_both(visit: Visit):
    page = errors(visit, "example=two-models&step=22")
    page.locator('.scene [data-given="y[0][0]"]').dblclick()
    page.locator(".editor input").fill("60")
    page.keyboard.press("Enter")
    expect(shown(page, "error[0][0]")).to_have_text("7")
    expect(shown(page, "error[0][1]")).to_have_text("−2")
    expect(page.locator(".editor")).to_be_hidden()


def test_probabilities_their_logarithms_and_their_mean(visit: Visit):
    page = errors(visit, "example=binary-crossentropy&step=8")
    assert column(page, "log") == ["−0.1054", "−0.2231", "−0.5108", "−1.2040"]
    assert column(page, "term") == ["0.1054", "0.2231", "0.5108", "1.2040"]
    expect(shown(page, "loss")).to_have_text("0.5108")
    assert marks(page) == 4


def test_every_class_has_a_row_and_the_right_ones_a_mark(visit: Visit):
    page = errors(visit, "example=categorical-crossentropy&step=18")
    assert column(page, "term") == ["0.2231", "0", "0", "0", "0.6931", "0", "0", "0", "2.3026"]
    expect(shown(page, "loss")).to_have_text("1.0730")
    assert marks(page) == 3


def test_numbers_of_a_column_are_aligned_on_the_point(visit: Visit):
    page = errors(visit, f"{TABLE}&step=20")
    places = page.locator('.error-table [data-quantity^="term["], .error-table [data-quantity="loss"]').evaluate_all(
        """cells => cells.map((cell) => {
          const range = document.createRange();
          range.setStart(cell.firstChild, 0);
          range.setEnd(cell.firstChild, `${cell.textContent}.`.indexOf("."));
          return range.getBoundingClientRect().right;
        })"""
    )
    assert len(places) == 11
    assert max(places) - min(places) < 1  # bold digits are a hair wider


def test_the_plot_fills_its_room_and_its_type_is_never_small(visit: Visit):
    page = errors(visit, f"{TABLE}&step=20")
    for (width, height), least in (((1440, 900), 14), ((390, 844), 14)):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(100)
        assert smallest(page) >= least
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.keyboard.press("p")
    page.wait_for_timeout(100)
    assert smallest(page) >= 28
    assert state(page)[0] == 20


def smallest(page: Page) -> float:
    """The smallest type of the scene, in pixels of the screen."""
    return page.locator(".scene svg text, .scene th, .scene td[data-quantity]").evaluate_all(
        """all => Math.min(...all.filter((e) => e.getClientRects().length)
          .map((e) => parseFloat(getComputedStyle(e).fontSize)))"""
    )
