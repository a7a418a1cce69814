"""Changing one number of a problem: as if its file had been written with it in the first place."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

import numpy as np
import pytest

from nncalc import InputError, Problem, examples, solve
from nncalc.choices import RANGES
from nncalc.editing import with_number
from nncalc.link import from_link, to_link
from nncalc.optimizers import OPTIMIZERS
from nncalc.parsing import LONGEST_NUMBER
from nncalc.scenes.given import given_of
from tests.by_hand import at
from tests.drawn import documents

SEED, COUNT = 67, 16
WHICH = [*examples.names(), *range(COUNT)]

LEFT_OUT: dict[str, Any] = {
    "nncalc": 1,
    "layers": [
        {"type": "dense", "name": "hidden", "units": 3, "activation": "tanh"},
        {"type": "dense", "name": "output", "units": 2, "bias": False},
    ],
    "data": {"x": [[0.5, -1], [1, 2], [0.25, 0]], "y": [[1, 0], [0, 1], [1, 1]]},
    "seed": 11,
}
"""All parameters are drawn from the seed, the optimizer is left out."""


def document_of(which: str | int) -> dict:
    return examples.load(which).to_dict() if isinstance(which, str) else documents(SEED, COUNT)[which]


@cache
def problem_of(which: str | int) -> Problem:
    return Problem.from_dict(document_of(which))


def shape_of(problem: Problem, base: str) -> tuple[int, ...]:
    layer, _, parameter = base.rpartition(".")
    if base in ("x", "y"):
        return np.shape(getattr(problem, base))
    if not layer or parameter in ("l1", "l2"):
        return ()
    return next(each for each in problem.layers if each.name == layer).parameters[parameter].shape


def by_hand(document: dict, base: str, indices: tuple[int, ...], value: object) -> dict:
    """The document with a number written into it, as the format's description has it."""
    document = copy.deepcopy(document)
    layer, _, key = base.rpartition(".")
    if base in ("x", "y"):
        place: dict = document["data"]
    elif not layer:
        place = document.setdefault("optimizer", {"type": "sgd"})
    else:
        names = [fields.get("name", f"layer{k + 1}") for k, fields in enumerate(document["layers"])]
        place = document["layers"][names.index(layer)]
        if key == "bias":
            place.setdefault("bias", [0] * (place.get("units") or place["filters"]))  # the format's default
    if indices:
        *path, last = indices
        row = place[key]
        for index in path:
            row = row[index]
        row[last] = value
    else:
        place[key] = value
    return document


def numbers_of(problem: Problem) -> dict[str, list]:
    return {f"{layer.name}.{name}": v.tolist() for layer in problem.layers for name, v in layer.parameters.items()}


# The same as by hand


@pytest.mark.parametrize("which", WHICH)
def test_an_edited_problem_is_the_one_with_the_number_written_into_its_file(which):
    """Of every kind of given number one, somewhere."""
    rng = np.random.default_rng(5)
    problem, before = problem_of(which), document_of(which)
    for base in given_of(problem):
        sizes = list(shape_of(problem, base))
        if base in ("x", "y"):  # those of the first batch: later ones belong to other iterations
            sizes[0] = problem.batches()[0].stop
        indices = tuple(int(rng.integers(n)) for n in sizes)
        edited = with_number(problem, at(base, *indices), "3/8")
        expected = Problem.from_dict(by_hand(before, base, indices, "3/8"))
        assert solve(edited).to_dict() == solve(expected).to_dict(), base
        assert edited.to_dict()["data"] == expected.to_dict()["data"]
        assert numbers_of(edited) == numbers_of(expected)
        assert edited.optimizer == expected.optimizer
        assert edited.layers == expected.layers or numbers_of(edited) == numbers_of(expected)
    assert problem.to_dict() == before


def test_worked_and_drawn_problems_have_every_kind_of_given_number():
    kinds = {(base.rpartition(".")[2], len(shape_of(p, base))) for p in map(problem_of, WHICH) for base in given_of(p)}
    settings = {(name, 0) for row in OPTIMIZERS.values() for name in row.settings if name != "nesterov"}
    of_images = {("x", 4), ("y", 4), ("weights", 4)}
    others = {("x", 2), ("y", 2), ("weights", 2), ("bias", 1), ("bias", 0), ("l1", 0), ("l2", 0)}
    assert kinds == of_images | others | settings


