"""Kith over a web socket: the same events and answers, where no address of its own can be reached."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import WSMsgType, web

from adapters.slack import connected
from adapters.slack.chat import Pacer
from adapters.storage.memory.store import MemoryStore
from bot.ports import House
from tests.readers import MarkedReader
from tests.slack.web_api import APP_TOKEN, KITH, TOKEN, WORKSPACE, FakeSlack, listening
from tests.slack.workspace import CONTENT, Clock, RealCore

Json = dict[str, Any]


class Socket:
    """Slack's end of the web socket: sends envelopes and waits for what Kith answers to each."""

    def __init__(self) -> None:
        self._link: asyncio.Future[web.WebSocketResponse] = asyncio.get_running_loop().create_future()
        self._answers: asyncio.Queue[Json] = asyncio.Queue()

    async def open(self, request: web.Request) -> web.WebSocketResponse:
        link = web.WebSocketResponse()
        await link.prepare(request)
        await link.send_json({"type": "hello", "num_connections": 1})
        self._link.set_result(link)
        async for message in link:
            if message.type is WSMsgType.TEXT and message.data.startswith("{"):
                await self._answers.put(json.loads(message.data))
        return link

    async def send(self, kind: str, payload: Json) -> Json:
        """The answer to one envelope; a request that Kith could not take is never answered."""
        link = await asyncio.wait_for(self._link, 10)
        await link.send_json(
            {"envelope_id": "e1", "type": kind, "payload": payload, "accepts_response_payload": kind != "events_api"}
        )
        return await asyncio.wait_for(self._answers.get(), 10)


@asynccontextmanager
async def linked(fake: FakeSlack) -> AsyncIterator[Socket]:
    socket = Socket()
    app = web.Application()
    app.router.add_get("/link", socket.open)
    runner = web.AppRunner(app, shutdown_timeout=0.2)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    fake.socket = f"ws://127.0.0.1:{port}/link"
    try:
        yield socket
    finally:
        await runner.cleanup()


async def test_events_and_commands_come_through_the_socket() -> None:
    fake, clock = FakeSlack(), Clock()
    core = RealCore(House(store=MemoryStore(), reader=MarkedReader(), content=CONTENT), clock)
    async with (
        listening(fake.app) as address,
        linked(fake) as socket,
        connected(TOKEN, base_url=f"{address}/api/", pacer=Pacer(0)) as workspace,
        workspace.socket(core, CONTENT, clock, app_token=APP_TOKEN),
    ):
        joined = {"type": "member_joined_channel", "user": KITH, "channel": "C1", "inviter": "U1ANA"}
        body = {"type": "event_callback", "team_id": WORKSPACE, "event_id": "Ev1", "event_time": 1772445600}
        assert await socket.send("events_api", body | {"event": joined}) == {"envelope_id": "e1"}
        assert [channel.channel for channel in await core.channels(WORKSPACE)] == ["C1"]
        command = {"command": "/kith", "text": "help", "channel_id": "C1", "user_id": "U1ANA", "team_id": WORKSPACE}
        answer = await socket.send("slash_commands", command | {"trigger_id": "t1"})
        assert answer["payload"]["response_type"] == "ephemeral"
        assert "/kith pause" in answer["payload"]["text"]
    assert fake.faults == []
