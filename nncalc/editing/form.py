"""What can be changed of a problem besides the numbers in its drawing, as data: a page makes a form of it.

Every field has the `place` that it has in a problem file, so that a fault of that place belongs to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nncalc.activations import ACTIVATIONS
from nncalc.choices import REDUCTIONS
from nncalc.layers import LAYERS, Layer
from nncalc.layers.dense import MOST_UNITS
from nncalc.losses import LOSSES
from nncalc.optimizers import OPTIMIZERS
from nncalc.problem import LARGEST_SEED, MOST_DECIMALS, MOST_ITERATIONS, Problem

Field = dict[str, Any]

MOST_INPUTS = 1000
BIASES = {"per unit": "one per unit", "shared": "one for all units", "none": "none"}
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

    `layer` is the number of a layer, `adds` the types of layers that can be added, `draws` says that weights can be
    drawn here, `samples` holds the names of the columns of the table of samples.

    A field has `place`, `label`, `kind`, its `value` as it was typed, and for the kind "choice" the `choices`, each as
    value and words. Kinds are "text", "lines", "number", "count" (a whole number from `least` to `most`; with `empty`
    it may be left out), "choice" and "flag".
    """
    sections = [
        _section("Network", [_count("inputs", "inputs", problem.x.shape[-1], 1, MOST_INPUTS)], adds=list(LAYERS)),
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


def _layer(problem: Problem, at: int, layer: Layer) -> dict[str, Any]:
    place = f"layers[{at}]"
    given = problem.document["layers"][at]
    fields = [_text(f"{place}.name", "name", layer.name)]
    if "units" in layer.settings:
        fields.append(_count(f"{place}.units", "units", layer.settings["units"], 1, MOST_UNITS))
    if "activation" not in layer.settings:
        return _section(layer.name, fields, layer=at)
    fields.append(_choice(f"{place}.activation", "activation", layer.activation.name, ACTIVATIONS))
    for name, value in layer.activation.settings.items():
        typed = (
            given["activation"][name]
            if isinstance(given.get("activation"), dict) and name in given["activation"]
            else value
        )
        fields.append(_number(f"{place}.activation.{name}", name, typed))
    if "weights" in layer.parameters:
        bias = layer.parameters.get("bias")
        kind = "none" if bias is None else "per unit" if bias.ndim else "shared"
        fields.append(_choice(f"{place}.bias", "bias", kind, BIASES))
        fields += [_flag(f"{place}.frozen.{name}", f"freeze {name}", name in layer.frozen) for name in layer.parameters]
        fields += [_number(f"{place}.{name}", f"{name} penalty λ", given.get(name, 0)) for name in ("l1", "l2")]
    return _section(layer.name, fields, layer=at)


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
