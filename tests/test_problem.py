"""What a problem file says, field by field, and every default."""

import numpy as np
import pytest

from nncalc.activations import ACTIVATIONS
from nncalc.errors import InputError
from nncalc.layers import LAYERS
from nncalc.losses import LOSSES, SHORT_NAMES
from nncalc.optimizers import OPTIMIZERS
from nncalc.problem import Problem

EXAMPLE = """
{
  "nncalc": 1,
  "title": "Two inputs, two hidden units, one output",
  "source": "where the numbers come from (optional)",
  "inputs": ["children", "accounts"],
  "layers": [
    {"type": "dense", "name": "hidden", "units": 2, "activation": "relu",
     "weights": [[1, -1], [1, 1]], "bias": [0, 0]},
    {"type": "dense", "name": "output", "units": 1, "activation": "linear",
     "weights": [[2], [-1]], "bias": [0]}
  ],
  "data": {"x": [[2, 3]], "y": [[10]]},
  "loss": {"type": "squared_error", "factor": 1, "outputs": "mean", "samples": "mean"},
  "optimizer": {"type": "sgd", "learning_rate": 0.01},
  "iterations": 1
}
"""


def problem(*layers, x=((2, 3),), y=None, **fields) -> Problem:
    data = {"x": x} if y is None else {"x": x, "y": y}
    return Problem.from_dict({"nncalc": 1, "layers": list(layers), "data": data} | fields)


def dense(units=2, **fields):
    return {"type": "dense", "units": units} | fields


def test_the_whole_example_of_the_format_is_read():
    read = Problem.loads(EXAMPLE)
    assert read.title == "Two inputs, two hidden units, one output"
    assert read.source == "where the numbers come from (optional)"
    assert read.notes == ""
    assert read.inputs == ("children", "accounts")
    assert read.outputs == ("y1",)
    hidden, output = read.layers
    assert (hidden.type, hidden.name, hidden.settings["units"], hidden.activation.name) == (
        "dense", "hidden", 2, "relu",
    )  # fmt: skip
    assert {k: v.tolist() for k, v in hidden.parameters.items()} == {
        "weights": [[1, -1], [1, 1]],
        "bias": [0, 0],
    }
    assert (output.name, output.settings["units"], output.activation.name) == ("output", 1, "linear")
    assert {k: v.tolist() for k, v in output.parameters.items()} == {"weights": [[2], [-1]], "bias": [0]}
    assert (hidden.output_shape, output.output_shape, read.output_shape) == ((2,), (1,), (1,))
    assert read.x.tolist() == [[2, 3]]
    assert read.y is not None
    assert read.y.tolist() == [[10]]
    assert (read.loss.type, read.loss.factor, read.loss.outputs, read.loss.samples) == (
        "squared_error", 1, "mean", "mean",
    )  # fmt: skip
    assert (read.optimizer.type, read.optimizer.settings) == ("sgd", {"learning_rate": 0.01})
    assert read.iterations == 1


def test_the_examples_forward_pass_gives_5_and_1_and_9():
    read = Problem.loads(EXAMPLE)
    weights = [layer.parameters["weights"] for layer in read.layers]
    hidden = np.maximum(read.x @ weights[0], 0)
    assert hidden.tolist() == [[5, 1]]
    assert (hidden @ weights[1]).tolist() == [[9]]


def test_every_default_of_the_format():
    read = problem(dense(3))
    assert (read.title, read.source, read.notes) == ("", "", "")
    assert read.inputs == ("x1", "x2")
    assert read.outputs == ("y1", "y2", "y3")
    assert read.y is None
    loss = read.loss
    assert (loss.type, loss.factor, loss.outputs, loss.samples) == ("squared_error", 1, "mean", "mean")
    assert loss.settings == {}
    assert read.error == "prediction - actual"
    assert (read.optimizer.type, read.optimizer.settings) == ("sgd", {"learning_rate": 0.01})
    assert (read.iterations, read.batch_size, read.seed) == (1, None, 0)
    assert (read.notation, read.decimals) == ("layered", 4)


def test_every_default_of_a_dense_layer():
    (layer,) = problem(dense(3)).layers
    assert layer.name == "layer1"
    assert (layer.activation.name, layer.activation.settings) == ("linear", {})
    assert (layer.settings["l1"], layer.settings["l2"]) == (0, 0)
    assert list(layer.parameters) == ["weights", "bias"]
    assert layer.parameters["weights"].shape == (2, 3)
    assert layer.parameters["bias"].tolist() == [0, 0, 0]
    assert layer.frozen == ()


def test_layers_are_named_by_their_place():
    read = problem(dense(), dense(name="own"), dense())
    assert [layer.name for layer in read.layers] == ["layer1", "own", "layer3"]


