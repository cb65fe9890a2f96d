"""A tenant with Kith in it: the real core on the twin, the real adapter, and a connector of our own, over real HTTP."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

import httpx2
import jwt
from starlette.applications import Starlette

from adapters.prompt_files import shipped_content
from adapters.storage.memory.store import MemoryStore
from adapters.teams import ISSUER, PATH, Teams, by_secret, connected
from bot.domain.channel import Channel, ChannelSettings
from bot.domain.content import Content
from bot.domain.events import ChannelRef, Event
from bot.domain.speech import Reply
from bot.domain.window import Trace
from bot.ports import House, Store
from bot.usecases import alone
from bot.usecases.asking.deliver import deliver
from bot.usecases.asking.look import look_over_due
from bot.usecases.check_ins.clock import fire_due
from bot.usecases.command import COMMANDS
from bot.usecases.receive import receive
from bot.usecases.workspaces.holding import words_in
from tests.readers import MarkedReader
from tests.slack.web_api import listening
from tests.talk import at
from tests.teams.connector_api import (
    ADMIN,
    ANA,
    APP,
    CHAT,
    IDEAS,
    KITH,
    SECRET,
    TEAM,
    TENANT,
    FakeConnector,
    SigningKey,
)
from tests.teams.validity import faults_in_answer

Json = dict[str, Any]
CONTENT = shipped_content()


@cache
def key_named(name: str) -> SigningKey:
    """A key of the Bot Connector; made once, because making one takes a while."""
    return SigningKey(name)


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    moment: datetime = field(default_factory=lambda: at("mon 09:00"))

    def now(self) -> datetime:
        return self.moment


class RealCore:
    """The use cases, joined as bootstrap joins them; `told` is everything that came in."""

    def __init__(self, house: House, clock: Clock) -> None:
        self.house = house
        self.told: list[Event] = []
        self.settings = ChannelSettings()
        self._clock = clock

    async def receive(self, event: Event) -> Reply | None:
        self.told.append(event)
        return await receive(event, house=self.house, now=self._clock.now(), settings=self.settings)

    async def names(self, workspace: str) -> Mapping[ChannelRef, str]:
        return {channel.ref: channel.name for channel in await self.house.store.channels.all(workspace)}

    async def words(self, channel: ChannelRef) -> Content:
        return await words_in(channel, house=self.house)

    async def may_read(self, workspace: str, person: str) -> bool:
        return not await self.house.store.choices.opted_out(workspace, person)


class Tenant:
    """People's hands in the tenant: what they do is sent as the Bot Connector sends it, signed."""

    def __init__(self, fake: FakeConnector, core: RealCore, teams: Teams, clock: Clock, door: str) -> None:
        self.fake = fake
        self.core = core
        self.teams = teams
        self.clock = clock
        self.newest: Json = {}
        self._client = httpx2.AsyncClient(base_url=door, trust_env=False, timeout=20, verify=False)
        self._numbers = count(1)

    async def knock(self, body: bytes | str, **headers: str) -> httpx2.Response:
        """Exactly this request."""
        return await self._client.post(PATH, content=body, headers={"content-type": "application/json", **headers})

    async def look(self) -> httpx2.Response:
        """The door, as a browser would open it."""
        return await self._client.get(PATH)

    async def send(self, activity: Json) -> httpx2.Response:
        """An activity with a token that is good for it."""
        answer = await self.knock(json.dumps(activity), authorization=token(self.fake.service_url))
        if answer.status_code == 200 and answer.content:
            self.fake.faults += faults_in_answer(answer.json())
        return answer

    def activity(self, kind: str, by: str = ANA, channel: str = IDEAS, **more: Any) -> Json:
        """An activity in a channel, or, where `channel` is not one of the team's, in a chat."""
        number = next(self._numbers)
        stamp = int(self.clock.now().timestamp() * 1000) + number
        inside = channel.partition(";")[0].endswith("tacv2")
        alone = channel in self.fake.alone.values()
        conversation_type = "channel" if inside else "personal" if alone else "groupChat"
        data: Json = {"tenant": {"id": TENANT}}
        if inside:
            data |= {"team": {"id": TEAM}, "channel": {"id": channel.partition(";")[0]}}
        return {
            "type": kind,
            "id": str(stamp),
            "timestamp": self.clock.now().isoformat(),
            "channelId": "msteams",
            "serviceUrl": self.fake.service_url,
            "from": {"id": by, "name": "Somebody", **_directory(self.fake, by)},
            "recipient": {"id": KITH, "name": "Kith"},
            "conversation": {"id": channel, "conversationType": conversation_type, "tenantId": TENANT},
            "channelData": data | more.pop("channelData", {}),
            **more,
        }

    async def install(self, channel: str = IDEAS, by: str = ANA) -> None:
        """Install Kith where this channel is, and let it introduce itself."""
        chosen = {"settings": {"selectedChannel": {"id": channel}}} if channel.endswith("tacv2") else {}
        place = TEAM if channel.endswith("tacv2") else channel
        installed = self.activity("installationUpdate", by, place, action="add", channelData=chosen)
        assert (await self.send(installed)).status_code == 200
        await self.tick()

    async def install_alone(self, by: str = ANA) -> str:
        """Somebody installs Kith for themselves; gives their chat with it."""
        chat = self.fake.alone.setdefault(by, f"a:{by[3:]}")
        assert (await self.send(self.activity("installationUpdate", by, chat, action="add"))).status_code == 200
        return chat

    async def say(self, text: str, by: str = ANA, channel: str = IDEAS, thread: str = "", **more: Any) -> str:
        """Write a message; gives its id."""
        said = self.activity("message", by, channel, text=text, **more)
        self.newest = said
        if channel.endswith("tacv2"):
            said["conversation"]["id"] = f"{channel};messageid={thread or said['id']}"
        if "<at>Kith</at>" in text:
            said["entities"] = [{"type": "mention", "text": "<at>Kith</at>", "mentioned": {"id": KITH, "name": "Kith"}}]
        assert (await self.send(said)).status_code == 200
        return str(said["id"])

    async def ask(self, words: str, by: str = ANA, channel: str = IDEAS) -> list[Json]:
        """Mention Kith with these words; gives what it said to that."""
        before = len(self.fake.sent())
        await self.say(f"<at>Kith</at> {words}", by, channel)
        return self.fake.sent()[before:]

    async def press(self, button: Json, by: str = ANA, channel: str = IDEAS, **inputs: str) -> Json:
        """Press a button that Kith sent, or send the form it stands on with these inputs; gives what is shown."""
        if button["type"] == "Action.Execute":
            action = {"type": "Action.Execute", "verb": button["verb"], "data": button["data"] | inputs}
            return await self.invoke("adaptiveCard/action", {"action": action, "trigger": "manual"}, by, channel)
        opens = button["data"].get("msteams", {}).get("type") == "task/fetch"
        name = "task/fetch" if opens else "task/submit"
        return await self.invoke(name, {"data": button["data"] | inputs, "context": {"theme": "default"}}, by, channel)

    async def invoke(self, name: str, value: Json, by: str = ANA, channel: str = IDEAS) -> Json:
        answer = await self.send(self.activity("invoke", by, channel, name=name, value=value))
        assert answer.status_code == 200, answer.status_code
        return dict(answer.json()) if answer.content else {}

    async def tick(self) -> None:
        """Let Kith do what is due."""
        await look_over_due(house=self.core.house, now=self.clock.now())
        await fire_due(house=self.core.house, now=self.clock.now)
        await deliver(house=self.core.house, chat=self.teams.chat, now=self.clock.now)

    async def channel(self, channel: str = IDEAS) -> Channel | None:
        return await self.core.house.store.channels.get(ChannelRef(TENANT, channel))

    async def traces(self, channel: str = IDEAS) -> Sequence[Trace]:
        """What Kith kept of the messages of the present window."""
        at_ = self.clock.now() + timedelta(hours=2)
        return (await self.core.house.store.traces.window(ChannelRef(TENANT, channel), at_)).traces

    def later(self, **by: float) -> None:
        self.clock.moment += timedelta(**by)

    async def close(self) -> None:
        await self._client.aclose()


