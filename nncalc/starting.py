"""A problem to start with: a network of a given shape whose numbers suit paper and pencil."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.random import Generator

from nncalc.activations import ACTIVATIONS
from nncalc.errors import Fault, InputError
from nncalc.problem import LARGEST_SEED, Problem
from nncalc.wording import counted, meant, shown

MOST_UNITS = 8
MOST_HIDDEN_LAYERS = 3
INPUTS = (0.5, 1.0, 1.5, 2.0)
TARGETS = (0.5, 1.0, 1.5)
LEARNING_RATE = 0.1

Rows = list[list[float]]


def network_problem(inputs: int, hidden: Sequence[int], outputs: int, activation: str, seed: int) -> Problem:
    """Dense layers with linear outputs, one sample, mean squared error and a plain update.

    `hidden` holds the units of the hidden layers, first to last; all have the same `activation`. Weights and biases
    have one decimal and are never 0, so that every product is there to be seen. The same seed draws the same.

    Raises:
        InputError: with everything that is not possible.

    >>> network_problem(2, [3], 1, "relu", seed=0).title
    'A network of your own: 2 inputs, 3 hidden units, 1 output'
    >>> network_problem(9, [3], 1, "relu", seed=0)
    Traceback (most recent call last):
    nncalc.errors.InputError: inputs: 9 given, 1 to 8 are possible
    """
    _check(inputs, hidden, outputs, activation, seed)
    generator = np.random.Generator(np.random.PCG64(seed))
    activations = [activation] * len(hidden) + ["linear"]
    counts = pairwise([inputs, *hidden, outputs])
    return Problem.from_dict(
        {
            "nncalc": 1,
            "title": _title(inputs, hidden, outputs),
            "layers": [
                {"type": "dense", "name": name, "units": units, "activation": chosen}
                | _parameters(generator, before, units)
                for name, (before, units), chosen in zip(_names(len(hidden)), counts, activations, strict=True)
            ],
            "data": {"x": [picked(generator, INPUTS, inputs)], "y": [picked(generator, TARGETS, outputs)]},
            "loss": "mse",
            "optimizer": {"type": "sgd", "learning_rate": LEARNING_RATE},
        }
    )


def _check(inputs: int, hidden: Sequence[int], outputs: int, activation: str, seed: int) -> None:
    counts = {"inputs": inputs, **{f"hidden[{i}]": units for i, units in enumerate(hidden)}, "outputs": outputs}
    faults = [
        Fault(place, f"{count} given, 1 to {MOST_UNITS} are possible")
        for place, count in counts.items()
        if not 1 <= count <= MOST_UNITS
    ]
    if len(hidden) > MOST_HIDDEN_LAYERS:
        faults.append(Fault("hidden", f"{len(hidden)} layers given, at most {MOST_HIDDEN_LAYERS} are possible"))
    if activation not in ACTIVATIONS:
        faults.append(Fault("activation", f"{shown(activation)} is not one of them{meant(activation, ACTIVATIONS)}"))
    if not 0 <= seed <= LARGEST_SEED:
        faults.append(Fault("seed", f"{seed} given, 0 to {LARGEST_SEED} are possible"))
    if faults:
        raise InputError.of(faults)


def _title(inputs: int, hidden: Sequence[int], outputs: int) -> str:
    parts = [counted(inputs, "input"), *(counted(units, "hidden unit") for units in hidden), counted(outputs, "output")]
    return f"A network of your own: {', '.join(parts)}"


def _names(hidden: int) -> list[str]:
    return ["hidden"] * hidden + ["output"] if hidden < 2 else [f"hidden{n + 1}" for n in range(hidden)] + ["output"]


def _parameters(generator: Generator, before: int, units: int) -> dict[str, object]:
    """The biases share the range of the weights."""
    reach = reach_of(before, units)
    return {
        "weights": one_decimal(generator, reach, before, units),
        "bias": one_decimal(generator, reach, 1, units)[0],
    }


def reach_of(before: int, units: int) -> float:
    """Glorot and Bengio's range (2010, equation 16): it keeps sums of the size of the inputs."""
    return float(np.sqrt(6 / (before + units)))


def one_decimal(generator: Generator, reach: float, rows: int, columns: int) -> Rows:
    """Tenths between −reach and reach, without 0."""
    tenths = generator.integers(1, max(round(10 * reach), 1), size=(rows, columns), endpoint=True)
    signs = generator.choice([-1, 1], size=(rows, columns))
    return (signs * tenths / 10).tolist()


def picked(generator: Generator, choices: Sequence[float], count: int) -> list[float]:
    return generator.choice(choices, size=count).tolist()
