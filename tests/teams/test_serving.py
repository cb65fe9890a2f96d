"""Kith served in Teams from settings: the real store, beside Slack and the rehearsal, in one process."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from adapters.scheduler import MachineClock
from bot.bootstrap import open_platforms, open_rehearsal, opened_store
from bot.config import Settings, load_settings
from bot.errors import ConfigError
from tests.slack.web_api import KITH as SLACK_KITH
from tests.slack.web_api import TOKEN, WORKSPACE, FakeSlack, listening
from tests.slack.workspace import SECRET as SLACK_SECRET
from tests.slack.workspace import signed
from tests.teams.connector_api import ANA, APP, IDEAS, KITH, SECRET, TEAM, TENANT, FakeConnector
from tests.teams.tenant import key_named, token, words_of

Json = dict[str, Any]


@pytest.fixture
async def fake() -> AsyncIterator[FakeConnector]:
    connector = FakeConnector([key_named("k1")])
    async with listening(connector.app) as address:
        connector.address = address
        yield connector
    assert connector.faults == []


def settings_for(fake: FakeConnector, folder: Path, **more: object) -> Settings:
    given: dict[str, object] = {
        "database_url": f"sqlite:///{folder}/kith.db",
        "teams_app_id": APP,
        "teams_app_password": SECRET,
        "teams_tenant": TENANT,
        "teams_login_url": f"{fake.address}/login",
        "teams_keys_url": f"{fake.address}/openid",
        "teams_connector_url": f"{fake.address}/connector",
        "tick_seconds": 0.05,
    }
    return load_settings(**(given | more))


def installed(fake: FakeConnector) -> str:
    """The activity that brings Kith into a channel."""
    data = {"tenant": {"id": TENANT}, "team": {"id": TEAM}, "settings": {"selectedChannel": {"id": IDEAS}}}
    return json.dumps(
        {
            "type": "installationUpdate",
            "action": "add",
            "id": "f:1",
            "timestamp": "2026-03-02T09:00:00Z",
            "channelId": "msteams",
            "serviceUrl": fake.service_url,
            "from": {"id": ANA},
            "recipient": {"id": KITH},
            "conversation": {"id": TEAM, "conversationType": "channel", "tenantId": TENANT},
            "channelData": data,
        }
    )


@asynccontextmanager
async def knocking(settings: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    """Everything that the settings join, and somebody at its door."""
    async with open_platforms(settings) as door:
        assert door is not None
        async with (
            listening(door) as address,
            httpx2.AsyncClient(base_url=address, trust_env=False, verify=False) as client,
        ):
            yield client


async def test_kith_introduces_itself_through_the_outbox_of_the_real_store(fake: FakeConnector, tmp_path: Path) -> None:
    settings = settings_for(fake, tmp_path)
    async with knocking(settings) as client:
        headers = {"authorization": token(fake.service_url), "content-type": "application/json"}
        answer = await client.post("/api/messages", content=installed(fake), headers=headers)
        assert answer.status_code == 200
        (said,) = await fake.wait_for(IDEAS)
    assert words_of(said).startswith("Hello, I am Kith, a bot.")
    async with opened_store(settings) as store:
        assert [channel.name for channel in await store.channels.all(TENANT)] == ["ideas"]


async def test_one_process_is_in_slack_in_teams_and_rehearses(fake: FakeConnector, tmp_path: Path) -> None:
    slack = FakeSlack()
    async with listening(slack.app) as slack_address:
        slack.address = slack_address
        settings = settings_for(
            fake,
            tmp_path,
            slack_bot_token=TOKEN,
            slack_signing_secret=SLACK_SECRET,
            slack_api_url=f"{slack_address}/api/",
        )
        joined = {"type": "member_joined_channel", "user": SLACK_KITH, "channel": "C1", "inviter": "U1ANA"}
        event = {"type": "event_callback", "team_id": WORKSPACE, "event_id": "Ev1", "event_time": 1772445600}
        body = json.dumps(event | {"event": joined})
        async with knocking(settings) as client, open_rehearsal(settings, pace=3600) as app, listening(app) as address:
            now = signed(body, MachineClock().now(), secret=SLACK_SECRET)
            headers = {"content-type": "application/json", **now}
            assert (await client.post("/slack/events", content=body, headers=headers)).status_code == 200
            good = {"authorization": token(fake.service_url), "content-type": "application/json"}
            assert (await client.post("/api/messages", content=installed(fake), headers=good)).status_code == 200
            (in_slack,) = await slack.wait_for("chat.postMessage")
            (in_teams,) = await fake.wait_for(IDEAS)
            assert (await client.get(address)).status_code == 200
    assert in_slack["text"].startswith("Hello, I am Kith, a bot.")
    assert words_of(in_teams).startswith("Hello, I am Kith, a bot.")
    assert slack.faults == []


async def test_a_managed_identity_stands_for_a_secret(fake: FakeConnector, tmp_path: Path) -> None:
    settings = settings_for(
        fake,
        tmp_path,
        teams_app_password=None,
        teams_managed_identity=True,
        teams_identity_url=f"{fake.address}/identity",
    )
    async with knocking(settings) as client:
        headers = {"authorization": token(fake.service_url), "content-type": "application/json"}
        await client.post("/api/messages", content=installed(fake), headers=headers)
        await fake.wait_for(IDEAS)
    assert fake.tokens == 0


async def test_in_development_nobody_shows_a_token_on_either_side(fake: FakeConnector, tmp_path: Path) -> None:
    settings = settings_for(fake, tmp_path, teams_app_password=None, teams_without_tokens=True)
    async with knocking(settings) as client:
        answer = await client.post("/api/messages", content=installed(fake))
        assert answer.status_code == 200
        await fake.wait_for(IDEAS)
    assert (fake.tokens, fake.key_fetches) == (0, 0)


BAD_SETTINGS: dict[str, tuple[dict[str, object], str]] = {
    "no app": ({"teams_app_id": None}, "KITH_TEAMS_APP_ID is missing"),
    "no tenant": ({"teams_tenant": None}, "KITH_TEAMS_TENANT is missing"),
    "no way to show who it is": ({"teams_app_password": None}, "needs one of the two"),
    "two ways": ({"teams_managed_identity": True}, "needs one of the two"),
    "a secret, and no tokens wanted": ({"teams_without_tokens": True}, "needs one of the two"),
    "no tokens, for everyone": (
        {"teams_app_password": None, "teams_without_tokens": True, "door_host": "0.0.0.0"},
        "KITH_TEAMS_WITHOUT_TOKENS is for development; KITH_DOOR_HOST must then be 127.0.0.1",
    ),
    "a strange connector, for everyone": ({"door_host": "0.0.0.0"}, "KITH_TEAMS_CONNECTOR_URL is for development"),
    "an id that is none": ({"teams_tenants": "one two"}, "KITH_TEAMS_TENANTS"),
}


@pytest.mark.parametrize("case", BAD_SETTINGS)
def test_settings_that_cannot_work_are_named(case: str, tmp_path: Path) -> None:
    given, problem = BAD_SETTINGS[case]
    fake = FakeConnector([])
    fake.address = "http://127.0.0.1:9"
    whole: dict[str, object] = {
        "teams_app_id": APP,
        "teams_app_password": SECRET,
        "teams_tenant": TENANT,
        "teams_connector_url": "http://127.0.0.1:9/connector",
    }
    with pytest.raises(ConfigError, match=problem):
        load_settings(**(whole | given))


def test_the_secret_comes_from_a_file_too_and_is_never_shown(tmp_path: Path) -> None:
    (tmp_path / "password").write_text(f"{SECRET}\n")
    settings = load_settings(teams_app_id=APP, teams_tenant=TENANT, teams_app_password_file=tmp_path / "password")
    assert settings.teams_app_password is not None
    assert settings.teams_app_password.get_secret_value() == SECRET
    assert SECRET not in repr(settings)
