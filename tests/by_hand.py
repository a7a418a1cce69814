"""A forward pass written from the format's description alone, number by number, in plain Python.

Nothing of nncalc's arithmetic is used: every named quantity of a problem is worked out from the quantities that it is
computed from, so that differences of any of them can be taken.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import product
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
            return self._sum(layer, indices, of) if kind == "z" else self._output(layer, indices, of)
        match kind:
            case "prediction":
                return of(self._source(len(self.layers), indices))
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

    def _source(self, k: int, indices: Sequence[int]) -> str:
        """The number that layer k gets at some indices; those of a flatten are the ones before it, in reading order."""
        if not k:
            return at("x", *indices)
        layer = self.problem.layers[k - 1]
        if layer.type != "flatten":
            return at(f"{layer.name}.a", *indices)
        sample, place = indices
        cell: list[int] = []
        for count in reversed(self._shape(k - 1)):
            place, index = divmod(place, count)
            cell.insert(0, index)
        return self._source(k - 1, (sample, *cell))

    def _shape(self, k: int) -> Sequence[int]:
        """The shape of what layer k gets."""
        return self.problem.layers[k - 1].output_shape if k else self.problem.x.shape[1:]

    def _sum(self, name: str, indices: tuple[int, ...], of: Of) -> float:
        k = self.layers[name]
        layer = self.problem.layers[k]
        *outer, unit = indices
        if layer.type == "conv2d":
            total = self._convolved(k, indices, of)
        else:
            total = sum(
                of(self._source(k, (*outer, i))) * of(at(f"{name}.weights", i, unit)) for i in range(self._shape(k)[-1])
            )
        if "bias" in layer.parameters:
            total += of(at(f"{name}.bias", *([unit] if layer.parameters["bias"].ndim else [])))
        return total

    def _convolved(self, k: int, indices: tuple[int, ...], of: Of) -> float:
        layer = self.problem.layers[k]
        n, row, column, unit = indices
        rows, columns, channels, filters = layer.parameters["weights"].shape
        first = unit // (filters // layer.settings["groups"]) * channels
        total = 0.0
        for i, j, r, c in self._window(k, row, column):
            a, b = (rows - 1 - i, columns - 1 - j) if layer.settings["flip"] else (i, j)
            for channel in range(channels):
                x = of(self._source(k, (n, r, c, first + channel)))
                total += x * of(at(f"{layer.name}.weights", a, b, channel, unit))
        return total

    def _window(self, k: int, row: int, column: int) -> Iterator[tuple[int, int, int, int]]:
        """The cells of a window that lie inside of the image: where in the window, and where in the image."""
        window, (height, width, _) = self.problem.layers[k].settings["window"], self._shape(k)
        for i in range(window.size[0]):
            for j in range(window.size[1]):
                r = row * window.strides[0] - window.padding[0][0] + i * window.dilation[0]
                c = column * window.strides[1] - window.padding[1][0] + j * window.dilation[1]
                if 0 <= r < height and 0 <= c < width:
                    yield i, j, r, c

    def _output(self, name: str, indices: tuple[int, ...], of: Of) -> float:
        k = self.layers[name]
        layer = self.problem.layers[k]
        *outer, unit = indices
        if "window" in layer.settings and layer.type != "conv2d":
            n, row, column, channel = indices
            cells = [of(self._source(k, (n, r, c, channel))) for _, _, r, c in self._window(k, row, column)]
            return max(cells) if layer.type == "max_pool2d" else sum(cells) / len(cells)

        def before(*place: int) -> float:
            return of(self._source(k, place) if layer.type == "activation" else at(f"{name}.z", *place))

        activation: Any = layer.activation
        if activation.name != "softmax":
            return ACTIVATIONS[activation.name](before(*indices), *activation.settings.values())
        row = [before(*outer, j) for j in range(layer.output_shape[-1])]
        largest = max(row)
        return math.exp(row[unit] - largest) / sum(math.exp(z - largest) for z in row)

    def _term(self, indices: tuple[int, ...], of: Of) -> float:
        loss = self.problem.loss
        if loss.type in OF_ERROR:
            return OF_ERROR[loss.type](of(at("error", *indices)), *loss.settings.values())
        return OF_PREDICTION[loss.type](of(at("prediction", *indices)), of(at("y", *indices)))

    def _loss(self, of: Of) -> float:
        loss, shape = self.problem.loss, self._shape(len(self.layers))
        total = sum(of(at("term", n, *place)) for n in range(self.samples) for place in product(*map(range, shape)))
        total /= math.prod(shape) if loss.outputs == "mean" else 1
        total /= self.samples if loss.samples == "mean" else 1
        return loss.factor * total + (of("penalty") if self._penalised() else 0.0)

    def _penalised(self) -> bool:
        return any(layer.settings.get(kind) for layer in self.problem.layers for kind in ("l1", "l2"))

    def _penalty(self, of: Of) -> float:
        total = 0.0
        for layer in self.problem.layers:
            for kind, power in (("l1", 1), ("l2", 2)):
                if layer.settings.get(kind):
                    places = product(*map(range, layer.parameters["weights"].shape))
                    weights = [of(at(f"{layer.name}.weights", *place)) for place in places]
                    total += of(f"{layer.name}.{kind}") * sum(abs(w) ** power for w in weights)
        return total


def central(f: Callable[[float], float], size: float = 1.0) -> float | None:
    """The central difference of f at 0; None at a corner, where those to the left and to the right differ."""
    h = 1e-5 * max(1.0, size)
    low, middle, high = f(-h), f(0.0), f(h)
    left, right = (middle - low) / h, (high - middle) / h
    smooth = abs(left - right) <= 0.01 * max(abs(left), abs(right)) + 1e-9 * max(1.0, abs(middle))
    return (high - low) / (2 * h) if smooth else None
