"""Settings for drawn tests: no wall clock, and the same draws every time where a result decides something."""

import os

from hypothesis import settings

settings.register_profile("unhurried", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("unhurried")