@pytest.mark.parametrize("name", ["hidden.weights[1][2]", "output.weights[0][1]", "hidden.bias[1]", "x[1][0]",
                                  "learning_rate"])  # fmt: skip
def test_drawn_numbers_keep_their_values_when_another_is_changed(name: str):
    problem = Problem.from_dict(LEFT_OUT)
    edited = with_number(problem, name, "9")
    before, after = numbers_of(problem), numbers_of(edited)
    changed = [key for key in before if before[key] != after[key]]
    base = name.partition("[")[0]
    assert changed == ([base] if base in before else [])
    if base in before:
        differ = np.argwhere(np.array(before[base]) != np.array(after[base]))
        assert [at(base, *place) for place in differ.tolist()] == [name]
    # and still so after the next one, and in a link
    again = with_number(with_number(edited, "hidden.weights[0][0]", "4"), "hidden.weights[0][0]", "1")
    assert from_link(to_link(again)) == again
    assert numbers_of(again)["output.weights"] == after["output.weights"]
    assert numbers_of(again)["hidden.weights"][1:] == after["hidden.weights"][1:]


def test_an_edit_undone_gives_the_numbers_of_before():
    problem = problem_of("mazur")
    there = with_number(problem, "hidden.weights[0][1]", "0.9")
    back = with_number(there, "hidden.weights[0][1]", str(numbers_of(problem)["hidden.weights"][0][1]))
    assert solve(back).to_dict() == solve(problem).to_dict() != solve(there).to_dict()


def test_the_original_problem_is_not_changed():
    problem = Problem.from_dict(LEFT_OUT)
    numbers, document = numbers_of(problem), problem.to_dict()
    for name in ("x[0][0]", "y[2][1]", "hidden.weights[0][0]", "hidden.bias[0]", "learning_rate"):
        with_number(problem, name, "0.5")
    assert (numbers_of(problem), problem.to_dict(), document) == (numbers, document, LEFT_OUT)


def test_samples_are_counted_within_the_batch_of_an_iteration():
    document = LEFT_OUT | {"batch_size": 2, "iterations": 3}
    problem = Problem.from_dict(document)
    for name, sample in [("x[1][0]", 1), ("iterations[1].x[0][0]", 2), ("iterations[2].x[1][0]", 1)]:
        assert np.argwhere(with_number(problem, name, "7").x == 7).tolist() == [[sample, 0]]
    assert with_number(problem, "iterations[1].y[0][1]", "7").to_dict()["data"]["y"] == [[1, 0], [0, 1], [1, 7]]


@pytest.mark.parametrize("name", ["x[1][0]", "x[2][0]", "iterations[1].x[1][0]", "iterations[1].y[1][1]"])
def test_a_sample_that_the_batch_doesn_t_have_is_refused(name: str):
    """In batches of one sample each has x[0] alone."""
    with pytest.raises(InputError, match="doesn't exist"):
        with_number(Problem.from_dict(LEFT_OUT | {"batch_size": 1, "iterations": 3}), name, "7")


# What was typed


