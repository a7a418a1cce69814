"""What the player gets of a walkthrough that is too large to be gone through step by step."""

from __future__ import annotations

import gzip
import json
import re
from functools import cache
from itertools import product

import numpy as np
import pytest

from nncalc import Problem, Solution, examples, solve
from nncalc.player import MOST_STEPS
from nncalc.player.selection import HEADS, kept_of, selected
from nncalc.walkthrough.groups import GROUPED
from tests.by_hand import indices_of
from tests.player.walkthroughs import WHICH, data_of, filled, names_of, number, plain, solved, unpacked


def network(*sizes: int, samples: int = 1, activation: str = "sigmoid") -> dict:
    """A dense network with drawn parameters and one update."""
    rng = np.random.default_rng(3)
    layers = [{"type": "dense", "units": units, "activation": activation} for units in sizes[1:]]
    data = {"x": rng.uniform(0, 1, (samples, sizes[0])), "y": rng.uniform(0, 1, (samples, sizes[-1]))}
    return {"nncalc": 1, "layers": layers, "data": {k: v.round(3).tolist() for k, v in data.items()}}


LARGE = {
    "784-128-10": network(784, 128, 10),
    "2-16-16-1 on 100 samples": network(2, 16, 16, 1, samples=100),
    "1,000 iterations": examples.load("mazur").to_dict() | {"iterations": 1000},
    "one weight on 2,000 samples": network(1, 1, samples=2000),
    "an error table of 3,000 rows": network(1, samples=3000),
    "3,000 rows in batches of 1,500": network(1, 1, samples=3000) | {"batch_size": 1500, "iterations": 3},
}
TOO_DEEP = {
    "45 layers of 9 units": network(*[9] * 46),
    "35 layers of 8 units": network(*[8] * 36),
}


def image(side: int, filters: int, *after: dict, samples: int = 1, **more) -> dict:
    """Images of one channel under 3 × 3 filters, and ten classes."""
    rng = np.random.default_rng(8)
    first = {"type": "conv2d", "filters": filters, "kernel_size": [3, 3], "activation": "relu"} | more
    classes = {"type": "dense", "units": 10, "activation": "softmax"}
    x = rng.uniform(0, 1, (samples, side, side, 1)).round(3).tolist()
    data = {"x": x, "y": np.eye(10)[rng.integers(0, 10, samples)].tolist()}
    layers = [first, *after, {"type": "flatten"}, classes]
    return {"nncalc": 1, "layers": layers, "data": data, "loss": "categorical_crossentropy"}


POOLED = {"type": "max_pool2d", "pool_size": [2, 2]}
SECOND = {"type": "conv2d", "filters": 3, "kernel_size": [2, 2]}
IMAGES = {
    "28 × 28, eight filters": (image(28, 8), 1),
    "28 × 28, eight filters, padded": (image(28, 8, padding="same"), 1),
    "12 × 12, eight filters, pooled": (image(12, 8, POOLED, SECOND), 6),
    "8 × 8, four filters, 30 samples": (image(8, 4, POOLED, samples=30), 4),
}


@cache
def large(which: str) -> Solution:
    document = IMAGES[which][0] if which in IMAGES else (LARGE | TOO_DEEP)[which]
    return solve(Problem.from_dict(document))


@cache
def sent(which: str) -> dict:
    return unpacked(large(which).walkthrough.data())


def steps_by_hand(document: dict) -> int:
    """How many quantities an iteration works out, without penalties: counted from the format's words alone."""
    x = document["data"]["x"]
    samples, inputs = document.get("batch_size") or len(x), len(x[0])
    widths = [layer["units"] for layer in document["layers"]]
    outputs = widths[-1] if widths else inputs
    of_the_loss = 2 * samples * outputs + 1  # errors, their terms, the loss
    if not widths:
        return of_the_loss
    units = 2 * samples * sum(widths)  # sums and outputs
    parameters = sum((before + 1) * units for before, units in zip([inputs, *widths], widths, strict=False))
    backward = units + of_the_loss - 1 + parameters
    return 2 * (units + of_the_loss) + backward + parameters


# What is small is whole


@pytest.mark.parametrize("which", WHICH)
def test_up_to_5_000_steps_are_sent_whole(which):
    data = data_of(which)
    assert MOST_STEPS == 5000 >= data["count"]
    assert data["whole"] and data["paths"]
    assert data["count"] == data["kept"] == len(data["steps"]) == solved(which).walkthrough.count
    assert data["iterations"] == [len(solved(which).iterations)] * 2
    assert not any("at" in block for block in data["quantities"])


