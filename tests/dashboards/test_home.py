"""The start page and its cards."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from dash.development.base_component import Component

from dashboards.app import PAGES
from dashboards.pages import home
from nncalc import Problem, examples
from tests.dashboards.site import components, text_of

ATTACK = "<img src=x onerror=alert(1)>"


def cards() -> list[Any]:
    return [part for part in components(home.layout()) if getattr(part, "className", None) == "card"]


def test_there_is_a_card_for_every_example_in_teaching_order():
    paths = {page.path for page in PAGES if page.has_player}
    found = {}
    for card in cards():
        path, _, name = card.href.partition("?example=")
        assert path in paths
        found[name] = path
    assert list(found) == list(examples.names())
    expected = {
        "mazur": "/backpropagation",
        "error-table": "/error",
        "softmax": "/backpropagation",
        "one-neuron": "/neuron",
    }
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize("name", examples.names())
def test_a_card_has_title_source_and_a_drawing_with_words_for_it(name: str):
    problem = examples.load(name)
    card: Any = home.card(name, problem)
    picture, title, source = card.children
    assert text_of(title) == problem.title
    without_asides, in_short = (re.sub(r" \([^()]*\)", "", text) for text in (problem.source, text_of(source)))
    assert source.title == problem.source and without_asides.startswith(in_short.split(":")[0])
    assert picture.src.startswith("data:image/svg+xml,") and picture.alt.startswith(
        ("Network: ", "Table: ", "Picture: ")
    )


def test_a_title_is_text_whatever_it_says():
    document = {"nncalc": 1, "title": ATTACK, "source": ATTACK, "layers": [], "data": {"x": [[1]]}}
    card = home.card("mine", Problem.from_dict(document))
    assert ATTACK in text_of(card)
    assert "dangerously_allow_html" not in json.dumps(card.to_plotly_json(), default=Component.to_plotly_json)
    assert [type(part).__name__ for part in components(card)] == ["Link", "Img", "Span", "Span"]


def test_nothing_on_the_page_is_read_as_markup():
    kinds = {type(part).__name__ for part in components(home.layout())}
    assert not kinds & {"Markdown", "DangerouslySetInnerHTML", "Iframe", "Script"}
