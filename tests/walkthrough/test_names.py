"""Names and symbols: there and back, and each of one quantity only."""

import jax.numpy as jnp
import numpy as np
import pytest

from nncalc import InputError, Problem, explain, solve
from tests.walkthrough.solutions import NUMBERS, network, solution


def numbers_of(working) -> list[int]:
    """Every number that a line reads or writes."""
    lines = [lines for part in working.plan.lines.values() for lines in part]
    arrays = [lines.writes for lines in lines] + [ids for lines in lines for ids in lines.slots]
    return np.unique(np.concatenate([a.ravel() for a in arrays])).tolist()


@pytest.mark.parametrize("number", NUMBERS)
def test_every_name_leads_back_to_its_number(number):
    for working in solution(number).walkthrough.workings[:1]:
        names = working.script.names
        for n in numbers_of(working)[::2]:
            if not names.is_constant(n) and not names.name(n).endswith(".old"):
                assert names.number(names.name(n)) == n, names.name(n)


@pytest.mark.parametrize("number", NUMBERS)
def test_no_two_numbers_have_the_same_name(number):
    for working in solution(number).walkthrough.workings[:1]:
        names = [working.script.names.name(n) for n in numbers_of(working) if not working.script.names.is_constant(n)]
        assert len(names) == len(set(names))


@pytest.mark.parametrize("number", NUMBERS)
def test_no_two_quantities_have_the_same_symbol(number):
    """A moment before and after the update, or a weight and its new value, are two."""
    working = solution(number).walkthrough.workings[0]
    names = working.script.names
    symbols: dict[str, str] = {}
    for n in numbers_of(working):
        if not names.is_constant(n):
            text = names.symbol(n).text()
            assert symbols.setdefault(text, names.name(n)) == names.name(n), text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("layer1.weights[1][0]", 3.0),
        ("layer1.z[0][0]", 8.0),
        ("layer1.a[0][0]", 8.0),
        ("prediction[0][0]", 8.0),
        ("error[0][0]", 5.0),
        ("term[0][0]", 25.0),
        ("loss", 25.0),
        ("x[0][1]", 2.0),
        ("y[0][0]", 3.0),
        ("layer1.weights[1][0].grad", 20.0),
        ("layer1.z[0][0].grad", 10.0),
        ("error[0][0].grad", 10.0),
        ("x[0][0].grad", 20.0),
        ("layer1.weights[0][0].new", 2 - 0.01 * 10.0),
        ("layer1.z[0][0].after", 1.9 + 2 * 2.8),
        ("loss_after", (1.9 + 2 * 2.8 - 3) ** 2),
    ],
)
def test_a_name_is_the_number_that_pencil_and_paper_give(name, value):
    working = network().walkthrough.workings[0]
    assert working.values[working.script.names.number(name)] == pytest.approx(value)


def test_moments_have_names():
    solved = network(optimizer={"type": "adam"}, iterations=2)
    working = solved.walkthrough.workings[0]
    for name, value in (("layer1.weights[0][0].m", 0.1 * 10), ("layer1.weights[0][0].v", 0.001 * 100)):
        assert working.values[working.script.names.number(name)] == pytest.approx(value)
    quantities = [step.quantity for step in solved.steps]
    assert "iterations[1].layer1.weights[0][0].m" in quantities and "iterations[1].step_size" in quantities
    assert not any(name.endswith(".old") for name in quantities)


@pytest.mark.parametrize(
    "name",
    [
        "hidden.z[0][0]",
        "layer1.z[0]",
        "layer1.z[0][1]",
        "layer1.z[0][0][0]",
        "layer1.z[-1][0]",
        "",
        "loss[0]",
        "x",
        "[0]",
        "layer1.weights[0][0].neu",
        "z[0][0]",
        "layer1",
        "lo ss",
        "layer1.z[0][0].m",
        "layer1.weights[0][0].m",
    ],
)
def test_a_name_of_nothing_is_refused(name):
    with pytest.raises(InputError, match=r"(no quantity|no name|doesn't exist)"):
        network().walkthrough.workings[0].script.names.number(name)


