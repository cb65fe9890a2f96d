"""What machines ask of a running Kith: whether it lives, whether it is ready, and its figures."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

import httpx2
import pytest

from adapters.scheduler import MachineClock
from adapters.storage import migrate
from bot.bootstrap import open_platforms
from bot.bootstrap.watching import LATE, Watch
from bot.config import Settings, load_settings
from bot.domain.outgoing import Outcome
from tests.ops.conftest import Logs
from tests.slack.web_api import TOKEN, FakeSlack, Trouble, listening
from tests.slack.workspace import SECRET, Slack
from tests.storage.conftest import AnyStore, administer
from tests.storage.samples import T0, a_message, minutes


@dataclass
class Served:
    """A Kith in a workspace: its door, and the pages for operators."""

    settings: Settings
    watch: Watch
    slack: Slack
    door: httpx2.AsyncClient
    operators: httpx2.AsyncClient

    async def figures(self) -> dict[str, float]:
        page = (await self.operators.get("/metrics")).text
        return {m[1]: float(m[2]) for m in re.finditer(r"^([^#\s]\S*(?: [^\s{]*\})?) (\S+)$", page, re.M)}


@asynccontextmanager
async def served(url: str, **more: object) -> AsyncIterator[Served]:
    fake = FakeSlack()
    async with AsyncExitStack() as opened:
        fake.address = await opened.enter_async_context(listening(fake.app))
        given = {
            "database_url": url,
            "secret_keys": "x" * 43 + "=",
            "slack_bot_token": TOKEN,
            "slack_signing_secret": SECRET,
            "slack_api_url": f"{fake.address}/api/",
            "tick_seconds": 0.05,
        }
        settings = load_settings(**(given | more))
        watch = Watch(settings)
        app = await opened.enter_async_context(open_platforms(settings, watch=watch))
        at_door = await opened.enter_async_context(listening(app))
        at_pages = await opened.enter_async_context(listening(watch.pages()))
        client = opened.enter_async_context
        slack = Slack(fake, cast(Any, None), cast(Any, None), cast(Any, MachineClock()), at_door)
        opened.push_async_callback(slack.close)
        door = await client(httpx2.AsyncClient(base_url=at_door, trust_env=False, verify=False))
        operators = await client(httpx2.AsyncClient(base_url=at_pages, trust_env=False, verify=False))
        yield Served(settings, watch, slack, door, operators)


async def test_kith_lives_and_is_ready_at_both_doors(url: str) -> None:
    async with served(url) as kith:
        for client in (kith.door, kith.operators):
            assert (await client.get("/healthz")).json() == {"alive": True}
            ready = await client.get("/readyz")
            assert ready.status_code == 200
            assert ready.json() == {"ready": True, "database": "fine", "clock": "fine", "running": "fine"}


async def test_figures_are_not_told_at_the_public_door(sqlite_url: str) -> None:
    async with served(sqlite_url) as kith:
        assert (await kith.door.get("/metrics")).status_code == 404
        assert (await kith.operators.get("/metrics")).status_code == 200


async def test_a_database_that_does_not_answer_makes_kith_unready_and_not_dead(postgres: Any) -> None:
    url = await postgres.without_tables()
    await migrate.upgrade(url)
    async with served(url) as kith:
        await administer(url, "DROP TABLE alembic_version")
        ready = await kith.door.get("/readyz")
        assert (ready.status_code, ready.json()["database"]) == (503, "not fine")
        assert (await kith.door.get("/healthz")).status_code == 200


@pytest.mark.parametrize(
    ("revision", "status"), [("0001", 503), ("a-newer-one", 200)], ids=["an older database", "a newer database"]
)
async def test_an_older_database_is_not_fine_and_a_newer_one_is(postgres: Any, revision: str, status: int) -> None:
    url = await postgres.without_tables()
    await migrate.upgrade(url)
    await administer(url, f"UPDATE alembic_version SET version_num = '{revision}'")  # noqa: S608 - from above
    async with served(url) as kith:
        assert (await kith.door.get("/readyz")).status_code == status


async def test_once_told_to_stop_kith_is_not_ready(sqlite_url: str) -> None:
    async with served(sqlite_url) as kith:
        kith.watch.stopping()
        ready = await kith.door.get("/readyz")
        assert (ready.status_code, ready.json()["running"]) == (503, "not fine")


async def test_a_kith_that_is_still_starting_is_not_ready() -> None:
    watch = Watch(load_settings())
    async with listening(watch.pages()) as at, httpx2.AsyncClient(base_url=at, trust_env=False, verify=False) as client:
        assert (await client.get("/readyz")).status_code == 503
        assert (await client.get("/healthz")).status_code == 200


async def test_a_clock_that_stands_still_makes_kith_unready(sqlite_url: str) -> None:
    async with served(sqlite_url, tick_seconds=300) as kith:
        assert kith.watch.ticked_at is not None
        kith.watch.ticked_at -= 300 + LATE
        assert (await kith.door.get("/readyz")).json()["clock"] == "not fine"
        assert (await kith.figures())["kith_tick_lag_seconds"] >= LATE


async def test_what_comes_in_and_goes_out_is_counted(url: str) -> None:
    async with served(url) as kith:
        joined = {"type": "member_joined_channel", "user": "U0KITH", "channel": "C1", "inviter": "U1ANA"}
        await kith.slack.event(joined)
        await kith.slack.fake.wait_for("chat.postMessage")
        await kith.slack.say("U1ANA", "500 posts by March!")
        await kith.door.get("/no/such/place/as/this")
        figures = await kith.figures()
    assert figures['kith_events_total{kind="MessagePosted",outcome="taken",platform="slack"}'] == 1
    assert figures['kith_posts_total{outcome="sent",platform="slack"}'] == 1
    assert figures['kith_http_requests_total{method="POST",route="/slack/events",status="200"}'] == 2
    assert figures['kith_http_requests_total{method="GET",route="other",status="404"}'] == 1
    assert figures["kith_database_answers"] == 1
    assert figures["kith_tick_seconds_count"] >= 0
    assert figures["kith_reader_seconds_count"] >= 0


async def test_a_platform_that_asks_to_wait_is_counted_so(sqlite_url: str) -> None:
    async with served(sqlite_url) as kith:
        kith.slack.fake.troubles["chat.postMessage"].append(Trouble(status=429, headers={"retry-after": "1"}))
        joined = {"type": "member_joined_channel", "user": "U0KITH", "channel": "C1", "inviter": "U1ANA"}
        await kith.slack.event(joined)
        await kith.slack.fake.wait_for("chat.postMessage", 2)
        assert (await kith.figures())['kith_posts_total{outcome="busy",platform="slack"}'] == 1


async def test_the_outbox_is_told_by_its_length_its_age_and_its_dead_letters(store: AnyStore) -> None:
    assert (await store.condition.figures(T0)).waiting == 0
    await store.outbox.put(a_message("o1", due_at=T0))
    await store.outbox.put(a_message("o2", due_at=T0 + minutes(5)))
    await store.outbox.put(a_message("o3", due_at=T0))
    await store.outbox.settle(a_message("o3"), Outcome.NEVER)
    now = await store.condition.figures(T0 + minutes(2))
    assert (now.waiting, now.oldest_due_at, now.dead) == (1, T0, 1)
    assert (now.windows, now.channels) == (0, 0)


async def test_the_store_knows_whether_it_is_up_to_date(store: AnyStore) -> None:
    assert await store.condition.up_to_date()


async def test_a_request_keeps_the_id_it_came_with_and_gets_one_otherwise(sqlite_url: str) -> None:
    given = "4bf92f35-77b3-4da6-a3ce-929d0e0e4736"
    async with served(sqlite_url) as kith:
        kept = await kith.door.get("/healthz", headers={"x-request-id": given})
        assert kept.headers["x-request-id"] == given
        for odd in ("xylophone-marmalade", "deadbeef", "1" * 200, "", "0123abcd!"):
            made = (await kith.door.get("/healthz", headers=[(b"x-request-id", odd.encode())])).headers["x-request-id"]
            assert re.fullmatch("[0-9a-f]{32}", made)


async def test_what_fails_at_the_door_is_logged_under_the_requests_id(sqlite_url: str, logs: Logs) -> None:
    async with served(sqlite_url) as kith:
        await administer(sqlite_url, "DROP TABLE traces", "DROP TABLE channels")
        name = "4bf92f3577b34da6a3ce929d0e0e4736"
        joined = {"type": "member_joined_channel", "user": "U0KITH", "channel": "C1", "inviter": "U1ANA"}
        around = {"type": "event_callback", "team_id": "T1", "event_id": "E1", "event_time": 1772445600}
        answer = await kith.slack.send(json.dumps(around | {"event": joined}), **{"x-request-id": name})
        assert answer.status_code == 503
    assert [line["event"][:31] for line in logs.lines if line.get("request_id") == name] == [
        "An event could not be taken, an"
    ]
