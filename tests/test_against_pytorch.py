"""PyTorch's answers to 500 drawn problems and 300 with images, made by `reference/make.py`, against nncalc's.

And JAX's own gradients.
"""

import gzip
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from nncalc import Problem, Solution, solve
from nncalc.activations import ACTIVATIONS
from nncalc.losses import LOSSES, SHORT_NAMES
from nncalc.optimizers import OPTIMIZERS
from tests.agreement import apart, disagreements, iterations

FILES = ("pytorch.json.gz", "pytorch-images.json.gz")
STORED = [json.loads(gzip.decompress((Path(__file__).parent / "reference" / name).read_bytes())) for name in FILES]
NETWORKS = [network for stored in STORED for network in stored["networks"]]
DOCUMENTS = [network["document"] for network in NETWORKS]

COMPARED_WITH_JAX = [*range(500), *range(500, len(NETWORKS), 4)]
"""Of the problems with images some: for each of them JAX compiles another program."""


@dataclass
class Network:
    document: dict
    expected: list[dict]
    solution: Solution


@pytest.fixture(scope="module", params=range(len(NETWORKS)))
def network(request):
    """Every stored network, solved once for all the tests about it."""
    stored = NETWORKS[request.param]
    return Network(stored["document"], stored["iterations"], solve(Problem.from_dict(stored["document"])))


def test_prediction_loss_gradients_and_updates_are_pytorchs(network):
    found = iterations(network.solution.to_dict())
    assert len(found) == network.document.get("iterations", 1)
    assert disagreements(network.expected, found[: len(network.expected)], tolerance=1e-9) == {}


@pytest.mark.parametrize("network", COMPARED_WITH_JAX, indirect=True)
def test_every_gradient_is_that_of_jax(network):
    compared = network.solution.check(only=[])
    assert {one.name for one in compared} == set(network.expected[0]["gradients"])
    jax_grad = {one.name: one.jax_grad for one in compared}
    assert apart(jax_grad, {one.name: one.chain_rule for one in compared}) <= 1e-9


def test_the_error_is_shown_in_the_order_that_was_asked_for(network):
    quantities = network.solution.to_dict()["quantities"]
    if "error" in quantities:
        prediction = np.array(network.expected[0]["prediction"])
        error = prediction - np.array(network.document["data"]["y"])[: len(prediction)]
        sign = 1 if network.document["error"] == "prediction - actual" else -1
        assert apart(sign * error, quantities["error"]) <= 1e-9


@pytest.mark.parametrize("number", range(0, len(NETWORKS), 25))
def test_every_gradient_is_a_central_difference(number):
    for compared in solve(Problem.from_dict(DOCUMENTS[number])).check():
        assert apart(compared.difference, compared.chain_rule, small=1.0) <= 1e-6, compared.name


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_is_among_the_stored_networks(activation):
    used = [layer.get("activation", "linear") for document in DOCUMENTS for layer in document["layers"]]
    assert activation in {one["type"] if isinstance(one, dict) else one for one in used}


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("outputs", ["mean", "sum"])
@pytest.mark.parametrize("samples", ["mean", "sum"])
def test_every_loss_is_among_the_stored_networks_with_every_reduction(loss, outputs, samples):
    objects = [document["loss"] for document in DOCUMENTS if isinstance(document["loss"], dict)]
    used = {(one["type"], one.get("outputs", "mean"), one.get("samples", "mean")) for one in objects}
    assert (loss, outputs, samples) in used


@pytest.mark.parametrize("short_name", SHORT_NAMES)
def test_every_short_name_of_a_loss_is_among_the_stored_networks(short_name):
    assert short_name in [document["loss"] for document in DOCUMENTS]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_update_rule_is_compared_over_three_iterations(optimizer):
    compared = [n for n in NETWORKS if n["document"]["optimizer"]["type"] == optimizer]
    assert any(sum("updated" in answers for answers in network["iterations"]) == 3 for network in compared)


OF_IMAGES = [layer for network in STORED[1]["networks"] for layer in network["document"]["layers"]]


@pytest.mark.parametrize("kind", ["conv2d", "max_pool2d", "average_pool2d"])
@pytest.mark.parametrize("padding", ["valid", "same", "explicit"])
def test_every_layer_of_images_is_among_the_stored_networks_with_every_padding(kind, padding):
    used = [layer["padding"] for layer in OF_IMAGES if layer["type"] == kind]
    assert padding in used or (padding == "explicit" and any(isinstance(p, list) and p[0][0] != p[0][1] for p in used))


@pytest.mark.parametrize(
    "drawn",
    [
        lambda layer: layer["groups"] > 1,
        lambda layer: layer["groups"] == layer["filters"] > 1,  # depthwise
        lambda layer: layer.get("flip"),
        lambda layer: layer["dilation"] == [2, 3],
        lambda layer: layer["strides"] == [1, 3],
        lambda layer: layer["kernel_size"][0] != layer["kernel_size"][1],
        lambda layer: layer.get("l2"),
    ],
)
def test_every_setting_of_a_convolution_is_among_the_stored_networks(drawn):
    assert any(drawn(layer) for layer in OF_IMAGES if layer["type"] == "conv2d")
