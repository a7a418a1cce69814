"""What a problem file may not say: each fault with its place, all of them at once, and every bound."""

import pytest

from nncalc.errors import InputError
from nncalc.layers import LATER, LAYERS
from nncalc.losses import LOSSES
from nncalc.optimizers import OPTIMIZERS
from nncalc.problem import FIELDS, Problem


def problem(*layers, x=((2, 3),), y=None, **fields) -> Problem:
    data = {"x": x} if y is None else {"x": x, "y": y}
    return Problem.from_dict({"nncalc": 1, "layers": list(layers), "data": data} | fields)


def dense(units=2, **fields):
    return {"type": "dense", "units": units} | fields


def faults(*layers, **fields) -> list[str]:
    """The lines of the error that a problem raises."""
    with pytest.raises(InputError) as caught:
        problem(*layers, **fields)
    assert str(caught.value).splitlines() == [str(fault) for fault in caught.value.faults]
    return str(caught.value).splitlines()


def test_the_formats_own_example_of_a_fault():
    given = dense(2, weights=[[1, 2, 3], [1, 2]])
    assert faults(dense(2), given) == ["layers[1].weights[0]: 3 numbers given, 2 needed (one per unit)"]


def test_all_faults_of_a_file_are_reported_at_once_with_their_places():
    with pytest.raises(InputError) as caught:
        Problem.from_dict(
            {
                "nncalc": 2,
                "titel": "",
                "inputs": ["one"],
                "layers": [
                    dense(2, weights=[[1, 2, 3], [1, "1/0"]], bias=[1], frozen=["kernel"]),
                    {"type": "lstm"},
                    dense(0, name="x", activation="rellu"),
                    {"units": 1},
                    7,
                ],
                "data": {"x": [[1, 2], [3, None]], "y": 5, "z": 0},
                "loss": {"type": "huber", "delta": 0, "factor": "much"},
                "optimizer": {"type": "adam", "beta_1": 1},
                "decimals": 16,
            }
        )
    assert sorted(fault.place for fault in caught.value.faults) == sorted(
        [
            "nncalc",
            "",
            "inputs",
            "layers[0].weights[0]",
            "layers[0].weights[1][1]",
            "layers[0].bias",
            "layers[0].frozen[0]",
            "layers[1].type",
            "layers[2].units",
            "layers[2].name",
            "layers[2].activation",
            "layers[3]",
            "layers[4]",
            "data.x[1][1]",
            "data.y",
            "data",
            "loss.delta",
            "loss.factor",
            "optimizer.beta_1",
            "decimals",
        ]
    )


@pytest.mark.parametrize("missing", ["nncalc", "layers", "data"])
def test_what_is_required_cannot_be_left_out(missing):
    document = {"nncalc": 1, "layers": [], "data": {"x": [[1]]}}
    del document[missing]
    with pytest.raises(InputError, match=f"^the field `{missing}` is missing$"):
        Problem.from_dict(document)


@pytest.mark.parametrize("document", [[], "text", 5, None, True])
def test_a_problem_is_an_object(document):
    with pytest.raises(InputError, match=r"an object .* needed"):
        Problem.from_dict(document)


@pytest.mark.parametrize("field", [field for field in FIELDS if field != "nncalc"])
def test_null_is_no_value_of_any_field(field):
    document = {"nncalc": 1, "layers": [], "data": {"x": [[1]]}} | {field: None}
    with pytest.raises(InputError, match=rf"^{field}: null"):
        Problem.from_dict(document)


