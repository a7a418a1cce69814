"""The lines, groups and facts that the player gets: they say what Python's steps say."""

from __future__ import annotations

import json
from collections import defaultdict

import numpy as np
import pytest

from nncalc import Problem, solve
from nncalc.numerals import EXACT
from nncalc.walkthrough.groups import GROUPED
from tests.by_hand import ByHand, central
from tests.player.walkthroughs import WHICH, data_of, filled, names_of, number, plain, solved, text_of, unpacked

MOST_DIFFERENCES = 400  # facts of one problem that are compared with a difference of our own

INFINITE = {
    "nncalc": 1,
    "layers": [{"type": "dense", "units": 1, "activation": "sigmoid", "weights": [[800]]}],
    "data": {"x": [[1], [2]], "y": [[0], [1]]},
    "loss": "binary_crossentropy",
}


def lines_of(which):
    """Every step of Python's with the line and the row that the player gets for it."""
    data = data_of(which)
    steps = solved(which).steps
    assert len(steps) == len(data["steps"])
    return [(step, data["lines"][line], row) for step, (line, row) in zip(steps, data["steps"], strict=True)]


@pytest.mark.parametrize("which", WHICH)
def test_the_data_is_plain_json(which):
    data = solved(which).walkthrough.data()
    assert json.loads(json.dumps(data, allow_nan=False)) == data


def test_infinities_and_not_a_number_are_texts_of_json():
    solution = solve(Problem.from_dict(INFINITE))
    data = solution.walkthrough.data("title")
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    names = names_of(data)
    assert data["title"] == "title" and data["values"][names.index("loss")] == "Infinity"
    of_each = zip(unpacked(data)["texts"], data["values"], strict=True)
    texts = [text for text, value in of_each if isinstance(value, str)]
    assert texts and set(texts) <= {"∞", "−∞", "NaN"}


@pytest.mark.parametrize("what", ["symbols", "numbers"])
@pytest.mark.parametrize("which", WHICH)
def test_filled_templates_are_what_the_steps_say(which, what: str):
    for step, line, row in lines_of(which):
        assert filled(data_of(which), line, row, what) == step.written(what, "mathml"), step.quantity


@pytest.mark.parametrize("which", WHICH)
def test_a_step_writes_and_reads_the_quantities_that_python_names(which):
    names = names_of(data_of(which))
    for step, line, row in lines_of(which):
        assert names[line["writes"][row]] == step.quantity
        read = {names[k] for slot in line["slots"] for k in np.ravel(slot[row]).tolist()} - {""}
        assert read == {name for name in step.reads if plain(name)[1]}, step.quantity  # constants have no name


@pytest.mark.parametrize("which", WHICH)
def test_results_symbols_sentences_and_remarks_are_those_of_the_steps(which):
    data = data_of(which)
    for step, line, row in lines_of(which):
        written = line["writes"][row]
        sign = "≈" if data["approximate"][written] else "="
        assert (data["texts"][written], sign) == (step.result.text, step.result.sign)
        assert data["symbols"][written] == step.written("symbol", "mathml")
        assert (line["chapter"], line["layer"]) == (step.chapter, step.layer)
        remarks = [text for text, rows in line["remarks"] if row in rows]
        assert " ".join([line["sentence"], *remarks]) == step.sentence


@pytest.mark.parametrize("which", WHICH)
def test_every_name_can_be_looked_up_and_is_worth_what_the_player_has(which):
    data = data_of(which)
    workings = solved(which).walkthrough.workings
    for name, value in zip(names_of(data), data["values"], strict=True):
        if not name or name.endswith(".old"):
            continue
        iteration, inner = plain(name)
        names = workings[iteration].script.names
        n = names.number(inner)
        assert names.name(n) == inner
        np.testing.assert_equal(number(value), workings[iteration].values[n])


@pytest.mark.parametrize("which", WHICH)
def test_no_two_quantities_have_the_same_name(which):
    names = [name for name in names_of(data_of(which)) if name]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("which", WHICH)
def test_a_text_is_approximate_where_reading_it_gives_another_number(which):
    data = data_of(which)
    for text, value, approximate in zip(data["texts"], data["values"], data["approximate"], strict=True):
        value, read = number(value), float(text.replace("−", "-").replace("∞", "inf"))
        same = read == value or abs(read - value) <= EXACT * abs(value) or (read != read and value != value)
        assert approximate == (not same), (text, value)


@pytest.mark.parametrize("which", WHICH)
def test_a_text_is_the_number_or_0_for_what_rounding_left_over(which):
    data = data_of(which)
    left_over = {step.quantity for step in solved(which).steps if step.result.text == "0" and step.result.value}
    for name, text, value in zip(names_of(data), data["texts"], data["values"], strict=True):
        assert text == ("0" if name in left_over else text_of(data, number(value))), name


