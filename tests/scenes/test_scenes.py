"""What is drawn: every quantity of a scene is there to be shown, and what is called given can be changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest

from nncalc import InputError, Problem, Solution, examples, solve
from nncalc.editing import with_number
from nncalc.scenes import scene_of
from nncalc.scenes.given import given_of
from tests.drawn import documents

SEED, COUNT = 41, 24
FLAT = [name for name in examples.names() if examples.load(name).x.ndim == 2]  # images: see test_maps
WHICH = [*FLAT, *range(COUNT)]
DENSE = {"type": "dense", "units": 2, "weights": [[1, 2], [3, 4]]}
ROWS = {"nncalc": 1, "layers": [], "data": {"x": [[1, 2], [3, 5], [5, 6]], "y": [[1, 1], [2, 2], [3, 4]]}}


def document_of(which: str | int) -> dict:
    return examples.load(which).to_dict() if isinstance(which, str) else documents(SEED, COUNT)[which]


WITHOUT_IMAGES = [which for which in WHICH if np.ndim(document_of(which)["data"]["x"]) == 2]


@cache
def solved(which: str | int) -> Solution:
    return solve(Problem.from_dict(document_of(which)))


@cache
def blocks_of(which: str | int) -> dict[str, dict]:
    """The player's blocks of the first iteration, by name and suffix."""
    return blocks(solved(which))


def blocks(solution: Solution) -> dict[str, dict]:
    data = solution.walkthrough.data()
    return {b["name"] + b["suffix"]: b for b in data["quantities"] if b["name"] and not b["name"].startswith("iter")}


def named_by(scene: dict) -> Iterator[str]:
    """Every quantity that a scene names."""
    if scene["kind"] == "table":
        yield from (column["quantity"] for group in scene["groups"] for column in group["columns"])
    else:
        for column in scene["columns"]:
            yield from (column[key] for key in ("z", "a", "weights", "bias") if key in column)
        yield from (scene["targets"][key] for key in ("y", "error", "term") if key in scene.get("targets", {}))
        yield from scene["settings"]
    if scene["loss"]:
        yield "loss"


def is_never_updated(document: dict) -> bool:
    return bool(document["layers"]) and all(
        set(layer.get("frozen", [])) == ({"weights"} if layer.get("bias") is False else {"weights", "bias"})
        for layer in document["layers"]
        if layer["type"] in ("dense", "conv2d")
    )


# Every quantity is there


@pytest.mark.parametrize("which", WHICH)
def test_every_quantity_of_a_scene_is_one_that_the_player_has(which):
    assert [name for name in named_by(scene_of(solved(which).problem)) if name not in blocks_of(which)] == []


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(
            {"nncalc": 1, "layers": [DENSE, {"type": "activation", "activation": "tanh"}], "data": {"x": [[1, 2]]}},
            id="an activation of its own",
        ),
        pytest.param(
            {
                "nncalc": 1,
                "layers": [DENSE | {"frozen": ["weights", "bias"]}],
                "data": {"x": [[1, 2]], "y": [[1, 2]]},
            },
            id="nothing that is updated",
        ),
    ],
)
def test_so_it_is_for_problems_that_leave_something_out(document: dict):
    problem = Problem.from_dict(document)
    assert set(named_by(scene_of(problem))) <= set(blocks(solve(problem)))


@pytest.mark.parametrize("which", WITHOUT_IMAGES)
def test_a_network_has_a_column_for_the_inputs_and_for_every_layer(which):
    document, scene = document_of(which), scene_of(solved(which).problem)
    if not document["layers"]:
        assert scene["kind"] == "table"
        return
    inputs, *columns = scene["columns"]
    assert (inputs["units"], inputs["a"]) == (len(document["data"]["x"][0]), "x")
    assert inputs["labels"] == document.get("inputs", [f"x{k + 1}" for k in range(inputs["units"])])
    assert len(columns) == len(document["layers"])
    before = inputs["units"]
    for k, (column, layer) in enumerate(zip(columns, document["layers"], strict=True)):
        name = layer.get("name", f"layer{k + 1}")
        units = layer.get("units", before)
        assert (column["title"], column["units"], column["a"]) == (name, units, f"{name}.a")
        dense = layer["type"] == "dense"
        assert column.get("weights") == (f"{name}.weights" if dense else None)
        assert column.get("bias") == (f"{name}.bias" if dense and layer.get("bias") is not False else None)
        if "bias" in column:
            assert column["shared"] == isinstance(layer.get("bias", []), int | float | str)
        activation = layer.get("activation", "linear")
        assert column["activation"] == (activation["type"] if isinstance(activation, dict) else activation)
        before = units
    assert columns[-1]["labels"] == document.get("outputs", [f"y{k + 1}" for k in range(before)])
    assert not any(column["labels"] for column in columns[:-1])


@pytest.mark.parametrize("which", WITHOUT_IMAGES)
def test_units_and_weights_of_a_column_are_as_many_as_the_numbers(which):
    scene = scene_of(solved(which).problem)
    if scene["kind"] == "table":
        return
    before = 0
    for column in scene["columns"]:
        for key in ("a", "z"):
            if column.get(key) in blocks_of(which):
                assert blocks_of(which)[column[key]]["shape"][-1] == column["units"]
        if "weights" in column:
            assert blocks_of(which)[column["weights"]]["shape"] == [before, column["units"]]
        if "bias" in column:
            assert blocks_of(which)[column["bias"]]["shape"] == ([] if column["shared"] else [column["units"]])
        before = column["units"]


