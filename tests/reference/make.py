"""PyTorch's answers to drawn problems: what `test_against_pytorch.py` compares nncalc with.

    python tests/reference/make.py             draws 500 problems, and 300 with images, and stores PyTorch's answers
    python tests/reference/make.py --verify    proves that the stored answers are PyTorch's, and nncalc's on a new draw

The network is written from the problem format with torch.nn.functional, its gradients are autograd's, its updates are
torch.optim's, all in float64. Where PyTorch's update rule places ε elsewhere than Keras (whose rules the format has),
ε is chosen so that both agree: Adam's is divided by √(1 − β₂ᵗ), and RMSprop's updates are given only for an ε that is
next to nothing. With a small ε an update depends on the direction of a gradient alone, so it is left out, with all that
follows from it, where a gradient is nothing but rounding.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import secrets
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # run as a script, from a checkout

from tests import drawn, drawn_images
from tests.agreement import disagreements, iterations
from tests.drawn import NEARLY_ZERO, Document

SEED = 20_260_213
TOLERANCE = 1e-9
SMALL_EPSILON = 1e-5
SAME_PROGRAM = 1e-11  # PyTorch against itself, perhaps on another processor

Parameters = dict[str, Tensor]
Answers = dict[str, Any]


@dataclass(frozen=True)
class Stored:
    """A file of answers: to how many problems, and what draws them."""

    name: str
    count: int
    documents: Callable[[int, int], list[Document]]

    @property
    def path(self) -> Path:
        return Path(__file__).with_name(self.name)


STORED = (
    Stored("pytorch.json.gz", 500, drawn.documents),
    Stored("pytorch-images.json.gz", 300, drawn_images.documents),
)


# The network


ACTIVATIONS: dict[str, Callable[..., Tensor]] = {
    "linear": lambda z: z,
    "relu": F.relu,
    "leaky_relu": lambda z, slope=0.01: F.leaky_relu(z, negative_slope=slope),
    "elu": lambda z: F.elu(z, alpha=1.0),
    "sigmoid": F.sigmoid,
    "tanh": F.tanh,
    "softplus": lambda z: F.softplus(z, threshold=700.0),  # at its default of 20 it turns into a straight line
    "softmax": lambda z: F.softmax(z, dim=-1),
    "gelu": lambda z: F.gelu(z, approximate="none"),
    "silu": F.silu,
}

TERMS: dict[str, Callable[..., Tensor]] = {
    "squared_error": lambda p, y: F.mse_loss(p, y, reduction="none"),
    "absolute_error": lambda p, y: F.l1_loss(p, y, reduction="none"),
    "huber": lambda p, y, delta=1.0: F.huber_loss(p, y, reduction="none", delta=delta),
    "binary_crossentropy": lambda p, y: F.binary_cross_entropy(p, y, reduction="none"),
    "categorical_crossentropy": lambda p, y: -torch.xlogy(y, p),
    "hinge": lambda p, y: F.relu(1 - y * p),
}

SHORT_NAMES: dict[str, Document] = {
    "mse": {"type": "squared_error"},
    "half_sse": {"type": "squared_error", "factor": 0.5, "outputs": "sum"},
    "sse": {"type": "squared_error", "outputs": "sum", "samples": "sum"},
    "mae": {"type": "absolute_error"},
    "binary_crossentropy": {"type": "binary_crossentropy"},
    "categorical_crossentropy": {"type": "categorical_crossentropy", "outputs": "sum"},
}


def parameters_of(document: Document) -> Parameters:
    """Every parameter by its name in answers; a shared bias is a single number, a bias left out is zeros."""
    found: Parameters = {}
    for name, layer in named_layers(document):
        if layer["type"] not in ("dense", "conv2d"):
            continue
        found[f"{name}.weights"] = torch.tensor(layer["weights"])
        bias = layer.get("bias", [0.0] * len(np.transpose(layer["weights"])))
        if bias is not False:
            found[f"{name}.bias"] = torch.tensor(bias)
    return {name: value.requires_grad_() for name, value in found.items()}


def named_layers(document: Document) -> list[tuple[str, Document]]:
    return [(layer.get("name", f"layer{n}"), layer) for n, layer in enumerate(document["layers"], 1)]


def predict(document: Document, parameters: Parameters, x: Tensor) -> Tensor:
    for name, layer in named_layers(document):
        bias = parameters.get(f"{name}.bias", torch.tensor(0.0))
        match layer["type"]:
            case "dense":
                x = x @ parameters[f"{name}.weights"] + bias
            case "conv2d":
                x = convolved(layer, x, parameters[f"{name}.weights"]) + bias
            case "max_pool2d" | "average_pool2d":
                x = pooled(layer, x)
            case "flatten":
                x = x.flatten(1)
        activation = layer.get("activation", "linear")
        settings = dict(activation) if isinstance(activation, dict) else {"type": activation}
        x = ACTIVATIONS[settings.pop("type")](x, **settings)
    return x


def convolved(layer: Document, x: Tensor, kernel: Tensor) -> Tensor:
    """Images have the channel last here and first in PyTorch; its kernels begin with filter and channel."""
    kernel = kernel.flip(0, 1) if layer.get("flip") else kernel
    dilation = layer.get("dilation", [1, 1])
    padded = F.pad(x.permute(0, 3, 1, 2), edges(layer, x, layer["kernel_size"], dilation))
    groups = layer.get("groups", 1)
    z = F.conv2d(padded, kernel.permute(3, 2, 0, 1).contiguous(), None, layer["strides"], 0, dilation, groups)
    return z.permute(0, 2, 3, 1)


def pooled(layer: Document, x: Tensor) -> Tensor:
    """Padding is −∞ for a maximum; for a mean it counts neither in the sum nor in the number of cells."""
    size, strides = layer["pool_size"], layer["strides"]
    around = edges(layer, x, size, [1, 1])
    x = x.permute(0, 3, 1, 2)
    if layer["type"] == "max_pool2d":
        return F.max_pool2d(F.pad(x, around, value=-math.inf), size, strides).permute(0, 2, 3, 1)
    total, count = (F.avg_pool2d(F.pad(a, around), size, strides, divisor_override=1) for a in (x, torch.ones_like(x)))
    return (total / count).permute(0, 2, 3, 1)


def edges(layer: Document, x: Tensor, size: list[int], dilation: list[int]) -> list[int]:
    """The padding as `F.pad` has it: left, right, top, bottom. "same" puts the odd cell behind."""
    padding = layer["padding"]
    if padding == "valid":
        return [0, 0, 0, 0]
    if padding == "same":
        padding = []
        for n, k, s, d in zip(x.shape[1:3], size, layer["strides"], dilation, strict=True):
            total = max((math.ceil(n / s) - 1) * s + (k - 1) * d + 1 - n, 0)
            padding.append([total // 2, math.ceil(total / 2)])
    (top, bottom), (left, right) = padding
    return [left, right, top, bottom]


def data_loss(document: Document, prediction: Tensor, y: Tensor) -> Tensor:
    chosen = document["loss"]
    settings = dict(SHORT_NAMES[chosen] if isinstance(chosen, str) else chosen)
    term = TERMS[settings.pop("type")]
    factor, outputs, samples = (
        settings.pop(name, default) for name, default in (("factor", 1.0), ("outputs", "mean"), ("samples", "mean"))
    )
    reduce = {"mean": torch.mean, "sum": torch.sum}
    return reduce[samples](reduce[outputs](factor * term(prediction, y, **settings).flatten(1), dim=-1))


def penalty_of(document: Document, parameters: Parameters) -> Tensor:
    total = torch.tensor(0.0)
    for name, layer in named_layers(document):
        if f"{name}.weights" in parameters:
            weights = parameters[f"{name}.weights"]
            total = total + layer.get("l1", 0.0) * weights.abs().sum() + layer.get("l2", 0.0) * (weights**2).sum()
    return total


# Update rules


DEFAULTS = {
    "sgd": {"learning_rate": 0.01},
    "momentum": {"learning_rate": 0.01, "momentum": 0.9, "nesterov": False},
    "rmsprop": {"learning_rate": 0.001, "rho": 0.9, "epsilon": 1e-7},
    "adam": {"learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7},
    "adamw": {"learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7, "weight_decay": 0.004},
}


class Updates:
    """torch.optim on every parameter that is not frozen, with ε where Keras has it."""

    def __init__(self, document: Document, parameters: Parameters) -> None:
        frozen = {f"{n}.{parameter}" for n, layer in named_layers(document) for parameter in layer.get("frozen", ())}
        moving = [value for name, value in parameters.items() if name not in frozen]
        self.type = document["optimizer"]["type"]
        self.settings = DEFAULTS[self.type] | document["optimizer"]
        self.optimizer = self._made(moving) if moving else None
        self.steps = 0

    def _made(self, moving: list[Tensor]) -> torch.optim.Optimizer:
        s = self.settings
        rate = s["learning_rate"]
        match self.type:
            case "sgd":
                return torch.optim.SGD(moving, lr=rate)
            case "momentum":
                return torch.optim.SGD(moving, lr=rate, momentum=s["momentum"], nesterov=s["nesterov"])
            case "rmsprop":
                return torch.optim.RMSprop(moving, lr=rate, alpha=s["rho"], eps=s["epsilon"])
            case "adam":
                return torch.optim.Adam(moving, lr=rate, betas=(s["beta_1"], s["beta_2"]))
            case _:
                betas = (s["beta_1"], s["beta_2"])
                return torch.optim.AdamW(moving, lr=rate, betas=betas, weight_decay=s["weight_decay"])

    def agree(self, document: Document, parameters: Parameters) -> bool:
        """Whether PyTorch's formula is the format's, and the gradients have digits enough to tell."""
        epsilon = self.settings.get("epsilon", 1.0)
        if self.type == "rmsprop" and epsilon != NEARLY_ZERO:
            return False
        return epsilon > SMALL_EPSILON or _significant(document, parameters)

    def step(self) -> None:
        self.steps += 1
        if self.optimizer is None:
            return
        if self.type in ("adam", "adamw"):
            corrected = self.settings["epsilon"] / math.sqrt(1 - self.settings["beta_2"] ** self.steps)
            for group in self.optimizer.param_groups:
                group["eps"] = corrected
        self.optimizer.step()


def _significant(document: Document, parameters: Parameters) -> bool:
    """Whether no gradient is a rounding error; behind a softmax even an exact 0 may be one, by luck."""
    gradients = torch.cat([torch.zeros(1), *(_gradient(value).abs().ravel() for value in parameters.values())])
    rounding = gradients < 1e-6 * gradients.max()
    if "softmax" not in json.dumps(document["layers"]):
        rounding &= gradients > 0
    return not rounding[1:].any()


# Answers


def solve(document: Document) -> list[Answers]:
    """The answers of every iteration, up to the first whose update can't be compared."""
    parameters = parameters_of(document)
    updates = Updates(document, parameters)
    solved: list[Answers] = []
    for samples in batches(document):
        answers = _iteration(document, parameters, updates, samples)
        solved.append(answers)
        if "updated" not in answers:
            break
    return solved


