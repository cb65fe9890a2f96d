"""The rehearsal of a deployment that speaks another language: it opens, and its page is in that language."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import expect

from adapters.prompt_files import shipped_content, shipped_locales
from bot.bootstrap import open_rehearsal
from bot.config import load_settings
from tests.playground.conftest import Open
from tests.playground.server import serving

WEEKDAYS = {"en": r"^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d", "de": r"^(Mo|Di|Mi|Do|Fr|Sa|So)\., \d"}


@pytest.mark.parametrize("locale", shipped_locales())
def test_the_rehearsal_opens_in_every_language_and_writes_dates_as_it_does(
    visit: Open, tmp_path: Path, locale: str
) -> None:
    settings = load_settings(database_url=f"sqlite:///{tmp_path}/kith.db", locale=locale)
    with serving(partial(open_rehearsal, settings, pace=3600)) as address:
        page = visit(address)
        expect(page.locator("html")).to_have_attribute("lang", locale)
        expect(page.get_by_text(shipped_content(locale).say("rehearsal.page.tagline"))).to_be_visible()
        expect(page.locator("#clock-now")).to_have_text(re.compile(WEEKDAYS[locale]))
        page.context.close()
