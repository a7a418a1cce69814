"""A reader who types a printed line into a pocket calculator gets the printed result."""

import itertools
import re
from xml.etree import ElementTree

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nncalc import explain
from nncalc.numerals import EXACT
from tests.formula.pocket import CONTEXT, Unreadable, last_place, number, worked_out
from tests.walkthrough.solutions import COUNT, NUMBERS, hard, network, solution

GAP = "…"


def fault(step) -> str | None:
    """What is wrong with a printed line, worked out in 50 digits; None if nothing is."""
    result = step.result
    try:
        typed = worked_out(step.numbers)
        printed = number(result.text)
    except Unreadable as unreadable:
        return str(unreadable)
    stored = CONTEXT.mpf(result.value)
    if not CONTEXT.isfinite(stored):
        right = CONTEXT.isnan(printed) if CONTEXT.isnan(stored) else printed == stored
        return None if right and result.sign == "=" else "a number where none is"
    if not abs(typed - printed) <= last_place(result.text) / 2 * (1 + CONTEXT.mpf(1e-9)) + allowed(step, typed):
        return f"the calculator shows {CONTEXT.nstr(typed, 20)}"
    exact = abs(stored - printed) <= CONTEXT.mpf(EXACT) * abs(stored)
    return None if exact == (result.sign == "=") else f"{result.sign}, and stored is {result.value!r}"


def allowed(step, typed) -> object:
    """With all stored digits printed nothing more can be done: then float64's own rounding is forgiven, no more."""
    if re.search(r"\d{15}", re.sub(r"\D", "", step.numbers)) and re.search(r"[\d.]{16}", step.numbers):
        return abs(typed) * CONTEXT.mpf(1e-11) + CONTEXT.mpf(1e-300)
    return abs(typed) * CONTEXT.mpf(1e-14)


