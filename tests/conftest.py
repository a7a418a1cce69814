"""Settings for drawn tests: no wall clock, and the same draws every time where a result decides something."""

import os
from collections.abc import Iterator

import jax
import pytest
from hypothesis import settings

settings.register_profile("unhurried", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("unhurried")


@pytest.fixture
def keras_in_float64() -> Iterator[None]:
    """Keras in float64: a learning rate kept in float32 would be off in the eighth digit."""
    import keras

    with jax.enable_x64(True):
        keras.config.set_floatx("float64")
        yield
        keras.config.set_floatx("float32")
        keras.config.set_dtype_policy("float32")
