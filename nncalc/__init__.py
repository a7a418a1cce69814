"""nncalc: a step-by-step calculator for neural networks.

>>> import nncalc
>>> problem = nncalc.Problem.from_dict({"nncalc": 1, "layers": [], "data": {"x": [[67]], "y": [[56]]}})
>>> nncalc.solve(problem).loss
121.0
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nncalc.errors import InputError
    from nncalc.explanation import Explanation, explain
    from nncalc.ledger.check import DisagreementError
    from nncalc.problem import Problem, load_problem
    from nncalc.solution import Solution, solve

__all__ = [
    "DisagreementError",
    "Explanation",
    "InputError",
    "Problem",
    "Solution",
    "explain",
    "load_problem",
    "solve",
]

_HOME = {
    "DisagreementError": "nncalc.ledger.check",
    "Explanation": "nncalc.explanation",
    "InputError": "nncalc.errors",
    "Problem": "nncalc.problem",
    "Solution": "nncalc.solution",
    "explain": "nncalc.explanation",
    "load_problem": "nncalc.problem",
    "solve": "nncalc.solution",
}


def __getattr__(name: str) -> Any:
    """Loads a name when it is first used, so that the command line answers before JAX is there."""
    if name not in _HOME:
        raise AttributeError(f"module 'nncalc' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value
