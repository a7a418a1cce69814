"""What every test in a browser needs: the site in a process of its own, and the Chromium of this machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[2]
PATIENCE = 60
"""Seconds until a server that says nothing is given up."""

FLAGS = [
    "--no-sandbox",  # root, which CI is, has none
    "--process-per-site",  # a page in a process that is there already costs less
]
NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = (
    "The tests in tests/browser need Chromium. Install it (Debian and Ubuntu: apt-get install chromium), or say where "
    "it is with the environment variable NNCALC_CHROMIUM. Playwright's own browsers are not used."
)


@contextmanager
def served(port: int = 0) -> Iterator[str]:
    """The address of a site that is served until the end; without a port on a free one."""
    process = subprocess.Popen(
        [sys.executable, "-m", "nncalc", "--no-browser", "--port", str(port)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))},
    )
    try:
        yield _address(process)
    finally:
        process.kill()
        process.communicate()


def _address(process: subprocess.Popen[str]) -> str:
    """What the first line says; a process that says nothing is killed, which ends the waiting."""
    assert process.stdout is not None
    timer = threading.Timer(PATIENCE, process.kill)
    timer.start()
    try:
        line = process.stdout.readline()
    finally:
        timer.cancel()
    found = re.match(r"nncalc is at (http://\S+)", line)
    assert found, f"nncalc did not say where it is, but {line!r}"
    return found[1]


def chromium() -> str | None:
    """Where Chromium is on this machine."""
    return os.environ.get("NNCALC_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def browsing(executable: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()
