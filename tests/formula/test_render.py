"""Printed formulas: text that a pocket calculator can read, balanced LaTeX, well-formed MathML."""

import re
from xml.etree import ElementTree

import mpmath
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nncalc.formula import functions as fn
from nncalc.formula.expand import At, Gap, decided, number_at, written_out
from nncalc.formula.expression import (
    Call,
    Expression,
    Function,
    Negative,
    Number,
    Over,
    Power,
    Product,
    Quotient,
    Slot,
    Sum,
    rebuild,
)
from nncalc.formula.functions import EXP, LN, MAX, SQRT, where
from nncalc.formula.render import LATEX, MATHML, TEXT, fill, pieces
from nncalc.formula.symbol import Symbol
from nncalc.numerals import FULL, show
from tests.formula.pocket import CONTEXT, Unreadable, worked_out

NUMBERS = [0.25, -0.5, 3.0, -2.0, 1.5e-7, -2.5e11, 0.0]
numbers = st.sampled_from(NUMBERS) | st.floats(-9, 9).map(lambda x: round(x, 4))
leaves = st.integers(0, 2).map(At) | st.sampled_from([Number(0.5), Number(2.0), Negative(Number(3.0)), Number(1e-7)])


def _grown(children):
    """Any tree of nodes as they stand, also ones that simplification would never leave."""
    several = st.lists(children, min_size=2, max_size=3).map(tuple)
    pair = st.tuples(children, children)
    return st.one_of(
        several.map(Sum),
        several.map(Product),
        children.map(Negative),
        pair.map(lambda p: Quotient(*p)),
        children.map(lambda x: Power(x, Number(2.0))),
        children.map(lambda x: Power(x, Number(3.0))),
        children.map(lambda x: Power(x, Negative(Number(1.0)))),
        children.map(lambda x: EXP(Call(fn.TANH, (x,)))),
        children.map(lambda x: LN(Sum((Power(x, Number(2.0)), Number(0.5))))),
        children.map(lambda x: SQRT(Power(x, Number(2.0)))),
        children.map(fn.ABS),
        children.map(fn.TANH),
        several.map(lambda xs: Call(MAX, xs)),
    )


drawn = st.recursive(leaves, _grown, max_leaves=7)


def in_many_digits(node: Expression, at):
    def of(child):
        return in_many_digits(child, at)

    match node:
        case At(index):
            return CONTEXT.mpf(repr(at[index]))
        case Number(value):
            return CONTEXT.mpf(repr(value))
        case Sum(terms):
            return CONTEXT.fsum(map(of, terms))
        case Product(factors):
            return CONTEXT.fprod(map(of, factors))
        case Quotient(top, bottom):
            return of(top) / of(bottom)
        case Power(base, exponent):
            return of(base) ** of(exponent)
        case Negative(inner):
            return -of(inner)
        case Call(function, arguments):
            values = [of(x) for x in arguments]
            own = {
                "ln": CONTEXT.log,
                "max": max,
                "|·|": abs,
                "tanh": CONTEXT.tanh,
                "exp": CONTEXT.exp,
                "sqrt": CONTEXT.sqrt,
            }
            return own[function.name](*values)
    raise TypeError(node)


def filled(node: Expression, style, at) -> str:
    return fill(pieces(node, style), lambda hole: style.number(show(at[hole.index], FULL), hole.guarded))


@given(drawn, st.tuples(numbers, numbers, numbers))
def test_a_printed_formula_reads_back_as_its_value(node, at):
    try:
        expected = in_many_digits(node, at)
    except ZeroDivisionError:
        assume(False)
    text = filled(node, TEXT, at)
    assume(not re.search(r"\de−?\d+[²^]", text))  # brackets for these: see tests/walkthrough/test_printed_lines.py
    assert CONTEXT.almosteq(worked_out(text), expected, rel_eps=1e-30, abs_eps=1e-300), text


@given(drawn, st.tuples(numbers, numbers, numbers))
def test_no_two_signs_stand_side_by_side(node, at):
    assert not re.search(r"[−+·/] ?[−+·/]", filled(node, TEXT, at))


@given(drawn, st.tuples(numbers, numbers, numbers))
def test_latex_is_balanced(node, at):
    text = filled(node, LATEX, at)
    assert balanced(text)
    assert "−" not in text and "·" not in text


