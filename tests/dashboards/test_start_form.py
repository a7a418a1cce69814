"""The form for a problem of one's own: where it leads, and what it answers."""

from __future__ import annotations

from typing import Any

import pytest
from dash import no_update

from dashboards.start_form import Ids, form, read_count, read_counts, start
from nncalc import InputError
from nncalc.activations import ACTIVATIONS
from nncalc.link import from_link
from tests.dashboards.site import components

ADDRESS = "/backpropagation#problem="


def submitted(inputs="2", hidden="2", outputs="1", activation="sigmoid"):
    """The address and the four faults after a click."""
    address: Any
    address, *faults = start(1, None, None, None, inputs, hidden, outputs, activation)
    return address, faults


def problem_of(**entries):
    address, faults = submitted(**entries)
    assert faults == [""] * 4 and address.startswith(ADDRESS)
    return from_link(address.removeprefix(ADDRESS))


def test_as_it_stands_the_form_leads_to_a_problem():
    entries = {part.id: part for part in components(form()) if getattr(part, "id", None)}
    values = [entries[name].value for name in (Ids.INPUTS, Ids.HIDDEN, Ids.OUTPUTS, Ids.ACTIVATION)]
    assert values == ["2", "2", "1", "sigmoid"]
    problem = problem_of()
    assert problem.x.shape == (1, 2) and [layer.output_shape for layer in problem.layers] == [(2,), (1,)]


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_can_be_chosen(activation: str):
    assert problem_of(activation=activation).layers[0].activation.name == activation


@pytest.mark.parametrize(
    ("hidden", "units"),
    [("3, 2", [3, 2]), ("3 2", [3, 2]), (" 8,8,8 ", [8, 8, 8]), ("3;2", [3, 2]), ("1", [1]), ("0", [])],
)
def test_hidden_layers_are_read_as_people_write_them(hidden: str, units: list[int]):
    layers = problem_of(hidden=hidden).layers
    assert [layer.output_shape[0] for layer in layers] == [*units, 1]


def test_everyone_gets_the_same_numbers_for_the_same_shape():
    assert submitted() == submitted()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("", "Nothing given. Possible is a whole number from 1 to 8."),
        (None, "Nothing given."),
        ("0", '"0" given. Possible is a whole number from 1 to 8.'),
        ("9", '"9" given.'),
        ("-1", '"-1" given.'),
        ("2.5", '"2.5" given.'),
        ("two", '"two" given.'),
        ("９", '"９" given.'),
        ("9" * 5000, "9… given."),
        (2.5, '"2.5" given.'),
    ],
)
def test_a_bad_count_is_answered_with_what_was_given_and_what_is_possible(given, message: str):
    with pytest.raises(InputError) as raised:
        read_count(given)
    assert message.replace("9… ", "9…") in str(raised.value).replace('9…" ', "9…")
    assert str(raised.value).endswith("Possible is a whole number from 1 to 8.")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("", "Nothing given. Possible is a whole number from 1 to 8 for each layer, or 0 for none."),
        (",", '"," given. Possible is'),
        ("3, 9", 'Hidden layer 2: "9" given. Possible is a whole number from 1 to 8.'),
        ("2, 0", 'Hidden layer 2: "0" given.'),
        ("1 2 3 4", "4 layers given. Possible are at most 3."),
        ("x", '"x" given.'),
    ],
)
def test_bad_hidden_layers_are_answered_likewise(given: str, message: str):
    with pytest.raises(InputError) as raised:
        read_counts(given)
    assert str(raised.value).startswith(message)


def test_every_bad_entry_is_answered_in_its_place_and_nothing_else_changes():
    address, faults = submitted(inputs="x", hidden="9", outputs="", activation="nothing")
    assert address is no_update
    assert all(faults) and [fault.partition(" given")[0] for fault in faults] == ['"x"', '"9"', "Nothing", '"nothing"']
    address, faults = submitted(outputs="x")
    assert address is no_update and [bool(fault) for fault in faults] == [False, False, True, False]


def test_without_a_click_nothing_happens():
    assert start(None, None, None, None, "x", "x", "x", "x") == (no_update, "", "", "", "")


def test_entries_are_kept_when_one_comes_back():
    for part in components(form()):
        if type(part).__name__ == "Input":
            assert part.persistence and part.persistence_type == "session"
