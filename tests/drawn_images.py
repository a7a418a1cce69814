"""Problems with images drawn at random, as documents of the format `nncalc/1`, written from its description alone."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.random import Generator

from tests.drawn import Document, activation_of, numbers, optimizer_of, positive, targets_of

Image = tuple[int, int, int]

IMAGE_LAYERS = ("conv2d", "max_pool2d", "average_pool2d", "activation")
LOSSES_OF_IMAGES = ("mse", "half_sse", "sse", "huber")


def documents(seed: int, count: int) -> list[Document]:
    """Always the same `count` problems for the same seed."""
    return [document(rng) for rng in np.random.default_rng(seed).spawn(count)]


def document(rng: Generator) -> Document:
    """One problem: 1 to 3 layers over an image of 1 to 8 rows and columns, then often flatten and dense layers."""
    samples = int(rng.integers(1, 3))
    image = image_size(rng)
    x = numbers(rng, 2, samples, *image)
    layers: list[Document] = []
    for number in range(int(rng.integers(1, 4))):
        kind = "conv2d" if number == 0 or rng.random() < 0.4 else str(rng.choice(IMAGE_LAYERS))
        layer, image = image_layer(rng, image, kind)
        layers.append(layer)
    flat = bool(rng.random() < 0.6)
    loss = str(rng.choice(("categorical_crossentropy", *LOSSES_OF_IMAGES) if flat else LOSSES_OF_IMAGES))
    shape: tuple[int, ...] = image
    if flat:
        layers += _classified(rng, int(np.prod(image)), loss)
        shape = (layers[-1]["units"],)
    y = targets_of(rng, loss, samples, *shape) if flat else numbers(rng, 2, samples, *shape)
    drawn: Document = {
        "nncalc": 1,
        "layers": layers,
        "data": {"x": x, "y": y},
        "loss": {"type": "huber", "delta": positive(rng, 0.5, 2)} if loss == "huber" else loss,
        "error": str(rng.choice(["prediction - actual", "actual - prediction"])),
        "optimizer": optimizer_of(rng),
        "notation": str(rng.choice(["layered", "flat"])),
    }
    return drawn | ({"iterations": 2} if rng.random() < 0.3 else {})


def image_size(rng: Generator) -> Image:
    return int(rng.integers(1, 9)), int(rng.integers(1, 9)), int(rng.integers(1, 5))


def _classified(rng: Generator, inputs: int, loss: str) -> list[Document]:
    units = int(rng.integers(2, 5))
    dense: Document = {"type": "dense", "units": units, "weights": numbers(rng, 1.5 / inputs**0.5, inputs, units)}
    return [{"type": "flatten"}, dense | ({"activation": "softmax"} if loss == "categorical_crossentropy" else {})]


def image_layer(rng: Generator, image: Image, kind: str) -> tuple[Document, Image]:
    """A layer over an image of this size, and the size of what comes out."""
    if kind == "activation":
        return {"type": kind, "activation": activation_of(rng, last=True)}, image
    size = [int(rng.integers(1, min(4, n) + 1)) for n in image[:2]]
    strides = [int(n) for n in rng.integers(1, 4, 2)]
    dilation = [int(d) if (k - 1) * d < n else 1 for d, k, n in zip(rng.integers(1, 4, 2), size, image, strict=False)]
    dilation = dilation if kind == "conv2d" else [1, 1]
    padding, edges = _padding(rng, image, size, strides, dilation, kind)
    rows, columns = (
        (n + sum(p) - d * (k - 1) - 1) // s + 1
        for n, p, d, k, s in zip(image, edges, dilation, size, strides, strict=False)
    )
    layer: Document = {"type": kind, "strides": strides, "padding": padding}
    if kind != "conv2d":
        return layer | {"pool_size": size}, (rows, columns, image[2])
    groups = int(rng.choice([g for g in range(1, image[2] + 1) if image[2] % g == 0]))
    filters = groups * int(rng.integers(1, 4))
    layer |= {"filters": filters, "kernel_size": size, "dilation": dilation, "groups": groups}
    layer |= {"flip": True} if rng.random() < 0.3 else {}
    channels = image[2] // groups
    layer["weights"] = numbers(rng, 1.5 / (size[0] * size[1] * channels) ** 0.5, *size, channels, filters)
    kinds = {"each": numbers(rng, 1, filters), "shared": numbers(rng, 1), "none": False}
    layer["bias"] = kinds[str(rng.choice(list(kinds)))]
    layer |= {name: positive(rng, 0, 0.1) for name in ("l1", "l2") if rng.random() < 0.2}
    if rng.random() < 0.7:
        layer["activation"] = activation_of(rng, last=True)
    return layer, (rows, columns, filters)


def _padding(
    rng: Generator, image: Image, size: list[int], strides: list[int], dilation: list[int], kind: str
) -> tuple[Any, list[list[int]]]:
    """The padding as a file has it, and in numbers; no window of a pooling lies in it alone."""
    choice = str(rng.choice(["valid", "same", "explicit"]))
    if choice == "explicit":
        most = [2 if kind == "conv2d" else k - 1 for k in size]
        edges = [[int(n) for n in rng.integers(0, m + 1, 2)] for m in most]
        return edges, edges
    if choice == "valid":
        return choice, [[0, 0], [0, 0]]
    edges = []
    for n, k, s, d in zip(image, size, strides, dilation, strict=False):
        total = max((int(np.ceil(n / s)) - 1) * s + (k - 1) * d + 1 - n, 0)
        edges.append([total // 2, total - total // 2])
    return choice, edges
