"""From the outbox to the channel: what no longer holds is not said, nothing is said twice, no trouble is catching."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.prompt_files import shipped_content
from adapters.storage.memory.store import MemoryStore
from adapters.transcript import Transcript
from bot.bootstrap import Kith
from bot.domain.channel import Channel, ChannelKind, ChannelSettings, History
from bot.domain.charter import Charter, CharterState
from bot.domain.events import ChannelRef, MessagePosted
from bot.domain.ledger import Entry
from bot.domain.outgoing import Outgoing, OutgoingKind, charter_message_id
from bot.domain.patterns import Pattern
from bot.domain.restraint import LOOK_EVERY
from bot.domain.speech import Message, Place
from bot.errors import PlatformBusyError, PlatformError, PlatformGoneError, PlatformUnsureError
from bot.ports import House
from bot.usecases.asking.deliver import LEASE, deliver
from bot.usecases.asking.look import LOOK_AGAIN, look_over_due
from bot.usecases.channels.changing import change
from bot.usecases.receive import receive
from tests.readers import MarkedReader
from tests.talk import REF, at
from tests.usecases.conversation import Conversation, narrow_to_numbers
from tests.usecases.test_living_in_a_channel import speaking

T0 = at("tue 10:00")
SPEAKING = Charter(state=CharterState.SPEAKING, since=at("mon 09:00"), speaks_until=T0 + timedelta(days=80))
QUESTION = "numbers-obsessed-01"


class Moody:
    """A chat that does what `mood` says before it takes a message in: raise, or let time pass."""

    def __init__(self, mood: Callable[[Place], object] = lambda _: None) -> None:
        self.inner, self.mood, self.tries = Transcript(), mood, 0

    @property
    def said(self) -> list[str]:
        return [said.message.plain for said in self.inner.said]

    async def post(self, place: Place, message: Message) -> str:
        self.tries += 1
        self.mood(place)
        return await self.inner.post(place, message)


def raising(error: Exception) -> Callable[[Place], object]:
    def mood(_: Place) -> None:
        raise error

    return mood


def a_house(store: Any = None) -> House:
    return House(store=store or MemoryStore(), reader=MarkedReader(), content=shipped_content())


async def a_question(house: House, ref: ChannelRef = REF, **channel: Any) -> Outgoing:
    """A channel that said yes, with a question decided on at T0."""
    facts = {"name": ref.channel, "charter": SPEAKING, "look_at": T0 + LOOK_EVERY, **channel}
    await house.store.channels.add(Channel(ref=ref, **facts))
    counts = {"messages": 5, "people": 3, "days": 2, "share": 1.0}
    entry = Entry(id="e1", at=T0, pattern=Pattern.NUMBERS_OBSESSED, question=QUESTION, counts=counts, window=T0)
    waiting = Outgoing(
        id="question-e1", place=Place(channel=ref), kind=OutgoingKind.QUESTION, due_at=T0, about=entry.id
    )
    assert await house.store.ledger.ask(ref, entry, waiting, last_spoke_at=None)
    return waiting


Change = tuple[str, Callable[[Channel], Channel]]


def charter(**facts: Any) -> Callable[[Channel], Channel]:
    return lambda channel: replace(channel, charter=replace(channel.charter, **facts))


SILENCING: list[Change] = [
    *((state, charter(state=state)) for state in CharterState if state is not CharterState.SPEAKING),
    *(
        (kind, lambda c, kind=kind: replace(c, kind=kind))
        for kind in ChannelKind
        if kind is not ChannelKind.CONVERSATION
    ),
    ("the term is over", charter(speaks_until=T0)),
    ("for announcements", lambda c: replace(c, settings=replace(c.settings, announcement_only=True))),
    ("off", lambda c: replace(c, settings=replace(c.settings, patterns_off=frozenset({Pattern.NUMBERS_OBSESSED})))),
    ("stilled", lambda c: replace(c, history=History(stilled={Pattern.NUMBERS_OBSESSED: T0 + timedelta(days=9)}))),
]
HARMLESS: list[Change] = [
    ("nothing", lambda c: c),
    ("another name", lambda c: replace(c, name="other")),
    ("another off", lambda c: replace(c, settings=replace(c.settings, patterns_off=frozenset({Pattern.REACTIONARY})))),
    ("stilled before", lambda c: replace(c, history=History(stilled={Pattern.NUMBERS_OBSESSED: T0}))),
]


@given(
    changes=st.lists(st.sampled_from([*SILENCING, *HARMLESS]), max_size=2),
    hours=st.integers(0, 30),
    again=st.booleans(),
)
@settings(max_examples=120, deadline=None)
def test_a_question_goes_out_only_if_it_could_be_asked_now_and_counts_only_then(
    changes: list[Change], hours: int, again: bool
) -> None:
    async def told() -> None:
        house, chat, now = a_house(), Moody(), T0
        await a_question(house)
        if again:
            chat.mood = raising(PlatformBusyError(seconds=1, problem="too fast"))
            await deliver(house=house, chat=chat, now=lambda: T0)
            chat.mood = lambda _: None
        for _, step in changes:
            await change(REF, step, house=house)
        now = T0 + timedelta(hours=hours, seconds=2)
        await deliver(house=house, chat=chat, now=lambda: now)
        at_work = hours < 7 or hours == 23  # until 17:00; a day later the occasion is gone
        silenced = [name for name, _ in changes if name in dict(SILENCING)]
        if changes and changes[-1][0] == "stilled before":
            silenced = [name for name in silenced if name != "stilled"]
        if len(changes) == 2 and {"off", "another off"} == {name for name, _ in changes}:
            silenced = ["off"] if changes[-1][0] == "off" else []
        assert len(chat.said) == (at_work and not silenced)
        channel = await house.store.channels.get(REF)
        assert channel is not None and len(channel.history.asked) == len(chat.said)
        assert not await house.store.outbox.take(T0 + timedelta(days=3), lease=timedelta(0))

    asyncio.run(told())


async def waiting_to_ask_whether_to_go_on() -> tuple[Conversation, Moody]:
    """A channel whose listening is over, on a platform that asks to wait."""
    chat = Moody()
    c = Conversation(chat=chat)
    await c.invite()
    chat.mood = raising(PlatformBusyError(seconds=60, problem="too fast"))
    await c.wait_until("2/mon 09:05")
    assert len(chat.said) == 1 and (await c.channel()).charter.asked_at is not None
    return c, chat


async def test_who_paused_is_not_asked_whether_to_go_on_any_more() -> None:
    c, chat = await waiting_to_ask_whether_to_go_on()
    await c.command("pause")
    chat.mood = lambda _: None
    await c.wait_until("2/wed 12:00")
    assert len(chat.said) == 1


async def test_who_paused_and_resumed_is_asked_once() -> None:
    c, chat = await waiting_to_ask_whether_to_go_on()
    await c.command("pause")
    c.now += timedelta(seconds=5)
    await c.command("resume", by="ana")
    chat.mood = lambda _: None
    await c.wait_until("2/fri 11:00")
    assert [said for said in chat.said if "would not have asked" in said] == chat.said[1:] and len(chat.said) == 2


async def test_whether_to_go_on_is_asked_at_work_or_the_next_day() -> None:
    c, chat = await waiting_to_ask_whether_to_go_on()
    c.now = at("2/mon 19:00")
    chat.mood = lambda _: None
    await c.tick()
    assert len(chat.said) == 1 and (await c.channel()).charter.asked_at is None
    await c.wait_until("2/tue 16:00")
    assert len(chat.said) == 2 and (await c.channel()).charter.asked_at is not None


async def test_a_channel_that_has_become_a_loudspeaker_is_not_asked_whether_to_go_on() -> None:
    c, chat = await waiting_to_ask_whether_to_go_on()
    await c.submit(kind="announcement")
    chat.mood = lambda _: None
    await c.wait_until("2/mon 16:00")
    assert len(chat.said) == 1


async def test_a_yes_that_comes_first_keeps_the_end_of_the_term_unsaid() -> None:
    house, chat = a_house(), Moody()
    await house.store.channels.add(Channel(ref=REF, name="ideas", charter=SPEAKING))
    before = Charter(state=CharterState.LAPSED, since=at("mon 08:00"))
    for kind in (OutgoingKind.LAPSED, OutgoingKind.RENEWAL):
        late = charter_message_id(kind, REF, before.since)
        await house.store.outbox.put(Outgoing(id=late, place=Place(channel=REF), kind=kind, due_at=T0))
    await deliver(house=house, chat=chat, now=lambda: T0)
    await deliver(house=house, chat=chat, now=lambda: T0)
    assert chat.said == []


async def in_many_channels(house: House, many: int) -> list[ChannelRef]:
    refs = [ChannelRef("T", f"C{n:02d}") for n in range(many)]
    for ref in refs:
        await a_question(house, ref)
    return refs


@given(seconds=st.lists(st.integers(0, 19), min_size=24, max_size=24), other_at=st.integers(1, 24))
@settings(max_examples=60, deadline=None)
def test_however_slow_the_platform_two_workers_say_nothing_twice(seconds: list[int], other_at: int) -> None:
    """The second worker takes its rows while the first is posting; each message takes up to 19 seconds."""

    async def told() -> None:
        house, now = a_house(), [T0]
        refs = await in_many_channels(house, 24)
        lasts = iter(seconds * 2)
        other = Moody(lambda _: pass_time(now, next(lasts)))

        class Slow(Moody):
            async def post(self, place: Place, message: Message) -> str:
                pass_time(now, next(lasts))
                if self.tries + 1 == other_at:
                    await deliver(house=house, chat=other, now=lambda: now[0])
                return await super().post(place, message)

        first = Slow()
        for _ in range(30):
            await deliver(house=house, chat=first, now=lambda: now[0])
            now[0] += timedelta(seconds=2)
        said = [said.place.channel for chat in (first, other) for said in chat.inner.said]
        assert sorted(said) == refs

    asyncio.run(told())


def pass_time(now: list[datetime], seconds: float) -> None:
    now[0] += timedelta(seconds=seconds)


async def test_a_row_whose_lease_is_nearly_over_is_left_to_whoever_takes_it_next() -> None:
    house, now = a_house(), [T0]
    await in_many_channels(house, 2)
    chat = Moody(lambda _: pass_time(now, LEASE.total_seconds() - 5))
    assert await deliver(house=house, chat=chat, now=lambda: now[0]) == 1
    assert await deliver(house=house, chat=chat, now=lambda: now[0]) == 0
    now[0] = T0 + LEASE
    assert await deliver(house=house, chat=chat, now=lambda: now[0]) == 1


@pytest.mark.parametrize("error", [PlatformUnsureError(problem="x"), TimeoutError(), RuntimeError("x")])
async def test_a_question_that_may_have_been_said_is_not_said_again(error: Exception) -> None:
    house, chat = a_house(), Moody(raising(error))
    await a_question(house)
    for minutes in range(0, 300, 5):
        await deliver(house=house, chat=chat, now=lambda minutes=minutes: T0 + timedelta(minutes=minutes))  # type: ignore[misc]  # mypy knows no defaults of lambdas
    assert chat.tries == 1
    channel = await house.store.channels.get(REF)
    assert channel is not None and len(channel.history.asked) == 1


async def test_an_introduction_that_may_have_been_said_is_said_again() -> None:
    chat = Moody(raising(PlatformUnsureError(problem="x")))
    c = Conversation(chat=chat)
    await c.invite()
    chat.mood = lambda _: None
    c.now += timedelta(minutes=1)
    await c.tick()
    assert len(chat.said) == 1 and (await c.channel()).charter.state is CharterState.LISTENING


@pytest.mark.parametrize("seconds", [0, -5, 0.2, float("nan"), float("inf"), None, "soon"])
async def test_a_platform_that_asks_to_wait_is_asked_once_a_second_at_most_and_never_given_up_on(
    seconds: object,
) -> None:
    chat = Moody(raising(PlatformBusyError(seconds=seconds, problem="too fast")))
    c = Conversation(chat=chat)
    await c.invite()
    assert chat.tries == 1
    for _ in range(40):
        c.now += timedelta(hours=1)
        await c.tick()
    assert chat.tries == 41
    chat.mood = raising(PlatformError(problem="a first failure, after which a minute is waited"))
    c.now += timedelta(hours=1)
    await c.tick()
    chat.mood = lambda _: None
    c.now += timedelta(minutes=1)
    await c.tick()
    assert len(chat.said) == 1


async def test_a_message_given_up_is_logged_by_its_id_and_kind_and_nothing_else(
    caplog: pytest.LogCaptureFixture,
) -> None:
    house = a_house()
    await a_question(house)
    with caplog.at_level(logging.INFO):
        await deliver(house=house, chat=Moody(raising(PlatformGoneError(problem="a secret"))), now=lambda: T0)
    assert [(r.name, r.message) for r in caplog.records if r.name.startswith("kith")] == [
        ("kith.outbox", "question question-e1 is given up: the platform will never take it")
    ]


async def until_given_up(c: Conversation, chat: Moody, error: PlatformError) -> None:
    chat.mood = raising(error)
    for _ in range(130):
        c.now += timedelta(minutes=1)
        await c.tick()
    chat.mood = lambda _: None


@pytest.mark.parametrize("error", [PlatformGoneError(problem="x"), PlatformError(problem="x")])
async def test_where_kith_could_not_introduce_itself_a_second_invitation_begins_anew(error: PlatformError) -> None:
    chat = Moody(raising(error))
    c = Conversation(chat=chat)
    await c.invite()
    await until_given_up(c, chat, error)
    assert await c.house.store.channels.get(REF) is None
    await c.invite()
    assert len(chat.said) == 1 and (await c.channel()).charter.state is CharterState.LISTENING


@pytest.mark.parametrize("error", [PlatformGoneError(problem="x"), PlatformError(problem="x")])
async def test_whether_to_go_on_is_asked_another_day_if_it_could_not_be_said(error: PlatformError) -> None:
    c, chat = await waiting_to_ask_whether_to_go_on()
    await until_given_up(c, chat, error)
    assert len(chat.said) == 1 and (await c.channel()).charter.asked_at is None
    await c.wait_until("2/tue 16:00")
    assert len(chat.said) == 2 and (await c.channel()).charter.asked_at is not None


async def test_a_question_that_could_not_be_said_leaves_the_channel_its_budget() -> None:
    house, chat = a_house(), Moody(raising(PlatformError(problem="x")))
    await a_question(house)
    for minutes in range(130):
        await deliver(house=house, chat=chat, now=lambda minutes=minutes: T0 + timedelta(minutes=minutes))  # type: ignore[misc]  # as above
    channel = await house.store.channels.get(REF)
    assert chat.tries == 8 and channel is not None and channel.history.asked == ()
    assert await house.store.ledger.entries(REF) == []


async def test_a_question_that_a_channel_will_never_take_keeps_kith_from_trying_with_every_message() -> None:
    house = a_house()
    await a_question(house)
    await deliver(house=house, chat=Moody(raising(PlatformGoneError(problem="x"))), now=lambda: T0)
    channel = await house.store.channels.get(REF)
    assert channel is not None and len(channel.history.asked) == 1


async def test_a_question_that_waited_for_a_day_is_not_followed_at_once_by_the_next() -> None:
    house, chat = a_house(), Moody()
    await a_question(house, settings=ChannelSettings(profile="attentive"))
    said = T0 + timedelta(hours=23, minutes=10)  # nobody could be reached, or Kith did not run
    await deliver(house=house, chat=chat, now=lambda: said)
    for hours, questions in ((1, 1), (23, 1), (25, 2)):
        now = said + timedelta(hours=hours)
        seen = MessagePosted(channel=REF, message=f"m{hours}", author="bo", at=now, text="buy it [vendor_driven]")
        await receive(seen, house=house, now=now)
        await deliver(house=house, chat=chat, now=lambda now=now: now)  # type: ignore[misc]
        assert len(chat.said) == questions


async def test_one_channels_trouble_keeps_no_other_from_hearing(caplog: pytest.LogCaptureFixture) -> None:
    house = a_house()
    refs = await in_many_channels(house, 6)
    await change(refs[2], lambda c: replace(c, settings=ChannelSettings(zone="Nowhere/Land")), house=house)
    chat = Moody()
    assert await deliver(house=house, chat=chat, now=lambda: T0) == 5
    assert await deliver(house=house, chat=chat, now=lambda: T0) == 0
    (logged,) = [r.message for r in caplog.records if r.name == "kith.outbox"]
    assert logged == "question question-e1 could not be handled: ZoneInfoNotFoundError"
    await change(refs[2], lambda c: replace(c, settings=ChannelSettings()), house=house)
    assert await deliver(house=house, chat=chat, now=lambda: T0 + timedelta(minutes=1)) == 1


async def test_a_channel_that_cannot_be_looked_at_stops_no_other_and_is_looked_at_again_soon(
    caplog: pytest.LogCaptureFixture,
) -> None:
    c = await speaking()
    bad = ChannelRef(REF.workspace, "A-first")
    listened = Charter(state=CharterState.LISTENING, since=at("mon 09:00"), listening_since=at("mon 09:00"))
    nowhere = ChannelSettings(zone="Nowhere/Land")
    broken = Channel(ref=bad, name="a", charter=listened, settings=nowhere, look_at=at("3/mon 08:00"))
    await c.house.store.channels.add(broken)
    spoken = len(c.said)
    await narrow_to_numbers(c, week="3")
    await c.wait_until("3/tue 12:00")
    assert len(c.said) == spoken + 1
    assert "looking at " in caplog.text and "ZoneInfoNotFoundError" in caplog.text and "Nowhere" not in caplog.text
    c.now += timedelta(days=2)
    await look_over_due(house=c.house, now=c.now)
    again = await c.house.store.channels.get(bad)
    assert again is not None and again.look_at == c.now + LOOK_AGAIN


class Fails:
    """Stands in the place of a part of the store and fails whatever it is asked."""

    def __getattr__(self, name: str) -> Callable[..., Awaitable[object]]:
        async def fail(*_: object, **__: object) -> object:
            raise RuntimeError("a planted sentence")

        return fail


class Still:
    def now(self) -> datetime:
        return T0


async def test_a_tick_says_what_is_waiting_though_looking_failed(caplog: pytest.LogCaptureFixture) -> None:
    store = MemoryStore()
    house, chat = a_house(store), Moody()
    await a_question(house)
    store.rounds = Fails()  # type: ignore[assignment]  # a store of which one part is broken
    await Kith(house=house, chat=chat, clock=Still(), newcomers=ChannelSettings()).tick()
    assert len(chat.said) == 1
    assert "RuntimeError" in caplog.text and "planted" not in caplog.text


async def test_a_tick_that_cannot_read_the_outbox_raises_nothing(caplog: pytest.LogCaptureFixture) -> None:
    store = MemoryStore()
    store.outbox = Fails()  # type: ignore[assignment]  # as above
    await Kith(house=a_house(store), chat=Moody(), clock=Still(), newcomers=ChannelSettings()).tick()
    assert "RuntimeError" in caplog.text and "planted" not in caplog.text


async def test_a_process_that_stops_finishes_its_message_and_gives_the_others_back_at_once() -> None:
    house, chat, refs = a_house(), Moody(), [ChannelRef("T", f"C{n}") for n in range(4)]
    for ref in refs:
        await a_question(house, ref)
    sent = await deliver(house=house, chat=chat, now=lambda: T0, stopping=lambda: len(chat.said) > 0)
    assert (sent, len(chat.said)) == (1, 1)
    assert len(await house.store.outbox.take(T0, lease=timedelta(minutes=2))) == 3
