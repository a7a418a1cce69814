"""One neuron as data: its curve and its slope are those of the activation, and what is said of a sum is true."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy import special

from nncalc import Problem, solve
from nncalc.activations import ACTIVATIONS
from nncalc.scenes import scene_of
from nncalc.scenes.neuron import MOST_SUMS, reach_of

VALUES = {
    "linear": lambda z: z,
    "relu": lambda z: np.where(z > 0, z, 0),
    "leaky_relu": lambda z: np.where(z > 0, z, 0.2 * z),
    "elu": lambda z: np.where(z > 0, z, np.exp(np.minimum(z, 0)) - 1),
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": lambda z: (np.exp(2 * z) - 1) / (np.exp(2 * z) + 1),
    "softplus": lambda z: np.log1p(np.exp(z)),
    "gelu": lambda z: z * (1 + special.erf(z / math.sqrt(2))) / 2,
    "silu": lambda z: z / (1 + np.exp(-z)),
}
"""Written anew, from the definitions."""
CURVED = [name for name, known in ACTIVATIONS.items() if not known.rowwise]
CORNERED = {"relu", "leaky_relu"}


def document(activation: Any = "sigmoid", x: Any = ((1, 2),), **more: Any) -> dict[str, Any]:
    layer = {
        "type": "dense",
        "name": "unit",
        "units": 1,
        "activation": activation,
        "weights": [[0.5], [-1]],
        "bias": [1],
    }
    return {"nncalc": 1, "layers": [layer], "data": {"x": [list(row) for row in x]}, **more}


def scene(*arguments: Any, **more: Any) -> dict[str, Any]:
    return scene_of(Problem.from_dict(document(*arguments, **more)), "neuron")


def points(curve: list) -> np.ndarray:
    return np.array(curve, float)


def of(name: str) -> Any:
    return {"type": name, "slope": 0.2} if name == "leaky_relu" else name


def test_every_activation_has_its_definition_here():
    assert set(VALUES) == set(CURVED)


@pytest.mark.parametrize("name", CURVED)
def test_the_curve_is_the_activation(name: str):
    z, a = points(scene(of(name))["curves"]["value"]).T
    assert (z[0], z[-1]) == (-6, 6) and np.all(np.diff(z) >= 0)
    np.testing.assert_allclose(a, VALUES[name](z), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", CURVED)
def test_the_curve_of_the_slope_is_what_differences_of_the_activation_give(name: str):
    z, slope = points(scene(of(name))["curves"]["slope"]).T
    away = np.abs(z) > 1e-3  # from a corner
    step = 1e-6
    differences = (VALUES[name](z + step) - VALUES[name](z - step)) / (2 * step)
    np.testing.assert_allclose(slope[away], differences[away], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", CURVED)
def test_the_slope_has_a_gap_where_it_jumps_and_nowhere_else(name: str):
    z, slope = points(scene(of(name))["curves"]["slope"]).T
    assert z[np.isnan(slope)].tolist() == ([0.0] if name in CORNERED else [])
    if name in CORNERED:
        before, after = slope[np.flatnonzero(np.isnan(slope))[0] + np.array([-1, 1])]
        assert (before, after) == (0.2 if name == "leaky_relu" else 0, 1)


@pytest.mark.parametrize("name", CURVED)
def test_the_slope_at_a_sum_is_the_one_that_the_working_multiplies_by(name: str):
    problem = Problem.from_dict(
        document(of(name), ((1, 2), (4, -1)), loss="sse") | {"data": {"x": [[1, 2], [4, -1]], "y": [[1], [0]]}}
    )
    found = scene_of(problem, "neuron")["at"]
    solved = solve(problem).to_dict(derivatives=True)
    for sample in range(2):
        passed_on = solved["derivatives"]["unit.z"][sample][0] / solved["derivatives"]["unit.a"][sample][0]
        assert found[f"unit.z[{sample}][0]"]["slope"] == pytest.approx(passed_on, rel=1e-9, abs=1e-12)
        assert f"unit.z[{sample}][0].after" in found


@pytest.mark.parametrize(
    ("activation", "x", "said"),
    [
        ("relu", (0, 1), "corner"),
        ("relu", (0, 2), "ReLU is off"),
        ("relu", (2, 1), None),
        (of("leaky_relu"), (0, 1), "the one for negatives"),
        ("sigmoid", (12, 0), "saturated"),
        ("sigmoid", (0, 6), "saturated"),
        ("sigmoid", (0, 1), None),
        ("tanh", (8, 0), "saturated"),
        ("linear", (0, 1), None),
    ],
)
def test_what_is_said_of_a_sum(activation: Any, x: tuple[float, float], said: str | None):
    remark = scene(activation, (x,))["at"]["unit.z[0][0]"]["remark"]
    assert said in remark if said else remark == ""


def test_a_unit_is_dead_when_no_sample_switches_it_on():
    dead, alive = ((0, 2), (0, 3)), ((0, 2), (4, 1))
    assert "dead" in scene("relu", dead)["at"]["unit.z[1][0]"]["remark"]
    assert "dead" not in scene("relu", alive)["at"]["unit.z[0][0]"]["remark"]


def test_the_curves_reach_as_far_as_the_sums_and_no_change_within_moves_them():
    assert scene("tanh", ((1, 2),))["curves"]["range"] == scene("tanh", ((9, 0),))["curves"]["range"] == [-6, 6]
    assert scene("tanh", ((100, 0),))["curves"]["range"] == [-100, 100]
    assert reach_of(np.array([np.nan, np.inf])) == 6
    for sum_ in np.logspace(-3, 200, 400):
        assert reach_of(np.array([sum_])) >= sum_


@pytest.mark.parametrize("weight", [1e308, "1e200", 0])
def test_sums_of_any_size_have_a_drawing(weight: Any):
    layer = document()["layers"][0] | {"weights": [[weight], [weight]]}
    for name in CURVED:
        problem = Problem.from_dict(document() | {"layers": [layer | {"activation": name}]})
        assert scene_of(problem, "neuron")["kind"] == "neuron"


@pytest.mark.parametrize(
    "other",
    [
        document("softmax"),
        {"nncalc": 1, "layers": [{"type": "dense", "units": 2}], "data": {"x": [[1]]}},
        {"nncalc": 1, "layers": [{"type": "dense", "units": 1}] * 2, "data": {"x": [[1]]}},
        document(x=((1, 2),) * (MOST_SUMS + 1)),
    ],
    ids=["softmax", "two units", "two layers", "too many samples"],
)
def test_everything_else_shows_its_network(other: dict[str, Any]):
    assert scene_of(Problem.from_dict(other), "neuron")["kind"] == "network"


def test_on_other_pages_a_single_unit_is_a_network():
    assert scene_of(Problem.from_dict(document()), "backpropagation")["kind"] == "network"


def test_all_activations_can_be_chosen_but_softmax_which_says_why():
    choices = scene()["activation"]["choices"]
    assert [choice["name"] for choice in choices] == list(ACTIVATIONS)
    assert [choice["name"] for choice in choices if choice["why"]] == ["softmax"]
