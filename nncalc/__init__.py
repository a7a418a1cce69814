"""nncalc: a step-by-step calculator for neural networks.

>>> import nncalc
>>> problem = nncalc.Problem.from_dict({"nncalc": 1, "layers": [], "data": {"x": [[67]], "y": [[56]]}})
>>> nncalc.solve(problem).loss
121.0
"""

from nncalc.errors import InputError
from nncalc.explain import Explanation, explain
from nncalc.ledger.check import DisagreementError
from nncalc.problem import Problem, load_problem
from nncalc.solution import Solution, solve

__all__ = ["DisagreementError", "Explanation", "InputError", "Problem", "Solution", "explain", "load_problem", "solve"]