def batches(document: Document) -> list[slice]:
    """The samples of every iteration, in order, beginning again when they are through."""
    count = len(document["data"]["x"])
    size = document.get("batch_size", count)
    epoch = [slice(start, start + size) for start in range(0, count, size)]
    return [epoch[n % len(epoch)] for n in range(document.get("iterations", 1))]


def _iteration(document: Document, parameters: Parameters, updates: Updates, samples: slice) -> Answers:
    x = torch.tensor(document["data"]["x"][samples]).requires_grad_()
    y = torch.tensor(document["data"]["y"][samples])
    for value in parameters.values():
        value.grad = None
    prediction = predict(document, parameters, x)
    penalty = penalty_of(document, parameters)
    loss = data_loss(document, prediction, y) + penalty
    loss.backward()
    answers = {
        "prediction": prediction.tolist(),
        "loss": loss.item(),
        "penalty": penalty.item(),
        "gradients": {name: _gradient(value).tolist() for name, value in (parameters | {"x": x}).items()},
    }
    if updates.agree(document, parameters):
        updates.step()
        after = data_loss(document, predict(document, parameters, x), y) + penalty_of(document, parameters)
        answers["updated"] = {name: value.tolist() for name, value in parameters.items()}
        answers["loss_after"] = after.item()
    return answers


