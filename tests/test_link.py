"""Links: what goes in comes out, and every damage is answered with what it is."""

from __future__ import annotations

import base64
import json
import re
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncalc import InputError, Problem, examples
from nncalc.document import MOST_BYTES
from nncalc.link import LONGEST_LINK, from_link, to_link
from tests.drawn import documents

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
DRAWN = [Problem.from_dict(document) for document in documents(seed=20, count=50)]
FLOATS = st.floats(allow_nan=False, allow_infinity=False)


def packed(text: str | bytes) -> str:
    """A link as the format describes it, made without nncalc."""
    data = zlib.compress(text.encode() if isinstance(text, str) else text)
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def one_row(*numbers: float, **fields: Any) -> Problem:
    return Problem.from_dict({"nncalc": 1, "layers": [], "data": {"x": [list(numbers)]}, **fields})


# There and back


@pytest.mark.parametrize("name", examples.names())
def test_an_example_comes_back_from_its_link(name: str):
    problem = examples.load(name)
    link = to_link(problem)
    assert re.fullmatch(r"[A-Za-z0-9_-]+", link)
    assert from_link(link) == problem


def test_a_thousand_drawn_problems_come_back_equal_to_the_last_bit():
    for document in documents(seed=21, count=1000):
        problem = Problem.from_dict(document)
        back = from_link(to_link(problem))
        assert back == problem and back.document == problem.document
        assert back.x.tobytes() == problem.x.tobytes()
        for one, other in zip(back.layers, problem.layers, strict=True):
            assert {k: v.tobytes() for k, v in one.parameters.items()} == {
                k: v.tobytes() for k, v in other.parameters.items()
            }


def test_drawn_problems_come_back_from_their_links():
    assert len(DRAWN) == 50
    assert all(from_link(to_link(problem)) == problem for problem in DRAWN)


@given(st.lists(FLOATS, min_size=1, max_size=20))
def test_numbers_come_back_to_the_last_bit(numbers: list[float]):
    problem = one_row(*numbers)
    back = from_link(to_link(problem))
    assert back.x.tobytes() == problem.x.tobytes()
    assert json.dumps(back.document) == json.dumps(problem.document)  # −0.0 equals 0.0, but is not written so


@given(st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=50))
def test_texts_come_back(title: str):
    problem = one_row(1, title=title)
    assert from_link(to_link(problem)).title == title


def test_what_was_typed_comes_back_as_it_was_typed():
    document = {"nncalc": 1, "layers": [], "data": {"x": [["1/3", "0,5"]]}}
    assert from_link(to_link(Problem.from_dict(document))).to_dict() == document


def test_spaces_around_a_link_do_no_harm():
    assert from_link(f" {to_link(DRAWN[0])}\n") == DRAWN[0]


def test_a_link_made_elsewhere_is_read():
    assert from_link(packed('{"nncalc": 1, "layers": [], "data": {"x": [[1]]}}')).x.tolist() == [[1]]


# Too large


def test_a_problem_too_large_for_a_link_is_to_be_saved_instead():
    numbers = [1 / (n + 3) for n in range(10_000)]
    message = r"too large for a link: it would have [0-9,]+ characters, at most 65,536 .* Save the file instead"
    with pytest.raises(InputError, match=message):
        to_link(one_row(*numbers))


def test_a_link_too_long_is_not_even_unpacked():
    with pytest.raises(InputError, match="The link has 65,537 characters, at most 65,536"):
        from_link("A" * (LONGEST_LINK + 1))


def test_a_bomb_is_not_inflated(monkeypatch):
    bomb = packed(b" " * (MOST_BYTES + 2))
    assert len(bomb) < LONGEST_LINK
    made = []

    class Watched:
        def __init__(self) -> None:
            self.inner = zlib._decompressobj()  # type: ignore[attr-defined]

        def decompress(self, data: bytes, most: int) -> bytes:
            made.append(self.inner.decompress(data, most))
            return made[-1]

        def __getattr__(self, name: str) -> Any:
            return getattr(self.inner, name)

    monkeypatch.setattr(zlib, "_decompressobj", zlib.decompressobj, raising=False)
    monkeypatch.setattr(zlib, "decompressobj", Watched)
    with pytest.raises(InputError, match="unpacks to more than 30,000,000 bytes"):
        from_link(bomb)
    assert sum(map(len, made)) <= MOST_BYTES + 1


# Damaged


@pytest.mark.parametrize(
    ("link", "message"),
    [
        ("", "The link is empty"),
        ("  \n", "The link is empty"),
        ("abc%20", r'character 4, "%", is none that a link can have'),
        ("ab+d", r'character 3, "\+", is none'),
        ("ab cd", r'character 3, " ", is none'),
        ("абв", r'character 1, "а", is none'),
        ("YWI=", r'character 4, "=", is none'),
        ("abcde", "The link is cut off"),
        ("YWJjZGVm", "what it holds cannot be unpacked"),
        ("YWJ", r'its last character, "J", cannot stand there'),
        (packed("hello"), "This is not JSON: line 1, column 1"),
        (packed(b'"\xff"'), "not UTF-8"),
        (packed("[" * 100_000), "deep|not JSON"),
        (packed("[]"), "an empty list given, an object"),
        (packed('{"nncalc": 2, "layers": [], "data": {"x": [[1]]}}'), "nncalc: version 2 of the format"),
        (
            packed(json.dumps({"nncalc": 1, "layers": [{"type": "dense"}], "data": {}})),
            r"layers\[0\]: .*units.*missing",
        ),
    ],
)
def test_a_damaged_link_is_answered_with_what_is_wrong(link: str, message: str):
    with pytest.raises(InputError, match=message):
        from_link(link)


def test_more_behind_the_end_is_damage():
    data = zlib.compress(b'{"nncalc": 1, "layers": [], "data": {"x": [[1]]}}') + b"xyz"
    with pytest.raises(InputError, match="there is more behind its end"):
        from_link(base64.urlsafe_b64encode(data).decode().rstrip("="))


def test_every_fault_of_the_problem_is_told():
    document = {"nncalc": 1, "layers": [], "data": {"x": [["a"]]}, "decimals": 99, "iterations": 0}
    with pytest.raises(InputError) as raised:
        from_link(packed(json.dumps(document)))
    assert {fault.place for fault in raised.value.faults} == {"data.x[0][0]", "decimals", "iterations"}


@given(st.sampled_from(DRAWN), st.data())
def test_a_link_cut_off_anywhere_is_refused(problem: Problem, data):
    link = to_link(problem)
    end = data.draw(st.integers(0, len(link) - 1))
    with pytest.raises(InputError):
        from_link(link[:end])


@given(st.sampled_from(DRAWN), st.data())
def test_a_link_with_another_letter_anywhere_is_refused(problem: Problem, data):
    link = to_link(problem)
    place = data.draw(st.integers(0, len(link) - 1))
    letter = data.draw(st.sampled_from(LETTERS).filter(lambda letter: letter != link[place]))
    with pytest.raises(InputError):
        from_link(link[:place] + letter + link[place + 1 :])


@given(st.text(max_size=80) | st.text(LETTERS, max_size=80) | st.binary(max_size=80).map(packed))
def test_whatever_stands_in_an_address_is_refused_for_a_person(text: str):
    with pytest.raises(InputError, match=r"\w"):
        from_link(text)
