"""The named kernels: their matrices as the literature prints them, and what they do to an image."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage
from scipy.signal import correlate2d

from nncalc import InputError, Problem
from nncalc.editing import edited
from nncalc.editing.geometry import kernel_of
from nncalc.kernels import KERNELS, SIDE
from nncalc.network import prediction_of

DIFFERENCES = ("vertical_edge", "horizontal_edge", "sobel_x", "sobel_y", "laplacian")
MEANS = ("identity", "sharpen", "box_blur", "gaussian_blur", "emboss")

IMAGE = np.random.default_rng(3).integers(0, 10, (7, 8)).astype(float)


def problem(rows: int = 3, columns: int = 3, channels: int = 1, filters: int = 2) -> Problem:
    x = [[[[v] * channels for v in row] for row in IMAGE.tolist()]]
    layer = {"type": "conv2d", "name": "conv", "filters": filters, "kernel_size": [rows, columns]}
    return Problem.from_dict({"nncalc": 1, "layers": [layer], "data": {"x": x}})


def use(of: Problem, name: str, channel: int = 0, filter: int = 0) -> Problem:
    return edited(of, {"kind": "kernel", "layer": 0, "channel": channel, "filter": filter, "name": name})


def weights(of: Problem) -> np.ndarray:
    return of.layers[0].parameters["weights"]


def test_every_kernel_is_a_difference_or_a_mean():
    assert sorted(DIFFERENCES + MEANS) == sorted(KERNELS)


@pytest.mark.parametrize("name", KERNELS)
def test_a_difference_sums_to_0_and_a_mean_to_1(name: str):
    numbers = KERNELS[name].numbers()
    assert numbers.shape == (SIDE, SIDE)
    assert numbers.sum() == pytest.approx(0 if name in DIFFERENCES else 1, abs=1e-15)
    assert KERNELS[name].words and KERNELS[name].source


def test_the_matrices_are_those_of_the_literature():
    """Sobel's as scipy has it, the Laplacian too; binomial numbers for the Gaussian blur."""
    impulse = np.zeros((3, 3))
    impulse[1, 1] = 1
    sobel = ndimage.sobel(impulse, axis=1, mode="constant")[:, ::-1]  # its answer to an impulse is turned round
    np.testing.assert_array_equal(KERNELS["sobel_x"].numbers(), sobel)
    np.testing.assert_array_equal(KERNELS["sobel_y"].numbers(), KERNELS["sobel_x"].numbers().T)
    prewitt = ndimage.prewitt(impulse, axis=1, mode="constant")
    np.testing.assert_array_equal(KERNELS["vertical_edge"].numbers(), prewitt)
    np.testing.assert_array_equal(KERNELS["horizontal_edge"].numbers(), prewitt.T)
    np.testing.assert_array_equal(KERNELS["laplacian"].numbers(), ndimage.laplace(impulse, mode="constant"))
    binomial = np.array([1, 2, 1]) / 4
    np.testing.assert_array_equal(KERNELS["gaussian_blur"].numbers(), np.outer(binomial, binomial))
    np.testing.assert_allclose(KERNELS["box_blur"].numbers(), np.full((3, 3), 1 / 9), rtol=1e-15)
    np.testing.assert_array_equal(
        KERNELS["sharpen"].numbers(), KERNELS["identity"].numbers() - KERNELS["laplacian"].numbers()
    )


def test_the_famous_edge_of_tens():
    """Andrew Ng's example: 10 | 0 under the vertical edge gives 30 in the middle and 0 elsewhere."""
    image = np.repeat([[10.0, 10, 10, 0, 0, 0]], 6, axis=0)
    found = correlate2d(image, KERNELS["vertical_edge"].numbers(), mode="valid")
    np.testing.assert_array_equal(found, [[0, 30, 30, 0]] * 4)


@pytest.mark.parametrize("name", KERNELS)
def test_a_filter_gets_the_kernel_and_computes_with_it(name: str):
    changed = use(problem(), name)
    np.testing.assert_array_equal(weights(changed)[:, :, 0, 1], weights(problem())[:, :, 0, 1])  # the other one stays
    found = prediction_of(changed, changed.x)[0, :, :, 0]
    np.testing.assert_allclose(found, correlate2d(IMAGE, KERNELS[name].numbers(), mode="valid"), atol=1e-12)
    assert kernel_of(changed.layers[0], 0, 0) == name


def test_fractions_are_written_as_fractions():
    document = use(problem(), "gaussian_blur").document["layers"][0]["weights"]
    assert [[cell[0][0] for cell in row] for row in document] == [
        ["1/16", "1/8", "1/16"],
        ["1/8", "1/4", "1/8"],
        ["1/16", "1/8", "1/16"],
    ]


@pytest.mark.parametrize(("rows", "columns", "top", "left"), [(5, 5, 1, 1), (5, 3, 1, 0), (4, 6, 0, 1), (7, 7, 2, 2)])
def test_in_a_larger_kernel_it_stands_in_the_middle_with_0_around(rows: int, columns: int, top: int, left: int):
    changed = use(problem(rows, columns), "sobel_x")
    expected = np.zeros((rows, columns))
    expected[top : top + 3, left : left + 3] = KERNELS["sobel_x"].numbers()
    np.testing.assert_array_equal(weights(changed)[:, :, 0, 0], expected)
    assert kernel_of(changed.layers[0], 0, 0) == "sobel_x" and kernel_of(changed.layers[0], 0, 1) == ""


def test_all_channels_and_all_filters_can_have_it():
    changed = use(problem(channels=3), "box_blur", channel=-1, filter=-1)
    np.testing.assert_allclose(weights(changed), np.full((3, 3, 3, 2), 1 / 9), rtol=1e-15)
    one = use(problem(channels=3), "identity", channel=2, filter=1)
    assert kernel_of(one.layers[0], 2, 1) == "identity" and kernel_of(one.layers[0], 1, 1) == ""


@pytest.mark.parametrize(
    ("changes", "edit", "message"),
    [
        ({"rows": 2}, {}, r"layers\[0\].weights: the named kernels have 3 rows .* only 2 × 3. Make .* at least 3 × 3"),
        ({"columns": 1}, {}, "only 3 × 1"),
        ({}, {"name": "sobel"}, "no kernel by name. Did you mean `sobel_[xy]`"),
        ({}, {"filter": 2}, "there is no filter 3, there are 2"),
        ({}, {"channel": -2}, "there is no channel -1, there are 1"),
        ({}, {"layer": 1}, "Layer 2 is no convolution"),
    ],
)
def test_what_is_not_possible_says_why(changes, edit, message: str):
    usual = {"kind": "kernel", "layer": 0, "channel": 0, "filter": 0, "name": "identity"}
    with pytest.raises(InputError, match=message):
        edited(problem(**changes), usual | edit)