def _directory(fake: FakeConnector, person: str) -> Json:
    known = fake.people.get(person, {}).get("aadObjectId")
    return {"aadObjectId": known} if known else {}


def token(service_url: str, *, key: SigningKey | None = None, kid: str | None = "k1", **claims: object) -> str:
    """A token as the Bot Connector gives it, but for these claims (None: without it)."""
    now = int(datetime.now().timestamp())  # noqa: DTZ005, TID251 - a token is for the real time
    whole: Json = {"iss": ISSUER, "aud": APP, "serviceurl": service_url, "nbf": now - 10, "exp": now + 600, **claims}
    kept = {name: value for name, value in whole.items() if value is not None}
    headers = {"kid": kid} if kid else {}
    return "Bearer " + jwt.encode(kept, (key or key_named("k1")).private, algorithm="RS256", headers=headers)


def card_of(shown: Json) -> Json:
    """The card in a message that Kith sent, or in what it showed."""
    if "attachments" in shown:
        return dict(shown["attachments"][0]["content"])
    if "task" in shown:
        return dict(shown["task"]["value"]["card"]["content"])
    return dict(shown["value"])


def buttons(shown: Json) -> dict[str, Json]:
    """Its buttons, by title."""
    return {action["title"]: action for action in card_of(shown).get("actions", [])}


def words_of(shown: Json) -> str:
    """What is said in it."""
    return str(shown.get("text") or card_of(shown)["fallbackText"])


@asynccontextmanager
async def standing(fake: FakeConnector) -> AsyncIterator[str]:
    """The address of a connector, which stands already or for as long as this lasts."""
    if fake.address:
        yield fake.address
        return
    async with listening(fake.app) as address:
        fake.address = address
        yield address


@asynccontextmanager
async def open_tenant(
    *, store: Store | None = None, fake: FakeConnector | None = None, clock: Clock | None = None, pause: float = 60
) -> AsyncIterator[Tenant]:
    """Everything running; at the end, nothing that Kith sent may have been invalid."""
    fake, clock = fake or FakeConnector([key_named("k1")]), clock or Clock()
    house = House(store=store or MemoryStore(), reader=MarkedReader(), content=CONTENT)
    core = RealCore(house, clock)
    async with standing(fake) as address:
        joined = connected(
            house.store.addresses,
            app=APP,
            tenants=frozenset({TENANT}),
            token=by_secret(f"{address}/login", TENANT, APP, SECRET),
            keys_url=f"{address}/openid",
            issuer=ISSUER,
            near=frozenset({f"{address}/connector"}),
            seconds=5,
            pause=pause,
            paced=False,
        )
        async with joined as teams:
            routes = teams.door(
                core, CONTENT, clock, words=COMMANDS, alone=alone.COMMANDS, admins=frozenset({"d-admin"})
            )
            async with listening(Starlette(routes=list(routes))) as door:
                tenant = Tenant(fake, core, teams, clock, door)
                try:
                    yield tenant
                finally:
                    await tenant.close()
    assert fake.faults == []


__all__ = ["ADMIN", "CHAT", "Tenant", "open_tenant"]
