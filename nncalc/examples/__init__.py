"""Worked problems: problem files whose numbers were printed or worked out elsewhere, see the `source` of each."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable

from nncalc.errors import InputError
from nncalc.problem import Problem
from nncalc.wording import meant, shown

_TEACHING_ORDER = (
    # forwards
    "multiply-then-add",
    "multiply-then-add-relu",
    "interactions",
    "two-hidden-layers",
    # the loss
    "error-table-one-row",
    "error-table",
    "two-models",
    "binary-crossentropy",
    "categorical-crossentropy",
    # backwards and the update
    "one-weight",
    "two-weights",
    "batch-of-four",
    "mazur",
    "mazur-biases",
    # what is worth a closer look
    "one-neuron",
    "xor",
    "dead-relu",
    "saturated-sigmoid",
    "softmax",
    "adam-three-steps",
    # images
    "convolution-5x5",
    "vertical-edge",
    "stride-2-even",
    "dilation-2",
    "padding-strides-dilation",
    "two-channels-two-filters",
    "depthwise",
    "kernel-gradient",
    "max-pooling-5x5",
    "average-pooling-5x5",
    "digit",
)


def names() -> list[str]:
    """The examples in the order in which to teach them.

    >>> names()[:2]
    ['multiply-then-add', 'multiply-then-add-relu']
    """
    return list(_TEACHING_ORDER)


def path(name: str) -> Traversable:
    """Where the file of an example is.

    Raises:
        InputError: there is no such example.

    >>> path("mazur").name
    'mazur.json'
    >>> path("masur")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    nncalc.errors.InputError: There is no example "masur". Did you mean `mazur`? Possible: multiply-then-add, ...
    """
    if name not in _TEACHING_ORDER:
        raise InputError(f"There is no example {shown(name)}{meant(name, _TEACHING_ORDER)}")
    return files(__name__) / f"{name}.json"


def load(name: str) -> Problem:
    """The problem of an example.

    Raises:
        InputError: there is no such example.

    >>> load("one-weight").title
    'One weight, one update'
    """
    return Problem.loads(path(name).read_bytes())
