"""`nncalc.explain`: any scalar-valued function of a user's own."""

import re
import warnings
from html.parser import HTMLParser

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.ad_checkpoint import checkpoint_name

import nncalc
from nncalc import Explanation, InputError, explain
from nncalc.ledger.check import DisagreementError


def loss(w, x):
    return (w * x - 10) ** 2


def mean_error(params, x, y):
    hidden = jnp.tanh(x @ params["w"] + params["b"])
    return jnp.mean((hidden.sum(axis=1) - y) ** 2)


PARAMS = {"w": np.array([[0.5, -1.0], [0.25, 2.0]]), "b": np.array([0.1, -0.2])}
X, Y = np.array([[1.0, 2.0], [-0.5, 0.3], [0.2, -1.1]]), np.array([0.5, 1.0, -0.3])


def test_it_is_offered_at_the_top():
    assert nncalc.explain is explain and isinstance(explain(loss, 2.0, 3.0), Explanation)


def test_value_and_gradients_are_jaxs():
    explained = explain(mean_error, PARAMS, X, Y)
    with jax.enable_x64(True):
        value, expected = jax.value_and_grad(mean_error, argnums=(0, 1, 2))(PARAMS, X, Y)
    assert explained.value == pytest.approx(float(value), rel=1e-12)
    jax.tree.map(lambda a, b: np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-14), explained.gradients, expected)


def test_gradients_come_in_the_tree_of_the_arguments():
    single = explain(lambda p: jnp.sum(p["a"] ** 2) + p["b"][0], {"a": np.ones(2), "b": (2.0,)}).gradients
    assert set(single) == {"a", "b"} and single["a"].tolist() == [2.0, 2.0] and single["b"] == (1.0,)
    several = explain(mean_error, PARAMS, X, Y).gradients
    assert isinstance(several, tuple) and len(several) == 3 and set(several[0]) == {"w", "b"}
    assert several[0]["w"].shape == (2, 2) and several[1].shape == (3, 2)


def test_whole_numbers_and_truth_values_have_no_derivative():
    gradients = explain(lambda w, n, flag: w**2 * n * jnp.where(flag, 1.0, 2.0), 3.0, 2, True).gradients
    assert gradients[0] == 12.0 and gradients[1] is None and gradients[2] is None


def test_only_whole_numbers_make_a_fixed_result():
    explained = explain(lambda n: 1.5 * n, 3)
    assert explained.value == 4.5 and explained.gradients is None and explained.steps == []
    assert "4.5" in repr(explained) and explained.check() == []


@pytest.mark.parametrize(
    ("f", "arguments", "expected"),
    [
        (lambda x: x, (3.0,), 1.0),
        (lambda x: 5.0, (3.0,), 0.0),
        (lambda x: jnp.array(5.0), (3.0,), 0.0),
        (lambda x: jnp.array(x), (3.0,), 1.0),
        (lambda x: x[1], (np.array([1.0, 2.0]),), [0.0, 1.0]),
        (lambda x: (x**2)[1], (np.array([1.0, 2.0]),), [0.0, 4.0]),
        (lambda x: (x @ x.T)[0, 1], (np.array([[1.0, 2.0], [3.0, 4.0]]),), [[3.0, 4.0], [1.0, 2.0]]),
        (lambda x: jax.lax.stop_gradient(x) * 2, (3.0,), 0.0),
    ],
)
def test_a_result_that_is_given_fixed_or_a_part_of_something(f, arguments, expected):
    explained = explain(f, *arguments)
    np.testing.assert_allclose(explained.gradients, expected)
    assert repr(explained) and explained._repr_html_()
    explained.check()


def test_steps_are_lines_of_working():
    steps = explain(loss, 2.0, 3.0).steps
    assert [(s.quantity, s.symbols, s.numbers, s.result.text) for s in steps] == [
        ("t₁", "w · x", "2 · 3", "6"),
        ("t₂", "t₁ − 10", "6 − 10", "−4"),
        ("loss", "t₂²", "(−4)²", "16"),
        ("t₂.grad", "2 · t₂", "2 · (−4)", "−8"),
        ("t₁.grad", "∂loss/∂t₂", "−8", "−8"),
        ("w.grad", "∂loss/∂t₁ · x", "−8 · 3", "−24"),
        ("x.grad", "∂loss/∂t₁ · w", "−8 · 2", "−16"),
    ]


