"""The table of errors and its plot, as data: against numpy, and what the ledger works out on the way."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nncalc
from nncalc import examples
from nncalc.losses import LOSSES
from nncalc.problem import Problem
from nncalc.scenes import scene_of

MODELS = {"data": {"x": [[3, 1], [5, 4]], "y": [[1, 1], [2, 2]]}}


def table(**fields: Any) -> Problem:
    return Problem.from_dict({"nncalc": 1, "layers": [], **fields})


def of_loss(loss: str, **fields: Any) -> Problem:
    """Three rows that every loss has a number for."""
    return table(data={"x": [[0.9], [0.2], [0.6]], "y": [[1], [0], [1]]}, loss={"type": loss, **fields})


def quantities(problem: Problem) -> dict[str, float]:
    return {step.quantity: step.result.value for step in nncalc.solve(problem).walkthrough.steps("operation")}


# What is worked out


@pytest.mark.parametrize("factor", [1, 0.5, 2])
@pytest.mark.parametrize("samples", ["mean", "sum"])
@pytest.mark.parametrize("outputs", ["mean", "sum"])
def test_every_output_has_a_loss_of_its_own_and_together_they_are_the_loss(factor, samples, outputs):
    loss = {"type": "squared_error", "factor": factor, "samples": samples, "outputs": outputs}
    found = quantities(table(**MODELS, loss=loss))
    terms = np.array([[4, 0], [9, 4]])
    each = factor * getattr(np, samples)(terms, axis=0)
    assert [found["output_loss[0]"], found["output_loss[1]"]] == pytest.approx(each)
    assert found["loss"] == pytest.approx(getattr(np, outputs)(each))


def test_a_loss_per_output_is_only_worked_out_where_there_are_several_and_no_network():
    assert "output_loss[0]" not in quantities(of_loss("squared_error"))
    layer = {"type": "dense", "units": 2, "weights": [[1, 1], [1, 1]]}
    assert "output_loss[0]" not in quantities(Problem.from_dict({"nncalc": 1, "layers": [layer], **MODELS}))


def test_the_logarithm_that_counts_is_a_step_before_its_term():
    found = quantities(of_loss("binary_crossentropy"))
    logs = np.log([0.9, 0.8, 0.6])
    assert [found[f"log[{n}][0]"] for n in range(3)] == pytest.approx(logs)
    assert [found[f"term[{n}][0]"] for n in range(3)] == pytest.approx(-logs)


def test_a_target_between_0_and_1_has_both_logarithms():
    problem = table(data={"x": [[0.9]], "y": [[0.25]]}, loss="binary_crossentropy")
    assert quantities(problem)["log[0][0]"] == pytest.approx(0.25 * np.log(0.9) + 0.75 * np.log(0.1))


def test_a_probability_of_0_for_what_came_true_is_infinitely_surprising():
    found = quantities(table(data={"x": [[0.0]], "y": [[1]]}, loss="binary_crossentropy"))
    assert (found["log[0][0]"], found["term[0][0]"]) == (-np.inf, np.inf)


def test_the_margin_is_a_step_before_the_hinge():
    found = quantities(table(data={"x": [[0.25], [-2.0]], "y": [[-1], [-1]]}, loss={"type": "hinge"}))
    assert (found["margin[0][0]"], found["term[0][0]"]) == (-0.25, 1.25)
    assert (found["margin[1][0]"], found["term[1][0]"]) == (2, 0)


@pytest.mark.parametrize("loss", LOSSES)
def test_a_table_and_a_network_that_passes_its_input_on_have_the_same_loss(loss):
    """The way over a number of its own is the same function."""
    layer = {"type": "dense", "units": 1, "weights": [[1]], "bias": False}
    document = of_loss(loss).to_dict()
    assert nncalc.solve(Problem.from_dict(document)).loss == pytest.approx(
        nncalc.solve(Problem.from_dict(document | {"layers": [layer]})).loss, rel=1e-12
    )


# What is drawn


def titles(problem: Problem) -> list[list[str]]:
    return [[column["title"] for column in group["columns"]] for group in scene_of(problem, "error")["groups"]]


def test_targets_that_models_share_stand_there_once():
    assert titles(examples.load("two-models")) == [["actual"], *[["predicted", "error", "squared error"]] * 2]


def test_targets_that_differ_stand_beside_their_predictions():
    problem = table(data={"x": [[3, 1], [5, 4]], "y": [[1, 1], [2, 3]]})
    assert titles(problem) == [["actual", "predicted", "error", "squared error"]] * 2


def test_probabilities_have_a_column_for_the_logarithm():
    assert titles(examples.load("binary-crossentropy")) == [["target", "probability", "logarithm", "cross-entropy"]]


def test_each_group_has_the_sum_of_its_terms_where_that_is_not_its_loss():
    for loss, total in (("mse", "output_loss[1].sums[1]"), ("half_sse", "output_loss[1].sums[1]"), ("sse", "")):
        group = scene_of(table(**MODELS, loss=loss))["groups"][-1]
        assert (group["total"], group["loss"]) == (total, "output_loss[1]")
    assert quantities(table(**MODELS, loss="half_sse"))["output_loss[1].sums[1]"] == 4


def test_the_sum_of_the_terms_is_shown_where_a_factor_changes_it():
    problem = of_loss("squared_error", samples="sum", factor=0.5)
    assert scene_of(problem)["total"] == "loss.sums[2]"
    assert scene_of(problem)["loss"] == "0.5 × sum over 3 samples"


def test_classes_of_one_decision_have_a_row_each():
    scene = scene_of(examples.load("categorical-crossentropy"), "error")
    assert scene["classes"] == ["cat", "dog", "bird"]
    assert scene["loss"] == "mean over 3 samples, sum over 3 classes"
    assert scene["total"] == "loss.sums[8]"


# The plot

EXPECTED = {
    "squared_error": lambda e: e**2,
    "absolute_error": np.abs,
    "huber": lambda e: np.where(np.abs(e) <= 1, e**2 / 2, np.abs(e) - 0.5),
    "binary_crossentropy": lambda p: -np.log(p),
    "categorical_crossentropy": lambda p: -np.log(p),
    "hinge": lambda m: np.maximum(0, 1 - m),
}


@pytest.mark.parametrize("loss", LOSSES)
def test_the_curve_is_the_loss(loss):
    points = np.array(scene_of(of_loss(loss), "error")["plot"]["curves"][0]["points"])
    np.testing.assert_allclose(points[:, 1], EXPECTED[loss](points[:, 0]), rtol=1e-12, atol=1e-12)
    assert (np.diff(points[:, 0]) > 0).all()


def test_the_second_curve_of_a_binary_cross_entropy_is_that_of_the_other_outcome():
    points = np.array(scene_of(of_loss("binary_crossentropy"), "error")["plot"]["curves"][1]["points"])
    np.testing.assert_allclose(points[:, 1], -np.log1p(-points[:, 0]), rtol=1e-10)


@pytest.mark.parametrize("loss", LOSSES)
def test_every_row_is_within_the_plot_and_on_its_curve(loss):
    problem = of_loss(loss)
    plot, found = scene_of(problem, "error")["plot"], quantities(problem)
    found |= {f"{name}[{n}][0]": float(v) for name in ("x", "y") for n, v in enumerate(getattr(problem, name)[:, 0])}
    curve = np.array(plot["curves"][0]["points"])
    for n in range(3):
        x, y = (found[f"{plot['marks'][axis]}[{n}][0]"] for axis in "xy")
        assert plot["x"]["range"][0] <= x <= plot["x"]["range"][1]
        assert plot["y"]["range"][0] <= y <= plot["y"]["range"][1]
        if problem.y is not None and problem.y[n, 0] == 1:
            assert np.interp(x, curve[:, 0], curve[:, 1]) == pytest.approx(y, abs=0.01)


def test_errors_of_0_still_have_a_plot():
    plot = scene_of(table(data={"x": [[2]], "y": [[2]]}), "error")["plot"]
    assert plot["x"]["range"][0] < 0 < plot["x"]["range"][1]


def test_numbers_that_are_no_probabilities_still_have_a_plot():
    plot = scene_of(table(data={"x": [[67]], "y": [[1]]}, loss="binary_crossentropy"), "error")["plot"]
    assert plot["x"]["range"] == [0, 1]
    assert np.isfinite(plot["y"]["range"]).all()


def test_only_the_page_of_errors_has_a_plot():
    problem = examples.load("error-table")
    assert scene_of(problem, "error")["kind"] == "errors"
    assert scene_of(problem)["kind"] == scene_of(problem, "backpropagation")["kind"] == "table"
    assert "plot" not in scene_of(problem)
