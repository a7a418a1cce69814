"""Functions that people know by name: found wherever they occur, and nothing else taken for them."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from nncalc.activations import ACTIVATIONS, JAX_LEAKY_RELU, leaky_relu
from nncalc.formula.expand import written_out
from nncalc.formula.expression import Slot, evaluate
from nncalc.formula.slope import slope
from nncalc.ledger.recognise import KNOWN, recognise
from nncalc.ledger.trace import flatten
from nncalc.losses import LOSSES, absolute, binary_term, categorical_term, huber
from tests.ledger.proof import faults, weighted

SPELLINGS = [(known, k) for known in KNOWN for k in range(1 + len(known.spelled))]
BY_ELEMENT = [known for known in KNOWN if not known.rowwise]


def ids(value):
    known, *rest = value if isinstance(value, tuple) else (value,)
    return f"{known.function.name}{'′' if known is JAX_LEAKY_RELU else ''}{rest[0] if rest else ''}"


def operands(known) -> int:
    return 1 if known.rowwise else len(known.function.slopes) - len(known.settings)


def numbers(known, shape=(2, 3), corner: bool = False) -> list[np.ndarray]:
    """Of probabilities and targets where the function wants them."""
    rng = np.random.default_rng(3)
    low, high = (0.05, 0.95) if operands(known) > 1 else (-2.5, 2.5)
    drawn = [rng.uniform(low, high, shape) for _ in range(operands(known))]
    return [np.zeros(shape) for _ in drawn] if corner else drawn


def run_of(known, spelling=0):
    run = (known.run, *known.spelled)[spelling]
    settings = {name: default * 0.7 for name, default in known.settings.items()}
    return lambda *x: run(*x, **settings)


def found_in(f, *arguments):
    with jax.enable_x64(True):
        return [found.known for found in recognise(flatten(f, *arguments)).values()]


@pytest.mark.parametrize(("known", "spelling"), SPELLINGS, ids=[ids(s) for s in SPELLINGS])
@pytest.mark.parametrize("around", ["bare", "jit", "vmap", "vmap of jit", "checkpoint", "among others", "grad inside"])
def test_a_known_function_is_recognised_wherever_a_user_writes_it(known, spelling, around):
    run = run_of(known, spelling)
    within = {
        "bare": lambda *x: jnp.sum(run(*x)),
        "jit": lambda *x: jnp.sum(jax.jit(run)(*x)),
        "vmap": lambda *x: jnp.sum(jax.vmap(run)(*x)),
        "vmap of jit": lambda *x: jnp.sum(jax.vmap(jax.jit(run))(*x)),
        "checkpoint": lambda *x: jnp.sum(jax.checkpoint(run)(*x)),
        "among others": lambda *x: jnp.sum(jnp.sin(run(*(2 * v + 0.1 for v in x)) + 3) * x[0]),
        "grad inside": lambda *x: jnp.sum(run(*x)) * jnp.exp(jax.grad(lambda y: jnp.sum(y**2))(x[0])[0, 0]),
    }[around]
    assert known.function in [k.function for k in found_in(within, *numbers(known))]


@pytest.mark.parametrize("known", KNOWN, ids=ids)
@pytest.mark.parametrize("corner", [False, True])
def test_the_ledger_of_a_known_function_is_jaxs_also_at_its_corner(known, corner):
    if corner and operands(known) > 1:
        return  # ln 0: see the tests of losses
    assert faults(weighted(run_of(known)), *numbers(known, corner=corner)) == []


@pytest.mark.parametrize("known", BY_ELEMENT, ids=ids)
def test_value_and_slope_of_a_known_function_are_jaxs(known):
    values = [np.concatenate([v.ravel(), v.ravel() * 8]) if operands(known) == 1 else v.ravel() for v in numbers(known)]
    settings = {name: default * 0.7 for name, default in known.settings.items()}
    node = known.function(*map(Slot, range(len(values))), *settings.values())
    with jax.enable_x64(True):
        expected = jax.vmap(lambda *x: known.run(*x, **settings))(*values)
        slopes = jax.vmap(jax.grad(lambda *x: known.run(*x, **settings), argnums=tuple(range(len(values)))))(*values)
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(evaluate(node, values), expected, rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(known.function.value(*values, *settings.values()), expected, rtol=1e-12, atol=1e-14)
        if known.function.parts:
            parts = known.function.parts(*map(Slot, range(len(values))), *settings.values())
            np.testing.assert_allclose(evaluate(parts, values), expected, rtol=1e-10, atol=1e-12)
        for k, slope_of in enumerate(slopes):
            found = np.broadcast_to(evaluate(slope(node, k), values), slope_of.shape)
            np.testing.assert_allclose(found, slope_of, rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("known", [k for k in BY_ELEMENT if k.settings], ids=ids)
def test_the_slope_by_a_setting_is_jaxs(known):
    """A penalty's λ or a leak may itself be an argument."""
    settings = [default * 0.7 for default in known.settings.values()]
    node = known.function(Slot(0), *(Slot(1 + k) for k in range(len(settings))))
    at = np.array([-2.0, -0.3, 0.2, 1.7])
    h = 1e-6
    with jax.enable_x64(True):
        up, down = (np.asarray(known.run(jnp.array(at), settings[0] + sign * h)) for sign in (1, -1))
    found = evaluate(slope(node, 1), [at, np.full(4, settings[0])])
    np.testing.assert_allclose(np.broadcast_to(found, 4), (up - down) / (2 * h), rtol=1e-8, atol=1e-9)


