"""What a layer is, what a type of layer is, and how numbers that a file leaves out are drawn."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jax import Array

from nncalc.choices import ActivationChoice
from nncalc.reading import Reader, read_only
from nncalc.wording import shown

LONGEST_NAME = 100
RESERVED = frozenset(
    {
        "x", "y", "error", "term", "loss", "loss_after", "prediction", "penalty", "iterations",
        "terms", "sums", "slope", "grad", "new", "after", "m", "v", "step_size",
        "z", "a", "mean", "variance", "normalized", "i", "f", "g", "o", "c", "h", "z_gate", "r", "n",
        "weights", "bias", "recurrent_weights", "gamma", "beta", "moving_mean", "moving_variance",
        "initial_state", "initial_cell", "mask",
    }
)  # fmt: skip
"""The words of which quantity names are made, also of layer types still to come: no layer has such a name."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")

Shape = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Layer:
    """One layer of a problem, with every setting and number filled in.

    `parameters` are read-only float64 arrays in the type's order; a shared bias has no axis, and a layer
    without a bias has no such entry. `output_shape` is without the sample axis.
    """

    type: str
    name: str
    settings: Mapping[str, Any]
    parameters: dict[str, np.ndarray]
    frozen: tuple[str, ...]
    output_shape: Shape

    @property
    def activation(self) -> ActivationChoice:
        return self.settings["activation"]


class Draw:
    """Numbers for what a file leaves out, from numpy's PCG64: the same seed always draws the same.

    >>> bool(abs(Draw(seed=0).glorot_uniform((2, 4), 2, 4)).max() <= 1)
    True
    """

    def __init__(self, seed: int) -> None:
        self._generator = np.random.Generator(np.random.PCG64(seed))

    def glorot_uniform(self, shape: Shape, fan_in: int, fan_out: int) -> np.ndarray:
        r"""Uniform between $\pm\sqrt{6 / (n_{in} + n_{out})}$ (Glorot and Bengio, 2010, equation 16)."""
        limit = np.sqrt(6 / (fan_in + fan_out))
        return read_only(self._generator.uniform(-limit, limit, shape))


@dataclass(frozen=True)
class LayerType:
    """A row of the table of layers.

    `read(fields, name, input_shape, draw)` reads the layer from its object: None when a fault leaves its
    output shape unknown, and `input_shape` is None after such a layer. `forward(layer, parameters, x)` is its
    formula; `axes` are the names of its parameters' axes.
    """

    name: str
    read: Callable[[Reader, str, Shape | None, Draw], Layer | None]
    forward: Callable[[Layer, Mapping[str, Array], Array], Array]
    axes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


MIDDLE_AXES = {0: (), 1: ("time",), 2: ("row", "column")}


def axes_of_samples(dimensions: int, last: str) -> str:
    """The names of the axes of an array with the sample first, as they stand behind its name.

    >>> axes_of_samples(2, "unit"), axes_of_samples(4, "channel")
    ('[sample, unit]', '[sample, row, column, channel]')
    """
    between = dimensions - 2
    middle = MIDDLE_AXES.get(between) or tuple(f"axis{k + 1}" for k in range(between))
    return f"[{', '.join(('sample', *middle, last))}]"


def read_name(entry: Reader, default: str) -> str:
    """A layer's own name.

    >>> read_name(Reader("hidden"), "layer1"), read_name(Reader({}).at("name"), "layer1")
    ('hidden', 'layer1')
    """
    name = entry.text(default, longest=LONGEST_NAME)
    if not _NAME.fullmatch(name):
        entry.fault(f"{shown(name)} cannot name a layer. Use A–Z, a–z, 0–9 and _, beginning with a letter")
    elif name in RESERVED:
        entry.fault(f"`{name}` is the name of a quantity. Give the layer another name, such as `{name}_layer`")
    else:
        return name
    return default


def read_frozen(entry: Reader, parameters: Sequence[str]) -> tuple[str, ...]:
    """Which of the layer's parameters keep their value."""
    names = [name for item in entry.items() if (name := item.choice(parameters, None)) is not None]
    for name in dict.fromkeys(names):
        if names.count(name) > 1:
            entry.fault(f"`{name}` is given {names.count(name)} times. Keep one of them")
    return tuple(names)
