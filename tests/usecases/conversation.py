"""A stage for use cases: a house on the twin, a transcript, and people who post, press and type at stated times."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

from adapters.almanac import LibraryAlmanac
from adapters.prompt_files import shipped_content, shipped_contents
from adapters.storage.memory.store import MemoryStore
from adapters.transcript import Transcript
from bot.domain.channel import Channel, ChannelSettings
from bot.domain.charter import CharterRule, CharterState
from bot.domain.events import ChoiceMade, CommandGiven, Event, FormSubmitted, KithInvited, MessagePosted, Standing
from bot.domain.ledger import Entry
from bot.domain.speech import Choice, Message, Reply
from bot.ports import ChatPlatform, House
from bot.usecases.asking.deliver import deliver
from bot.usecases.asking.look import look_over_due
from bot.usecases.check_ins.clock import fire_due
from bot.usecases.receive import receive
from tests.readers import MarkedReader
from tests.talk import REF, at

ADMIN = "addie"
"""Whoever goes by this name presses and submits as an admin of the workspace."""


@dataclass
class Conversation:
    """One channel's life; `now` moves with what happens."""

    rule: CharterRule = CharterRule.STEWARD
    settings: ChannelSettings = field(default_factory=ChannelSettings)
    chat: ChatPlatform | None = None
    now: datetime = field(default_factory=lambda: at("mon 08:00"))

    def __post_init__(self) -> None:
        self.transcript = Transcript()
        self.house = House(
            store=MemoryStore(),
            reader=MarkedReader(),
            content=shipped_content(),
            rule=self.rule,
            contents=shipped_contents(),
            almanac=LibraryAlmanac(),
        )
        self._numbers = count(1)

    async def invite(self, by: str = "ana", name: str = "ideas", **facts: object) -> None:
        await self._receive(KithInvited(channel=REF, name=name, by=by, at=self.now, **facts))  # type: ignore[arg-type]
        await self.tick()

    async def say(
        self,
        who: str,
        text: str,
        *,
        when: str = "",
        thread: str | None = None,
        guest: bool = False,
        to_kith: bool = False,
    ) -> str:
        self.now = at(when) if when else self.now + timedelta(minutes=1)
        message = f"m{next(self._numbers)}"
        await self._receive(
            MessagePosted(
                channel=REF,
                message=message,
                author=who,
                at=self.now,
                text=text,
                thread=thread,
                by_guest=guest,
                addresses_kith=to_kith,
            )
        )
        await self.tick()
        return message

    async def command(self, words: str, by: str = "bo", standing: Standing = Standing.MEMBER) -> Reply:
        reply = await self._receive(CommandGiven(channel=REF, by=by, words=words, at=self.now, standing=standing))
        assert reply is not None
        await self.tick()
        return reply

    async def press(self, choice: Choice | str, by: str = "bo", about: str = "") -> Reply:
        chosen = choice if isinstance(choice, Choice) else Choice(id=choice, label="", about=about)
        reply = await self._receive(
            ChoiceMade(channel=REF, by=by, choice=chosen.id, about=chosen.about, at=self.now, standing=_standing(by))
        )
        assert reply is not None
        await self.tick()
        return reply

    async def submit(
        self,
        by: str = "ana",
        form: str = "settings",
        about: str = "",
        **answers: str | tuple[str, ...],
    ) -> Reply:
        reply = await self._receive(
            FormSubmitted(
                channel=REF, by=by, form=form, about=about, at=self.now, standing=_standing(by), answers=answers
            )
        )
        assert reply is not None
        return reply

    async def wait_until(self, when: str) -> None:
        """Let time pass, Kith looking whenever something is due."""
        target = at(when)
        while self.now < target:
            self.now = min(target, self.now + timedelta(hours=1))
            await self.tick()

    async def tick(self) -> None:
        await look_over_due(house=self.house, now=self.now)
        await fire_due(house=self.house, now=lambda: self.now)
        await deliver(house=self.house, chat=self.chat or self.transcript, now=lambda: self.now)

    async def channel(self) -> Channel:
        found = await self.house.store.channels.get(REF)
        assert found is not None
        return found

    async def charter_is(self, state: CharterState) -> None:
        """Put the channel's charter where it would be after a longer life."""
        channel = await self.channel()
        await self.house.store.channels.save(replace(channel, charter=replace(channel.charter, state=state)))

    async def ledger(self) -> list[Entry]:
        return list(await self.house.store.ledger.entries(REF, at_most=1000))

    @property
    def said(self) -> list[str]:
        """Everything Kith said to the channel by itself, as plain text."""
        return [said.message.plain for said in self.transcript.said]

    @property
    def last(self) -> Message:
        return self.transcript.said[-1].message

    async def _receive(self, event: Event) -> Reply | None:
        return await receive(event, house=self.house, now=self.now, settings=self.settings)


def plain(reply: Reply) -> str:
    """A reply's message as text."""
    assert reply.message is not None
    return reply.message.plain


def _standing(who: str) -> Standing:
    return Standing.ADMIN if who == ADMIN else Standing.MEMBER


def button(reply: Reply, choice: str) -> Choice:
    """The button under a reply that does this."""
    assert reply.message is not None
    return next(c for c in reply.message.choices if c.id == choice)


async def narrow_to_numbers(c: Conversation, week: str = "") -> None:
    """Five clear messages by three people on two days, then a quiet quarter of an hour."""
    w = f"{week}/" if week else ""
    for when, who in (("mon 09:00", "ana"), ("mon 11:00", "bo"), ("mon 15:00", "cy"), ("tue 09:00", "ana")):
        await c.say(who, "500 posts by March [numbers_obsessed]", when=w + when)
    await c.say("bo", "one more each [numbers_obsessed]", when=f"{w}tue 10:00")
