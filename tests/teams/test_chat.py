"""Kith's voice in Teams: what is sent where, how each refusal is taken, tokens, and patience."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.storage.memory.addresses import MemoryAddresses
from adapters.teams.bearer import Bearer, Request, by_identity, by_secret
from adapters.teams.chat import TeamsChat
from adapters.teams.connector import Connector
from adapters.teams.pacing import SENDING, Pacer, patience
from bot.domain.address import Address
from bot.domain.events import ChannelRef
from bot.domain.speech import Choice, Place, text
from bot.errors import PlatformBusyError, PlatformError, PlatformGoneError, PlatformUnsureError
from tests.slack.web_api import listening
from tests.teams.connector_api import APP, CHAT, IDEAS, SECRET, TEAM, TENANT, FakeConnector, Trouble

HERE = ChannelRef(TENANT, IDEAS)
HELLO = text("Hello.")


@asynccontextmanager
async def speaking(
    fake: FakeConnector, *, token: Request | None = None, seconds: float = 5, trusted: bool = True
) -> AsyncIterator[TeamsChat]:
    """A chat that knows the address of one channel and one group chat."""
    addresses = MemoryAddresses()
    async with listening(fake.app) as address, aiohttp.ClientSession() as session:
        fake.address = address
        await addresses.keep(HERE, Address(url=fake.service_url, group=TEAM))
        await addresses.keep(ChannelRef(TENANT, CHAT), Address(url=fake.service_url))
        bearer = Bearer(session, token or by_secret(f"{address}/login", TENANT, APP, SECRET))
        yield TeamsChat(
            Connector(session, bearer, lambda url: trusted and url == fake.service_url, timeout=seconds, paced=False),
            addresses,
        )


@pytest.fixture
def fake() -> FakeConnector:
    return FakeConnector([])


async def test_a_sentence_is_said_as_words_and_anything_more_as_a_card(fake: FakeConnector) -> None:
    async with speaking(fake) as chat:
        said = await chat.post(Place(channel=HERE), HELLO)
        await chat.post(Place(channel=HERE), text("Well?", choices=(Choice(id="why", label="Why?"),)))
    words, card = fake.sent()
    assert said.isdigit()
    assert (words["text"], words["textFormat"]) == ("Hello.", "plain")
    assert (card["summary"], len(card["attachments"])) == ("Well?", 1)
    assert fake.faults == []


async def test_a_thread_is_a_conversation_of_its_own_in_a_channel_and_none_in_a_chat(fake: FakeConnector) -> None:
    async with speaking(fake) as chat:
        await chat.post(Place(channel=HERE, thread="1772445600000"), HELLO)
        await chat.post(Place(channel=ChannelRef(TENANT, CHAT), thread="1772445600000"), HELLO)
    paths = [call.path for call in fake.calls]
    assert paths == [
        f"/v3/conversations/{IDEAS};messageid=1772445600000/activities",
        f"/v3/conversations/{CHAT}/activities",
    ]


async def test_without_an_address_it_is_tried_later(fake: FakeConnector) -> None:
    async with speaking(fake) as chat:
        with pytest.raises(PlatformError, match="address is not known yet"):
            await chat.post(Place(channel=ChannelRef(TENANT, "19:unknown@thread.tacv2")), HELLO)


async def test_an_address_that_is_not_trusted_is_never_spoken_to(fake: FakeConnector) -> None:
    async with speaking(fake, trusted=False) as chat:
        with pytest.raises(PlatformGoneError, match="none that Kith speaks to"):
            await chat.post(Place(channel=HERE), HELLO)
    assert fake.calls == []
    assert fake.tokens == 0


REFUSALS = {
    (400, "BadSyntax"): PlatformGoneError,
    (403, "MessageWritesBlocked"): PlatformGoneError,
    (403, "BotNotInConversationRoster"): PlatformGoneError,
    (404, "ConversationNotFound"): PlatformGoneError,
    (405, "MethodNotAllowed"): PlatformGoneError,
    (413, "MessageSizeTooBig"): PlatformGoneError,
    (409, "Conflict"): PlatformError,
    (302, "Moved"): PlatformError,
    (408, "Timeout"): PlatformUnsureError,
    (500, "ServiceError"): PlatformUnsureError,
    (502, "BadGateway"): PlatformUnsureError,
    (504, "GatewayTimeout"): PlatformUnsureError,
}


@pytest.mark.parametrize(("status", "code"), REFUSALS)
async def test_every_refusal_has_its_own_outcome(fake: FakeConnector, status: int, code: str) -> None:
    fake.troubles["/activities"].append(Trouble(status=status, code=code))
    async with speaking(fake) as chat:
        with pytest.raises(PlatformError, match=code) as refusal:
            await chat.post(Place(channel=HERE), HELLO)
    assert type(refusal.value) is REFUSALS[status, code]


@pytest.mark.parametrize("status", [412, 429, 503])
async def test_a_wish_to_wait_longer_is_passed_on(fake: FakeConnector, status: int) -> None:
    fake.troubles["/activities"].append(Trouble(status=status, headers={"retry-after": "17"}))
    async with speaking(fake) as chat:
        with pytest.raises(PlatformBusyError) as busy:
            await chat.post(Place(channel=HERE), HELLO)
    assert busy.value.facts["seconds"] == 17


async def test_a_short_wait_is_waited_for(fake: FakeConnector) -> None:
    fake.troubles["/activities"].append(Trouble(status=429, headers={"retry-after": "1"}))
    begun = time.monotonic()
    async with speaking(fake) as chat:
        await chat.post(Place(channel=HERE), HELLO)
    assert 1 <= time.monotonic() - begun < 3
    assert len(fake.sent()) == 2


async def test_no_answer_leaves_it_unsure(fake: FakeConnector) -> None:
    fake.troubles["/activities"].append(Trouble(seconds=1))
    async with speaking(fake, seconds=0.2) as chat:
        with pytest.raises(PlatformUnsureError):
            await chat.post(Place(channel=HERE), HELLO)


async def test_what_could_not_be_asked_was_not_done(fake: FakeConnector) -> None:
    nowhere = "http://127.0.0.1:9/"
    async with aiohttp.ClientSession() as session:
        connector = Connector(session, Bearer(session, None), lambda _: True)
        with pytest.raises(PlatformError) as away:
            await connector.send(nowhere, IDEAS, {})
    assert type(away.value) is PlatformError


async def test_a_token_is_asked_for_once_and_again_when_it_is_not_taken_any_more(fake: FakeConnector) -> None:
    async with speaking(fake) as chat:
        await asyncio.gather(*(chat.post(Place(channel=HERE), HELLO) for _ in range(5)))
        assert fake.tokens == 1
        fake.valid = "token-2"
        await chat.post(Place(channel=HERE), HELLO)
        assert fake.tokens == 2


async def test_a_secret_that_is_wrong_is_said_in_one_sentence_without_names(fake: FakeConnector) -> None:
    async with speaking(fake) as chat:
        bad = by_secret(f"{fake.address}/login", TENANT, APP, "wrong")
        assert "wrong" not in repr(bad)
        async with aiohttp.ClientSession() as session:
            with pytest.raises(PlatformError, match=r"no token \(invalid_client\); check") as refusal:
                await Bearer(session, bad).headers()
    assert "Ana" not in str(refusal.value)
    assert chat


async def test_a_managed_identity_gives_tokens_too(fake: FakeConnector) -> None:
    async with listening(fake.app) as address, aiohttp.ClientSession() as session:
        bearer = Bearer(session, by_identity(f"{address}/identity", APP))
        assert await bearer.headers() == {"authorization": "Bearer token-1"}


async def test_a_conversation_takes_seven_messages_at_once_and_no_more_than_sixty_in_half_a_minute() -> None:
    pacer, loop = Pacer(SENDING, patience=0.5), asyncio.get_running_loop()
    begun = loop.time()
    for _ in range(7):
        await pacer.turn("c")
    assert loop.time() - begun < 0.2
    with pytest.raises(PlatformBusyError) as busy:
        await pacer.turn("c")
    assert 0.5 < float(str(busy.value.facts["seconds"])) <= 1
    await pacer.turn("another")


@settings(max_examples=50)
@given(st.integers(0, 6), st.text(max_size=20))
def test_patience_grows_and_spreads(attempt: int, name: str) -> None:
    assert 2**attempt <= patience(attempt, name) <= 1.5 * 2**attempt
