"""Keras 3 on its JAX backend against nncalc: images, "same" padding, orientation of kernels, a model explained."""

from __future__ import annotations

import os
from typing import Any

os.environ["KERAS_BACKEND"] = "jax"  # read when Keras is imported

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest

import nncalc
from tests.agreement import apart
from tests.drawn import Document, numbers
from tests.drawn_images import image_layer, image_size

TOLERANCE = 1e-9
OF_IMAGES = ("conv2d", "max_pool2d", "average_pool2d")


def representable(layer: Document) -> bool:
    """Whether Keras has it: no padding in numbers, no shared bias, no flip, not strides and dilation at once."""
    both = max(layer.get("strides", [1])) > 1 and max(layer.get("dilation", [1])) > 1
    shared = isinstance(layer.get("bias"), float)
    return (
        layer["type"] in OF_IMAGES and isinstance(layer["padding"], str) and not (both or shared or layer.get("flip"))
    )


def drawn_layer(number: int) -> tuple[list, Document]:
    """An image and a layer for it that Keras has; two of three are padded."""
    rng = np.random.default_rng(number)
    while True:
        image = image_size(rng)
        layer, _ = image_layer(rng, image, OF_IMAGES[number % 3])
        if representable(layer) and layer["padding"] == ("valid" if number % 9 < 3 else "same"):
            kept = {key: value for key, value in layer.items() if key not in ("activation", "l1", "l2")}
            return numbers(rng, 2, 1, *image), kept


DRAWN = [drawn_layer(number) for number in range(90)]


def keras_layer(layer: Document) -> keras.layers.Layer:
    if layer["type"] == "conv2d":
        return keras.layers.Conv2D(
            layer["filters"],
            layer["kernel_size"],
            layer["strides"],
            layer["padding"],
            dilation_rate=layer["dilation"],
            groups=layer["groups"],
            use_bias=layer["bias"] is not False,
            dtype="float64",
        )
    kind = keras.layers.MaxPooling2D if layer["type"] == "max_pool2d" else keras.layers.AveragePooling2D
    return kind(layer["pool_size"], layer["strides"], layer["padding"], dtype="float64")


def numbers_of(layer: Document) -> list[np.ndarray]:
    return [np.array(layer[name]) for name in ("weights", "bias") if layer.get(name, False) is not False]


@pytest.mark.usefixtures("keras_in_float64")
@pytest.mark.parametrize("number", range(len(DRAWN)))
def test_every_drawn_layer_over_images_is_keras_forwards_and_backwards(number):
    x, layer = DRAWN[number]
    model = keras.Sequential([keras.layers.Input(np.shape(x)[1:], dtype="float64"), keras_layer(layer)])
    model.set_weights(numbers_of(layer))
    y = np.ones(np.shape(model(np.array(x))))

    def loss(weights, image):
        called: Any = model.stateless_call(weights, [], image)
        return jnp.sum((called[0] - y) ** 2), called[0]

    weights = [variable.value for variable in model.trainable_variables]
    (_, prediction), (of_weights, of_x) = jax.value_and_grad(loss, (0, 1), has_aux=True)(weights, jnp.array(x))
    document = {"nncalc": 1, "layers": [layer], "data": {"x": x, "y": y.tolist()}, "loss": "sse"}
    solution = nncalc.solve(nncalc.Problem.from_dict(document))
    assert solution.prediction.shape == prediction.shape
    assert apart(prediction, solution.prediction) <= TOLERANCE
    *found, found_x = solution.gradients.values()
    for expected, mine in zip([*of_weights, of_x], [*found, found_x], strict=True):
        assert apart(expected, mine) <= TOLERANCE


def test_same_padding_is_among_the_drawn_layers_with_every_stride():
    padded = [layer for _, layer in DRAWN if layer["padding"] == "same"]
    used = {(layer["type"], stride) for layer in padded for stride in layer["strides"]}
    assert used == {(kind, stride) for kind in OF_IMAGES for stride in (1, 2, 3)}
    assert any(layer.get("groups", 1) > 1 for layer in padded)


# A model explained


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(3)
    layers = keras.layers
    return keras.Sequential(
        [
            layers.Input((6, 5, 2)),
            layers.Conv2D(3, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(2, 2, dilation_rate=2, padding="same"),
            layers.AveragePooling2D(2, 1, "same"),
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ]
    )


@pytest.fixture(scope="module")
def explained(model):
    def loss(weights, x, y):
        called: Any = model.stateless_call(weights, [], x)
        return -jnp.sum(y * jnp.log(called[0]))

    rng = np.random.default_rng(5)
    x, y = rng.normal(size=(1, 6, 5, 2)).astype(np.float32), np.eye(3, dtype=np.float32)[:1]
    arguments = ([variable.value for variable in model.trainable_variables], x, y)
    return nncalc.explain(loss, *arguments), loss, arguments


def test_a_keras_model_of_images_explained_has_its_loss_and_its_gradients(explained):
    explanation, loss, arguments = explained
    assert apart(loss(*arguments), explanation.value) <= 1e-6
    own = jax.grad(loss, argnums=(0, 1))(*arguments)
    assert jax.tree.structure(explanation.gradients[:2]) == jax.tree.structure(own)
    for expected, found in zip(jax.tree.leaves(own), jax.tree.leaves(explanation.gradients[:2]), strict=True):
        assert apart(expected, found, small=1.0) <= 1e-5


def test_every_cell_of_a_keras_model_is_a_step_with_keras_own_value(explained, model):
    explanation, _, (_, x, _) = explained
    results = np.array([step.result.value for step in explanation.steps])
    for layer in model.layers:
        x = layer(x)
        assert np.abs(np.asarray(x).ravel()[:, None] - results).min(axis=1).max() <= 1e-6


def test_a_keras_model_of_images_explained_agrees_with_jax(explained):
    explanation, *_ = explained
    assert min(compared.digits for compared in explanation.check()) >= 5
