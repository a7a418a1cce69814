"""What steps say: one sentence each, and a remark at a corner, where a unit is off or saturated, where numbers end."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nncalc import explain
from nncalc.activations import ACTIVATIONS
from nncalc.losses import LOSSES
from nncalc.optimizers import OPTIMIZERS
from tests.walkthrough.solutions import NUMBERS, network, solution


def sentence(solved, quantity: str) -> str:
    return next(step.sentence for step in solved.steps if step.quantity == quantity)


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("detail", ["neuron", "operation"])
def test_every_step_says_what_it_does(number, detail):
    for step in solution(number).walkthrough.steps(detail):
        assert step.sentence.endswith(".") and step.sentence[0].isupper() and "  " not in step.sentence


@pytest.mark.parametrize("activation", sorted(ACTIVATIONS.keys() - {"linear"}))
def test_every_activation_is_told_in_its_own_words(activation):
    solved = network(activation, ((0.3, 0.5), (0.2, -0.1)), y=((0.2, 0.8),))
    assert ACTIVATIONS[activation].function.sentence in sentence(solved, "layer1.a[0][0]")


@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_is_told_in_its_own_words(loss):
    target = ((1.0, 0.0),) if "crossentropy" in loss else ((1.0, -1.0),)
    activation = "softmax" if "crossentropy" in loss else "linear"
    solved = network(activation, ((0.3, 0.5), (0.2, -0.1)), y=target, loss={"type": loss})
    own = LOSSES[loss].sentence or LOSSES[loss].known[0].function.sentence
    assert own and own in sentence(solved, "term[0][0]")


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_update_rule_is_told_in_its_own_words(optimizer):
    said = {sentence(network(optimizer={"type": o}), "layer1.weights[0][0].new") for o in OPTIMIZERS}
    assert len(said) == len(OPTIMIZERS)
    assert sentence(network(optimizer={"type": optimizer}), "layer1.weights[0][0].new") in said


def test_the_corner_of_relu_is_told_where_it_is():
    at, off, on = (network("relu", weights) for weights in (((2.0,), (-1.0,)), ((-2.0,), (-1.0,)), ((2.0,), (1.0,))))
    corner, is_off = "slope there is taken as 0", "is off"
    for name in ("layer1.a[0][0]", "layer1.z[0][0].grad"):
        assert corner in sentence(at, name) and is_off not in sentence(at, name)
        assert is_off in sentence(off, name) and corner not in sentence(off, name)
        assert corner not in sentence(on, name) and is_off not in sentence(on, name)


def test_the_corner_of_leaky_relu_is_told_forward_and_backward():
    solved = network("leaky_relu", ((2.0,), (-1.0,)))
    for name in ("layer1.a[0][0]", "layer1.z[0][0].grad"):
        assert "corner" in sentence(solved, name)
    assert next(s for s in solved.steps if s.quantity == "layer1.z[0][0].grad").numbers.endswith("· 0.01")


def test_the_corner_of_the_absolute_error_is_told():
    solved = network(y=((8.0,),), loss="mae")
    assert "corner" in sentence(solved, "term[0][0]") and "corner" in sentence(solved, "error[0][0].grad")


def test_the_corner_of_the_hinge_is_told_and_no_z_is_spoken_of():
    solved = network(weights=((1.0,), (0.0,)), y=((1.0,),), loss={"type": "hinge"})
    told = sentence(solved, "term[0][0]")
    assert "corner" in told and "z is" not in told


def test_a_prediction_below_zero_is_no_unit_that_is_off():
    """Hinge is a ReLU of 1 − y·p, not of p."""
    solved = network(weights=((-3.0,), (0.0,)), y=((1.0,),), loss={"type": "hinge"})
    assert not any("is off" in step.sentence for step in solved.steps)


def test_a_remark_is_about_what_goes_into_the_function():
    steps = {step.quantity: step for step in explain(lambda x: jax.nn.relu(-x) * 2, -3.0).steps}
    assert "off" not in steps["x.grad"].sentence
    steps = {step.quantity: step for step in explain(lambda x: jax.nn.relu(-x) * 2, 3.0).steps}
    assert "off" in steps["t₁"].sentence


@pytest.mark.parametrize(("activation", "z"), [("sigmoid", 20.0), ("sigmoid", -20.0), ("tanh", 5.0), ("tanh", -5.0)])
def test_a_saturated_unit_is_told(activation, z):
    solved = network(activation, ((z,), (0.0,)))
    assert "saturated" in sentence(solved, "layer1.a[0][0]") and "saturated" in sentence(solved, "layer1.z[0][0].grad")
    assert "saturated" not in sentence(network(activation, ((0.1,), (0.0,))), "layer1.a[0][0]")


@pytest.mark.parametrize("samples", [1, 3])
@pytest.mark.parametrize("place", range(3))
def test_a_remark_is_made_of_the_unit_that_it_is_about(samples, place):
    x = tuple((1.0 if k == place else -1.0, 0.0) for k in range(samples))
    solved = network("relu", ((1.0,), (0.0,)), x=x, y=((0.5,),) * samples)
    off = [("is off" in sentence(solved, f"layer1.a[{k}][0]")) for k in range(samples)]
    assert off == [k != place for k in range(samples)]


# Where numbers end


def test_the_logarithm_of_zero_is_told_where_it_begins():
    loss = {"type": "binary_crossentropy"}
    solved = network("sigmoid", ((-1000.0,), (0.0,)), y=((1.0,),), loss=loss)
    term = next(step for step in solved.steps if step.quantity == "term[0][0]")
    assert term.result.text == "∞" and term.result.sign == "="
    assert "ln 0" in term.sentence
    loss_step = next(step for step in solved.steps if step.quantity == "loss")
    assert loss_step.result.text == "∞" and "something that it is computed from" in loss_step.sentence
    assert solved.to_dict()["loss"] == "Infinity"


def test_not_a_number_is_told_where_it_begins_and_where_it_only_goes_on():
    explained = explain(lambda x: (x - x) / x * 2, 0.0)
    told = [step.sentence for step in explained.steps if step.result.text == "NaN" and step.chapter == "Forward"]
    assert "it begins here" in told[0]
    assert all("begins" not in later for later in told[1:])


def test_a_number_too_large_to_be_stored_is_told():
    explained = explain(lambda x: jnp.exp(x) * 2, 1000.0)
    assert "too large to be stored begins here" in explained.steps[0].sentence
    assert "begins" not in explained.steps[1].sentence


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_exploding_values_are_shown_and_told_and_nothing_breaks(activation):
    solved = network(activation, ((1e200, 1e200), (1e200, -1e200)), x=((1e200, 1e200),), y=((1.0, 0.0),), iterations=2)
    for detail in ("neuron", "operation"):
        for step in solved.walkthrough.steps(detail):
            assert step.sentence and step.symbols and step.numbers and step.result.text
    solved.to_dict()


def test_infinite_and_undefined_numbers_are_printed_as_such():
    steps = explain(lambda x: jnp.log(x) - jnp.log(x), 0.0).steps
    texts = {step.result.text for step in steps}
    assert {"−∞", "NaN"} <= texts


def test_the_sentence_of_a_mean_and_of_an_extreme():
    for f, word in (
        (jnp.mean, "mean"),
        (jnp.max, "largest"),
        (jnp.min, "smallest"),
        (jnp.prod, "multiplied"),
        (jnp.sum, "added"),
    ):
        steps = explain(lambda x, f=f: f(x), np.array([1.0, 2.0, 4.0])).steps
        assert word in steps[0].sentence
