"""What the player gets for worked and drawn problems, and its reading of it, written as `assets/js` has it."""

from __future__ import annotations

import re
from functools import cache, reduce
from itertools import count
from math import prod
from typing import Any

import numpy as np

from nncalc import Solution, examples, solve
from nncalc.numerals import show, shown, sign_of
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
    return unpacked(solved(which).walkthrough.data())


def unpacked(data: Data) -> Data:
    """What was sent with all its lists, and with the texts, signs and symbols of all quantities."""

    def line(own: Data) -> Data:
        rows = len(listed(own["writes"] if "writes" in own else own["source"]))
        lists = {key: listed(own[key]) for key in ("writes", "source", "result") if key in own}
        extra = own["extra"] if isinstance(own["extra"], list) else [own["extra"]] * rows
        return own | lists | {"extra": extra, "slots": [slot_of(slot) for slot in own["slots"]]}

    left = {line: iter(rows) for line, rows in data["steps"]["rows"].items()}
    steps = []
    for n in listed(data["steps"]["lines"]):
        steps.append([n, next(left.setdefault(str(n), count()))])
    blocks = [block | ({"at": listed(block["at"])} if "at" in block else {}) for block in data["quantities"]]
    found = data | {"quantities": blocks, "steps": steps}
    found |= {"lines": [*map(line, data["lines"])], "feeds": [*map(line, data["feeds"])]}
    noise, values = set(data["noise"]), [number(value) for value in data["values"]]
    printed = zip(values, shown(np.array(values), 0, data["decimals"]).tolist(), strict=True)
    return found | {
        "texts": ["0" if k in noise else text_of(data, value) for k, value in enumerate(values)],
        "approximate": [k in noise or sign_of(value, seen) == "≈" for k, (value, seen) in enumerate(printed)],
        "symbols": symbols_of(found, values),
    }


def listed(packed: list[int] | dict[str, int]) -> list[int]:
    if isinstance(packed, list):
        return packed
    return [packed["first"] + k * packed["by"] for k in range(packed["count"])]


def slot_of(slot: Any) -> list:
    """Lists in lists: by row, then by position."""
    return slot if isinstance(slot, list) else reduce(np.add, np.ix_(*map(listed, slot["along"]))).tolist()


def symbols_of(data: Data, values: list[float]) -> list[str]:
    """The symbol of every quantity, from the pattern of its array; of a constant its number."""
    found = [math_number(text_of(data, value), 0) for value in values]
    for block in data["quantities"]:
        for k, place in enumerate(block.get("at", range(prod(block["shape"])))):
            if block["symbol"]:
                found[block["start"] + k] = symbol_at(block["symbol"], [*np.unravel_index(place, block["shape"])])
    return found


def symbol_at(pattern: str, position: list[int]) -> str:
    indices: list[str] = []

    def index(match: re.Match) -> str:
        strides = map(int, match[2].split(","))
        indices.append(str(int(match[1]) + sum(a * b for a, b in zip(strides, position, strict=True))))
        return indices[-1]

    filled = re.sub("\ue000(.*?);(.*?)\ue001", index, pattern)
    return filled.replace("\ue002", "," if any(len(i) > 1 for i in indices) else "")


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
