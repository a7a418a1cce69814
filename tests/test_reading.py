"""Numbers as people write them, faults and their places, JSON text."""

import json
import math
import pickle
import time

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncalc.document import parse, plain, text_of
from nncalc.errors import Fault, InputError
from nncalc.parsing import Range, parse_number
from nncalc.reading import Axis, Reader


@pytest.mark.parametrize(
    ("written", "value"),
    [
        (3, 3.0),
        (-0.25, -0.25),
        ("1/3", 1 / 3),
        ("-2*0.5", -1.0),
        ("1/2 + 3*0.25", 1.25),
        ("1e-3", 0.001),
        ("−2", -2.0),
        ("5 − 7", -2.0),
        ("0,5", 0.5),
        ("-0,25", -0.25),
        ("+4", 4.0),
        (".5", 0.5),
        ("5.", 5.0),
        (" 7 ", 7.0),
        ("2·3", 6.0),
        ("2×3", 6.0),
        ("8/2/2", 2.0),
        ("8/2*2", 8.0),
        ("2*-3", -6.0),
        ("1 - -2", 3.0),
        ("1 - 2*3 - 4/8", -5.5),
        ("0.1 + 0.2", 0.3),
        ("1e400/1e400", 1.0),
    ],
)
def test_a_number_may_be_written_as_a_fraction_or_a_sum_of_products(written, value):
    assert parse_number(written) == value


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_digits_of_a_float_are_read_back_to_the_last_bit(number):
    assert parse_number(repr(number)).hex() == number.hex()


@given(st.integers(-(10**15), 10**15), st.integers(1, 10**15))
def test_a_fraction_is_the_quotient_of_two_floats(numerator, denominator):
    assert parse_number(f"{numerator}/{denominator}") == numerator / denominator


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("", "is not a number"),
        ("abc", r'"abc" is not a number. Write a number \(0.25\), a fraction \(1/3\)'),
        ("1 2", "is not a number"),
        ("1,000.5", "is not a number"),
        ("--1", "is not a number"),
        ("2*", "is not a number"),
        ("*2", "is not a number"),
        ("2**3", "is not a number"),
        ("(1)", "is not a number"),
        ("__import__('os')", "is not a number"),
        ("1_000", "is not a number"),
        ("٣", "is not a number"),
        ("NaN", "is not a number"),
        ("Infinity", "is not a number"),
        ("1/0", '"1/0" divides by zero'),
        ("1 + 2/0.0", "divides by zero"),
        ("1e999", "infinite or too large"),
        ("1e300*1e300", "infinite or too large"),
        ("1 + 1e999999999", "exponent within ±400"),
        ("1" * 201, "201 characters given, at most 200"),
        (10**400, "more than 40 digits is infinite or too large"),
        (math.inf, "Infinity is infinite or too large"),
        (-math.inf, "-Infinity is infinite or too large"),
        (math.nan, "NaN .* a number needed"),
        (True, "true given, a number needed"),
        (None, "null given, a number needed"),
        ([1], "a list of 1 given, a number needed"),
        ({}, "an object given, a number needed"),
        (1j, "complex given, a number needed"),
    ],
)
def test_what_is_no_finite_number_is_refused(written, message):
    with pytest.raises(InputError, match=message):
        parse_number(written)


def test_a_number_text_of_200_characters_is_read():
    assert parse_number("1" + "+1" * 99) == 100
    assert parse_number("0." + "0" * 197 + "1") == 1e-198


def test_spaces_between_many_factors_are_refused_at_once():
    start = time.perf_counter()
    with pytest.raises(InputError):
        parse_number("1+    " * 33 + "x")
    assert time.perf_counter() - start < 1


def finite_or_refused(text: str) -> bool:
    try:
        return math.isfinite(parse_number(text))
    except InputError as error:
        return bool(error.faults)


@given(st.text(max_size=30))
def test_any_text_is_a_finite_number_or_refused(text):
    assert finite_or_refused(text)


@given(st.text("0123456789.,eE+-*/ −", max_size=30))
def test_any_text_of_digits_and_signs_is_a_finite_number_or_refused(text):
    assert finite_or_refused(text)


def test_an_error_has_one_line_per_fault_with_its_place():
    error = InputError.of([Fault("layers[0]", "no units"), Fault("", "no data")])
    assert str(error) == "layers[0]: no units\nno data"
    assert error.faults == (Fault("layers[0]", "no units"), Fault("", "no data"))


def test_an_error_can_be_made_from_a_message_and_a_place():
    assert InputError("no").faults == (Fault("", "no"),)
    assert str(InputError("no units", place="layers[0]")) == "layers[0]: no units"
    assert isinstance(InputError("no"), ValueError)


def test_an_error_without_faults_cannot_be_made():
    with pytest.raises(TypeError, match="at least one fault"):
        InputError.of([])


def test_an_error_survives_a_process_boundary():
    error = InputError.of([Fault("a", "b"), Fault("c", "d")])
    assert pickle.loads(pickle.dumps(error)).faults == error.faults


def test_a_reader_goes_on_after_a_fault_and_raises_all_at_the_end():
    reader = Reader({"a": "x", "b": 1.5, "c": 1, "d": 2, "e": "f", "g": 7})
    assert reader.at("a").number(0.5) == 0.5
    assert reader.at("b").integer(3, least=0, most=9) == 3
    assert reader.at("c").flag(True) is True
    assert reader.at("d").text("t") == "t"
    assert reader.at("e").choice(("first", "second"), "first") == "first"
    assert reader.at("g").items() == []
    with pytest.raises(InputError) as caught:
        reader.finish()
    assert [fault.place for fault in caught.value.faults] == ["a", "b", "c", "d", "e", "g"]


