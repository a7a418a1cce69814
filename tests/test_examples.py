"""Every worked problem gives the numbers of its source.

Numbers of a source stand here as it prints them; those of our own problems are worked out beside the check, by pencil
or in plain Python, without nncalc.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from importlib.resources import files
from typing import Any

import numpy as np
import pytest

import nncalc
from nncalc import examples
from nncalc.errors import InputError

Solved = dict[str, Any]
NINE_DIGITS = 0.5e-9  # what rounding to the ninth decimal may take away


def assert_equal(given: Any, expected: Any, within: float = 0.0) -> None:
    """The same shape, and every number within `within`, or as near as float64's rounding allows."""
    given, expected = np.asarray(given, float), np.asarray(expected, float)
    assert given.shape == expected.shape
    np.testing.assert_allclose(given, expected, rtol=1e-12, atol=max(within * (1 + 1e-6), 1e-15))


def column(*values: float) -> list[list[float]]:
    """One number per sample."""
    return [[value] for value in values]


# The lecture module


def check_multiply_then_add(solved: Solved) -> None:
    """Hidden 2·1 + 3·1 = 5 and 2·(−1) + 3·1 = 1; prediction 5·2 + 1·(−1) = 9."""
    assert_equal(solved["quantities"]["hidden.z"], [[5, 1]])
    assert_equal(solved["quantities"]["hidden.a"], [[5, 1]])
    assert_equal(solved["prediction"], [[9]])
    assert solved.get("loss") is None  # there is no target


def check_multiply_then_add_relu(solved: Solved) -> None:
    """Both hidden sums are positive: 5, 1, 9 as without ReLU.

    Backwards, dL/dp = 2·(9 − 10) = −2. Output weights: −2·5, −2·1. Hidden: −2·2 = −4 and −2·(−1) = 2, times the inputs
    2 and 3. After the step of 0.005: hidden 2·1.04 + 3·1.06 = 5.26 and 2·(−1.02) + 3·0.97 = 0.87,
    prediction 5.26·2.05 − 0.87·0.99 = 9.9217, loss 0.0783².
    """
    assert_equal(solved["quantities"]["hidden.z"], [[5, 1]])
    assert_equal(solved["quantities"]["hidden.a"], [[5, 1]])
    assert_equal(solved["prediction"], [[9]])
    assert_equal(solved["loss"], 1)
    assert_equal(solved["gradients"]["output.weights"], column(-10, -2))
    assert_equal(solved["gradients"]["hidden.weights"], [[-8, 4], [-12, 6]])
    assert_equal(solved["updated"]["output.weights"], column(2.05, -0.99))
    assert_equal(solved["updated"]["hidden.weights"], [[1.04, -1.02], [1.06, 0.97]])
    assert_equal(solved["loss_after"], 0.00613089)


def check_interactions(solved: Solved) -> None:
    """3·children + accounts, for (2, 3), (3, 3), (2, 4) and (3, 4)."""
    assert_equal(solved["prediction"], column(9, 12, 10, 13))


def check_two_hidden_layers(solved: Solved) -> None:
    """The module's numbers, before and after ReLU."""
    assert_equal(solved["quantities"]["first.z"], [[26, -13]])
    assert_equal(solved["quantities"]["first.a"], [[26, 0]])
    assert_equal(solved["quantities"]["second.z"], [[-26, 52]])
    assert_equal(solved["quantities"]["second.a"], [[0, 52]])
    assert_equal(solved["prediction"], [[364]])


def check_error_table_one_row(solved: Solved) -> None:
    assert_equal(solved["prediction"], [[67]])
    assert_equal(solved["quantities"]["error"], [[11]])
    assert_equal(solved["quantities"]["term"], [[121]])
    assert_equal(solved["loss"], 121)


def check_error_table(solved: Solved) -> None:
    """The module's table: ten errors, their squares, total 5046, mean 504.6."""
    assert_equal(solved["prediction"], column(67, 50, 148, 99, 9, 42, 28, 39, 7, 23))
    assert_equal(solved["quantities"]["error"], column(11, -17, -1, -18, -20, 19, -36, -18, -29, -33))
    assert_equal(solved["quantities"]["term"], column(121, 289, 1, 324, 400, 361, 1296, 324, 841, 1089))
    assert np.sum(solved["quantities"]["term"]) == 5046
    assert_equal(solved["loss"], 504.6)
    assert_equal(solved["loss_after"], 504.6)  # without a network there is nothing to update
    assert solved["updated"] == {}


