"""A table of errors: a row per sample, the total and the loss beneath.

Where outputs are classes of one decision, every class has a row of its own. Elsewhere every output has its columns,
with its own total and loss beneath them, and targets that all outputs share stand there once: models side by side.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nncalc.losses import LOSSES
from nncalc.network import ONE_DECISION, has_output_losses
from nncalc.numerals import show
from nncalc.problem import OF_PROBABILITIES, Problem
from nncalc.wording import counted

Column = tuple[str, str]  # its title, and the quantity that it shows

TITLES = {
    "binary_crossentropy": "cross-entropy",
    "categorical_crossentropy": "cross-entropy",
    "huber": "Huber error",
    "log": "logarithm",
    "margin": "target · prediction",
}


def table(problem: Problem) -> dict[str, Any]:
    """The columns of an error table.

    Returns:
        `groups`: of columns, each with `title`, `quantity` and the `unit` it shows; `unit` −1: that of the row. A group
            may have a `total` and a `loss` of its own;
        `classes`: their names, where each has a row;
        `total`: the running sum that all terms add up to, where the loss has one; `loss`: what is made of the terms, in
            words; `of_outputs`: what is made of the losses of the groups.
    """
    classes = [] if not has_classes(problem) else list(problem.outputs)
    return {
        "kind": "table",
        "groups": [_group("", _columns(problem), -1)] if classes else _groups(problem),
        "classes": classes,
        "total": _total(problem),
        "loss": _loss(problem),
        "of_outputs": _of_outputs(problem) if _has_own_losses(problem) else "",
        "settings": [],
    }


def has_classes(problem: Problem) -> bool:
    return (
        problem.y is not None and problem.loss.type in ONE_DECISION and problem.x.ndim == 2 and problem.x.shape[-1] > 1
    )


def shares_targets(problem: Problem) -> bool:
    """Whether several outputs are meant to be the same: then they are predictions of several models."""
    return has_output_losses(problem) and problem.y is not None and bool(np.all(problem.y == problem.y[:, :1]))


def given_columns(problem: Problem) -> list[tuple[str, list[int]]]:
    """The columns that can be changed, from left to right: of "x" or "y", and which outputs one is about."""
    outputs = list(range(problem.x.shape[-1]))
    if problem.y is None:
        return [("x", [k]) for k in outputs]
    if shares_targets(problem):
        return [("y", outputs), *(("x", [k]) for k in outputs)]
    return [(name, [k]) for k in outputs for name in ("y", "x")]


def names_of_outputs(problem: Problem) -> list[str]:
    """What several outputs are called: where they share their targets, as the predictions are, if those have names."""
    named = shares_targets(problem) and "inputs" in problem.document
    return list(problem.inputs if named else problem.outputs)


def term_title(problem: Problem) -> str:
    return TITLES.get(problem.loss.type, problem.loss.type.replace("_", " "))


def _columns(problem: Problem) -> list[Column]:
    if problem.y is None:
        return [("predicted", "x")]
    row = LOSSES[problem.loss.type]
    actual, predicted = ("target", "probability") if problem.loss.type in OF_PROBABILITIES else ("actual", "predicted")
    between = [("error", "error")] if row.of_error else []
    if row.halfway:
        between = [(TITLES[row.halfway.name], row.halfway.name)]
    return [(actual, "y"), (predicted, "x"), *between, (term_title(problem), "term")]


def _groups(problem: Problem) -> list[dict[str, Any]]:
    columns, names = _columns(problem), names_of_outputs(problem)
    shared = shares_targets(problem)
    found = [_group("", columns[:1], 0) | {"shared": True}] if shared else []
    for unit, name in enumerate(names):
        group = _group(name if len(names) > 1 else "", columns[shared:], unit)
        found.append(group | (_own_loss(problem, unit) if _has_own_losses(problem) else {}))
    return found


def _group(title: str, columns: list[Column], unit: int) -> dict[str, Any]:
    return {"title": title, "columns": [{"title": t, "quantity": q, "unit": unit} for t, q in columns]}


def _has_own_losses(problem: Problem) -> bool:
    return problem.y is not None and has_output_losses(problem)


def _own_loss(problem: Problem, unit: int) -> dict[str, Any]:
    name = f"output_loss[{unit}]"
    return {"total": _sum_inside(problem, name, _in_first_batch(problem)), "loss": name}


def _total(problem: Problem) -> str:
    """The running sum that is the sum of all terms: there is one where they are added at once, and changed then."""
    outputs = problem.x.shape[-1]
    added_at_once = problem.x.ndim == 2 and (outputs == 1 or problem.loss.outputs == "sum")
    if problem.y is None or _has_own_losses(problem) or not added_at_once:
        return ""
    return _sum_inside(problem, "loss", _in_first_batch(problem) * outputs)


def _sum_inside(problem: Problem, name: str, terms: int) -> str:
    """Where the sum is all there is to do, it is the loss itself."""
    is_all = problem.loss.samples == "sum" and problem.loss.factor == 1
    return "" if is_all or terms < 2 else f"{name}.sums[{terms - 1}]"


def _in_first_batch(problem: Problem) -> int:
    first = problem.batches()[0]
    return first.stop - first.start


def _loss(problem: Problem) -> str:
    if problem.y is None:
        return ""
    classes = f", {problem.loss.outputs} over {problem.x.shape[-1]} classes" if has_classes(problem) else ""
    return _over_samples(problem) + classes


def _of_outputs(problem: Problem) -> str:
    count = problem.x.shape[-1]
    return f"{problem.loss.outputs} of {'both' if count == 2 else f'all {count:,}'}"


def _over_samples(problem: Problem) -> str:
    """
    >>> document = {"nncalc": 1, "layers": [], "data": {"x": [[1], [2]], "y": [[0], [0]]}, "loss": "half_sse"}
    >>> _over_samples(Problem.from_dict(document))
    '0.5 × mean over 2 samples'
    """
    factor = "" if problem.loss.factor == 1 else f"{show(problem.loss.factor, 0, problem.decimals)} × "
    return f"{factor}{problem.loss.samples} over {counted(len(problem.x), 'sample')}"
