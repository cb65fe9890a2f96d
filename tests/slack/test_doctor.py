"""`kith doctor`: each thing that can be wrong is one line that says what to do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters.slack.manifest import OPTIONAL, SCOPES
from adapters.storage import migrate
from adapters.storage.sealing import new_key
from bot.bootstrap import Mark, examine, open_platforms, opened_store
from bot.cli import app
from bot.config import Settings, load_settings
from bot.domain.installation import Installation
from tests.slack.web_api import APP_TOKEN, CLIENT, CLIENT_SECRET, TOKEN, FakeSlack, listening
from tests.slack.workspace import SECRET


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    slack = FakeSlack()
    async with listening(slack.app) as address:
        slack.address = address
        slack.scopes = ",".join((*SCOPES, *OPTIONAL))
        yield slack


def settings_for(fake: FakeSlack, folder: Path, **more: object) -> Settings:
    given = {
        "database_url": f"sqlite:///{folder}/kith.db",
        "slack_bot_token": TOKEN,
        "slack_signing_secret": SECRET,
        "slack_api_url": f"{fake.address}/api/",
    }
    return load_settings(**(given | more))


async def wrong(settings: Settings) -> list[str]:
    return [finding.text for finding in await examine(settings) if finding.mark is Mark.WRONG]


async def test_where_all_is_well_it_says_so_and_changes_nothing(fake: FakeSlack, tmp_path: Path) -> None:
    settings = settings_for(fake, tmp_path, slack_app_token=APP_TOKEN)
    found = await examine(settings)
    assert [finding for finding in found if finding.mark is Mark.WRONG] == []
    assert any("opens T1" in finding.text for finding in found)
    assert list(tmp_path.iterdir()) == []


async def test_the_door_is_tried_as_slack_would(fake: FakeSlack, tmp_path: Path) -> None:
    async with open_platforms(settings_for(fake, tmp_path)) as door:
        assert door is not None
        async with listening(door) as address:
            here = settings_for(fake, tmp_path, door_url=address)
            assert await wrong(here) == []
            other = settings_for(fake, tmp_path, door_url=address, slack_signing_secret="another")
            assert "does not take this signing secret" in (await wrong(other))[0]
        elsewhere = settings_for(fake, tmp_path, door_url=fake.address)
        assert "something other than Kith" in (await wrong(elsewhere))[0]
        nowhere = settings_for(fake, tmp_path, door_url="http://127.0.0.1:9")
        assert "nobody answers" in (await wrong(nowhere))[0]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"slack_bot_token": "xoxb-wrong"}, "the bot token is not taken (auth.test: invalid_auth)"),
        ({"slack_app_token": "xapp-wrong"}, "does not open Socket Mode"),
        ({"slack_api_url": "http://127.0.0.1:9/api/"}, "does not answer"),
        ({"database_url": "sqlite:////nowhere/kith.db"}, ""),
        ({"database_url": "postgresql://127.0.0.1:9/kith"}, "The database cannot be used"),
    ],
)
async def test_what_does_not_work_is_named(fake: FakeSlack, tmp_path: Path, more: dict[str, str], words: str) -> None:
    assert words in " ".join(await wrong(settings_for(fake, tmp_path, **more)))


async def test_scopes_that_are_missing_are_named(fake: FakeSlack, tmp_path: Path) -> None:
    fake.scopes = ",".join(scope for scope in (*SCOPES, *OPTIONAL) if scope not in ("users:read", "im:history"))
    found = await examine(settings_for(fake, tmp_path))
    assert any(finding.mark is Mark.WRONG and "users:read" in finding.text for finding in found)
    assert any(finding.mark is Mark.NOTE and "im:history" in finding.text for finding in found)


async def test_a_clock_that_is_off_is_named(fake: FakeSlack, tmp_path: Path) -> None:
    fake.date = "Mon, 02 Mar 2026 09:00:00 GMT"
    assert "Set it right" in " ".join(await wrong(settings_for(fake, tmp_path)))


async def test_installed_workspaces_are_tried_and_sealed_tokens_that_no_key_opens_are_told(
    fake: FakeSlack, tmp_path: Path
) -> None:
    keys = {"slack_bot_token": None, "slack_client_id": CLIENT, "slack_client_secret": CLIENT_SECRET}
    settings = settings_for(fake, tmp_path, **keys)
    assert await wrong(settings) == []
    async with opened_store(settings) as store:
        await store.installations.install(Installation(workspace="T1", user="U1", token=TOKEN))
        await store.installations.install(Installation(workspace="T2", user="U1", token="xoxb-gone"))
    told = await examine(settings)
    assert any("2 workspaces" in finding.text for finding in told)
    assert len([finding for finding in told if "is not taken" in finding.text]) == 1
    lost = settings_for(fake, tmp_path, **keys, secret_keys=new_key())
    assert "2 sealed values open with none" in " ".join(await wrong(lost))
    (tmp_path / "kith.key").chmod(0o644)
    assert "chmod 600" in " ".join(await wrong(settings))


async def test_an_old_embedded_database_is_brought_forward_by_itself(fake: FakeSlack, tmp_path: Path) -> None:
    settings = settings_for(fake, tmp_path)
    await migrate.upgrade(settings.database_url, to="0004")
    notes = [finding.text for finding in await examine(settings) if finding.mark is Mark.NOTE]
    assert any("it is at revision 0004" in note for note in notes)


def test_from_outside_it_prints_a_line_a_thing_and_its_exit_code_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for url, code in ((f"sqlite:///{tmp_path}/kith.db", 0), ("postgresql://127.0.0.1:9/kith", 1)):
        monkeypatch.setenv("KITH_DATABASE_URL", url)
        run = CliRunner().invoke(app, ["doctor"])
        assert run.exit_code == code, run.output
        assert run.output.startswith("ok    Words: ")