def balanced(latex: str) -> bool:
    depth = 0
    for sign in re.sub(r"\\[{}]", "", latex):
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return False
    return depth == 0 and len(re.findall(r"\\left\b", latex)) == len(re.findall(r"\\right\b", latex))


@given(drawn, st.tuples(numbers, numbers, numbers))
def test_mathml_is_well_formed_and_knows_only_its_own_elements(node, at):
    root = ElementTree.fromstring(f"<math>{filled(node, MATHML, at)}</math>")
    assert {e.tag for e in root.iter()} <= set(
        "math mrow mi mn mo msup msub msubsup mfrac msqrt mtable mtr mtd".split()
    )
    for e in root.iter():
        children = {"mfrac": 2, "msup": 2, "msub": 2, "msubsup": 3}.get(e.tag)
        assert children is None or len(e) == children


a, b, c = At(0), At(1), At(2)


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (Sum((a, Negative(b))), "−2 − (−3)"),
        (Product((a, b)), "−2 · (−3)"),
        (Negative(a), "−(−2)"),
        (Power(a, Number(2.0)), "(−2)²"),
        (Negative(Power(a, Number(2.0))), "−(−2)²"),
        (Quotient(a, Sum((c, b))), "−2 / (4 + (−3))"),
        (Quotient(a, Product((c, b))), "−2 / (4 · (−3))"),
        (Product((a, Quotient(c, b))), "−2 · (4 / (−3))"),
        (Product((Sum((a, b)), c)), "(−2 + (−3)) · 4"),
        (Sum((a, Product((b, c)))), "−2 + (−3) · 4"),
        (EXP(Negative(c)), "e^(−4)"),
        (Power(EXP(c), Number(2.0)), "(e^(4))²"),
        (SQRT(c), "√(4)"),
        (fn.ABS(a), "|−2|"),
        (fn.FLOOR(Quotient(a, c)), "⌊−2 / 4⌋"),
        (fn.CEIL(a) + Number(1.0), "⌈−2⌉ + 1"),
        (Call(MAX, (Number(0.0), a)), "max(0, −2)"),
        (Power(c, Number(3.0)), "4^(3)"),
    ],
)
def test_lines_read_as_one_writes_them(node, text):
    assert filled(node, TEXT, (-2.0, -3.0, 4.0)) == text


# Written out

ROW = Over(Slot(0) * Slot(1), 3) + Slot(2)


def test_a_sum_over_an_axis_is_written_term_by_term():
    assert written_out(ROW) == Sum(
        (
            Product((At(0, (0,)), At(1, (0,)))),
            Product((At(0, (1,)), At(1, (1,)))),
            Product((At(0, (2,)), At(1, (2,)))),
            At(2),
        )
    )


def test_a_sum_of_one_is_its_term():
    assert written_out(Over(Slot(0), 1)) == At(0, (0,))


@pytest.mark.parametrize("count", [9, 10, 50])
def test_a_long_sum_has_a_gap_that_counts_what_is_left_out(count):
    written = written_out(Over(Slot(0), count))
    assert isinstance(written, Sum)
    terms = written.terms
    gaps = [t.count for t in terms if isinstance(t, Gap)]
    assert gaps == ([] if count == 9 else [count - 5])
    assert sum(gaps) + len([t for t in terms if not isinstance(t, Gap)]) == count
    assert isinstance(terms[0], At) and terms[-1] == At(0, (count - 1,))


@pytest.mark.parametrize("count", [2, 3, 5])
@pytest.mark.parametrize("how", ["sum", "product", "max", "min"])
def test_what_is_written_out_is_worth_the_same(how, count):
    row = np.random.default_rng(count).normal(size=count)
    reference = {"sum": np.sum, "product": np.prod, "max": np.max, "min": np.min}[how]
    assert number_at(written_out(Over(Slot(0), count, how)), lambda at: row[at.position]) == pytest.approx(
        reference(row)
    )


def test_sums_in_sums_keep_their_places():
    node = Over(Over(Slot(0), 2) * Slot(1), 2)
    table = {(0, (0, 0)): 1.0, (0, (0, 1)): 2.0, (0, (1, 0)): 3.0, (0, (1, 1)): 4.0, (1, (0,)): 10.0, (1, (1,)): 100.0}
    assert number_at(written_out(node), lambda at: table[at.index, at.position]) == (1 + 2) * 10 + (3 + 4) * 100


