"""Many workspaces install Kith through their browsers; each is spoken to under its own token, and can take Kith out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from adapters.storage.memory.store import MemoryStore
from bot.domain.companion import Ceiling
from bot.domain.events import ChannelRef
from bot.domain.own_words import OwnWords
from bot.domain.workspace import WorkspaceSettings
from tests.slack.installs import Browser, Replica, fake_slack, granted, replica
from tests.slack.web_api import KITH, FakeSlack, Trouble
from tests.slack.workspace import Clock

JOINED = {"type": "member_joined_channel", "user": KITH, "channel": "C1", "inviter": "U1ANA"}


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    async with fake_slack() as slack:
        yield slack


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def kith(fake: FakeSlack, clock: Clock) -> AsyncIterator[Replica]:
    async with replica(fake, clock) as opened:
        yield opened


async def test_installed_kith_lives_in_each_workspace_under_its_own_token(fake: FakeSlack, kith: Replica) -> None:
    for workspace in ("T1", "T2"):
        page = await Browser(kith.address).installs(fake, workspace)
        assert page.status_code == 200
        assert f"Kith is in The {workspace} &amp; friends" in page.text
    for workspace in ("T1", "T2"):
        assert await kith.event(JOINED, workspace) == 200
    await kith.deliver()
    assert [who for method, who in fake.spoken_by if method == "chat.postMessage"] == ["T1", "T2"]
    assert [channel.workspace for channel in await kith.core.channels("T2")] == ["T2"]
    assert (await kith.command("help", "T2")).json()["response_type"] == "ephemeral"


async def test_a_workspace_that_did_not_install_it_is_not_heard(fake: FakeSlack, kith: Replica) -> None:
    assert await kith.event(JOINED, "T9") == 200
    assert kith.core.told == []
    assert "not installed" in (await kith.command("help", "T9")).json()["text"]


async def test_the_first_page_says_what_kith_is_and_keeps_to_itself(kith: Replica) -> None:
    page = await Browser(kith.address).get("/slack/install")
    assert "It keeps no messages" in page.text
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in page.headers["content-security-policy"]


async def test_a_state_is_good_for_one_return(fake: FakeSlack, kith: Replica) -> None:
    browser = Browser(kith.address)
    state = await browser.asks()
    for code in ("one", "two"):
        fake.grants[code] = granted("T1")
    assert (await browser.comes_back(state=state, code="one")).status_code == 200
    again = Browser(kith.address)
    again._cookies = {"kith-install": state}
    answer = await again.comes_back(state=state, code="two")
    assert (answer.status_code, "already or is older than ten minutes" in answer.text) == (401, True)
    assert len(fake.called("oauth.v2.access")) == 1


async def test_a_state_is_good_for_ten_minutes(fake: FakeSlack, kith: Replica, clock: Clock) -> None:
    browser = Browser(kith.address)
    state = await browser.asks()
    clock.moment += timedelta(minutes=10)
    assert (await browser.comes_back(state=state, code="one")).status_code == 401
    assert fake.called("oauth.v2.access") == []


@pytest.mark.parametrize("cookies", [{}, {"kith-install": "another"}])
async def test_a_state_is_good_in_the_browser_that_began_alone(
    fake: FakeSlack, kith: Replica, cookies: dict[str, str]
) -> None:
    state = await Browser(kith.address).asks()
    stranger = Browser(kith.address)
    stranger._cookies = cookies
    answer = await stranger.comes_back(state=state, code="one")
    assert (answer.status_code, "another browser" in answer.text) == (400, True)
    assert fake.called("oauth.v2.access") == []


async def test_a_state_nobody_began_is_refused_even_with_its_cookie(fake: FakeSlack, kith: Replica) -> None:
    forger = Browser(kith.address)
    forger._cookies = {"kith-install": "made-up"}
    assert (await forger.comes_back(state="made-up", code="one")).status_code == 401
    assert fake.called("oauth.v2.access") == []


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"error": "access_denied"}, "You said no"),
        ({"error": "<script>alert(1)</script>"}, "Slack did not take the request"),
        ({}, "another browser"),
        ({"code": "unknown"}, "Slack did not take the request"),
    ],
)
async def test_what_goes_wrong_is_one_sentence(kith: Replica, query: dict[str, str], words: str) -> None:
    browser = Browser(kith.address)
    state = {"state": await browser.asks()} if "code" in query else {}
    page = await browser.comes_back(**query, **state)
    assert words in page.text
    assert "script" not in page.text
    assert await kith.core.house.store.installations.versions() == {}


@pytest.mark.parametrize("trouble", [Trouble(status=500), Trouble(seconds=2.5), Trouble(error="internal_error")])
async def test_where_slack_does_not_answer_nothing_is_installed(
    fake: FakeSlack, kith: Replica, trouble: Trouble
) -> None:
    fake.troubles["oauth.v2.access"].append(trouble)
    page = await Browser(kith.address).installs(fake, "T1")
    assert page.status_code in (401, 503)
    assert "nothing was changed" in page.text
    assert await kith.core.house.store.installations.versions() == {}


async def test_a_whole_organisation_at_once_is_declined(fake: FakeSlack, kith: Replica) -> None:
    page = await Browser(kith.address).installs(
        fake, "T1", team=None, enterprise={"id": "E1"}, is_enterprise_install=True
    )
    assert (page.status_code, "one workspace at a time" in page.text) == (400, True)
    assert await kith.core.house.store.installations.versions() == {}


async def test_uninstalled_all_of_a_workspace_is_gone_and_no_other(
    fake: FakeSlack, kith: Replica, clock: Clock
) -> None:
    store = kith.core.house.store
    for workspace in ("T1", "T2"):
        await Browser(kith.address).installs(fake, workspace)
        await kith.event(JOINED, workspace)
        await store.own_words.give(workspace, OwnWords(stands_for="Things that last."))
        await store.workspaces.save(workspace, WorkspaceSettings(admins=frozenset({"U1ANA"})))
        await store.spendings.reserve(workspace, 7, ceiling=Ceiling(a_day=9, a_month=9), now=clock.moment)
    fake.revoke("T1")
    await kith.event({"type": "tokens_revoked", "tokens": {"bot": [KITH]}}, "T1")
    assert await store.installations.of("T1") is None
    assert len(await kith.core.channels("T1")) == 1
    await kith.event({"type": "app_uninstalled"}, "T1")
    assert await kith.core.channels("T1") == []
    assert not await store.own_words.of("T1")
    assert await store.workspaces.of("T1") == WorkspaceSettings()
    assert await store.spendings.spent("T1", clock.moment) == (0, 0)
    await kith.deliver()
    assert [who for method, who in fake.spoken_by if method == "chat.postMessage"] == ["T2"]
    assert await store.own_words.of("T2")
    assert (await store.workspaces.of("T2")).admins == {"U1ANA"}
    assert await store.spendings.spent("T2", clock.moment) == (7, 7)


async def test_installed_anew_after_a_revoked_token_kith_goes_on_where_it_was(fake: FakeSlack, kith: Replica) -> None:
    await Browser(kith.address).installs(fake, "T1")
    await kith.event(JOINED, "T1")
    fake.revoke("T1")
    await kith.event({"type": "tokens_revoked", "tokens": {"bot": [KITH]}}, "T1")
    await Browser(kith.address).installs(fake, "T1", access_token="xoxb-another")
    assert len(await kith.core.channels("T1")) == 1
    await kith.deliver()
    assert "chat.postMessage" in fake.methods


@pytest.mark.parametrize("late", [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": [KITH]}}])
async def test_news_of_an_end_that_comes_after_a_new_beginning_ends_nothing(
    fake: FakeSlack, kith: Replica, late: dict[str, object]
) -> None:
    await Browser(kith.address).installs(fake, "T1")
    fake.revoke("T1")
    await Browser(kith.address).installs(fake, "T1", access_token="xoxb-another")
    await kith.event(JOINED, "T1")
    assert await kith.event(late, "T1") == 200
    assert await kith.core.house.store.installations.of("T1") is not None
    assert len(await kith.core.channels("T1")) == 1


async def test_somebodys_own_tokens_are_no_concern_of_kiths(fake: FakeSlack, kith: Replica) -> None:
    await Browser(kith.address).installs(fake, "T1")
    await kith.event({"type": "tokens_revoked", "tokens": {"oauth": ["U1ANA"]}}, "T1")
    assert await kith.core.house.store.installations.of("T1") is not None


async def test_what_one_process_installs_the_others_hear_at_once(fake: FakeSlack, clock: Clock) -> None:
    store = MemoryStore()
    async with replica(fake, clock, store) as one, replica(fake, clock, store) as two:
        await Browser(one.address).installs(fake, "T1")
        assert await two.event(JOINED, "T1") == 200
        assert len(two.core.told) == 1
        await two.deliver()
        assert "chat.postMessage" in fake.methods
        fake.revoke("T1")
        await one.event({"type": "app_uninstalled"}, "T1")
        await two.slack.sync()
        assert await two.event(JOINED, "T1") == 200
        assert await two.core.channels("T1") == []


async def test_a_started_process_connects_all_that_are_installed(fake: FakeSlack, clock: Clock) -> None:
    store = MemoryStore()
    async with replica(fake, clock, store) as one:
        await Browser(one.address).installs(fake, "T1")
        await one.event(JOINED, "T1")
    async with replica(fake, clock, store) as two:
        await two.deliver()
    assert "chat.postMessage" in fake.methods


async def renewing(fake: FakeSlack, kith: Replica, *, refresh: str = "r-1") -> None:
    """Install with a token that ends in an hour of the machine's time, which is what Slack's library goes by."""
    await Browser(kith.address).installs(fake, "T1", expires_in=3600, refresh_token=refresh)
    assert await kith.event(JOINED, "T1") == 200


async def test_a_token_that_ends_soon_is_renewed_by_one_process_alone(fake: FakeSlack) -> None:
    store, clock = MemoryStore(), Clock(moment=datetime.now(UTC))  # noqa: TID251, as Slack's library does
    async with replica(fake, clock, store) as one, replica(fake, clock, store) as two:
        next_one = {"access_token": "xoxb-next", "refresh_token": "r-2", "expires_in": 43200}
        fake.grants["r-1"] = next_one | {"team": {"id": "T1"}}
        await renewing(fake, one)
        await two.event(JOINED, "T1")
        await asyncio.gather(one.slack.sync(), two.slack.sync(), one.slack.sync())
        assert len(fake.called("oauth.v2.access")) == 2
        kept = await store.installations.of("T1")
        assert kept is not None
        assert (kept.token, kept.refresh, kept.expires_at) == ("xoxb-next", "r-2", clock.now() + timedelta(hours=12))
        del fake.tokens["xoxb-T1"]
        await two.slack.sync()
        await two.deliver()
        assert "chat.postMessage" in fake.methods


async def test_where_slack_is_away_the_renewal_is_tried_again(fake: FakeSlack) -> None:
    clock = Clock(moment=datetime.now(UTC))  # noqa: TID251, as above
    async with replica(fake, clock) as kith:
        fake.grants["r-1"] = {"access_token": "xoxb-next", "expires_in": 43200, "team": {"id": "T1"}}
        await renewing(fake, kith)
        fake.troubles["oauth.v2.access"].append(Trouble(status=503))
        await kith.slack.sync()
        assert "r-1" in fake.grants
        await kith.slack.sync()
        assert "r-1" in fake.grants
        clock.moment += timedelta(minutes=2)
        await kith.slack.sync()
        assert "r-1" not in fake.grants


async def test_a_refused_renewal_ends_the_installation_and_keeps_the_rest_for_a_month(fake: FakeSlack) -> None:
    clock = Clock(moment=datetime.now(UTC))  # noqa: TID251, as above
    async with replica(fake, clock) as kith:
        await renewing(fake, kith, refresh="unknown")
        await kith.slack.sync()
        store = kith.core.house.store
        assert await store.installations.of("T1") is None
        assert len(await kith.core.channels("T1")) == 1
        assert await store.installations.is_over("T1", clock.now() + timedelta(days=30))
        assert await store.channels.get(ChannelRef("T1", "C1")) is not None
