"""The figures of speed, measured by hand: `python -m pytest -n 0 tests/benchmarks --benchmark-only`.

`report.py` beside this file runs them and prints the table of the README.
"""

import functools
import gc
import itertools
import operator
import random
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from micrograd.engine import Value
from micrograd.nn import MLP

import nncalc
from nncalc.ledger.tape import Tape
from nncalc.ledger.trace import flatten

TWO_TWO_TWO = {
    "nncalc": 1,
    "layers": [
        {"type": "dense", "name": "hidden", "units": 2, "activation": "sigmoid"},
        {"type": "dense", "name": "output", "units": 2, "activation": "sigmoid"},
    ],
    "data": {"x": [[0.05, 0.1]], "y": [[0.01, 0.99]]},
    "loss": "half_sse",
    "optimizer": {"type": "sgd", "learning_rate": 0.5},
}


@pytest.fixture(autouse=True)
def float64():
    with jax.enable_x64(True):
        yield


def loss(weights, biases, x, y):
    """The mean squared error of a network with ReLU in its hidden layers."""
    *hidden, last = zip(weights, biases, strict=True)
    for w, b in hidden:
        x = jax.nn.relu(x @ w + b)
    w, b = last
    return jnp.mean((x @ w + b - y) ** 2)


def arguments(sizes: list[int], samples: int) -> tuple:
    rng = np.random.default_rng(1)
    weights = [rng.normal(size=(m, n)) / m**0.5 for m, n in itertools.pairwise(sizes)]
    biases = [rng.normal(size=n) for n in sizes[1:]]
    return weights, biases, rng.normal(size=(samples, sizes[0])), rng.normal(size=(samples, sizes[-1]))


def image_loss(kernel, of_filters, weights, biases, x, y):
    """The mean squared error of a network of one convolution with ReLU and a dense layer."""
    z = jax.lax.conv_general_dilated(x, kernel, (1, 1), "VALID", dimension_numbers=("NHWC", "HWIO", "NHWC"))
    flat = jax.nn.relu(z + of_filters).reshape(len(x), -1)
    return jnp.mean((flat @ weights + biases - y) ** 2)


def image_arguments(rows: int, columns: int, filters: int, classes: int = 10) -> tuple:
    rng = np.random.default_rng(1)
    cells = (rows - 2) * (columns - 2) * filters
    shapes = [(3, 3, 1, filters), (filters,), (cells, classes), (classes,), (1, rows, columns, 1), (1, classes)]
    return tuple(rng.normal(size=shape) / cells**0.5 for shape in shapes)


def ledger(given: tuple, loss: Callable = loss) -> Tape:
    """Structure found, function compiled, all numbers read once."""
    tape = Tape(flatten(loss, *given))
    tape.read(*jax.tree.leaves(given))
    return tape


def warm(benchmark, given: tuple, loss: Callable = loss) -> None:
    tape = ledger(given, loss)
    benchmark.extra_info["terms"] = tape.facts
    reading = benchmark(tape.read, *jax.tree.leaves(given))
    assert len(reading.terms) == tape.facts


def test_ledger_2_16_16_1_on_100_samples_warm(benchmark):
    warm(benchmark, arguments([2, 16, 16, 1], 100))


def test_ledger_784_128_10_on_one_sample_warm(benchmark):
    warm(benchmark, arguments([784, 128, 10], 1))


def test_ledger_2_16_16_1_on_100_samples_cold(benchmark):
    """Every round a hidden layer that no round before had."""
    widths = itertools.count(17)
    ledger(arguments([2, 16, 16, 1], 100))  # JAX itself is started

    def fresh() -> tuple:
        return (arguments([2, next(widths), 16, 1], 100),), {}

    benchmark.pedantic(ledger, setup=fresh, rounds=10)


def test_ledger_28_28_under_eight_filters_warm(benchmark):
    warm(benchmark, image_arguments(28, 28, 8), image_loss)


def test_ledger_28_28_under_eight_filters_cold(benchmark):
    """Every round an image that is a column wider than the one before."""
    columns = itertools.count(28)
    ledger(image_arguments(9, 9, 2), image_loss)

    def fresh() -> tuple:
        return (image_arguments(28, next(columns), 8), image_loss), {}

    benchmark.pedantic(ledger, setup=fresh, rounds=5)


def test_micrograd_2_16_16_1_on_100_samples(benchmark):
    """The same network and loss, forward and backward, in micrograd as people run it."""
    time_micrograd(benchmark)


@pytest.mark.benchmark(disable_gc=True)
def test_micrograd_2_16_16_1_on_100_samples_without_garbage_collection(benchmark):
    """The same without Python's collector, which takes most of the time: 65,000 objects, every one in a cycle."""
    time_micrograd(benchmark)


def time_micrograd(benchmark) -> None:
    model = micrograd_model()
    *_, x, y = arguments([2, 16, 16, 1], 100)
    inputs = [list(map(Value, row)) for row in x.tolist()]
    targets = y[:, 0].tolist()
    result = benchmark.pedantic(
        lambda: forward_and_backward(model, inputs, targets), setup=lambda: gc.collect() and None, rounds=10
    )
    assert result.data > 0


def micrograd_model() -> MLP:
    random.seed(1)
    return MLP(2, [16, 16, 1])


def forward_and_backward(model: Any, inputs: list[list], targets: list[float]) -> Value:
    """The mean squared error, after its gradients were worked out."""
    model.zero_grad()
    errors = [model(row) - target for row, target in zip(inputs, targets, strict=True)]
    mean = functools.reduce(operator.add, (error**2 for error in errors)) * (1 / len(errors))
    mean.backward()
    return mean


def test_micrograd_and_the_ledger_work_out_the_same_gradients():
    """The two benchmarks measure the same calculation."""
    model = micrograd_model()
    *_, x, y = arguments([2, 16, 16, 1], 100)
    forward_and_backward(model, x.tolist(), y[:, 0].tolist())
    weights = [np.array([[w.data for w in n.w] for n in layer.neurons]).T for layer in model.layers]
    biases = [np.array([n.b.data for n in layer.neurons], dtype=float) for layer in model.layers]
    tape = Tape(flatten(loss, weights, biases, x, y))
    derivatives = tape.read(*jax.tree.leaves((weights, biases, x, y))).derivatives
    found = [derivatives[tape.of(variable)] for variable in tape.jaxpr.invars[: len(weights)]]
    for layer, gradient in zip(model.layers, found, strict=True):
        np.testing.assert_allclose(gradient, np.array([[w.grad for w in n.w] for n in layer.neurons]).T, rtol=1e-9)


def test_solve_2_2_2_with_the_formulas_of_all_steps_warm(benchmark):
    """New numbers every round: the problem has no weights of its own, and each seed draws others."""
    seeds = itertools.count()

    def problem() -> tuple:
        return (nncalc.Problem.from_dict(TWO_TWO_TWO | {"seed": next(seeds)}),), {}

    steps = benchmark.pedantic(solve_and_write, setup=problem, rounds=50, warmup_rounds=3)
    benchmark.extra_info["steps"] = steps


def solve_and_write(problem: nncalc.Problem) -> int:
    """How many steps there are, every one with its two lines and its result."""
    steps = nncalc.solve(problem).steps
    written = [(step.symbols, step.numbers, step.result) for step in steps]
    return len(written)
