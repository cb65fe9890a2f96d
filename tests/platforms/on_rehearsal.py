"""The stage in the rehearsal workspace, over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx2

from adapters.playground.line import KITH, Line
from bot.domain.channel import Channel
from bot.domain.events import ChannelRef, Event
from bot.domain.window import Trace
from bot.ports import Store
from tests.platforms.stage import ANA, BO, Answer, Said
from tests.playground.server import Rehearsal
from tests.slack.web_api import listening

Json = dict[str, Any]


class OnRehearsal:
    """What people do is sent as the page sends it."""

    def __init__(self, rehearsal: Rehearsal, client: httpx2.AsyncClient) -> None:
        self._rehearsal = rehearsal
        self._client = client
        world = rehearsal.world
        room = next(room for room in world.rooms if not room.invited_by)
        members = [person.id for person in world.people if not person.guest]
        self._people = {ANA: members[0], BO: members[1]}
        self._channel = room.id

    @property
    def told(self) -> list[Event]:
        return self._rehearsal.core.told

    async def invite(self) -> None:
        await self._do("invite", ANA)

    async def say(self, who: str, text: str, *, thread: str = "", to_kith: bool = False) -> str:
        said = await self._do("say", who, text=f"@Kith {text}" if to_kith else text, thread=thread or None)
        return str(said["id"])

    async def again(self) -> None:
        """The page sends nothing twice by itself; the core is told twice."""
        posted = next(event for event in reversed(self.told) if type(event).__name__ == "MessagePosted")
        await self._rehearsal.core.kith.receive(posted)

    async def edit(self, who: str, message: str, text: str) -> None:
        await self._do("edit", who, message=message, text=text)

    async def delete(self, who: str, message: str) -> None:
        await self._do("delete", who, message=message)

    async def react(self, who: str, message: str) -> None:
        await self._do("react", who, message=message, emoji=_REACTION)

    async def command(self, who: str, words: str) -> Answer:
        return await self._answered(who, "command", words=words)

    async def press(self, who: str, label: str) -> Answer:
        return await self._pressed(who, self._lines(None)[-1], label)

    async def press_own(self, who: str, answer: Answer, label: str) -> Answer:
        return await self._pressed(who, answer.form, label)

    async def submit(self, who: str, answer: Answer, **answers: str) -> Answer:
        form = answer.form
        whole = {
            field["id"]: field["value"] if field["kind"] == "some_of" else "".join(field["value"][:1])
            for field in form["fields"]
        }
        return await self._answered(who, "submit", form=form["id"], about=form["about"], answers=whole | answers)

    def said(self) -> Sequence[Said]:
        return [
            Said(line.message.plain, tuple(choice.label for choice in line.message.choices), line.thread)
            for line in self._lines(None)
            if line.message
        ]

    async def channel(self) -> Channel | None:
        return await self._store.channels.get(self._ref)

    async def traces(self) -> Sequence[Trace]:
        return (await self._store.traces.window(self._ref, self._rehearsal.world.clock.now())).traces

    @property
    def _ref(self) -> ChannelRef:
        return self._rehearsal.world.ref(self._channel)

    @property
    def _store(self) -> Store:
        return self._rehearsal.core.kith.house.store

    def _lines(self, only_for: str | None) -> list[Line]:
        here = (line for line in self._rehearsal.world.lines if line.channel == self._channel)
        return [line for line in here if line.author == KITH and line.only_for == only_for]

    async def _pressed(self, who: str, line: Line, label: str) -> Answer:
        assert line.message is not None
        choice = next(choice for choice in line.message.choices if choice.label == label)
        return await self._answered(who, "choose", message=line.id, choice=choice.id, about=choice.about)

    async def _answered(self, who: str, what: str, **more: object) -> Answer:
        before = len(self._lines(self._people[who]))
        answer = await self._do(what, who, **more)
        if "form" in answer:
            errors = {field["id"]: field["error"] for field in answer["form"]["fields"] if field["error"]}
            return Answer(form=answer["form"], errors=errors)
        told = self._lines(self._people[who])[before:]
        if not told or told[-1].message is None:
            return Answer()
        labels = tuple(choice.label for choice in told[-1].message.choices)
        return Answer(words=told[-1].message.plain, labels=labels, form=told[-1])

    async def _do(self, what: str, who: str, **more: object) -> Json:
        body = {"channel": self._channel, "persona": self._people[who], **more}
        answer = await self._client.post(f"/api/{what}", json=body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


_REACTION = "👍"


@asynccontextmanager
async def open_on_rehearsal() -> AsyncIterator[OnRehearsal]:
    rehearsal = Rehearsal()
    async with (
        listening(rehearsal.app) as address,
        httpx2.AsyncClient(base_url=address, trust_env=False, verify=False, timeout=20) as client,
    ):
        yield OnRehearsal(rehearsal, client)
