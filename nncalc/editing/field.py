"""Setting one field of the form: the value is written where the file has it, and what depends on it follows."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from nncalc.editing.form import EXPLICIT, fields_of
from nncalc.editing.geometry import window_before, with_component, with_padding_at, with_window
from nncalc.editing.images import check_affordable
from nncalc.editing.number import as_typed
from nncalc.editing.parameters import with_seed
from nncalc.editing.structure import Document, fitted, usual_name, with_image_size, with_inputs, written_out
from nncalc.errors import InputError
from nncalc.losses import LOSSES, SHORT_NAMES
from nncalc.optimizers import OPTIMIZERS
from nncalc.problem import Problem
from nncalc.wording import meant, shown

_NAME = re.compile(r"(inputs|outputs)\[([0-9]{1,6})\]")
_LAYER = re.compile(r"layers\[([0-9]+)\]\.(.+)")


def with_field(problem: Problem, place: str, value: Any) -> Problem:
    """The problem with another value of one field of `nncalc.editing.form.form_of`, or another name of a column.

    Numbers may be texts, and stay as they were typed. An empty text takes a field back to its default.

    Raises:
        InputError: there is no such field in this problem, or the value is not possible.

    >>> document = {"nncalc": 1, "layers": [], "data": {"x": [[67]], "y": [[56]]}}
    >>> with_field(Problem.from_dict(document), "loss.factor", "1/2").to_dict()["loss"]["factor"]
    '1/2'
    """
    if named := _NAME.fullmatch(place):
        return _with_name(problem, named[1], int(named[2]), value)
    fields = fields_of(problem)
    if place not in fields:
        raise InputError(f"{shown(place)} can't be changed in this problem{meant(place, fields)}")
    given = _given(fields[place], value)
    inside = _LAYER.fullmatch(place)
    name = f"layers.{re.split(r'[.[]', inside[2])[0]}" if inside else re.sub(r"\.(rows|columns|channels)$", "", place)
    if setter := SETTERS.get(name):
        return setter(problem, place, given)
    document = problem.to_dict()
    _put(document, problem, place, given)
    return Problem.from_dict(document)


def _given(field: dict[str, Any], value: Any) -> Any:
    """A value as the document has it; None takes the field away."""
    kind, place = field["kind"], field["place"]
    if kind == "flag":
        if not isinstance(value, bool):
            raise InputError(f"{shown(value)} given, true or false needed", place)
        return value
    if not isinstance(value, str):
        if kind not in ("number", "count") or isinstance(value, bool) or not isinstance(value, int | float):
            raise InputError(f"{shown(value)} given, a text needed", place)
        return value
    if kind == "choice":
        possible = [name for name, _ in field["choices"]]
        if value not in possible:
            raise InputError(f"{shown(value)} is not one of the choices{meant(value, possible)}", place)
        return value
    if kind in ("text", "lines"):
        return value.strip() or None
    text = value.strip()
    if not text and kind == "count" and not field.get("empty"):
        raise InputError(f"Nothing given, a whole number from {field['least']} to {field['most']} needed", place)
    return as_typed(text) if text else None


def _put(document: Document, problem: Problem, place: str, value: Any) -> None:
    """Writes a value where the file has it; short forms on the way are written out."""
    *path, last = [int(key) if key.isdigit() else key for key in re.findall(r"[^.\[\]]+", place)]
    at: Any = document
    for key in path:
        if isinstance(key, str) and not isinstance(at.get(key), dict | list):
            at[key] = _written_out(problem, key, at.get(key))
        at = at[key]
    if value is None:
        at.pop(last, None)
    else:
        at[last] = value


def _written_out(problem: Problem, key: str, short: Any) -> Document:
    if key == "loss":
        return _loss_fields(problem)
    return {"type": problem.optimizer.type} if key == "optimizer" else {"type": short or "linear"}


def _loss_fields(problem: Problem) -> Document:
    loss = problem.loss
    return {"type": loss.type, "factor": loss.factor, "outputs": loss.outputs, "samples": loss.samples}


def _with_name(problem: Problem, names: str, index: int, value: Any) -> Problem:
    """Another name of an input or output; an empty one is the usual name again."""
    all_names = list(getattr(problem, names))
    if index >= len(all_names):
        raise InputError(f"There is no {names[:-1]} {index + 1}. There are {len(all_names)}.")
    if not isinstance(value, str):
        raise InputError(f"{shown(value)} given, a text needed", f"{names}[{index}]")
    all_names[index] = value.strip() or usual_name(names, index)
    return Problem.from_dict(problem.to_dict() | {names: all_names})


# What depends on a field


def _with_inputs(problem: Problem, place: str, value: Any) -> Problem:
    count = _whole(problem, place, value)
    return fitted(with_inputs(written_out(problem), count))


def _with_image(problem: Problem, place: str, value: Any) -> Problem:
    size: dict[str, int] = dict(zip(("rows", "columns", "channels"), problem.x.shape[1:], strict=True))
    size[place.rpartition(".")[2]] = _whole(problem, place, value)
    check_affordable(problem, **size)
    return fitted(with_image_size(written_out(problem), **size))


def _with_width(problem: Problem, place: str, value: Any) -> Problem:
    """Another number of units or filters."""
    document = written_out(problem)
    _layer_of(document, place)[place.rpartition(".")[2]] = _whole(problem, place, value)
    return fitted(document)


def _with_geometry(problem: Problem, place: str, value: Any) -> Problem:
    """Another number of rows or columns of a window, its strides or dilation: `kernel_size[0]`."""
    at, field, indices = _inside(place)
    count = _whole(problem, place, value)
    window = window_before(problem, at)[0]
    return with_window(problem, problem.layers[at].name, field, with_component(window, field, indices[0], count))


def _with_padding(problem: Problem, place: str, value: Any) -> Problem:
    """Another kind of padding, or another number of cells on one side; explicit padding begins with what there is."""
    at, field, indices = _inside(place)
    window = window_before(problem, at)[0]
    if indices:
        value = with_padding_at(window, indices[0], indices[1], _whole(problem, place, value))
    elif value == EXPLICIT:
        value = [list(pair) for pair in window.padding]
    return with_window(problem, problem.layers[at].name, field, value)


def _with_groups(problem: Problem, place: str, value: str) -> Problem:
    at, field, _ = _inside(place)
    return with_window(problem, problem.layers[at].name, field, int(value))


def _inside(place: str) -> tuple[int, str, list[int]]:
    """Which layer, its field, and the indices in there."""
    match = _LAYER.fullmatch(place)
    assert match, place
    field, *indices = re.findall(r"[^.\[\]]+", match[2])
    return int(match[1]), field, [int(index) for index in indices]


def _whole(problem: Problem, place: str, value: Any) -> int:
    """A count whose numbers are about to be made: its bounds are looked at before."""
    field = fields_of(problem)[place]
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or not field["least"] <= value <= field["most"]:
        reason = field.get("reason", "")
        raise InputError(
            f"{shown(value)} given, a whole number from {field['least']} to {field['most']} needed{reason}", place
        )
    return value


def _with_bias(problem: Problem, place: str, value: str) -> Problem:
    document = written_out(problem)
    fields = _layer_of(document, place)
    before, width = fields["bias"], fields["units" if "units" in fields else "filters"]
    if value == "none":
        fields["bias"] = False
        fields["frozen"] = [name for name in fields.get("frozen", []) if name != "bias"]
    elif value == "shared":
        fields["bias"] = before[0] if isinstance(before, list) else 0 if before is False else before
    else:
        fields["bias"] = before if isinstance(before, list) else [before or 0] * width
    return Problem.from_dict(document)


def _with_frozen(problem: Problem, place: str, value: bool) -> Problem:
    document = problem.to_dict()
    fields = _layer_of(document, place)
    name = place.rpartition(".")[2]
    fields["frozen"] = [one for one in fields.get("frozen", []) if one != name] + [name] * value
    return Problem.from_dict(document)


def _with_loss_type(problem: Problem, place: str, value: str) -> Problem:
    """Another loss with the conventions of this one, unless those were the usual ones: then with its own usual ones."""
    fields = _loss_fields(problem)
    usual = {short["type"]: short for short in reversed(SHORT_NAMES.values())}
    if fields == usual.get(problem.loss.type, usual["squared_error"]) | {"type": problem.loss.type}:
        fields = usual.get(value, usual["squared_error"])
    settings = {name: problem.loss.settings.get(name, default) for name, default in LOSSES[value].settings.items()}
    return Problem.from_dict(problem.to_dict() | {"loss": fields | {"type": value} | settings})


def _with_optimizer_type(problem: Problem, place: str, value: str) -> Problem:
    """Another update rule; settings that both have keep their value."""
    given = problem.document.get("optimizer", {})
    kept = {name: given[name] for name in OPTIMIZERS[value].settings if name in given}
    return Problem.from_dict(problem.to_dict() | {"optimizer": {"type": value} | kept})


def _with_seed(problem: Problem, place: str, value: Any) -> Problem:
    return with_seed(problem, _whole(problem, place, value))


def _layer_of(document: Document, place: str) -> Document:
    match = _LAYER.fullmatch(place)
    assert match, place
    return document["layers"][int(match[1])]


SETTERS: dict[str, Callable[[Problem, str, Any], Problem]] = {
    "inputs": _with_inputs,
    "data.x": _with_image,
    "layers.units": _with_width,
    "layers.filters": _with_width,
    "layers.kernel_size": _with_geometry,
    "layers.pool_size": _with_geometry,
    "layers.strides": _with_geometry,
    "layers.dilation": _with_geometry,
    "layers.padding": _with_padding,
    "layers.groups": _with_groups,
    "layers.bias": _with_bias,
    "layers.frozen": _with_frozen,
    "loss.type": _with_loss_type,
    "optimizer.type": _with_optimizer_type,
    "seed": _with_seed,
}
"""The fields on which something else depends; all others are written where they stand."""
