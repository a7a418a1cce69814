"""Problems drawn at random, as documents of the format `nncalc/1`.

Written from the format's description alone: nothing here knows nncalc, so that what is drawn can't share its mistakes.
Numbers have six decimals, which keeps files small and corners (ReLU at exactly 0) out of reach.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.random import Generator

Document = dict[str, Any]

ACTIVATIONS = ("linear", "relu", "leaky_relu", "elu", "sigmoid", "tanh", "softplus", "gelu", "silu")
LOSSES = ("squared_error", "absolute_error", "huber", "binary_crossentropy", "categorical_crossentropy", "hinge")
SHORT_NAMES = ("mse", "half_sse", "sse", "mae", "binary_crossentropy", "categorical_crossentropy")
OPTIMIZERS = ("sgd", "momentum", "rmsprop", "adam", "adamw")
PROBABILITIES = {"binary_crossentropy": "sigmoid", "categorical_crossentropy": "softmax"}
WITHOUT_NETWORK = ("mse", "half_sse", "sse", "mae")

NEARLY_ZERO = 1e-60
"""An ε so small that it makes no difference whether it stands inside RMSprop's root, as in Keras, or outside."""


def documents(seed: int, count: int) -> list[Document]:
    """Always the same `count` problems for the same seed."""
    return [document(rng) for rng in np.random.default_rng(seed).spawn(count)]


def document(rng: Generator) -> Document:
    """One problem: 1 to 3 dense layers of 1 to 5 units (now and then none), 1 to 5 samples, a loss and an update rule.

    What a loss needs is seen to: a crossentropy gets probabilities and targets from 0 to 1, hinge gets ±1.
    """
    samples, inputs = (int(n) for n in rng.integers(1, 6, 2))
    bare = rng.random() < 0.03
    loss = str(rng.choice(WITHOUT_NETWORK)) if bare else _loss(rng)
    layers = [] if bare else _layers(rng, inputs, _loss_type(loss))
    outputs = next((layer["units"] for layer in reversed(layers) if layer["type"] == "dense"), inputs)
    drawn: Document = {
        "nncalc": 1,
        "layers": layers,
        "data": {
            "x": numbers(rng, 2, samples, inputs),
            "y": targets_of(rng, _loss_type(loss), samples, outputs),
        },
        "loss": loss,
        "error": str(rng.choice(["prediction - actual", "actual - prediction"])),
        "optimizer": optimizer_of(rng),
        "notation": str(rng.choice(["layered", "flat"])),
    }
    if rng.random() < 0.4:
        drawn["iterations"] = 3
    if rng.random() < 0.2:
        drawn["batch_size"] = int(rng.integers(1, samples + 1))
    return drawn


def numbers(rng: Generator, reach: float, *shape: int) -> Any:
    """Between −reach and reach; a single number without a shape."""
    return np.round(rng.uniform(-reach, reach, shape), 6).tolist()


def positive(rng: Generator, low: float, high: float) -> float:
    return round(float(rng.uniform(low, high)), 6)


# Networks


def _layers(rng: Generator, inputs: int, loss: str) -> list[Document]:
    count = int(rng.integers(1, 4))
    named = rng.random() < 0.5
    layers: list[Document] = []
    for number in range(1, count + 1):
        last = number == count
        units = int(rng.integers(2 if last and loss == "categorical_crossentropy" else 1, 6))
        dense = _dense(rng, inputs, units)
        if named:
            dense["name"] = "output" if last else f"hidden{number}"
        layers += _activated(rng, dense, PROBABILITIES.get(loss) if last else None, last)
        inputs = units
    return layers


