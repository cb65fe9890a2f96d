"""The stage in Teams: the adapter over real HTTP, against the connector of our tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any

from bot.domain.channel import Channel, ChannelSettings
from bot.domain.events import Event
from bot.domain.window import Trace
from tests.platforms.stage import ANA, BO, Answer, Said
from tests.teams import connector_api as ids
from tests.teams.tenant import Tenant, buttons, card_of, open_tenant, words_of

Json = dict[str, Any]
PEOPLE = {ANA: ids.ANA, BO: ids.BO}


class OnTeams:
    """What people do is sent as the Bot Connector sends it."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._newest: Json = {}
        tenant.core.settings = ChannelSettings(profile="rehearsal")

    @property
    def told(self) -> list[Event]:
        return self._tenant.core.told

    async def invite(self) -> None:
        await self._tenant.install()

    async def say(self, who: str, text: str, *, thread: str = "", to_kith: bool = False) -> str:
        said = await self._tenant.say(f"<at>Kith</at> {text}" if to_kith else text, by=PEOPLE[who], thread=thread)
        self._newest = self._tenant.newest
        await self._tenant.tick()
        return said

    async def again(self) -> None:
        await self._tenant.send(self._newest)

    async def edit(self, who: str, message: str, text: str) -> None:
        changed = self._tenant.activity(
            "messageUpdate", PEOPLE[who], text=text, channelData={"eventType": "editMessage"}
        )
        await self._tenant.send(changed | {"id": message})

    async def delete(self, who: str, message: str) -> None:
        gone = self._tenant.activity("messageDelete", PEOPLE[who], channelData={"eventType": "softDeleteMessage"})
        await self._tenant.send(gone | {"id": message})

    async def react(self, who: str, message: str) -> None:
        liked = self._tenant.activity("messageReaction", PEOPLE[who], reactionsAdded=[{"type": "like"}])
        await self._tenant.send(liked | {"replyToId": message})

    async def command(self, who: str, words: str) -> Answer:
        """Somebody without a chat of their own with Kith: a hint, whose button shows the answer to whoever presses."""
        said = await self._tenant.ask(words, by=PEOPLE[who])
        await self._tenant.tick()
        show = buttons(said[-1]).get("Show it to me") if said and "attachments" in said[-1] else None
        return _answer(await self._tenant.press(show, by=PEOPLE[who])) if show else Answer()

    async def press(self, who: str, label: str) -> Answer:
        return await self._pressed(who, self._tenant.fake.sent(ids.IDEAS)[-1], label)

    async def press_own(self, who: str, answer: Answer, label: str) -> Answer:
        return await self._pressed(who, answer.form, label)

    async def submit(self, who: str, answer: Answer, **answers: str) -> Answer:
        card = card_of(answer.form)
        whole = {part["id"]: part.get("value", "") for part in card["body"] if part["type"].startswith("Input.")}
        whole |= {f"one.{name}": value for name, value in answers.items()}
        return _answer(await self._tenant.press(card["actions"][0], by=PEOPLE[who], **whole))

    def said(self) -> Sequence[Said]:
        found = []
        for call in self._tenant.fake.calls:
            if call.method == "POST" and call.path.endswith("/activities"):
                thread = call.path.removesuffix("/activities").partition(";messageid=")[2]
                labels = tuple(buttons(call.body)) if "attachments" in call.body else ()
                if labels != ("Show it to me",):
                    found.append(Said(words_of(call.body), labels, thread or None))
        return found

    async def channel(self) -> Channel | None:
        return await self._tenant.channel()

    async def traces(self) -> Sequence[Trace]:
        return await self._tenant.traces()

    async def _pressed(self, who: str, shown: Json, label: str) -> Answer:
        answer = await self._tenant.press(buttons(shown)[label], by=PEOPLE[who])
        await self._tenant.tick()
        return _answer(answer)


def _answer(shown: Json) -> Answer:
    if "task" not in shown:
        return Answer()
    body = card_of(shown)["body"]
    errors = {
        after["id"].partition(".")[2]: part["text"]
        for part, after in pairwise(body)
        if part.get("color") == "Attention"
    }
    is_form = any(part["type"].startswith("Input.") for part in body)
    words = "" if is_form else words_of(shown)
    return Answer(words=words, labels=() if is_form else tuple(buttons(shown)), form=shown, errors=errors)


@asynccontextmanager
async def open_on_teams() -> AsyncIterator[OnTeams]:
    async with open_tenant() as tenant:
        yield OnTeams(tenant)
