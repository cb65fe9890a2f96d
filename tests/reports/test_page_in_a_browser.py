"""The page in a real browser: nothing sticks out on a phone, nothing is fetched, nothing is complained about."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from adapters.prompt_files import shipped_content
from adapters.reports import html_report
from tests.reports.build import eventful, quote, replayed, window

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.mark.parametrize("width", [360, 1200])
def test_the_page_fits_fetches_nothing_and_raises_no_complaint(browser: Browser, tmp_path: Path, width: int) -> None:
    long = eventful("a-very-long-channel-name-" * 8, quotes=(quote("x" * 500, "xx"),))
    many = eventful("years", windows=tuple(window(n) for n in range(60)))
    file = tmp_path / "report.html"
    file.write_text(html_report.render(replayed(long, many, eventful("few")), shipped_content()), encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 800})
    complaints: list[str] = []
    requests: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda request: requests.append(request.url))
    page.goto(file.as_uri())
    for summary in page.locator("summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert requests == [file.as_uri()]
    assert complaints == []
    page.close()


def test_the_numbers_are_on_paper_without_a_click(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(html_report.render(replayed(eventful()), shipped_content()), encoding="utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    table = page.locator("details table")
    assert not table.is_visible()
    page.emulate_media(media="print")
    assert table.is_visible()
    page.close()