CORNERS = [
    (ACTIVATIONS["relu"].function, (), 0.0),
    (ACTIVATIONS["leaky_relu"].function, (0.2,), 0.2),
    (JAX_LEAKY_RELU.function, (0.2,), 1.0),
    (ACTIVATIONS["elu"].function, (), 1.0),
    (next(k.function for k in LOSSES["absolute_error"].known), (), 0.0),
    (next(k.function for k in LOSSES["huber"].known), (1.0,), 0.0),
]


@pytest.mark.parametrize(("function", "settings", "expected"), CORNERS, ids=[c[0].name for c in CORNERS])
def test_the_slope_at_a_corner_is_the_one_that_the_format_fixes(function, settings, expected):
    formula = slope(function(Slot(0), *settings), 0)
    assert float(np.squeeze(evaluate(formula, [np.zeros(1)]))) == expected


@pytest.mark.parametrize(
    ("f", "expected"),
    [(jax.nn.relu, 0.0), (lambda x: leaky_relu(x, 0.3), 0.3), (absolute, 0.0), (lambda e: huber(e, 2.0), 0.0)],
)
def test_what_runs_has_that_slope_too(f, expected):
    with jax.enable_x64(True):
        assert float(jax.grad(f)(jnp.zeros(()))) == expected


@pytest.mark.parametrize("delta", [0.5, 1.0, 2.0])
def test_huber_changes_over_without_a_jump(delta):
    function = LOSSES["huber"].known[0].function
    for e in (-3.0, -delta, -0.2, 0.0, 0.2, delta, 3.0):
        expected = 0.5 * e * e if abs(e) <= delta else delta * (abs(e) - 0.5 * delta)
        assert float(function.value(e, delta)) == pytest.approx(expected)


LOOKS_SIMILAR = {
    "another threshold": lambda x: jnp.where(x > 0.5, x, 0.0),
    "not cut at zero": lambda x: jnp.where(x > 0, x, -x),
    "the other branch": lambda x: jnp.where(x > 0, 0.0, x),
    "two leaks": lambda x: jnp.where(x > 0, 2 * x, 0.1 * x),
    "σ of −z": lambda x: 1 / (1 + jnp.exp(x)),
    "2 instead of 1": lambda x: 1 / (2 + jnp.exp(-x)),
    "2 on top": lambda x: 2 / (1 + jnp.exp(-x)),
    "ln(2 + e^z)": lambda x: jnp.log(2 + jnp.exp(x)),
    "log 1p of another": lambda x: jnp.log(1 + jnp.exp(2 * x)) - x,
    "softmax without its row": lambda x: jnp.exp(x) / jnp.sum(jnp.exp(x)),
    "softmax of columns": lambda x: jax.nn.softmax(x, axis=0),
    "tanh's GELU": lambda x: jax.nn.gelu(x, approximate=True),
    "a steeper Swish": lambda x: x * jax.nn.sigmoid(1.7 * x) * 1.0,
    "ReLU, capped": lambda x: jnp.minimum(jnp.maximum(x, 0), 6.0),
    "another way round": lambda x: jnp.where(x < 0, x, 0.0),
    "ELU with a factor": lambda x: jax.nn.elu(x, alpha=0.5),
    "CELU": lambda x: jax.nn.celu(x, alpha=2.0),
    "jnp's absolute": lambda x: jnp.abs(x),
}
NOT_IN_IT = {
    "a steeper Swish": "SiLU",
    "log 1p of another": "LeakyReLU",
}


