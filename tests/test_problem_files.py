"""Writing and reading back, to the last bit; files that are damaged or missing."""

import copy
import json
import math

import jax.numpy as jnp
import numpy as np
import pytest

from nncalc.activations import ACTIVATIONS
from nncalc.errors import InputError
from nncalc.losses import LOSSES, SHORT_NAMES
from nncalc.optimizers import OPTIMIZERS
from nncalc.problem import Problem, load_problem


class Drawn:
    """Problem documents drawn from a seed, with floats of every size and numbers written in every way."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)

    def document(self) -> dict:
        samples, inputs, *units = (int(n) for n in self.random.integers(1, 4, self.random.integers(3, 6)))
        layers, before = [], inputs
        for place, count in enumerate(units):
            layers.append(self.layer(place, before, count))
            before = count if layers[-1]["type"] == "dense" else before
        document = {
            "nncalc": 1,
            "title": self.pick(["", "Ärger − “quoted”\n\t\\", "w⁽¹⁾", "🙂"]),
            "layers": layers,
            "data": {"x": self.numbers(samples, inputs)},
            "loss": self.pick([*SHORT_NAMES, *({"type": name, "factor": self.number()} for name in LOSSES)]),
            "optimizer": {"type": self.pick(OPTIMIZERS), "learning_rate": self.number()},
            "error": self.pick(["prediction - actual", "actual - prediction"]),
            "notation": self.pick(["flat", "layered"]),
            "batch_size": int(self.random.integers(1, 9)),
            "iterations": int(self.random.integers(1, 1001)),
            "seed": int(self.random.integers(0, 2**53)),
            "decimals": int(self.random.integers(0, 16)),
        }
        if self.random.random() < 0.5:
            targets = self.random.random((samples, before))  # probabilities, possible for every loss
            document["data"]["y"] = targets.tolist()
        optional = [key for key in document if key not in ("nncalc", "layers", "data")]
        for key in optional:
            if self.random.random() < 0.3:
                del document[key]
        return document

    def layer(self, place: int, inputs: int, units: int) -> dict:
        activation = self.pick([*ACTIVATIONS, {"type": "leaky_relu", "slope": self.number()}])
        if self.random.random() < 0.2:
            return {"type": "activation", "activation": activation}
        layer = {"type": "dense", "units": units, "activation": activation, "name": f"l_{place}"}
        layer["bias"] = self.pick([self.numbers(units), self.number(), False])
        layer["weights"] = self.numbers(inputs, units)
        layer["frozen"] = self.pick([[], ["weights"]])
        for key in ("bias", "weights", "activation", "name", "frozen"):
            if self.random.random() < 0.3:
                del layer[key]
        if "weights" in layer.get("frozen", []):
            layer["l2"] = abs(self.float())
        return layer

    def pick(self, choices):
        return list(choices)[self.random.integers(len(list(choices)))]

    def numbers(self, count: int, *deeper: int) -> list:
        return [self.numbers(*deeper) if deeper else self.number() for _ in range(count)]

    def number(self):
        whole = int(self.random.integers(-99, 99))
        return self.pick([self.float(), whole, f"{whole}/7", f"{whole}*0.5 + 1/3", repr(self.float()), "−0,1"])

    def float(self) -> float:
        """Any bits that are a finite number: also subnormal ones, the largest, and −0."""
        number = math.nan
        while not math.isfinite(number):
            number = float(np.frombuffer(self.random.bytes(8))[0])
        return self.pick([number, -0.0, 5e-324, 0.1, float(self.random.normal())])


def bits(problem: Problem) -> list[bytes]:
    """Every number of a problem, exactly."""
    arrays = [problem.x, *(a for layer in problem.layers for a in layer.parameters.values())]
    if problem.y is not None:
        arrays.append(problem.y)
    settings = [problem.loss.factor, *problem.loss.settings.values(), *problem.optimizer.settings.values()]
    for layer in problem.layers:
        settings += [*layer.activation.settings.values(), layer.settings.get("l2", 0.0)]
    return [*(a.tobytes() for a in arrays), *(float(s).hex().encode() for s in settings)]


def test_a_thousand_drawn_problems_are_written_and_read_back_to_the_last_bit():
    for seed in range(1000):
        document = Drawn(seed).document()
        first = Problem.from_dict(document)
        again = Problem.loads(first.dumps())
        assert again == first, seed
        assert again.to_dict() == document, seed
        assert json.dumps(again.to_dict()) == json.dumps(document), seed  # −0.0, 1 and 1.0 told apart
        assert bits(again) == bits(first), seed
        assert Problem.loads(first.dumps().encode()).dumps() == first.dumps(), seed


def test_a_file_holds_the_problem(tmp_path):
    for seed in range(20):
        problem = Problem.from_dict(Drawn(seed).document())
        problem.save(tmp_path / "problem.json")
        again = load_problem(tmp_path / "problem.json")
        assert again == problem
        assert bits(again) == bits(problem)


def test_what_a_person_typed_is_written_back():
    document = {"nncalc": 1, "layers": [], "data": {"x": [["1/3", "−0,5", 1, 1.0]]}}
    text = Problem.from_dict(document).dumps()
    assert '"x": [["1/3", "−0,5", 1, 1.0]]' in text


def test_problems_are_equal_if_their_documents_are():
    document = Drawn(3).document()
    assert Problem.from_dict(document) == Problem.from_dict(copy.deepcopy(document))
    assert Problem.from_dict(document) != Problem.from_dict(document | {"title": "another"})
    assert Problem.from_dict(document) != document


def test_a_problem_keeps_its_own_copy_of_the_document():
    document = {"nncalc": 1, "layers": [], "data": {"x": [[1]]}}
    problem = Problem.from_dict(document)
    document["data"]["x"][0][0] = 2
    problem.to_dict()["data"]["x"][0][0] = 3
    assert problem.to_dict()["data"]["x"] == [[1]]


def test_arrays_inside_a_document_become_lists():
    weights = np.array([[0.1, 1 / 3]], dtype=np.float32)
    layer = {"type": "dense", "units": np.int64(2), "weights": weights, "bias": jnp.array([1.0, 2.0])}
    problem = Problem.from_dict({"nncalc": 1, "layers": (layer,), "data": {"x": np.ones((3, 1))}})
    assert problem.layers[0].parameters["weights"].tolist() == weights.tolist()
    assert problem.to_dict()["data"]["x"] == [[1.0], [1.0], [1.0]]
    assert Problem.loads(problem.dumps()) == problem


@pytest.mark.parametrize(
    "value", [{1, 2}, 1j, b"1", object(), np.array([1j]), np.array(["a"]), np.array([None]), {1: 2}]
)
def test_a_value_that_json_has_no_word_for_is_refused(value):
    with pytest.raises(InputError, match=r"data\.x"):
        Problem.from_dict({"nncalc": 1, "layers": [], "data": {"x": value}})


def test_fields_written_twice_are_refused_together_with_all_other_faults():
    text = '{"nncalc": 1, "layers": [{"type": "dense", "units": 1, "units": 0}], "data": {"x": [[1]], "x": 1}}'
    with pytest.raises(InputError) as caught:
        Problem.loads(text)
    assert {fault.place for fault in caught.value.faults} == {
        "layers[0]",
        "data",
        "layers[0].units",
        "data.x",
    }


def test_json_that_has_infinity_or_nan_is_refused():
    text = '{"nncalc": 1, "layers": [], "data": {"x": [[NaN, Infinity, -Infinity, 1e999, 1]]}}'
    with pytest.raises(InputError) as caught:
        Problem.loads(text)
    assert [fault.place for fault in caught.value.faults] == [f"data.x[0][{i}]" for i in range(4)]


def test_a_problem_of_a_million_numbers_is_read_back():
    random = np.random.default_rng(5)
    tiny = -(2.0**-1022) * (1 + random.random((1000, 1000)))  # the longest texts that floats have
    problem = Problem.from_dict({"nncalc": 1, "layers": [], "data": {"x": tiny}})
    assert Problem.loads(problem.dumps()).x.tobytes() == tiny.tobytes()


# Files


def test_a_missing_file_is_explained(tmp_path):
    with pytest.raises(InputError, match=r"There is no file `.*nothing\.json`"):
        load_problem(tmp_path / "nothing.json")


def test_a_folder_is_explained(tmp_path):
    with pytest.raises(InputError, match="is a folder"):
        load_problem(tmp_path)


@pytest.mark.parametrize("path", ["", "\0", "a" * 5000, "/dev/null"])
def test_a_path_that_is_no_file_is_refused(path):
    with pytest.raises(InputError):
        load_problem(path)


def test_a_file_that_cannot_be_opened_is_explained(tmp_path, monkeypatch):
    path = tmp_path / "secret.json"
    path.write_text("{}")

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    with pytest.raises(InputError, match=r"secret\.json` cannot be read: Permission denied"):
        load_problem(path)


def test_a_file_that_cannot_be_written_is_explained(tmp_path):
    problem = Problem.from_dict({"nncalc": 1, "layers": [], "data": {"x": [[1]]}})
    for path in (tmp_path, tmp_path / "no" / "folder.json", "\0"):
        with pytest.raises(InputError, match="cannot be written: "):
            problem.save(path)


def test_a_file_of_more_than_30_megabytes_is_refused(tmp_path):
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.truncate(30_000_001)
    with pytest.raises(InputError, match="too large: at most 30,000,000 bytes"):
        load_problem(path)


# Damage


def read_or_refused(text: str | bytes) -> bool:
    """Whether it reads; what is refused has a fault, and anything but InputError goes up."""
    try:
        problem = Problem.loads(text)
    except InputError as error:
        faults = error.faults
    else:
        assert Problem.loads(problem.dumps()) == problem
        return True
    assert faults
    assert all(fault.message for fault in faults)
    return False


PIECES = b'0 7 1e999 -0 a s { } [ ] , : " - . NaN null \\u \x00 \xff'.split()


def damaged_text(random: np.random.Generator, text: bytes) -> bytes:
    """A few bytes cut out, doubled, or overwritten with other digits or with what JSON trips over."""
    for _ in range(random.integers(1, 3)):
        start = int(random.integers(len(text)))
        stop = start + int(random.integers(0, 4))
        pieces = [b"", text[start:stop] * 2, random.bytes(2), *PIECES]
        text = text[:start] + pieces[random.integers(len(pieces))] + text[stop:]
    return text if random.random() < 0.9 else text[: random.integers(len(text))]


JUNK = (
    None, True, False, 0, -1, 1.5, 10**400, 1e308, float("nan"), float("inf"), "", "x", "1/0", "9" * 300,
    "\ud800", "\x00", "relu", [], [[]], [1, [2]], [[[[1]]]],
    {}, {"type": 5}, {"type": []}, {"": 1}, [{}], [None],
)  # fmt: skip


def damaged_document(random: np.random.Generator, document: dict) -> str:
    """One to three values, anywhere, replaced, removed, doubled, moved or given another field's name."""
    for _ in range(random.integers(1, 4)):
        places = list(containers(document))
        container = places[random.integers(len(places))]
        keys = list(container) if isinstance(container, dict) else list(range(len(container)))
        if not keys:
            continue
        key = keys[random.integers(len(keys))]
        action = random.integers(4)
        if action == 0:
            del container[key]
        elif action == 1 and isinstance(container, list):
            container.insert(key, copy.deepcopy(container[key]))
        elif action == 2 and isinstance(container, dict):
            container[f"{key}s"] = container.pop(key)
        elif action == 3:
            container[key] = copy.deepcopy(places[random.integers(len(places))])
        else:
            container[key] = copy.deepcopy(JUNK[random.integers(len(JUNK))])
    return json.dumps(document)


