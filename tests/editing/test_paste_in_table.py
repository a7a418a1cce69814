"""Cells pasted into the table of errors, whose columns stand in another order than in the file."""

from __future__ import annotations

import pytest

from nncalc.editing import edited
from nncalc.errors import InputError
from nncalc.problem import Problem


def paste(x: list, y: list, text: str, row: int = 0, column: int = 0, **fields) -> Problem:
    problem = Problem.from_dict({"nncalc": 1, "layers": [], "data": {"x": x, "y": y}, **fields})
    return edited(problem, {"kind": "paste_in_table", "row": row, "column": column, "text": text})


def test_every_target_stands_before_its_prediction():
    found = paste([[0, 0]], [[0, 1]], "1\t2\t3\t4")
    assert found.x.tolist() == [[2, 4]]
    assert found.y is not None and found.y.tolist() == [[1, 3]]


def test_targets_that_are_shared_are_one_column():
    found = paste([[0, 0]], [[5, 5]], "1;2;3\n4;5;6")
    assert found.x.tolist() == [[2, 3], [5, 6]]
    assert found.y is not None and found.y.tolist() == [[1, 1], [4, 4]]


def test_from_a_column_on_and_from_a_row_on():
    found = paste([[0], [0]], [[1], [2]], "7,5\n8", row=1, column=1)
    assert found.x.tolist() == [[0], [7.5], [8]]
    assert found.y is not None and found.y.tolist() == [[1], [2], [2]]


def test_a_first_row_of_words_names_the_columns():
    found = paste([[0]], [[1]], "actual,predicted\n3,4")
    assert (found.outputs, found.inputs) == (("actual",), ("predicted",))


def test_a_name_for_a_shared_target_leaves_the_outputs_their_names():
    found = paste([[0, 0]], [[5, 5]], "actual\tA\tB\n1\t2\t3", outputs=["first", "second"])
    assert found.outputs == ("first", "second")
    assert found.inputs == ("A", "B")


def test_more_columns_than_there_are_and_what_is_no_number_are_refused_with_their_place():
    with pytest.raises(InputError, match="3 columns pasted"):
        paste([[0]], [[1]], "1\t2\t3")
    with pytest.raises(InputError, match="row 1, column 2"):
        paste([[0]], [[1]], "1\tb")
    with pytest.raises(InputError, match="3 columns that can be pasted into"):
        paste([[0, 0]], [[5, 5]], "1", column=3)