@pytest.mark.parametrize(("samples", "whole"), [(416, True), (417, False)])
def test_the_bar_is_5_000_steps(samples: int, whole: bool):
    document = network(1, 1, samples=samples)
    data = solve(Problem.from_dict(document)).walkthrough.data()
    assert data["count"] == steps_by_hand(document)
    assert (data["count"] <= 5000) == data["whole"] == whole


# What is large is cut


@pytest.mark.parametrize("which", LARGE)
def test_a_large_walkthrough_is_cut_to_at_most_5_000_steps_and_says_how_many_there_are(which: str):
    data, document = sent(which), LARGE[which]
    if which != "1,000 iterations":
        assert data["count"] == steps_by_hand(document) * document.get("iterations", 1)
    assert data["count"] == large(which).walkthrough.count > MOST_STEPS
    assert data["kept"] == len(data["steps"]) <= MOST_STEPS
    assert data["kept"] > MOST_STEPS / 20
    assert data["iterations"][1] == document.get("iterations", 1)
    assert data["groups"].keys() == set(GROUPED)


@pytest.mark.parametrize("which", LARGE)
def test_a_large_walkthrough_is_plain_json_of_moderate_size(which: str):
    data = large(which).walkthrough.data()
    text = json.dumps(data, allow_nan=False)
    assert json.loads(text) == data
    assert len(text) < 30_000_000


@pytest.mark.parametrize("which", TOO_DEEP)
def test_a_deep_network_is_cut_to_at_most_5_000_steps_too(which: str):
    shown = selected(large(which).walkthrough.workings).shown
    assert large(which).walkthrough.count == steps_by_hand(TOO_DEEP[which]) > MOST_STEPS
    assert 0 < sum(len(entries) for _, entries in shown) <= MOST_STEPS


@pytest.mark.parametrize("detail", GROUPED)
@pytest.mark.parametrize("which", [which for which in LARGE if "iterations" not in LARGE[which]])
def test_what_is_shown_and_what_is_left_out_add_up(which: str, detail: str):
    data = sent(which)
    groups = data["groups"][detail]
    assert len(groups["starts"]) == len(groups["sentences"]) == len(groups["left_out"])
    assert groups["starts"] == sorted(set(groups["starts"])) and groups["starts"][0] == 0
    shown = sum(groups["left_out"]) + data["kept"]
    if detail == "chapter":
        assert shown == data["count"]
    else:  # the groups of samples that aren't shown at all are counted nowhere
        assert shown <= data["count"]


@pytest.mark.parametrize("which", LARGE)
def test_the_steps_that_are_shown_are_some_of_all_in_their_order(which: str):
    names = names_of(sent(which))
    lines = sent(which)["lines"]
    shown = [names[lines[line]["writes"][row]] for line, row in sent(which)["steps"]]
    everything = (w.quantity(entry.writes) for w in large(which).walkthrough.workings for entry in w.script.entries)
    assert all(name in everything for name in shown)  # `in` goes on where it stopped: the order is kept


@pytest.mark.parametrize("which", LARGE)
def test_only_first_and_last_units_and_first_samples_are_shown(which: str):
    data = sent(which)
    for block in data["quantities"]:
        places = _places(block)
        for axis, (kind, width) in enumerate(zip(block["axes"], block["shape"], strict=True)):
            seen = sorted({place[axis] for place in places})
            if kind != "sample" and width > 8 and not data["whole"] and "at" in block:
                assert set(seen) <= {*range(HEADS[0]), width - 1} | _read_by_long_sums(width), block["name"]


def _places(block: dict) -> list[tuple[int, ...]]:
    size = int(np.prod(block["shape"]))
    return [
        tuple(map(int, np.unravel_index(k, block["shape"]))) if block["shape"] else ()
        for k in block.get("at", range(size))
    ]


def _read_by_long_sums(width: int) -> set[int]:
    """A sum over a wide layer is printed with four terms at its beginning and one at its end."""
    return {0, 1, 2, 3, width - 1}


