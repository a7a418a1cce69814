"""Images told step by step: which cells are read, in which order, how they are written, what is said of them."""

from __future__ import annotations

import pytest

import nncalc
from nncalc import Problem, Solution

# Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016), figures 1.1, 1.5 and 1.6
IMAGE = [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
KERNEL = [[0, 1, 2], [2, 2, 0], [0, 1, 2]]


def image(rows, *more) -> list:
    """Rows of one channel, or of several, as `[row][column][channel]`."""
    return [[list(cell) for cell in zip(*row, strict=True)] for row in zip(rows, *more, strict=True)]


def solved(*layers, x=IMAGE, y=None, **more) -> Solution:
    data = {"x": [image(x)]} | ({} if y is None else {"y": [y]})
    return nncalc.solve(Problem.from_dict({"nncalc": 1, "layers": list(layers), "data": data, **more}))


def conv(**more):
    kernel = [[[[weight]] for weight in row] for row in KERNEL]
    return {"type": "conv2d", "name": "conv", "filters": 1, "kernel_size": 3, "weights": kernel, "bias": False, **more}


def rows(numbers) -> list:
    return [[cell[0] for cell in row] for row in numbers[0].tolist()]


def by_name(solution: Solution) -> dict:
    return {step.quantity: step for step in solution.steps}


def test_the_guides_convolution():
    assert rows(solved(conv()).prediction) == [[12, 12, 17], [10, 17, 19], [9, 6, 14]]


def test_the_guides_convolution_turned_round():
    kernel = [[[[weight]] for weight in row[::-1]] for row in KERNEL[::-1]]
    assert rows(solved(conv(weights=kernel, flip=True)).prediction) == [[12, 12, 17], [10, 17, 19], [9, 6, 14]]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("max_pool2d", [[3, 3, 3], [3, 3, 3], [3, 2, 3]]),
        ("average_pool2d", [[1.7, 1.7, 1.7], [1.0, 1.2, 1.8], [1.1, 0.8, 1.3]]),
    ],
)
def test_the_guides_pooling(kind, expected):
    found = rows(solved({"type": kind, "pool_size": 3, "strides": 1}).prediction)
    assert [[round(cell, 1) for cell in row] for row in found] == expected


def test_a_window_is_written_in_reading_order_with_row_and_column_as_indices():
    step = by_name(solved(conv()))["conv.z[0][0][1][0]"]
    assert step.symbol == "z⁽¹⁾₁₂"
    assert step.symbols.startswith("w⁽¹⁾₁₁ · x₁₂ + w⁽¹⁾₁₂ · x₁₃ + w⁽¹⁾₁₃ · x₁₄ + w⁽¹⁾₂₁ · x₂₂")
    assert step.numbers == "0 · 3 + 1 · 2 + 2 · 1 + 2 · 0 + 2 · 1 + 0 · 3 + 0 · 1 + 1 · 2 + 2 · 2"
    assert "Every number in the window times the kernel's weight at its place" in step.sentence


def test_padding_is_written_as_the_zeros_that_it_is():
    step = by_name(solved(conv(padding="same")))["conv.z[0][0][0][0]"]
    assert step.symbols.startswith("w⁽¹⁾₁₁ · 0 + w⁽¹⁾₁₂ · 0 + w⁽¹⁾₁₃ · 0 + w⁽¹⁾₂₁ · 0 + w⁽¹⁾₂₂ · x₁₁")


def test_several_channels_and_filters_have_an_index_behind_row_and_column():
    layer = {"type": "conv2d", "filters": 2, "kernel_size": 1, "weights": [[[[1, 2], [3, 4]]]]}
    document = {"nncalc": 1, "layers": [layer], "data": {"x": [image([[5], [0]], [[6], [0]])]}}
    step = by_name(nncalc.solve(Problem.from_dict(document)))["layer1.z[0][0][0][1]"]
    assert repr(step) == "z⁽¹⁾₁,₁,₂ = w⁽¹⁾₁,₁,₁,₂ · x₁,₁,₁ + w⁽¹⁾₁,₁,₂,₂ · x₁,₁,₂ + b⁽¹⁾₂ = 2 · 5 + 4 · 6 + 0 = 34"