# Symbols


def symbols(**more) -> dict[str, str]:
    layers = [
        {"type": "dense", "units": 2, "weights": [[0.15, 0.25], [0.2, 0.3]], "bias": 0.35, "activation": "sigmoid"},
        {
            "type": "dense",
            "units": 2,
            "weights": [[0.4, 0.5], [0.45, 0.55]],
            "bias": [0.6, 0.61],
            "activation": "sigmoid",
        },
    ]
    document = {"nncalc": 1, "layers": layers, "data": {"x": [[0.05, 0.1]], "y": [[0.01, 0.99]]}, **more}
    return {step.quantity: step.symbol for step in solve(Problem.from_dict(document)).steps}


def test_layered_symbols_count_from_one_and_go_from_i_to_j():
    found = symbols()
    assert found["layer1.z[0][1]"] == "z⁽¹⁾₂" and found["layer2.a[0][0]"] == "a⁽²⁾₁"
    assert found["layer1.weights[0][1].grad"] == "∂L/∂w⁽¹⁾₁₂" and found["layer1.weights[0][1].new"] == "w′⁽¹⁾₁₂"
    assert found["layer2.z[0][0].grad"] == "δ⁽²⁾₁" and found["loss"] == "L" and found["loss_after"] == "L′"


def test_flat_notation_numbers_weights_unit_by_unit_as_mazur_does():
    found = symbols(notation="flat")
    working = {
        f"layer{n}.weights[{i}][{j}].new": f"w′{'₁₂₃₄₅₆₇₈'[4 * (n - 1) + 2 * j + i]}"
        for n in (1, 2)
        for i in (0, 1)
        for j in (0, 1)
    }
    assert {name: found[name] for name in working} == working
    assert found["layer1.a[0][1]"] == "a_h2" and found["layer2.z[0][0]"] == "z_o1" and found["loss"] == "E"
    assert found["layer1.bias.new"] == "b′₁"
    assert found["layer2.z[0][0].grad"] == "∂E/∂z_o1"


def test_a_sample_has_an_index_only_where_there_are_several():
    one, two = network(), network(x=((1.0, 2.0), (3.0, 4.0)), y=((1.0,), (2.0,)))
    assert "z⁽¹⁾₁" in [s.symbol for s in one.steps]
    assert {"z⁽¹⁾₁,₁", "z⁽¹⁾₂,₁"} <= {s.symbol for s in two.steps}


def test_the_inputs_of_an_error_table_are_its_predictions():
    solved = solve(Problem.from_dict({"nncalc": 1, "layers": [], "data": {"x": [[67]], "y": [[56]]}}))
    assert solved.steps[0].symbols == "ŷ₁ − y₁" and solved.steps[0].numbers == "67 − 56"


# Names in a function of one's own


def test_arguments_are_called_as_the_function_calls_them():
    def f(params, x):
        return jnp.sum(x @ params["dense"]["kernel"] + params["layers"][1])

    given = {"dense": {"kernel": np.ones((2, 2))}, "layers": [np.ones(2), np.ones(2)]}
    explained = explain(f, given, np.ones(2))
    assert explained.names == ["params.dense.kernel", "params.layers[0]", "params.layers[1]", "x"]
    names = explained.walkthrough.workings[0].script.names
    for name in ("params.dense.kernel[0][1]", "params.layers[1][0]", "x[1]", "params.layers[1][0].grad"):
        assert names.name(names.number(name)) == name


@pytest.mark.parametrize("number", range(3))
def test_every_name_of_a_function_leads_back_to_its_number(number):
    f = [
        lambda a, b: jnp.sum(jnp.tanh(a @ b) * 3),
        lambda a, b: jnp.mean((a[None] * b) ** 2),
        lambda *arrays: jnp.sum(arrays[0] * 2 + arrays[1].sum()),
    ][number]
    explained = explain(f, np.ones((2, 2)), np.ones((2, 2)))
    working = explained.walkthrough.workings[0]
    names = working.script.names
    for n in numbers_of(working):
        if not names.is_constant(n):
            assert names.number(names.name(n)) == n
