"""A problem to start with: a network of a given shape whose numbers suit paper and pencil."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.random import Generator

from nncalc.activations import ACTIVATIONS
from nncalc.errors import Fault, InputError
from nncalc.patterns import drawn
from nncalc.problem import LARGEST_SEED, Problem
from nncalc.wording import counted, meant, shown

MOST_UNITS = 8
MOST_HIDDEN_LAYERS = 3
INPUTS = (0.5, 1.0, 1.5, 2.0)
TARGETS = (0.5, 1.0, 1.5)
LEARNING_RATE = 0.1
IMAGE_SIZES = (3, 28)
MOST_FILTERS = 4
MOST_KERNEL = 7
MOST_POOLING = 4
CLASSES = (2, 10)

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


def image_problem(size: int, filters: int, kernel: int, pooling: int, classes: int, seed: int) -> Problem:
    """A small network for images: a convolution, perhaps max pooling, and a dense layer with softmax.

    The image is square and shows a 7. `kernel` and `pooling` are the sides of their windows; `pooling` 0 leaves the
    pooling out. Numbers are drawn as in `network_problem`; the loss is categorical crossentropy, and the first class is
    the right one.

    Raises:
        InputError: with everything that is not possible.

    >>> image_problem(6, 2, 3, 2, 2, seed=0).title
    'An image network of your own: 6 × 6 cells, 2 filters of 3 × 3, pooling 2 × 2, 2 classes'
    >>> image_problem(6, 2, 7, 2, 2, seed=0)
    Traceback (most recent call last):
    nncalc.errors.InputError: kernel: 7 given, 1 to 6 are possible (the image has 6 rows)
    """
    _check_image(size, filters, kernel, pooling, classes, seed)
    generator = np.random.Generator(np.random.PCG64(seed))
    side = size - kernel + 1
    layers = [
        {"type": "conv2d", "name": "conv", "filters": filters, "kernel_size": [kernel, kernel], "activation": "relu"}
        | _parameters(generator, kernel * kernel, filters, (kernel, kernel, 1, filters))
    ]
    if pooling:
        layers.append({"type": "max_pool2d", "name": "pool", "pool_size": [pooling, pooling]})
        side = side // pooling
    count = side * side * filters
    layers += [
        {"type": "flatten", "name": "flat"},
        {"type": "dense", "name": "output", "units": classes, "activation": "softmax"}
        | _parameters(generator, count, classes),
    ]
    pooled = f", pooling {pooling} × {pooling}" if pooling else ""
    return Problem.from_dict(
        {
            "nncalc": 1,
            "title": f"An image network of your own: {size} × {size} cells, {counted(filters, 'filter')} of "
            f"{kernel} × {kernel}{pooled}, {classes} classes",
            "layers": layers,
            "data": {
                "x": [[[[cell] for cell in row] for row in drawn("seven", size, size)]],
                "y": [[1] + [0] * (classes - 1)],
            },
            "loss": "categorical_crossentropy",
            "optimizer": {"type": "sgd", "learning_rate": LEARNING_RATE},
        }
    )


def _check_image(size: int, filters: int, kernel: int, pooling: int, classes: int, seed: int) -> None:
    left = size - min(kernel, size) + 1
    bounds = {
        "size": (size, *IMAGE_SIZES, ""),
        "filters": (filters, 1, MOST_FILTERS, ""),
        "kernel": (kernel, 1, min(size, MOST_KERNEL), f" (the image has {counted(size, 'row')})"),
        "pooling": (pooling, 0, min(left, MOST_POOLING), f" (the convolution leaves {counted(left, 'row')})"),
        "classes": (classes, *CLASSES, ""),
        "seed": (seed, 0, LARGEST_SEED, ""),
    }
    faults = [
        Fault(place, f"{given} given, {least} to {most} are possible{why}")
        for place, (given, least, most, why) in bounds.items()
        if not least <= given <= most and (place != "pooling" or kernel <= size)
    ]
    if faults:
        raise InputError.of(faults)


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


def _parameters(generator: Generator, before: int, units: int, shape: Sequence[int] = ()) -> dict[str, object]:
    """The biases share the range of the weights, which are a matrix unless another `shape` is given."""
    reach = reach_of(before, units)
    return {
        "weights": np.reshape(one_decimal(generator, reach, before, units), shape or (before, units)).tolist(),
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
