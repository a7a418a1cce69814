"""Changing a problem: `edited` makes another one of it, as a page asks. Nothing is ever changed in place.

An edit is a JSON object with its `kind`, a row of `EDITS`, and that row's arguments:

>>> document = {"nncalc": 1, "layers": [], "data": {"x": [[67]], "y": [[56]]}}
>>> edited(Problem.from_dict(document), {"kind": "field", "place": "loss.type", "value": "absolute_error"}).loss.type
'absolute_error'
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nncalc.editing.field import with_field
from nncalc.editing.geometry import with_kernel, with_window
from nncalc.editing.images import with_cells, with_pasted_image, with_pattern, with_picture
from nncalc.editing.number import with_number
from nncalc.editing.parameters import redrawn, with_parameters_of
from nncalc.editing.samples import pasted, pasted_in_table, with_cell, with_sample, without_sample
from nncalc.editing.structure import told_of_weights, with_layer, with_layer_moved, without_layer
from nncalc.errors import InputError
from nncalc.problem import Problem
from nncalc.wording import meant, shown

__all__ = ["EDITS", "Edit", "edited", "edited_and_told", "with_field", "with_number"]


@dataclass(frozen=True)
class Edit:
    """A row: what makes the new problem, from the old one and the arguments, each with its JSON type.

    Where it can't be seen what was done, words on that come with the problem.
    """

    make: Callable[..., Problem | tuple[Problem, str]]
    arguments: Mapping[str, type]


EDITS: dict[str, Edit] = {
    "number": Edit(with_number, {"name": str, "text": str}),
    "field": Edit(with_field, {"place": str, "value": object}),
    "add_layer": Edit(with_layer, {"at": int, "type": str}),
    "remove_layer": Edit(without_layer, {"at": int}),
    "move_layer": Edit(with_layer_moved, {"at": int, "to": int}),
    "add_sample": Edit(with_sample, {"at": int}),
    "remove_sample": Edit(without_sample, {"at": int}),
    "cell": Edit(with_cell, {"row": int, "column": int, "text": str}),
    "paste": Edit(pasted, {"row": int, "column": int, "text": str}),
    "paste_in_table": Edit(pasted_in_table, {"row": int, "column": int, "text": str}),
    "window": Edit(with_window, {"layer": str, "field": str, "value": object}),
    "kernel": Edit(with_kernel, {"layer": int, "channel": int, "filter": int, "name": str}),
    "cells": Edit(with_cells, {"array": str, "sample": int, "cells": list, "text": str}),
    "pattern": Edit(with_pattern, {"sample": int, "channel": int, "name": str}),
    "paste_image": Edit(with_pasted_image, {"sample": int, "channel": int, "row": int, "column": int, "text": str}),
    "picture": Edit(with_picture, {"sample": int, "file": str, "side": int, "color": str, "invert": bool}),
    "redraw": Edit(redrawn, {}),
    "parameters": Edit(with_parameters_of, {"document": dict}),
}

SHAPING = ("field", "window", "picture", "add_layer", "remove_layer", "move_layer")
"""The edits that may leave weights without a place."""


def edited(problem: Problem, edit: Mapping[str, Any]) -> Problem:
    """The problem after an edit.

    Raises:
        InputError: there is no such edit, an argument is missing or of another type, or the result is not possible.
    """
    return edited_and_told(problem, edit)[0]


def edited_and_told(problem: Problem, edit: Mapping[str, Any]) -> tuple[Problem, str]:
    """The problem after an edit, and in words what else that did: to a picture, to weights that could not stay.

    Raises:
        InputError: as `edited`.
    """
    row, arguments = _row(edit)
    made = row.make(problem, **arguments)
    changed, told = made if isinstance(made, tuple) else (made, "")
    weights = told_of_weights(problem, changed) if edit.get("kind") in SHAPING else ""
    return changed, " ".join(filter(None, [told, weights]))


def _row(edit: Mapping[str, Any]) -> tuple[Edit, dict[str, Any]]:
    """The row of an edit, and its arguments."""
    kind = edit.get("kind", "number")
    if not isinstance(kind, str) or kind not in EDITS:
        raise InputError(f"{shown(kind)} is not a change that can be made{meant(kind, EDITS)}")
    row = EDITS[kind]
    for name, wanted in row.arguments.items():
        if name not in edit or not isinstance(edit[name], wanted) or (isinstance(edit[name], bool) and wanted is int):
            raise InputError(f"The change `{kind}` needs `{name}`; {shown(edit.get(name))} given.")
    return row, {name: edit[name] for name in row.arguments}