def check_two_models(solved: Solved) -> None:
    """Squared, model A: 121 + 289 + 1 + 324 + 400 = 1135, mean 227; model B: 4 + 9 + 1 + 16 + 1225 = 1255, mean 251."""
    assert_equal(solved["quantities"]["error"], [[11, 2], [-17, -3], [-1, 1], [-18, 4], [-20, 35]])
    assert_equal(solved["quantities"]["term"], [[121, 4], [289, 9], [1, 1], [324, 16], [400, 1225]])
    assert_equal(solved["loss"], (227 + 251) / 2)


def check_binary_crossentropy(solved: Solved) -> None:
    """0.9·0.8·0.6·0.3 = 0.1296 = 0.6⁴: the mean of the four surprises is −ln 0.6."""
    assert_equal(solved["quantities"]["term"], column(*(-math.log(p) for p in (0.9, 0.8, 0.6, 0.3))))
    assert_equal(solved["loss"], -math.log(0.6))
    assert_equal(solved["loss"], 0.510825624, NINE_DIGITS)


def check_categorical_crossentropy(solved: Solved) -> None:
    """0.8·0.5·0.1 = 0.04; only the right classes have a term."""
    rows = [[-math.log(0.8), 0, 0], [0, -math.log(0.5), 0], [0, 0, -math.log(0.1)]]
    assert_equal(solved["quantities"]["term"], rows)
    assert_equal(solved["loss"], -math.log(0.04) / 3)
    assert_equal(solved["loss"], 1.072958608, NINE_DIGITS)


def check_one_weight(solved: Solved) -> None:
    assert_equal(solved["prediction"], [[6]])
    assert_equal(solved["quantities"]["error"], [[-4]])
    assert_equal(solved["gradients"]["output.weights"], [[-24]])
    assert_equal(solved["updated"]["output.weights"], [[2.24]])


def check_two_weights(solved: Solved) -> None:
    """The module's numbers; after the update 3·0.7 + 4·1.6 = 8.5, error 2.5, loss 6.25."""
    assert_equal(solved["quantities"]["error"], [[5]])
    assert_equal(solved["gradients"]["output.weights"], column(30, 40))
    assert_equal(solved["updated"]["output.weights"], column(0.7, 1.6))
    assert_equal(solved["loss_after"], 6.25)


# Mazur


def check_mazur_forward_and_weights(solved: Solved) -> None:
    """What the source prints, to nine decimals; w1 and w2 lead into h1, w3 and w4 into h2, and so on."""
    quantities, gradients, updated = solved["quantities"], solved["gradients"], solved["updated"]
    assert_equal(quantities["hidden.z"][0][0], 0.3775)
    assert_equal(quantities["hidden.a"], [[0.593269992, 0.596884378]], NINE_DIGITS)
    assert_equal(quantities["output.z"][0][0], 1.105905967, NINE_DIGITS)
    assert_equal(quantities["output.a"], [[0.751365070, 0.772928465]], NINE_DIGITS)
    assert_equal(quantities["error"][0][0], 0.741365070, NINE_DIGITS)
    assert_equal(np.divide(quantities["term"], 2), [[0.274811083, 0.023560026]], NINE_DIGITS)
    assert_equal(solved["loss"], 0.298371109, NINE_DIGITS)
    assert_equal(gradients["hidden.weights"][0][0], 0.000438568, NINE_DIGITS)
    assert_equal(gradients["output.weights"][0][0], 0.082167041, NINE_DIGITS)
    assert_equal(updated["hidden.weights"], [[0.149780716, 0.249751144], [0.199561432, 0.299502287]], NINE_DIGITS)
    assert_equal(updated["output.weights"], [[0.358916480, 0.511301270], [0.408666186, 0.561370121]], NINE_DIGITS)


