"""What a step does, in one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nncalc.formula.expression import Call, Expression, Function, Over, Product, Quotient, Slot, Sum, evaluate, slots
from nncalc.layers.window import AXIS_NAMES
from nncalc.ledger.chain import Lines
from nncalc.losses import LOSSES
from nncalc.network import has_output_losses
from nncalc.plan import Plan
from nncalc.problem import Problem
from nncalc.walkthrough.order import is_size
from nncalc.walkthrough.ties import Ties
from nncalc.wording import counted


class Sentences:
    """The sentences of a plan: what is said of all lines that share a formula, and what of single ones."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.problem = plan.problem
        self._activated = {
            variable.definition.slots[0].tobytes(): variable.definition.node
            for variable in plan.forward.variables
            if variable.definition is not None
            and isinstance(variable.definition.node, Call)
            and variable.definition.node.arguments[0] == Slot(0)
        }
        self._ties = Ties(plan.forward)

    def about(self, lines: Lines, chapter: str) -> str:
        """What these lines do."""
        match chapter:
            case "Backward":
                return self._backward(lines)
            case "Update" if self.problem:
                return _of_the_update(lines.variable.name, self.problem.optimizer.type)
        return self._forward(lines)

    def remarks(self, lines: Lines, chapter: str, values: np.ndarray) -> list[tuple[str, np.ndarray]]:
        """Remarks with the lines that they hold for: a corner, a unit that is off, a number that is none."""
        found = []
        if chapter == "Backward":
            found += self._ties.backward(lines.writes - self.plan.size, values)
            call = self._activated.get(lines.variable.ids.tobytes())
            if call is not None and slots(call) == {Slot(0)}:
                found += _holding(call.function, list(call.arguments), [values[lines.writes - self.plan.size]])
        elif isinstance(lines.node, Call):
            filled = [values[ids] for ids in lines.slots]
            found += _holding(lines.node.function, list(lines.node.arguments), filled)
        elif is_size(lines):
            found += _left_over(self.problem, lines)
        elif lines.node == Over(Slot(0), lines.slots[0].shape[-1], "max"):
            found += self._ties.forward(lines, values)
        return found + _no_numbers(lines, values)

    def _forward(self, lines: Lines) -> str:
        own = ""
        if self.problem:
            own = _of_the_loss(self.problem, lines, self.plan.samples) or _of_windows(self.problem, lines)
        return own or (lines.known.function.sentence if lines.known else "") or _of_shape(lines.node)

    def _backward(self, lines: Lines) -> str:
        ways = _addends(lines.node)
        if lines.variable.definition is None:
            if self.problem and "window" in _settings(self.problem, lines):
                penalty = ", and what the penalty adds" if isinstance(lines.node, Sum) else ""
                return f"{_KERNEL}{penalty}." if "row" in lines.variable.axes else _BIAS_OF_FILTER
            if ways > 1 and self.plan.samples > 1:
                return "How the loss changes with this parameter: one product per sample that it is used for, added."
            if isinstance(lines.node, Slot):
                return "How the loss changes with this parameter: what comes back, times 1."
            return (
                "How the loss changes with this parameter: what comes back, times what the parameter was multiplied by."
            )
        if isinstance(lines.node, Slot):
            return "It is passed on as it is, so what comes back is passed back as it is."
        if ways > 1:
            return f"It is read in {ways} places: what comes back from each, times the local slope, added."
        return "The chain rule: what comes back, times the local slope."


def _of_the_loss(problem: Problem, lines: Lines, samples: int) -> str:
    """What is said of the quantities behind the last layer."""
    row = LOSSES[problem.loss.type]
    halfway = None if problem.layers else row.halfway
    if halfway and lines.variable.name == halfway.name:
        return halfway.sentence
    match lines.variable.name:
        case "error" if problem.error == "prediction - actual":
            return "The error: prediction minus actual value."
        case "error":
            return "The error: actual value minus prediction."
        case "term":
            return (halfway.of_term if halfway else "") or row.sentence
        case "output_loss":
            return _output_loss(problem)
        case "penalty":
            return "The penalty: what the size of the weights adds to the loss."
        case "loss":
            return _loss(problem, samples)
    return ""


def _settings(problem: Problem, lines: Lines) -> Mapping[str, Any]:
    """The settings of the layer that a variable belongs to."""
    name = lines.variable.name.partition(".")[0]
    return next((layer.settings for layer in problem.layers if layer.name == name), {})


_KERNEL = (
    "How the loss changes with this weight of the kernel: at every place of the window, what comes back times the "
    "number that the weight met there, all of them added"
)
_BIAS_OF_FILTER = "How the loss changes with this bias: what comes back from every place of the window, added."


def _of_windows(problem: Problem, lines: Lines) -> str:
    """What is said of the quantities of a layer whose window slides."""
    settings = _settings(problem, lines)
    if "window" not in settings:
        return ""
    if is_size(lines):
        return "How often the window fits, first along the rows (1), then along the columns (2)."
    if lines.variable.name.endswith(".z"):
        bias = ", and the bias" if isinstance(lines.node, Sum) else ""
        return f"Every number in the window times the kernel's weight at its place, the products added{bias}."
    match lines.node:
        case Over(_, _, "max"):
            return "The largest number in the window."
        case Quotient(_, _) | Over(_, _, "sum"):
            return "The mean of the window: its numbers added, divided by how many they are."
    return ""


