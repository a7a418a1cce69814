"""Named quantities: every printed formula is worth what the raw ledger has, and paths add up, for drawn networks."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.ad_checkpoint import checkpoint_name

from nncalc import Problem, explain, solve
from nncalc.activations import ACTIVATIONS
from nncalc.ledger.chain import Paths
from nncalc.losses import LOSSES
from nncalc.optimizers import OPTIMIZERS
from tests.drawn import documents
from tests.ledger.proof import Proven, faults, near, wrong_lines


def every_line(solution):
    return [
        (part, worked, lines)
        for worked in solution.iterations
        for part, listed in worked.plan.lines.items()
        for lines in listed
    ]


def wrong(solution) -> list[str]:
    return [
        f"{part}: {fault}"
        for part, worked, lines in every_line(solution)
        for fault in wrong_lines([lines], worked.values)
    ]


def without_a_line(solution) -> list[str]:
    """Derivatives and new values of parameters that are not 0 and that no line writes."""
    missing = []
    for worked in solution.iterations:
        plan = worked.plan
        written = np.concatenate(
            [lines.writes for listed in plan.lines.values() for lines in listed] or [np.zeros(0, int)]
        )
        for name in worked.before:
            wanted = [plan.forward.by_name[name].ids + plan.size]
            wanted += [plan.of_after[plan.forward.by_name[name].ids]] if name in plan.trained else []
            for ids in wanted:
                left = np.setdiff1d(ids, written)
                if left.size and np.any(worked.values[left] != 0):
                    missing.append(name)
    return missing


@pytest.mark.parametrize("number", range(8))
def test_every_formula_of_a_drawn_network_is_worth_its_number(number):
    solution = solve(Problem.from_dict(documents(11, 8)[number]))
    assert wrong(solution) == []
    assert without_a_line(solution) == []


def network(activation="tanh", loss="mse", optimizer="sgd", last="linear", **more) -> dict:
    outputs = {"categorical_crossentropy": [[1, 0], [0, 1], [0.3, 0.7]], "hinge": [[1, -1], [-1, 1], [1, 1]]}
    targets = [[1, 0], [0.2, 1], [0.5, 0.5]] if loss == "binary_crossentropy" else [[1.2, -0.3], [0.4, 0.9], [-1, 0.2]]
    last = {"categorical_crossentropy": "softmax", "binary_crossentropy": "sigmoid"}.get(loss, last)
    return {
        "nncalc": 1,
        "layers": [
            {"type": "dense", "units": 3, "activation": activation, "l1": 0.01, "bias": 0.2},
            {"type": "dense", "units": 2, "activation": last, "l2": 0.02},
        ],
        "data": {"x": [[0.5, -1.3], [1.1, 0.4], [-0.7, 0.2]], "y": outputs.get(loss, targets)},
        "loss": {"type": loss} if loss in LOSSES else loss,
        "optimizer": {"type": optimizer},
        "seed": 4,
        **more,
    }


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation_is_explained_by_lines_that_are_worth_their_numbers(activation):
    solution = solve(Problem.from_dict(network(activation)))
    assert wrong(solution) == [] and without_a_line(solution) == []
    names = {step.quantity for step in solution.steps}
    assert {"layer1.a[0][0]", "layer1.a[0][0].grad", "layer1.z[0][0].grad", "layer1.weights[0][0].grad"} <= names


@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_is_explained_by_lines_that_are_worth_their_numbers(loss):
    solution = solve(Problem.from_dict(network(loss=loss)))
    assert wrong(solution) == [] and without_a_line(solution) == []


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_update_rule_is_explained_by_lines_that_are_worth_their_numbers(optimizer):
    solution = solve(Problem.from_dict(network(optimizer=optimizer, iterations=2)))
    assert wrong(solution) == [] and without_a_line(solution) == []


def test_nesterovs_momentum_too():
    solution = solve(
        Problem.from_dict(network(optimizer="momentum") | {"optimizer": {"type": "momentum", "nesterov": True}})
    )
    assert wrong(solution) == [] and without_a_line(solution) == []


# Named and unnamed


def mlp(names: bool):
    def name(x, label):
        return checkpoint_name(x, label) if names else x

    def f(w, v, x):
        hidden = name(jnp.tanh(name(x @ w, "z[sample, unit]")), "a[sample, unit]")
        return jnp.mean(name((hidden @ v - 1.0) ** 2, "term"))

    return f


@pytest.mark.parametrize("names", [False, True])
def test_names_change_nothing_but_what_is_spoken_of(names):
    rng = np.random.default_rng(0)
    given = rng.normal(size=(2, 3)), rng.normal(size=3), rng.normal(size=(4, 2))
    assert faults(mlp(names), *given) == []
    assert ("a" in Proven(mlp(names), *given, names_for_all=False).ledger.by_name) == names


def test_a_number_named_twice_has_both_names():
    def f(x):
        y = checkpoint_name(checkpoint_name(x * x, "first"), "second")
        return y * 3

    proven = Proven(f, 2.0)
    assert proven.faults() == []
    assert proven.ledger.by_name["first"].ids == proven.ledger.by_name["second"].ids


def test_a_name_for_a_part_of_an_array():
    def f(x):
        return jnp.sum(checkpoint_name((x**2)[1:], "part") * 2) + jnp.sum(x)

    assert faults(f, np.arange(4.0)) == []


def test_a_name_for_a_transposed_array_writes_its_numbers_where_they_are():
    def f(x):
        return jnp.sum(checkpoint_name((2 * x).T, "turned[column, row]") * jnp.arange(6.0).reshape(3, 2))

    proven = Proven(f, np.arange(6.0).reshape(2, 3))
    assert proven.faults() == []
    turned = proven.ledger.by_name["turned"]
    assert turned.axes == ("column", "row")
    np.testing.assert_allclose(proven.values[turned.ids], 2 * np.arange(6.0).reshape(2, 3).T)


def test_a_name_for_numbers_of_several_origins():
    def f(x):
        return jnp.sum(checkpoint_name(jnp.concatenate([x[:1], (2 * x)[1:], jnp.ones(2)]), "mixed") ** 2)

    assert faults(f, np.arange(3.0)) == []


@pytest.mark.parametrize(
    "f",
    [
        lambda x: jnp.sum(jnp.concatenate([x, 2 * x]) ** 2),
        lambda x: jnp.sum(jnp.concatenate([2 * x, x]) ** 2 * jnp.arange(6.0)),
        lambda x: jnp.sum(jnp.concatenate([x[:1], (2 * x)[1:]]) ** 2 * jnp.arange(3.0)),
        lambda x: jnp.sum(jnp.concatenate([jnp.ones(3), x * x])[::-1] * jnp.arange(6.0)),
        lambda x: jnp.sum(jnp.concatenate([x[1:] * 3, jnp.zeros(1)]) ** 2 + x),
        lambda x: jnp.sum(jnp.concatenate([(x + 1)[:2], (x * 2)[1:], x]) ** 3),
        lambda x: jnp.sum(jnp.array([x[0] * 2, 1.0, x[1]]) ** 2 * x),
    ],
)
def test_what_is_computed_and_what_is_given_side_by_side(f):
    assert faults(f, np.array([0.7, -1.2, 2.1])) == []


def test_a_number_folded_into_one_formula_and_spoken_of_in_another():
    def f(x):
        h = x * x + x
        return jnp.sum(jnp.concatenate([h, h * x])) + jnp.sum(h)

    assert faults(f, np.array([0.7, -1.2])) == []


# Paths


def adjacency_counts(proven: Proven, variable) -> int:
    """How many ways lead from a number to the loss: the powers of the matrix "is read by", added up."""
    names = proven.ledger.variables
    numbers = np.concatenate([v.ids.ravel() for v in names])
    place = {int(n): k for k, n in enumerate(numbers)}
    matrix = np.zeros((len(numbers), len(numbers)), dtype=object)
    for v in names:
        if v.definition is None or v.name not in proven.chain.leading:
            continue
        for index in v.definition.slopes:
            ids = v.definition.slots[index]
            results = np.broadcast_to(v.ids.reshape(v.ids.shape + (1,) * (ids.ndim - v.ids.ndim)), ids.shape)
            for source, result in zip(ids.ravel().tolist(), results.ravel().tolist(), strict=True):
                if source in place:
                    matrix[place[source], place[result]] += 1
    total, power = 0, np.eye(len(numbers), dtype=object)
    for _ in range(len(names) + 1):
        total += power[place[int(variable.ids.flat[0])], place[proven.ledger.tape.root]]  # pyright: ignore[reportArgumentType]
        power = power @ matrix
    return int(total)


def test_the_number_of_paths_is_that_of_the_matrix_product():
    def f(w, v, u, x):
        a = checkpoint_name(jnp.tanh(checkpoint_name(x @ w, "z1")), "a1")
        b = checkpoint_name(jnp.tanh(checkpoint_name(a @ v, "z2")), "a2")
        return jnp.sum(checkpoint_name(b @ u, "out") ** 2)

    rng = np.random.default_rng(1)
    proven = Proven(f, *(rng.normal(size=s) for s in ((2, 3), (3, 4), (4, 2), (2, 2))), names_for_all=False)
    assert proven.faults() == []
    for variable, expected in zip(proven.given, (2 * 4 * 2, 2 * 2, 2, 3 * 4 * 2), strict=True):
        paths = Paths(proven.chain)
        assert paths.count(int(variable.ids.flat[0])) == adjacency_counts(proven, variable) == expected


def test_a_hidden_weight_of_the_first_layer_has_one_path_per_unit_of_the_others():
    """10 · 10 · 10 ways, more than are listed."""

    def f(w, v, u, x):
        a = checkpoint_name(jnp.tanh(x @ w), "a")
        b = checkpoint_name(jnp.tanh(a @ v), "b")
        return jnp.sum(checkpoint_name(b @ u, "c"))

    rng = np.random.default_rng(2)
    explained = explain(f, *(rng.normal(size=s) for s in ((3, 10), (10, 10), (10, 10), (3,))))
    count = explained.path_count("x[0]")
    assert count == 10 * 10 * 10
    assert len(explained.paths("x[0]", most=7)) == 7
    total = sum(row.product for row in explained.paths("x[0]", most=count))
    assert near(total, explained.gradients[3][0])


def test_a_path_goes_from_what_is_asked_to_the_loss_over_what_reads_it():
    explained = explain(lambda w, x: (w * x - 10) ** 2, 2.0, 3.0)
    (path,) = explained.paths("w")
    assert path.names == ("w", "t₁", "t₂", "result")
    assert path.factors == (3.0, 1.0, -8.0) and path.product == -24.0
    assert repr(path) == "w → t₁ → t₂ → result: 3 · 1 · -8 = -24"


def test_what_leads_nowhere_has_no_path():
    explained = explain(lambda x, y: x * 2, 2.0, 3.0)
    assert explained.path_count("y") == 0 and explained.paths("y") == []


def test_two_ways_to_the_same_number_are_two_paths():
    explained = explain(lambda x: jnp.sin(x) * jnp.cos(x), 0.5)
    assert explained.path_count("x") == 2
    assert near(
        sum(p.product for p in explained.paths("x")), jax.grad(lambda x: jnp.sin(x) * jnp.cos(x))(0.5), rtol=1e-6
    )