def test_without_layers_the_input_is_the_prediction():
    read = problem(x=[[1, 2], [3, 4]], y=[[1, 1], [1, 1]])
    assert read.layers == ()
    assert read.output_shape == (2,)
    assert read.outputs == ("y1", "y2")


def test_numbers_may_be_fractions_and_sums_of_products_everywhere():
    read = problem(
        dense(1, weights=[["1/3"], ["-2*0.5"]], bias="1/4", l2="1/8"),
        x=[["1/2", 3]],
        y=[["0,5"]],
        loss={"type": "squared_error", "factor": "1/2"},
        optimizer={"type": "sgd", "learning_rate": "1/10"},
    )
    (layer,) = read.layers
    assert layer.parameters["weights"].tolist() == [[1 / 3], [-1]]
    assert layer.parameters["bias"].tolist() == 0.25
    assert layer.settings["l2"] == 0.125
    assert read.x.tolist() == [[0.5, 3]]
    assert read.y is not None
    assert read.y.tolist() == [[0.5]]
    assert read.loss.factor == 0.5
    assert read.optimizer.settings["learning_rate"] == 0.1


def test_a_bias_is_a_list_or_one_shared_number_or_none():
    (own,) = problem(dense(2, bias=[1, 2])).layers
    (shared,) = problem(dense(2, bias=3)).layers
    (none,) = problem(dense(2, bias=False)).layers
    assert own.parameters["bias"].tolist() == [1, 2]
    assert (shared.parameters["bias"].shape, shared.parameters["bias"].tolist()) == ((), 3)
    assert list(none.parameters) == ["weights"]


def test_drawn_weights_are_glorot_uniform_from_pcg64_in_file_order():
    generator = np.random.Generator(np.random.PCG64(7))
    first = generator.uniform(-np.sqrt(6 / 5), np.sqrt(6 / 5), (2, 3))
    third = generator.uniform(-np.sqrt(6 / 5), np.sqrt(6 / 5), (4, 1))
    given = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]
    read = problem(dense(3), dense(4, weights=given, bias=[1, 1, 1, 1]), dense(1), seed=7)
    drawn = [layer.parameters["weights"] for layer in read.layers]
    assert drawn[0].tolist() == first.tolist()
    assert drawn[1].tolist() == given  # a parameter that is given draws nothing
    assert drawn[2].tolist() == third.tolist()


def test_a_large_drawn_layer_fills_glorots_interval():
    (layer,) = problem(dense(300), x=[[1] * 300]).layers
    weights = layer.parameters["weights"]
    assert 0.0999 < weights.max() <= 0.1  # sqrt(6 / 600)
    assert -0.1 <= weights.min() < -0.0999
    assert abs(weights.var() - 0.01 / 3) < 1e-4


def test_the_seed_decides_what_is_drawn():
    def weights(seed):
        return problem(dense(), seed=seed).layers[0].parameters["weights"].tolist()

    assert weights(1) == weights(1) != weights(2)


def test_dense_acts_on_the_last_axis_of_a_sequence():
    read = problem(dense(3), x=[[[1, 2], [3, 4]], [[5, 6], [7, 8]]], y=[[[0] * 3] * 2] * 2)
    assert read.x.shape == (2, 2, 2)
    assert read.output_shape == (2, 3)
    assert read.layers[0].parameters["weights"].shape == (2, 3)
    assert read.y is not None
    assert read.y.shape == (2, 2, 3)


def test_an_activation_layer_keeps_the_shape_and_has_no_parameters():
    read = problem(dense(3), {"type": "activation", "activation": "softmax"})
    layer = read.layers[1]
    assert (layer.type, layer.activation.name, layer.parameters, layer.output_shape) == (
        "activation", "softmax", {}, (3,),
    )  # fmt: skip


def test_frozen_parameters_are_kept_by_name():
    (layer,) = problem(dense(2, frozen=["bias"])).layers
    assert layer.frozen == ("bias",)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_can_be_chosen_by_name_and_as_an_object(name):
    read = problem(dense(activation=name), dense(activation={"type": name}))
    first, second = (layer.activation for layer in read.layers)
    assert first == second
    assert first.name == name


def test_leaky_relu_has_slope_0_01_unless_another_is_given():
    read = problem(dense(activation="leaky_relu"), dense(activation={"type": "leaky_relu", "slope": 0.2}))
    assert [layer.activation.settings for layer in read.layers] == [{"slope": 0.01}, {"slope": 0.2}]


def test_the_activations_of_the_format_are_all_there():
    words = "linear relu leaky_relu elu sigmoid tanh softplus softmax gelu silu"
    assert set(ACTIVATIONS) == set(words.split())


