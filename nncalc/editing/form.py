"""What can be changed of a problem besides the numbers in its drawing, as data: a page makes a form of it.

Every field has the `place` that it has in a problem file, so that a fault of that place belongs to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nncalc.activations import ACTIVATIONS
from nncalc.choices import REDUCTIONS
from nncalc.editing import geometry
from nncalc.editing.order import WORDS, can_move, can_remove, places_to_add, possible_at
from nncalc.kernels import KERNELS
from nncalc.layers import Layer
from nncalc.layers.conv import MOST_FILTERS
from nncalc.layers.dense import MOST_UNITS
from nncalc.layers.window import MOST_CELLS, Window
from nncalc.losses import LOSSES
from nncalc.optimizers import OPTIMIZERS
from nncalc.patterns import PATTERNS
from nncalc.pictures import MOST_BYTES, MOST_SIDE
from nncalc.problem import LARGEST_SEED, MOST_DECIMALS, MOST_ITERATIONS, Problem

Field = dict[str, Any]

MOST_INPUTS = 1000
MOST_CHANNELS = 16
MOST_KERNELS = 256
"""So many filters are looked at, whether their kernel has a name."""

BIASES = {"per unit": "one per unit", "shared": "one for all units", "none": "none"}
BIASES_OF_FILTERS = {"per unit": "one per filter", "shared": "one for all filters", "none": "none"}
EXPLICIT = "explicit"
PADDINGS = {"valid": "none (valid)", "same": "so that the size stays (same)", EXPLICIT: "a number on each side"}
SIDES = (("top", "bottom"), ("left", "right"))
AXES = ("rows", "columns")
LABELS = {
    "beta_1": "β₁ (beta 1)",
    "beta_2": "β₂ (beta 2)",
    "delta": "δ (delta)",
    "epsilon": "ε (epsilon)",
    "learning_rate": "learning rate η",
    "momentum": "momentum μ",
    "nesterov": "Nesterov",
    "rho": "ρ (rho)",
    "weight_decay": "weight decay λ",
}
ERROR_WORDS = {"prediction - actual": "prediction − actual", "actual - prediction": "actual − prediction"}
NOTATION_WORDS = {"layered": "layered: w⁽¹⁾₁₂, z⁽¹⁾₂", "flat": "flat: w1, w2, h1"}
LOSS_WORDS = {name: name.replace("_", " ") for name in LOSSES}


def form_of(problem: Problem) -> list[dict[str, Any]]:
    """The sections of the form: each has a `title` and `fields`, and some have more.

    `layer` is the number of a layer; `adds` has the layers that can be added, each with type, place and words, and
    `moves` whether this one can go up, down and away. `draws` says that weights can be drawn here, `samples` holds the
    names of the columns of the table of samples, `images` what the samples are that are images, and `kernels` what a
    filter can start from.

    A field has `place`, `label`, `kind`, its `value` as it was typed, and for the kind "choice" the `choices`, each as
    value and words. Kinds are "text", "lines", "number", "count" (a whole number from `least` to `most` in steps of
    `step`; with `empty` it may be left out), "choice" and "flag". Two fields that follow each other and are `half` of
    a line stand side by side.
    """
    sections = [
        _section("Network", _input(problem), adds=_adds(places_to_add(problem))),
        *([_section("Images", [], images=_images(problem))] if problem.x.ndim == 4 else []),
        *(_layer(problem, at, layer) for at, layer in enumerate(problem.layers)),
    ]
    if any("weights" in layer.parameters for layer in problem.layers):
        sections.append(_section("Random weights", [_count("seed", "seed", problem.seed, 0, LARGEST_SEED)], draws=True))
    if problem.x.ndim == 2:
        names = {"inputs": list(problem.inputs), "outputs": [] if problem.y is None else list(problem.outputs)}
        sections.append(_section("Samples", [], samples=names))
    if problem.y is not None:
        sections.append(_section("Loss", _loss(problem)))
        if problem.layers:
            sections.append(_section("Update", _update(problem)))
    return [*sections, _section("Notation", _notation(problem)), _section("About", _about(problem))]


def fields_of(problem: Problem) -> dict[str, Field]:
    """All fields by their place."""
    return {field["place"]: field for section in form_of(problem) for field in section["fields"]}


def _section(title: str, fields: Iterable[Field], **more: Any) -> dict[str, Any]:
    return {"title": title, "fields": list(fields), **more}


def _adds(places: Iterable[tuple[str, int]]) -> list[list[Any]]:
    return [[type, at, WORDS.get(type, f"a {type} layer")] for type, at in places]


def _input(problem: Problem) -> Iterable[Field]:
    if problem.x.ndim != 4:
        yield _count("inputs", "inputs", problem.x.shape[-1], 1, MOST_INPUTS)
        return
    rows, columns, channels = problem.x.shape[1:]
    for axis, count in enumerate((rows, columns)):
        least = geometry.least_image(problem, axis)
        why = f": the window of the first layer has {least} {AXES[axis]}. Make it smaller first" if least > 1 else ""
        field = _count(f"data.x.{AXES[axis]}", f"image {AXES[axis]}", count, least, max(MOST_CELLS, count))
        yield field | _half(axis) | {"reason": why}
    yield _count("data.x.channels", "channels", channels, 1, max(MOST_CHANNELS, channels))


def _images(problem: Problem) -> dict[str, Any]:
    """What the panel draws images from, besides the numbers as they were typed, which the document has.

    `worked` has what a typed fraction comes to, with its indices.
    """
    typed = problem.document["data"]["x"]
    worked = [
        [n, r, c, k, problem.x[n, r, c, k]]
        for n, image in enumerate(typed)
        for r, row in enumerate(image)
        for c, cell in enumerate(row)
        for k, number in enumerate(cell)
        if isinstance(number, str)
    ]
    has_list = problem.y is not None and problem.y.ndim == 2
    return {
        "shape": list(problem.x.shape),
        "channels": list(problem.inputs),
        "outputs": list(problem.outputs) if has_list else [],
        "worked": worked,
        "patterns": [[name, pattern.words] for name, pattern in PATTERNS.items()],
        "most_bytes": MOST_BYTES,
        "most_side": MOST_SIDE,
    }


def _layer(problem: Problem, at: int, layer: Layer) -> dict[str, Any]:
    place = f"layers[{at}]"
    given = problem.document["layers"][at]
    fields = [_text(f"{place}.name", "name", layer.name)]
    if "units" in layer.settings:
        fields.append(_count(f"{place}.units", "units", layer.settings["units"], 1, MOST_UNITS))
    if "filters" in layer.settings:
        groups = layer.settings["groups"]
        count = _count(f"{place}.filters", "filters", layer.settings["filters"], groups, MOST_FILTERS)
        fields.append(count | {"step": groups})
    if "window" in layer.settings:
        fields += _window(problem, at, layer)
    if "activation" in layer.settings:
        fields.append(_choice(f"{place}.activation", "activation", layer.activation.name, ACTIVATIONS))
        typed = given["activation"] if isinstance(given.get("activation"), dict) else {}
        for name, value in layer.activation.settings.items():
            fields.append(_number(f"{place}.activation.{name}", name, typed.get(name, value)))
    if "weights" in layer.parameters:
        bias = layer.parameters.get("bias")
        kind = "none" if bias is None else "per unit" if bias.ndim else "shared"
        fields.append(_choice(f"{place}.bias", "bias", kind, BIASES_OF_FILTERS if layer.type == "conv2d" else BIASES))
        fields += [_flag(f"{place}.frozen.{name}", f"freeze {name}", name in layer.frozen) for name in layer.parameters]
        fields += [_number(f"{place}.{name}", f"{name} penalty λ", given.get(name, 0)) for name in ("l1", "l2")]
    more = {"kernels": _kernels(layer)} if layer.type == "conv2d" else {}
    moves = [can_move(problem, at, at - 1), can_move(problem, at, at + 1), can_remove(problem, at)]
    inserts = _adds((type, at) for type in possible_at(problem, at))
    return _section(layer.name, fields, layer=at, moves=moves, adds=inserts, **more)


def _window(problem: Problem, at: int, layer: Layer) -> Iterable[Field]:
    """Size, strides, padding and dilation, each along rows and columns; of a convolution also groups and flip."""
    place = f"layers[{at}]"
    window, image, is_same = geometry.window_before(problem, at)
    key = geometry.SIZES[layer.type]
    noun = "kernel" if layer.type == "conv2d" else "window"
    for axis, name in enumerate(AXES):
        most = geometry.most_size(window, image, is_same, axis)
        reason = "" if is_same else f": {_comes_in(window, image, axis)}. Pad it, or use a smaller {noun}"
        field = _count(f"{place}.{key}[{axis}]", f"{noun} {name}", window.size[axis], 1, most)
        yield field | _half(axis) | {"reason": reason}
    for axis, name in enumerate(AXES):
        most = geometry.most_strides(window, image, axis)
        reason = f": a longer stride finds one place only, as {most} does"
        yield (
            _count(f"{place}.strides[{axis}]", f"stride, {name}", window.strides[axis], 1, most)
            | _half(axis)
            | {"reason": reason}
        )
    if layer.type == "conv2d":
        for axis, name in enumerate(AXES):
            most = geometry.most_dilation(window, image, is_same, axis)
            reason = "" if is_same else f": {_comes_in(window, image, axis)}. Pad it, or use a smaller dilation"
            field = _count(f"{place}.dilation[{axis}]", f"dilation, {name}", window.dilation[axis], 1, most)
            yield field | _half(axis) | {"reason": reason}
    yield from _padding(problem, at, layer, window, image)
    if layer.type == "conv2d":
        groups, possible = layer.settings["groups"], geometry.possible_groups(image[2], layer.settings["filters"])
        if len(possible) > 1:
            yield _choice(f"{place}.groups", "groups", str(groups), [str(count) for count in possible])
        yield _flag(f"{place}.flip", "flip the kernel (true convolution)", layer.settings["flip"])


def _comes_in(window: Window, image: tuple[int, ...], axis: int) -> str:
    padding = sum(window.padding[axis])
    padded = f" and {padding} of padding" if padding else ""
    return f"{image[axis]} {AXES[axis]}{padded} come in"


def _padding(problem: Problem, at: int, layer: Layer, window: Window, image: tuple[int, ...]) -> Iterable[Field]:
    place = f"layers[{at}].padding"
    given = problem.document["layers"][at].get("padding", "valid")
    kind = given if isinstance(given, str) else EXPLICIT
    yield _choice(place, "padding", kind, PADDINGS)
    if kind != EXPLICIT:
        return
    for axis, sides in enumerate(SIDES):
        for side, name in enumerate(sides):
            least = geometry.least_padding(window, image, axis, side)
            most = geometry.most_padding(layer, axis, side)
            reason = f": the window needs as much as {least}" if least else ""
            if layer.type != "conv2d":
                reason += ". More, and a window would hold nothing but padding"
            field = _count(f"{place}[{axis}][{side}]", f"padding, {name}", window.padding[axis][side], least, most)
            yield field | _half(side) | {"reason": reason}


def _kernels(layer: Layer) -> dict[str, Any]:
    """The named kernels; `refused` says why there are none for this layer, `has` which one every filter has."""
    channels, filters = layer.parameters["weights"].shape[2:]
    listed = range(min(channels * filters, MOST_KERNELS))
    return {
        "filters": filters,
        "channels": channels,
        "refused": geometry.too_small(layer),
        "names": [[name, kernel.words, kernel.typed(), kernel.source] for name, kernel in KERNELS.items()],
        "has": [geometry.kernel_of(layer, k // filters, k % filters) for k in listed],
    }


def _half(side: int) -> Field:
    """The left or right one of two fields in a line."""
    return {"half": side}


def _loss(problem: Problem) -> Iterable[Field]:
    loss, given = problem.loss, problem.document.get("loss")
    typed = given if isinstance(given, dict) else {}
    yield _choice("loss.type", "loss", loss.type, LOSS_WORDS)
    for name, value in loss.settings.items():
        yield _number(f"loss.{name}", LABELS[name], typed.get(name, value))
    yield _number("loss.factor", "factor", typed.get("factor", loss.factor))
    yield _choice("loss.outputs", "over outputs", loss.outputs, REDUCTIONS)
    yield _choice("loss.samples", "over samples", loss.samples, REDUCTIONS)
    yield _choice("error", "error", problem.error, ERROR_WORDS)


def _update(problem: Problem) -> Iterable[Field]:
    given = problem.document.get("optimizer", {})
    yield _choice("optimizer.type", "optimizer", problem.optimizer.type, OPTIMIZERS)
    for name, value in problem.optimizer.settings.items():
        make = _flag if isinstance(value, bool) else _number
        yield make(f"optimizer.{name}", LABELS[name], given.get(name, value))
    yield _count("iterations", "iterations", problem.iterations, 1, MOST_ITERATIONS)
    yield _count("batch_size", "batch size", problem.batch_size or "", 1, len(problem.x), empty="all samples")


def _notation(problem: Problem) -> Iterable[Field]:
    yield _choice("notation", "notation", problem.notation, NOTATION_WORDS)
    yield _count("decimals", "decimals", problem.decimals, 0, MOST_DECIMALS)


def _about(problem: Problem) -> Iterable[Field]:
    yield _text("title", "title", problem.title)
    yield _text("source", "source", problem.source)
    yield _text("notes", "notes", problem.notes) | {"kind": "lines"}


def _text(place: str, label: str, value: str) -> Field:
    return {"place": place, "label": label, "kind": "text", "value": value}


def _number(place: str, label: str, value: Any) -> Field:
    return {"place": place, "label": label, "kind": "number", "value": str(value)}


def _count(place: str, label: str, value: int | str, least: int, most: int, empty: str = "") -> Field:
    bounds = {"least": least, "most": most}
    return {
        "place": place,
        "label": label,
        "kind": "count",
        "value": str(value),
        **bounds,
        **({"empty": empty} if empty else {}),
    }


def _flag(place: str, label: str, value: bool) -> Field:
    return {"place": place, "label": label, "kind": "flag", "value": value}


def _choice(place: str, label: str, value: str, choices: Iterable[str]) -> Field:
    """`choices` may say each one in words."""
    words = choices if isinstance(choices, dict) else {}
    named = [[name, words[name] if isinstance(words.get(name), str) else name] for name in choices]
    return {"place": place, "label": label, "kind": "choice", "value": value, "choices": named}
