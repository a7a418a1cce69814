"""The small drawings, read as what they are: XML."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest

from dashboards import theme
from dashboards.figures import miniature
from nncalc import Problem, examples

DRAWN = {name: examples.load(name) for name in examples.names()}
FLAT = {name: problem for name, problem in DRAWN.items() if problem.x.ndim == 2}
IMAGES = {name: problem for name, problem in DRAWN.items() if problem.x.ndim == 4}


def drawing(problem: Problem) -> ElementTree.Element:
    uri = miniature.data_uri(problem)
    start = "data:image/svg+xml,"
    assert uri.startswith(start) and not set(uri) & set('"<>#%') - {"%"}
    return ElementTree.fromstring(unquote(uri.removeprefix(start)))


def elements(problem: Problem, kind: str) -> list[ElementTree.Element]:
    return [element for element in drawing(problem).iter() if element.get("class") == kind]


def network(inputs: int, *units: int, weight: float = 1.0, **fields) -> Problem:
    counts = [inputs, *units]
    layers = [
        {"type": "dense", "units": after, "weights": [[weight] * after] * before}
        for before, after in zip(counts, units, strict=False)
    ]
    return Problem.from_dict({"nncalc": 1, "layers": layers, "data": {"x": [[1.0] * inputs], **fields}})


@pytest.mark.parametrize("problem", IMAGES.values(), ids=IMAGES)
def test_a_square_per_map_a_column_for_units_and_the_pixels(problem: Problem):
    shapes = [problem.x.shape[1:], *(layer.output_shape for layer in problem.layers)]
    assert len(elements(problem, "m")) == sum(shape[2] if len(shape) == 3 else 1 for shape in shapes)
    assert len(elements(problem, "i")) == (problem.x[0, :, :, 0] != 0).sum()
    assert len(elements(problem, "l")) == (problem.y is not None)


@pytest.mark.parametrize("problem", FLAT.values(), ids=FLAT)
def test_a_circle_per_unit_and_a_line_per_weight(problem: Problem):
    columns = [problem.x.shape[-1], *(layer.output_shape[-1] for layer in problem.layers)] if problem.layers else []
    assert len(elements(problem, "u")) == sum(columns)
    signs = Counter("pon"[1 - (w > 0) + (w < 0)] for layer in problem.layers for w in layer.parameters["weights"].flat)
    for kind in "pn":
        assert len(elements(problem, kind)) == signs[kind]


@pytest.mark.parametrize("problem", DRAWN.values(), ids=DRAWN)
def test_everything_lies_within_the_drawing(problem: Problem):
    for element in drawing(problem).iter():
        for x in (element.get("x"), element.get("cx")):
            assert x is None or 0 <= float(x) <= miniature.WIDTH
        for y in (element.get("y"), element.get("cy")):
            assert y is None or 0 <= float(y) <= miniature.HEIGHT


def test_a_loss_is_drawn_where_there_is_a_target():
    assert elements(network(2, 1, y=[[1.0]]), "l") and not elements(network(2, 1), "l")


@pytest.mark.parametrize(("units", "circles", "dots"), [(8, 8, 0), (9, 7, 3), (500, 7, 3)])
def test_a_long_column_has_a_gap(units: int, circles: int, dots: int):
    problem = network(1, units)
    assert len(elements(problem, "u")) == 1 + circles and len(elements(problem, "g")) == dots


def test_a_larger_weight_is_wider_and_zeros_are_thin():
    problem = Problem.from_dict(
        {
            "nncalc": 1,
            "layers": [{"type": "dense", "units": 1, "weights": [[4], [-1], [0]]}],
            "data": {"x": [[1, 1, 1]]},
        }
    )
    widths = [float(elements(problem, kind)[0].get("stroke-width") or 0) for kind in "pno"]
    assert widths == sorted(widths, reverse=True) and len(set(widths)) == 3


def test_networks_of_zeros_and_layers_without_weights_are_drawn():
    assert len(elements(network(2, 2, weight=0.0), "o")) == 4
    layers = [{"type": "activation", "activation": "relu"}]
    bare = Problem.from_dict({"nncalc": 1, "layers": layers, "data": {"x": [[1, 2]]}})
    assert len(elements(bare, "u")) == 4 and len(elements(bare, "o")) == 2


def test_samples_and_iterations_are_told():
    batch = network(1, 1, x=[[1], [2]]).to_dict() | {"iterations": 3}
    (note,) = elements(Problem.from_dict(batch), "b")
    assert note.text == "2 samples, 3 iterations"


def test_a_table_shows_its_first_rows():
    problem = examples.load("error-table")
    assert [cell.text for cell in elements(problem, "h")] == ["predicted", "actual"]
    assert [cell.text for cell in elements(problem, "c")] == [*"67 56 50 67 148 149 99 117".split(), "⋮", "⋮"]


def test_names_are_text_whatever_they_say():
    names = ["<a>&'\u200b\"]]>"], ["a name that is much too long for a column"]
    document = {"nncalc": 1, "inputs": names[0], "outputs": names[1], "layers": []}
    problem = Problem.from_dict(document | {"data": {"x": [[-1]], "y": [[1e300]]}})
    assert [cell.text for cell in elements(problem, "h")] == ["<a>&'\"]]>", "a name that i…"]
    assert [cell.text for cell in elements(problem, "c")] == ["−1", "1e+300"]


def test_light_and_dark_have_the_colours_of_the_theme():
    style = re.search("<style>(.*)</style>", miniature.svg(DRAWN["mazur"]))
    assert style is not None
    light, dark = style[1].split("@media(prefers-color-scheme:dark)")
    colours = {"positive", "negative", "loss", "paper", "ink", "ink-quiet", "line", "line-strong"}
    assert all(theme.LIGHT[name] in light and theme.DARK[name] in dark for name in colours)
