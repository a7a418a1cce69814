"""Which layers can follow which: a convolution needs an image, a dense layer one list of numbers.

A problem file may have a dense layer over the channels of every cell; whoever builds a network in the panel means the
numbers of the whole image. So here an image is flattened first.
"""

from __future__ import annotations

from collections.abc import Sequence

from nncalc.errors import InputError
from nncalc.layers import LAYERS
from nncalc.problem import Problem

OF_IMAGES = ("conv2d", "max_pool2d", "average_pool2d")
IMAGE = 3
"""Axes of a sample that is an image: row, column, channel."""

WORDS = {
    "dense": "a dense layer",
    "conv2d": "a convolution",
    "max_pool2d": "a max pooling layer",
    "average_pool2d": "an average pooling layer",
    "flatten": "a flatten layer",
    "activation": "an activation layer",
}


def check_order(problem: Problem, types: Sequence[str]) -> None:
    """Refuses an order of layers that can't be, unless the problem's own has the same fault.

    Raises:
        InputError: with what can be done instead, at the layer that gets what it can't use.
    """
    at, message = order_fault(types, problem.x.ndim - 1)
    own = order_fault([layer.type for layer in problem.layers], problem.x.ndim - 1)[1]
    if message and not own:
        raise InputError(message, f"layers[{at}].type")


def order_fault(types: Sequence[str], rank: int) -> tuple[int, str]:
    """Where the first layer is that gets what it can't use, and why; the message is empty where there is none.

    >>> order_fault(["conv2d", "flatten", "dense"], 3)
    (0, '')
    >>> order_fault(["flatten", "conv2d"], 3)[0]
    1
    """
    is_flattened = False
    for at, type in enumerate(types):
        words = WORDS.get(type, type)
        if type in OF_IMAGES and rank != IMAGE:
            what = "flattened numbers" if is_flattened else "numbers that are no image"
            do = "Put it before the flatten layer" if is_flattened else "Start a problem with an image"
            return at, f"{words} would get {what}, and needs an image. {do}"
        if type == "dense" and rank == IMAGE:
            return at, f"{words} would get an image, and needs one list of numbers. Put a flatten layer before it"
        if type == "flatten":
            rank, is_flattened = 1, True
    return 0, ""


def place_possible(problem: Problem, at: int, type: str) -> None:
    """Refuses a layer that can't be in a place.

    Raises:
        InputError: with what can be done instead.
    """
    if type == "flatten" and not _is_image(problem, at):
        raise InputError(
            "a flatten layer is for images, and here every sample is one list of numbers already. "
            "Put it where an image comes in",
            f"layers[{at}].type",
        )
    if type in ("flatten", "dense") and any(layer.type == "flatten" for layer in problem.layers[at:]):
        raise InputError(
            f"{WORDS[type]} can't stand here: the image is flattened further on. Put it behind that flatten layer",
            f"layers[{at}].type",
        )
    check_order(problem, types_with(problem, at, type))


def possible_at(problem: Problem, at: int) -> list[str]:
    """The types of layers that can be put before layer `at`."""
    return [type for type in LAYERS if _is_possible(problem, at, type)]


def _is_possible(problem: Problem, at: int, type: str) -> bool:
    try:
        place_possible(problem, at, type)
    except InputError:
        return False
    return True


def types_with(problem: Problem, at: int, type: str) -> list[str]:
    """The types of all layers with one more before layer `at`, and what it brings with it."""
    types = [layer.type for layer in problem.layers]
    types[at:at] = ["flatten", "dense"] if type == "dense" and _is_image(problem, at) else [type]
    return types


def _is_image(problem: Problem, at: int) -> bool:
    shape = problem.layers[at - 1].output_shape if at else problem.x.shape[1:]
    return len(shape) == IMAGE


def can_remove(problem: Problem, at: int) -> bool:
    types = [layer.type for layer in problem.layers]
    return _is_kept(problem, types[:at] + types[at + 1 :])


def can_move(problem: Problem, at: int, to: int) -> bool:
    types = [layer.type for layer in problem.layers]
    types.insert(to, types.pop(at))
    return 0 <= to < len(types) and _is_kept(problem, types)


def _is_kept(problem: Problem, types: Sequence[str]) -> bool:
    try:
        check_order(problem, types)
    except InputError:
        return False
    return True


def places_to_add(problem: Problem) -> list[tuple[str, int]]:
    """Every type of layer that can be added somewhere, with the last place where it can be.

    A layer that gives the outputs stays the last one; after an image one more can come.
    """
    count = len(problem.layers)
    ends_in_image = len(problem.output_shape) == IMAGE
    order = [*range(count if ends_in_image or not count else count - 1, -1, -1), count]
    found = []
    for type in LAYERS:
        at = next((at for at in order if _is_possible(problem, at, type)), None)
        if at is not None:
            found.append((type, at))
    return found
