"""Keras 3 on its JAX backend against nncalc: layers, losses, gradients and update rules, and a model explained.

With `floatx` float64 and JAX's x64, Keras' layers and optimizers are good to 1e-9 like PyTorch's. Some of its functions
go through float32 even so (Keras 3.15: `tanh`, `mean`, hence every loss), so tanh is JAX's own here, update rules are
compared under a squared error written out, and Keras' losses are compared to 1e-6.
"""

import functools
import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

os.environ["KERAS_BACKEND"] = "jax"  # read when Keras is imported

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest

import nncalc
from nncalc.losses import LOSSES
from nncalc.optimizers import OPTIMIZERS
from tests.agreement import apart, disagreements, iterations
from tests.drawn import Document, documents

# a layer of one softmax unit is odd, and drawn now and then
pytestmark = pytest.mark.filterwarnings("ignore:[^Y]*You are using a softmax over axis -1 of a tensor:UserWarning")

SQUARED = {"type": "squared_error", "factor": 1, "outputs": "mean", "samples": "mean"}
PLAIN = {"iterations": 1, "optimizer": {"type": "sgd"}}

# Settings of each rule in the format's words, which are Keras'; first of all its defaults.
RULES = {
    "sgd": [{}, {"learning_rate": 0.05}],
    "momentum": [{}, {"momentum": 0.6}, {"nesterov": True}, {"learning_rate": 0.02, "momentum": 0.5, "nesterov": True}],
    "rmsprop": [{}, {"learning_rate": 0.02, "rho": 0.7, "epsilon": 1e-3}],
    "adam": [{}, {"learning_rate": 0.02, "beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-3}],
    "adamw": [{}, {"learning_rate": 0.02, "beta_1": 0.8, "epsilon": 1e-3, "weight_decay": 0.1}],
}
KERAS_RULES = {
    "sgd": keras.optimizers.SGD,
    "momentum": partial(keras.optimizers.SGD, momentum=0.9),
    "rmsprop": keras.optimizers.RMSprop,
    "adam": keras.optimizers.Adam,
    "adamw": keras.optimizers.AdamW,
}
# The loss of a sample: a mean over its outputs, but for the categorical one, which is a sum.
KERAS_LOSSES = {
    "squared_error": keras.losses.mean_squared_error,
    "absolute_error": keras.losses.mean_absolute_error,
    "huber": keras.losses.huber,
    "binary_crossentropy": keras.losses.binary_crossentropy,
    "categorical_crossentropy": keras.losses.categorical_crossentropy,
    "hinge": keras.losses.hinge,
}


def representable(document: Document) -> bool:
    """Whether Keras' own layers can express it: no shared bias, nothing frozen, all samples at once."""
    layers = document["layers"]
    odd = any("frozen" in layer or isinstance(layer.get("bias"), float) for layer in layers)
    return bool(layers) and not odd and "batch_size" not in document and isinstance(document["loss"], dict)


DRAWN = [document for document in documents(seed=7, count=200) if representable(document)]


# A problem in Keras' words


class Network:
    """A drawn problem's model and loss; the loss is compiled once, for every update rule."""

    def __init__(self, document: Document, loss: Callable) -> None:
        self.model = keras.Sequential([keras.layers.Input((len(document["data"]["x"][0]),), dtype="float64")])
        for layer in document["layers"]:
            self.model.add(_layer(layer))
        self.names = _parameter_names(document)
        self.numbers = _numbers(document)
        self.x, self.y = (jnp.array(document["data"][key]) for key in "xy")
        self._answers = jax.jit(jax.value_and_grad(partial(self._loss, loss), argnums=(0, 1), has_aux=True))

    def _loss(self, loss: Callable, variables: list, x: jax.Array) -> tuple:
        called: Any = self.model.stateless_call(variables, [], x, return_losses=True)
        prediction, _, penalties = called
        penalty = jnp.asarray(sum(penalties), dtype=float)
        return loss(self.y, prediction) + penalty, (prediction, penalty)

    def answers(self) -> tuple:
        """((loss, (prediction, penalty)), (gradients of the parameters, of x)) at the present parameters."""
        return self._answers([variable.value for variable in self.model.trainable_variables], self.x)

    def solve(self, optimizer: keras.optimizers.Optimizer, iterations: int) -> list[dict]:
        """The answers of every iteration under the names that nncalc gives them."""
        self.model.set_weights(self.numbers)
        return [self._iteration(optimizer) for _ in range(iterations)]

    def _iteration(self, optimizer: keras.optimizers.Optimizer) -> dict:
        (loss, (prediction, penalty)), (gradients, of_x) = self.answers()
        variables = self.model.trainable_variables
        optimizer.apply(gradients, variables)
        return {
            "prediction": prediction,
            "loss": loss,
            "penalty": penalty,
            "gradients": dict(zip(self.names, gradients, strict=True)) | {"x": of_x},
            "updated": {name: np.array(v.value) for name, v in zip(self.names, variables, strict=True)},
            "loss_after": self.answers()[0][0],
        }


def _layer(layer: Document) -> keras.layers.Layer:
    activation = _activation(layer.get("activation", "linear"))
    if layer["type"] == "activation":
        return keras.layers.Activation(activation, dtype="float64")
    return keras.layers.Dense(
        layer["units"],
        activation,
        use_bias=layer.get("bias") is not False,
        kernel_regularizer=keras.regularizers.L1L2(layer.get("l1", 0.0), layer.get("l2", 0.0)),
        dtype="float64",
    )


def _activation(activation):
    if isinstance(activation, dict):
        return partial(keras.activations.leaky_relu, negative_slope=activation["slope"])
    special = {
        "gelu": partial(keras.activations.gelu, approximate=False),
        "leaky_relu": partial(keras.activations.leaky_relu, negative_slope=0.01),
        "tanh": jnp.tanh,
    }
    return special.get(activation, activation)


def _numbers(document: Document) -> list[np.ndarray]:
    dense = [layer for layer in document["layers"] if layer["type"] == "dense"]
    pairs = [[layer["weights"], layer.get("bias", [0.0] * layer["units"])] for layer in dense]
    return [np.array(values) for pair in pairs for values in pair if values is not False]


def _parameter_names(document: Document) -> list[str]:
    """In the order of Keras' variables."""
    dense = [(number, layer) for number, layer in enumerate(document["layers"], 1) if layer["type"] == "dense"]
    return [
        f"{layer.get('name', f'layer{number}')}.{parameter}"
        for number, layer in dense
        for parameter in ("weights", "bias")
        if parameter == "weights" or layer.get("bias") is not False
    ]


def squared_error(y: jax.Array, prediction: jax.Array) -> jax.Array:
    return jnp.mean((prediction - y) ** 2)


def keras_loss(chosen: Document) -> Callable:
    """Keras' loss with factor and reductions of the format."""
    settings = dict(chosen)
    kind = settings.pop("type")
    factor, outputs, samples = (
        settings.pop(name, default) for name, default in (("factor", 1.0), ("outputs", "mean"), ("samples", "mean"))
    )
    sums = kind == "categorical_crossentropy"

    def loss(y: jax.Array, prediction: jax.Array) -> jax.Array:
        of_sample = KERAS_LOSSES[kind](y, prediction, **settings)
        if (outputs == "sum") != sums:
            of_sample = of_sample / y.shape[-1] if sums else of_sample * y.shape[-1]
        return factor * (jnp.sum(of_sample) if samples == "sum" else jnp.mean(of_sample))

    return loss


@functools.cache
def squared_network(number: int) -> Network:
    return Network(DRAWN[number], squared_error)


def solved(document: Document) -> Sequence[Mapping]:
    return iterations(nncalc.solve(nncalc.Problem.from_dict(document)).to_dict())


# Layers, losses and update rules


@pytest.mark.usefixtures("keras_in_float64")
@pytest.mark.parametrize(("rule", "settings"), [(rule, settings) for rule in OPTIMIZERS for settings in RULES[rule]])
@pytest.mark.parametrize("number", range(2))
def test_three_iterations_of_every_update_rule_are_keras(rule, settings, number):
    found = solved(DRAWN[number] | {"loss": SQUARED, "iterations": 3, "optimizer": {"type": rule} | settings})
    expected = squared_network(number).solve(KERAS_RULES[rule](**settings), iterations=3)
    assert disagreements(expected, found, tolerance=1e-9) == {}


@pytest.mark.usefixtures("keras_in_float64")
@pytest.mark.parametrize("number", range(2, 14))
def test_layers_penalties_and_gradients_are_keras(number):
    found = solved(DRAWN[number] | {"loss": SQUARED} | PLAIN)
    expected = squared_network(number).solve(keras.optimizers.SGD(), iterations=1)
    assert disagreements(expected, found, tolerance=1e-9) == {}


@pytest.mark.usefixtures("keras_in_float64")
@pytest.mark.parametrize("kind", LOSSES)
@pytest.mark.parametrize("number", range(3))
def test_losses_with_their_factor_and_reductions_are_keras(kind, number):
    document = [problem for problem in DRAWN if problem["loss"]["type"] == kind][number]
    expected = Network(document, keras_loss(document["loss"])).solve(keras.optimizers.SGD(), iterations=1)
    assert disagreements(expected, solved(document | PLAIN), tolerance=1e-6, small=1.0) == {}


# A model explained


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(3)
    layers = keras.layers
    return keras.Sequential([layers.Input((3,)), layers.Dense(15, "relu"), layers.Dense(5, "relu"), layers.Dense(1)])


@pytest.fixture(scope="module")
def loss(model):
    """A loss around the unchanged model: of its weights, the data and the targets."""

    def loss(weights, x, y):
        prediction, _ = model.stateless_call(weights, [], x)
        return jnp.mean((prediction - y) ** 2)

    return loss


@pytest.fixture(scope="module")
def arguments(model):
    rng = np.random.default_rng(5)
    x, y = (rng.normal(size=(4, n)).astype(np.float32) for n in (3, 1))
    return [variable.value for variable in model.trainable_variables], x, y


@pytest.fixture(scope="module")
def explained(loss, arguments):
    return nncalc.explain(loss, *arguments)


def test_a_keras_model_explained_has_the_value_of_its_loss(explained, loss, arguments):
    assert apart(loss(*arguments), explained.value) <= 1e-6


def test_a_keras_model_explained_has_its_gradients_in_the_tree_of_its_arguments(explained, loss, arguments):
    own = jax.grad(loss, argnums=(0, 1, 2))(*arguments)
    assert jax.tree.structure(explained.gradients) == jax.tree.structure(own)
    for expected, found in zip(jax.tree.leaves(own), jax.tree.leaves(explained.gradients), strict=True):
        assert apart(expected, found, small=1.0) <= 1e-6


def test_every_unit_of_a_keras_model_is_a_step_with_keras_own_value(explained, model, arguments):
    _, x, _ = arguments
    results = np.array([step.result.value for step in explained.steps])
    for layer in model.layers:
        x = layer(x)
        assert np.abs(np.asarray(x).ravel()[:, None] - results).min(axis=1).max() <= 1e-6


def test_every_step_of_a_keras_model_reads_only_what_earlier_steps_wrote(explained):
    known = set()
    for step in explained.steps:
        assert step.symbols and step.numbers and np.isfinite(step.result.value)
        computed = {name for name in step.reads if not name.startswith(("weights[", "x[", "y["))}
        assert computed <= known, step
        known.add(step.quantity)
    assert "loss" in known


def test_the_paths_of_a_keras_weight_add_up_to_its_gradient(explained, loss, arguments):
    own = jax.grad(loss)(*arguments)
    paths = explained.paths("weights[2][3][1]")
    assert apart(own[2][3, 1], sum(path.product for path in paths)) <= 1e-6


def test_a_keras_model_explained_agrees_with_jax_and_itself(explained):
    assert min(compared.digits for compared in explained.check()) >= 5