def test_numbers_in_one_row_need_no_index_for_it():
    layer = {"type": "conv2d", "filters": 1, "kernel_size": [1, 2], "weights": [[[[2]], [[1]]]], "bias": False}
    steps = by_name(solved(layer, x=[[1, 2, 3]]))
    assert repr(steps["layer1.z[0][0][1][0]"]) == "z⁽¹⁾₂ = w⁽¹⁾₁ · x₂ + w⁽¹⁾₂ · x₃ = 2 · 2 + 1 · 3 = 7"


def test_flat_notation_numbers_the_weights_of_one_filter_after_the_other():
    weights = [[[[1, 5]], [[2, 6]]], [[[3, 7]], [[4, 8]]]]
    layer = {"type": "conv2d", "filters": 2, "kernel_size": 2, "weights": weights, "bias": False}
    steps = by_name(solved(layer, x=[[1, 1], [1, 1]], notation="flat"))
    assert steps["layer1.z[0][0][0][1]"].symbols == "w₅ · x₁₁ + w₆ · x₁₂ + w₇ · x₂₁ + w₈ · x₂₂"
    assert steps["layer1.z[0][0][0][1]"].numbers == "5 · 1 + 6 · 1 + 7 · 1 + 8 · 1"


def test_the_size_is_the_first_step_of_a_layer_and_says_what_is_left_over():
    solution = solved(conv(strides=[1, 3], dilation=[2, 1]))
    first, second, third = solution.steps[:3]
    assert (first.quantity, second.quantity, third.quantity) == ("conv.size[0]", "conv.size[1]", "conv.z[0][0][0][0]")
    assert first.symbols == "⌊(n⁽¹⁾₁ + p⁽¹⁾₁ − d⁽¹⁾₁ · (k⁽¹⁾₁ − 1) − 1) / s⁽¹⁾₁⌋ + 1"
    assert (first.numbers, first.result.text) == ("⌊(5 + 0 − 2 · (3 − 1) − 1) / 1⌋ + 1", "1")
    assert (second.numbers, second.result.text) == ("⌊(5 + 0 − 1 · (3 − 1) − 1) / 3⌋ + 1", "1")
    assert "left over" not in first.sentence
    assert "2 columns at the end are left over: no window reaches there" in second.sentence
    assert solution.prediction.shape == (1, 1, 1, 1)


def test_sizes_are_worked_out_once_and_are_none_of_the_answers_quantities():
    solution = solved(conv(), y=image([[0] * 3] * 3))
    assert [step.chapter for step in solution.steps if ".size" in step.quantity] == ["Forward"] * 2
    assert list(solution.to_dict()["quantities"]) == ["conv.z", "conv.a", "error", "term"]


def test_images_are_gone_through_map_by_map_and_row_by_row():
    layer = {"type": "conv2d", "name": "k", "filters": 2, "kernel_size": [1, 2], "activation": "relu", "bias": False}
    steps = [s.quantity for s in solved(layer, x=[[1, 2, 3], [4, 5, 6]]).steps if s.quantity.startswith("k.z")]
    assert steps == [f"k.z[0][{row}][{column}][{unit}]" for unit in (0, 1) for row in (0, 1) for column in (0, 1)]


def test_a_kernel_weight_collects_one_addend_per_place_of_the_window_and_one_of_the_penalty():
    steps = by_name(solved(conv(l2=0.5), y=image([[0] * 3] * 3), loss="half_sse"))
    step = steps["conv.weights[0][1][0][0].grad"]
    places = [(r, c) for r in (1, 2, 3) for c in (1, 2, 3)]
    expected = " + ".join(f"δ⁽¹⁾{low(r, c)} · x{low(r, c + 1)}" for r, c in places)
    assert step.symbols == f"{expected} + ∂L/∂Ω · 2 · λ₂⁽¹⁾ · w⁽¹⁾₁₂"
    deltas = [12, 12, 17, 10, 17, 19, 9, 6, 14]
    met = [3, 2, 1, 0, 1, 3, 1, 2, 2]
    assert step.result.value == sum(d * x for d, x in zip(deltas, met, strict=True)) + 2 * 0.5 * 1
    assert "at every place of the window" in step.sentence and "what the penalty adds" in step.sentence