def check_mazur(solved: Solved) -> None:
    """With the biases held fixed the loss falls to 0.291027774; the source prints 0.291027924."""
    check_mazur_forward_and_weights(solved)
    assert_equal(solved["updated"]["hidden.bias"], 0.35)
    assert_equal(solved["updated"]["output.bias"], 0.60)
    assert_equal(solved["loss_after"], 0.291027774, NINE_DIGITS)
    # one bias for both units of a layer: the sum of their deltas, 0.138498562 being the first that the source prints
    assert_equal(solved["gradients"]["output.bias"], mazur_deltas()[1].sum())
    assert_equal(solved["gradients"]["hidden.bias"], mazur_deltas()[0].sum())


def check_mazur_biases(solved: Solved) -> None:
    """A bias is a weight whose input is 1: its slope is the delta of its unit."""
    check_mazur_forward_and_weights(solved)
    assert_equal(solved["gradients"]["output.bias"][0], 0.138498562, NINE_DIGITS)
    assert_equal(solved["gradients"]["hidden.bias"], mazur_deltas()[0])
    assert_equal(solved["gradients"]["output.bias"], mazur_deltas()[1])
    assert_equal(solved["updated"]["hidden.bias"], [0.345614323, 0.345022873], NINE_DIGITS)
    assert_equal(solved["updated"]["output.bias"], 0.60 - 0.5 * mazur_deltas()[1])
    assert_equal(solved["loss_after"], 0.280471447, NINE_DIGITS)  # in 40 digits: 0.28047144679143…


def mazur_deltas() -> tuple[np.ndarray, np.ndarray]:
    """The slopes at the sums of h1, h2 and of o1, o2, in numpy; one row of weights per unit, as in the source."""
    inputs, targets = np.array([0.05, 0.10]), np.array([0.01, 0.99])
    into_hidden, into_output = np.array([[0.15, 0.20], [0.25, 0.30]]), np.array([[0.40, 0.45], [0.50, 0.55]])
    hidden = 1 / (1 + np.exp(-(into_hidden @ inputs + 0.35)))
    output = 1 / (1 + np.exp(-(into_output @ hidden + 0.60)))
    output_delta = (output - targets) * output * (1 - output)
    return into_output.T @ output_delta * hidden * (1 - hidden), output_delta


# Goodfellow, Bengio and Courville


def check_xor(solved: Solved) -> None:
    """The matrices of section 6.1: XW + c, after ReLU, and the answers; no error, no slope, no change."""
    assert_equal(solved["quantities"]["hidden.z"], [[0, -1], [1, 0], [1, 0], [2, 1]])
    assert_equal(solved["quantities"]["hidden.a"], [[0, 0], [1, 0], [1, 0], [2, 1]])
    assert_equal(solved["prediction"], column(0, 1, 1, 0))
    assert solved["loss"] == solved["loss_after"] == 0
    assert all(np.all(np.asarray(slopes) == 0) for slopes in solved["gradients"].values())
    assert_equal(solved["updated"]["hidden.weights"], [[1, 1], [1, 1]])
    assert_equal(solved["updated"]["hidden.bias"], [0, -1])
    assert_equal(solved["updated"]["output.weights"], column(1, -2))
    assert_equal(solved["updated"]["output.bias"], [0])


# Our own


def check_batch_of_four(solved: Solved) -> None:
    """Errors −2 … −5, loss (4 + 9 + 16 + 25)/4 = 13.5; weight 2·(−2·1 − 3·2 − 4·3 − 5·4)/4 = −20, bias 2·(−14)/4 = −7.

    After the step of 0.05 the line is 2·x + 0.35, which is 0.65 below 2·x + 1 everywhere: loss 0.4225.
    """
    assert_equal(solved["prediction"], column(1, 2, 3, 4))
    assert_equal(solved["quantities"]["error"], column(-2, -3, -4, -5))
    assert_equal(solved["loss"], 13.5)
    assert_equal(solved["gradients"]["output.weights"], [[-20]])
    assert_equal(solved["gradients"]["output.bias"], [-7])
    assert_equal(solved["updated"]["output.weights"], [[2]])
    assert_equal(solved["updated"]["output.bias"], [0.35])
    assert_equal(solved["loss_after"], 0.4225)