def test_of_a_wide_layer_six_units_and_the_last_are_shown():
    assert kept_of(8, HEADS[0]).tolist() == list(range(8))
    assert kept_of(9, HEADS[0]).tolist() == [0, 1, 2, 3, 4, 5, 8]
    data = sent("784-128-10")
    lines = data["lines"]
    names = names_of(data)
    written = [names[lines[line]["writes"][row]] for line, row in data["steps"]]
    units = {indices_of(name)[1] for name in written if re.fullmatch(r"layer1\.z\[\d+\]\[\d+\]", name)}
    assert units == {0, 1, 2, 3, 4, 5, 127}
    weights = {indices_of(name) for name in written if re.fullmatch(r"layer1\.weights(\[\d+\]){2}\.grad", name)}
    assert weights == {(i, j) for i in (*range(6), 783) for j in (*range(6), 127)}


def test_of_many_samples_the_first_are_shown_with_all_that_belongs_to_them():
    data = sent("2-16-16-1 on 100 samples")
    lines, names = data["lines"], names_of(data)
    written = [names[lines[line]["writes"][row]] for line, row in data["steps"]]
    samples = {indices_of(name)[0] for name in written if re.match(r"(error|layer\d\.[az])\[", name)}
    assert samples == set(range(max(samples) + 1)) and 1 < len(samples) < 100
    chapters = {line["chapter"] for line in lines}
    assert chapters == {"Forward", "Loss", "Backward", "Update", "After"}


def test_of_many_iterations_the_first_are_shown_whole():
    data = sent("1,000 iterations")
    one = len(large("1,000 iterations").walkthrough.workings[0].script.entries)
    shown, there = data["iterations"]
    assert (shown, there) == (5000 // one, 1000)
    assert data["kept"] == shown * one and data["count"] == 1000 * one
    assert sum(data["groups"]["chapter"]["left_out"]) == 0
    assert {plain(name)[0] for name in names_of(data) if name} == set(range(shown))


# Images


@pytest.mark.parametrize("which", IMAGES)
def test_of_an_image_the_first_maps_are_gone_through_whole(which: str):
    data, maps = sent(which), IMAGES[which][1]
    assert data["maps"] == maps and not data["whole"] and MOST_STEPS / 2 < data["kept"] <= MOST_STEPS
    names, lines = names_of(data), data["lines"]
    written = {names[lines[line]["writes"][row]] for line, row in data["steps"]}
    for block in data["quantities"]:
        axes, shape = block["axes"], block["shape"]
        if "row" not in axes or block["name"] == "x" or block["suffix"] == ".old":
            continue
        samples = {indices_of(name)[0] for name in written if name.startswith("layer1.z[")}
        wanted = [range(n) for n in shape[:-1]] + [range(min(shape[-1], maps))]
        if axes[0] == "sample":
            wanted[0] = range(len(samples))
        if not any(name.startswith(f"{block['name']}[") and name.endswith(f"]{block['suffix']}") for name in written):
            continue  # it is only read
        own = {f"{block['name']}{''.join(f'[{i}]' for i in place)}{block['suffix']}" for place in product(*wanted)}
        assert own == {n for n in written if n.startswith(f"{block['name']}[") and n.endswith(f"]{block['suffix']}")}


@pytest.mark.parametrize("which", IMAGES)
def test_an_image_under_eight_filters_takes_less_than_300_kilobytes(which: str):
    text = json.dumps(large(which).walkthrough.data(), separators=(",", ":"), ensure_ascii=False)
    assert len(gzip.compress(text.encode(), 6)) < 300_000


# What is shown is right


@pytest.mark.parametrize("which", [*LARGE, *IMAGES])
def test_every_line_that_is_shown_says_what_python_says(which: str):
    data = sent(which)
    names = names_of(data)
    workings = large(which).walkthrough.workings
    entries = [(w, entry) for w, some in selected(workings).shown for entry in some]
    assert len(entries) == len(data["steps"])
    for (working, entry), (number_of_line, row) in list(zip(entries, data["steps"], strict=True))[::7]:
        line = data["lines"][number_of_line]
        printed = working.printed(entry)
        assert names[line["writes"][row]] == working.quantity(entry.writes)
        assert filled(data, line, row, "symbols") == printed.symbols(entry.element, "mathml")
        assert filled(data, line, row, "numbers") == printed.numbers(entry.element, "mathml")
        np.testing.assert_equal(number(data["values"][line["writes"][row]]), working.values[entry.writes])