def _gradient(value: Tensor) -> Tensor:
    """Zeros where the loss doesn't depend on it."""
    return torch.zeros_like(value) if value.grad is None else value.grad


# The stored file


def store() -> int:
    for stored in STORED:
        networks = [
            {"document": document, "iterations": solve(document)} for document in stored.documents(SEED, stored.count)
        ]
        content = {"torch": torch.__version__, "seed": SEED, "networks": networks}
        text = json.dumps(content, allow_nan=False, separators=(",", ":"))
        stored.path.write_bytes(gzip.compress(text.encode(), mtime=0))
        print(
            f"{stored.name}: {described(networks)}, PyTorch {torch.__version__}, {stored.path.stat().st_size:,} bytes"
        )
    return 0


def described(networks: list[dict[str, Any]]) -> str:
    answered = [answers for network in networks for answers in network["iterations"]]
    updated = sum("updated" in answers for answers in answered)
    return f"{len(networks)} networks, {len(answered)} iterations, {updated} of them with an update"


def verify(stored: Stored, seed: int, count: int) -> int:
    """Print what agrees; the number of networks that don't, as far as an exit status can tell."""
    content = json.loads(gzip.decompress(stored.path.read_bytes()))
    networks = content["networks"]
    wrong = 0
    if [n["document"] for n in networks] != stored.documents(content["seed"], len(networks)):
        print(f"{stored.name}: not what is drawn from seed {content['seed']}; run make.py again")
        wrong += 1
    wrong += _report(
        f"{stored.name} (seed {content['seed']}, {described(networks)}, made by PyTorch {content['torch']})"
        f" against PyTorch {torch.__version__}",
        [(n["document"], n["iterations"], solve(n["document"])) for n in networks],
        SAME_PROGRAM,
    )
    wrong += _report(
        f"nncalc on a fresh draw (--seed {seed}, {count} networks) against PyTorch {torch.__version__}",
        [(document, solve(document), _solved_by_nncalc(document)) for document in stored.documents(seed, count)],
        TOLERANCE,
    )
    return min(wrong, 1)


def _solved_by_nncalc(document: Document) -> list[Answers]:
    """As many iterations as PyTorch gives."""
    import nncalc

    return list(iterations(nncalc.solve(nncalc.Problem.from_dict(document)).to_dict()))


def _report(title: str, compared: list[tuple[Document, list[Answers], list[Answers]]], tolerance: float) -> int:
    wrong = 0
    for number, (document, expected, found) in enumerate(compared):
        different = disagreements(expected, found[: len(expected)], tolerance)
        if different:
            wrong += 1
            print(f"  network {number}: {different}\n    {json.dumps(document)}")
    print(f"{title}: {len(compared) - wrong} of {len(compared)} agree to {tolerance:g}")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--verify", action="store_true", help="check what is stored, and nncalc on a fresh draw")
    parser.add_argument("--seed", type=int, help="of the fresh draw; random unless given")
    parser.add_argument("--count", type=int, default=100, help="networks of the fresh draw (100)")
    options = parser.parse_args()
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    if not options.verify:
        return store()
    seed = secrets.randbelow(2**32) if options.seed is None else options.seed
    return max([verify(stored, seed, options.count) for stored in STORED])


if __name__ == "__main__":
    sys.exit(main())
