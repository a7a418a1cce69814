"""Layers with windows that are not possible: what was given, what is possible, what to do."""

from __future__ import annotations

import re
from typing import Any

import pytest

from nncalc import InputError, Problem

IMAGE = [[[[1, 2] for _ in range(4)] for _ in range(3)]]
"""3 rows, 4 columns, 2 channels."""


def conv(size: Any = 2, **fields: Any) -> dict[str, Any]:
    return {"type": "conv2d", "filters": 2, "kernel_size": size} | fields


def pool(size: Any = 2, kind: str = "max_pool2d", **fields: Any) -> dict[str, Any]:
    return {"type": kind, "pool_size": size} | fields


def faults(*layers: dict[str, Any], x: Any = IMAGE) -> list[str]:
    with pytest.raises(InputError) as refused:
        Problem.from_dict({"nncalc": 1, "layers": list(layers), "data": {"x": x}})
    return [str(fault) for fault in refused.value.faults]


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        (
            conv([5, 4]),
            r"layers\[0\].kernel_size: the window has 5 rows and the input only 3. Use at most 3, or pad the input",
        ),
        (conv([3, 5]), "5 columns and the input only 4. Use at most 4"),
        (conv(3, dilation=2), r"3 rows, 5 with dilation 2, and the input only 3. Use at most 2"),
        (conv(5, padding=[[0, 1], [1, 0]]), r"5 rows and the input only 4 \(3 and 1 of padding\). Use at most 4"),
        (pool(4), r"layers\[0\].pool_size: the window has 4 rows and the input only 3. Use at most 3"),
        (conv(0), r"layers\[0\].kernel_size: 0 given, a whole number from 1 to 64 needed"),
        (conv([2, 1.5]), r"layers\[0\].kernel_size\[1\]: 1.5 given, a whole number from 1 to 64"),
        (conv([2]), r"layers\[0\].kernel_size: 1 number given, 2 needed \(rows and columns\), or one number for both"),
        (conv(strides=0), r"layers\[0\].strides: 0 given, a whole number from 1 to 64 needed"),
        (conv(strides=[1, -1]), r"layers\[0\].strides\[1\]: -1 given, a whole number from 1"),
        (pool(strides=[0, 1]), r"layers\[0\].strides\[0\]: 0 given"),
        (conv(dilation=65), r"layers\[0\].dilation: 65 given, a whole number from 1 to 64"),
        (conv(padding="full"), r'layers\[0\].padding: "full" given, "valid", "same" or \[\[top, bottom\], \[left'),
        (conv(padding=1), r"layers\[0\].padding: 1 given"),
        (conv(padding=[[1, 1]]), r"layers\[0\].padding: 1 pair given, 2 needed"),
        (conv(padding=[1, 1]), r"layers\[0\].padding\[0\]: 1 given, two whole numbers needed \(before and behind\)"),
        (conv(padding=[[0, -1], [0, 0]]), r"layers\[0\].padding\[0\]\[1\]: -1 given, a whole number from 0"),
        (conv(groups=3), r"layers\[0\].groups: 3 groups given, .* the 2 channels .* and the 2 filters. Possible: 1, 2"),
        (conv(groups=2, filters=3), r"layers\[0\].groups: 2 groups given, .* Possible: 1$"),
        (conv(groups=0), r"layers\[0\].groups: 0 given, a whole number from 1"),
        (conv(filters=0), r"layers\[0\].filters: 0 given, a whole number from 1 to 1000"),
        (conv(flip="yes"), r"layers\[0\].flip: \"yes\" given, true or false"),
        (
            pool(2, padding=[[2, 0], [0, 0]]),
            r"layers\[0\].padding: 1 window along the rows would hold nothing but padding. Use at most 1 on each side",
        ),
        (pool(2, "average_pool2d", padding=[[0, 0], [4, 0]]), "2 windows along the columns would hold nothing but"),
        (pool(dilation=2), r"layers\[0\]: unknown field \"dilation\""),
        (conv(weights=[[[[1, 1]]]]), r"layers\[0\].weights: 1 entry given, 2 needed \(one per row of the kernel\)"),
        (conv(bias=[1]), r"layers\[0\].bias: 1 number given, 2 needed \(one per filter\)"),
    ],
)
def test_what_is_not_possible_says_what_is_and_what_to_do(layer: dict[str, Any], message: str):
    assert re.search(message, faults(layer)[0]), faults(layer)[0]


@pytest.mark.parametrize("layer", [conv(), pool(), pool(kind="average_pool2d")])
@pytest.mark.parametrize(("x", "given"), [([[1, 2, 3]], "3"), ([[[1, 2], [3, 4]]], "2 × 2")])
def test_a_window_needs_an_image(layer: dict[str, Any], x: Any, given: str):
    assert re.match(
        rf"layers\[0\].type: {given} numbers per sample come in, images \[row\]\[column\]\[channel\] needed. ",
        faults(layer, x=x)[0],
    )


def test_behind_a_fault_nothing_is_guessed():
    """Only the fault itself is told, and what is wrong further on all the same."""
    assert faults(conv(9), pool(9), {"type": "flatten"}, {"type": "dense", "units": 0})[1:] == [
        "layers[0].kernel_size: the window has 9 columns and the input only 4. Use at most 4, or pad the input",
        "layers[3].units: 0 given, a whole number from 1 to 100000 needed",
    ]


def test_a_window_may_be_as_large_as_the_image_and_no_larger():
    document = {"nncalc": 1, "data": {"x": IMAGE}}
    for padding, (rows, columns) in {"valid": (3, 4), "same": (64, 64)}.items():
        layer = conv([rows, columns], padding=padding)
        shape = Problem.from_dict(document | {"layers": [layer]}).output_shape
        assert shape == ((1, 1, 2) if padding == "valid" else (3, 4, 2))