def check_one_neuron(solved: Solved) -> None:
    """z = 1.5·1 − 1·2 + 1 = 0.5; behind it everything in plain Python, with a = 1/(1 + e^−z) and the slope a(1 − a)."""

    def sigmoid(z: float) -> float:
        return 1 / (1 + math.exp(-z))

    a = sigmoid(0.5)
    delta = 2 * (a - 1) * a * (1 - a)
    assert_equal(solved["quantities"]["neuron.z"], [[0.5]])
    assert_equal(solved["prediction"], [[a]])
    assert_equal(solved["loss"], (a - 1) ** 2)
    assert_equal(solved["gradients"]["neuron.weights"], column(delta, 2 * delta))
    assert_equal(solved["gradients"]["neuron.bias"], [delta])
    assert_equal(solved["updated"]["neuron.weights"], column(1.5 - delta, -1 - 2 * delta))
    after = sigmoid(0.5 - delta * (1 + 4 + 1))
    assert_equal(solved["loss_after"], (after - 1) ** 2)


def check_dead_relu(solved: Solved) -> None:
    """Sums x + 1 and 2x − 10 for 1, 2, 3: the second unit answers 0 and the predictions are 2, 3, 4 for 2, 4, 6.

    The slopes at the predictions are ⅔·(0, −1, −2). Output weight: ⅔·(0·2 − 1·3 − 2·4) = −22/3; hidden weight:
    ⅔·(0·1 − 1·2 − 2·3) = −16/3; both biases ⅔·(−3) = −2; everything around the second unit 0. After the step of 0.03
    the predictions are 1.22·(1.16·x + 1.06) + 0.06 = 1.4152·x + 1.3532.
    """
    assert_equal(solved["quantities"]["hidden.z"], [[2, -8], [3, -6], [4, -4]])
    assert_equal(solved["quantities"]["hidden.a"], [[2, 0], [3, 0], [4, 0]])
    assert_equal(solved["prediction"], column(2, 3, 4))
    assert_equal(solved["loss"], 5 / 3)
    assert_equal(solved["gradients"]["hidden.weights"], [[-16 / 3, 0]])
    assert_equal(solved["gradients"]["hidden.bias"], [-2, 0])
    assert_equal(solved["gradients"]["output.weights"], column(-22 / 3, 0))
    assert_equal(solved["gradients"]["output.bias"], [-2])
    assert_equal(solved["updated"]["hidden.weights"], [[1.16, 2]])
    assert_equal(solved["updated"]["hidden.bias"], [1.06, -10])
    assert_equal(solved["updated"]["output.weights"], column(1.22, 3))
    assert_equal(solved["updated"]["output.bias"], [0.06])
    line = [Fraction("1.4152") * x + Fraction("1.3532") - 2 * x for x in (1, 2, 3)]
    assert_equal(solved["loss_after"], float(sum(error**2 for error in line) / 3))


def check_saturated_sigmoid(solved: Solved) -> None:
    """z = 2·4 + 2 = 10, a = σ(10); slope at z: 2a·a(1 − a), and at the weight twice that, for an input of 2."""
    a = 1 / (1 + math.exp(-10))
    at_z = 2 * a * a / (1 + math.exp(10))
    assert_equal(solved["quantities"]["output.z"], [[10]])
    assert_equal(solved["prediction"], [[a]])
    assert_equal(solved["loss"], a**2)
    assert_equal(solved["gradients"]["output.bias"], [at_z])
    assert_equal(solved["gradients"]["output.weights"], [[2 * at_z]])
    assert_equal(solved["updated"]["output.weights"], [[3.999818425]], NINE_DIGITS)
    assert_equal(solved["updated"]["output.bias"], [1.999909213], NINE_DIGITS)
    assert solved["loss"] - solved["loss_after"] < 1e-7