@pytest.mark.parametrize(
    ("short", "meaning"),
    [
        ("mse", ("squared_error", 1, "mean", "mean")),
        ("half_sse", ("squared_error", 0.5, "sum", "mean")),
        ("sse", ("squared_error", 1, "sum", "sum")),
        ("mae", ("absolute_error", 1, "mean", "mean")),
        ("binary_crossentropy", ("binary_crossentropy", 1, "mean", "mean")),
        ("categorical_crossentropy", ("categorical_crossentropy", 1, "sum", "mean")),
    ],
)
def test_what_a_short_name_of_a_loss_stands_for(short, meaning):
    loss = problem(loss=short).loss
    assert (loss.type, loss.factor, loss.outputs, loss.samples) == meaning


def test_there_are_no_other_short_names():
    assert set(SHORT_NAMES) == {
        "mse", "half_sse", "sse", "mae", "binary_crossentropy", "categorical_crossentropy",
    }  # fmt: skip


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_object_that_leaves_all_out_is_a_mean_of_means(name):
    loss = problem(loss={"type": name}).loss
    assert (loss.type, loss.factor, loss.outputs, loss.samples) == (name, 1, "mean", "mean")


def test_hubers_delta_is_1_unless_another_is_given():
    assert problem(loss={"type": "huber"}).loss.settings == {"delta": 1}
    assert problem(loss={"type": "huber", "delta": "5/2", "samples": "sum"}).loss.settings == {"delta": 2.5}


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("sgd", {"learning_rate": 0.01}),
        ("momentum", {"learning_rate": 0.01, "momentum": 0.9, "nesterov": False}),
        ("rmsprop", {"learning_rate": 0.001, "rho": 0.9, "epsilon": 1e-7}),
        ("adam", {"learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}),
        (
            "adamw",
            {"learning_rate": 0.001, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7, "weight_decay": 0.004},
        ),
    ],
)
def test_the_defaults_of_an_optimizer_are_those_of_keras_3(name, settings):
    """Keras 3's SGD, RMSprop, Adam and AdamW; momentum 0.9 and weight decay 0.004 from the format."""
    assert problem(optimizer={"type": name}).optimizer.settings == settings


def test_every_optimizer_setting_can_be_given():
    given = {"learning_rate": -0.5, "momentum": 0.25, "nesterov": True}
    assert problem(optimizer={"type": "momentum"} | given).optimizer.settings == given


def test_the_tables_hold_what_the_tests_above_name():
    assert set(OPTIMIZERS) == {"sgd", "momentum", "rmsprop", "adam", "adamw"}
    assert set(LAYERS) == {"dense", "conv2d", "max_pool2d", "average_pool2d", "flatten", "activation"}


@pytest.mark.parametrize(
    ("batch_size", "iterations", "batches"),
    [
        (None, 2, [(0, 5), (0, 5)]),
        (2, 4, [(0, 2), (2, 4), (4, 5), (0, 2)]),
        (5, 2, [(0, 5), (0, 5)]),
        (9, 1, [(0, 5)]),
        (1, 6, [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (0, 1)]),
        (3, 1, [(0, 3)]),
    ],
)
def test_batches_go_through_the_data_in_order_and_begin_again(batch_size, iterations, batches):
    fields = {"iterations": iterations} | ({} if batch_size is None else {"batch_size": batch_size})
    read = problem(x=[[n] for n in range(5)], **fields)
    assert [(part.start, part.stop) for part in read.batches()] == batches
    assert [read.x[part].shape[0] for part in read.batches()] == [stop - start for start, stop in batches]


@pytest.mark.parametrize("loss", ["binary_crossentropy", "categorical_crossentropy"])
def test_targets_of_a_cross_entropy_may_be_any_probability(loss):
    read = problem(x=[[0.2, 0.8]], y=[[0.25, 1]], loss=loss)
    assert read.y is not None
    assert read.y.tolist() == [[0.25, 1]]


def test_targets_of_any_other_loss_may_be_any_number():
    assert problem(y=[[-1, 5]], loss={"type": "hinge"}).y is not None


def test_arrays_are_read_only():
    read = problem(dense(), dense(bias=0), y=[[1, 2]])
    arrays = [read.x, read.y, *(array for layer in read.layers for array in layer.parameters.values())]
    assert len(arrays) == 6
    assert not any(array.flags.writeable for array in arrays)
    assert all(array.dtype == np.float64 for array in arrays)


def test_a_problem_cannot_be_changed():
    with pytest.raises(AttributeError):
        problem().title = "another"  # pyright: ignore[reportAttributeAccessIssue]


def test_text_is_kept_as_it_is_written():
    text = "<b>ü</b> − 1\n\tw⁽¹⁾"
    read = problem(title=text, notes=text)
    assert (read.title, read.notes) == (text, text)


def test_input_and_output_names_are_any_line_of_text():
    read = problem(dense(1), inputs=["rooms (m²)", "x y"], outputs=["price"])
    assert (read.inputs, read.outputs) == (("rooms (m²)", "x y"), ("price",))


def test_a_problem_that_is_refused_raises_only_input_error():
    with pytest.raises(InputError):
        problem(title=None)