def test_what_is_left_out_is_its_default_without_a_fault():
    reader = Reader({}).at("a")
    assert reader.number(2.0) == 2.0
    assert reader.integer(None, least=0, most=1) is None
    assert reader.flag(False) is False
    assert reader.text("t") == "t"
    assert reader.choice(("a",), "a") == "a"
    assert reader.items() == []
    reader.finish()


def test_a_hundred_faults_are_listed_and_the_rest_counted():
    reader = Reader(["no number"] * 250, "x")
    reader.array(Axis(None))
    with pytest.raises(InputError) as caught:
        reader.finish()
    assert len(caught.value.faults) == 101
    assert str(caught.value.faults[-1]) == "and 150 more faults"


@pytest.mark.parametrize(
    ("limits", "words", "inside", "outside"),
    [
        (Range(least=0), "at least 0", 0, -1e-9),
        (Range(above=0), "above 0", 1e-9, 0),
        (Range(most=1), "at most 1", 1, 1.1),
        (Range(least=0, below=1), "at least 0 and below 1", 0.999, 1),
    ],
)
def test_a_range_says_which_numbers_are_possible(limits, words, inside, outside):
    assert str(limits) == words
    assert inside in limits
    assert outside not in limits


@pytest.mark.parametrize(
    ("value", "faults"),
    [
        ([[1, 2], [3, 4]], []),
        ([[1, 2, 3], [3, 4]], ["w[0]: 3 numbers given, 2 needed (one per unit)"]),
        ([[1], [3, 4]], ["w[0]: 1 number given, 2 needed (one per unit)"]),
        ([[1, 2]], ["w: 1 row given, 2 needed (one per input)"]),
        ([1, 2], [f"w[{i}]: {i + 1} given, a list of 2 numbers needed (one per unit)" for i in (0, 1)]),
        ([[[1], 2], [3, 4]], ["w[0][0]: a list of 1 given, a number needed"]),
        ([[], [1, 2]], ["w[0]: an empty list given, at least 1 number needed (one per unit)"]),
        (5, ["w: 5 given, a list of 2 rows needed (one per input)"]),
        ([["1/0", 1], [None, True]], 3),
        ([[1, 2, 3], [1], [1, "x"]], 4),
    ],
)
def test_every_entry_of_an_array_is_checked_in_its_place(value, faults):
    reader = Reader(value, "w")
    reader.array(Axis(2, "one per input"), Axis(2, "one per unit"))
    found = [str(fault) for fault in reader.report.faults]
    assert found == faults if isinstance(faults, list) else len(found) == faults


def test_an_array_is_float64_and_read_only():
    array = Reader([[1, "1/4"]]).array(Axis(1), Axis(2))
    assert array is not None
    assert array.dtype == np.float64
    assert array.tolist() == [[1.0, 0.25]]
    with pytest.raises(ValueError, match="read-only"):
        array[0, 0] = 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not JSON: line 1, column 1"),
        ('{\n "a" 1\n}', "not JSON: line 2, column 6"),
        ("{'a': 1}", "not JSON: line 1, column 2"),
        (b'{"a": "\xff"}', "not UTF-8 text: byte 8"),
        ("[" * 100_000, "more than 40 deep"),
        ('{"a":' * 100_000, "more than 40 deep"),
        (" " * 30_000_001, "too large: at most 30,000,000 bytes"),
    ],
)
def test_a_text_that_is_no_json_is_refused_with_its_place(text, message):
    with pytest.raises(InputError, match=message):
        parse(text)


def test_the_mark_that_windows_puts_before_a_text_is_skipped():
    assert parse(b"\xef\xbb\xbf[1]") == [1]
    assert parse("\ufeff[1]") == [1]


def test_a_whole_number_of_thousands_of_digits_is_infinite():
    assert parse("1" * 5000) == math.inf


def test_a_field_that_is_written_twice_is_found_in_its_place():
    faults = []
    plain(parse('{"layers": [{"units": 1, "bias": 0, "units": 2}]}'), faults)
    assert faults == [Fault("layers[0]", "the field `units` is given twice. Keep one of them.")]


def test_forty_levels_can_be_read_and_more_cannot():
    plain(json.loads("[" * 41 + "]" * 41), [])
    with pytest.raises(InputError, match="more than 40 deep"):
        plain(json.loads("[" * 42 + "]" * 42), [])


def test_arrays_and_scalars_become_lists_and_numbers():
    given = {
        "a": np.array([[1.5, 2]]),
        "b": np.float32(0.5),
        "c": (1, np.int64(2)),
        "d": jnp.array([1.0]),
        "e": [np.array([3])],
    }
    document = plain(given, [])
    assert document == {"a": [[1.5, 2.0]], "b": 0.5, "c": [1, 2], "d": [1.0], "e": [[3]]}
    assert json.loads(json.dumps(document)) == document


def test_a_list_that_contains_itself_is_refused():
    endless = []
    endless.append(endless)
    with pytest.raises(InputError, match="more than 40 deep"):
        plain(endless, [])


def test_a_written_document_is_json_with_a_line_per_layer():
    document = {"title": "ü−", "layers": [{"units": 1}, {"units": 2}], "seed": 0}
    text = text_of(document)
    assert json.loads(text) == document
    assert text.splitlines() == [
        "{",
        '  "title": "ü−",',
        '  "layers": [',
        '    {"units": 1},',
        '    {"units": 2}',
        "  ],",
        '  "seed": 0',
        "}",
    ]
