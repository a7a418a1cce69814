"""Networks of images in the panel: every kind of change, where its faults belong, and what is offered."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from nncalc import InputError, Problem
from nncalc.editing import edited, edited_and_told
from nncalc.editing.form import fields_of, form_of
from nncalc.editing.structure import written_out
from nncalc.kernels import KERNELS
from nncalc.layers import LAYERS
from nncalc.link import from_link, to_link
from nncalc.patterns import PATTERNS, drawn
from nncalc.starting import image_problem
from tests.drawn_images import documents

DRAWN = [Problem.from_dict(document) for document in documents(11, 12)]
START = image_problem(6, 2, 3, 2, 2, seed=1)
COLOURED = Problem.from_dict(
    {
        "nncalc": 1,
        "layers": [{"type": "conv2d", "name": "conv", "filters": 4, "kernel_size": [3, 2], "groups": 2}],
        "data": {"x": np.arange(2 * 5 * 4 * 2).reshape(2, 5, 4, 2).tolist(), "y": np.ones((2, 3, 3, 4)).tolist()},
    }
)


def change(problem: Problem, kind: str, **arguments: Any) -> Problem:
    return edited(problem, {"kind": kind, **arguments})


def field(problem: Problem, place: str, value: Any) -> Problem:
    return change(problem, "field", place=place, value=value)


def weights(problem: Problem, at: int = 0) -> np.ndarray:
    return problem.layers[at].parameters["weights"]


def fault(problem: Problem, kind: str, **arguments: Any) -> tuple[str, str]:
    with pytest.raises(InputError) as refused:
        change(problem, kind, **arguments)
    return refused.value.faults[0].place, refused.value.faults[0].message


def offers(problem: Problem) -> dict[str, int]:
    return {type: at for type, at, _ in form_of(problem)[0]["adds"]}


# Windows


@pytest.mark.parametrize(
    ("place", "value", "read"),
    [
        ("layers[0].kernel_size[0]", "2", [2, 3]),
        ("layers[0].kernel_size[1]", "5", [3, 5]),
        ("layers[0].strides[1]", "2", [1, 2]),
        ("layers[0].dilation[0]", "2", [2, 1]),
        ("layers[0].padding", "same", "same"),
        ("layers[0].padding", "explicit", [[0, 0], [0, 0]]),
        ("layers[0].flip", True, True),
        ("layers[0].filters", "3", 3),
        ("layers[1].pool_size[1]", "3", [2, 3]),
    ],
)
def test_a_field_of_a_window_is_written_as_the_file_has_it(place: str, value: Any, read: Any):
    changed = field(START, place, value)
    at, name = int(place[7]), place[10:].partition("[")[0]
    assert changed.document["layers"][at][name] == read
    assert fields_of(changed)[place]["value"] == value
    assert from_link(to_link(changed)) == changed


def test_padding_begins_with_what_there_is_and_can_be_uneven():
    explicit = field(field(START, "layers[0].padding", "same"), "layers[0].padding", "explicit")
    assert explicit.document["layers"][0]["padding"] == [[1, 1], [1, 1]]
    uneven = field(explicit, "layers[0].padding[0][1]", "3")
    assert uneven.document["layers"][0]["padding"] == [[1, 3], [1, 1]]
    assert uneven.layers[0].output_shape == (8, 6, 2)
    assert field(uneven, "layers[0].padding", "valid").layers[0].output_shape == (4, 4, 2)


def test_a_kernel_keeps_the_weights_that_still_have_a_place_and_draws_the_rest():
    larger = field(START, "layers[0].kernel_size[0]", "5")
    np.testing.assert_array_equal(weights(larger)[:3], weights(START))
    new = weights(larger)[3:]
    assert np.all(new != 0) and np.array_equal(new, np.round(new, 1))
    assert larger == field(START, "layers[0].kernel_size[0]", "5")  # for everyone the same
    smaller = field(START, "layers[0].kernel_size[1]", "2")
    np.testing.assert_array_equal(weights(smaller), weights(START)[:, :2])


def test_weights_behind_a_flattened_image_are_new_where_it_has_another_size():
    changed, told = edited_and_told(START, {"kind": "field", "place": "layers[0].filters", "value": "3"})
    np.testing.assert_array_equal(weights(changed)[..., :2], weights(START))
    assert weights(changed, 3).shape == (12, 2) and not np.array_equal(weights(changed, 3)[:8], weights(START, 3))
    assert told == "12 numbers come into `output` now, not 8: its weights are new."
    same, told = edited_and_told(START, {"kind": "field", "place": "layers[0].activation", "value": "tanh"})
    assert np.array_equal(weights(same, 3), weights(START, 3)) and told == ""
    _, told = edited_and_told(START, {"kind": "field", "place": "layers[0].kernel_size[1]", "value": "4"})
    assert told.startswith("The kernels of `conv` have 3 × 4 cells now: their upper left part is kept, what is new")


def test_groups_are_offered_where_they_divide_and_filters_go_in_their_steps():
    fields = fields_of(COLOURED)
    assert [value for value, _ in fields["layers[0].groups"]["choices"]] == ["1", "2"]
    assert fields["layers[0].filters"]["step"] == 2
    one = field(COLOURED, "layers[0].groups", "1")
    assert weights(one).shape == (3, 2, 2, 4) and weights(COLOURED).shape == (3, 2, 1, 4)
    np.testing.assert_array_equal(weights(one)[:, :, :1], weights(COLOURED))
    place, message = fault(COLOURED, "field", place="layers[0].filters", value="3")
    assert place == "layers[0].groups" and "Possible: 1" in message


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        ("layers[0].kernel_size[0]", "7", "7 given, a whole number from 1 to 6 needed: 6 rows come in. Pad it"),
        ("layers[0].kernel_size[0]", "0", "from 1 to 6"),
        ("layers[0].kernel_size[0]", "", "Nothing given"),
        ("layers[0].kernel_size[0]", "x", "x"),
        ("layers[0].strides[0]", "5", "a longer stride finds one place only"),
        ("layers[0].dilation[1]", "3", "from 1 to 2 needed: 6 columns come in"),
        ("layers[0].padding", "full", "is not one of the choices"),
        ("layers[1].pool_size[0]", "5", "from 1 to 4 needed: 4 rows come in"),
        ("layers[0].filters", "1001", "from 1 to 1000"),
        ("data.x.rows", "2", "from 3 to 64 needed: the window of the first layer has 3 rows. Make it smaller"),
        ("data.x.channels", "17", "from 1 to 16"),
    ],
)
def test_what_is_not_possible_is_said_at_its_field(place: str, value: str, message: str):
    found, said = fault(START, "field", place=place, value=value)
    assert found == place and message in said


def test_a_later_window_that_fits_no_more_is_named():
    place, message = fault(START, "field", place="layers[0].kernel_size[0]", value="6")
    assert place == "layers[1].pool_size" and "2 rows and the input only 1. Use at most 1" in message


@pytest.mark.parametrize("which", range(len(DRAWN)))
def test_every_count_is_possible_at_its_bounds(which: int):
    """Unless a later layer, or a bound of all numbers together, is in the way: then that is named."""
    problem = DRAWN[which]
    for place, data in fields_of(problem).items():
        if data["kind"] != "count" or "[" not in place.partition(".")[2] or data["most"] > 64:
            continue
        for value in (data["least"], data["most"]):
            try:
                assert fields_of(field(problem, place, str(value)))[place]["value"] == str(value)
            except InputError as refused:
                own = place.partition("]")[0] + "]"
                assert any(not one.place.startswith(own) for one in refused.faults), (place, value, str(refused))


def test_a_page_changes_one_setting_of_a_window():
    changed = change(START, "window", layer="conv", field="size", value=2)
    assert changed.document["layers"][0]["kernel_size"] == 2 and weights(changed).shape == (2, 2, 1, 2)
    assert change(START, "window", layer="conv", field="padding", value=[[1, 0], [0, 2]]).layers[0].output_shape == (
        5, 6, 2,
    )  # fmt: skip
    pooled = change(START, "window", layer="pool", field="size", value=[3, 3])
    assert pooled.layers[1].settings["window"].strides == (3, 3)
    assert "is no layer with a window" in fault(START, "window", layer="flat", field="size", value=2)[1]
    assert "no setting of a window" in fault(START, "window", layer="pool", field="dilation", value=2)[1]
    place, message = fault(START, "window", layer="conv", field="size", value=[9, 3])
    assert place == "layers[0].kernel_size" and "9 rows and the input only 6. Use at most 6" in message
    for odd in (0, None, "x", [], {}, [[1]], 10**9):
        assert fault(START, "window", layer="conv", field="strides", value=odd)[0].startswith("layers[0].strides")


# Layers


def test_only_layers_that_are_possible_in_a_place_are_offered():
    assert offers(START) == {"dense": 3, "conv2d": 2, "max_pool2d": 2, "average_pool2d": 2, "activation": 3}
    per_place = [[type for type, _, _ in section["adds"]] for section in form_of(START) if "layer" in section]
    assert per_place[3] == ["dense", "activation"]  # behind the flatten layer
    assert "dense" not in per_place[2] and "flatten" not in per_place[2]
    assert set(offers(COLOURED)) == set(LAYERS)
    flat = Problem.from_dict({"nncalc": 1, "layers": [], "data": {"x": [[1, 2]]}})
    assert list(offers(flat)) == ["dense", "activation"]


@pytest.mark.parametrize("which", range(len(DRAWN)))
def test_everything_that_is_offered_can_be_done(which: int):
    problem = DRAWN[which]
    for section in form_of(problem):
        for type, at, _ in section.get("adds", []):
            try:
                changed = change(problem, "add_layer", at=at, type=type)
            except InputError as refused:  # a window behind fits no more, or a loss needs probabilities
                said = str(refused)
                assert "window" in said or "probabilit" in said or "softmax" in said, (type, at, said)
            else:
                assert type in [layer.type for layer in changed.layers[at : at + 2]]


def test_a_convolution_that_is_added_leaves_the_rest_as_it_is():
    changed = change(START, "add_layer", at=1, type="conv2d")
    assert [layer.name for layer in changed.layers] == ["conv", "conv2", "pool", "flat", "output"]
    assert changed.layers[1].output_shape == START.layers[0].output_shape
    np.testing.assert_array_equal(weights(changed, 4), weights(START, 3))


def test_a_dense_layer_after_an_image_gets_a_flatten_layer_before_it():
    changed = change(COLOURED, "add_layer", at=1, type="dense")
    assert [layer.type for layer in changed.layers] == ["conv2d", "flatten", "dense"]
    assert changed.y is not None and changed.y.shape == (2, *changed.output_shape)


@pytest.mark.parametrize(
    ("kind", "arguments", "place", "message"),
    [
        ("add_layer", {"at": 3, "type": "conv2d"}, "layers[3].type", "Put it before the flatten layer"),
        ("add_layer", {"at": 2, "type": "dense"}, "layers[2].type", "flattened further on. Put it behind"),
        ("add_layer", {"at": 4, "type": "flatten"}, "layers[4].type", "one list of numbers already"),
        ("remove_layer", {"at": 2}, "layers[2].type", "would get an image, .* Put a flatten layer before it"),
        ("move_layer", {"at": 2, "to": 3}, "layers[2].type", "Put a flatten layer before it"),
        ("move_layer", {"at": 0, "to": 2}, "layers[2].type", "would get flattened numbers, and needs an image"),
    ],
)
def test_an_order_that_cannot_be_is_refused_with_what_to_do(kind, arguments, place, message):
    import re

    found, said = fault(START, kind, **arguments)
    assert found == place and re.search(message, said), said
    flat = Problem.from_dict({"nncalc": 1, "layers": [], "data": {"x": [[1, 2]]}})
    assert "Start a problem with an image" in fault(flat, "add_layer", at=0, type="conv2d")[1]


def test_targets_keep_their_numbers_when_an_image_is_flattened_and_no_more():
    flat = change(COLOURED, "add_layer", at=1, type="flatten")
    assert flat.y is not None and flat.y.shape == (2, 36) and flat.y.all()
    assert change(flat, "remove_layer", at=1).y.shape == (2, 3, 3, 4)  # pyright: ignore[reportOptionalMemberAccess]


def test_without_the_dense_layer_the_flattened_numbers_are_the_outputs():
    changed = change(START, "remove_layer", at=3)
    assert changed.output_shape == (8,) and changed.layers[0].settings["filters"] == 2


# The image


def test_an_image_is_cut_or_continued_with_0():
    larger = field(field(field(COLOURED, "data.x.rows", "6"), "data.x.columns", "3"), "data.x.channels", "4")
    assert larger.x.shape == (2, 6, 3, 4)
    np.testing.assert_array_equal(larger.x[:, :5, :, :2], COLOURED.x[:, :, :3])
    assert not larger.x[:, 5].any() and not larger.x[..., 2:].any()
    assert weights(larger).shape == (3, 2, 2, 4) and larger.y is not None and larger.y.shape == (2, 4, 2, 4)


def test_a_stroke_and_a_typed_cell_are_kept_as_typed():
    painted = change(START, "cells", array="x", sample=0, cells=[[0, 0, 0], [5, 5, 0]], text="1/3")
    assert painted.document["data"]["x"][0][5][5] == ["1/3"] and painted.x[0, 0, 0, 0] == 1 / 3
    assert painted.document["data"]["x"][0][1][1] == START.document["data"]["x"][0][1][1]
    target = change(COLOURED, "cells", array="y", sample=1, cells=[[2, 2, 3]], text="0,5")
    assert target.document["data"]["y"][1][2][2][3] == "0,5"
    assert form_of(painted)[1]["images"]["worked"] == [[0, 0, 0, 0, 1 / 3], [0, 5, 5, 0, 1 / 3]]


def test_a_number_with_four_indices_is_edited_by_its_name():
    for name, place in [
        ("x[1][4][3][1]", ("data", "x", 1, 4, 3, 1)),
        ("y[0][2][1][3]", ("data", "y", 0, 2, 1, 3)),
        ("conv.weights[2][1][0][3]", ("layers", 0, "weights", 2, 1, 0, 3)),
        ("conv.bias[2]", ("layers", 0, "bias", 2)),
    ]:
        document = written_out(COLOURED)
        at: Any = document
        for key in place[:-1]:
            at = at[key]
        at[place[-1]] = "1/3"
        changed = change(COLOURED, "number", name=name, text="1/3").to_dict()
        expected = Problem.from_dict(document).to_dict()
        assert changed["data"] == expected["data"]
        if place[0] == "layers":
            assert changed["layers"] == expected["layers"]
    for name in ("x[0][0][0]", "x[0][5][0][0]", "conv.weights[0][0][1][0]", "conv.size[0]", "conv.a[0][0][0][0]"):
        assert (
            "doesn't exist" in fault(COLOURED, "number", name=name, text="1")[1]
            or "computed" in fault(COLOURED, "number", name=name, text="1")[1]
        )


def test_samples_that_are_images_are_added_and_removed():
    more = change(COLOURED, "add_sample", at=1)
    assert len(more.x) == 3 and np.array_equal(more.x[1], more.x[0])
    typed = change(more, "cells", array="x", sample=1, cells=[[0, 0, 0]], text="99")
    assert typed.x[0, 0, 0, 0] == 0 and typed.x[1, 0, 0, 0] == 99  # a copy, and not the same image
    assert change(more, "remove_sample", at=1) == COLOURED


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_is_drawn_into_one_channel(name: str):
    changed = change(COLOURED, "pattern", sample=1, channel=1, name=name)
    np.testing.assert_array_equal(changed.x[1, :, :, 1], drawn(name, 5, 4))
    np.testing.assert_array_equal(changed.x[1, :, :, 0], COLOURED.x[1, :, :, 0])
    np.testing.assert_array_equal(changed.x[0], COLOURED.x[0])


@given(st.sampled_from(sorted(PATTERNS)), st.integers(1, 64), st.integers(1, 64))
def test_a_pattern_fills_an_image_of_any_size(name: str, rows: int, columns: int):
    grid = np.array(drawn(name, rows, columns), float)
    assert grid.shape == (rows, columns) and grid.min() >= 0 and grid.max() <= 10
    assert grid.any() == (name != "clear") or min(rows, columns) <= 2 or name == "gradient"


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("1\t2\n3\t4", [[1, 2], [3, 4]]),
        ("1 2\n3 4\n", [[1, 2], [3, 4]]),
        ("1,2\r\n3,4", [[1, 2], [3, 4]]),
        ("0,5;1/4\n-1;2", [[0.5, 0.25], [-1, 2]]),
    ],
)
def test_a_spreadsheet_is_pasted_into_an_image(text: str, rows: list[list[float]]):
    changed = change(COLOURED, "paste_image", sample=0, channel=0, row=3, column=2, text=text)
    np.testing.assert_array_equal(changed.x[0, 3:, 2:, 0], rows)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"text": ""}, "Nothing was pasted"),
        ({"text": "1 2 3 4 5"}, "5 columns pasted, from column 1 on the image has 4. .* at least 5 columns"),
        ({"text": "1\n2", "row": 4}, "2 rows pasted, from row 5 on the image has 1. .* at least 6 rows first"),
        ({"text": "1 x"}, 'row 1, column 2: "x" is not a number'),
        ({"text": "1", "row": 9}, "no cell of the image"),
        ({"text": "1", "sample": 7}, "There is no sample 8. There are 2"),
        ({"text": "1", "channel": 2}, "There is no channel 3. There are 2"),
    ],
)
def test_a_paste_that_is_not_possible_says_why(arguments: dict[str, Any], message: str):
    usual = {"kind": "paste_image", "sample": 0, "channel": 0, "row": 0, "column": 0}
    with pytest.raises(InputError, match=message):
        edited(COLOURED, usual | arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        {"cells": []},
        {"cells": [[0, 0]]},
        {"cells": [[0, 0, 9]]},
        {"cells": [["0", 0, 0]]},
        {"cells": [[True, 0, 0]]},
        {"cells": [[-1, 0, 0]]},
        {"cells": [7]},
        {"cells": [[0, 0, 0]] * 100},
        {"text": "abc"},
        {"sample": 9},
        {"sample": -1},
        {"array": "loss"},
    ],
)
def test_cells_that_are_not_there_are_refused(arguments: dict[str, Any]):
    usual = {"kind": "cells", "array": "x", "sample": 0, "cells": [[0, 0, 0]], "text": "1"}
    with pytest.raises(InputError, match="cell|number|no sample"):
        edited(START, usual | arguments)


# Pictures


def picture(width: int, height: int, mode: str = "RGB") -> str:
    file = io.BytesIO()
    Image.new(mode, (width, height), "white").save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def handed(problem: Problem, file: str, side: int = 0, color: str = "kept", sample: int = 0) -> tuple[Problem, str]:
    edit = {"kind": "picture", "sample": sample, "file": file, "side": side, "color": color, "invert": False}
    return edited_and_told(problem, edit)


def test_a_picture_stands_in_the_middle_of_the_image_that_is_there():
    changed, told = handed(START, picture(12, 6))
    expected = np.zeros((6, 6))
    expected[1:4] = 1
    np.testing.assert_array_equal(changed.x[0, :, :, 0], expected)
    assert "12 × 6 pixels is reduced to 6 × 3" in told and told.endswith("in the middle of the image, with 0 around.")


def test_a_picture_can_give_the_image_its_own_size_and_colours():
    changed, told = handed(START, picture(12, 6), side=8, color="rgb")
    assert changed.x.shape == (1, 4, 8, 3) and changed.x.all()
    assert weights(changed).shape == (3, 3, 3, 2) and "its weights are new" in told
    np.testing.assert_array_equal(weights(changed)[:, :, :1], weights(START))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"side": 65}, "65 cells given, 1 to 64 are possible"),
        ({"side": 1}, "the window has 3 rows and the input only 1"),
        ({"color": "sepia"}, "no choice of channels"),
        ({"sample": 4}, "There is no sample 5"),
        ({"file": "R0lGODlhAQABAAAAACw="}, "A GIF picture given"),
    ],
)
def test_a_picture_that_does_not_fit_says_why(arguments: dict[str, Any], message: str):
    with pytest.raises(InputError, match=message):
        handed(START, **{"file": picture(8, 8), **arguments})
    assert (
        "Choose one" in fault(COLOURED, "picture", sample=0, file=picture(2, 2), side=0, color="kept", invert=False)[1]
    )


# Anything at all


def edits_of(problem: Problem) -> st.SearchStrategy[dict[str, Any]]:
    """Changes that the panel makes, possible or not."""
    places = st.integers(-1, len(problem.layers) + 1)
    small = st.integers(-1, 7)
    named = st.sampled_from([layer.name for layer in problem.layers] or ["none"])
    counts = [place for place, data in fields_of(problem).items() if data["kind"] == "count"]
    choices = [(p, v) for p, data in fields_of(problem).items() if data["kind"] == "choice" for v, _ in data["choices"]]
    values = st.one_of(
        st.integers(-1, 9), st.sampled_from(["valid", "same", [2, 1], [[1, 0], [2, 1]], None, [], "1/3"])
    )
    settings_ = st.sampled_from(["size", "strides", "padding", "dilation", "groups", "filters", "flip"])
    build = st.fixed_dictionaries
    return st.one_of(
        build({"kind": st.just("add_layer"), "at": places, "type": st.sampled_from(sorted(LAYERS))}),
        build({"kind": st.just("remove_layer"), "at": places}),
        build({"kind": st.just("move_layer"), "at": places, "to": places}),
        build({"kind": st.just("field"), "place": st.sampled_from(counts), "value": st.integers(0, 9).map(str)}),
        st.sampled_from(choices).map(lambda each: {"kind": "field", "place": each[0], "value": each[1]}),
        build({"kind": st.just("window"), "layer": named, "field": settings_, "value": values}),
        build({"kind": st.just("kernel"), "layer": places, "channel": small, "filter": small,
               "name": st.sampled_from(sorted(KERNELS))}),
        build({"kind": st.just("pattern"), "sample": small, "channel": small,
               "name": st.sampled_from(sorted(PATTERNS))}),
        build({"kind": st.just("paste_image"), "sample": small, "channel": small, "row": small, "column": small,
               "text": st.sampled_from(["1 2\n3 4", "1", "x"])}),
        build({"kind": st.just("cells"), "array": st.sampled_from(["x", "y"]), "sample": small,
               "cells": st.lists(st.lists(small, min_size=1, max_size=3), max_size=3), "text": st.just("2")}),
        build({"kind": st.sampled_from(["add_sample", "remove_sample"]), "at": small}),
        st.just({"kind": "redraw"}),
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_sequence_of_changes_gives_a_problem_or_a_fault(data):
    problem = data.draw(st.sampled_from([START, COLOURED, *DRAWN[:4]]))
    for _ in range(data.draw(st.integers(1, 6))):
        edit = data.draw(edits_of(problem))
        try:
            problem = edited(problem, edit)
        except InputError as refused:
            assert all(one.message for one in refused.faults)
            continue
        assert Problem.loads(problem.dumps()) == problem
        assert form_of(problem)
