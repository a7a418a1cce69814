"""Trees and templates of single operations: their values, how they are written, and what the player has to know."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterator
from functools import cache, reduce
from itertools import pairwise
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nncalc import Problem, explain, solve
from nncalc.activations import ACTIVATIONS
from nncalc.formula import functions
from nncalc.formula.expression import Function
from nncalc.losses import LOSSES
from nncalc.player.formulas import OPERATORS
from nncalc.walkthrough import Operation
from tests.by_hand import ACTIVATIONS as BY_HAND
from tests.player.walkthroughs import (
    WHICH,
    data_of,
    fills,
    math_number,
    names_of,
    number,
    plain,
    solved,
    text_of,
)

OPERATIONS_JS = Path(__file__).parents[2] / "assets" / "js" / "operations.mjs"

EVALUATED: dict[str, Callable[..., float]] = {
    "+": lambda *x: sum(x),
    "*": lambda *x: reduce(operator.mul, x),
    "/": lambda a, b: float(np.divide(a, b)),
    "^": lambda a, b: float(np.power(a, b)),
    "-": lambda x: -x,
    "exp": lambda x: float(np.exp(x)),
    "ln": lambda x: float(np.log(x)),
    "sqrt": lambda x: float(np.sqrt(x)),
    "|·|": lambda x: abs(x),
    "sign": lambda x: float(np.sign(x)),
    "max": lambda *x: max(x),
    "floor": lambda x: float(np.floor(x)),
}


def worth(tree: Any, operands: list[float]) -> float:
    if not isinstance(tree, list):
        return tree
    head, *rest = tree
    return operands[rest[0]] if head == "@" else EVALUATED[head](*(worth(part, operands) for part in rest))


def opened_of(line: dict, row: int) -> list | None:
    opened = line["opened"]
    return opened[0]["each"][row] if opened and isinstance(opened[0], dict) else opened


class Part:
    """An operation as the player makes it from the data; `earlier` are those before it in its step."""

    def __init__(self, data: dict, line: dict, row: int, part: list, own: str, earlier: list[Part]) -> None:
        kind, index, self.template, tree, holes = part
        self.data = data
        self.name = own + (f".{kind}[{index}]" if kind else "")
        self.operands = [
            earlier[place[0]].value if slot < 0 else number(data["values"][fills(line, row, slot, place)])
            for slot, *place in holes
        ]
        with np.errstate(all="ignore"):
            self.value = worth(data["trees"][tree], self.operands)

    def numbers(self, extra: int) -> str:
        pieces = self.data["templates"][self.template]
        return "".join(
            p if isinstance(p, str) else math_number(text_of(self.data, self.operands[p[0]], extra), p[2])
            for p in pieces
        )


@cache
def parts_of(which: str | int) -> list[tuple[float, list[Part]]]:
    """Every step that opens into operations: its own value, and the operations."""
    data = data_of(which)
    names = names_of(data)
    found = []
    for number_of_line, row in data["steps"]:
        line = data["lines"][number_of_line]
        written = line["writes"][row]
        made: list[Part] = []
        for part in opened_of(line, row) or []:
            made.append(Part(data, line, row, part, names[written], made))
        if made:
            found.append((number(data["values"][written]), made))
    return found


# What is sent for the worked and drawn problems


@pytest.mark.parametrize("which", WHICH)
def test_the_parts_are_the_operations_of_python(which):
    found = [part for _, parts in parts_of(which) for part in parts]
    operations = solved(which).walkthrough.steps("operation")
    expected = [op for op in operations if isinstance(op, Operation) and not op.quantity.endswith(".slope")]
    assert [part.name for part in found] == [op.quantity for op in expected]
    for part, op in zip(found, expected, strict=True):
        within = 1e-12 * largest(part)
        assert part.value == pytest.approx(op.result.value, rel=1e-12, abs=within, nan_ok=True), part.name
        assert part.numbers(op._extra) == op.written("numbers", "mathml"), part.name


def largest(part: Part) -> float:
    return max((abs(x) for x in part.operands if math.isfinite(x)), default=0.0)


@pytest.mark.parametrize("which", WHICH)
def test_the_last_operation_is_worth_what_the_ledger_has_for_the_step(which):
    for value, parts in parts_of(which):
        within = 1e-12 * max(map(largest, parts))
        assert parts[-1].value == pytest.approx(value, rel=1e-10, abs=within, nan_ok=True), parts[-1].name


@pytest.mark.parametrize("which", WHICH)
def test_running_sums_add_the_terms_up_one_by_one(which):
    for _, parts in parts_of(which):
        sums = [part for part in parts if ".sums[" in part.name]
        for before, after in pairwise(sums):
            assert after.operands[0] == before.value
            step = abs(after.value - before.value)
            assert step == pytest.approx(abs(after.operands[1]), abs=1e-9 * largest(after), nan_ok=True)


@pytest.mark.parametrize("which", WHICH)
def test_templates_and_trees_stand_in_the_data_once_and_are_used(which):
    data = data_of(which)
    for table in ("templates", "trees"):
        written = [repr(entry) for entry in data[table]]
        assert len(written) == len(set(written))
    used = {part[3] for line in data["lines"] for opened in _all_opened(line) for part in opened}
    assert used == set(range(len(data["trees"])))


def _all_opened(line: dict) -> Iterator[list]:
    for row in range(len(line["writes"])):
        yield opened_of(line, row) or []


# What the player has to know


def known_to_the_player() -> set[str]:
    """The keys of FUNCTIONS in operations.mjs."""
    source = OPERATIONS_JS.read_text(encoding="utf-8")
    match = re.search(r"const FUNCTIONS = \{\n(.*?)\n\};", source, re.DOTALL)
    assert match is not None
    keys = re.findall(r'^  (?:"([^"]+)"|(\w+)): ', match[1], re.MULTILINE)
    assert len(keys) == len(match[1].splitlines())
    return {quoted or word for quoted, word in keys}


def heads(tree: Any) -> set[str]:
    if not isinstance(tree, list):
        return set()
    return ({tree[0]} - {"@"}).union(*map(heads, tree[1:]))


def heads_of(data: dict) -> set[str]:
    return set().union(*map(heads, data["trees"]))


def test_the_player_knows_the_operators():
    assert {*OPERATORS.values(), "<", "≤", ">", "≥", "=", "≠"} <= known_to_the_player()


@pytest.mark.parametrize("which", WHICH)
def test_the_player_knows_all_that_occurs_in_worked_and_drawn_problems(which):
    assert heads_of(data_of(which)) <= known_to_the_player()


def two_layers(activation: str, loss: str, last: str = "linear", **more) -> dict:
    """Two samples, a shared bias, a penalty: every kind of sum that a problem has."""
    y = {"hinge": [[1, -1], [-1, 1]]}.get(loss, [[0, 1], [0.25, 0.75]])
    first = {"type": "dense", "units": 2, "weights": [[0.3, -0.4], [0.7, 0.2]], "bias": 0.1, "l1": 0.01, "l2": 0.02}
    second = {"type": "dense", "units": 2, "weights": [[0.5, -0.6], [-0.1, 0.8]]}
    layers = [first | {"activation": activation}, second | {"activation": last}]
    data = {"x": [[0.5, -1], [2, 0.25]], "y": y}
    return {"nncalc": 1, "layers": layers, "data": data, "loss": {"type": loss}} | more


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_player_knows_all_that_a_sum_can_open_into(activation: str, loss: str):
    """Every activation before the loss and inside of the network, with every loss."""
    assert {"softmax", *BY_HAND} == set(ACTIVATIONS)
    for document in (
        two_layers(
            activation, loss, "softmax" if "categorical" in loss else "sigmoid" if "cross" in loss else "linear"
        ),
        two_layers("tanh", loss, activation),
    ):
        data = solve(Problem.from_dict(document)).walkthrough.data()
        assert data["trees"] and heads_of(data) <= known_to_the_player()


FUNCTIONS = {
    "EXP": jnp.exp,
    "LN": jnp.log,
    "SQRT": jnp.sqrt,
    "CBRT": jnp.cbrt,
    "TANH": jnp.tanh,
    "SIN": jnp.sin,
    "COS": jnp.cos,
    "TAN": jnp.tan,
    "ASIN": jnp.arcsin,
    "ACOS": jnp.arccos,
    "ATAN": jnp.arctan,
    "SINH": jnp.sinh,
    "COSH": jnp.cosh,
    "ASINH": jnp.arcsinh,
    "ACOSH": jnp.arccosh,
    "ATANH": jnp.arctanh,
    "ERF": jax.scipy.special.erf,
    "SIGN": jnp.sign,
    "FLOOR": jnp.floor,
    "CEIL": jnp.ceil,
    "ROUND": jnp.round,
    "STOPPED": jax.lax.stop_gradient,
    "MAX": lambda x: jnp.maximum(x, 2 * x),
    "MIN": lambda x: jnp.minimum(x, 2 * x),
    "ABS": jnp.abs,
}


def test_every_function_of_arithmetic_is_tried():
    assert set(FUNCTIONS) == {name for name, row in vars(functions).items() if isinstance(row, Function)}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_player_knows_all_that_a_function_of_ones_own_can_open_into(name: str):
    """A number that is read twice has a derivative of two terms, with the function's slope in one."""
    at = 1.5 if name == "ACOSH" else 0.4
    data = explain(lambda x: FUNCTIONS[name](x) + 3 * x, at).walkthrough.data()
    assert heads_of(data) <= known_to_the_player()
    folded = explain(
        lambda x: FUNCTIONS[name](x) * x + FUNCTIONS[name](3 * x) + 1, at / 4 if at < 1 else at
    ).walkthrough
    assert heads_of(folded.data()) <= known_to_the_player()
    assert {plain(name)[0] for name in names_of(data)} == {0}
