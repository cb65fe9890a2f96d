"""A workspace with Kith in it: the real core on the twin, the real adapter, and a Slack of our own, over real HTTP."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import urlencode

import httpx2
from starlette.applications import Starlette

from adapters.almanac import LibraryAlmanac
from adapters.prompt_files import shipped_content
from adapters.slack import PATH, Workspace, connected
from adapters.slack.chat import Pacer
from adapters.storage.memory.store import MemoryStore
from bot.domain.channel import Channel, ChannelSettings
from bot.domain.content import Content
from bot.domain.events import ChannelRef, Event, Standing
from bot.domain.home import HomePage
from bot.domain.installation import Installation
from bot.domain.speech import Reply
from bot.domain.window import Trace
from bot.ports import Clock as ClockPort
from bot.ports import House
from bot.usecases.asking.deliver import deliver
from bot.usecases.asking.look import look_over_due
from bot.usecases.channels.home import home_page
from bot.usecases.check_ins.clock import fire_due
from bot.usecases.receive import receive
from bot.usecases.workspaces.holding import words_in
from bot.usecases.workspaces.install import end, install
from tests.readers import MarkedReader
from tests.slack.web_api import KITH, TOKEN, WORKSPACE, FakeSlack, listening
from tests.talk import at

Json = dict[str, Any]
SECRET = "a signing secret"
CONTENT = shipped_content()


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    moment: datetime = field(default_factory=lambda: at("mon 09:00"))

    def now(self) -> datetime:
        return self.moment


class RealCore:
    """The use cases, joined as bootstrap joins them; `told` is everything that came in, `goes_on` holds it up."""

    def __init__(self, house: House, clock: ClockPort) -> None:
        self.house = house
        self.told: list[Event] = []
        self.goes_on = asyncio.Event()
        self.goes_on.set()
        self.settings = ChannelSettings()
        self._clock = clock

    async def receive(self, event: Event) -> Reply | None:
        self.told.append(event)
        await self.goes_on.wait()
        return await receive(event, house=self.house, now=self._clock.now(), settings=self.settings)

    async def channels(self, workspace: str) -> Sequence[ChannelRef]:
        return [channel.ref for channel in await self.house.store.channels.all(workspace)]

    async def home(
        self, workspace: str, person: str, among: frozenset[str], *, standing: Standing, acts_in: str = ""
    ) -> HomePage:
        return await home_page(workspace, person, among=among, house=self.house, standing=standing, acts_in=acts_in)

    async def installed(self, installation: Installation) -> None:
        await install(installation, house=self.house, now=self._clock.now())

    async def ended(self, workspace: str, *, revoked: bool) -> None:
        await end(workspace, house=self.house, now=self._clock.now(), revoked=revoked)

    async def words(self, channel: ChannelRef) -> Content:
        return await words_in(channel, house=self.house)

    async def may_read(self, workspace: str, person: str) -> bool:
        return not await self.house.store.choices.opted_out(workspace, person)


class Slack:
    """A person's hands in the workspace: what they do is sent as Slack sends it, signed."""

    def __init__(self, fake: FakeSlack, core: RealCore, workspace: Workspace, clock: Clock, door: str) -> None:
        self.fake = fake
        self.core = core
        self.workspace = workspace
        self.clock = clock
        self.app = Starlette()
        """The door itself, to be called in this process."""
        self._client = httpx2.AsyncClient(base_url=door, trust_env=False, timeout=20, verify=False)
        self._numbers = count(1)

    async def knock(self, body: bytes | str, **headers: str) -> httpx2.Response:
        """Exactly this request."""
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        return await self._client.post(PATH, content=body, headers=raw)

    async def send(self, body: str, kind: str = "application/json", **headers: str) -> httpx2.Response:
        """A request signed now."""
        return await self.knock(body, **{"content-type": kind}, **signed(body, self.clock.now()), **headers)

    async def call(self, body: str, kind: str) -> int:
        """The status of a request signed now, without a socket between."""
        raw = body.encode()
        headers = {"content-type": kind, "content-length": str(len(raw)), **signed(raw, self.clock.now())}
        sent = [(name.encode(), value.encode()) for name, value in headers.items()]
        request = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "path": PATH}
        scope = request | {"raw_path": PATH.encode(), "query_string": b"", "headers": sent, "scheme": "http"}
        statuses: list[int] = []

        async def receive() -> Json:
            return {"type": "http.request", "body": raw, "more_body": False}

        async def send(message: Any) -> None:
            statuses.extend([message["status"]] if message["type"] == "http.response.start" else [])

        await self.app(scope, receive, send)
        return statuses[0]

    async def event(self, event: Json, *, name: str | None = None, **around: object) -> httpx2.Response:
        """An event of the Events API, under a name of its own unless one is given."""
        body = {
            "type": "event_callback",
            "team_id": WORKSPACE,
            "event_id": name or f"Ev{next(self._numbers)}",
            "event_time": int(self.clock.now().timestamp()),
            "authorizations": [{"team_id": WORKSPACE, "user_id": KITH, "is_bot": True}],
            "event": event,
            **around,
        }
        return await self.send(json.dumps(body))

    async def invite(self, channel: str = "C1", by: str = "U1ANA") -> None:
        """Bring Kith in, and let it introduce itself."""
        joined = {"type": "member_joined_channel", "user": KITH, "channel": channel, "inviter": by}
        assert (await self.event(joined)).status_code == 200
        await self.tick()

    async def say(self, by: str, text: str, channel: str = "C1", **more: object) -> str:
        """Write a message; its timestamp is its id."""
        ts = f"{int(self.clock.now().timestamp())}.{next(self._numbers):06d}"
        posted = {"type": "message", "user": by, "text": text, "ts": ts, "channel": channel, "channel_type": "channel"}
        assert (await self.event(posted | more)).status_code == 200
        return ts

    async def command(self, words: str, by: str = "U1ANA", channel: str = "C1") -> httpx2.Response:
        """Type /kith and these words."""
        return await self.form(
            {
                "command": "/kith",
                "text": words,
                "team_id": WORKSPACE,
                "channel_id": channel,
                "user_id": by,
                "trigger_id": "trigger-1",
                "response_url": f"{self.fake.address}/answer/command",
            }
        )

    async def press(self, button: Json, by: str = "U1ANA", channel: str = "C1", **more: object) -> httpx2.Response:
        """Press a button that Kith sent."""
        return await self.interact(
            {
                "type": "block_actions",
                "user": {"id": by, "team_id": WORKSPACE},
                "channel": {"id": channel},
                "container": {"type": "message", "channel_id": channel, "message_ts": "1772445600.000001"},
                "trigger_id": "trigger-2",
                "response_url": f"{self.fake.address}/answer/button",
                "actions": [button | {"block_id": "b"}],
                **more,
            }
        )

    async def submit(self, view: Json, by: str = "U1ANA", **answers: Json) -> httpx2.Response:
        """Send a modal that Kith opened, with these answers put in."""
        values = {block["block_id"]: {"answer": _state(block)} for block in view["blocks"] if block["type"] == "input"}
        for field_id, state in answers.items():
            values[field_id] = {"answer": values.get(field_id, {}).get("answer", {}) | state}
        sent = view | {"id": "V1", "state": {"values": values}}
        user = {"id": by, "team_id": WORKSPACE}
        return await self.interact({"type": "view_submission", "user": user, "trigger_id": "trigger-3", "view": sent})

    async def interact(self, payload: Json) -> httpx2.Response:
        """Any interaction."""
        return await self.form({"payload": json.dumps({"team": {"id": WORKSPACE}, "token": "x", **payload})})

    async def form(self, fields: dict[str, str]) -> httpx2.Response:
        return await self.send(urlencode(fields), "application/x-www-form-urlencoded")

    async def tick(self) -> None:
        """Let Kith do what is due."""
        await look_over_due(house=self.core.house, now=self.clock.now())
        await fire_due(house=self.core.house, now=self.clock.now)
        await deliver(house=self.core.house, chat=self.workspace.chat, now=self.clock.now)

    async def channel(self, channel: str = "C1") -> Channel | None:
        return await self.core.house.store.channels.get(ChannelRef(WORKSPACE, channel))

    async def traces(self, channel: str = "C1") -> Sequence[Trace]:
        """What Kith kept of the messages of the present window, the last hour's and the next one's among them."""
        at = self.clock.now() + timedelta(hours=2)
        return (await self.core.house.store.traces.window(ChannelRef(WORKSPACE, channel), at)).traces

    async def later(self, **by: float) -> None:
        self.clock.moment += timedelta(**by)

    async def close(self) -> None:
        await self._client.aclose()


