"""The end of a transcript: prediction, loss, and the check of the derivatives."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from nncalc.ledger.check import Comparison
from nncalc.numerals import show
from nncalc.solution import Solution
from nncalc.transcript.elements import MOST_ITEMS, Element, Heading, Paragraph, Table, gapped
from nncalc.wording import counted

MOST_BESIDE = 6  # numbers of a row where two columns have numbers
FEW_DIGITS = 4
ALMOST_ZERO = 1e-6  # what a central difference may leave of a derivative that is 0
NOISE = 1e-12  # relative to the largest derivative: below it a derivative is nothing but rounding


def summary(solution: Solution) -> Iterator[Element]:
    """Without targets the prediction alone; without parameters no check, since no derivative was worked out.

    Raises:
        DisagreementError: the chain rule and `jax.grad` differ.
    """
    yield Heading(2, "Summary")
    several = len(solution.iterations) > 1
    yield _predictions(solution, "Prediction in iteration 1" if several else "Prediction")
    if solution.loss is None:
        return
    yield _losses(solution) if several else _loss(solution)
    if solution.iterations[0].plan.lines.get("backward"):
        yield from _check(solution, " of iteration 1" if several else "")


def _predictions(solution: Solution, title: str) -> Table:
    """What the network answers, beside what it should have answered."""
    problem = solution.problem
    columns = {title: solution.prediction}
    if problem.y is not None:
        columns["Target"] = problem.y[problem.batches()[0]]

    def row(sample: int) -> list[str]:
        most = MOST_ITEMS if len(columns) == 1 else MOST_BESIDE
        return [_numbers(column[sample], problem.decimals, most) for column in columns.values()]

    if len(solution.prediction) == 1:
        return Table([*columns], [row(0)])
    return _numbered(["Sample", *columns], len(solution.prediction), row)


def _numbered(head: list[str], count: int, row: Callable[[int], list[str]]) -> Table:
    """A table with numbers in front, those in the middle of a long one left out."""
    rows = gapped(range(count), str, "")
    shown = [[str(int(k) + 1), *row(int(k))] if k else ["…"] * len(head) for k in rows]
    return Table(head, shown)


def _numbers(array: np.ndarray, decimals: int, most: int) -> str:
    return ", ".join(gapped(array.ravel().tolist(), lambda value: show(value, 0, decimals), "…", most))


def _loss(solution: Solution) -> Paragraph:
    decimals = solution.problem.decimals
    assert solution.loss is not None and solution.loss_after is not None
    before, after = show(solution.loss, 0, decimals), show(solution.loss_after, 0, decimals)
    updated = solution.iterations[0].plan.update is not None
    return Paragraph(f"Loss: {before} → {after} after the update" if updated else f"Loss: {before}")


def _losses(solution: Solution) -> Table:
    def row(k: int) -> list[str]:
        worked = solution.iterations[k]
        losses = float(worked.of("loss")), float(worked.after_update("loss"))
        return [show(loss, 0, solution.problem.decimals) for loss in losses]

    return _numbered(["Iteration", "Loss before the update", "Loss after it"], len(solution.iterations), row)


def _check(solution: Solution, which: str) -> Iterator[Element]:
    """How far the chain rule, `jax.grad` and a central difference agree, array by array."""
    loss = solution.iterations[0].plan.letter
    compared = solution.check()
    yield Paragraph(
        f"Check of the derivatives{which}: to how many digits the chain rule, as worked out above, agrees with "
        f"jax.grad and with a central difference, ({loss}(w + h) − {loss}(w − h)) / 2h."
    )
    noise = NOISE * max(_size(c.chain_rule) for c in compared)
    rows = [
        [c.name, str(c.chain_rule.size), _agreement(c, c.jax_grad, c.digits, noise),
         _agreement(c, c.difference, c.difference_digits, noise)]
        for c in compared
    ]  # fmt: skip
    yield Table(["With respect to", "Numbers", "jax.grad", "Central difference"], rows)
    if any(_is_poor(c, noise) for c in compared):
        yield Paragraph(
            "A central difference looks to both sides: it can't agree at a corner (a ReLU at 0, equal largest "
            "numbers in a window), and it loses digits where the loss is large beside its derivatives."
        )


def _agreement(compared: Comparison, other: np.ndarray, digits: int | None, noise: float) -> str:
    """Agreement is relative: it means nothing for what is zero or as good as zero, and for what is not finite."""
    mine = compared.chain_rule
    if not np.isfinite(mine).all():
        return "not finite"
    if digits is None:
        return "–"
    if _size(mine) > noise:
        return counted(digits, "digit")
    if not _size(mine) and not _size(other):
        return "all are 0"
    return f"{show(_size(other))} instead of {show(_size(mine))}"


def _is_poor(compared: Comparison, noise: float) -> bool:
    """Whether the central difference is off by more than its own rounding."""
    digits, mine = compared.difference_digits, compared.chain_rule
    if digits is None or not np.isfinite(mine).all():
        return False
    return digits < FEW_DIGITS if _size(mine) > noise else _size(compared.difference) > ALMOST_ZERO


def _size(numbers: np.ndarray) -> float:
    """The largest of the finite ones."""
    return float(np.max(np.abs(numbers), where=np.isfinite(numbers), initial=0.0))
