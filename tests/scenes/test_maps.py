"""What is drawn of images: the columns, their windows, and every quantity of them."""

from __future__ import annotations

import pytest

from nncalc import Problem, examples, solve
from nncalc.scenes import page_of, scene_of

IMAGES = [name for name in examples.names() if scene_of(examples.load(name))["kind"] == "maps"]


def columns(name: str) -> list[dict]:
    return scene_of(examples.load(name))["columns"]


@pytest.mark.parametrize("name", IMAGES)
def test_every_quantity_of_the_maps_is_one_that_the_player_has(name: str):
    problem = examples.load(name)
    scene = scene_of(problem)
    there = {block["name"] + block["suffix"] for block in solve(problem).walkthrough.data()["quantities"]}
    named = {c[key] for c in scene["columns"] for key in ("a", "z", "weights", "bias") if key in c}
    assert named | set(scene.get("targets", {}).values()) | set(scene["settings"]) <= there


@pytest.mark.parametrize("name", IMAGES)
def test_the_shape_of_a_column_is_that_of_its_numbers(name: str):
    solved = solve(examples.load(name)).to_dict()
    for column in columns(name)[1:]:
        values = solved["quantities"][f"{column['title']}.a"][0]
        shape = []
        while isinstance(values, list):
            shape.append(len(values))
            values = values[0]
        assert column["shape"] == shape


def test_a_flattened_image_has_the_numbers_of_the_layer_before():
    flatten = next(column for column in columns("digit") if column["type"] == "flatten")
    assert (flatten["a"], flatten["shape"]) == ("pool.a", [27])


def test_the_window_says_how_it_moves_and_what_it_leaves_over():
    assert columns("stride-2-even")[1]["window"] | {"pad": "0"} == {
        "size": [3, 3],
        "strides": [2, 2],
        "padding": [[0, 0], [0, 0]],
        "dilation": [1, 1],
        "groups": 1,
        "flip": False,
        "pad": "0",
        "left_over": [1, 1],
    }
    assert columns("dilation-2")[1]["window"]["dilation"] == [2, 2]
    assert columns("depthwise")[1]["window"]["groups"] == 2
    assert columns("max-pooling-5x5")[1]["window"]["pad"] == "−∞"


def test_a_sum_is_drawn_only_where_it_is_worked_out():
    x = [[[[1], [-2]], [[3], [4]]]]
    layers = [{"type": "max_pool2d", "pool_size": 1}, {"type": "activation", "activation": "relu"}]
    own = scene_of(Problem.from_dict({"nncalc": 1, "layers": layers, "data": {"x": x}}))["columns"][2]
    assert "z" not in own and own["activation"] == "relu"


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("convolution-5x5", "convolution"),
        ("depthwise", "convolution"),
        ("average-pooling-5x5", "pooling"),
        ("digit", "picture"),
    ],
)
def test_a_problem_of_images_has_its_page(name: str, page: str):
    assert page_of(examples.load(name)) == page
