"""The form for an image network of one's own: where it leads, and what it answers."""

from __future__ import annotations

from typing import Any

import pytest
from dash import no_update

from dashboards.image_form import FIELDS, form, start
from nncalc.link import from_link
from tests.dashboards.site import components

USUAL = {"size": "6", "filters": "2", "kernel": "3", "pooling": "2", "classes": "2"}


def submitted(**entries: Any) -> tuple[Any, dict[str, str]]:
    """The address and the faults after a click."""
    address, *faults = start(1, *[None] * len(FIELDS), *(USUAL | entries).values())
    return address, dict(zip(FIELDS, faults, strict=True))


def test_as_it_stands_the_form_leads_to_a_network_for_images():
    entries = {part.id: part for part in components(form()) if getattr(part, "id", None)}
    assert {name: entries[row[0]].value for name, row in FIELDS.items()} == USUAL
    address, faults = submitted()
    assert not any(faults.values())
    path, _, link = address.partition("#problem=")
    assert path == "/picture"
    problem = from_link(link)
    assert [layer.output_shape for layer in problem.layers] == [(4, 4, 2), (2, 2, 2), (8,), (2,)]
    assert submitted()[0] == address  # for everyone the same


def test_without_pooling_there_is_no_such_layer():
    problem = from_link(submitted(pooling="0")[0].partition("#problem=")[2])
    assert [layer.type for layer in problem.layers] == ["conv2d", "flatten", "dense"]


@pytest.mark.parametrize(
    ("entries", "name", "message"),
    [
        ({"size": "2"}, "size", '"2" given. Possible is a whole number from 3 to 28.'),
        ({"size": "big"}, "size", '"big" given.'),
        ({"filters": "5"}, "filters", "from 1 to 4"),
        ({"classes": ""}, "classes", "Nothing given. Possible is a whole number from 2 to 10."),
        ({"size": "4", "kernel": "5"}, "kernel", "5 given, 1 to 4 are possible (the image has 4 rows)."),
        ({"size": "4", "pooling": "3"}, "pooling", "3 given, 0 to 2 are possible (the convolution leaves 2 rows)."),
    ],
)
def test_what_is_not_possible_is_answered_in_its_place(entries: dict[str, str], name: str, message: str):
    address, faults = submitted(**entries)
    assert address is no_update
    assert [key for key, fault in faults.items() if fault] == [name] and message in faults[name]


def test_without_a_click_nothing_happens():
    assert start(*[None] * (1 + 2 * len(FIELDS))) == (no_update, *[""] * len(FIELDS))
