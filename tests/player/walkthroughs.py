"""What the player gets for worked and drawn problems, and its reading of it, written as `assets/js` has it."""

from __future__ import annotations

import re
from functools import cache
from math import prod
from typing import Any

import numpy as np

from nncalc import Solution, examples, solve
from nncalc.numerals import show
from tests.walkthrough.solutions import NUMBERS, hard, solution

Data = dict[str, Any]

WHICH = [*examples.names(), *NUMBERS, *(f"hard {k}" for k in (0, 3, 5))]


@cache
def solved(which: str | int) -> Solution:
    """A worked problem by its name, a drawn one by its number, or one with numbers of very different sizes."""
    if isinstance(which, int):
        return solution(which)
    return hard(int(which.split()[1])) if which.startswith("hard ") else solve(examples.load(which))


@cache
def data_of(which: str | int) -> Data:
    return solved(which).walkthrough.data()


def number(value: float | str) -> float:
    """As JavaScript's `Number` reads what JSON has no numbers for."""
    return float(value)


def names_of(data: Data) -> list[str]:
    """The name of every quantity by its place; "" for constants."""
    names = [""] * len(data["values"])
    for block in data["quantities"]:
        for k, place in enumerate(block.get("at", range(prod(block["shape"])))):
            indices = np.unravel_index(place, block["shape"]) if block["shape"] else ()
            if block["name"]:
                names[block["start"] + k] = block["name"] + "".join(f"[{i}]" for i in indices) + block["suffix"]
    return names


def plain(name: str) -> tuple[int, str]:
    """The iteration and the name in it."""
    match = re.fullmatch(r"(?:iterations\[(\d+)\]\.)?(.*)", name)
    assert match is not None
    return int(match[1] or 0), match[2]


def fills(line: Data, row: int, slot: int, place: list[int]) -> int:
    """Which quantity fills a hole."""
    at = line["slots"][slot][row]
    for k in place:
        at = at[k]
    assert isinstance(at, int) and at >= 0
    return at


def filled(data: Data, line: Data, row: int, what: str) -> str:
    """A line in "symbols" or "numbers", as MathML."""
    template = line[what] if isinstance(line[what], int) else line[what][row]

    def write(slot: int, place: list[int], guarded: int) -> str:
        k = fills(line, row, slot, place)
        if what == "symbols":
            return math_symbol(data["symbols"][k], guarded)
        return math_number(text_of(data, number(data["values"][k]), line["extra"][row]), guarded)

    return "".join(piece if isinstance(piece, str) else write(*piece) for piece in data["templates"][template])


def text_of(data: Data, value: float, extra: int = 0) -> str:
    return show(value, extra, data["decimals"])


def math_number(text: str, guarded: int) -> str:
    mantissa, e, exponent = text.partition("e")
    written = f"<mn>{mantissa}</mn>"
    if e:
        written = f"<mrow>{written}<mo>·</mo><msup><mn>10</mn><mn>{exponent}</mn></msup></mrow>"
    return in_brackets(written) if guarded and (text.startswith("−") or (guarded == 2 and e)) else written


def math_symbol(symbol: str, guarded: int) -> str:
    return in_brackets(symbol) if guarded == 2 and symbol.startswith("<mfrac>") else symbol


def in_brackets(inner: str) -> str:
    return f"<mrow><mo>(</mo>{inner}<mo>)</mo></mrow>"
