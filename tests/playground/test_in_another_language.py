"""The rehearsal of a deployment that speaks another language: it opens, and what it says is in that language."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest

from adapters.prompt_files import shipped_content, shipped_locales
from bot.bootstrap import open_rehearsal
from bot.config import load_settings


@pytest.mark.parametrize("locale", shipped_locales())
async def test_the_rehearsal_opens_in_every_language(tmp_path: Path, locale: str) -> None:
    settings = load_settings(database_url=f"sqlite:///{tmp_path}/kith.db", locale=locale)
    async with (
        open_rehearsal(settings, pace=3600) as app,
        httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://127.0.0.1") as client,
    ):
        page = await client.get("/")
    assert page.status_code == 200
    assert f'lang="{locale}"' in page.text
    assert shipped_content(locale).say("rehearsal.page.tagline") in page.text