@pytest.mark.parametrize("version", [0, 2, 1.5])
def test_another_version_is_refused(version):
    assert faults(nncalc=version) == [f"nncalc: version {version} of the format given, this nncalc reads version 1"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"titel": "a"}, 'unknown field "titel". Did you mean `title`? Possible: nncalc, title, source'),
        ({"qqqq": 1}, 'unknown field "qqqq". Possible: nncalc'),
        ({"title": 5}, "title: 5 given, a text needed"),
        ({"title": "a\x00"}, "title: "),
        ({"notes": "\ud800"}, "notes: "),
        ({"error": "actual"}, 'error: "actual" is not one of the choices. Possible: prediction - actual, '),
        ({"notation": "flta"}, 'notation: "flta" is not one of the choices. Did you mean `flat`?'),
        ({"inputs": ["a"]}, "inputs: 1 name given, 2 needed (one per number along the last axis)"),
        ({"inputs": "a b"}, 'inputs: "a b" given, a list […] needed'),
        ({"inputs": ["a", ""]}, "inputs[1]: a name is one line of text and not empty"),
        ({"inputs": ["a", " "]}, "inputs[1]: a name is one line of text and not empty"),
        ({"inputs": ["a", "b\n"]}, "inputs[1]: a name is one line of text and not empty"),
        ({"inputs": ["a", "b\nc"]}, "inputs[1]: a name is one line of text and not empty"),
        ({"inputs": ["a", 5]}, "inputs[1]: 5 given, a text needed"),
        ({"outputs": ["a"]}, "outputs: 1 name given, 2 needed (one per number along the last axis)"),
        ({"loss": "msee"}, 'loss: "msee" is not one of the choices. Did you mean `mse`?'),
        ({"loss": "huber"}, 'loss: "huber" has no short form. Write {"type": "huber"}'),
        ({"loss": 5}, "loss: 5 is not one of the choices"),
        ({"loss": {}}, "loss: the field `type` is missing"),
        ({"loss": {"type": "hinge", "delta": 1}}, 'loss: unknown field "delta". Possible: type, factor'),
        ({"loss": {"type": "hinge", "samples": "max"}}, 'loss.samples: "max" is not one of the choices'),
        ({"optimizer": "adam"}, 'optimizer: a text given, an object needed. Write {"type": "adam"}'),
        ({"optimizer": "adma"}, 'optimizer: "adma" given, an object {…} needed'),
        ({"optimizer": {"learning_rate": 1}}, "optimizer: the field `type` is missing"),
        ({"optimizer": {"type": "adm"}}, 'optimizer.type: "adm" is not one of the choices. Did you mean'),
        ({"optimizer": {"type": "sgd", "rho": 1}}, 'optimizer: unknown field "rho". Possible: type, learn'),
        ({"optimizer": {"type": "momentum", "nesterov": 1}}, "optimizer.nesterov: 1 given, true or false"),
        (
            {"optimizer": {"type": "sgd", "learning_rate": float("inf")}},
            "optimizer.learning_rate: Infinity is",
        ),
        ({"layers": {}}, "layers: an object given, a list […] needed"),
        ({"data": [[1, 2]]}, "data: a list of 1 given, an object {…} needed"),
        ({"data": {}}, "data: the field `x` is missing"),
        ({"data": {"x": [[1]], "t": [[1]]}}, 'data: unknown field "t". Possible: x, y'),
    ],
)
def test_a_field_that_is_not_as_described_is_refused(fields, message):
    (line,) = faults(**fields)
    assert line.startswith(message)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"unit": 1}, 'layers[0]: unknown field "unit". Did you mean `units`? Possible: type, name, units'),
        ({"units": 1.5}, "layers[0].units: 1.5 given, a whole number from 1 to 100000 needed"),
        ({"units": True}, "layers[0].units: true given, a number needed"),
        (
            {"activation": "sigmod"},
            'layers[0].activation: "sigmod" is not one of the choices. Did you mean `sigm',
        ),
        ({"activation": 1}, "layers[0].activation: 1 is not one of the choices"),
        ({"activation": {"slope": 1}}, "layers[0].activation: the field `type` is missing"),
        ({"activation": {"type": "relu", "slope": 1}}, 'layers[0].activation: unknown field "slope"'),
        ({"weights": [[1, 2]]}, "layers[0].weights: 1 row given, 2 needed (one per input)"),
        ({"weights": 1}, "layers[0].weights: 1 given, a list of 2 rows needed (one per input)"),
        ({"weights": [[1, 2], [3, [4]]]}, "layers[0].weights[1][1]: a list of 1 given, a number needed"),
        ({"weights": [[1, 2], [3, "4x"]]}, 'layers[0].weights[1][1]: "4x" is not a number. Write a number'),
        ({"weights": False}, "layers[0].weights: false given, a list of 2 rows needed"),
        ({"bias": [1]}, "layers[0].bias: 1 number given, 2 needed (one per unit)"),
        ({"bias": [[1, 2]]}, "layers[0].bias: 1 number given, 2 needed"),
        ({"bias": True}, "layers[0].bias: a list of numbers (one per unit), one number (shared by all"),
        ({"bias": None}, "layers[0].bias: a list of numbers (one per unit), one number (shared by all"),
        ({"bias": "x"}, 'layers[0].bias: "x" is not a number'),
        ({"frozen": ["bais"]}, 'layers[0].frozen[0]: "bais" is not one of the choices. Did you mean `bias`?'),
        ({"frozen": ["bias"], "bias": False}, 'layers[0].frozen[0]: "bias" is not one of the choices'),
        ({"frozen": ["bias", "bias"]}, "layers[0].frozen: `bias` is given 2 times"),
        ({"frozen": "bias"}, 'layers[0].frozen: "bias" given, a list […] needed'),
        ({"l1": -1}, "layers[0].l1: -1 given, it has to be at least 0"),
        ({"l2": "-1/2"}, 'layers[0].l2: "-1/2" given, it has to be at least 0'),
        ({"name": 5}, "layers[0].name: 5 given, a text needed"),
    ],
)
def test_a_dense_layer_that_is_not_as_described_is_refused(fields, message):
    lines = faults(dense(2) | fields)
    assert lines[0].startswith(message)


