"""The page of the neuron: where it opens, and the two models whose surfaces it shows."""

from __future__ import annotations

from typing import Any

import pytest

from dashboards import player
from dashboards.figures import surfaces
from dashboards.pages import neuron
from dashboards.theme import DARK, LIGHT
from tests.dashboards.site import components, text_of

LOOKS = [{"theme": theme, "flat": flat} for theme in ("light", "dark") for flat in (True, False)]


def opened(**query: str) -> dict[str, Any]:
    stores = [part for part in components(neuron.layout(**query)) if getattr(part, "id", "") == player.Ids.OPENED]
    return stores[0].data


def plane(children: float, accounts: float) -> float:
    return 3 * children + accounts


def folded(children: float, accounts: float) -> float:
    return 2 * max(0, children + accounts) - max(0, accounts - children)


MODELS = dict(zip(neuron.MODELS, (plane, folded), strict=True))


def test_the_page_opens_where_the_point_is_on_the_curve():
    assert (opened()["example"], opened()["step"]) == ("one-neuron", "1")
    assert opened(example="mazur")["step"] == ""
    assert opened(step="4")["step"] == "4"


@pytest.mark.parametrize("model", neuron.MODELS, ids=lambda model: model.example)
def test_a_surface_is_the_model_over_its_inputs(model: neuron.Model):
    top = surfaces.grid(model.problem)
    assert top.shape == (surfaces.POINTS, surfaces.POINTS)
    for row, column in ((0, 0), (3, 20), (20, 3), (24, 24), (12, 12)):
        children, accounts = (surfaces.MOST * at / (surfaces.POINTS - 1) for at in (column, row))
        assert top[row, column] == pytest.approx(MODELS[model](children, accounts), abs=1e-12)


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_both_figures_have_the_same_axes_and_colours(look: dict[str, Any]):
    one, other = (neuron.drawn(model, (3, 2), look) for model in neuron.MODELS)
    colour = (DARK if look["theme"] == "dark" else LIGHT)["positive"]
    low, high = ("zmin", "zmax") if look["flat"] else ("cmin", "cmax")
    for figure in (one, other):
        surface, mark = figure["data"]
        assert (surface[low], surface[high]) == (0, 24)
        assert surface["colorscale"][1][1] == colour
        assert (mark["x"], mark["y"]) == ([3], [2])
    assert one["layout"] == other["layout"]
    assert "font" in one["layout"] and one["layout"]["font"]["size"] >= 14


def test_a_slider_moves_the_marks_and_what_is_told():
    *_, without, with_hidden = neuron.move("3", "2", LOOKS[0])
    assert without == "3 children and 2 accounts give 11. One more account adds 1."
    assert with_hidden == "3 children and 2 accounts give 10. One more account adds 2."
    moved_mark: Any = neuron.move("4.5", "0", LOOKS[1])[0]
    patch = moved_mark.to_plotly_json()
    moved = {operation["location"][-1]: operation["params"]["value"] for operation in patch["operations"]}
    assert moved["x"] == [4.5] and moved["y"] == [0] and moved["z"] == [13.5 + surfaces.ABOVE]


def test_other_colours_keep_the_point():
    figures: list[Any]
    *figures, label = neuron.follow(LOOKS[2], "1", "5")
    assert [figure["data"][1]["x"] for figure in figures] == [[1], [1]]
    assert label == "Show as surfaces" and neuron.turned(False) == "Show from above"


def test_the_section_is_made_once_and_has_the_figures_in_words_and_numbers():
    assert neuron.fill(None, None) is neuron.no_update
    assert neuron.fill(LOOKS[0], ["there"]) is neuron.no_update
    content = neuron.fill(LOOKS[0], None)
    assert "never depends on the other" in text_of(content)
    names = [vars(part).get("aria-label", "") for root in content for part in components(root)]
    assert sum("over children and accounts" in str(name) for name in names) == 2
    cells = [text_of(part) for root in content for part in components(root) if type(part).__name__ == "Td"]
    expected = [[f"{f(row, column):g}" for row in (0, 3, 6) for column in (0, 3, 6)] for f in MODELS.values()]
    assert [cell for cell in cells if cell] == [*expected[0], *expected[1]]


def test_the_page_has_no_figure_until_the_section_is_opened():
    assert not [part for part in components(neuron.layout()) if type(part).__name__ == "Graph"]