@pytest.mark.parametrize("which", WHICH)
def test_loss_and_targets_are_drawn_where_there_are_some(which):
    document, scene = document_of(which), scene_of(solved(which).problem)
    has_targets = "y" in document["data"]
    assert bool(scene["loss"]) == has_targets
    if document["layers"]:
        assert ("targets" in scene) == has_targets
    if document["layers"] and has_targets:
        loss = document.get("loss", "mse")
        of_error = not re.search("crossentropy|hinge", loss if isinstance(loss, str) else loss["type"])
        assert ("error" in scene["targets"]) == of_error
        chosen = document.get("optimizer", {"type": "sgd"})["type"]
        settings = {
            "sgd": {"learning_rate"},
            "momentum": {"learning_rate", "momentum"},
            "rmsprop": {"learning_rate", "rho", "epsilon"},
            "adam": {"learning_rate", "beta_1", "beta_2", "epsilon", "step_size"},
            "adamw": {"learning_rate", "beta_1", "beta_2", "epsilon", "weight_decay", "step_size"},
        }
        layers = enumerate(document["layers"], start=1)
        penalties = {
            f"{la.get('name', f'layer{k}')}.{kind}" for k, la in layers for kind in ("l1", "l2") if la.get(kind)
        }
        updated = set() if is_never_updated(document) else settings[chosen]
        assert set(scene["settings"]) == updated | penalties | ({"penalty"} if penalties else set())


# The table


def total_of(document: dict) -> float | None:
    """What the table's total is worth: the running sum of that name inside of the step that works the loss out."""
    solution = solve(Problem.from_dict(document))
    total = scene_of(solution.problem)["total"]
    found = [op.result.value for op in solution.walkthrough.steps("operation") if op.quantity == total]
    return found[0] if found else None


def test_the_total_of_the_lecture_s_table_is_5046_and_its_mean_504_6():
    solution = solved("error-table")
    scene = scene_of(solution.problem)
    assert total_of(document_of("error-table")) == 5046
    assert solution.loss == pytest.approx(504.6, rel=1e-15)
    assert scene["loss"] == "mean over 10 samples"
    assert [column["title"] for column in scene["groups"][0]["columns"]] == [
        "actual",
        "predicted",
        "error",
        "squared error",
    ]


def test_a_table_of_one_row_has_no_total():
    scene = scene_of(solved("error-table-one-row").problem)
    assert (scene["total"], scene["loss"]) == ("", "mean over 1 sample")


def test_several_outputs_stand_in_groups_with_their_names():
    scene = scene_of(Problem.from_dict(ROWS | {"outputs": ["price", "size"]}))
    assert [group["title"] for group in scene["groups"]] == ["price", "size"]
    assert [{c["unit"] for c in group["columns"]} for group in scene["groups"]] == [{0}, {1}]


def test_where_the_loss_is_the_sum_there_is_no_total_beside_it():
    scene = scene_of(Problem.from_dict(ROWS | {"loss": "sse"}))
    assert (scene["total"], scene["loss"]) == ("", "sum over 3 samples")


def in_a_table(name: str, **more):
    return pytest.param(ROWS | more, id=name)


@pytest.mark.parametrize(
    "document",
    [
        in_a_table("half the sum over outputs", loss="half_sse"),
        in_a_table("three times", loss={"type": "squared_error", "outputs": "sum", "factor": 3}),
        pytest.param(ROWS, id="means over both"),
        pytest.param(ROWS | {"loss": "mae"}, id="absolute"),
        pytest.param(ROWS | {"loss": "half_sse", "batch_size": 2, "iterations": 2}, id="batches"),
        pytest.param(
            {"nncalc": 1, "layers": [], "data": {"x": [[[1, 2], [3, 4]]], "y": [[[1, 3], [3, 5]]]}},
            id="further axes",
        ),
    ],
)
def test_the_total_is_the_sum_of_all_terms_that_are_shown(document: dict):
    """Where there is one: means of means are no sum of all terms."""
    terms = solve(Problem.from_dict(document)).to_dict()["quantities"]["term"]
    assert total_of(document) in (None, pytest.approx(sum(_flat(terms))))


def _flat(numbers) -> list[float]:
    return [n for row in numbers for n in _flat(row)] if isinstance(numbers, list) else [numbers]


def test_a_table_without_targets_has_no_total():
    assert scene_of(Problem.from_dict({"nncalc": 1, "layers": [], "data": {"x": [[1], [2]]}}))["total"] == ""


# What is given


@pytest.mark.parametrize("which", WHICH)
def test_what_is_given_is_what_can_be_changed(which):
    """Of every block of quantities that the player has, one number is changed, or is refused as computed."""
    problem = solved(which).problem
    given = given_of(problem)
    assert len(given) == len(set(given))
    for name, block in blocks_of(which).items():
        scalar = block["name"] + "[0]" * len(block["shape"]) + block["suffix"]
        if name in given:
            changed = with_number(problem, scalar, "0.75")
            assert changed != problem and given_of(changed) == given
        else:
            with pytest.raises(InputError, match="computed from other numbers"):
                with_number(problem, scalar, "0.75")


@pytest.mark.parametrize("which", [w for w in WHICH if not is_never_updated(document_of(w))])
def test_what_is_given_is_there_to_be_seen(which):
    assert set(given_of(solved(which).problem)) <= set(blocks_of(which))
