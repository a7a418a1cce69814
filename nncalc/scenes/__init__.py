"""What is drawn, as data: which quantity sits where. No pixels.

Quantities are named without their indices: a drawing shows one sample at a time, and finds the number of unit k of
`hidden.z` at that sample's place.
"""

from __future__ import annotations

from typing import Any

from nncalc.problem import Problem
from nncalc.scenes.maps import is_of_images, maps
from nncalc.scenes.network import network
from nncalc.scenes.neuron import is_neuron, neuron
from nncalc.scenes.plot import plot
from nncalc.scenes.sliding import is_sliding, sliding
from nncalc.scenes.table import table


def scene_of(problem: Problem, page: str = "") -> dict[str, Any]:
    """The drawing that a problem has on a page: its network, or without layers the table of its errors.

    A network of images is drawn as its maps on every page. On the page "error" the table has a plot beside it, and its
    rows can be added, removed and pasted; on the page "neuron" a problem of one unit is drawn as that unit, with the
    curve of its activation.
    """
    if page == "windows" and is_sliding(problem):
        return sliding(problem)
    if page == "neuron" and is_neuron(problem):
        return neuron(problem)
    if is_of_images(problem):
        return maps(problem)
    if problem.layers:
        return network(problem)
    if page == "error" and problem.y is not None:
        return table(problem) | {"kind": "errors", "plot": plot(problem)}
    return table(problem)


def page_of(problem: Problem) -> str:
    """The page on which a problem is seen best."""
    if not problem.layers:
        return "error"
    if is_of_images(problem):
        return _page_of_images({layer.type for layer in problem.layers} - {"activation"})
    alone = len(problem.x) == problem.iterations == 1
    return "neuron" if alone and is_neuron(problem) else "backpropagation"


def pages_of(problem: Problem) -> list[str]:
    """The pages that draw a problem in different ways, the best one first.

    >>> from nncalc import examples
    >>> pages_of(examples.load("one-neuron")), pages_of(examples.load("dilation-2"))
    (['neuron', 'backpropagation'], ['convolution', 'windows'])
    """
    others = ["windows"] if is_sliding(problem) else ["backpropagation"] if is_neuron(problem) else []
    return list(dict.fromkeys([page_of(problem), *others]))


def _page_of_images(types: set[str]) -> str:
    if types <= {"conv2d"}:
        return "convolution"
    return "pooling" if types <= {"max_pool2d", "average_pool2d"} else "picture"
