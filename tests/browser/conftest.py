"""One server and one browser for all of these tests; pages of its own for each, which must stay without faults."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.serving import MISSING, browsing, chromium, served
from tests.browser.visit import Visit, profile, visiting


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = chromium()
    if executable is None:
        pytest.fail(MISSING)
    with browsing(executable) as browser:
        yield browser


@pytest.fixture(scope="session")
def shared(browser: Browser) -> Iterator[BrowserContext]:
    context = profile(browser)
    context.new_page()  # stays open, and with it the process that all pages share
    yield context
    context.close()


@pytest.fixture
def visit(browser: Browser, address: str, shared: BrowserContext) -> Iterator[Visit]:
    """Fails at the end of a console error, an error of a script, or a request to another host."""
    with visiting(browser, address, shared) as visit:
        yield visit
    assert not visit.faults, "\n".join(visit.faults)