def check_softmax(solved: Solved) -> None:
    """Scores 2, 1, 0; slopes at the scores p − y, so at the weights (1, 2) times that."""
    p = np.exp([2, 1, 0]) / np.exp([2, 1, 0]).sum()
    at_scores = p - [0, 1, 0]
    assert_equal(solved["quantities"]["output.z"], [[2, 1, 0]])
    assert_equal(solved["prediction"], [p])
    assert_equal(solved["prediction"], [[0.665240956, 0.244728471, 0.090030573]], NINE_DIGITS)
    assert_equal(solved["loss"], math.log(math.exp(1) + 1 + math.exp(-1)))  # −ln(e / (e² + e + 1))
    assert_equal(solved["gradients"]["output.bias"], at_scores)
    assert_equal(solved["gradients"]["output.weights"], [at_scores, 2 * at_scores])
    assert_equal(solved["updated"]["output.weights"], [[0, 1, 2] - at_scores / 2, [1, 0, -1] - at_scores])
    # the step of 0.5 moves the scores by 0.5·(1 + 1·1 + 2·2) = 3 times p − y
    after = np.exp([2, 1, 0] - 3 * at_scores)
    assert_equal(solved["loss_after"], -math.log(after[1] / after.sum()))


def check_adam_three_steps(solved: Solved) -> None:
    """Adam as its authors write it (Kingma and Ba, 2015, end of section 2), in decimal arithmetic."""
    assert len(solved["iterations"]) == 3
    for iteration, (weight, slope, after) in zip(solved["iterations"], adam_on_one_weight(), strict=True):
        assert_equal(iteration["prediction"], [[3 * weight]])
        assert_equal(iteration["gradients"]["output.weights"], [[slope]])
        assert_equal(iteration["updated"]["output.weights"], [[after]])
        assert_equal(iteration["loss"], (3 * weight - 10) ** 2)
        assert_equal(iteration["loss_after"], (3 * after - 10) ** 2)
    assert_equal(solved["iterations"][0]["gradients"]["output.weights"], [[-24]])
    assert_equal(
        [one["updated"]["output.weights"][0][0] for one in solved["iterations"]],
        [2.099999987, 2.199721203, 2.298942369],
        NINE_DIGITS,
    )
    assert_equal(solved["updated"]["output.weights"], solved["iterations"][0]["updated"]["output.weights"])


def adam_on_one_weight() -> list[tuple[float, float, float]]:
    """Weight, slope and new weight of three iterations on (3w − 10)², from w = 2."""
    rows = []
    with localcontext(prec=40):
        rate, beta_1, beta_2, epsilon = Decimal("0.1"), Decimal("0.9"), Decimal("0.999"), Decimal("1e-7")
        w, m, v = Decimal(2), Decimal(0), Decimal(0)
        for t in (1, 2, 3):
            slope = 2 * (3 * w - 10) * 3
            m = beta_1 * m + (1 - beta_1) * slope
            v = beta_2 * v + (1 - beta_2) * slope**2
            step_size = rate * (1 - beta_2**t).sqrt() / (1 - beta_1**t)
            new = w - step_size * m / (v.sqrt() + epsilon)
            rows.append((float(w), float(slope), float(new)))
            w = new
    return rows


# Images; numbers of the guide's figures as they are printed there


def image(*rows: Sequence[float]) -> list[list[list[list[float]]]]:
    """One sample with one channel (or of a kernel, one channel and one filter)."""
    return [[[[value] for value in row] for row in rows]]


def check_convolution(solved: Solved) -> None:
    """The guide's output; targets that leave δ = 1, 0, −1 in the first row, 2 in the middle and 1 in the last corner.

    So the gradient of weight i, j is x at (i, j) less the one two columns on, twice the one in the middle of the nine
    places, and the last one: 3 − 2 + 2·0 + 2 = 3 in the first corner. Loss ½·(1 + 1 + 4 + 1).
    """
    assert_equal(solved["quantities"]["conv.z"], image([12, 12, 17], [10, 17, 19], [9, 6, 14]))
    assert_equal(solved["loss"], 3.5)
    assert_equal(solved["gradients"]["conv.weights"], kernel([3, 6, 11], [1, 3, 6], [1, -1, 4]))
    assert_equal(
        solved["updated"]["conv.weights"], kernel([-0.03, 0.94, 1.89], [1.99, 1.97, -0.06], [-0.01, 1.01, 1.96])
    )
    assert round(solved["loss_after"], 3) == float(examples.load("convolution-5x5").notes.split()[-1].rstrip("."))


def kernel(*rows: Sequence[float]) -> list[list[list[list[float]]]]:
    """One channel, one filter."""
    return [[[[value]] for value in row] for row in rows]


def check_max_pooling(solved: Solved) -> None:
    assert_equal(solved["prediction"], image([3, 3, 3], [3, 3, 3], [3, 2, 3]))


