"""What the player works out for every quantity, its text, its sign and its symbol, is what Python writes."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pytest

from nncalc import Problem, explain, solve
from nncalc.formula.symbol import Index, Symbol
from nncalc.numerals import shown, sign_of
from nncalc.walkthrough import Walkthrough
from nncalc.walkthrough.working import Result, Working
from tests.drawn import documents
from tests.drawn_images import documents as images
from tests.player.walkthroughs import WHICH, plain, solved, symbol_at, text_of

ROOT = Path(__file__).parents[2]
PROGRAM = """
import { Walkthrough } from "./assets/js/walkthrough.mjs";
import { readFileSync } from "node:fs";
const walks = JSON.parse(readFileSync(0, "utf8")).map((data) => new Walkthrough(data));
const quantity = (walk, id) => [walk.names[id], walk.text(id), walk.sign(id), walk.symbol(id)];
console.log(JSON.stringify(walks.map((walk) => walk.values.map((_, id) => quantity(walk, id)))));
"""


def quantities(walkthroughs: list[Walkthrough]) -> list[list[list[str]]]:
    """The name, text, sign and symbol of every quantity, as the player has them."""
    node = shutil.which("node")
    assert node, "The player's modules are tested with Node.js: https://nodejs.org"
    done = subprocess.run(
        [node, "--input-type=module", "-e", PROGRAM],
        input=json.dumps([walkthrough.data() for walkthrough in walkthroughs]),
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def by_python(working: Working, results: dict[str, Result], name: str) -> list[str]:
    """The text, the sign and the symbol of a quantity; a result may be shown as 0 for being nothing but rounding."""
    n = working.script.names.number(plain(name)[1])
    value = float(working.values[n])
    printed = float(shown(np.array([value]), 0, working.decimals)[0])
    result = results.get(name, Result(value, text_of({"decimals": working.decimals}, value), sign_of(value, printed)))
    return [result.text, result.sign, working.symbol(n, "mathml")]


def check(walkthroughs: list[Walkthrough]) -> None:
    for walkthrough, found in zip(walkthroughs, quantities(walkthroughs), strict=True):
        results = {step.quantity: step.result for step in walkthrough.steps("neuron")}
        assert found
        for name, *shown_there in found:
            if name and not name.endswith(".old"):
                assert shown_there == by_python(walkthrough.workings[plain(name)[0]], results, name), name


def worked(document: dict, **more) -> Walkthrough:
    return solve(Problem.from_dict(document | more)).walkthrough


def test_of_worked_problems_and_of_some_with_numbers_of_all_sizes():
    check([solved(which).walkthrough for which in WHICH])


@pytest.mark.parametrize("notation", ["layered", "flat"])
def test_of_drawn_problems_in_both_notations(notation: str):
    """Batches, several iterations, every optimizer's moments, shared biases and none."""
    drawn = documents(11, 24)
    check([worked(d, notation=notation, iterations=min(d.get("iterations", 1), 3)) for d in drawn])


@pytest.mark.parametrize("samples", [1, 12])
@pytest.mark.parametrize("notation", ["layered", "flat"])
def test_of_a_network_whose_indices_have_two_digits(notation: str, samples: int):
    layers = [
        {"type": "dense", "units": units, "bias": bias} for units, bias in ((12, 0.5), (11, [0.1] * 11), (2, False))
    ]
    data = {"x": [[0.1, 0.2, 0.3]] * samples, "y": [[1, 0]] * samples}
    document = {"nncalc": 1, "layers": layers, "data": data, "optimizer": {"type": "adam"}}
    check([worked(document, notation=notation)])


@pytest.mark.parametrize("notation", ["layered", "flat"])
def test_of_drawn_images(notation: str):
    check([worked(document, notation=notation) for document in images(4, 12)])


def test_of_functions_of_ones_own():
    def energy(x, of):
        return jnp.sum(jnp.exp(x @ of["w"]) * 0.5 - 0.25)

    x, w = np.arange(12.0).reshape(4, 3) / 7, np.arange(36.0).reshape(3, 12) / 50
    check([explain(energy, x, {"w": w}).walkthrough, explain(lambda x: x * x + 1e-9, 3.0).walkthrough])


@pytest.mark.parametrize(("apart", "expected"), [(False, ("w₂₃", "w₂,₁₂")), (True, ("w₂,₃", "w₂,₁₂"))])
def test_a_comma_stands_between_indices_of_more_digits_or_anyway(apart: bool, expected: tuple[str, str]):
    pattern = Symbol("w", below=tuple(str(i + 1) for i in Index.of_axes(2)), apart=apart).mathml()
    for position, text in zip(([1, 2], [1, 11]), expected, strict=True):
        own = Symbol("w", below=tuple(str(i + 1) for i in position), apart=apart)
        assert symbol_at(pattern, position) == own.mathml() and own.text() == text
