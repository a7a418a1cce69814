"""Printed numbers: against Python's `decimal`, which rounds as one does on paper."""

import itertools
from decimal import ROUND_HALF_UP, Decimal, localcontext

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nncalc.numerals import FULL, decimals_of, last_place, rounded, show, shown, sign_of

EXTRAS = (*range(FULL + 1), FULL + 5)
finite = st.floats(-1.79e308, 1.79e308)
ordinary = st.floats(-1e9, 1e9).filter(lambda x: abs(x) >= 1e-6)
written = st.decimals(-100_000, 100_000, places=5).map(float)  # halves in the fourth decimal are common
EXTREMES = [0.0, -0.0, 5e-324, -5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, -1e308, 1e-6, 9.999999e-7]
EXTREMES += [1e10, 9999999999.999999, 0.1, 1 / 3, 2.0**52, 2.0**53 + 2, 1e16, 123456789.123456789, 999.99995, 0.99995]


def on_paper(x: float, decimals: int) -> Decimal:
    """The shortest decimal number that x is stored for, rounded half up."""
    with localcontext() as context:
        context.prec = 400
        return Decimal(repr(float(x))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def read(text: str) -> float:
    """What a reader of a printed number types in."""
    return float(text.replace("−", "-").replace("∞", "inf"))


@given(written, st.integers(0, 8))
@example(1.00005, 4)
@example(0.15045, 4)
@example(2.675, 2)
@example(-4604265.725, 2)
@example(-0.28615, 4)
def test_a_number_is_rounded_half_away_from_zero_as_on_paper(x, decimals):
    assert float(rounded(np.array(x), decimals)) == float(on_paper(x, decimals))


@given(written)
@example(1.00005)
def test_the_text_of_a_number_is_the_one_on_paper(x):
    if abs(x) >= 0.1:  # smaller ones have more than four decimals
        text = show(x)
        assert read(text) == float(on_paper(x, 4))


@given(ordinary)
def test_a_number_has_four_decimals_and_four_significant_digits(x):
    text = show(x).lstrip("−")
    digits, _, after = text.partition(".")
    significant = (digits + after).lstrip("0")
    exact = sign_of(x, read(show(x))) == "="
    assert exact or (len(after) >= 4 and len(significant) >= 4)
    apart = abs(Decimal(show(x).replace("−", "-")) - Decimal(x))
    assert apart <= Decimal("0.501") * Decimal(float(last_place(np.array(x))))


@given(finite, st.sampled_from(EXTRAS), st.integers(0, 12))
@example(1.2345e12, 0, 4)
@example(1.23445e-7, 1, 4)
def test_the_text_shows_the_very_number_that_lines_are_checked_with(x, extra, decimals):
    assert read(show(x, extra, decimals)) == float(shown(np.array([x]), extra, decimals)[0])


@pytest.mark.parametrize("extra", EXTRAS)
@pytest.mark.parametrize("x", EXTREMES)
def test_extremes_are_shown_and_read_alike(x, extra):
    assert read(show(x, extra)) == float(shown(np.array([x]), extra)[0])


@given(finite)
def test_all_stored_digits_are_all_that_is_needed_to_get_the_number_back(x):
    assert read(show(x, FULL)) == x


@given(st.integers(1000, 9999), st.integers(11, 300), st.sampled_from([1, -1]))
@example(1234, 13, 1)
def test_a_power_of_ten_is_rounded_half_away_from_zero_too(digits, exponent, sign):
    x = sign * float(f"{digits}5e{exponent - 4}")
    assert read(show(x)) == sign * float(f"{(digits + 1)}e{exponent - 3}")


@given(finite)
@example(2.7944844367294005e228)
def test_more_digits_are_never_further_off(x):
    """Of the number as it is written: a half is as far from both of its neighbours."""
    texts = [show(x, extra).replace("−", "-") for extra in range(FULL + 1)]
    errors = [abs(Decimal(text) - Decimal(repr(x))) for text in texts]
    assert all(later <= earlier for earlier, later in itertools.pairwise(errors))


def test_halves_go_away_from_zero_wherever_their_binary_number_lies():
    drawn = np.random.default_rng(6).integers(-(10**8), 10**8, 3000)
    halves = [float(Decimal(int(k) * 10 + 5).scaleb(-5)) for k in drawn]
    assert rounded(np.array(halves), 4).tolist() == [float(on_paper(x, 4)) for x in halves]


@given(finite)
def test_minus_is_a_true_minus_sign_and_zero_has_none(x):
    text = show(x)
    assert "-" not in text and "+" not in text
    assert text.startswith("−") == (read(text) < 0)
    assert read(text) != 0 or text == "0"


def test_negative_zero_is_zero():
    assert show(-0.0) == "0" and show(-0.0, FULL) == "0"


@pytest.mark.parametrize(("x", "text"), [(np.nan, "NaN"), (np.inf, "∞"), (-np.inf, "−∞")])
def test_what_is_no_number_has_a_text(x, text):
    assert all(show(x, extra) == text for extra in EXTRAS)


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (1e-6, "0.000001"),
        (9.9999e-7, "1.000e−6"),
        (1.5e-7, "1.5e−7"),
        (1e10, "1e10"),
        (12345678912.0, "1.235e10"),
        (9999999999.0, "9999999999"),
        (5e-324, "5e−324"),
        (0.30000000000000004, "0.3"),
        (0.1 + 0.7, "0.8"),
        (0.00012345678, "0.0001235"),
        (-1 / 3, "−0.3333"),
        (2 / 3, "0.6667"),
        (0.99996, "1.0000"),
        (504.6, "504.6"),
    ],
)
def test_numbers_read_as_one_writes_them(x, text):
    assert show(x) == text


@given(finite)
def test_equal_is_written_only_where_at_most_a_trillionth_was_rounded_away(x):
    printed = read(show(x))
    apart = abs(Decimal(x) - Decimal(printed))
    if sign_of(x, printed) == "=":
        assert apart <= Decimal("1e-12") * abs(Decimal(x)) * Decimal("1.001")
    else:
        assert apart > Decimal("1e-12") * abs(Decimal(x)) * Decimal("0.999")


def test_not_a_number_equals_itself_in_print():
    assert sign_of(np.nan, np.nan) == "=" and sign_of(np.inf, np.inf) == "=" and sign_of(np.nan, 1.0) == "≈"


@given(st.lists(finite, min_size=1, max_size=8), st.integers(0, 12))
def test_the_last_place_is_that_of_the_text(xs, decimals):
    array = np.array(xs)
    for x, unit, places in zip(xs, last_place(array, decimals), decimals_of(array, decimals), strict=True):
        mantissa, _, exponent = show(x, 0, decimals).partition("e")
        shortened = len(mantissa.partition(".")[2])
        if exponent:
            power = int(exponent.replace("−", "-"))
            assert unit <= 10.0 ** (power - shortened) * (1 + 1e-9)
        else:
            assert shortened <= places and unit == pytest.approx(10.0**-places)


def test_one_number_at_a_time_and_many_at_once_are_the_same():
    drawn = np.random.default_rng(5)
    x = drawn.normal(size=400) * 10.0 ** drawn.integers(-12, 14, 400)
    for extra in range(FULL + 1):
        assert [read(show(float(v), extra)) for v in x] == shown(x, extra).tolist()
