"""A table of errors: one row per sample, the total and the mean beneath."""

from __future__ import annotations

from typing import Any

from nncalc.losses import LOSSES
from nncalc.problem import Problem
from nncalc.wording import counted


def table(problem: Problem) -> dict[str, Any]:
    """The columns of an error table.

    Returns:
        `columns`: in groups, one per output, of `title` and `quantity` with the `unit` it shows;
        `total`: the running sum that all terms add up to, where the loss has one; `loss`: what it is the name of.
    """
    outputs = problem.x.shape[-1]
    groups = []
    for unit in range(outputs):
        columns = [("predicted", "x")]
        if problem.y is not None:
            row = LOSSES[problem.loss.type]
            columns = [
                ("actual", "y"),
                *columns,
                *([("error", "error")] if row.of_error else []),
                (_term(problem), "term"),
            ]
        title = problem.outputs[unit] if outputs > 1 else ""
        groups.append({"title": title, "columns": [{"title": t, "quantity": q, "unit": unit} for t, q in columns]})
    return {
        "kind": "table",
        "groups": groups,
        "total": _total(problem),
        "loss": "" if problem.y is None else f"{problem.loss.samples} over {counted(len(problem.x), 'sample')}",
        "settings": [],
    }


def _total(problem: Problem) -> str:
    """The running sum that is the sum of all terms: there is one where they are added at once, and then divided."""
    first = problem.batches()[0]
    samples, outputs = first.stop - first.start, problem.x.shape[-1]
    added_at_once = problem.x.ndim == 2 and (outputs == 1 or problem.loss.outputs == "sum")
    if problem.y is None or problem.loss.samples == "sum" or not added_at_once or samples * outputs < 2:
        return ""
    return f"loss.sums[{samples * outputs - 1}]"


def _term(problem: Problem) -> str:
    return problem.loss.type.replace("_", " ")