def _left_over(problem: Problem | None, lines: Lines) -> list[tuple[str, np.ndarray]]:
    """The rows or columns at the end that no window reaches."""
    assert problem is not None
    name = lines.variable.name.partition(".")[0]
    at = next(k for k, layer in enumerate(problem.layers) if layer.name == name)
    image = problem.layers[at - 1].output_shape if at else problem.x.shape[1:]
    found = []
    for axis, left in enumerate(problem.layers[at].settings["window"].left_over(image[:2])):
        text = f"{counted(left, AXIS_NAMES[axis])} at the end {'is' if left == 1 else 'are'} left over: no window "
        text += "reaches there, and ⌊ ⌋ leaves the fraction away."
        found += [(text, lines.elements == axis)] if left else []
    return found


def _output_loss(problem: Problem) -> str:
    loss = problem.loss
    return f"The loss of one output alone: the {loss.samples} of its terms{_factor(loss.factor)}."


def _factor(factor: float) -> str:
    return f", times {factor:g}" if factor != 1 else ""


def _loss(problem: Problem, samples: int) -> str:
    loss = problem.loss
    if has_output_losses(problem):
        return f"The loss: the {loss.outputs} of the losses of all outputs."
    over = f"the {loss.outputs} of a sample's terms over its outputs, then the {loss.samples} over the samples"
    if loss.outputs == loss.samples or samples == 1:
        over = f"the {loss.outputs} of the terms"
    factor = _factor(loss.factor)
    penalty = (
        ", plus the penalty" if any(la.settings.get("l1") or la.settings.get("l2") for la in problem.layers) else ""
    )
    return f"The loss: {over}{factor}{penalty}."


def _of_the_update(name: str, optimizer: str) -> str:
    if name == "step_size":
        return "The step size of this iteration: the rate, corrected for moments that began at 0."
    match name.rpartition(".")[2]:
        case "m" if optimizer == "momentum":
            return "The velocity: the one before, slowed down, minus the learning rate times the gradient."
        case "m":
            return "The first moment: a running mean of the gradients."
        case "v":
            return "The second moment: a running mean of the squared gradients."
    return _RULES[optimizer]


_RULES = {
    "sgd": "The new value: the old one minus the learning rate times its gradient.",
    "momentum": "The new value: the old one plus the velocity.",
    "rmsprop": "The new value: a step against the gradient, divided by the gradient's usual size.",
    "adam": "The new value: a step against the running mean, divided by the gradient's usual size.",
    "adamw": "The new value: shrunk a little, then Adam's step against the running mean of the gradients.",
}


def _of_shape(node: Expression) -> str:
    """A sentence for a formula that has no name."""
    match node:
        case Over(Product(_), count, "sum"):
            return (
                "Every input times its weight, and the products added." if count > 1 else "The input times its weight."
            )
        case Product(_):
            return "The numbers multiplied."
        case Sum((Over(Product(_), _, "sum") | Product(_), Slot())):
            return "Every input times its weight, the products added, and the bias."
        case Quotient(Over(_, _, "sum"), _):
            return "The mean."
        case Over(_, _, "sum"):
            return "All of them added."
        case Over(_, _, "product"):
            return "All of them multiplied."
        case Over(_, _, "max"):
            return "The largest of them."
        case Over(_, _, "min"):
            return "The smallest of them."
        case Sum(_):
            return "The numbers added."
        case Quotient(_, _):
            return "One divided by the other."
        case Slot():
            return "The same number, passed on."
    return "Worked out from what is known."


def _addends(node: Expression) -> int:
    """How many products a derivative is the sum of."""
    match node:
        case Sum(terms):
            return sum(map(_addends, terms))
        case Over(_, count, "sum"):
            return count
    return 1


def _holding(function: Function, arguments: list[Expression], filled: list) -> list[tuple[str, np.ndarray]]:
    lines = len(filled[0])
    found = []
    for condition, text in function.remarks:
        with np.errstate(all="ignore"):
            holds = np.broadcast_to(evaluate(condition(*arguments), filled) != 0, (lines,))
        if holds.any():
            found.append((text, holds))
    return found


def _no_numbers(lines: Lines, values: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """Where NaN or infinity first appears: the result is not finite and all operands are."""
    result = values[lines.writes]
    bad = ~np.isfinite(result)
    if not bad.any():
        return []
    fine = np.ones(len(lines), bool)
    for ids in lines.slots:
        fine &= np.isfinite(values[ids]).reshape(len(lines), -1).all(axis=1)
    infinite, nan = np.isinf(result), np.isnan(result)
    return [
        (text, holds)
        for text, holds in (
            (
                "Infinite: a division by 0, the logarithm of 0, or a number too large to be stored begins here.",
                infinite & fine,
            ),
            ("Not a number: 0 / 0, ∞ − ∞ or 0 · ∞ has no value, and it begins here.", nan & fine),
            ("Infinite, because something that it is computed from is.", infinite & ~fine),
            ("Not a number, because of an infinity or a NaN among what it is computed from.", nan & ~fine),
        )
        if holds.any()
    ]