def check_average_pooling(solved: Solved) -> None:
    """The guide's one decimal; and its sums over nine."""
    printed = image([1.7, 1.7, 1.7], [1.0, 1.2, 1.8], [1.1, 0.8, 1.3])
    assert_equal(solved["prediction"], printed, 0.05)
    assert_equal(np.multiply(solved["prediction"], 9), image([15, 15, 15], [9, 11, 16], [10, 7, 12]))


def check_vertical_edge(solved: Solved) -> None:
    """3·(10 − 10), twice 3·(10 − 0), 3·(0 − 0)."""
    assert_equal(solved["prediction"], image(*[[0, 30, 30, 0]] * 4))


def check_stride(solved: Solved) -> None:
    """Cells 1 … 36; a diagonal from r, c adds (6r + c + 1), +7, +14, and the bias 1: 1 + 8 + 15 + 1 = 25."""
    assert_equal(solved["quantities"]["conv.z"], image([25, 25 + 3 * 2], [25 + 3 * 12, 25 + 3 * 14]))


def check_dilation(solved: Solved) -> None:
    """Cells r² + c² around the middle: corners 2 away add 4·(2² + 2²) = 32 more than four times their middle."""
    assert_equal(solved["prediction"], image(*[[32, 32, 32]] * 3))


def check_two_channels_two_filters(solved: Solved) -> None:
    """Filter 1, first window: channel 1 gives 1·1 + 0·2 + 2·0 − 1·1 = 0, channel 2 0·0 + 1·1 + 1·2 + 0·0 = 3; and 1."""
    first, second = np.array([[1, 2, 0], [0, 1, 1], [2, 0, 1]]), np.array([[0, 1, 1], [2, 0, 1], [1, 0, 2]])
    kernels = {0: ([[1, 0], [2, -1]], [[0, 1], [1, 0]]), 1: ([[0, 1], [-1, 0]], [[1, 0], [0, 1]])}
    bias = [1, -2]
    z = [
        [
            [
                int((first[r : r + 2, c : c + 2] * kernels[f][0] + second[r : r + 2, c : c + 2] * kernels[f][1]).sum())
                + bias[f]
                for f in (0, 1)
            ]
            for c in (0, 1)
        ]
        for r in (0, 1)
    ]
    assert z[0][0] == [4, 0]
    assert_equal(solved["quantities"]["conv.z"], [z])
    assert_equal(solved["prediction"], np.maximum([z], 0))
    assert_equal(solved["loss"], (1 + 4 + 1 + 9 + 16 + 1) / 2)


def check_depthwise(solved: Solved) -> None:
    """Channel 1: left upper less left lower; channel 2: left upper less right upper, each within its own channel."""
    down = [[1 - 0, 2 - 1], [0 - 2, 1 - 0]]
    along = [[0 - 1, 1 - 1], [2 - 0, 0 - 1]]
    assert_equal(solved["prediction"], [np.stack([down, along], axis=-1)])


def check_kernel_gradient(solved: Solved) -> None:
    """The notes have it: δ 1 in the first corner and −2 in the last, times what a weight met there."""
    assert_equal(solved["prediction"], image([-3, -3], [-3, -3]))
    assert_equal(solved["loss"], (1 + 4) / 2)
    assert_equal(solved["gradients"]["conv.weights"], kernel([1 - 10, 2 - 12], [4 - 16, 5 - 18]))
    assert_equal(solved["gradients"]["conv.bias"], [-1])
    assert_equal(solved["updated"]["conv.weights"], kernel([1.09, 0.10], [0.12, -0.87]))
    assert_equal(solved["updated"]["conv.bias"], [1.01])


def check_padding_strides_dilation(solved: Solved) -> None:
    """The kernel 1 2 / −1 1, its cells two apart: what it meets from the upper left on, two further each."""
    x = np.pad(np.array(examples.load("padding-strides-dilation").x[0, :, :, 0]), 1)
    expected = [[x[r, c] + 2 * x[r, c + 2] - x[r + 2, c] + x[r + 2, c + 2] for c in (0, 2, 4)] for r in (0, 2, 4)]
    assert expected[0] == [2, -1, -1] and np.array(solved["prediction"])[0, :, :, 0].tolist() == expected


