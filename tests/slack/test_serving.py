"""Kith served in Slack from settings: the real store, the real reader, beside a rehearsal that cannot touch it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

from adapters.playground.world import WORKSPACE as REHEARSAL
from adapters.scheduler import MachineClock
from bot.bootstrap import open_platforms, open_rehearsal, opened_store
from bot.config import Settings, load_settings
from bot.errors import ConfigError, PlatformError
from tests.slack.installs import Browser
from tests.slack.web_api import APP_TOKEN, CLIENT, CLIENT_SECRET, KITH, TOKEN, WORKSPACE, FakeSlack, listening
from tests.slack.workspace import SECRET, signed


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    slack = FakeSlack()
    async with listening(slack.app) as address:
        slack.address = address
        yield slack


def settings_for(fake: FakeSlack, folder: Path, **more: object) -> Settings:
    given = {
        "database_url": f"sqlite:///{folder}/kith.db",
        "slack_bot_token": TOKEN,
        "slack_signing_secret": SECRET,
        "slack_api_url": f"{fake.address}/api/",
        "tick_seconds": 0.05,
    }
    return load_settings(**(given | more))


async def test_kith_introduces_itself_through_the_outbox_of_the_real_store(fake: FakeSlack, tmp_path: Path) -> None:
    settings = settings_for(fake, tmp_path)
    joined = {"type": "member_joined_channel", "user": KITH, "channel": "C1", "inviter": "U1ANA"}
    body = json.dumps(
        {"type": "event_callback", "team_id": WORKSPACE, "event_id": "Ev1", "event_time": 1772445600, "event": joined}
    )
    async with open_platforms(settings) as door:
        assert door is not None
        async with listening(door) as address, httpx2.AsyncClient(trust_env=False, verify=False) as client:
            headers = {"content-type": "application/json", **signed(body, MachineClock().now())}
            answer = await client.post(f"{address}/slack/events", content=body, headers=headers)
            assert answer.status_code == 200
            said = (await fake.wait_for("chat.postMessage"))[0]
    assert said["text"].startswith("Hello, I am Kith, a bot.")
    async with opened_store(settings) as store:
        assert [channel.name for channel in await store.channels.all(WORKSPACE)] == ["ideas"]
    assert fake.faults == []


async def test_the_rehearsal_beside_it_leaves_no_trace_in_the_real_store(fake: FakeSlack, tmp_path: Path) -> None:
    settings = settings_for(fake, tmp_path)
    async with (
        open_platforms(settings) as door,
        open_rehearsal(settings, pace=3600) as app,
        listening(app) as address,
        httpx2.AsyncClient(base_url=address, trust_env=False, verify=False) as client,
    ):
        assert door is not None
        moved = await client.post("/api/clock", json={"days": 30})
        assert moved.status_code == 200
    async with opened_store(settings) as store:
        assert list(await store.channels.all(REHEARSAL)) == []
        assert list(await store.channels.due(MachineClock().now() + timedelta(days=60))) == []


async def test_what_an_earlier_rehearsal_left_is_gone(fake: FakeSlack, tmp_path: Path) -> None:
    alone = load_settings(database_url=f"sqlite:///{tmp_path}/kith.db", tick_seconds=0.05)
    async with open_rehearsal(alone, pace=3600):
        pass
    settings = settings_for(fake, tmp_path)
    async with open_platforms(settings), opened_store(settings) as store:
        assert list(await store.channels.all(REHEARSAL)) == []


async def test_a_token_that_slack_does_not_know_ends_it_with_one_sentence(fake: FakeSlack, tmp_path: Path) -> None:
    with pytest.raises(PlatformError, match=r"^The chat platform refused: auth\.test: invalid_auth\.$"):
        async with open_platforms(settings_for(fake, tmp_path, slack_bot_token="xoxb-wrong")):
            pass


async def test_secrets_come_from_files_too(fake: FakeSlack, tmp_path: Path) -> None:
    (tmp_path / "app").write_text(f"{APP_TOKEN}\n")
    settings = settings_for(fake, tmp_path, slack_signing_secret=None, slack_app_token_file=tmp_path / "app")
    assert settings.slack_app_token is not None
    assert settings.slack_app_token.get_secret_value() == APP_TOKEN
    assert APP_TOKEN not in repr(settings)
    assert TOKEN not in repr(settings)


async def test_any_workspace_installs_kith_at_the_door_that_the_settings_open(fake: FakeSlack, tmp_path: Path) -> None:
    app = {"slack_bot_token": None, "slack_client_id": CLIENT, "slack_client_secret": CLIENT_SECRET}
    settings = settings_for(fake, tmp_path, **app, door_url="https://kith.example")
    async with open_platforms(settings) as door:
        assert door is not None
        async with listening(door) as address:
            browser = Browser(address)
            page = await browser.installs(fake, "T7")
            assert page.status_code == 200
            assert fake.called("oauth.v2.access")[0]["redirect_uri"] == "https://kith.example/slack/oauth_redirect"
    kept = b"".join(file.read_bytes() for file in tmp_path.glob("kith.db*"))
    assert b"xoxb-T7" not in kept
    async with opened_store(settings) as store:
        found = await store.installations.of("T7")
        assert found is not None
        assert found.token == "xoxb-T7"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"slack_client_id": "1.2"}, "go together"),
        ({"slack_client_id": "1.2", "slack_client_secret": "s", "slack_signing_secret": None}, "needs KITH_SLACK_SIG"),
        ({"slack_client_id": "1.2", "slack_client_secret": "s", "slack_bot_token": TOKEN}, "keep one of them"),
        ({"door_url": "kith.example"}, "KITH_DOOR_URL"),
    ],
)
def test_settings_that_do_not_go_together_are_told(given: dict[str, object], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        load_settings(**({"slack_signing_secret": "s"} | given))