def test_names_of_the_functions_own_are_used():
    def f(w, x):
        return jnp.sum(checkpoint_name(w * x, "z[unit]") ** 2)

    quantities = [s.quantity for s in explain(f, np.ones(2), np.ones(2)).steps]
    assert {"z[0]", "z[1]", "z[0].grad"} <= set(quantities)


def test_paths_add_up_to_the_derivative():
    explained = explain(mean_error, PARAMS, X, Y)
    for name, expected in (
        ("params.w[0][1]", explained.gradients[0]["w"][0, 1]),
        ("x[2][0]", explained.gradients[1][2, 0]),
    ):
        rows = explained.paths(name, most=1000)
        assert len(rows) == explained.path_count(name)
        assert sum(row.product for row in rows) == pytest.approx(expected, rel=1e-12)
        for row in rows:
            assert row.names[0] == name and row.names[-1] == "mean_error" and len(row.factors) == len(row.names) - 1


def test_the_check_compares_three_ways():
    compared = explain(mean_error, PARAMS, X, Y).check()
    assert [c.name for c in compared] == ["params.b", "params.w", "x", "y"]
    assert all(c.digits >= 12 and (c.difference_digits or 0) >= 6 for c in compared)


def test_a_central_difference_is_one():
    explained = explain(mean_error, PARAMS, X, Y)
    compared = {c.name: c for c in explained.check()}
    h = 1e-6
    up, down = ({**PARAMS, "b": PARAMS["b"] + np.array([s * h, 0])} for s in (1, -1))
    with jax.enable_x64(True):
        expected = (mean_error(up, X, Y) - mean_error(down, X, Y)) / (2 * h)
    assert compared["params.b"].difference[0] == pytest.approx(float(expected), rel=1e-6)


def test_a_wrong_ledger_is_found_out():
    explained = explain(loss, 2.0, 3.0)
    explained.values = explained.values.copy()
    explained.values[explained.plan.forward.by_name["w"].ids + explained.plan.size] += 1e-6
    with pytest.raises(DisagreementError, match="w: the chain rule and jax.grad differ by 1e-06"):
        explained.check()


# Names that meet


def test_a_function_called_like_its_argument():
    def w(w, x):
        return w * x

    explained = explain(w, 3.0, 4.0)
    assert explained.gradients == (4.0, 3.0)
    explained.check()
    assert explained.steps[0].result.value == 12.0


def test_a_parameter_called_result_of_a_nameless_function():
    explained = explain(lambda result, x: result * x, 3.0, 4.0)
    assert explained.gradients == (4.0, 3.0)


def test_further_arguments_do_not_take_a_parameters_name():
    explained = explain(lambda x2, *more: x2 * more[0], 3.0, 4.0)
    assert explained.gradients == (4.0, 3.0) and len(set(explained.names)) == 2
    explained.check()


def test_a_number_named_like_an_argument():
    explained = explain(lambda w, x: checkpoint_name(w * x, "w") ** 2, 3.0, 4.0)
    assert explained.gradients == (96.0, 72.0)
    explained.check()


def test_a_name_given_in_every_round_of_a_loop():
    def f(x):
        for _ in range(3):
            x = checkpoint_name(x * x, "h")
        return x + 1

    explained = explain(f, 1.5)
    assert explained.gradients == pytest.approx(8 * 1.5**7)
    quantities = [step.quantity for step in explained.steps]
    assert len(quantities) == len(set(quantities))
    assert repr(explained)


