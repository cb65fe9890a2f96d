"""The stage in Slack: the adapter over real HTTP, against the Slack of our tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx2

from bot.domain.channel import Channel, ChannelSettings
from bot.domain.events import Event
from bot.domain.window import Trace
from tests.platforms.stage import ANA, BO, Answer, Said
from tests.slack.web_api import KITH
from tests.slack.workspace import Slack, open_slack

Json = dict[str, Any]
PEOPLE = {ANA: "U1ANA", BO: "U2BO"}


class OnSlack:
    """What people do is sent as Slack sends it."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack
        self._newest: Json = {}
        slack.core.settings = ChannelSettings(profile="rehearsal")

    @property
    def told(self) -> list[Event]:
        return self._slack.core.told

    async def invite(self) -> None:
        await self._slack.invite()

    async def say(self, who: str, text: str, *, thread: str = "", to_kith: bool = False) -> str:
        said = f"<@{KITH}> {text}" if to_kith else text
        more = {"thread_ts": thread} if thread else {}
        ts = await self._slack.say(PEOPLE[who], said, **more)
        self._newest = {"type": "message", "user": PEOPLE[who], "text": said, "ts": ts, "channel": "C1", **more}
        await self._slack.tick()
        return ts

    async def again(self) -> None:
        await self._slack.event(self._newest)

    async def edit(self, who: str, message: str, text: str) -> None:
        after = {"type": "message", "user": PEOPLE[who], "text": text, "ts": message}
        changed = {"subtype": "message_changed", "message": after, "previous_message": after | {"text": "before"}}
        await self._slack.event({"type": "message", "channel": "C1", **changed})

    async def delete(self, who: str, message: str) -> None:
        gone = {"subtype": "message_deleted", "deleted_ts": message}
        await self._slack.event({"type": "message", "channel": "C1", **gone})

    async def react(self, who: str, message: str) -> None:
        item = {"type": "message", "channel": "C1", "ts": message}
        await self._slack.event({"type": "reaction_added", "user": PEOPLE[who], "item": item})

    async def command(self, who: str, words: str) -> Answer:
        return await self._shown(await self._slack.command(words, by=PEOPLE[who]))

    async def press(self, who: str, label: str) -> Answer:
        return await self._pressed(who, self._slack.fake.called("chat.postMessage")[-1], label)

    async def press_own(self, who: str, answer: Answer, label: str) -> Answer:
        return await self._pressed(who, answer.form, label)

    async def submit(self, who: str, answer: Answer, **answers: str) -> Answer:
        kinds = {block["block_id"]: block["element"]["type"] for block in answer.form["blocks"] if "element" in block}
        given = {name: _put_in(kinds[name], value) for name, value in answers.items()}
        sent = await self._slack.submit(answer.form, by=PEOPLE[who], **given)
        shown: Json = sent.json()
        if shown.get("response_action") == "errors":
            return Answer(form=answer.form, errors=shown["errors"])
        return Answer(words=_words(shown["view"]["blocks"]), labels=tuple(_buttons(shown["view"])), form=shown["view"])

    def said(self) -> Sequence[Said]:
        return [
            Said(payload["text"], tuple(_buttons(payload)), payload.get("thread_ts"))
            for payload in self._slack.fake.called("chat.postMessage")
        ]

    async def channel(self) -> Channel | None:
        return await self._slack.channel()

    async def traces(self) -> Sequence[Trace]:
        return await self._slack.traces()

    async def _pressed(self, who: str, payload: Json, label: str) -> Answer:
        before = len(self._slack.fake.called("answer"))
        await self._slack.press(_buttons(payload)[label], by=PEOPLE[who])
        await self._slack.tick()
        answered = self._slack.fake.called("answer")[before:]
        return _answer(answered[-1]) if answered else Answer()

    async def _shown(self, response: httpx2.Response) -> Answer:
        if response.text:
            return _answer(response.json())
        views = self._slack.fake.called("views.open")
        return Answer(form=views[-1]["view"]) if views else Answer()


def _put_in(kind: str, value: str) -> Json:
    return {"selected_option": {"value": f"={value}"}} if kind == "radio_buttons" else {"value": value}


def _answer(payload: Json) -> Answer:
    assert payload["response_type"] == "ephemeral"
    return Answer(words=payload["text"], labels=tuple(_buttons(payload)), form=payload)


def _buttons(payload: Json) -> dict[str, Json]:
    return {
        element["text"]["text"]: element
        for block in payload.get("blocks", ())
        if block["type"] == "actions"
        for element in block["elements"]
    }


def _words(blocks: list[Json]) -> str:
    return "\n".join(block["text"]["text"] for block in blocks if "text" in block)


@asynccontextmanager
async def open_on_slack() -> AsyncIterator[OnSlack]:
    async with open_slack() as slack:
        yield OnSlack(slack)
