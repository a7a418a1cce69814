"""What a problem's numbers are, by name: from what `nncalc solve --json` prints, and from the problem itself."""

from __future__ import annotations

import math
import re
from functools import cached_property
from typing import Any

import nncalc
from nncalc.problem import Problem

_NAME = re.compile(r"(?:iterations\[(\d+)\]\.)?([A-Za-z_][A-Za-z0-9_.]*?)((?:\[\d+\])*)(\.grad|\.new|\.after)?")
_TEXT = re.compile(r"(−?)(\d+(?:\.(\d+))?)(?:(?:e|·10)(−?\d+))?")
_WORDS = {"∞": math.inf, "−∞": -math.inf, "NaN": math.nan}
SIGNIFICANT = 4


class Answers:
    """Every number of a problem, the prefix `iterations[k].` included.

    Names of the JSON are looked up there. What it doesn't have: data and parameters are the problem's own, the numbers
    after an update those of the same problem with the updated parameters; products, running sums, slopes, moments and
    settings are what the walkthrough prints.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.solution = nncalc.solve(problem)
        solved = self.solution.to_dict(derivatives=True)
        self.reports: list[dict[str, Any]] = solved.get("iterations") or [solved]
        self._after: dict[int, dict[str, Any]] = {}

    @cached_property
    def worked(self) -> dict[str, float]:
        """The results of all single operations, by name."""
        return {step.quantity: step.result.value for step in self.solution.walkthrough.steps("operation")}

    def value(self, name: str) -> tuple[float, str]:
        """A number, and where it comes from."""
        if name.endswith(".old"):  # a moment as the iteration before left it
            return self._before(name.removesuffix(".old")), "before"
        match = _NAME.fullmatch(name)
        if match:
            iteration, base = int(match[1] or 0), match[2]
            found = self._found(iteration, base, match[4] or "")
            if found is not None:
                numbers, source = found
                for index in re.findall(r"\d+", match[3]):
                    numbers = numbers[int(index)]
                return float(numbers), source
        return self.worked[name], "walkthrough"

    def _before(self, name: str) -> float:
        match = _NAME.match(name)
        iteration = int(match[1] or 0) if match else 0
        if iteration == 0:
            return 0.0
        before = f"iterations[{iteration - 1}]." if iteration > 1 else ""
        return self.worked[before + name.removeprefix(f"iterations[{iteration}].")]

    def _found(self, iteration: int, base: str, suffix: str) -> tuple[Any, str] | None:
        report = self.reports[iteration]
        keys = {"": "quantities", ".new": "updated", ".grad": "gradients"}
        if suffix == ".after":
            return self._report_after(iteration)["quantities"][base], "after"
        if base in report[keys[suffix]]:
            return report[keys[suffix]][base], "json"
        if suffix == ".grad":
            return (report["derivatives"][base], "json") if base in report.get("derivatives", {}) else None
        if suffix == "" and base in ("prediction", "loss", "loss_after", "penalty"):
            return report[base], "json"
        given = self._given(iteration, base)
        return None if given is None else (given, "given")

    def _given(self, iteration: int, base: str) -> Any:
        """Data, parameters and settings, as the problem has them."""
        problem = self.problem
        if base == "x":
            return problem.x[problem.batches()[iteration]].tolist()
        if base == "y" and problem.y is not None:
            return problem.y[problem.batches()[iteration]].tolist()
        layer, _, parameter = base.rpartition(".")
        for one in problem.layers:
            if one.name == layer and parameter in one.parameters:
                return self.reports[iteration - 1]["updated"][base] if iteration else one.parameters[parameter].tolist()
            if one.name == layer and "window" in one.settings:
                window, image = one.settings["window"], self._image_into(layer)
                sizes = {"image_size": image, "window_size": window.size, "padding": [sum(p) for p in window.padding]}
                sizes |= {"strides": window.strides, "dilation": window.dilation, "size": window.places(image)}
                return sizes.get(parameter)
        return iteration + 1 if base == "iteration" else problem.optimizer.settings.get(base)

    def _image_into(self, name: str) -> tuple[int, ...]:
        """Rows and columns of what goes into a layer."""
        shapes = [self.problem.x.shape[1:], *(layer.output_shape for layer in self.problem.layers)]
        return shapes[[layer.name for layer in self.problem.layers].index(name)][:2]

    def _report_after(self, iteration: int) -> dict[str, Any]:
        """The report of the same problem with the parameters after the update."""
        if iteration not in self._after:
            document = self.problem.to_dict()
            for number, (fields, layer) in enumerate(zip(document["layers"], self.problem.layers, strict=True)):
                for parameter in layer.parameters:
                    fields[parameter] = self.reports[iteration]["updated"][f"{layer.name}.{parameter}"]
                fields.setdefault("name", f"layer{number + 1}")
            solved = nncalc.solve(Problem.from_dict(document)).to_dict()
            self._after[iteration] = solved.get("iterations", [solved])[0]
        return self._after[iteration]


def agrees(text: str, value: float, decimals: int) -> bool:
    """Whether a shown number is the value, to half a unit in its last place.

    Zeros at the end are left out only where nothing was rounded away: at least `decimals` decimals and four significant
    digits count as shown.
    """
    if text in _WORDS:
        word = _WORDS[text]
        return word == value or (math.isnan(word) and math.isnan(value))
    match = _TEXT.fullmatch(text)
    if not match or not math.isfinite(value):
        return False
    sign, mantissa, fraction, exponent = match.groups()
    power = int((exponent or "0").replace("−", "-"))
    number = (-1 if sign else 1) * float(f"{mantissa}e{power}")
    leading = math.floor(math.log10(abs(number))) if number else 0
    least = SIGNIFICANT - 1 if exponent else max(decimals, SIGNIFICANT - 1 - leading if number else 0)
    places = max(len(fraction or ""), least)
    return abs(number - value) <= 0.5 * (1 + 1e-9) * 10.0 ** (power - places) + 1e-12 * abs(value)
