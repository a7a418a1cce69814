"""The layers of a network: `LAYERS` has a row for every type that can be computed."""

from __future__ import annotations

from nncalc.layers.activation import ACTIVATION
from nncalc.layers.conv import CONV2D
from nncalc.layers.dense import DENSE
from nncalc.layers.flatten import FLATTEN
from nncalc.layers.layer import Draw, Layer, LayerType, Shape, read_name
from nncalc.layers.pooling import AVERAGE_POOL2D, MAX_POOL2D
from nncalc.reading import Reader

__all__ = ["LATER", "LAYERS", "MOST_LAYERS", "Draw", "Layer", "LayerType", "Shape", "read_layers"]

LAYERS: dict[str, LayerType] = {
    row.name: row for row in (DENSE, CONV2D, MAX_POOL2D, AVERAGE_POOL2D, FLATTEN, ACTIVATION)
}

LATER = (
    "dropout",
    "batch_norm",
    "simple_rnn",
    "lstm",
    "gru",
)
"""Types that the format describes and nothing computes yet."""

MOST_LAYERS = 100


def read_layers(entry: Reader, input_shape: Shape | None, draw: Draw) -> tuple[tuple[Layer, ...], Shape | None]:
    """The layers, first to last, and the shape of the prediction; None where a fault leaves it unknown."""
    layers: list[Layer] = []
    shape = input_shape
    taken: dict[str, str] = {}
    items = entry.items()
    if len(items) > MOST_LAYERS:
        entry.fault(f"{len(items):,} layers given, at most {MOST_LAYERS} are possible")
    for number, fields in enumerate(items[:MOST_LAYERS], start=1):
        name = _unique_name(fields, f"layer{number}", taken)
        layer = _read_layer(fields, name, shape, draw)
        shape = None if layer is None else layer.output_shape
        if layer is not None:
            layers.append(layer)
    return tuple(layers), shape


def _unique_name(fields: Reader, default: str, taken: dict[str, str]) -> str:
    name = read_name(fields.at("name"), default)
    if name in taken:
        fields.at("name").fault(f"`{name}` is already the name of {taken[name]}. Give every layer its own name")
    taken.setdefault(name, fields.place)
    return name


def _read_layer(fields: Reader, name: str, input_shape: Shape | None, draw: Draw) -> Layer | None:
    kind = fields.at("type")
    if kind.absent:
        fields.fault('a layer is an object with a `type`, such as {"type": "dense", "units": 2}')
        return None
    if isinstance(kind.value, str) and kind.value in LATER:
        kind.fault(f"`{kind.value}` is not built yet. There are: {', '.join(LAYERS)}")
        return None
    chosen = kind.choice(LAYERS, None)
    return None if chosen is None else LAYERS[chosen].read(fields, name, input_shape, draw)
