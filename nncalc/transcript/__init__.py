"""A solution as a document: aligned text, LaTeX or Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from nncalc.solution import Solution
from nncalc.transcript.elements import Element
from nncalc.transcript.latex import latex
from nncalc.transcript.markdown import markdown
from nncalc.transcript.telling import Teller
from nncalc.transcript.text import text
from nncalc.walkthrough import Walkthrough

__all__ = ["TARGETS", "readable_detail", "transcript"]

WIDTH = 100
MOST_STEPS, MOST_GROUPS = 5000, 1000  # beyond, nobody reads line by line

TARGETS: dict[str, tuple[str, Callable[[Iterable[Element], int], Iterator[str]]]] = {
    "text": ("text", text),
    "latex": ("latex", latex),
    "markdown": ("latex", markdown),
}
"""What a transcript can be written in: the style of its formulas, and who writes the rest."""


def transcript(
    solution: Solution, target: str = "text", detail: str = "neuron", name: str = "", width: int = WIDTH
) -> Iterator[str]:
    """The lines of the document, one after the other.

    Args:
        target: "text", "latex" (a fragment that needs amsmath) or "markdown".
        detail: "operation", "neuron", "layer" or "chapter".
        name: stands in for a missing title.
        width: of a line of text, in characters; working that is longer has its equals signs one below the other.

    Raises:
        DisagreementError: the chain rule and `jax.grad` differ; everything else has been told by then.

    >>> from nncalc.problem import Problem
    >>> from nncalc.solution import solve
    >>> layer = {"type": "dense", "name": "unit", "units": 1, "weights": [[2], [1]], "bias": [1]}
    >>> document = {"nncalc": 1, "title": "One unit", "layers": [layer], "data": {"x": [[3, 4]]}}
    >>> print(*transcript(solve(Problem.from_dict(document))), sep="\\n")
    One unit
    ========
    <BLANKLINE>
    Forward
    -------
    <BLANKLINE>
    Layer unit
      z  Every input times its weight, the products added, and the bias.
      a  The same number, passed on.
    <BLANKLINE>
      z⁽¹⁾₁ = w⁽¹⁾₁₁ · x₁ + w⁽¹⁾₂₁ · x₂ + b⁽¹⁾₁ = 2 · 3 + 1 · 4 + 1 = 11
      a⁽¹⁾₁ = z⁽¹⁾₁                                                 = 11
    <BLANKLINE>
    Summary
    -------
      Prediction
      11
    """
    style, write = TARGETS[target]
    return write(Teller(solution, detail, style).elements(name), width)


def readable_detail(walkthrough: Walkthrough) -> str:
    """The finest granularity at which a person can still read the working."""
    if walkthrough.count <= MOST_STEPS:
        return "neuron"
    return "layer" if len(walkthrough.steps("layer")) <= MOST_GROUPS else "chapter"