@pytest.mark.parametrize("label", ["z[0", "", "a b", "z[a][b]", "<b>", "x&y", "h.z.grad"])
def test_a_strange_name_is_used_or_refused_but_breaks_nothing(label):
    try:
        explained = explain(lambda x: checkpoint_name(x * x, label) + 1, 1.5)
    except InputError as refused:
        assert "name" in str(refused)
    else:
        assert explained.gradients == 3.0 and "<b>" not in explained._repr_html_()
        assert repr(explained)


def test_keys_of_every_kind_name_their_arrays():
    explained = explain(lambda p: p["a.b"] * p["grad"] + p["0"][0], {"a.b": 2.0, "grad": 3.0, "0": [4.0]})
    assert explained.gradients == {"a.b": 3.0, "grad": 2.0, "0": [1.0]}
    assert len(set(explained.names)) == 3
    explained.check()


# Kinds of arguments


def test_arguments_of_every_precision():
    for dtype in (np.float16, np.float32, np.float64, jnp.bfloat16):
        explained = explain(lambda x: jnp.sum(x * x), np.asarray([1.5, 2.0]).astype(dtype))
        np.testing.assert_allclose(explained.gradients, [3.0, 4.0])


def test_an_array_of_whole_numbers_stays_an_array_of_jax():
    explained = explain(lambda x, i: x[i.at[0].set(1)[0]] * 2, np.array([2.0, 3.0]), jnp.array([0, 1]))
    assert explained.value == 6.0


def test_a_whole_number_can_be_a_size():
    assert explain(lambda x, n: jnp.sum(x * jnp.arange(n)), 2.0, 4).value == 12.0


def test_a_random_key_is_an_argument_like_any_other():
    key = jax.random.key(0)
    explained = explain(lambda w, k: w * jax.random.normal(k), 2.0, key)
    assert explained.gradients[1] is None and explained.value == pytest.approx(2 * float(explained.gradients[0]))


def test_a_jitted_function_a_method_and_an_object_that_can_be_called():
    class Model:
        def __call__(self, w):
            return w**2

        def method(self, w):
            return w**3

    assert explain(jax.jit(loss), 2.0, 3.0).value == 16.0
    assert explain(Model(), 3.0).value == 9.0
    assert explain(Model().method, 2.0).gradients == 12.0


def test_a_function_without_arguments_is_its_value():
    explained = explain(lambda: jnp.sum(jnp.arange(3.0)))
    assert explained.value == 3.0 and explained.gradients in ((), None)


def test_single_precision_within_the_function_is_checked_by_its_own_measure():
    explained = explain(lambda x: jnp.sum(jnp.tanh(x.astype(jnp.float32)) ** 2).astype(float), np.array([0.3, -1.2]))
    assert all(c.digits >= 5 for c in explained.check())


@pytest.mark.parametrize(
    "f",
    [
        lambda x: jnp.sum(jax.nn.relu6(x)),
        lambda x: jnp.sum(jnp.logaddexp(x, 0.5)),
        lambda x: jnp.sum(jax.nn.log_sigmoid(x)),
        lambda x: jnp.sum(jax.nn.hard_swish(x)),
        lambda x: jnp.sum(jax.nn.selu(x)),
        lambda x: jnp.sum(jax.nn.mish(x)),
        lambda x: jnp.sum(jax.scipy.special.xlogy(x**2, x**2 + 1)),
        lambda x: jnp.var(x) + jnp.linalg.norm(x),
        lambda x: jnp.max(x) * jnp.min(x),
        lambda x: jnp.prod(x),
        lambda x: -jax.nn.log_softmax(x)[1],
        lambda x: jax.nn.standardize(x)[0],
    ],
)
def test_functions_of_jax_are_explained_step_by_step(f):
    x = np.array([0.7, -1.2, 2.1])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        explained = explain(f, x)
        with jax.enable_x64(True):
            expected = jax.grad(f)(x)
        np.testing.assert_allclose(explained.gradients, expected, rtol=1e-10, atol=1e-13)
        for detail in ("neuron", "operation", "layer", "chapter"):
            for step in explained.walkthrough.steps(detail):
                assert step.quantity
        for step in explained.walkthrough.steps("operation"):
            assert step.symbols and step.numbers and step.sentence and repr(step)
        assert repr(explained) and explained._repr_html_()
        explained.check()


