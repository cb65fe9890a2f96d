"""The stage without a platform: the core and its terminal twin."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import count

from adapters.storage.memory.store import MemoryStore
from adapters.transcript import Transcript
from bot.domain.channel import Channel, ChannelSettings
from bot.domain.events import (
    ChoiceMade,
    CommandGiven,
    Event,
    FormSubmitted,
    KithInvited,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    ReactionChanged,
)
from bot.domain.speech import Message, Place, Reply
from bot.domain.window import Trace
from bot.ports import House
from bot.usecases.asking.deliver import deliver
from bot.usecases.asking.look import look_over_due
from bot.usecases.receive import receive
from tests.platforms.stage import ANA, Answer, Said
from tests.readers import MarkedReader
from tests.slack.workspace import CONTENT
from tests.talk import REF, at


class OnTranscript:
    """What people do goes to the core as it is."""

    def __init__(self) -> None:
        self.told: list[Event] = []
        self._transcript = Transcript()
        self._house = House(store=MemoryStore(), reader=MarkedReader(), content=CONTENT)
        self._numbers = count(1)

    @property
    def _now(self) -> datetime:
        return at("mon 09:00")

    async def invite(self) -> None:
        await self._receive(KithInvited(channel=REF, name="ideas", by=ANA, at=self._now, members=8))

    async def say(self, who: str, text: str, *, thread: str = "", to_kith: bool = False) -> str:
        posted = MessagePosted(
            channel=REF,
            message=f"m{next(self._numbers)}",
            author=who,
            at=self._now,
            text=f"@kith {text}" if to_kith else text,
            thread=thread or None,
            addresses_kith=to_kith,
        )
        await self._receive(posted)
        return posted.message

    async def again(self) -> None:
        await self._receive(next(event for event in reversed(self.told) if isinstance(event, MessagePosted)))

    async def edit(self, who: str, message: str, text: str) -> None:
        await self._receive(MessageEdited(channel=REF, message=message, author=who, at=self._now, text=text))

    async def delete(self, who: str, message: str) -> None:
        await self._receive(MessageDeleted(channel=REF, message=message, at=self._now))

    async def react(self, who: str, message: str) -> None:
        await self._receive(ReactionChanged(channel=REF, message=message, by=who, at=self._now))

    async def command(self, who: str, words: str) -> Answer:
        return await self._receive(CommandGiven(channel=REF, by=who, words=words, at=self._now))

    async def press(self, who: str, label: str) -> Answer:
        return await self._pressed(who, self._transcript.said[-1].message, label)

    async def press_own(self, who: str, answer: Answer, label: str) -> Answer:
        return await self._pressed(who, answer.form, label)

    async def submit(self, who: str, answer: Answer, **answers: str) -> Answer:
        form = answer.form
        whole = {f.id: f.value if f.kind == "some_of" else "".join(f.value[:1]) for f in form.fields} | answers
        return await self._receive(
            FormSubmitted(channel=REF, by=who, form=form.id, about=form.about, at=self._now, answers=whole)
        )

    def said(self) -> Sequence[Said]:
        return [
            Said(said.message.plain, tuple(choice.label for choice in said.message.choices), said.place.thread)
            for said in self._transcript.said
        ]

    async def channel(self) -> Channel | None:
        return await self._house.store.channels.get(REF)

    async def traces(self) -> Sequence[Trace]:
        return (await self._house.store.traces.window(REF, self._now)).traces

    async def _pressed(self, who: str, message: Message, label: str) -> Answer:
        choice = next(choice for choice in message.choices if choice.label == label)
        return await self._receive(ChoiceMade(channel=REF, by=who, choice=choice.id, about=choice.about, at=self._now))

    async def _receive(self, event: Event) -> Answer:
        self.told.append(event)
        settings = ChannelSettings(profile="rehearsal")
        reply = await receive(event, house=self._house, now=self._now, settings=settings)
        await look_over_due(house=self._house, now=self._now)
        await deliver(house=self._house, chat=self._transcript, now=lambda: self._now)
        return await self._answer(reply)

    async def _answer(self, reply: Reply | None) -> Answer:
        if reply is None:
            return Answer()
        if reply.form is not None:
            errors = {field.id: field.error for field in reply.form.fields if field.error}
            return Answer(form=reply.form, errors=errors)
        assert reply.message is not None
        if reply.to_channel:
            await self._transcript.post(Place(channel=REF), reply.message)
            return Answer()
        labels = tuple(choice.label for choice in reply.message.choices)
        return Answer(words=reply.message.plain, labels=labels, form=reply.message)


@asynccontextmanager
async def open_transcript() -> AsyncIterator[OnTranscript]:
    yield OnTranscript()
