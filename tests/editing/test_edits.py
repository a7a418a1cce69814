"""Editing a problem: whatever is changed, all else stays, and what comes out is a problem that can be solved."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from nncalc import InputError, Problem, examples, solve
from nncalc.editing import EDITS, edited
from nncalc.editing.form import fields_of, form_of
from nncalc.editing.samples import cells_of
from nncalc.link import from_link, to_link
from tests.drawn import documents

SEED, COUNT = 83, 30
DRAWN = [Problem.from_dict(document) for document in documents(SEED, COUNT)]
MAZUR = examples.load("mazur")
XOR = examples.load("xor")
TABLE = examples.load("error-table")


def field(problem: Problem, place: str, value: Any) -> Problem:
    return edited(problem, {"kind": "field", "place": place, "value": value})


def faults(problem: Problem, **edit: Any) -> list[tuple[str, str]]:
    with pytest.raises(InputError) as refused:
        edited(problem, edit)
    return [(fault.place, fault.message) for fault in refused.value.faults]


def weights(problem: Problem) -> list[np.ndarray]:
    return [layer.parameters["weights"] for layer in problem.layers if "weights" in layer.parameters]


def targets(problem: Problem) -> list[list[float]]:
    assert problem.y is not None
    return problem.y.tolist()


# The table of edits


def test_every_edit_refuses_what_it_does_not_understand():
    for kind, row in EDITS.items():
        for name in row.arguments:
            (fault,) = faults(MAZUR, kind=kind, **{other: 0 for other in row.arguments if other != name})
            assert "needs" in fault[1]
    assert "is not a change" in faults(MAZUR, kind="explode")[0][1]
    assert "is not a change" in faults(MAZUR, kind=["x"])[0][1]
    assert "needs `at`" in faults(MAZUR, kind="remove_layer", at=True)[0][1]


@pytest.mark.parametrize("at", [-1, 2, 10**12])
@pytest.mark.parametrize("kind", ["remove_layer", "move_layer"])
def test_a_layer_that_is_not_there_is_named(kind: str, at: int):
    ((_, message),) = faults(MAZUR, kind=kind, at=at, to=0)
    assert message.endswith("There are 2.")


# Structure: drawn networks, all sizes and kinds


def changes_of_structure(problem: Problem) -> list[dict[str, Any]]:
    count = len(problem.layers)
    wide = problem.x.shape[-1] + 2
    changes: list[dict[str, Any]] = [{"kind": "add_layer", "at": at, "type": "dense"} for at in range(count + 1)]
    changes += [{"kind": "add_layer", "at": at, "type": "activation"} for at in range(count + 1) if count]
    changes += [{"kind": "remove_layer", "at": at} for at in range(count)]
    changes += [{"kind": "move_layer", "at": at, "to": at - 1} for at in range(1, count)]
    changes += [{"kind": "field", "place": "inputs", "value": value} for value in ("1", str(wide)) if count]
    for place in fields_of(problem):
        if place.endswith(".units"):
            changes += [{"kind": "field", "place": place, "value": value} for value in ("1", "7")]
    return changes


@pytest.mark.parametrize("which", range(COUNT))
def test_every_change_of_structure_gives_a_problem_that_can_be_solved(which: int):
    problem = DRAWN[which]
    for edit in changes_of_structure(problem):
        try:
            changed = edited(problem, edit)
        except InputError as refused:  # a crossentropy needs probabilities, which the new last layer may not give
            assert "probabilit" in str(refused) or "softmax" in str(refused), (edit, str(refused))
            continue
        assert from_link(to_link(changed)) == changed
        assert len(form_of(changed)) >= 4


@pytest.mark.parametrize("which", range(COUNT))
def test_numbers_that_still_have_a_place_are_kept(which: int):
    problem = DRAWN[which]
    for place, data in fields_of(problem).items():
        if not place.endswith(".units"):
            continue
        at = int(place[7 : place.index("]")])
        for value in (1, int(data["value"]) + 2):
            changed = field(problem, place, str(value))
            before, after = problem.layers[at].parameters["weights"], changed.layers[at].parameters["weights"]
            both = min(before.shape[1], value)
            assert after.shape == (before.shape[0], value)
            np.testing.assert_array_equal(after[:, :both], before[:, :both])
            np.testing.assert_array_equal(changed.x, problem.x)


def test_new_weights_have_one_decimal_and_are_not_zero():
    changed = field(MAZUR, "layers[0].units", "5")
    new = np.concatenate([changed.layers[0].parameters["weights"][:, 2:].ravel(), weights(changed)[1][2:].ravel()])
    assert len(new) == 2 * 3 + 3 * 2 and np.all(new != 0)
    np.testing.assert_array_equal(new, np.round(new, 1))
    assert field(MAZUR, "layers[0].units", "5") == changed  # for everyone the same


def test_a_layer_added_within_leaves_the_others_as_they_are():
    changed = edited(MAZUR, {"kind": "add_layer", "at": 1, "type": "dense"})
    assert [layer.name for layer in changed.layers] == ["hidden", "hidden2", "output"]
    assert weights(changed)[0].tolist() == weights(MAZUR)[0].tolist()
    assert weights(changed)[2].tolist() == weights(MAZUR)[1].tolist()


def test_without_the_last_layer_the_one_before_gives_the_outputs():
    three = examples.load("two-hidden-layers")
    changed = edited(three, {"kind": "remove_layer", "at": len(three.layers) - 1})
    assert changed.output_shape == three.output_shape and changed.outputs == three.outputs
    alone = edited(edited(MAZUR, {"kind": "remove_layer", "at": 1}), {"kind": "remove_layer", "at": 0})
    assert not alone.layers and targets(alone) == targets(MAZUR)
    again = edited(alone, {"kind": "add_layer", "at": 0, "type": "dense"})
    assert [(layer.name, layer.output_shape, layer.activation.name) for layer in again.layers] == [
        ("output", (2,), "linear")
    ]


def test_fewer_outputs_cut_targets_and_names_and_more_get_zero():
    one = field(MAZUR, "layers[1].units", "1")
    assert (targets(one), one.outputs) == ([[0.01]], ("o1",))
    three = field(MAZUR, "layers[1].units", "3")
    assert (targets(three), three.outputs) == ([[0.01, 0.99, 0]], ("o1", "o2", "y3"))


def test_typed_fractions_survive_a_change_of_structure():
    problem = edited(MAZUR, {"kind": "number", "name": "hidden.weights[0][0]", "text": "1/3"})
    assert field(problem, "layers[0].units", "4").document["layers"][0]["weights"][0][0] == "1/3"


@pytest.mark.parametrize("value", ["0", "-1", "2.5", "100001", "1e9", "x", "", "1e400", "nan", None, [1], {}, True])
def test_a_number_of_units_that_is_not_possible_is_refused_with_its_place(value: Any):
    assert {place for place, _ in faults(MAZUR, kind="field", place="layers[0].units", value=value)} == {
        "layers[0].units"
    }


# Fields


def other_values(data: dict[str, Any]) -> list[Any]:
    kind = data["kind"]
    if kind == "choice":
        return [value for value, _ in data["choices"] if value != data["value"]]
    if kind == "flag":
        return [not data["value"]]
    if kind == "count":
        return [str(value) for value in {data["least"], min(data["least"] + 1, data["most"])} - {data["value"]}]
    return {"number": ["1/4", "0,125"], "text": ["other"], "lines": ["one\ntwo"]}[kind]


@pytest.mark.parametrize("name", ["xor", "softmax", "adam-three-steps", "error-table"])
def test_every_field_can_be_changed_and_then_shows_what_was_given(name: str):
    problem = examples.load(name)
    for place, data in fields_of(problem).items():
        for value in other_values(data):
            try:
                changed = field(problem, place, value)
            except InputError as refused:
                assert place in ("loss.type", "layers[1].activation"), (place, value, str(refused))
                continue
            assert fields_of(changed)[place]["value"] == value


@pytest.mark.parametrize("which", range(0, COUNT, 6))
def test_a_field_set_to_what_it_shows_changes_no_result(which: int):
    problem = DRAWN[which]
    before = solve(problem).to_dict()
    for place, data in fields_of(problem).items():
        if place != "seed":
            after = solve(field(problem, place, data["value"])).to_dict()
            assert after["gradients"] == before["gradients"] and after["loss_after"] == before["loss_after"], place


def test_a_loss_with_its_usual_conventions_gets_those_of_the_new_one():
    softmax = examples.load("softmax")
    assert softmax.loss.outputs == "sum"
    assert field(TABLE, "loss.type", "absolute_error").loss.samples == TABLE.loss.samples
    half = field(TABLE, "loss.factor", "1/2")
    assert half.document["loss"] == {"type": "squared_error", "factor": "1/2", "outputs": "mean", "samples": "mean"}
    assert field(half, "loss.type", "absolute_error").loss.factor == 0.5
    assert solve(half).to_dict()["loss"] == pytest.approx(solve(TABLE).to_dict()["loss"] / 2)


def test_an_optimizer_keeps_its_learning_rate():
    adam = field(MAZUR, "optimizer.type", "adam")
    assert adam.optimizer.settings["learning_rate"] == MAZUR.optimizer.settings["learning_rate"]
    momentum = field(adam, "optimizer.type", "momentum")
    assert momentum.optimizer.settings == {"learning_rate": 0.5, "momentum": 0.9, "nesterov": False}
    assert field(momentum, "optimizer.nesterov", True).optimizer.settings["nesterov"] is True


def test_a_bias_per_unit_shared_or_none():
    each = field(MAZUR, "layers[0].bias", "per unit")
    assert each.layers[0].parameters["bias"].tolist() == [0.35, 0.35]
    none = field(each, "layers[0].bias", "none")
    assert "bias" not in none.layers[0].parameters and none.layers[0].frozen == ()
    assert field(none, "layers[0].bias", "shared").layers[0].parameters["bias"] == 0
    assert solve(each).to_dict()["loss"] == pytest.approx(solve(MAZUR).to_dict()["loss"], rel=1e-15)


def test_frozen_parameters_keep_their_value():
    thawed = field(MAZUR, "layers[0].frozen.bias", False)
    assert thawed.layers[0].frozen == () and field(thawed, "layers[0].frozen.bias", True) == field(
        MAZUR, "decimals", "9"
    )


def test_an_empty_text_takes_a_setting_back_to_its_default():
    assert field(MAZUR, "optimizer.learning_rate", "").optimizer.settings["learning_rate"] == 0.01
    assert field(field(XOR, "batch_size", "2"), "batch_size", " ").batch_size is None
    assert field(MAZUR, "title", "").title == ""


def test_columns_get_names_and_lose_them():
    named = field(XOR, "inputs[1]", "  second ")
    assert named.inputs[1] == "second" and field(named, "inputs[1]", "").inputs[1] == "x2"
    assert faults(XOR, kind="field", place="inputs[7]", value="x")[0][1].endswith("There are 2.")


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        ("layers[9].units", "2", "can't be changed"),
        ("layers", [], "can't be changed"),
        ("__class__", "x", "can't be changed"),
        ("loss.type", "mystery", "is not one of the choices"),
        ("loss.type", 3, "a text needed"),
        ("loss.factor", "abc", "is not a number"),
        ("optimizer.learning_rate", [], "a text needed"),
        ("layers[0].frozen.bias", "yes", "true or false"),
        ("layers[0].name", "1st", "cannot name a layer"),
        ("layers[0].name", "output", "already the name"),
        ("layers[0].name", "loss", "is the name of a quantity"),
        ("decimals", "16", "0 to 15"),
        ("iterations", "", "Nothing given"),
        ("seed", "-1", "0 to"),
        ("title", "x" * 20_000, "at most"),
        ("title", "\ud800", "no text can show"),
    ],
)
def test_a_field_that_cannot_be_set_says_why_at_its_place(place: str, value: Any, message: str):
    found = faults(MAZUR, kind="field", place=place, value=value)
    assert len(found) == 1 and message in found[0][1]
    assert found[0][0] in (place, "", "layers[1].name")  # of two equal names the second is one too many


# Weights


def test_new_random_weights_are_the_next_seeds_and_all_can_have_the_same():
    once = edited(MAZUR, {"kind": "redraw"})
    twice = edited(once, {"kind": "redraw"})
    assert (once.seed, twice.seed) == (1, 2)
    assert weights(once)[0].tolist() != weights(twice)[0].tolist()
    assert field(MAZUR, "seed", "2") == twice
    for layer in twice.layers:
        np.testing.assert_array_equal(layer.parameters["weights"], np.round(layer.parameters["weights"], 1))
    back = edited(twice, {"kind": "parameters", "document": MAZUR.to_dict()})
    assert back.seed == 0 and back.document["layers"] == MAZUR.document["layers"]


def test_the_first_weights_come_back_where_they_fit():
    wider = field(edited(MAZUR, {"kind": "redraw"}), "layers[1].units", "3")
    back = edited(wider, {"kind": "parameters", "document": MAZUR.to_dict()})
    assert weights(back)[0].tolist() == weights(MAZUR)[0].tolist()
    assert weights(back)[1].tolist() == weights(wider)[1].tolist()
    with pytest.raises(InputError):
        edited(MAZUR, {"kind": "parameters", "document": {"nncalc": 2}})


# Samples


def test_samples_are_added_and_removed():
    more = edited(XOR, {"kind": "add_sample", "at": 4})
    assert more.x.tolist() == [*XOR.x.tolist(), XOR.x.tolist()[-1]] and targets(more)[-1] == targets(XOR)[-1]
    changed = edited(more, {"kind": "cell", "row": 4, "column": 0, "text": "0,5"})
    assert changed.x[4].tolist() == [0.5, XOR.x[3][1]] and changed.x[3].tolist() == XOR.x[3].tolist()
    assert edited(changed, {"kind": "remove_sample", "at": 4}) == XOR
    assert "only sample" in faults(MAZUR, kind="remove_sample", at=0)[0][1]


def test_a_spreadsheet_is_pasted_with_its_names():
    pasted = edited(
        XOR, {"kind": "paste", "row": 0, "column": 0, "text": "left\tright\tor\r\n0\t0\t0\r\n0,5\t1\t1\r\n"}
    )
    assert (pasted.inputs, pasted.outputs) == (("left", "right"), ("or",))
    assert pasted.x.tolist()[:2] == [[0, 0], [0.5, 1]] and targets(pasted)[:2] == [[0], [1]]
    assert pasted.x.tolist()[2:] == XOR.x.tolist()[2:]


def test_pasted_rows_beyond_the_last_are_added():
    pasted = edited(TABLE, {"kind": "paste", "row": len(TABLE.x), "column": 0, "text": "1 2\n3 4"})
    assert pasted.x.tolist()[-2:] == [[1], [3]] and targets(pasted)[-2:] == [[2], [4]]
    only_x = edited(TABLE, {"kind": "paste", "row": len(TABLE.x) - 1, "column": 0, "text": "1\n3"})
    assert targets(only_x)[-1] == targets(TABLE)[-1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Nothing was pasted"),
        ("\n \n", "Nothing was pasted"),
        ("1\t2\t3\t4", "4 columns pasted, the table has 3"),
        ("1\tx\t2", "row 1, column 2"),
        ("1\t\t2", "an empty cell"),
        ("a\tb\tc", "only names"),
        ("1e999\t1\t1", "row 1, column 1: .*too large"),
        ("1\n" * 100_001, "100,000 are possible"),
        ("1" * 3_000_000, "characters pasted"),
        ("<img src=x>\t1\t2", "row 1, column 1"),
    ],
)
def test_a_paste_that_is_not_possible_says_where_and_why(text: str, message: str):
    with pytest.raises(InputError, match=message):
        edited(XOR, {"kind": "paste", "row": 0, "column": 0, "text": text})


@pytest.mark.parametrize(("row", "column"), [(-1, 0), (0, -1), (9, 0), (0, 3)])
def test_a_cell_that_is_not_there_is_refused(row: int, column: int):
    for kind in ("cell", "paste"):
        assert "is no cell" in faults(XOR, kind=kind, row=row, column=column, text="1")[0][1]


@pytest.mark.parametrize(
    ("text", "width", "cells"),
    [
        ("1\t2", 2, [["1", "2"]]),
        ("0,5\t1,5", 2, [["0,5", "1,5"]]),
        ("0,5;1,5", 2, [["0,5", "1,5"]]),
        ("0.5,1.5", 2, [["0.5", "1.5"]]),
        ("1,2\n3,4", 2, [["1", "2"], ["3", "4"]]),
        ("1,2\n3,4", 1, [["1,2"], ["3,4"]]),
        ("0,5 1,5", 2, [["0,5", "1,5"]]),
        ("  1   2 \r 3 4", 2, [["1", "2"], ["3", "4"]]),
        ("a, b\n1, 2", 2, [["a", "b"], ["1", "2"]]),
        ("1/3;2*0,5", 2, [["1/3", "2*0,5"]]),
    ],
)
def test_what_separates_cells(text: str, width: int, cells: list[list[str]]):
    assert cells_of(text, width) == cells


def test_damaged_pastes_and_fields_never_do_more_than_be_refused():
    """A thousand drawn ones."""
    rng = np.random.default_rng(5)
    letters = list("0123456789.,;-+*/eE \t\n\"'<>[]{}xyz−∞\x00\u202e")
    places = [*fields_of(XOR), "inputs[0]", "outputs[5]"]
    for _ in range(1000):
        text = "".join(rng.choice(letters, int(rng.integers(0, 30))))
        edit = [
            {"kind": "paste", "row": int(rng.integers(0, 5)), "column": int(rng.integers(0, 3)), "text": text},
            {"kind": "field", "place": str(rng.choice(places)), "value": text},
            {"kind": "cell", "row": 0, "column": 0, "text": text},
        ][int(rng.integers(3))]
        try:
            assert isinstance(edited(XOR, edit), Problem)
        except InputError as refused:
            assert all(fault.message for fault in refused.faults)


# The form


@pytest.mark.parametrize("which", range(COUNT))
def test_the_form_is_json_and_its_places_are_unique(which: int):
    form = form_of(DRAWN[which])
    assert json.loads(json.dumps(form, allow_nan=False)) == form
    places = [data["place"] for section in form for data in section["fields"]]
    assert len(places) == len(set(places))


def test_the_form_shows_numbers_as_they_were_typed():
    typed = field(field(MAZUR, "optimizer.learning_rate", "1/2"), "layers[0].l2", "0,01")
    assert fields_of(typed)["optimizer.learning_rate"]["value"] == "1/2"
    assert fields_of(typed)["layers[0].l2"]["value"] == "0,01"
    leaky = field(field(XOR, "layers[0].activation", "leaky_relu"), "layers[0].activation.slope", "1/5")
    assert fields_of(leaky)["layers[0].activation.slope"]["value"] == "1/5"
    assert leaky.layers[0].activation.settings == {"slope": 0.2}
