"""Runs the benchmarks and prints the README's table of figures: `python tests/benchmarks/report.py`."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Figure:
    """A row: what is measured, by which benchmark, and the bar in milliseconds."""

    what: str
    benchmark: str
    bar: float
    detail: str = ""


FIGURES = (
    Figure("ledger of 2-16-16-1 on a batch of 100, warm", "ledger_2_16_16_1_on_100_samples_warm", 1.5, "terms"),
    Figure("the same, cold (a new network shape)", "ledger_2_16_16_1_on_100_samples_cold", 400),
    Figure("ledger of 784-128-10 on one sample, warm", "ledger_784_128_10_on_one_sample_warm", 6, "terms"),
    Figure(
        "`nncalc.solve` of 2-2-2, all steps with formulas, warm",
        "solve_2_2_2_with_the_formulas_of_all_steps_warm",
        10,
        "steps",
    ),
)
MICROGRAD = {  # what is said, and the bar: the collector's share is micrograd's as people run it, so it counts there
    "micrograd_2_16_16_1_on_100_samples": ("faster than micrograd's forward and backward", "≥ 400 ×"),
    "micrograd_2_16_16_1_on_100_samples_without_garbage_collection": ("with Python's garbage collector off", "none"),
}


def measure() -> dict[str, dict]:
    """The benchmarks by name, without `test_`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "benchmarks.json"
        command = [sys.executable, "-m", "pytest", str(HERE), "-q", "--benchmark-only", f"--benchmark-json={path}"]
        subprocess.run(command, check=True, stdout=sys.stderr, cwd=HERE.parents[1])
        found = json.loads(path.read_text(encoding="utf-8"))["benchmarks"]
    return {benchmark["name"].removeprefix("test_"): benchmark for benchmark in found}


def table(measured: dict[str, dict]) -> str:
    first, *others = [_row(figure, measured[figure.benchmark]) for figure in FIGURES]
    fast = _median(measured[FIGURES[0].benchmark])
    compared = [_compared(what, bar, _median(measured[name]), fast) for name, (what, bar) in MICROGRAD.items()]
    rows = [first, *compared, *others]
    return "\n".join(["| figure | bar | measured (median) |", "|---|---|---|", *rows])


def _row(figure: Figure, benchmark: dict) -> str:
    detail = f" ({benchmark['extra_info'][figure.detail]:,} {figure.detail})" if figure.detail else ""
    return f"| {figure.what}{detail} | ≤ {figure.bar:g} ms | {_median(benchmark):.3g} ms |"


def _compared(what: str, bar: str, slow: float, fast: float) -> str:
    return f"| {what} ({slow:,.0f} ms) | {bar} | {slow / fast:,.0f} × |"


def _median(benchmark: dict) -> float:
    return benchmark["stats"]["median"] * 1e3


def machine() -> str:
    return (
        f"Measured on {os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, "
        f"JAX {version('jax')}."
    )


if __name__ == "__main__":
    print(f"{table(measure())}\n\n{machine()}")
