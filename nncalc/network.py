"""The functions of a problem in plain JAX: forward pass with loss, and update rule.

They are what is explained, and what is run. Names on their numbers are the names of the problem format.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from inspect import signature
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.ad_checkpoint import checkpoint_name as named

from nncalc.layers import LAYERS, Layer
from nncalc.layers.layer import axes_of_samples
from nncalc.layers.window import name_size, settings_of_size
from nncalc.losses import LOSSES, absolute
from nncalc.optimizers import OPTIMIZERS
from nncalc.problem import Problem

Numbers = dict[str, Any]  # arrays by name, numpy's or JAX's
PENALTIES = ("l1", "l2")
REDUCE = {"mean": jnp.mean, "sum": jnp.sum}
ONE_DECISION = {"categorical_crossentropy"}
"""Losses whose outputs are the probabilities of classes, of which one is right."""


@dataclass(frozen=True)
class Architecture:
    """Everything about a problem but its numbers: two problems that share it share all that was compiled.

    `key` decides; the rest is what the functions are built from.
    """

    key: tuple
    problem: Problem = field(compare=False)

    @classmethod
    def of(cls, problem: Problem, samples: int) -> Architecture:
        layers = tuple(_layer_key(layer) for layer in problem.layers)
        loss = None if problem.y is None else (problem.loss, problem.error)
        optimizer = (problem.optimizer.type, *(k for k, v in problem.optimizer.settings.items() if v is True))
        return cls((layers, (samples, *problem.x.shape[1:]), repr(loss), optimizer, problem.notation), problem)

    def __hash__(self) -> int:
        return hash(self.key)


def _layer_key(layer: Layer) -> tuple:
    shapes = tuple((name, value.shape) for name, value in layer.parameters.items())
    settings = {k: bool(value) if k in PENALTIES else repr(value) for k, value in layer.settings.items()}
    return (layer.type, layer.name, tuple(settings.items()), shapes, layer.frozen)


def parameters_of(problem: Problem) -> Numbers:
    """Every parameter under its full name, layers in order."""
    return {f"{layer.name}.{name}": v for layer in problem.layers for name, v in layer.parameters.items()}


def frozen_parameters(problem: Problem) -> set[str]:
    return {f"{layer.name}.{name}" for layer in problem.layers for name in layer.frozen}


def penalties_of(problem: Problem) -> Numbers:
    """The λ of every penalty: `hidden.l2`."""
    return {
        f"{layer.name}.{kind}": np.float64(layer.settings[kind])
        for layer in problem.layers
        for kind in PENALTIES
        if layer.settings.get(kind)
    }


def layer_settings_of(problem: Problem) -> Numbers:
    """The numbers of layers that are no parameters: the λ of penalties, and what output sizes follow from."""
    found = penalties_of(problem)
    shape = problem.x.shape[1:]
    for layer in problem.layers:
        found |= settings_of_size(layer, shape)
        shape = layer.output_shape
    return found


def loss_function(architecture: Architecture):
    """`f(parameters, settings, x, y)`: the loss, or the prediction where the problem has no targets.

    `settings` are those of the layers (see `layer_settings_of`).
    """
    problem = architecture.problem

    def f(parameters: Numbers, settings: Numbers, x: Array, y: Array | None = None) -> Array:
        for layer in problem.layers:
            if "window" in layer.settings:
                name_size(layer, settings)
        prediction = _forward(problem.layers, parameters, x)
        prediction = named(prediction, f"prediction{axes_of_samples(prediction.ndim, 'output')}")
        if y is None:
            return prediction
        loss = _data_loss(problem, prediction, y)
        penalties = {name: settings[name] for name in penalties_of(problem)}
        return loss + named(_penalty(parameters, penalties), "penalty") if penalties else loss

    return f


def _forward(layers: tuple[Layer, ...], parameters: Numbers, x: Array) -> Array:
    for layer in layers:
        own = {name: parameters[f"{layer.name}.{name}"] for name in layer.parameters}
        x = LAYERS[layer.type].forward(layer, own, x)
    return x


def prediction_of(problem: Problem, x: np.ndarray) -> np.ndarray:
    """What the network of a problem answers to other data: one row per sample."""
    with jax.enable_x64(True):
        parameters = {name: jnp.asarray(value) for name, value in parameters_of(problem).items()}
        return np.asarray(_forward(problem.layers, parameters, jnp.asarray(x, float)))


def _data_loss(problem: Problem, prediction: Array, y: Array) -> Array:
    difference = prediction - y if problem.error == "prediction - actual" else y - prediction
    axes = axes_of_samples(y.ndim, "output")
    error = named(difference, f"error{axes}")
    loss = problem.loss
    term = named(_term(problem, error, prediction, y), f"term{axes}")
    if has_output_losses(problem):
        each = named(_times(loss.factor, REDUCE[loss.samples](term, axis=0)), "output_loss[output]")
        return REDUCE[loss.outputs](each)
    per_sample = REDUCE[loss.outputs](term, axis=tuple(range(1, term.ndim)))
    return _times(loss.factor, REDUCE[loss.samples](per_sample))


def _term(problem: Problem, error: Array, prediction: Array, y: Array) -> Array:
    row = LOSSES[problem.loss.type]
    if row.halfway and not problem.layers:
        value = named(row.halfway.value(prediction, y), f"{row.halfway.name}[sample, output]")
        return row.halfway.term(value)
    return row.term(error, prediction, y, **problem.loss.settings)


def has_output_losses(problem: Problem) -> bool:
    """Whether the loss of every output is a step of its own, before they are one number.

    So it is in a table without network, where an output is a column, or a model beside another. Only the classes of one
    decision belong together. In exact arithmetic the order of two means or sums makes no difference.
    """
    outputs = problem.x.shape[-1]
    return not problem.layers and problem.x.ndim == 2 and outputs > 1 and problem.loss.type not in ONE_DECISION


def _times(factor: float, value: Array) -> Array:
    return value if factor == 1 else factor * value


def _penalty(parameters: Numbers, penalties: Numbers) -> Array:
    r"""$\sum \lambda_1 |w| + \lambda_2 w^2$ over the weights of every layer that has a λ."""
    addends = []
    for name, rate in penalties.items():
        layer, _, kind = name.rpartition(".")
        weights = parameters[f"{layer}.weights"]
        addends.append(rate * jnp.sum(absolute(weights) if kind == "l1" else weights**2))
    return sum(addends[1:], start=addends[0])


def update_function(architecture: Architecture):
    """`f(parameters, gradients, moments, settings)`: every parameter and moment after one update."""
    problem = architecture.problem
    axes = axes_of_parameters(problem)
    optimizer = OPTIMIZERS[problem.optimizer.type]
    rule = optimizer.chosen(problem.optimizer.settings)

    def f(parameters: Numbers, gradients: Numbers, moments: dict[str, Numbers], settings: Numbers) -> Numbers:
        given = dict(settings)
        if optimizer.step_size is not None:
            given = {k: v for k, v in given.items() if k != "iteration"}
            needed = {k: settings[k] for k in ("learning_rate", "beta_1", "beta_2", "iteration")}
            given["step_size"] = named(optimizer.step_size(**needed), "step_size")
        results: Numbers = {}
        for name, w in parameters.items():
            own = {m: moments[m][name] for m in optimizer.moments}
            for kind, value in rule(w, gradients[name], own, **_wanted(rule, given)).items():
                results[f"{name}.{kind}"] = named(value, f"{name}.{kind}{axes[name]}")
        return results

    return f


def _wanted(rule: Callable, given: Mapping[str, Array]) -> dict[str, Array]:
    """The settings that a rule takes."""
    return {k: given[k] for k in signature(rule).parameters if k in given}


def axes_of_parameters(problem: Problem) -> dict[str, str]:
    """The axes of every parameter, as they stand behind its name: `[input, unit]`."""
    found = {}
    for layer in problem.layers:
        for name, value in layer.parameters.items():
            axes = LAYERS[layer.type].axes[name][: value.ndim]  # a shared bias has none
            found[f"{layer.name}.{name}"] = f"[{', '.join(axes)}]" if axes else ""
    return found