@pytest.mark.parametrize("detail", GROUPED)
@pytest.mark.parametrize("which", WHICH)
def test_groups_are_those_of_the_walkthrough(which, detail: str):
    found = data_of(which)["groups"][detail]
    groups = solved(which).walkthrough.steps(detail)
    lengths = [len(group.steps) for group in groups]
    assert found["starts"] == [0, *np.cumsum(lengths)[:-1].tolist()]
    assert found["sentences"] == [group.sentence for group in groups]
    assert found["left_out"] == [0] * len(groups)


@pytest.mark.parametrize("which", WHICH)
def test_a_chapter_begins_where_the_title_changes(which):
    data = data_of(which)
    titles = [data["lines"][line]["chapter"] for line, _ in data["steps"]]
    changes = [k for k, title in enumerate(titles) if k == 0 or title != titles[k - 1]]
    assert data["groups"]["chapter"]["starts"] == changes


# The chain rule


@pytest.mark.parametrize("which", WHICH)
def test_slopes_times_what_comes_back_add_up_to_the_derivative(which):
    data = data_of(which)
    names = names_of(data)
    places = {name: k for k, name in enumerate(names) if name}
    sums: dict[str, float] = defaultdict(float)
    sizes: dict[str, float] = defaultdict(float)
    for feed in data["feeds"]:
        for source, result, value in zip(feed["source"], feed["result"], feed["values"], strict=True):
            of = names[result]
            back = 1.0 if plain(of)[1] == "loss" else number(data["values"][places[f"{of}.grad"]])
            sums[names[source]] += number(value) * back
            sizes[names[source]] += abs(number(value) * back)
    assert data["paths"]
    derivatives = {name.removesuffix(".grad"): k for name, k in places.items() if name.endswith(".grad")}
    assert set(sums) == set(derivatives)
    for name, k in derivatives.items():
        assert sums[name] == pytest.approx(number(data["values"][k]), rel=1e-9, abs=1e-12 * sizes[name] + 1e-290), name


def drawn_facts(data):
    """The facts of the first iteration, as many as are compared."""
    names = names_of(data)
    facts = [
        (names[source], names[result], number(value))
        for feed in data["feeds"]
        for source, result, value in zip(feed["source"], feed["result"], feed["values"], strict=True)
        if not plain(names[source])[0]
    ]
    return facts[:: len(facts) // MOST_DIFFERENCES + 1]


@pytest.mark.parametrize("which", [which for which in WHICH if not str(which).startswith("hard")])
def test_a_slope_is_the_difference_of_the_result_when_the_source_moves_a_little(which):
    data = data_of(which)
    values = {name: number(v) for name, v in zip(names_of(data), data["values"], strict=True)}
    hand = ByHand(solved(which).problem)
    last = hand.problem.layers[-1].name if hand.problem.layers else ""

    def result_at(name: str, source: str, by: float) -> float:
        def of(wanted: str) -> float:
            wanted = wanted.replace("prediction", f"{last}.a" if last else "x")
            return values[wanted] + (by if wanted == source else 0.0)

        return hand.computed(name, of)

    compared = 0
    for source, result, slope in drawn_facts(data):
        found = central(lambda by, result=result, source=source: result_at(result, source, by))
        if found is not None:  # at a corner there is no slope to compare with
            size = max(1.0, abs(values[result]))
            assert slope == pytest.approx(found, rel=1e-6, abs=1e-8 * size), f"∂{result}/∂{source}"
            compared += 1
    assert compared >= 0.5 * len(drawn_facts(data))


@pytest.mark.parametrize("which", WHICH)
def test_the_slope_of_an_activation_is_written_as_the_operation_that_works_it_out(which):
    data = data_of(which)
    names = names_of(data)
    slopes = {op.quantity: op for op in solved(which).walkthrough.steps("operation") if op.quantity.endswith(".slope")}
    found = set()
    for feed in data["feeds"]:
        count = len(feed["source"])
        assert {len(feed[key]) for key in ("result", "values", "extra")} | {len(s) for s in feed["slots"]} == {count}
        for row in range(count):
            symbols, numbers = (filled(data, feed, row, what) for what in ("symbols", "numbers"))
            assert symbols and numbers
            if feed["step"]:
                operation = slopes[f"{names[feed['result'][row]]}.slope"]
                assert (symbols, numbers) == tuple(operation.written(w, "mathml") for w in ("symbols", "numbers"))
                assert number(feed["values"][row]) == pytest.approx(operation.result.value, rel=1e-14, nan_ok=True)
                found.add(operation.quantity)
    assert found == set(slopes)
