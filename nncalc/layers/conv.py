"""Convolution over images: a kernel slides over rows and columns."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from jax import Array, lax
from jax.ad_checkpoint import checkpoint_name as named

from nncalc.activations import activate
from nncalc.choices import read_activation
from nncalc.layers.dense import PENALTY, read_bias
from nncalc.layers.layer import Draw, Layer, LayerType, Shape, read_frozen
from nncalc.layers.window import Pair, Window, read_image, read_pair, read_window
from nncalc.reading import Axis, Reader

MOST_FILTERS = 1000
FIELDS = (
    "type", "name", "filters", "kernel_size", "strides", "padding", "dilation", "groups", "flip", "activation",
    "weights", "bias", "frozen", "l1", "l2",
)  # fmt: skip


def read(fields: Reader, name: str, input_shape: Shape | None, draw: Draw) -> Layer | None:
    """A convolution: `weights[row][column][channel][filter]`, Keras' orientation."""
    fields.only(FIELDS, required=("type", "filters", "kernel_size"))
    image = read_image(fields, input_shape)
    filters = fields.at("filters").integer(None, least=1, most=MOST_FILTERS)
    size = read_pair(fields.at("kernel_size"), None)
    strides, dilation = (read_pair(fields.at(key), (1, 1)) for key in ("strides", "dilation"))
    window = read_window(fields, "kernel_size", image, size, strides, dilation)
    groups = _read_groups(fields.at("groups"), image, filters)
    settings = {
        "filters": filters,
        "window": window,
        "groups": groups,
        "flip": fields.at("flip").flag(False),
        "activation": read_activation(fields.at("activation")),
        "l1": fields.at("l1").number(0.0, PENALTY),
        "l2": fields.at("l2").number(0.0, PENALTY),
    }
    channels = None if image is None or groups is None else image[2] // groups
    given = {
        "weights": _read_kernel(fields.at("weights"), size, channels, filters, draw),
        "bias": read_bias(fields.at("bias"), filters, "filter"),
    }
    names = ["weights"] if fields.at("bias").value is False else ["weights", "bias"]
    frozen = read_frozen(fields.at("frozen"), names)
    if image is None or filters is None or window is None or groups is None:
        return None
    parameters = {key: value for key, value in given.items() if value is not None}
    return Layer("conv2d", name, settings, parameters, frozen, (*window.places(image[:2]), filters))


def _read_groups(entry: Reader, image: Shape | None, filters: int | None) -> int | None:
    """Groups split channels and filters evenly; as many groups as channels is a depthwise convolution."""
    groups = entry.integer(1, least=1, most=MOST_FILTERS)
    if image is None or filters is None:
        return None
    channels = image[2]
    if channels % groups == 0 and filters % groups == 0:
        return groups
    possible = [g for g in range(1, min(channels, filters) + 1) if channels % g == 0 and filters % g == 0]
    entry.fault(
        f"{groups} groups given, they have to divide the {channels} channels that come in and the {filters} filters. "
        f"Possible: {', '.join(map(str, possible))}"
    )
    return None


def _read_kernel(
    entry: Reader, size: Pair | None, channels: int | None, filters: int | None, draw: Draw
) -> np.ndarray | None:
    rows, columns = size or (None, None)
    if not entry.absent:
        return entry.array(
            Axis(rows, "one per row of the kernel"),
            Axis(columns, "one per column of the kernel"),
            Axis(channels, "one per channel of a group"),
            Axis(filters, "one per filter"),
        )
    if size is None or channels is None or filters is None or not entry.afford(size[0] * size[1] * channels * filters):
        return None
    cells = size[0] * size[1]
    return draw.glorot_uniform((*size, channels, filters), fan_in=cells * channels, fan_out=cells * filters)


def forward(layer: Layer, parameters: Mapping[str, Array], x: Array) -> Array:
    r"""$a = f(z)$ with $z_{rcf} = \sum_{ijk} x_{rs + id,\, cs + jd,\, k}\, w_{ijkf} + b_f$ (stride s, dilation d).

    That is cross-correlation, which every framework calls convolution; with `flip` the kernel is turned round first.
    """
    window: Window = layer.settings["window"]
    kernel = parameters["weights"]
    z = lax.conv_general_dilated(
        x,
        lax.rev(kernel, (0, 1)) if layer.settings["flip"] else kernel,
        window.strides,
        window.padding,
        rhs_dilation=window.dilation,
        dimension_numbers=("NHWC", "HWIO", "NHWC"),
        feature_group_count=layer.settings["groups"],
    )
    if "bias" in parameters:
        z = z + parameters["bias"]
    z = named(z, f"{layer.name}.z[sample, row, column, filter]")
    a = activate(layer.activation.name, layer.activation.settings, z)
    return named(a, f"{layer.name}.a[sample, row, column, filter]")


CONV2D = LayerType("conv2d", read, forward, {"weights": ("row", "column", "channel", "filter"), "bias": ("filter",)})
