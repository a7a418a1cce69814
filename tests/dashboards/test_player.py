"""The place of the player on a page: what it answers, whatever it is asked."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
import pytest
from dash import no_update

from dashboards import player
from dashboards.pages.backpropagation import FIRST, layout
from dashboards.player import PROVEN, Ids, answer_to, page_data, prove
from nncalc import Problem, examples, solve
from nncalc.editing import with_number
from nncalc.ledger.check import MOST_DIFFERENCES
from nncalc.link import LONGEST_LINK, from_link, to_link
from nncalc.scenes import scene_of
from nncalc.scenes.given import given_of
from tests.dashboards.site import components

ATTACK = "<img src=x onerror=alert(1)>"
PARTS = {"walkthrough", "scene", "pages", "given", "form", "source", "notes", "document", "link"}
MAZUR = examples.load("mazur")
WITHOUT_LAYERS = {"nncalc": 1, "layers": [], "data": {"x": [[1]], "y": [[2]]}}
FAULTY = [
    None,
    1,
    "x",
    [],
    [1],
    {},
    {"nncalc": 1},
    {"nncalc": 2},
    {"a": {"b": []}},
    WITHOUT_LAYERS | {"layers": [[[]]]},
    WITHOUT_LAYERS | {"data": None},
    WITHOUT_LAYERS | {"data": {"x": [[{}]]}},
    WITHOUT_LAYERS | {"title": 5},
    WITHOUT_LAYERS | {"title": "\ud800"},
    WITHOUT_LAYERS | {"\ud800": 1},
    WITHOUT_LAYERS | {"optimizer": "sgd"},
    WITHOUT_LAYERS | {"seed": 10**400},
]


def stores(**query: str) -> dict[str, Any]:
    return {part.id: getattr(part, "data", None) for part in components(layout(**query)) if getattr(part, "id", None)}


def answer(**request: Any) -> dict[str, Any]:
    found = answer_to(request)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    return found


def faults(**request: Any) -> list[str]:
    """What is wrong with a request; nothing else is answered then, but its serial."""
    found = answer(**request)
    assert set(found) <= {"serial", "asked", "faults"}
    return [fault["message"] for fault in found["faults"]]


@cache
def expected(name: str) -> dict[str, Any]:
    return page_data(examples.load(name))


# The page


def test_the_page_is_an_empty_player_with_its_first_answer_beside_it():
    found = stores()
    assert set(found) == set(Ids)
    assert found[Ids.OPENED]["example"] == FIRST
    assert found[Ids.ANSWER]["document"] == examples.load(FIRST).to_dict()
    assert found[Ids.REQUEST] is found[Ids.DRAWN] is found[Ids.PROOF] is None
    (player,) = [part for part in components(layout()) if getattr(part, "id", None) == Ids.PLAYER]
    assert Ids.PLAYER == "player" and getattr(player, "children", None) is None


@pytest.mark.parametrize("name", examples.names())
def test_every_worked_problem_can_be_opened(name: str):
    found = stores(example=name, step="7", detail="layer")
    assert {part: found[Ids.ANSWER][part] for part in PARTS} == expected(name)
    opened = found[Ids.OPENED]
    assert (opened["example"], opened["step"], opened["detail"]) == (name, "7", "layer")


@pytest.mark.parametrize("name", ["masur", "../mazur", ATTACK, "x" * 100_000, "mazur\0", "MAZUR"])
def test_an_example_that_isn_t_there_is_answered_on_the_page(name: str):
    found = stores(example=name)[Ids.ANSWER]
    assert [fault["message"].startswith("There is no example") for fault in found["faults"]] == [True]
    assert len(found["faults"][0]["message"]) < 1000


@pytest.mark.parametrize("step", ["", "-1", "99999", "x", "1e400", ATTACK])
def test_whatever_the_query_says_of_step_and_detail_travels_as_text(step: str):
    opened = stores(example="mazur", step=step, detail=step, nonsense=step)[Ids.OPENED]
    assert (opened["step"], opened["detail"]) == (step, step)


@pytest.mark.parametrize("name", examples.names())
def test_page_data_is_all_that_the_player_needs_as_json(name: str):
    problem = examples.load(name)
    data = expected(name)
    assert set(data) == PARTS
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert data["walkthrough"] == solve(problem).walkthrough.data(problem.title)
    assert (data["scene"], data["given"]) == (scene_of(problem), given_of(problem))
    assert (data["source"], data["notes"]) == (problem.source, problem.notes)
    assert Problem.from_dict(data["document"]) == from_link(data["link"]) == problem


def test_texts_of_a_problem_travel_as_they_are():
    """They are text wherever the player puts them."""
    document = WITHOUT_LAYERS | {"title": ATTACK, "source": ATTACK, "notes": ATTACK, "inputs": [ATTACK]}
    data = answer(document=document)
    assert data["walkthrough"]["title"] == data["source"] == data["notes"] == ATTACK
    assert ATTACK not in json.dumps([data["walkthrough"]["quantities"], data["walkthrough"]["templates"]])


def test_a_problem_too_large_for_a_link_has_none():
    rows = np.random.default_rng(1).uniform(size=(5000, 1)).tolist()
    data = page_data(Problem.from_dict({"nncalc": 1, "layers": [], "data": {"x": rows, "y": rows}}))
    assert data["link"] is None and len(json.dumps(data["document"])) > LONGEST_LINK


# Requests


def test_an_example_a_link_and_a_document_have_the_same_answer():
    found = [answer(example="mazur"), answer(link=to_link(MAZUR)), answer(document=MAZUR.to_dict())]
    for each in found:
        assert {part: each[part] for part in PARTS} == expected("mazur")
    assert faults() == faults(example="")


@pytest.mark.parametrize("serial", [0, 1, 12345, 2**53 - 1])
def test_the_serial_of_a_request_comes_back_whatever_the_answer(serial: int):
    assert answer(example="one-weight", serial=serial)["serial"] == serial
    assert answer(example="nothing", serial=serial)["serial"] == serial
    assert answer(example="one-weight", edit={"name": "x[0][0]", "text": "?"}, serial=serial)["serial"] == serial


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("hidden.weights[0][1]", "1/3"),
        ("x[0][0]", "0,5"),
        ("y[0][1]", "1"),
        ("hidden.bias", "0"),
        ("learning_rate", "2"),
    ],
)
def test_an_edit_is_answered_with_the_edited_problem(name: str, text: str):
    edited = with_number(MAZUR, name, text)
    for asked in ({"document": MAZUR.to_dict()}, {"link": to_link(MAZUR)}, {"example": "mazur"}):
        found = answer(**asked, edit={"name": name, "text": text})
        assert {part: found[part] for part in PARTS} == page_data(edited)
    assert edited != MAZUR


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        ({"name": "x[0][0]", "text": "abc"}, '"abc" is not a number.'),
        ({"name": "x[0][0]", "text": ""}, '"" is not a number.'),
        ({"name": "x[0][0]", "text": "1e400"}, '"1e400" is infinite or too large.'),
        ({"name": "x[0][0]", "text": "1" * 1000}, "a number of 1,000 characters given"),
        ({"name": "loss", "text": "1"}, "`loss` is computed from other numbers."),
        ({"name": "x[9][9]", "text": "1"}, "`x[9][9]` doesn't exist in this problem."),
    ],
)
def test_an_edit_that_isn_t_possible_is_answered_with_the_reason(edit: dict, message: str):
    assert [fault.startswith(message) for fault in faults(example="mazur", edit=edit)] == [True]


@pytest.mark.parametrize(
    ("link", "message"),
    [
        ("", "The link is empty."),
        ("x", "The link is cut off"),
        ("!", "The link is damaged: character 1"),
        (to_link(MAZUR)[:-20], "The link is cut off"),
        (to_link(MAZUR)[:50] + "AAAA" + to_link(MAZUR)[54:], "The link is damaged"),
        ("A" * (LONGEST_LINK + 1), "The link has 65,537 characters"),
        (ATTACK, "The link is damaged"),
        (None, "The link is damaged"),
        (5, "The link is "),
        (["a"], "The link is damaged"),
        ({"a": 1}, "The link is damaged"),
    ],
)
def test_a_damaged_link_is_answered_with_what_is_wrong(link: Any, message: str):
    (fault,) = faults(link=link)
    assert fault.startswith(message)


@pytest.mark.parametrize("document", FAULTY)
def test_a_document_with_faults_is_answered_with_all_of_them(document: Any):
    assert all(faults(document=document))


def test_a_document_that_nests_too_deep_is_answered():
    document: Any = {}
    for _ in range(300):
        document = {"a": document}
    (fault,) = faults(document=document)
    assert "40 deep" in fault


@pytest.mark.parametrize("example", [None, 5, [], {}, ["mazur"], {"a": 1}, True, "../../etc/passwd", "__init__"])
def test_an_example_of_another_kind_is_none(example: Any):
    (fault,) = faults(example=example)
    assert fault.startswith("There is no example")


# Requests that no page of ours sends

STRANGE_REQUESTS = [None, [], [1], "x", 5, 0.5, True]
STRANGE_EDITS = [
    True,
    5,
    "x",
    ["a"],
    {},
    {"text": "1"},
    {"name": "x[0][0]"},
    {"name": None, "text": None},
    {"name": [], "text": {}},
    {"name": {"a": 1}, "text": "1"},
    {"name": "x" * 100_000, "text": "1"},
    {"name": "\ud800", "text": "\ud800"},
    {"name": "x[0][0]", "text": [1]},
]
LONG_INDICES = [f"x[{'9' * 5000}][0]", f"iterations[{'9' * 5000}].x[0][0]"]


@pytest.mark.parametrize("request_", STRANGE_REQUESTS)
def test_a_request_that_is_no_object_is_answered_without_an_error(request_: Any):
    found = answer_to(request_)
    assert found is no_update or json.dumps(found, allow_nan=False)


@pytest.mark.parametrize("edit", STRANGE_EDITS)
def test_an_edit_of_another_shape_is_answered_without_an_error(edit: Any):
    found = answer(example="one-weight", edit=edit, serial=3)
    assert found["serial"] == 3


@pytest.mark.parametrize("name", LONG_INDICES)
def test_an_index_of_thousands_of_digits_is_answered_like_any_other(name: str):
    assert faults(example="one-weight", edit={"name": name, "text": "1"})


@pytest.mark.parametrize("edit", [None, [], "", 0, False])
def test_an_empty_edit_is_none(edit: Any):
    assert answer(example="one-weight", edit=edit)["document"] == examples.load("one-weight").to_dict()


@pytest.mark.parametrize("serial", [None, "x", [1], {"a": [None]}, -1, 0.5])
def test_a_serial_of_another_kind_comes_back_as_it_was(serial: Any):
    assert answer(example="one-weight", serial=serial)["serial"] == serial


def test_other_fields_of_a_request_change_nothing():
    found = answer(example="one-weight", nonsense=[{}], documents={}, serial=1)
    assert found["document"] == examples.load("one-weight").to_dict()


# The proof


@pytest.mark.parametrize("name", examples.names())
def test_the_proof_has_a_row_for_every_derivative_of_all_iterations(name: str):
    problem = examples.load(name)
    proof = prove({"document": problem.to_dict(), "serial": 4})
    assert json.loads(json.dumps(proof, allow_nan=False)) == proof
    assert proof["serial"] == 4
    steps = [step.quantity for step in solve(problem).steps if step.chapter.endswith("Backward")]
    assert set(proof["derivatives"]) == {name.removesuffix(".grad") for name in steps}
    for k, (gradient, difference, digits, digits_of_difference) in enumerate(proof["derivatives"].values()):
        assert isinstance(gradient, float)
        assert isinstance(difference, float) or k >= MOST_DIFFERENCES  # beyond, none is taken
        assert digits >= 9 and 0 <= digits_of_difference <= 16


def test_derivatives_of_the_first_iterations_are_proven():
    document = examples.load("one-weight").to_dict() | {"iterations": PROVEN + 5}
    names = list(prove({"document": document})["derivatives"])
    iterations = {name.split("]")[0].removeprefix("iterations[") for name in names if name.startswith("iterations[")}
    assert iterations == {str(k) for k in range(1, PROVEN)}


def test_numbers_that_are_none_in_json_are_null_in_the_proof():
    layer = {"type": "dense", "units": 1, "activation": "sigmoid", "weights": [[-800]], "bias": False}
    document = {
        "nncalc": 1,
        "layers": [layer],
        "data": {"x": [[1]], "y": [[1]]},
        "loss": "binary_crossentropy",
    }
    proof = prove({"document": document})
    assert json.dumps(proof, allow_nan=False) and None in [v for row in proof["derivatives"].values() for v in row]


@pytest.mark.parametrize("drawn", [None, [], "x", 5, True, {}, {"document": None}, {"document": []}, {"document": "x"},
                                   {"document": {"a": 1}}, {"serial": 1}, {"document": {"nncalc": 1}}])  # fmt: skip
def test_what_can_t_be_proven_is_left_alone(drawn: Any):
    assert prove(drawn) is no_update


def test_a_network_without_parameters_has_an_empty_proof():
    layers = [{"type": "activation", "activation": "tanh"}]
    assert prove({"document": WITHOUT_LAYERS | {"layers": layers}})["derivatives"] == {}


# Over the wire


def post(client, output: str, given: str, value: Any):
    body = {
        "output": f"{output}.data",
        "outputs": {"id": str(output), "property": "data"},
        "inputs": [{"id": str(given), "property": "data", "value": value}],
        "changedPropIds": [f"{given}.data"],
    }
    return client.post("/_dash-update-component", json=body)


def test_a_request_over_the_wire_is_answered_with_the_same(client):
    response = post(client, Ids.ANSWER, Ids.REQUEST, {"example": "one-weight", "serial": 8})
    assert response.status_code == 200
    data = response.get_json()["response"][Ids.ANSWER]["data"]
    assert data["serial"] == 8 and {part: data[part] for part in PARTS} == expected("one-weight")


@pytest.mark.parametrize("edit", STRANGE_EDITS)
def test_a_strange_edit_over_the_wire_is_no_error_of_the_server(client, edit: Any):
    value = {"example": "one-weight", "edit": edit}
    assert post(client, Ids.ANSWER, Ids.REQUEST, value).status_code == 200


def test_nothing_that_was_asked_stays_in_the_module():
    before = dict(vars(player))
    answer(document=WITHOUT_LAYERS | {"title": "mine"})
    assert vars(player) == before


def damaged(rng: np.random.Generator, text: str) -> str:
    """A text with a piece cut out, doubled, or replaced by what files must not have."""
    at, end = sorted(int(k) for k in rng.integers(0, len(text), 2))
    pieces = [
        "",
        text[at:end],
        '"',
        "{",
        "[",
        "]",
        "}",
        ",",
        ":",
        "NaN",
        "1e999",
        "null",
        "-",
        "\x00",
        "\ud800",
        "<script>",
    ]
    return text[:at] + str(rng.choice(np.array(pieces, object))) + text[end:]


def test_a_thousand_damaged_files_are_opened_or_explained():
    rng = np.random.default_rng(23)
    texts = [examples.load(name).dumps() for name in ("one-weight", "xor", "error-table")]
    for _ in range(1000):
        found = answer_to({"text": damaged(rng, texts[int(rng.integers(3))]), "serial": 1, "page": "error"})
        assert found.get("document") or all(fault["message"] for fault in found["faults"])
