"""What a problem chooses from a table: an activation, a loss, an optimizer, each with its settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from nncalc.activations import ACTIVATIONS
from nncalc.losses import LOSSES, SHORT_NAMES
from nncalc.optimizers import OPTIMIZERS
from nncalc.parsing import ANY, Range
from nncalc.reading import Reader

RATE = Range(least=0, below=1)
RANGES: dict[str, Range] = {
    "beta_1": RATE,
    "beta_2": RATE,
    "delta": Range(above=0),
    "epsilon": Range(least=0),
    "momentum": RATE,
    "rho": RATE,
    "weight_decay": Range(least=0),
}
"""Which values a setting may have; one that is not listed may be any finite number."""

REDUCTIONS = ("mean", "sum")


class Row(Protocol):
    """A row of a table: its settings with their defaults."""

    @property
    def settings(self) -> Mapping[str, float | bool]: ...


@dataclass(frozen=True)
class ActivationChoice:
    """An activation by its name in `ACTIVATIONS`, with every setting it has."""

    name: str
    settings: dict[str, float]


@dataclass(frozen=True)
class LossChoice:
    """A loss by its name in `LOSSES`: the term times `factor`, reduced over outputs, then over samples."""

    type: str
    factor: float
    outputs: str
    samples: str
    settings: dict[str, float]


@dataclass(frozen=True)
class OptimizerChoice:
    """An update rule by its name in `OPTIMIZERS`, with every setting it has (`nesterov` is a bool)."""

    type: str
    settings: dict[str, float | bool]


def read_activation(entry: Reader, default: str = "linear") -> ActivationChoice:
    """A name, or an object with the name as `type` and settings.

    >>> read_activation(Reader({"type": "leaky_relu", "slope": "1/4"}))
    ActivationChoice(name='leaky_relu', settings={'slope': 0.25})
    """
    if isinstance(entry.value, dict):
        name, settings = _read_row(entry, ACTIVATIONS, default)
    else:
        name = entry.choice(ACTIVATIONS, default)
        settings = dict(ACTIVATIONS[name].settings)
    return ActivationChoice(name, settings)


def read_loss(entry: Reader) -> LossChoice:
    """A short name, or an object; what an object leaves out is factor 1 and means, whatever its type.

    >>> read_loss(Reader("half_sse"))
    LossChoice(type='squared_error', factor=0.5, outputs='sum', samples='mean', settings={})
    """
    if not isinstance(entry.value, dict):
        short = SHORT_NAMES[_short_name(entry)]
        return LossChoice(
            short["type"],
            float(short["factor"]),
            short["outputs"],
            short["samples"],
            dict(LOSSES[short["type"]].settings),
        )
    name, settings = _read_row(entry, LOSSES, "squared_error", also=("factor", "outputs", "samples"))
    return LossChoice(
        name,
        entry.at("factor").number(1.0),
        entry.at("outputs").choice(REDUCTIONS, "mean"),
        entry.at("samples").choice(REDUCTIONS, "mean"),
        settings,
    )


def _short_name(entry: Reader) -> str:
    if isinstance(entry.value, str) and entry.value in LOSSES and entry.value not in SHORT_NAMES:
        entry.fault(f'"{entry.value}" has no short form. Write {{"type": "{entry.value}"}}')
        return "mse"
    return entry.choice(SHORT_NAMES, "mse")


def read_optimizer(entry: Reader) -> OptimizerChoice:
    """An object; left out it is `sgd`.

    >>> read_optimizer(Reader({"type": "sgd", "learning_rate": "1/2"}))
    OptimizerChoice(type='sgd', settings={'learning_rate': 0.5})
    """
    if isinstance(entry.value, str) and entry.value in OPTIMIZERS:
        entry.fault(f'a text given, an object needed. Write {{"type": "{entry.value}"}}')
        return OptimizerChoice(entry.value, dict(OPTIMIZERS[entry.value].settings))
    if entry.absent:
        return OptimizerChoice("sgd", dict(OPTIMIZERS["sgd"].settings))
    return OptimizerChoice(*_read_row(entry, OPTIMIZERS, "sgd"))


def _read_row(
    entry: Reader, table: Mapping[str, Row], default: str, also: tuple[str, ...] = ()
) -> tuple[str, dict[str, float | bool]]:
    """The `type` of an object and the settings of that row; fields of no row are faults."""
    name = entry.at("type").choice(table, None)
    if name is None:
        # Without a known type nobody can say which settings belong: every row's are let through.
        possible = dict.fromkeys(setting for row in table.values() for setting in row.settings)
    else:
        possible = table[name].settings
    entry.only(("type", *also, *possible), required=("type",))
    defaults = table[name or default].settings
    return name or default, {key: _setting(entry.at(key), key, value) for key, value in defaults.items()}


def _setting(entry: Reader, key: str, default: float | bool) -> float | bool:
    if isinstance(default, bool):
        return entry.flag(default)
    return entry.number(float(default), RANGES.get(key, ANY))