def test_units_cannot_be_left_out():
    assert faults({"type": "dense"}) == ["layers[0]: the field `units` is missing"]


@pytest.mark.parametrize("name", LATER)
def test_a_layer_that_is_not_built_yet_is_refused_by_name(name):
    assert name not in LAYERS
    assert faults({"type": name, "filters": 1}) == [
        f"layers[0].type: `{name}` is not built yet. There are: {', '.join(LAYERS)}"
    ]


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        ({"type": "dens"}, 'layers[0].type: "dens" is not one of the choices. Did you mean `dense`?'),
        (
            {"units": 2},
            'layers[0]: a layer is an object with a `type`, such as {"type": "dense", "units": 2}',
        ),
        ("dense", "layers[0]: a layer is an object with a `type`"),
        ({"type": "activation"}, "layers[0]: the field `activation` is missing"),
        ({"type": "activation", "activation": "relu", "units": 2}, 'layers[0]: unknown field "units"'),
        ({"type": "activation", "activation": "relu", "l1": 1}, 'layers[0]: unknown field "l1"'),
    ],
)
def test_what_is_no_layer_is_refused(layer, message):
    (line,) = faults(layer)
    assert line.startswith(message)


@pytest.mark.parametrize("name", ["", "1st", "_a", "a b", "größe", "a.b", "a-b", "a\n"])
def test_a_layer_name_has_letters_digits_and_underscores(name):
    (line,) = faults(dense(name=name))
    assert "cannot name a layer. Use A–Z, a–z, 0–9 and _, beginning with a letter" in line


@pytest.mark.parametrize(
    "word",
    [
        "x",
        "y",
        "error",
        "term",
        "loss",
        "loss_after",
        "prediction",
        "penalty",
        "iterations",
        "terms",
        "sums",
        "slope",
        "grad",
        "new",
        "after",
        "m",
        "v",
        "step_size",
        "weights",
        "bias",
        "a",
        "z",
    ],
)
def test_a_word_of_quantity_names_cannot_name_a_layer(word):
    assert faults(dense(name=word)) == [
        f"layers[0].name: `{word}` is the name of a quantity. Give the layer another name, such as `{word}_layer`"
    ]


