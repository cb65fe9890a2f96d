"""One Chromium for a file of browser tests, and pages in it that must end without an error of any kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.playground.server import Rehearsal, serving
from tests.playground.shown import EVERYTHING_ASKED, asked_for, shown_by

ARGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One headless Chromium for this file; it must be gone before any test with a loop of its own."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGS)
        yield chromium
        chromium.close()


@pytest.fixture
def rehearsal(request: pytest.FixtureRequest) -> Iterator[Rehearsal]:
    """A rehearsal whose sample waits for ever before its first line; of what a test says that it shows, Kith must have
    been asked in it."""
    made = Rehearsal()
    yield made
    missed = shown_by(request.function) & EVERYTHING_ASKED - asked_for(made.core.told)
    assert not missed, f"the test shows less than it says: {sorted(missed)}"


@pytest.fixture
def visit(browser: Browser) -> Iterator[Open]:
    """Open an address; in the end no page may have had an error or broken its own content security policy."""
    troubles: list[str] = []
    with ExitStack() as contexts:

        def open_page(address: str, *, width: int = 1440, height: int = 900) -> Page:
            context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
            contexts.callback(context.close)
            page = context.new_page()
            page.set_default_timeout(8000)
            page.on("pageerror", lambda error: troubles.append(str(error)))
            page.on("console", lambda said: troubles.append(said.text) if said.type in ("error", "warning") else None)
            page.goto(address)
            expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^#"))
            return page

        yield open_page
    assert troubles == []


@pytest.fixture
def page(visit: Open, rehearsal: Rehearsal) -> Iterator[Page]:
    """The rehearsal's page, wide enough for everything at once."""
    with serving(rehearsal.open) as address:
        opened = visit(address)
        yield opened
        opened.context.close()