def _dense(rng: Generator, inputs: int, units: int) -> Document:
    """Weights of about 1/√inputs, so that deep networks don't saturate."""
    layer: Document = {"type": "dense", "units": units, "weights": numbers(rng, 1.5 / inputs**0.5, inputs, units)}
    kind = rng.choice(["each", "shared", "none", "zeros"], p=[0.6, 0.2, 0.15, 0.05])
    if kind != "zeros":
        layer["bias"] = {"each": numbers(rng, 1, units), "shared": numbers(rng, 1), "none": False}[str(kind)]
    parameters = ["weights"] if kind == "none" else ["weights", "bias"]
    if rng.random() < 0.15:
        layer["frozen"] = [str(rng.choice(parameters))]
    layer |= {name: positive(rng, 0, 0.1) for name in ("l1", "l2") if rng.random() < 0.2}
    return layer


def _activated(rng: Generator, dense: Document, needed: str | None, last: bool) -> list[Document]:
    """The layer with its activation, which now and then is a layer of its own."""
    activation = needed or activation_of(rng, last)
    if rng.random() < 0.15:
        return [dense, {"type": "activation", "activation": activation}]
    if activation != "linear" or rng.random() < 0.5:
        dense["activation"] = activation
    return [dense]


def activation_of(rng: Generator, last: bool) -> Any:
    if rng.random() < (0.1 if last else 0.03):
        return "softmax"
    name = str(rng.choice(ACTIVATIONS))
    if name == "leaky_relu" and rng.random() < 0.5:
        return {"type": name, "slope": positive(rng, 0.05, 0.5)}
    return name


# Losses and targets


def _loss(rng: Generator) -> Any:
    if rng.random() < 0.3:
        return str(rng.choice(SHORT_NAMES))
    loss: Document = {"type": str(rng.choice(LOSSES))}
    if rng.random() < 0.5:
        loss["factor"] = positive(rng, 0.25, 2)
    loss |= {over: str(rng.choice(["mean", "sum"])) for over in ("outputs", "samples") if rng.random() < 0.7}
    if loss["type"] == "huber" and rng.random() < 0.7:
        loss["delta"] = positive(rng, 0.2, 2)
    return loss


def _loss_type(loss: Any) -> str:
    return loss["type"] if isinstance(loss, dict) else loss


def targets_of(rng: Generator, loss: str, samples: int, outputs: int) -> list[list[float]]:
    soft = rng.random() < 0.4
    if loss == "binary_crossentropy":
        hard = rng.integers(0, 2, (samples, outputs)).astype(float)
        return np.round(rng.uniform(0, 1, (samples, outputs)), 6).tolist() if soft else hard.tolist()
    if loss == "categorical_crossentropy":
        hard = np.eye(outputs)[rng.integers(0, outputs, samples)]
        return np.round(rng.dirichlet(np.ones(outputs), samples), 6).tolist() if soft else hard.tolist()
    if loss == "hinge":
        return rng.choice([-1.0, 1.0], (samples, outputs)).tolist()
    return numbers(rng, 2, samples, outputs)


# Update rules


def optimizer_of(rng: Generator) -> Document:
    """Some settings are left to their defaults."""
    chosen: Document = {"type": str(rng.choice(OPTIMIZERS))}
    if rng.random() < 0.8:
        chosen["learning_rate"] = positive(rng, 0.001, 0.05)
    possible = {
        "sgd": {},
        "momentum": {"momentum": positive(rng, 0.1, 0.95), "nesterov": bool(rng.integers(2))},
        "rmsprop": {"rho": positive(rng, 0.5, 0.99), "epsilon": positive(rng, 1e-4, 1e-2)},
        "adam": {
            "beta_1": positive(rng, 0.5, 0.95),
            "beta_2": positive(rng, 0.9, 0.999),
            "epsilon": positive(rng, 1e-4, 1e-2),
        },
    }
    possible["adamw"] = possible["adam"] | {"weight_decay": positive(rng, 0.001, 0.1)}
    chosen |= {name: value for name, value in possible[chosen["type"]].items() if rng.random() < 0.5}
    if chosen["type"] == "rmsprop" and rng.random() < 0.7:
        chosen["epsilon"] = NEARLY_ZERO
    return chosen
