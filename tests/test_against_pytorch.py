"""PyTorch's answers to 500 drawn problems, made by `reference/make.py`, against nncalc's."""

import functools
import gzip
import json
from pathlib import Path

import pytest

from nncalc import Problem, solve
from nncalc.activations import ACTIVATIONS
from nncalc.losses import LOSSES
from nncalc.optimizers import OPTIMIZERS
from tests.agreement import apart, disagreements, iterations

STORED = json.loads(gzip.decompress((Path(__file__).parent / "reference" / "pytorch.json.gz").read_bytes()))
NETWORKS = STORED["networks"]


@functools.cache
def solution(number: int):
    return solve(Problem.from_dict(NETWORKS[number]["document"]))


@pytest.mark.parametrize("number", range(len(NETWORKS)))
def test_prediction_loss_gradients_and_update_are_pytorchs(number):
    expected = NETWORKS[number]["iterations"]
    found = iterations(solution(number).to_dict())
    assert disagreements(expected, found[: len(expected)], tolerance=1e-9) == {}


