"""Steps: in an order in which a person could work them out."""

import itertools
import math

import pytest

from nncalc import Problem, explain, solve
from nncalc.losses import LOSSES
from nncalc.walkthrough import DETAILS
from tests.walkthrough.solutions import NUMBERS, hard, network, solution

CHAPTERS = ["Forward", "Loss", "Backward", "Update", "After"]


def chapter(step) -> str:
    return step.chapter.rpartition(": ")[2]


def by_iteration(steps):
    """The steps of one iteration after the other."""
    return [list(group) for _, group in itertools.groupby(steps, lambda s: s.chapter.rpartition(": ")[0])]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_step_reads_only_what_is_given_or_written_before(number):
    steps = solution(number).steps
    names = {step.quantity for step in steps}
    written: set[str] = set()
    for step in steps:
        early = [name for name in step.reads if name in names and name not in written]
        assert early == [], f"{step.quantity} reads {early} before they are known"
        written.add(step.quantity)


@pytest.mark.parametrize("number", NUMBERS)
def test_every_quantity_is_written_once(number):
    names = [step.quantity for step in solution(number).steps]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("number", NUMBERS)
def test_chapters_come_in_order(number):
    for steps in by_iteration(solution(number).steps):
        order = [CHAPTERS.index(chapter(step)) for step in steps]
        assert order == sorted(order)


@pytest.mark.parametrize("number", NUMBERS)
def test_the_forward_pass_goes_by_sample_and_layer_and_backward_from_the_last_layer(number):
    layers = [layer.name for layer in solution(number).problem.layers]
    for steps in by_iteration(solution(number).steps):
        forward = [(s.sample, layers.index(s.layer)) for s in steps if chapter(s) == "Forward"]
        assert forward == sorted(forward)
        backward = [layers.index(s.layer) for s in steps if chapter(s) == "Backward" and s.layer]
        assert backward == sorted(backward, reverse=True)


def named(prefix: str, name: str, value) -> list[str]:
    if isinstance(value, list):
        return [n for k, inner in enumerate(value) for n in named(prefix, f"{name}[{k}]", inner)]
    return [prefix + name]


@pytest.mark.parametrize("number", NUMBERS)
def test_every_quantity_of_the_answer_is_written_by_a_step(number):
    """Also under its other names; but for an error that is only shown, because the loss is not computed from it."""
    solved = solution(number)
    if not solved.problem.layers:
        return
    answer = solved.to_dict(derivatives=True)
    frozen = {f"{layer.name}.{name}" for layer in solved.problem.layers for name in layer.frozen}
    for one, working in zip(answer.get("iterations", [answer]), solved.walkthrough.workings, strict=True):
        wanted = [n for name, value in one["quantities"].items() for n in named("", name, value)]
        wanted += [n + ".grad" for name, v in one["gradients"].items() if name != "x" for n in named("", name, v)]
        wanted += [n + ".new" for name, v in one["updated"].items() if name not in frozen for n in named("", name, v)]
        wanted += ["loss", "loss_after"] if set(one["updated"]) - frozen else ["loss"]
        written = {entry.writes for entry in working.script.entries}
        shown = () if LOSSES[solved.problem.loss.type].of_error else ("error",)
        missing = [name for name in wanted if working.script.names.number(name) not in written]
        assert [name for name in missing if not name.startswith(shown or "?")] == []


@pytest.mark.parametrize("number", NUMBERS)
def test_steps_count_at_neuron(number):
    solved = solution(number)
    assert solved.to_dict()["steps"] == len(solved.steps) == solved.walkthrough.count


@pytest.mark.parametrize("number", NUMBERS)
def test_a_step_shows_the_number_of_the_answer(number):
    solved = solution(number)
    answer = solved.to_dict()
    iterations = answer.get("iterations", [answer])
    results = {step.quantity: step.result.value for step in solved.steps}
    for k, one in enumerate(iterations):
        prefix = f"iterations[{k}]." if k else ""
        assert results.get(prefix + "loss", one["loss"]) == one["loss"]
        for group, suffix in (("quantities", ""), ("gradients", ".grad"), ("updated", ".new")):
            for name, value in one[group].items():
                for place, expected in flat(value):
                    found = results.get(f"{prefix}{name}{place}{suffix}")
                    assert found is None or found == expected or found != found


def flat(value, place: str = ""):
    if isinstance(value, list):
        return [pair for k, inner in enumerate(value) for pair in flat(inner, f"{place}[{k}]")]
    return [(place, value)]


