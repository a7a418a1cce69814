"""What is copied from the player as LaTeX and as text is what Python writes, letter for letter."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from nncalc.transcript.latex import typeset
from tests.player.walkthroughs import WHICH, solved

ROOT = Path(__file__).parents[2]
PROGRAM = """
import { latexOf, textOf } from "./assets/js/copy/notation.mjs";
import { readFileSync } from "node:fs";
const formulas = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(formulas.map((math) => [latexOf(math), textOf(math)])));
"""


def converted(formulas: list[str]) -> list[list[str]]:
    """Formulas in MathML as the player's LaTeX and text."""
    node = shutil.which("node")
    assert node, "The player's modules are tested with Node.js: https://nodejs.org"
    done = subprocess.run(
        [node, "--input-type=module", "-e", PROGRAM],
        input=json.dumps(formulas),
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def compare(expected: dict[str, tuple[str, str]]) -> None:
    """Formulas in MathML, each with its LaTeX and its text."""
    for (math, wanted), found in zip(expected.items(), converted(list(expected)), strict=True):
        assert tuple(found) == wanted, math


def squared(text: str) -> str:
    """The iteration as an exponent may be 2, which the player can't tell from a square."""
    return re.sub(r"(?<!e)\^\(2\)", "²", text)


@pytest.mark.parametrize("which", WHICH)
def test_every_formula_of_a_problem_is_written_as_python_writes_it(which):
    walkthrough = solved(which).walkthrough
    written = [*walkthrough.steps("operation"), *walkthrough.steps("neuron")]
    written += [line for detail in ("layer", "chapter") for group in walkthrough.steps(detail) for line in group.matrix]
    compare(
        {
            line.written(what, "mathml"): (typeset(line.written(what, "latex")), squared(line.written(what, "text")))
            for line in written
            for what in ("symbol", "symbols", "numbers")
        }
    )