@pytest.mark.parametrize(
    ("text", "value", "kept"),
    [
        ("1/3", 1 / 3, "1/3"),
        ("0,5", 0.5, "0,5"),
        ("0.5", 0.5, 0.5),
        (" 0.5 ", 0.5, 0.5),
        (" 1/4 ", 0.25, "1/4"),
        ("-0", -0.0, 0),
        ("-0.0", -0.0, -0.0),
        ("−2", -2.0, "−2"),
        (".5", 0.5, ".5"),
        ("1e-3", 0.001, 0.001),
        ("1/2 + 3*0.25", 1.25, "1/2 + 3*0.25"),
        ("007", 7.0, "007"),
        ("1e400 / 1e399", 10.0, "1e400 / 1e399"),
    ],
)
@pytest.mark.parametrize("name", ["x[0][1]", "hidden.weights[0][1]", "hidden.bias[1]", "learning_rate"])
def test_what_was_typed_is_kept_and_read(name: str, text: str, value: float, kept: object):
    problem = with_number(Problem.from_dict(LEFT_OUT), name, text)
    document = problem.to_dict()
    written, read = {
        "x[0][1]": lambda: (document["data"]["x"][0][1], problem.x[0, 1]),
        "hidden.weights[0][1]": lambda: (
            document["layers"][0]["weights"][0][1],
            problem.layers[0].parameters["weights"][0, 1],
        ),
        "hidden.bias[1]": lambda: (document["layers"][0]["bias"][1], problem.layers[0].parameters["bias"][1]),
        "learning_rate": lambda: (document["optimizer"]["learning_rate"], problem.optimizer.settings["learning_rate"]),
    }[name]()
    assert written == kept and type(written) is type(kept)
    assert read == value
    assert from_link(to_link(problem)) == problem


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not a number"),
        (" ", "is not a number"),
        ("abc", '"abc" is not a number. Write a number (0.25), a fraction (1/3)'),
        ("nan", '"nan" is not a number'),
        ("NaN", '"NaN" is not a number'),
        ("inf", "is not a number"),
        ("Infinity", "is not a number"),
        ("true", "is not a number"),
        ("null", "is not a number"),
        ("[1]", "is not a number"),
        ('"1"', "is not a number"),
        ("1_000", "is not a number"),
        ("0x10", "is not a number"),
        ("1 2", "is not a number"),
        ("1/0", "divides by zero"),
        ("1e400", "is infinite or too large"),
        ("-1e400", "is infinite or too large"),
        ("1e999/1", "Use an exponent within ±400"),
        ("1" * (LONGEST_NUMBER + 1), "201 characters given, at most 200"),
        ("1" * 100_000, "100,000 characters given"),
        ("<img src=x onerror=alert(1)>", "is not a number"),
        ("\0", "is not a number"),
    ],
)
def test_a_text_that_is_no_number_is_refused_and_says_why(text: str, message: str):
    with pytest.raises(InputError) as raised:
        with_number(problem_of("mazur"), "hidden.weights[0][0]", text)
    assert message in str(raised.value) and len(str(raised.value)) < 300


# What can't be changed


@pytest.mark.parametrize(
    "name",
    ["hidden.z[0][0]", "hidden.a[0][0]", "prediction[0][0]", "error[0][0]", "term[0][0]", "loss", "loss_after",
     "hidden.weights[0][0].grad", "hidden.weights[0][0].new", "hidden.z[0][0].terms[0]", "hidden.a[0][0].slope",
     "step_size", "iteration", "penalty", "hidden.l2", "hidden.units", "seed", "nncalc", "title", "momentum",
     "output.bias", "hidden.weights[0][0].m", "", "[0]", "x..[0]", "x[0][0] ", "x[-1][0]", "x[0.5]", "x [0][0]",
     "__class__", "data.x[0][0]", "iterations", "iterations[0]", "hidden", "hidden.", ".weights[0][0]"],
)  # fmt: skip
def test_what_is_computed_or_is_no_number_of_the_problem_is_refused(name: str):
    with pytest.raises(InputError, match="is computed from other numbers. Change an input, a target, a weight"):
        with_number(Problem.from_dict(LEFT_OUT), name, "1")


@pytest.mark.parametrize(
    "name",
    ["x[3][0]", "x[0][2]", "x[0]", "x[0][0][0]", "y[3][0]", "y[0][2]", "hidden.weights[2][0]", "hidden.weights[0][3]",
     "hidden.weights[0]", "hidden.weights[0][0][0]", "hidden.bias[3]", "hidden.bias[0][0]", "learning_rate[0]",
     "x[99999999999999999999][0]"],
)  # fmt: skip
def test_a_place_that_doesn_t_exist_is_refused(name: str):
    with pytest.raises(InputError) as raised:
        with_number(Problem.from_dict(LEFT_OUT), name, "1")
    assert str(raised.value) == f"`{name}` doesn't exist in this problem."


def test_an_index_into_a_shared_bias_is_refused():
    document = copy.deepcopy(LEFT_OUT)
    document["layers"][0]["bias"] = "1/3"
    problem = Problem.from_dict(document)
    with pytest.raises(InputError, match="doesn't exist"):
        with_number(problem, "hidden.bias[0]", "1")
    assert with_number(problem, "hidden.bias", "1").to_dict()["layers"][0]["bias"] == 1