def faults(steps, most: int) -> tuple[int, list[str]]:
    """How many lines were read, and which of them are wrong."""
    lines = [step for step in steps if GAP not in step.numbers]
    lines = lines[:: max(1, len(lines) // most)]
    return len(lines), [f"{step.quantity}: {step!r}: {why}" for step in lines if (why := fault(step))]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("detail", ["neuron", "operation"])
def test_a_calculator_fed_with_a_line_gets_its_result(number, detail):
    _, wrong = faults(solution(number).walkthrough.steps(detail), 250)
    assert wrong == []


def test_more_than_two_thousand_lines_were_typed_in():
    read = [faults(solution(k).walkthrough.steps(d), 250)[0] for k in NUMBERS for d in ("neuron", "operation")]
    assert sum(read) > 2000


@pytest.mark.parametrize("number", range(0, COUNT, 2))
def test_tiny_huge_and_cancelling_numbers_too(number):
    _, wrong = faults(hard(number).walkthrough.steps("operation"), 150)
    assert wrong == []


@pytest.mark.parametrize("decimals", [0, 2, 8, 12])
def test_with_any_number_of_decimals(decimals):
    solved = network("sigmoid", ((0.123456789,), (-0.987654321,)), decimals=decimals, optimizer={"type": "adam"})
    assert faults(solved.steps, 1000)[1] == []


# Numbers that are hard to print

EXPLAINED = {
    "halves": (lambda x, y: x * y, (0.5, 0.00005)),
    "0.1 + 0.2 − 0.3": (lambda x, y, z: x + y - z, (0.1, 0.2, 0.3)),
    "a tiny square": (lambda x: x**2, (1.5e-7,)),
    "a tiny cube of a negative": (lambda x: x**3, (-1.5e-7,)),
    "a huge quotient": (lambda x, y: x / y, (1e200, -3e-100)),
    "a power of a power": (lambda x, y: (x**2) ** y, (1.7, 1.3)),
    "a quotient of quotients": (lambda x, y: (x / y) / (y / x) - x / (-y), (-1.7, 1.3)),
    "signs in a row": (lambda x, y: -jnp.negative(x) * -y - (-(x - -y)), (-1.7, 1.3)),
    "roots and logarithms": (lambda x: jnp.log(x) / jnp.sqrt(x) * jnp.cbrt(x), (0.37,)),
    "the largest of many": (jnp.max, (np.array([0.3, 2.0, -1.0, 2.0, 0.5]),)),
    "the smallest of two": (lambda x: jnp.min(x) * 2, (np.array([0.3, 2.0]),)),
    "a product of all": (jnp.prod, (np.array([0.3, 2.0, -1.0]),)),
    "a product with a zero": (jnp.prod, (np.array([0.3, 0.0, -1.0]),)),
    "softmax far out": (lambda x: -jnp.log(jax.nn.softmax(x)[0]), (np.array([-40.0, 0.0]),)),
    "σ far out": (lambda x: jax.nn.sigmoid(x) * 2, (-40.0,)),
    "softplus far out": (lambda x: jax.nn.softplus(x) * 2, (-40.0,)),
    "GELU": (lambda x: jnp.sum(jax.nn.gelu(x, approximate=False)), (np.array([-1.5, 0.3]),)),
    "Huber": (lambda x: jnp.sum(jnp.where(jnp.abs(x) <= 1, x**2 / 2, jnp.abs(x) - 0.5)), (np.array([-2.5, 0.3]),)),
    "cases": (lambda x: jnp.sum(jnp.where(x > 0, x, 0.1 * x)), (np.array([-2.5, 0.3, 0.0]),)),
    "standard deviation": (jnp.std, (np.array([-2.5, 0.3, 0.7]),)),
    "all at once": (
        lambda w, x: jnp.mean((jnp.tanh(x @ w) - 0.3) ** 2 / (1 + jnp.exp(-x[:, 0]))),
        (np.array([0.3, -0.7]), np.array([[1.3, -0.2], [0.4, 2.2], [1e-5, 1e5]])),
    ),
}


@pytest.mark.parametrize("what", EXPLAINED)
@pytest.mark.parametrize("detail", ["neuron", "operation"])
def test_a_users_own_function_too(what, detail):
    f, arguments = EXPLAINED[what]
    assert faults(explain(f, *arguments).walkthrough.steps(detail), 1000)[1] == []


def test_a_small_number_is_not_taken_for_rounding():
    """What cancels to 1e-17 is printed as 0; e⁻⁴⁰ is no such thing."""
    far_out = explain(lambda x: jax.nn.sigmoid(x) * 2, -40.0).steps[0]
    assert far_out.result.text == "4.248e−18"
    cancelled = explain(lambda x, y, z: (x + y - z) * 2, 0.1, 0.2, 0.3).steps
    assert next(step.result.text for step in cancelled if step.result.value and abs(step.result.value) < 1e-15) == "0"


def test_a_power_of_ten_is_bracketed_before_it_is_squared():
    step = explain(lambda x: x**2, 1.5e-7).steps[0]
    assert step.numbers == "(1.5e−7)²"
    assert r"\left(" in step.written("numbers", "latex") and "<mo>(</mo>" in step.written("numbers", "mathml")


def test_a_derivative_is_bracketed_before_it_is_squared():
    steps = network(optimizer={"type": "rmsprop"}).steps
    step = next(step for step in steps if step.quantity == "layer1.weights[0][0].v")
    assert "(∂L/∂w⁽¹⁾₁₁)²" in step.symbols
    assert r"\left(\frac" in step.written("symbols", "latex").replace(" ", "")
    assert "<mo>(</mo><mfrac>" in step.written("symbols", "mathml").replace("<mrow>", "")


def test_only_the_case_in_force_is_printed_in_symbols_too():
    for detail, number_ in itertools.product(("neuron", "operation"), NUMBERS):
        for step in solution(number_).walkthrough.steps(detail):
            assert "{" not in step.symbols and ";" not in step.symbols, step


def test_a_result_is_never_minus_zero():
    steps = network(weights=((-1.0,), (0.5,)), y=((0.0,),)).steps
    assert all(step.result.text != "−0" for step in steps)
    assert any(step.result.value == 0 for step in steps)


def test_the_sign_of_equality_is_about_the_stored_number():
    third = explain(lambda x: x / 3, 1.0).steps[0]
    half = explain(lambda x: x / 2, 1.0).steps[0]
    assert (third.result.sign, third.result.text, third.numbers) == ("≈", "0.3333", "1 / 3")
    assert (half.result.sign, half.result.text) == ("=", "0.5")


def test_numbers_that_are_fed_on_are_not_rounded():
    """1/3 · 3 is 1, not 0.9999, and the operand is printed with the digits that the line needs."""
    step = explain(lambda x: (x / 3) * 30000, 1.0).steps[1]
    assert step.result.text == "10000" and step.numbers.startswith("30000 · 0.33333333")


@pytest.mark.parametrize("number", range(0, COUNT, 3))
@pytest.mark.parametrize("detail", ["neuron", "operation"])
def test_every_line_is_written_in_all_three_styles(number, detail):
    for step in solution(number).walkthrough.steps(detail)[::7]:
        for what in ("symbol", "symbols", "numbers"):
            ElementTree.fromstring(f"<math>{step.written(what, 'mathml')}</math>")
            latex = step.written(what, "latex")
            assert latex.count("{") == latex.count("}") and "−" not in latex and "·" not in latex
            assert latex.count(r"\left") == latex.count(r"\right")


@pytest.mark.parametrize("number", range(0, COUNT, 3))
def test_latex_has_no_letters_that_latex_does_not_know(number):
    for step in solution(number).walkthrough.steps("operation")[::5]:
        for what in ("symbol", "symbols", "numbers"):
            assert step.written(what, "latex").isascii(), step.written(what, "latex")