def test_layer_names_are_unique():
    message = "is already the name of layers[0]. Give every layer its own name"
    assert faults(dense(name="h1"), dense(name="h1")) == [f"layers[1].name: `h1` {message}"]
    assert faults(dense(), dense(name="layer1")) == [f"layers[1].name: `layer1` {message}"]


@pytest.mark.parametrize(
    ("x", "message"),
    [
        ([], "data.x: an empty list given, at least 1 row needed"),
        ([[]], "data.x[0]: an empty list given, at least 1 number needed"),
        (5, "data.x: 5 given, a list needed (one per sample)"),
        ([1], "data.x[0]: 1 given, a list needed (one list per sample)"),
        ([[1, 2], [3]], "data.x[1]: 1 number given, 2 needed (as in data.x[0])"),
        ([[1, 2], 3], "data.x[1]: 3 given, a list of 2 numbers needed (as in data.x[0])"),
        ([[1, 2], [3, [4]]], "data.x[1][1]: a list of 1 given, a number needed"),
        ([[[1], [2]], [[3]]], "data.x[1]: 1 row given, 2 needed (as in data.x[0])"),
        ([[[1, 2], [3]]], "data.x[0][1]: 1 number given, 2 needed (as in data.x[0][0])"),
        ([[1, "NaN"]], 'data.x[0][1]: "NaN" is not a number'),
        ([[1, float("nan")]], "data.x[0][1]: NaN (not a number) given"),
        ([[1, True]], "data.x[0][1]: true given, a number needed"),
        ([[[[[[[[[1]]]]]]]]], "data.x: lists 9 deep given, at most 8 are possible"),
    ],
)
def test_all_samples_are_alike_and_hold_finite_numbers(x, message):
    (line,) = faults(x=x)
    assert line.startswith(message)


@pytest.mark.parametrize(
    ("y", "message"),
    [
        ([[1]], "data.y: 1 row given, 2 needed (one per sample of data.x)"),
        ([[1], [1, 2]], "data.y[1]: 2 numbers given, 1 needed (one per output)"),
        ([1, [2]], "data.y[0]: 1 given, a list of 1 number needed (one per output)"),
        ([[[1]], [1]], "data.y[0][0]: a list of 1 given, a number needed"),
    ],
)
def test_targets_have_the_shape_of_the_prediction(y, message):
    (line,) = faults(dense(1), x=[[1, 2], [3, 4]], y=y)
    assert line == message


def test_targets_of_a_sequence_have_the_shape_of_the_prediction():
    assert faults(dense(1), x=[[[1], [2]]], y=[[[1], [2], [3]]]) == [
        "data.y[0]: 3 rows given, 2 needed (as in the prediction)"
    ]


def test_targets_are_counted_even_if_the_network_is_faulty():
    lines = faults(dense(0), x=[[1]], y=[[1], [2]])
    assert lines[1] == "data.y: 2 rows given, 1 needed (one per sample of data.x)"


@pytest.mark.parametrize("loss", ["binary_crossentropy", "categorical_crossentropy"])
def test_a_target_of_a_cross_entropy_outside_0_to_1_is_refused(loss):
    assert faults(y=[[2, -0.5]], loss=loss) == [
        f"data.y[0][0]: 2 given, a target of {loss} is a probability from 0 to 1",
        f"data.y[0][1]: -0.5 given, a target of {loss} is a probability from 0 to 1",
    ]


# Bounds: the last value that is possible, and the first that is not.

WHOLE_NUMBERS = [
    ("iterations", 1, 1000),
    ("decimals", 0, 15),
    ("batch_size", 1, 100_000),
    ("seed", 0, 2**53 - 1),
]


@pytest.mark.parametrize(("field", "least", "most"), WHOLE_NUMBERS)
def test_the_bounds_of_a_whole_number(field, least, most):
    for inside in (least, most, float(most), str(least)):
        assert getattr(problem(**{field: inside}), field) == int(inside)
    for outside in (least - 1, most + 1, least + 0.5):
        assert faults(**{field: outside}) == [f"{field}: {outside} given, a whole number from {least} to {most} needed"]