def test_all_biases_of_a_layer_at_once_are_no_quantity():
    problem = Problem.from_dict(LEFT_OUT)
    with pytest.raises(InputError, match="doesn't exist"):
        with_number(problem, "hidden.bias", "1")


@pytest.mark.parametrize("name", ["x", "y", "hidden.weights"])
def test_a_whole_array_is_refused(name: str):
    with pytest.raises(InputError):
        with_number(Problem.from_dict(LEFT_OUT), name, "1")


@pytest.mark.parametrize("name", ["x[{}][0]", "iterations[{}].x[0][0]", "hidden.weights[0][{}]"])
def test_an_index_of_5_000_digits_is_refused_like_any_other(name: str):
    with pytest.raises(ValueError) as raised:  # noqa: PT011
        with_number(Problem.from_dict(LEFT_OUT), name.format("9" * 5000), "1")
    if not isinstance(raised.value, InputError):
        raise raised.value


def test_an_iteration_that_isn_t_there_is_refused():
    with pytest.raises(InputError, match="There is no iteration 3. There are 2."):
        with_number(Problem.from_dict(LEFT_OUT | {"iterations": 2}), "iterations[2].x[0][0]", "1")


def test_parameters_of_a_later_iteration_are_what_the_update_left():
    problem = Problem.from_dict(LEFT_OUT | {"iterations": 2})
    for name in ("iterations[1].hidden.weights[0][0]", "iterations[1].hidden.bias[0]"):
        with pytest.raises(InputError, match="is what the iteration before left. Change it in the first iteration."):
            with_number(problem, name, "1")


@pytest.mark.parametrize("name", ["learning_rate", "hidden.l2"])
def test_settings_and_penalties_can_be_changed_wherever_they_are_shown(name: str):
    document: dict[str, Any] = copy.deepcopy(LEFT_OUT) | {"iterations": 2}
    document["layers"][0]["l2"] = 0.1
    problem = Problem.from_dict(document)
    assert with_number(problem, f"iterations[1].{name}", "0.5") == with_number(problem, name, "0.5")


# What is outside its range


def outside(name: str) -> str:
    possible = RANGES[name]
    return str(possible.below if possible.below is not None else -0.5)


@pytest.mark.parametrize(
    ("optimizer", "name"),
    [(kind, name) for kind, row in OPTIMIZERS.items() for name in row.settings if name in RANGES],
)
def test_a_setting_outside_its_range_is_refused_with_its_place(optimizer: str, name: str):
    problem = Problem.from_dict(LEFT_OUT | {"optimizer": {"type": optimizer}})
    for text in {outside(name), "-1/10"}:
        with pytest.raises(InputError) as raised:
            with_number(problem, name, text)
        (fault,) = raised.value.faults
        assert fault.place == f"optimizer.{name}" and "it has to be at least 0" in fault.message
    assert with_number(problem, name, "1/8").optimizer.settings[name] == 0.125


def test_every_range_of_an_optimizer_is_tried():
    assert set(RANGES) - {"delta"} == {name for row in OPTIMIZERS.values() for name in row.settings if name in RANGES}


@pytest.mark.parametrize("kind", ["l1", "l2"])
def test_a_negative_penalty_is_refused_with_its_place(kind: str):
    document = copy.deepcopy(LEFT_OUT)
    document["layers"][1][kind] = 0.5
    with pytest.raises(InputError) as raised:
        with_number(Problem.from_dict(document), f"output.{kind}", "-0.5")
    assert [fault.place for fault in raised.value.faults] == [f"layers[1].{kind}"]


@pytest.mark.parametrize("text", ["-0.1", "1,1"])
def test_a_target_that_is_no_probability_is_refused_with_its_place(text: str):
    document: dict[str, Any] = copy.deepcopy(LEFT_OUT) | {"loss": "binary_crossentropy"}
    document["layers"][1]["activation"] = "sigmoid"
    with pytest.raises(InputError) as raised:
        with_number(Problem.from_dict(document), "y[1][0]", text)
    assert [fault.place for fault in raised.value.faults] == ["data.y[1][0]"]
