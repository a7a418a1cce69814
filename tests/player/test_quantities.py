"""What the player works out for every quantity, its text, its sign and its symbol, is what Python writes."""

from __future__ import annotations

import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest

from nncalc import Problem, explain, solve
from nncalc.numerals import shown, sign_of
from nncalc.walkthrough import Walkthrough
from nncalc.walkthrough.working import Result, Working
from tests.drawn import documents
from tests.player.walkthroughs import WHICH, data_of, names_of, number, plain, solved, text_of, unpacked

ROOT = Path(__file__).parents[2]
PROGRAM = """
import { Walkthrough } from "./assets/js/walkthrough.mjs";
import { readFileSync } from "node:fs";
const walks = JSON.parse(readFileSync(0, "utf8")).map((data) => new Walkthrough(data));
console.log(JSON.stringify(walks.map((walk) => walk.values.map((_, id) => [walk.names[id], walk.text(id), walk.sign(id), walk.symbol(id)]))));
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


def test_of_the_worked_problems():
    check([solved(which).walkthrough for which in WHICH])