def check_digit(solved: Solved) -> None:
    """The file's own numbers through numpy's loops: taken for a 7, and after the update for an 8."""
    document = examples.load("digit").to_dict()
    conv, _, _, output = document["layers"]
    picture = np.array(document["data"]["x"])[0, :, :, 0]
    kernels, weights = np.array(conv["weights"])[:, :, 0], np.array(output["weights"])
    windows = [[picture[r : r + 3, c : c + 3] for c in range(6)] for r in range(6)]
    z = np.array([[[(window * kernels[..., f]).sum() for f in range(3)] for window in row] for row in windows])
    a = np.maximum(z + conv["bias"], 0)
    pooled = np.array([[a[2 * r : 2 * r + 2, 2 * c : 2 * c + 2].max((0, 1)) for c in range(3)] for r in range(3)])
    scores = pooled.ravel() @ weights + output["bias"]
    p = np.exp(scores) / np.exp(scores).sum()
    assert_equal(solved["quantities"]["pool.a"], [pooled], 1e-12)
    assert_equal(solved["prediction"], [p], 1e-12)
    assert_equal(solved["loss"], -math.log(p[8]), 1e-12)
    assert_equal(solved["gradients"]["output.bias"], p - np.eye(10)[8], 1e-12)
    assert np.argmax(p) == 7 and round(p[8], 2) == 0.29 and round(p[7], 2) == 0.65
    assert solved["loss_after"] < math.log(2)  # more than one half for the 8


CHECKS: dict[str, Callable[[Solved], None]] = {
    "multiply-then-add": check_multiply_then_add,
    "multiply-then-add-relu": check_multiply_then_add_relu,
    "interactions": check_interactions,
    "two-hidden-layers": check_two_hidden_layers,
    "error-table-one-row": check_error_table_one_row,
    "error-table": check_error_table,
    "two-models": check_two_models,
    "binary-crossentropy": check_binary_crossentropy,
    "categorical-crossentropy": check_categorical_crossentropy,
    "one-weight": check_one_weight,
    "two-weights": check_two_weights,
    "batch-of-four": check_batch_of_four,
    "mazur": check_mazur,
    "mazur-biases": check_mazur_biases,
    "xor": check_xor,
    "one-neuron": check_one_neuron,
    "dead-relu": check_dead_relu,
    "saturated-sigmoid": check_saturated_sigmoid,
    "softmax": check_softmax,
    "adam-three-steps": check_adam_three_steps,
    "convolution-5x5": check_convolution,
    "vertical-edge": check_vertical_edge,
    "stride-2-even": check_stride,
    "dilation-2": check_dilation,
    "padding-strides-dilation": check_padding_strides_dilation,
    "two-channels-two-filters": check_two_channels_two_filters,
    "depthwise": check_depthwise,
    "kernel-gradient": check_kernel_gradient,
    "max-pooling-5x5": check_max_pooling,
    "average-pooling-5x5": check_average_pooling,
    "digit": check_digit,
}


@pytest.mark.parametrize("name", examples.names())
def test_an_example_gives_the_numbers_of_its_source(name):
    CHECKS[name](nncalc.solve(examples.load(name)).to_dict())


@pytest.mark.parametrize("name", examples.names())
def test_an_example_has_a_title_a_source_and_notes(name):
    problem = examples.load(name)
    assert problem.title
    assert problem.source
    assert problem.notes


@pytest.mark.parametrize("name", examples.names())
def test_the_file_of_an_example_is_what_saving_it_writes(name):
    assert examples.path(name).read_text(encoding="utf-8") == examples.load(name).dumps()


def test_every_file_has_its_place_in_the_teaching_order():
    stems = [file.name.removesuffix(".json") for file in files(examples).iterdir() if file.name.endswith(".json")]
    assert sorted(stems) == sorted(examples.names())


def test_a_misspelt_name_is_answered_with_the_nearest_one():
    with pytest.raises(InputError, match="no example .*Did you mean `two-weights`"):
        examples.load("two-weight")


def test_the_note_on_mazurs_loss_gives_both_numbers():
    notes = examples.load("mazur").notes
    assert "0.291027924" in notes
    assert "0.291027774" in notes