def _state(block: Json) -> Json:
    element = block["element"]
    return {
        "type": element["type"],
        "selected_option": element.get("initial_option"),
        "selected_options": element.get("initial_options", []),
        "selected_time": element.get("initial_time"),
        "value": element.get("initial_value"),
    }


def signed(body: bytes | str, now: datetime, *, secret: str = SECRET) -> dict[str, str]:
    """The two headers that Slack signs a request with."""
    raw = body.encode() if isinstance(body, str) else body
    stamp = str(int(now.timestamp()))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + raw, hashlib.sha256).hexdigest()
    return {"x-slack-request-timestamp": stamp, "x-slack-signature": f"v0={digest}"}


@asynccontextmanager
async def open_slack(*, patience: float = 2.3, seconds: float = 5) -> AsyncIterator[Slack]:
    """Everything running; at the end, nothing that Kith sent may have been invalid, and nothing called that it has no
    business with."""
    fake, clock = FakeSlack(), Clock()
    house = House(store=MemoryStore(), reader=MarkedReader(), content=CONTENT, almanac=LibraryAlmanac())
    core = RealCore(house, clock)
    async with listening(fake.app) as address:
        fake.address = address
        async with connected(TOKEN, base_url=f"{address}/api/", seconds=seconds, pacer=Pacer(0)) as workspace:
            opened = workspace.door(core, house.content, clock, signing_secret=SECRET, patience=patience)
            async with opened as routes, listening(app := Starlette(routes=list(routes))) as door:
                slack = Slack(fake, core, workspace, clock, door)
                slack.app = app
                try:
                    yield slack
                finally:
                    await slack.close()
    assert fake.faults == []
