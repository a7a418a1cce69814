"""A forward pass written from the format's description alone, number by number, in plain Python.

Nothing of nncalc's arithmetic is used: every named quantity of a problem is worked out from the quantities that it is
computed from, so that differences of any of them can be taken.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from nncalc import Problem

Of = Callable[[str], float]

_NAME = re.compile(r"(?:iterations\[(\d+)\]\.)?(?:(\w+)\.)?(\w+?)((?:\[\d+\])*)")


def indices_of(text: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\[(\d+)\]", text)))


def at(base: str, *indices: int) -> str:
    return base + "".join(f"[{i}]" for i in indices)


def _exp(x: float) -> float:
    return math.exp(x) if x < 700 else math.inf


def _sigmoid(z: float) -> float:
    return 1 / (1 + _exp(-z))


ACTIVATIONS: dict[str, Callable[..., float]] = {
    "linear": lambda z: z,
    "relu": lambda z: max(z, 0.0),
    "leaky_relu": lambda z, slope: z if z > 0 else slope * z,
    "elu": lambda z: z if z > 0 else math.exp(z) - 1,
    "sigmoid": _sigmoid,
    "tanh": math.tanh,
    "softplus": lambda z: math.log1p(_exp(z)) if z < 30 else z,
    "gelu": lambda z: z * (1 + math.erf(z / math.sqrt(2))) / 2,
    "silu": lambda z: z * _sigmoid(z),
}


def _weighted_ln(weight: float, p: float) -> float:
    if weight == 0:
        return 0.0
    return weight * (math.log(p) if p > 0 else -math.inf)


def _huber(error: float, delta: float) -> float:
    return 0.5 * error**2 if abs(error) <= delta else delta * (abs(error) - 0.5 * delta)


OF_ERROR: dict[str, Callable[..., float]] = {
    "squared_error": lambda e: e**2,
    "absolute_error": lambda e: abs(e),
    "huber": _huber,
}
OF_PREDICTION: dict[str, Callable[[float, float], float]] = {
    "binary_crossentropy": lambda p, y: -(_weighted_ln(y, p) + _weighted_ln(1 - y, 1 - p)),
    "categorical_crossentropy": lambda p, y: -_weighted_ln(y, p),
    "hinge": lambda p, y: max(0.0, 1 - y * p),
}


class ByHand:
    """How every quantity of a problem is computed from others; `samples` are those of one iteration."""

    def __init__(self, problem: Problem, iteration: int = 0) -> None:
        self.problem = problem
        batch = problem.batches()[iteration]
        self.samples = batch.stop - batch.start
        self.layers = {layer.name: k for k, layer in enumerate(problem.layers)}

    def computed(self, name: str, of: Of) -> float:
        """The value of a quantity, where `of` knows those that it is computed from; `name` is without iteration."""
        match = _NAME.fullmatch(name)
        assert match is not None, name
        layer, kind, indices = match[2], match[3], indices_of(match[4])
        if layer:
            outer, unit = indices[:-1], indices[-1]
            return self._sum(layer, outer, unit, of) if kind == "z" else self._output(layer, outer, unit, of)
        match kind:
            case "prediction":
                return of(at(self._before(len(self.layers)), *indices))
            case "error":
                difference = of(at("prediction", *indices)) - of(at("y", *indices))
                return difference if self.problem.error == "prediction - actual" else -difference
            case "term":
                return self._term(indices, of)
            case "penalty":
                return self._penalty(of)
            case "loss":
                return self._loss(of)
        raise AssertionError(f"{name} is given, not computed")

    def loss_with(self, given: Of, shifted: str = "", by: float = 0.0) -> float:
        """The loss, all worked out from x, y and the parameters, with one quantity on the way changed by `by`."""
        known: dict[str, float] = {}

        def of(name: str) -> float:
            if name not in known:
                value = given(name) if self.is_given(name) else self.computed(name, of)
                known[name] = value + (by if name == shifted else 0.0)
            return known[name]

        return of("loss")

    def is_given(self, name: str) -> bool:
        match = _NAME.fullmatch(name)
        assert match is not None, name
        return match[3] not in ("z", "a", "prediction", "error", "term", "penalty", "loss")

    def _before(self, k: int) -> str:
        return f"{self.problem.layers[k - 1].name}.a" if k else "x"

    def _width(self, k: int) -> int:
        return self.problem.layers[k - 1].output_shape[-1] if k else self.problem.x.shape[-1]

    def _sum(self, name: str, outer: tuple[int, ...], unit: int, of: Of) -> float:
        k = self.layers[name]
        layer = self.problem.layers[k]
        total = sum(
            of(at(self._before(k), *outer, i)) * of(at(f"{name}.weights", i, unit)) for i in range(self._width(k))
        )
        if "bias" in layer.parameters:
            total += of(at(f"{name}.bias", *([unit] if layer.parameters["bias"].ndim else [])))
        return total

    def _output(self, name: str, outer: tuple[int, ...], unit: int, of: Of) -> float:
        k = self.layers[name]
        layer = self.problem.layers[k]
        source = f"{name}.z" if layer.type == "dense" else self._before(k)
        activation: Any = layer.activation
        if activation.name != "softmax":
            return ACTIVATIONS[activation.name](of(at(source, *outer, unit)), *activation.settings.values())
        row = [of(at(source, *outer, j)) for j in range(layer.output_shape[-1])]
        largest = max(row)
        return math.exp(row[unit] - largest) / sum(math.exp(z - largest) for z in row)

    def _term(self, indices: tuple[int, ...], of: Of) -> float:
        loss = self.problem.loss
        if loss.type in OF_ERROR:
            return OF_ERROR[loss.type](of(at("error", *indices)), *loss.settings.values())
        return OF_PREDICTION[loss.type](of(at("prediction", *indices)), of(at("y", *indices)))

    def _loss(self, of: Of) -> float:
        loss, outputs = self.problem.loss, self._width(len(self.layers))
        total = sum(of(at("term", n, k)) for n in range(self.samples) for k in range(outputs))
        total /= outputs if loss.outputs == "mean" else 1
        total /= self.samples if loss.samples == "mean" else 1
        return loss.factor * total + (of("penalty") if self._penalised() else 0.0)

    def _penalised(self) -> bool:
        return any(layer.settings.get(kind) for layer in self.problem.layers for kind in ("l1", "l2"))

    def _penalty(self, of: Of) -> float:
        total = 0.0
        for layer in self.problem.layers:
            for kind, power in (("l1", 1), ("l2", 2)):
                if layer.settings.get(kind):
                    rows, columns = layer.parameters["weights"].shape
                    weights = [of(at(f"{layer.name}.weights", i, j)) for i in range(rows) for j in range(columns)]
                    total += of(f"{layer.name}.{kind}") * sum(abs(w) ** power for w in weights)
        return total


def central(f: Callable[[float], float], size: float = 1.0) -> float | None:
    """The central difference of f at 0; None at a corner, where those to the left and to the right differ."""
    h = 1e-5 * max(1.0, size)
    low, middle, high = f(-h), f(0.0), f(h)
    left, right = (middle - low) / h, (high - middle) / h
    smooth = abs(left - right) <= 0.01 * max(abs(left), abs(right)) + 1e-9 * max(1.0, abs(middle))
    return (high - low) / (2 * h) if smooth else None