# Granularities


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("detail", ["layer", "chapter"])
def test_groups_hold_all_steps_in_their_order(number, detail):
    walkthrough = solution(number).walkthrough
    groups = walkthrough.steps(detail)
    assert [step for group in groups for step in group.steps] == list(walkthrough.steps())
    if detail == "chapter":
        assert len({group.chapter for group in groups}) == len(groups)


def test_the_four_granularities_have_a_name():
    assert DETAILS == ("operation", "neuron", "layer", "chapter")


@pytest.mark.parametrize("number", NUMBERS)
def test_operations_end_in_the_steps_that_they_are_of(number):
    walkthrough = solution(number).walkthrough
    neurons = [step.quantity for step in walkthrough.steps()]
    operations = walkthrough.steps("operation")
    assert [o.quantity for o in operations if o.quantity in set(neurons)] == neurons
    results = {step.quantity: step.result.value for step in walkthrough.steps()}
    for o in operations:
        if o.quantity in results:
            assert o.result.value == results[o.quantity] or results[o.quantity] != results[o.quantity]


@pytest.mark.parametrize("solved", [solution, hard])
@pytest.mark.parametrize("number", NUMBERS[::2])
def test_products_and_running_sums_add_up(solved, number):
    """The last operation of a step, worked out from the products and sums before it, is the step's result."""
    values: dict[str, float] = {}
    for o in solved(number).walkthrough.steps("operation"):
        base, _, kind = o.quantity.rpartition(".")
        values[o.quantity] = o.result.value
        if kind.startswith("sums["):
            k = int(kind[5:-1])
            before = values.get(f"{base}.sums[{k - 1}]")
            if before is not None and f"{base}.terms[{k}]" in values:
                term = values[f"{base}.terms[{k}]"]
                either = (before + term, before - term)
                assert any(near(o.result.value, x, abs(before) + abs(term)) for x in either)


def near(found: float, expected: float, size: float) -> bool:
    return found == expected or (found != found) or abs(found - expected) <= 1e-12 * size


def test_a_neuron_opens_into_its_products_and_running_sum():
    operations = network().walkthrough.steps("operation")
    opened = {o.quantity: (o.numbers, o.result.text) for o in operations if o.quantity.startswith("layer1.z[0][0]")}
    assert opened["layer1.z[0][0].terms[0]"] == ("2 · 1", "2")
    assert opened["layer1.z[0][0].terms[1]"] == ("3 · 2", "6")
    assert opened["layer1.z[0][0]"] == ("2 + 6", "8")


def test_three_products_have_a_running_sum():
    solved = network(weights=((2.0,), (3.0,), (-1.0,)), x=((1.0, 2.0, 4.0),))
    opened = {o.quantity: (o.numbers, o.result.text) for o in solved.walkthrough.steps("operation")}
    assert opened["layer1.z[0][0].sums[1]"] == ("2 + 6", "8")
    assert opened["layer1.z[0][0]"] == ("8 + (−4)", "4")


def test_a_local_slope_is_a_step_before_the_gradient_that_uses_it():
    operations = network("sigmoid").walkthrough.steps("operation")
    names = [o.quantity for o in operations]
    slope = operations[names.index("layer1.a[0][0].slope")]
    assert slope.result.value == pytest.approx(slope_of_sigmoid(8.0), rel=1e-9)
    assert names.index("layer1.a[0][0].slope") < names.index("layer1.z[0][0].grad")


def slope_of_sigmoid(z: float) -> float:
    a = 1 / (1 + math.exp(-z))
    return a * (1 - a)


def test_the_steps_of_a_function_are_ordered_too():
    explained = explain(lambda w, x: ((w * x).sum() - 1) ** 2 + w, 1.0, 3.0)
    written: set[str] = set()
    names = {s.quantity for s in explained.steps}
    for step in explained.steps:
        assert all(name in written or name not in names for name in step.reads)
        written.add(step.quantity)


def test_a_problem_without_targets_is_only_a_forward_pass():
    layer = {"type": "dense", "units": 1, "weights": [[2.0]], "bias": False}
    solved = solve(Problem.from_dict({"nncalc": 1, "layers": [layer], "data": {"x": [[3.0]]}}))
    assert [s.quantity for s in solved.steps] == ["layer1.z[0][0]", "layer1.a[0][0]"]
    assert solved.to_dict()["loss"] is None and solved.check() == []
