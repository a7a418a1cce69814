"""The layer that is only an activation."""

from __future__ import annotations

from collections.abc import Mapping

from jax import Array
from jax.ad_checkpoint import checkpoint_name as named

from nncalc.activations import activate
from nncalc.choices import read_activation
from nncalc.layers.layer import Draw, Layer, LayerType, Shape, axes_of_samples
from nncalc.reading import Reader

FIELDS = ("type", "name", "activation")


def read(fields: Reader, name: str, input_shape: Shape | None, draw: Draw) -> Layer | None:
    fields.only(FIELDS, required=("type", "activation"))
    settings = {"activation": read_activation(fields.at("activation"))}
    return None if input_shape is None else Layer("activation", name, settings, {}, (), input_shape)


def forward(layer: Layer, parameters: Mapping[str, Array], x: Array) -> Array:
    axes = axes_of_samples(x.ndim, "channel" if x.ndim == 4 else "unit")
    z = named(x, f"{layer.name}.z{axes}")
    return named(activate(layer.activation.name, layer.activation.settings, z), f"{layer.name}.a{axes}")


ACTIVATION = LayerType("activation", read, forward)