def test_only_the_case_in_force_is_printed():
    node = written_out(fn.cases((where(Slot(0), ">", 0), 1), otherwise=Slot(1)))
    for value, chosen in ((2.0, Number(1.0)), (-2.0, At(1))):
        assert decided(node, lambda c, v=value: bool(number_at(c, lambda at: v))) == chosen


def test_symbols_and_numbers_of_an_activation():
    sigma = Function("σ", np.tanh, (), parts=lambda z: 1 / (1 + EXP(-z)))
    assert filled(written_out(sigma(Slot(0)), named=True), TEXT, (0.5,)) == "σ(0.5)"
    assert filled(written_out(sigma(Slot(0))), TEXT, (0.5,)) == "1 / (1 + e^(−0.5))"


# Symbols

SYMBOLS = [
    Symbol("w", above="1", below=("1", "2")),
    Symbol("w", above="2", below=("10", "2"), derivative_of="L"),
    Symbol("a", below=("o1",), derivative_of="E"),
    Symbol("a", below=("3", "h2"), apart=True, prime=True),
    Symbol("z", above="1", below=("1", "2"), apart=True, prime=True),
    Symbol("δ", above="12", below=("1",)),
    Symbol("loss_of_<b>", plain=True),
    Symbol("t₁[0]", plain=True, derivative_of="f_x"),
    Symbol("params.w_1[0]", plain=True, derivative_of="loss"),
    Symbol("m", below=("w12",), prime=True),
    Symbol("β₁"),
    Symbol("prediction", below=("1", "1")),
    Symbol("a&b", plain=True),
    Symbol("x%", plain=True, derivative_of="L"),
]


@pytest.mark.parametrize("symbol", SYMBOLS, ids=lambda s: s.text())
def test_every_symbol_is_balanced_latex_and_well_formed_mathml(symbol):
    assert balanced(symbol.latex())
    ElementTree.fromstring(f"<math>{symbol.mathml()}</math>")


@pytest.mark.parametrize("symbol", SYMBOLS, ids=lambda s: s.text())
def test_no_symbol_has_a_bare_special_sign_in_latex(symbol):
    bare = re.sub(r"\\[&%#_$]", "", symbol.latex())
    assert not re.search(r"[&%#$]|_(?!\{)", bare)


@pytest.mark.parametrize("letter", ["loss_of", "my_loss"])
def test_the_name_of_a_users_loss_is_one_word_in_a_derivative(letter):
    latex = Symbol("w", plain=True, derivative_of=letter).latex()
    assert letter not in latex and letter.replace("_", r"\_") in latex


def test_indices_of_two_digits_are_kept_apart():
    assert Symbol("w", above="1", below=("1", "12")).text() == "w⁽¹⁾₁,₁₂"
    assert Symbol("w", above="1", below=("1", "2")).latex() == "w^{(1)}_{12}"
    assert Symbol("w", below=("11",)).text() == "w₁₁" != Symbol("w", below=("1", "12")).text()


def test_mpmath_agrees_that_the_pocket_calculator_can_calculate():
    """The reader of lines itself, against Python's own arithmetic."""
    for text in ("1 + 2 · 3 − 4 / 5", "(1 − 2)² · (−3)", "2^(3) / (4 − 5) · 6", "10 / 4 / 5", "−(2 − 3 · 4)"):
        python = text.replace("·", "*").replace("−", "-").replace("²", "**2").replace("^", "**")
        assert float(worked_out(text)) == pytest.approx(eval(python), rel=1e-15)
    assert CONTEXT.almosteq(worked_out("ln(2) + √(2) + |−2| + tanh(0.5)"), sum_of_functions())


def sum_of_functions():
    with mpmath.workdps(50):
        return CONTEXT.mpf(mpmath.log(2) + mpmath.sqrt(2) + 2 + mpmath.tanh(mpmath.mpf("0.5")))


@pytest.mark.parametrize("text", ["1 + + 2", "2 · −3", "1.5e−7²", "(1", "1)", "f(x)", "3 4", "", "y = 2", "{1; 2}"])
def test_the_pocket_calculator_refuses_what_is_no_line(text):
    with pytest.raises(Unreadable):
        worked_out(text)


def test_a_rebuilt_tree_prints_the_same():
    node = written_out(ROW)
    assert rebuild(node, lambda x: x) == node
