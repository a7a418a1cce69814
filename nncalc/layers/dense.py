"""The dense (fully connected) layer."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from jax import Array
from jax.ad_checkpoint import checkpoint_name as named

from nncalc.activations import activate
from nncalc.choices import read_activation
from nncalc.layers.layer import Draw, Layer, LayerType, Shape, axes_of_samples, read_frozen
from nncalc.parsing import Range
from nncalc.reading import Axis, Reader, read_only

MOST_UNITS = 100_000
FIELDS = ("type", "name", "units", "activation", "weights", "bias", "frozen", "l1", "l2")
PENALTY = Range(least=0)


def read(fields: Reader, name: str, input_shape: Shape | None, draw: Draw) -> Layer | None:
    """A dense layer: `weights[i][j]` goes from input i to unit j, along the last axis of what comes in."""
    fields.only(FIELDS, required=("type", "units"))
    units = fields.at("units").integer(None, least=1, most=MOST_UNITS)
    settings = {
        "units": units,
        "activation": read_activation(fields.at("activation")),
        "l1": fields.at("l1").number(0.0, PENALTY),
        "l2": fields.at("l2").number(0.0, PENALTY),
    }
    given = {
        "weights": read_weights(fields.at("weights"), input_shape, units, draw),
        "bias": read_bias(fields.at("bias"), units),
    }
    names = ["weights"] if fields.at("bias").value is False else ["weights", "bias"]
    frozen = read_frozen(fields.at("frozen"), names)
    if units is None or input_shape is None:
        return None
    parameters = {key: value for key, value in given.items() if value is not None}
    return Layer("dense", name, settings, parameters, frozen, (*input_shape[:-1], units))


def read_weights(entry: Reader, input_shape: Shape | None, units: int | None, draw: Draw) -> np.ndarray | None:
    inputs = input_shape[-1] if input_shape else None
    if not entry.absent:
        return entry.array(Axis(inputs, "one per input"), Axis(units, "one per unit"))
    if inputs is None or units is None or not entry.afford(inputs * units):
        return None
    return draw.glorot_uniform((inputs, units), fan_in=inputs, fan_out=units)


def read_bias(entry: Reader, units: int | None, noun: str = "unit") -> np.ndarray | None:
    """One number per unit (or filter), or a single one that all of them share, or none (`false`).

    >>> read_bias(Reader("1/4"), units=3).tolist(), read_bias(Reader(False), units=3)
    (0.25, None)
    """
    if entry.value is False:
        return None
    if entry.absent:
        return read_only(np.zeros(units)) if units is not None and entry.afford(units) else None
    if isinstance(entry.value, list):
        return entry.array(Axis(units, f"one per {noun}"))
    if entry.value is None or isinstance(entry.value, bool | dict):
        entry.fault(f"a list of numbers (one per {noun}), one number (shared by all {noun}s) or false (no bias) needed")
        return None
    return entry.array()


def forward(layer: Layer, parameters: Mapping[str, Array], x: Array) -> Array:
    r"""$a = f(z)$ with $z_j = \sum_i x_i w_{ij} + b_j$."""
    z = x @ parameters["weights"]
    if "bias" in parameters:
        z = z + parameters["bias"]
    axes = axes_of_samples(x.ndim, "unit")
    z = named(z, f"{layer.name}.z{axes}")
    return named(activate(layer.activation.name, layer.activation.settings, z), f"{layer.name}.a{axes}")


DENSE = LayerType("dense", read, forward, {"weights": ("input", "unit"), "bias": ("unit",)})
