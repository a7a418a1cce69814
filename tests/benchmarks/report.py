"""Runs the benchmarks and prints the README's table of figures: `python tests/benchmarks/report.py`."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from dashboards.app import PAGES

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
        "ledger of a 28×28 image under eight 3×3 filters with ReLU and a dense layer, warm",
        "ledger_28_28_under_eight_filters_warm",
        8,
        "terms",
    ),
    Figure("the same, cold", "ledger_28_28_under_eight_filters_cold", 1500),
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


@dataclass(frozen=True)
class PageFigure:
    """A row about the page: what is measured, by which benchmark, the bar, and the measured figures as text."""

    what: str
    benchmark: str
    bar: str
    written: Callable[[dict], str]


def _times(figures: dict) -> str:
    return f"{figures['p95']:.3g} ms (median {figures['p50']:.3g} ms)"


def _flat(figures: dict) -> str:
    nodes, heap = figures["nodes"], [size / 1e6 for size in figures["heap"]]
    return f"{nodes[0]:,} → {nodes[1]:,} nodes, {heap[0]:.2f} → {heap[1]:.2f} MB"


PAGE = (
    PageFigure(
        "edit of a weight to the new walkthrough drawn, 2-2-2, p95", "edit_of_a_weight_2_2_2", "≤ 100 ms", _times
    ),
    PageFigure(
        "edit in the form at the side to the new drawing, known shape, p95",
        "edit_of_the_panel_warm",
        "≤ 100 ms",
        _times,
    ),
    PageFigure(
        "the same, a shape the server has not seen, p95", "edit_of_the_panel_to_a_new_shape", "≤ 600 ms", _times
    ),
    PageFigure(
        "100 visitors, a change every 2 s each, one server process on the same cores, p95",
        "a_hundred_visitors",
        "≤ 300 ms, no error",
        lambda f: f"{_times(f)}, {f['errors']} errors in {f['count']:,}",
    ),
    PageFigure("keypress to the drawing's last change, 4-8-8-2, p95", "keypress_4_8_8_2", "≤ 16 ms", _times),
    PageFigure("the same, a 12×12 image under a 3×3 kernel, p95", "keypress_12_12_under_3_3", "≤ 16 ms", _times),
    PageFigure(
        "a 28×28 image under eight filters: first drawing",
        "first_drawing_of_28_28_under_eight_filters",
        "≤ 1 s",
        lambda f: f"{f['p50'] / 1e3:.2f} s",
    ),
    PageFigure(
        "the same: frames a second while its window slides",
        "window_sliding_over_28_28",
        "60",
        lambda f: f"{f['frames']:.0f}",
    ),
    PageFigure(
        "the same: walkthrough on the wire, compressed",
        "walkthrough_of_28_28_on_the_wire",
        "≤ 300 KB",
        lambda f: f"{f['bytes'] / 1e3:.0f} KB",
    ),
    PageFigure("nodes and memory before and after 1,000 steps", "keypress_4_8_8_2", "flat", _flat),
    PageFigure("requests during 1,000 steps", "keypress_4_8_8_2", "0", lambda figures: f"{figures['requests']}"),
    PageFigure(
        "a first visit on the wire, compressed",
        "first_visit_on_the_wire",
        "≤ 450 KB",
        lambda figures: f"{figures['bytes'] / 1e3:.0f} KB",
    ),
    *(
        PageFigure(
            f"cold load of {page.path} to ready for a key, loopback",
            f"cold_load_to_ready[{page.path}]",
            "≤ 1 s",
            lambda f: f"{f['p50'] / 1e3:.2f} s",
        )
        for page in PAGES
        if page.has_player
    ),
    PageFigure(
        "`nncalc` to first page served", "nncalc_to_the_first_page_served", "≤ 3 s", lambda f: f"{f['p50'] / 1e3:.2f} s"
    ),
)


def measure() -> dict[str, dict]:
    """The benchmarks by name, without `test_`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "benchmarks.json"
        command = [
            sys.executable,
            "-m",
            "pytest",
            str(HERE),
            "-q",
            "--numprocesses=0",
            "--benchmark-only",
            f"--benchmark-json={path}",
        ]
        subprocess.run(command, check=True, stdout=sys.stderr, cwd=HERE.parents[1])
        found = json.loads(path.read_text(encoding="utf-8"))["benchmarks"]
    return {benchmark["name"].removeprefix("test_"): benchmark for benchmark in found}


def table(measured: dict[str, dict]) -> str:
    first, *others = [_row(figure, measured[figure.benchmark]) for figure in FIGURES]
    fast = _median(measured[FIGURES[0].benchmark])
    compared = [_compared(what, bar, _median(measured[name]), fast) for name, (what, bar) in MICROGRAD.items()]
    of_page = [_page_row(figure, measured[figure.benchmark]["extra_info"]) for figure in PAGE]
    rows = [first, *compared, *others, *of_page]
    return "\n".join(["| figure | bar | measured |", "|---|---|---|", *rows])


def _page_row(figure: PageFigure, figures: dict) -> str:
    return f"| {figure.what} | {figure.bar} | {figure.written(figures)} |"


def _row(figure: Figure, benchmark: dict) -> str:
    detail = f" ({benchmark['extra_info'][figure.detail]:,} {figure.detail})" if figure.detail else ""
    return f"| {figure.what}{detail} | ≤ {figure.bar:g} ms | {_median(benchmark):.3g} ms |"


def _compared(what: str, bar: str, slow: float, fast: float) -> str:
    return f"| {what} ({slow:,.0f} ms) | {bar} | {slow / fast:,.0f} × |"


def _median(benchmark: dict) -> float:
    return benchmark["stats"]["median"] * 1e3


def machine() -> str:
    return (
        f"Medians where nothing else is said, measured on {os.cpu_count()} cores ({platform.machine()}), "
        f"Python {platform.python_version()}, JAX {version('jax')}."
    )


if __name__ == "__main__":
    print(f"{table(measure())}\n\n{machine()}")