def containers(value):
    if isinstance(value, dict | list):
        yield value
        for inner in value.values() if isinstance(value, dict) else value:
            yield from containers(inner)


def test_a_thousand_files_with_damaged_text_read_or_are_refused():
    random = np.random.default_rng(1)
    texts = [json.dumps(Drawn(seed).document(), ensure_ascii=False).encode() for seed in range(1000)]
    read = [read_or_refused(damaged_text(random, text)) for text in texts]
    assert 10 < sum(read) < 990  # both happen


def test_a_thousand_files_with_damaged_values_read_or_are_refused():
    random = np.random.default_rng(2)
    read = [read_or_refused(damaged_document(random, Drawn(seed).document())) for seed in range(1000)]
    assert 10 < sum(read) < 990


@pytest.mark.parametrize("junk", JUNK, ids=repr)
def test_any_value_of_any_field_reads_or_is_refused(junk):
    document = Drawn(0).document() | {
        "outputs": ["a"],
        "inputs": ["b"],
        "loss": {"type": "huber", "delta": 1},
    }
    for index, container in enumerate(containers(document)):
        for key in list(container) if isinstance(container, dict) else range(len(container)):
            damaged = copy.deepcopy(document)
            list(containers(damaged))[index][key] = junk
            read_or_refused(json.dumps(damaged))