# How it is shown


def test_the_readable_form_is_a_table():
    text = repr(explain(loss, 2.0, 3.0))
    assert text.splitlines()[0] == "loss(w, x) = 16"
    assert [line for line in text.splitlines() if not line.startswith(" ")] == [
        "loss(w, x) = 16",
        "Forward",
        "Backward",
    ]
    columns = {line.index("=") for line in text.splitlines() if line.startswith("  ∂")}
    assert len(columns) == 1


def test_a_long_calculation_is_shown_in_part():
    explained = explain(lambda x: jnp.sum(jnp.sin(x) ** 2), np.arange(40.0))
    assert re.search(r"… and \d+ more steps \(see \.steps\)$", repr(explained))
    assert len(repr(explained).splitlines()) < 50
    assert "more steps" in explained._repr_html_()


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.depth = set(), 0

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.depth += 1

    def handle_endtag(self, tag):
        self.depth -= 1


def test_the_table_of_a_notebook_is_well_formed_and_escaped():
    explained = explain(lambda p: p["<script>"] * p["a&b"], {"<script>": 2.0, "a&b": 3.0})
    reader = Reader()
    reader.feed(explained._repr_html_())
    assert reader.depth == 0 and reader.tags <= {"table", "caption", "tr", "th", "td", "p"}
    assert "&lt;script&gt;" in explained._repr_html_() and "a&amp;b" in explained._repr_html_()


def test_decimals_are_a_choice():
    assert explain(lambda x: x / 3, 1.0).steps[0].result.text == "0.3333"
    assert explain(lambda x: x / 3, 1.0, decimals=7).steps[0].result.text == "0.3333333"


# Refusals


@pytest.mark.parametrize(
    ("f", "arguments", "message"),
    [
        (lambda x: x, (np.ones(3),), r"result is float64\[3\].*one floating-point number.*sum or a mean"),
        (lambda x: (x, x), (1.0,), r"result is float64\[\], float64\[\]; one floating-point number"),
        (lambda x: {}, (1.0,), "result is nothing; one floating-point number"),
        (lambda x: None, (1.0,), "result is nothing; one floating-point number"),
        (lambda x: jnp.argmax(x), (np.ones(3),), r"result is int.*one floating-point number"),
        (lambda x: x > 1, (1.0,), r"result is bool.*one floating-point number"),
        (lambda x, how: x, (1.0, "mean"), "Argument number 2 is str"),
        (lambda x, f: f(x), (1.0, jnp.sin), "Argument number 2 is"),
        (lambda x: jnp.sum(x).real, (np.array([1 + 2j]),), "Argument number 1 is"),
        (lambda x: jnp.sort(x)[0], (np.ones(3),), "`sort` has no step-by-step rule yet"),
        (
            lambda x: jax.lax.while_loop(lambda c: c < 9, lambda c: c * 2, x),
            (1.0,),
            "`while` has no step-by-step rule yet",
        ),
        (lambda x: x[jnp.argmax(x)], (np.ones(3),), "index that is itself computed"),
    ],
)
def test_what_cannot_be_explained_is_refused_in_plain_words(f, arguments, message):
    with pytest.raises(InputError, match=message):
        explain(f, *arguments)


@pytest.mark.parametrize("name", ["v", "w[0]", "t₉", "", "w.new", "loss[0]"])
def test_a_quantity_that_does_not_exist_is_refused(name):
    explained = explain(loss, 2.0, 3.0)
    with pytest.raises(InputError, match=r"no quantity .* There are: "):
        explained.paths(name)


def test_a_gradient_of_something_unknown_is_refused():
    with pytest.raises(InputError, match="no `v` here. There are: "):
        explain(loss, 2.0, 3.0).gradient("v")


def test_a_fault_of_the_function_itself_is_not_hidden():
    with pytest.raises(ZeroDivisionError):
        explain(lambda x: x * (1 / 0), 1.0)
    with pytest.raises(TypeError):
        explain(loss, 2.0)
