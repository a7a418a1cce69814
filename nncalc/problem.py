"""A problem: everything a calculation needs, read from and written to `nncalc/1` files."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from nncalc.choices import LossChoice, OptimizerChoice, read_loss, read_optimizer
from nncalc.document import MOST_BYTES, parse, plain, text_of
from nncalc.errors import InputError
from nncalc.layers import Draw, Layer, Shape, read_layers
from nncalc.reading import Axis, Reader, Report
from nncalc.wording import counted

VERSION = 1
FIELDS = (
    "nncalc", "title", "source", "notes", "inputs", "outputs", "layers", "data", "loss", "error", "optimizer",
    "iterations", "batch_size", "seed", "notation", "decimals",
)  # fmt: skip
ERRORS = ("prediction - actual", "actual - prediction")
NOTATIONS = ("layered", "flat")
OF_PROBABILITIES = ("binary_crossentropy", "categorical_crossentropy")

MOST_SAMPLES = 100_000
MOST_ITERATIONS = 1000
MOST_DECIMALS = 15
MOST_AXES = 8
LONGEST_NAME = 100
LARGEST_SEED = 2**53 - 1  # the largest that every JSON reader keeps exactly


@dataclass(frozen=True, eq=False)
class Problem:
    """What is asked: network, numbers, data, loss, update rule, with every default filled in.

    `document` is the JSON document as it was given: it is what is written back, so that a typed "1/3" stays
    "1/3", and what makes two problems equal. `x` and `y` have the sample first and are read-only, as are the
    parameters of `layers`; without targets `y` is None.

    >>> problem = Problem.from_dict({"nncalc": 1, "layers": [], "data": {"x": [["1/2", 3]]}})
    >>> problem.x.tolist(), problem.inputs, problem.loss.type
    ([[0.5, 3.0]], ('x1', 'x2'), 'squared_error')
    >>> problem.to_dict()["data"]
    {'x': [['1/2', 3]]}
    """

    title: str
    source: str
    notes: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    layers: tuple[Layer, ...]
    x: np.ndarray
    y: np.ndarray | None
    loss: LossChoice
    error: str
    optimizer: OptimizerChoice
    iterations: int
    batch_size: int | None
    seed: int
    notation: str
    decimals: int
    document: dict[str, Any] = field(repr=False)

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Problem:
        """Read a document; numpy's and JAX's arrays and scalars in it are turned into lists and numbers.

        Raises:
            InputError: with every fault of the document and its place.
        """
        report = Report()
        return _read(Reader(plain(document, report.faults), report=report))

    @classmethod
    def loads(cls, text: str | bytes) -> Problem:
        """Read a problem from the text of a file.

        Raises:
            InputError: the text is no JSON, or the problem has faults.
        """
        document: Any = parse(text)
        return cls.from_dict(document)

    def to_dict(self) -> dict[str, Any]:
        """A copy of the document."""
        return copy.deepcopy(self.document)

    def dumps(self) -> str:
        """The text of a file that reads as this problem, equal to the last bit."""
        return text_of(self.document)

    def save(self, path: str | PathLike[str]) -> None:
        """Write a file that `load_problem` reads.

        Raises:
            InputError: the file cannot be written.
        """
        try:
            Path(path).write_text(self.dumps(), encoding="utf-8", newline="\n")
        except (OSError, ValueError) as error:
            raise InputError(f"`{path}` cannot be written: {_reason(error)}.") from None

    def batches(self) -> tuple[slice, ...]:
        """The samples of every iteration, in order, beginning again when the data are through.

        The last batch before the data begin again may be smaller.

        >>> document = {"nncalc": 1, "layers": [], "data": {"x": [[1], [2], [3]]}}
        >>> Problem.from_dict(document | {"batch_size": 2, "iterations": 3}).batches()
        (slice(0, 2, None), slice(2, 3, None), slice(0, 2, None))
        """
        samples = len(self.x)
        size = self.batch_size or samples
        starts = range(0, samples, size)
        parts = [slice(start, min(start + size, samples)) for start in starts]
        return tuple(parts[iteration % len(parts)] for iteration in range(self.iterations))

    @property
    def output_shape(self) -> tuple[int, ...]:
        """The shape of the prediction for one sample; without layers the input itself is the prediction."""
        return self.layers[-1].output_shape if self.layers else self.x.shape[1:]

    def __eq__(self, other: object) -> bool:
        return self.document == other.document if isinstance(other, Problem) else NotImplemented


def load_problem(path: str | PathLike[str]) -> Problem:
    """Read a problem file.

    Raises:
        InputError: there is no such file, it cannot be read, or what it says has faults.
    """
    try:
        if Path(path).is_dir():
            raise InputError(f"`{path}` is a folder. Give the path of a problem file.")
        if not Path(path).is_file():
            raise InputError(f"There is no file `{path}`. Check its name and the folder you are in.")
        with open(path, "rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(f"`{path}` cannot be read: {_reason(error)}.") from None
    return Problem.loads(content)


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _read(reader: Reader) -> Problem:
    reader.only(FIELDS, required=("nncalc", "layers", "data"))
    _read_version(reader.at("nncalc"))
    seed = reader.at("seed").integer(0, least=0, most=LARGEST_SEED)
    loss = read_loss(reader.at("loss"))
    data = reader.at("data")
    data.only(("x", "y"), required=("x",))
    x = _read_x(data.at("x"))
    layers, prediction = read_layers(reader.at("layers"), None if x is None else x.shape[1:], Draw(seed))
    y = _read_y(data.at("y"), None if x is None else len(x), prediction)
    _check_targets(data.at("y"), y, loss)
    read = {
        "title": reader.at("title").text(""),
        "source": reader.at("source").text(""),
        "notes": reader.at("notes").text(""),
        "inputs": _read_names(reader.at("inputs"), "x", None if x is None else x.shape[-1]),
        "outputs": _read_names(reader.at("outputs"), "y", None if prediction is None else prediction[-1]),
        "error": reader.at("error").choice(ERRORS, ERRORS[0]),
        "optimizer": read_optimizer(reader.at("optimizer")),
        "iterations": reader.at("iterations").integer(1, least=1, most=MOST_ITERATIONS),
        "batch_size": reader.at("batch_size").integer(None, least=1, most=MOST_SAMPLES),
        "notation": reader.at("notation").choice(NOTATIONS, NOTATIONS[0]),
        "decimals": reader.at("decimals").integer(4, least=0, most=MOST_DECIMALS),
    }
    reader.finish()
    assert x is not None
    assert isinstance(reader.value, dict)
    return Problem(layers=layers, x=x, y=y, loss=loss, seed=seed, document=reader.value, **read)


def _read_version(entry: Reader) -> None:
    version = entry.number(float(VERSION))
    if version != VERSION:
        entry.fault(f"version {version:g} of the format given, this nncalc reads version {VERSION}")


def _read_x(entry: Reader) -> np.ndarray | None:
    if isinstance(entry.value, list) and len(entry.value) > MOST_SAMPLES:
        entry.fault(f"{len(entry.value):,} samples given, at most {MOST_SAMPLES:,} are possible")
        return None
    axes = _axes_of_first(entry)
    return None if entry.absent or axes is None else entry.array(*axes)


def _axes_of_first(entry: Reader) -> list[Axis] | None:
    """One axis for the samples, then those of the first sample: all others have to be like it."""
    axes, first, place = [Axis(None, "one per sample")], entry.value, entry.place
    while isinstance(first, list) and first and isinstance(first[0], list):
        place, first = f"{place}[0]", first[0]
        axes.append(Axis(None, f"as in {place}"))
    if len(axes) == 1:
        axes.append(Axis(None, "one list per sample"))
    if len(axes) > MOST_AXES:
        entry.fault(f"lists {len(axes)} deep given, at most {MOST_AXES} are possible")
        return None
    return axes


def _read_y(entry: Reader, samples: int | None, prediction: Shape | None) -> np.ndarray | None:
    """Targets of the prediction's shape; as far as a fault elsewhere leaves that unknown, any."""
    if entry.absent:
        return None
    if prediction is None:
        axes = _axes_of_first(entry)
        deeper = None if axes is None else axes[1:]
    else:
        *before, outputs = prediction
        deeper = [*(Axis(count, "as in the prediction") for count in before), Axis(outputs, "one per output")]
    return None if deeper is None else entry.array(Axis(samples, "one per sample of data.x"), *deeper)


def _check_targets(entry: Reader, y: np.ndarray | None, loss: LossChoice) -> None:
    """A target of a cross-entropy is a probability; every other loss takes any number."""
    if y is None or loss.type not in OF_PROBABILITIES:
        return
    for index in np.argwhere((y < 0) | (y > 1)):
        place = "".join(f"[{i}]" for i in index)
        entry.fault(f"{y[tuple(index)]:g} given, a target of {loss.type} is a probability from 0 to 1", place)


def _read_names(entry: Reader, letter: str, count: int | None) -> tuple[str, ...]:
    """The names of the inputs or outputs, one per number along the last axis."""
    if entry.absent:
        return tuple(f"{letter}{number}" for number in range(1, (count or 0) + 1))
    items = entry.items()
    if isinstance(entry.value, list) and count is not None and len(items) != count:
        entry.fault(f"{counted(len(items), 'name')} given, {count} needed (one per number along the last axis)")
    for item in items:
        name = item.value
        if isinstance(name, str) and (not name.strip() or name.splitlines() != [name]):
            item.fault("a name is one line of text and not empty")
    return tuple(item.text("", longest=LONGEST_NAME) for item in items)
