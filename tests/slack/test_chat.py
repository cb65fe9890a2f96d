"""Kith's voice in Slack: how every way a message can fail ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from adapters.slack import connected
from adapters.slack.chat import Pacer, SlackChat
from adapters.slack.web import Line, Web
from bot.domain.events import ChannelRef
from bot.domain.outgoing import Outgoing, OutgoingKind
from bot.domain.speech import Place, text
from bot.errors import PlatformBusyError, PlatformError, PlatformGoneError, PlatformUnsureError
from tests.slack.web_api import TOKEN, WORKSPACE, FakeSlack, Trouble, listening
from tests.slack.workspace import Slack, open_slack

IDEAS = Place(channel=ChannelRef(WORKSPACE, "C1"))


@pytest.fixture
async def slack() -> AsyncIterator[Slack]:
    async with open_slack() as opened:
        yield opened


async def fails(slack: Slack, trouble: Trouble) -> PlatformError:
    slack.fake.troubles["chat.postMessage"].append(trouble)
    with pytest.raises(PlatformError) as caught:
        await slack.workspace.chat.post(IDEAS, text("hello"))
    return caught.value


async def test_a_message_goes_to_its_thread_and_gives_its_timestamp(slack: Slack) -> None:
    thread = Place(channel=IDEAS.channel, thread="1772445600.000100")
    assert await slack.workspace.chat.post(thread, text("hello")) == "1772445600.000001"
    said = slack.fake.called("chat.postMessage")[0]
    assert (said["channel"], said["thread_ts"], said["text"]) == ("C1", "1772445600.000100", "hello")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "30"}, 30),
        ({"retry-after": "7"}, 7),
        ({}, 60),
        ({"Retry-After": "soon"}, 60),
        ({"Retry-After": "999999"}, 3600),
    ],
)
async def test_a_busy_slack_says_how_long_to_wait(slack: Slack, headers: dict[str, str], seconds: float) -> None:
    error = await fails(slack, Trouble(error="ratelimited", status=429, headers=headers))
    assert isinstance(error, PlatformBusyError)
    assert error.facts["seconds"] == seconds


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("is_archived", "archived"),
        ("not_in_channel", "not in the channel"),
        ("channel_not_found", "not there"),
        ("token_revoked", "revoked"),
        ("account_inactive", "closed"),
    ],
)
async def test_what_is_gone_is_gone(slack: Slack, code: str, words: str) -> None:
    error = await fails(slack, Trouble(error=code))
    assert isinstance(error, PlatformGoneError)
    assert words in str(error)


@pytest.mark.parametrize(
    "trouble",
    [Trouble(status=500), Trouble(status=503), Trouble(error="internal_error"), Trouble(error="missing_scope")],
)
async def test_a_fault_of_slacks_is_tried_again_later(slack: Slack, trouble: Trouble) -> None:
    error = await fails(slack, trouble)
    assert not isinstance(error, PlatformGoneError | PlatformBusyError)


@pytest.mark.parametrize(
    ("trouble", "unsure"),
    [
        (Trouble(status=500), True),
        (Trouble(error="internal_error"), True),
        (Trouble(error="fatal_error"), True),
        (Trouble(status=503), False),
        (Trouble(error="missing_scope"), False),
        (Trouble(error="invalid_blocks"), False),
    ],
)
async def test_a_fault_underway_leaves_open_whether_the_message_was_said(
    slack: Slack, trouble: Trouble, unsure: bool
) -> None:
    assert isinstance(await fails(slack, trouble), PlatformUnsureError) is unsure


async def test_no_answer_in_time_leaves_open_whether_the_message_was_said() -> None:
    async with open_slack(seconds=0.2) as slack:
        error = await fails(slack, Trouble(seconds=0.6))
        assert isinstance(error, PlatformUnsureError)


async def test_nobody_there_is_tried_again_later() -> None:
    line = Line(base_url="http://127.0.0.1:9/api/")
    web = Web(TOKEN, line=line)
    with pytest.raises(PlatformError) as caught:
        await SlackChat(web, WORKSPACE, pacer=Pacer(0)).post(IDEAS, text("hello"))
    assert not isinstance(caught.value, PlatformUnsureError)
    await line.close()


async def test_another_workspaces_channel_is_never_spoken_in(slack: Slack) -> None:
    with pytest.raises(PlatformGoneError):
        await slack.workspace.chat.post(Place(channel=ChannelRef("T9", "C1")), text("hello"))
    assert slack.fake.called("chat.postMessage") == []


async def test_an_error_holds_nothing_of_the_message(slack: Slack) -> None:
    for trouble in (Trouble(error="invalid_blocks"), Trouble(error="is_archived"), Trouble(status=500)):
        slack.fake.troubles["chat.postMessage"].append(trouble)
        with pytest.raises(PlatformError) as caught:
            await slack.workspace.chat.post(IDEAS, text("a planted sentence"))
        assert "planted" not in f"{caught.value} {caught.value.facts}"


async def test_two_messages_in_a_channel_are_an_interval_apart() -> None:
    fake = FakeSlack()
    async with (
        listening(fake.app) as address,
        connected(TOKEN, base_url=f"{address}/api/", pacer=Pacer(0.3)) as workspace,
    ):
        clock = asyncio.get_running_loop()
        begun = clock.time()
        await workspace.chat.post(IDEAS, text("one"))
        await workspace.chat.post(Place(channel=ChannelRef(WORKSPACE, "C2")), text("elsewhere"))
        await workspace.chat.post(IDEAS, text("two"))
        assert clock.time() - begun >= 0.3
    assert [said["channel"] for said in fake.called("chat.postMessage")] == ["C1", "C2", "C1"]


async def test_a_token_that_opens_nothing_is_said_at_once() -> None:
    fake = FakeSlack()
    async with listening(fake.app) as address:
        with pytest.raises(PlatformError, match="invalid_auth"):
            async with connected("xoxb-wrong", base_url=f"{address}/api/"):
                pass


@pytest.mark.parametrize(
    ("trouble", "attempts"),
    [
        (Trouble(error="is_archived"), None),
        (Trouble(error="channel_not_found"), None),
        (Trouble(error="token_revoked"), None),
        (Trouble(error="ratelimited", status=429, headers={"Retry-After": "30"}), 1),
        (Trouble(status=500), 1),
    ],
)
async def test_the_outbox_gives_up_at_once_only_what_is_gone(
    slack: Slack, trouble: Trouble, attempts: int | None
) -> None:
    await slack.invite()
    outbox, now = slack.core.house.store.outbox, slack.clock.now()
    waiting = Outgoing(id="stepped-back-1", place=IDEAS, kind=OutgoingKind.STEPPED_BACK, due_at=now)
    await outbox.put(waiting)
    slack.fake.troubles["chat.postMessage"].append(trouble)
    await slack.tick()
    await slack.later(hours=1)
    await slack.tick()
    said = [call for call in slack.fake.called("chat.postMessage") if call["text"].startswith("Three times")]
    assert len(said) == (1 if attempts is None else 2)