@pytest.mark.parametrize("field", ["title", "source", "notes"])
def test_a_text_has_at_most_10000_characters(field):
    assert getattr(problem(**{field: "a" * 10_000}), field) == "a" * 10_000
    assert faults(**{field: "a" * 10_001}) == [
        f"{field}: a text of 10,001 characters given, at most 10,000 are possible"
    ]


def test_a_name_has_at_most_100_characters():
    assert problem(dense(name="a" * 100), inputs=["i" * 100, "j"]).layers[0].name == "a" * 100
    lines = faults(dense(name="a" * 101), inputs=["i" * 101, "j"])
    assert lines == [
        f"{place}: a text of 101 characters given, at most 100 are possible"
        for place in ("layers[0].name", "inputs[0]")
    ]


def test_there_are_at_most_100_layers():
    layer = {"type": "activation", "activation": "relu"}
    assert len(problem(*[layer] * 100).layers) == 100
    assert faults(*[layer] * 101) == ["layers: 101 layers given, at most 100 are possible"]


def test_a_layer_has_at_most_100000_units():
    assert problem(dense(100_000, bias=False), x=[[1]]).output_shape == (100_000,)
    assert faults(dense(100_001), x=[[1]]) == ["layers[0].units: 100001 given, a whole number from 1 to 100000 needed"]


def test_there_are_at_most_100000_samples():
    assert len(problem(x=[[1]] * 100_000).x) == 100_000
    assert faults(x=[[1]] * 100_001) == ["data.x: 100,001 samples given, at most 100,000 are possible"]


def test_there_are_at_most_a_million_numbers_drawn_ones_included():
    # 999 + 999·1000 + 1 = 1,000,000
    layer = dense(1000, bias=0)
    assert problem(layer, x=[[0] * 999]).layers[0].parameters["weights"].size == 999_000
    message = "with this there are more than 1,000,000 numbers, the most that can be used"
    assert faults(layer | {"bias": [0] * 1000}, x=[[0] * 999]) == [f"layers[0].bias: {message}"]
    assert faults(dense(100_000), dense(100_000), x=[[0]]) == [f"layers[1].weights: {message}"]
    assert faults(x=[[0] * 1_000_001]) == [f"data.x: {message}"]
    assert faults(x=[["1"] * 1_000_001]) == [f"data.x: {message}"]


SETTINGS = [
    *(("optimizer", name, key) for name, row in OPTIMIZERS.items() for key in row.settings),
    *(("loss", name, key) for name, row in LOSSES.items() for key in row.settings),
]
RATE = ((0, 0.999), (-0.1, 1), "it has to be at least 0 and below 1")
POSSIBLE = {
    "learning_rate": ((-1, 0, 1e300), ("fast",), "a sum of products (1/2 + 3*0.25)"),
    "momentum": RATE,
    "rho": RATE,
    "beta_1": RATE,
    "beta_2": RATE,
    "epsilon": ((0, 1), (-1e-9,), "it has to be at least 0"),
    "weight_decay": ((0, 5), (-0.1,), "it has to be at least 0"),
    "delta": ((1e-9, 5), (0, -1), "it has to be above 0"),
    "nesterov": ((True, False), (1, "true"), "true or false needed"),
}


@pytest.mark.parametrize(("field", "name", "key"), SETTINGS)
def test_the_bounds_of_every_setting(field, name, key):
    inside, outside, words = POSSIBLE[key]
    for value in inside:
        read = getattr(problem(**{field: {"type": name, key: value}}), field)
        assert read.settings[key] == value
    for value in outside:
        (line,) = faults(**{field: {"type": name, key: value}})
        assert line.startswith(f"{field}.{key}: ")
        assert line.endswith(words)


def test_a_factor_is_any_finite_number():
    assert problem(loss={"type": "squared_error", "factor": -2}).loss.factor == -2
    (line,) = faults(loss={"type": "squared_error", "factor": float("nan")})
    assert line.startswith("loss.factor: NaN (not a number) given")