@pytest.mark.parametrize("name", LOOKS_SIMILAR)
def test_what_merely_looks_similar_is_worked_out_as_what_it_is(name):
    f = weighted(LOOKS_SIMILAR[name])
    x = np.array([[0.7, -1.2, 0.3], [2.0, -0.4, 0.0]])
    assert faults(f, x) == []
    forbidden = {
        "another threshold": "ReLU",
        "not cut at zero": "ReLU",
        "the other branch": "ReLU",
        "two leaks": "LeakyReLU",
        "σ of −z": None,
        "2 instead of 1": "σ",
        "2 on top": "σ",
        "ln(2 + e^z)": "softplus",
        "softmax without its row": "softmax",
        "softmax of columns": "softmax",
        "tanh's GELU": "GELU",
        "another way round": "ReLU",
        "ELU with a factor": "ELU",
        "CELU": "ELU",
        "jnp's absolute": "|·|",
    }.get(name, NOT_IN_IT.get(name))
    assert forbidden not in [known.function.name for known in found_in(f, x)]


def test_a_function_whose_inside_is_needed_elsewhere_is_not_swallowed():
    def f(x):
        e = jnp.exp(-x)
        return jnp.sum(1 / (1 + e)) + jnp.sum(e)

    assert faults(f, np.array([0.3, -2.0])) == []
    assert "σ" not in [known.function.name for known in found_in(f, np.array([0.3, -2.0]))]


def test_every_activation_and_every_named_term_is_in_the_table():
    rows = [*ACTIVATIONS.values(), *(known for loss in LOSSES.values() for known in loss.known)]
    assert {id(row) for row in rows} - {id(row) for row in KNOWN} == {id(ACTIVATIONS["linear"])}


@pytest.mark.parametrize("known", KNOWN, ids=ids)
def test_every_known_function_has_a_name_a_sentence_or_a_loss_and_opens_into_arithmetic(known):
    count = operands(known) + len(known.settings)
    assert known.function.name
    if known.rowwise:
        return
    assert len(known.function.slopes) == count
    written_out(known.function(*map(Slot, range(count))))


@pytest.mark.parametrize("p", [0.0, 1.0, 0.3])
@pytest.mark.parametrize("y", [0.0, 1.0, 0.25])
@pytest.mark.parametrize("term", [binary_term, categorical_term])
def test_crossentropies_are_jaxs_also_where_a_probability_is_0_or_1(term, y, p):
    """Infinite where the target needs what is impossible; 0·ln 0 is 0."""
    known = next(k for loss in LOSSES.values() for k in loss.known if k.run is term)
    with np.errstate(all="ignore"):
        found = float(known.function.value(np.float64(p), np.float64(y)))
        assert known.function.parts is not None
        formula = known.function.parts(Slot(0), Slot(1))
        opened = float(np.squeeze(evaluate(formula, [np.array([p]), np.array([y])])))
    with jax.enable_x64(True):
        expected = float(term(jnp.array(p), jnp.array(y)))
        by_p = float(jax.grad(term)(jnp.array(p), jnp.array(y)))
    assert found == pytest.approx(expected, nan_ok=True) and opened == pytest.approx(expected, nan_ok=True)
    with np.errstate(all="ignore"):
        slope_by_p = np.squeeze(evaluate(slope(known.function(Slot(0), Slot(1)), 0), [np.array([p]), np.array([y])]))
    assert float(slope_by_p) == pytest.approx(by_p, nan_ok=True)


@pytest.mark.parametrize("z", [-800.0, -40.0, 40.0, 800.0])
@pytest.mark.parametrize("known", [k for k in BY_ELEMENT if operands(k) == 1], ids=ids)
def test_far_out_a_known_function_is_still_what_runs(known, z):
    """Beyond z = 709 the simple spellings overflow in JAX too: there only the function itself is asked for."""
    for spelling in range(1 + len(known.spelled) * (abs(z) < 709)):
        run = run_of(known, spelling)
        assert faults(lambda x, run=run: jnp.sum(run(x)) * 1.5, np.array([z])) == []
