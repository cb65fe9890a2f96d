"""Planted words, names and tokens go in by every door; none comes out by logs, figures, spans, errors or rows."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import httpx2
import pytest
from sqlalchemy import text

from adapters.scheduler import MachineClock
from adapters.storage import migrate
from adapters.storage.engine import build_engine
from adapters.storage.sealing import new_key
from adapters.storage.sql import open_store
from bot.bootstrap import open_platforms, open_rehearsal
from bot.bootstrap.watching import Watch
from bot.config import load_settings
from bot.domain.own_words import OwnWords
from bot.errors import StoreError
from tests.ops.conftest import Logs, Receiver
from tests.postgres import restartable_postgres
from tests.slack.web_api import TOKEN, FakeSlack, Trouble, listening
from tests.slack.workspace import SECRET as SIGNING
from tests.slack.workspace import Slack
from tests.storage.conftest import administer
from tests.storage.test_what_is_kept import dump
from tests.teams.connector_api import APP, IDEAS, TENANT, FakeConnector
from tests.teams.connector_api import SECRET as PASSWORD
from tests.teams.tenant import Tenant, key_named

WORD = "xylophone-marmalade-heron"
TEXT = f"500 posts by March, leaderboard on Fridays, {WORD}"
PERSON = "Anastasia Plantedname"
CHANNEL_NAME = "quiet-planted-channel"
AUTHOR = "U9PLANTED"
KEY = new_key()
PEOPLES = (WORD, PERSON)
SECRETS = (TOKEN, SIGNING, PASSWORD, KEY)
UNNAMED = (CHANNEL_NAME, AUTHOR)
"""What the database needs (a channel's name; an id where somebody chose something) and nothing else may tell."""

TABLES = ("traces", "dialogues", "outbox", "channels")


@dataclass
class Doors:
    """A Kith in Slack and in Teams with the rehearsal beside it; `answers` is everything that it said to a request."""

    slack: Slack
    teams: Tenant
    rehearsal: httpx2.AsyncClient
    operators: httpx2.AsyncClient
    answers: list[httpx2.Response] = field(default_factory=list)


@asynccontextmanager
async def doors(url: str, spans: str) -> AsyncIterator[Doors]:
    fake, connector = FakeSlack(), FakeConnector([key_named("k1")])
    fake.users |= {AUTHOR: {"real_name": PERSON, "profile": {"real_name": PERSON}}}
    fake.channels["C1"] |= {"name": CHANNEL_NAME, "purpose": {"value": f"for {WORD}"}, "topic": {"value": WORD}}
    async with AsyncExitStack() as opened:
        enter = opened.enter_async_context
        fake.address = await enter(listening(fake.app))
        connector.address = await enter(listening(connector.app))
        settings = load_settings(
            database_url=url,
            secret_keys=KEY,
            slack_bot_token=TOKEN,
            slack_signing_secret=SIGNING,
            slack_api_url=f"{fake.address}/api/",
            teams_app_id=APP,
            teams_app_password=PASSWORD,
            teams_tenant=TENANT,
            teams_login_url=f"{connector.address}/login",
            teams_keys_url=f"{connector.address}/openid",
            teams_connector_url=f"{connector.address}/connector",
            tick_seconds=0.05,
            otel_endpoint=spans,
        )
        watch = Watch(settings)
        door = await enter(listening(await enter(open_platforms(settings, watch=watch))))
        clock = cast(Any, MachineClock())
        nobody = cast(Any, None)
        slack, teams = Slack(fake, nobody, nobody, clock, door), Tenant(connector, nobody, nobody, clock, door)
        opened.push_async_callback(slack.close)
        opened.push_async_callback(teams.close)
        at = await enter(listening(await enter(open_rehearsal(settings, pace=3600))))
        rehearsal = await enter(httpx2.AsyncClient(base_url=at, trust_env=False, verify=False))
        pages = await enter(listening(watch.pages()))
        operators = await enter(httpx2.AsyncClient(base_url=pages, trust_env=False, verify=False))
        yield Doors(slack, teams, rehearsal, operators)


async def say_it_everywhere(at: Doors) -> None:
    """Plant the word by every door, in well-formed and in broken requests."""
    slack, teams, kept = at.slack, at.teams, at.answers
    await slack.event({"type": "member_joined_channel", "user": "U0KITH", "channel": "C1", "inviter": "U1ANA"})
    await slack.fake.wait_for("chat.postMessage")
    ts = await slack.say(AUTHOR, TEXT)
    changed = {"user": AUTHOR, "text": TEXT + " again", "ts": ts}
    edit = {"type": "message", "subtype": "message_changed", "channel": "C1", "message": changed, "ts": ts}
    kept.append(await slack.event(edit))
    kept.append(await slack.event({"type": "app_mention", "user": AUTHOR, "text": TEXT, "channel": "C1", "ts": ts}))
    await slack.say(AUTHOR, f"<@U0KITH> {TEXT}", thread_ts=ts)
    await slack.say(AUTHOR, f"<@U0KITH> {TEXT}", channel="D1", channel_type="im")
    item = {"type": "message", "channel": "C1", "ts": ts}
    kept.append(await slack.event({"type": "reaction_added", "user": AUTHOR, "reaction": WORD, "item": item}))
    for words in (WORD, f"ask {TEXT}", f"draft {TEXT}", f"check {WORD}", f"words {WORD}", "data", "ledger"):
        await slack.command(words, by=AUTHOR)
    kept.append(await slack.press({"type": "button", "action_id": WORD, "value": WORD}, by=AUTHOR))
    shortcut = {"type": "message_action", "callback_id": WORD, "message": {"text": TEXT, "ts": ts, "user": AUTHOR}}
    kept.append(await slack.interact({**shortcut, "user": {"id": AUTHOR}, "channel": {"id": "C1"}, "trigger_id": "t"}))
    view = {
        "id": "V1",
        "type": "modal",
        "callback_id": WORD,
        "private_metadata": WORD,
        "state": {"values": {WORD: {WORD: {"value": TEXT}}}},
    }
    kept.append(await slack.interact({"type": "view_submission", "user": {"id": AUTHOR}, "view": view}))
    kept.append(await slack.knock(TEXT, **{"x-slack-signature": WORD, "x-request-id": WORD}))
    kept.append(await slack.send(f'{{"type": "event_callback", "event": "{TEXT}"}}'))
    kept.append(await slack.send(TEXT))
    kept.append(
        await slack.event({"type": "message", "user": {WORD: WORD}, "text": [TEXT], "ts": WORD, "channel": WORD})
    )
    kept.append(await slack.event({"type": "message_changed", "message": TEXT, "previous_message": [TEXT]}))
    kept.append(await slack._client.get(f"/{WORD}?code={WORD}", headers={"x-request-id": WORD}))
    await teams.send(teams.activity("installationUpdate", action="add"))
    for words in (TEXT, f"<at>Kith</at> {TEXT}", f"<at>Kith</at> ask {TEXT}"):
        said = teams.activity("message", channel=IDEAS, text=words)
        said["from"]["name"] = PERSON
        kept.append(await teams.send(said))
    kept.append(await teams.knock(json.dumps({"type": "message", "text": TEXT}), authorization=f"Bearer {WORD}"))
    kept.append(await teams.send({"type": "invoke", "name": WORD, "value": {WORD: TEXT}}))
    kept.append(await teams.send(teams.activity("message", text={WORD: TEXT}, value=[TEXT])))
    said_there = {"channel": "ideas", "by": "ana", "text": TEXT}
    for name in ("say", "command", "edit", "submit", WORD):
        await at.rehearsal.post(f"/api/{name}", json={**said_there, "words": TEXT, "answers": {WORD: TEXT}})


async def break_things(at: Doors, url: str) -> None:
    """Let the platform refuse with the word in its answer, then take the tables away under Kith's feet."""
    slack, kept = at.slack, at.answers
    slack.fake.troubles["views.open"].append(Trouble(error="invalid_arguments"))
    await slack.command("settings", by="U4ADMIN")
    slack.fake.troubles["users.info"].append(Trouble(status=500))
    kept.append(
        await slack.event(
            {"type": "message", "user": "U8NEW", "text": TEXT, "ts": "1772445605.000001", "channel": "C1"}
        )
    )
    await administer(url, *(f"ALTER TABLE {name} RENAME TO {name}_gone" for name in TABLES))
    for words in (TEXT, f"<@U0KITH> {TEXT}"):
        posted = {"type": "message", "user": AUTHOR, "text": words, "ts": "1772445606.000001", "channel": "C1"}
        kept.append(await slack.event({**posted, "channel_type": "channel"}))
    await slack.command(f"ask {TEXT}", by=AUTHOR)
    said = at.teams.activity("message", channel=IDEAS, text=TEXT)
    kept.append(await at.teams.send(said))


async def kept_in(url: str) -> str:
    if url.startswith("sqlite"):
        folder = Path(url.removeprefix("sqlite:///")).parent
        return b"".join(file.read_bytes() for file in folder.glob("kith.db*")).decode("latin-1")
    return await dump(url)


@pytest.fixture(params=["sqlite", "postgres"])
async def own_url(request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """A database that may be left in pieces."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    url = await request.getfixturevalue("postgres").without_tables()
    await migrate.upgrade(url)
    yield url


async def test_nothing_that_was_planted_comes_out(own_url: str, logs: Logs, receiver: Receiver) -> None:
    async with doors(own_url, receiver.address) as at:
        await say_it_everywhere(at)
        database = await kept_in(own_url)
        figures = (await at.operators.get("/metrics")).text
        await break_things(at, own_url)
        figures += (await at.operators.get("/metrics")).text
        health = (await at.operators.get("/readyz")).text
    spans = b"".join(receiver.bodies).decode("latin-1")
    errors = "".join(answer.text + str(answer.headers) for answer in at.answers if answer.status_code != 200)

    assert CHANNEL_NAME in database, "or Kith was not in the channel"
    assert 'kith_events_total{kind="MessagePosted",outcome="taken",platform="teams"}' in figures
    assert 'outcome="failed",platform="slack"' in figures
    assert any("could not be taken" in line["event"] for line in logs.lines)
    assert {"receive", "POST /slack/events"} <= {span.name for span in receiver.spans}
    for planted in (*PEOPLES, *SECRETS):
        assert planted not in database
    for planted in (*PEOPLES, *SECRETS, *UNNAMED):
        for place, told in {"logs": logs.text, "figures": figures, "spans": spans, "errors": errors + health}.items():
            assert planted not in told, f"{planted} is in the {place}"


async def test_nothing_that_was_planted_is_in_postgresqls_own_files_or_log(receiver: Receiver) -> None:
    with restartable_postgres() as (url, _):
        await migrate.upgrade(url)
        async with doors(url, receiver.address) as at:
            await say_it_everywhere(at)
            await break_things(at, url)
        await administer(url, "CHECKPOINT")
        engine = build_engine(url, for_migration=True)
        async with engine.connect() as connection:
            data = Path((await connection.execute(text("SHOW data_directory"))).scalar_one())
        await engine.dispose()
        files = b"".join(file.read_bytes() for file in data.parent.rglob("*") if file.is_file())
    assert b"does not exist" in files, "or nothing went wrong"
    assert CHANNEL_NAME.encode() in files
    for planted in (*PEOPLES, *SECRETS):
        assert planted.encode() not in files


async def test_a_value_that_the_database_refuses_is_not_in_the_error(postgres: Any) -> None:
    async with postgres.database() as url:
        store = await open_store(url)
        with pytest.raises(StoreError) as caught:
            await store.own_words.give("T-1", OwnWords(stands_for=f"{WORD} \ud800"))
        await store.close()
    assert WORD not in str(caught.value)
