"""Padding, strides and dilation of the first window of a problem, as data."""

from __future__ import annotations

import json

import numpy as np
import pytest

from nncalc import Problem, examples
from nncalc.editing import edited
from nncalc.scenes import scene_of


def problem(image=(6, 6, 1), **layer) -> Problem:
    layer = {"type": "conv2d", "name": "conv", "filters": 1, "kernel_size": 2} | layer
    data = {"x": np.zeros((1, *image)).tolist()}
    return Problem.from_dict({"nncalc": 1, "layers": [layer], "data": data})


def panels(asked: Problem) -> dict:
    return {panel["field"]: panel for panel in scene_of(asked, "windows")["panels"]}


def test_the_worked_problem_has_its_formulas_filled_in():
    found = panels(examples.load("padding-strides-dilation"))
    assert found["padding"]["words"] == ["n + p", "= 6 + 2 = 8"]
    assert found["strides"]["words"] == ["⌊(n + p − span) / s⌋ + 1", "= ⌊(8 − 3) / 2⌋ + 1 = 3"]
    assert found["dilation"]["words"] == ["span: d(k − 1) + 1", "= 2 · (2 − 1) + 1 = 3"]
    assert found["strides"]["hint"].endswith("grey: 1 row and 1 column left over")


def test_rows_and_columns_that_differ_have_a_line_each():
    found = panels(problem(padding=[[1, 0], [2, 2]], strides=[1, 3]))
    assert found["padding"]["words"] == ["n + p", "rows: 6 + 1 = 7", "columns: 6 + 4 = 10"]
    assert found["padding"]["choices"][0] == [[[1, 0], [2, 2]], "rows 1 + 0; columns 2 + 2"]
    assert found["strides"]["words"][1:] == ["rows: ⌊(7 − 2) / 1⌋ + 1 = 6", "columns: ⌊(10 − 2) / 3⌋ + 1 = 3"]
    assert found["strides"]["value"] == [1, 3]


@pytest.mark.parametrize("image", [(6, 6, 1), (1, 5, 1), (3, 4, 2), (2, 2, 1)])
@pytest.mark.parametrize(
    "layer", [{}, {"padding": "same", "strides": 2}, {"padding": [[2, 1], [1, 2]], "kernel_size": [3, 2]}]
)
def test_every_choice_is_possible(image, layer):
    if image[0] == 1:
        layer = layer | {"kernel_size": [1, 2]}
    asked = problem(image, **layer)
    for panel in panels(asked).values():
        assert panel["value"] in [choice for choice, _ in panel["choices"]]
        for choice, _ in panel["choices"]:
            changed = edited(asked, {"kind": "window", "layer": "conv", "field": panel["field"], "value": choice})
            assert json.dumps(panels(changed)[panel["field"]]["value"]) == json.dumps(choice)


def test_a_pooling_window_has_no_holes_to_choose():
    pool = {"type": "max_pool2d", "name": "pool", "pool_size": 2}
    asked = Problem.from_dict({"nncalc": 1, "layers": [pool], "data": {"x": np.zeros((1, 4, 4, 1)).tolist()}})
    found = panels(asked)
    assert "choices" not in found["dilation"] and found["padding"]["choices"] == [
        [[[0, 0], [0, 0]], "none"],
        [[[1, 1], [1, 1]], "1 on every side"],
        ["same", "same"],
    ]


def test_a_problem_without_a_window_keeps_its_own_drawing():
    assert scene_of(examples.load("mazur"), "windows")["kind"] == "network"