def low(*indices: int) -> str:
    return "".join("₀₁₂₃₄₅₆₇₈₉"[i] for i in indices)


def test_gradients_of_a_kernel_worked_out_by_hand():
    # z = [[1·1+2·2, 1·2+2·3], …] − 0: kernel (1 2) over [[1, 2, 3], [4, 5, 6]], half the squared sum: δ = z
    layer = {"type": "conv2d", "name": "k", "filters": 1, "kernel_size": [1, 2], "weights": [[[[1]], [[2]]]]}
    solution = solved(layer, x=[[1, 2, 3], [4, 5, 6]], y=image([[0, 0], [0, 0]]), loss="half_sse")
    assert rows(solution.prediction) == [[5, 8], [14, 17]]
    assert solution.gradients["k.weights"].ravel().tolist() == [5 + 16 + 56 + 85, 10 + 24 + 70 + 102]
    assert solution.gradients["k.bias"].tolist() == [5 + 8 + 14 + 17]
    assert rows(solution.gradients["x"]) == [[5, 10 + 8, 16], [14, 28 + 17, 34]]


def test_of_equal_largest_numbers_the_first_takes_the_whole_gradient_and_the_step_says_so():
    kernel = {"type": "conv2d", "name": "k", "filters": 1, "kernel_size": 1, "weights": [[[[1]]]], "bias": False}
    pool = {"type": "max_pool2d", "name": "pool", "pool_size": 2}
    solution = solved(kernel, pool, x=[[1, 7], [7, 7]], y=image([[0]]), loss="half_sse")
    steps = by_name(solution)
    assert "equally large: the first in reading order counts" in steps["pool.a[0][0][0][0]"].sentence
    gradients = rows(
        solution.to_dict(derivatives=True)["derivatives"]["k.a"] and solution.iterations[0].gradient("k.a")
    )
    assert gradients == [[0, 7], [0, 0]]
    assert "the whole derivative is its own" in steps["k.a[0][0][1][0].grad"].sentence
    assert "that one has the whole derivative" in steps["k.a[0][1][1][0].grad"].sentence
    assert "large" not in steps["k.a[0][0][0][0].grad"].sentence
    assert solution.gradients["k.weights"].ravel().tolist() == [49]


def test_a_mean_leaves_padding_out_of_its_count():
    layer = {"type": "average_pool2d", "name": "pool", "pool_size": 2, "strides": 1, "padding": "same"}
    steps = by_name(solved(layer, x=[[1, 2], [3, 6]]))
    assert [steps[f"pool.a[0][{r}][{c}][0]"].result.value for r in (0, 1) for c in (0, 1)] == [3, 4, 4.5, 6]
    assert "mean of the window" in steps["pool.a[0][0][0][0]"].sentence


def test_steps_of_a_layer_over_images_are_told_as_cells():
    solution = solved(conv(activation="relu"), y=image([[0] * 3] * 3))
    sentences = [group.sentence for group in solution.walkthrough.steps("layer")]
    assert sentences[0] == "Layer conv: every cell of what comes out."
    assert "Layer conv: how the loss changes with the cells." in sentences
    assert "Layer conv: how the loss changes with the parameters." in sentences


def test_padding_stands_as_its_number_in_single_products_too():
    operations = {op.quantity: op for op in solved(conv(padding="same")).walkthrough.steps("operation")}
    assert operations["conv.z[0][0][0][0].terms[1]"].symbols == "w⁽¹⁾₁₂ · 0"
    assert operations["conv.z[0][0][0][0].terms[4]"].symbols == "w⁽¹⁾₂₂ · x₁₁"
