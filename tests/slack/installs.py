"""A Kith that any workspace may install: a browser, the events of several workspaces, and replicas over one store."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
from starlette.applications import Starlette

from adapters.slack import App, installed
from adapters.slack.chat import Pacer
from adapters.slack.installed import Installed
from adapters.storage.memory.store import MemoryStore
from adapters.switchboard import Switchboard
from bot.ports import House, Store
from bot.usecases.asking.deliver import deliver
from tests.readers import MarkedReader
from tests.slack.web_api import CLIENT, CLIENT_SECRET, KITH, FakeSlack, listening
from tests.slack.workspace import CONTENT, SECRET, Clock, RealCore, signed

Json = dict[str, Any]


class Replica:
    """One process of it: its door, its voice, and its own idea of which workspaces there are."""

    def __init__(self, address: str, clock: Clock, core: RealCore, slack: Installed, board: Switchboard) -> None:
        self.core = core
        self.slack = slack
        self.board = board
        self.address = address
        self._clock = clock
        self._numbers = count(1)

    async def event(self, event: Json, workspace: str, **around: object) -> int:
        """The status that an event of this workspace is answered with."""
        listed = [{"team_id": workspace, "user_id": KITH, "is_bot": True}]
        around = {"event_id": f"Ev{workspace}{next(self._numbers)}", "authorizations": listed, **around}
        body = {"type": "event_callback", "team_id": workspace, "event_time": 1772445600, "event": event, **around}
        return (await self.send(json.dumps(body), "application/json")).status_code

    async def command(self, words: str, workspace: str, channel: str = "C1") -> httpx2.Response:
        typed = {"command": "/kith", "text": words, "team_id": workspace, "channel_id": channel, "user_id": "U1ANA"}
        return await self.send(urlencode(typed), "application/x-www-form-urlencoded")

    async def send(self, body: str, kind: str) -> httpx2.Response:
        async with httpx2.AsyncClient(trust_env=False, timeout=20) as client:
            headers = {"content-type": kind, **signed(body, self._clock.now())}
            return await client.post(f"{self.address}/slack/events", content=body, headers=headers)

    async def deliver(self) -> None:
        await deliver(house=self.core.house, chat=self.board, now=self._clock.now)


class Browser:
    """Somebody who installs Kith, with or without the cookies that they were given."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._cookies: dict[str, str] = {}

    async def asks(self) -> str:
        """Open the first page; the state that its link carries to Slack."""
        page = await self.get("/slack/install")
        assert page.status_code == 200
        link = re.search(r'href="(https://slack\.com/oauth/v2/authorize[^"]+)"', page.text)
        assert link is not None
        asked = parse_qs(urlsplit(unescape(link[1])).query)
        assert asked["client_id"] == [CLIENT]
        assert "chat:write" in asked["scope"][0]
        return asked["state"][0]

    async def comes_back(self, **query: str) -> httpx2.Response:
        return await self.get(f"/slack/oauth_redirect?{urlencode(query)}")

    async def installs(self, fake: FakeSlack, workspace: str, **more: object) -> httpx2.Response:
        """The whole road; Slack grants a token for this workspace."""
        state = await self.asks()
        fake.grants[f"code-{workspace}"] = granted(workspace, **more)
        return await self.comes_back(state=state, code=f"code-{workspace}")

    async def get(self, path: str) -> httpx2.Response:
        """A page; cookies are brought back by hand, for a browser sends them over https alone."""
        sent = {"cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        async with httpx2.AsyncClient(trust_env=False, timeout=20) as client:
            answer = await client.get(self._address + path, headers=sent if self._cookies else {})
        for cookie in answer.headers.get_list("set-cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            assert all(word in cookie.lower() for word in ("httponly", "secure", "samesite=lax"))
            self._cookies[name] = value
        return answer


def granted(workspace: str, **more: object) -> Json:
    """What oauth.v2.access gives."""
    return {
        "app_id": "A0KITH",
        "team": {"id": workspace, "name": f"The {workspace} & friends"},
        "access_token": f"xoxb-{workspace}",
        "bot_user_id": KITH,
        "authed_user": {"id": "U1ANA"},
        "scope": "chat:write",
        **more,
    }


@asynccontextmanager
async def replica(fake: FakeSlack, clock: Clock, store: Store | None = None) -> AsyncIterator[Replica]:
    """One process over a store, reached over real HTTP."""
    house = House(store=store or MemoryStore(), reader=MarkedReader(), content=CONTENT)
    core, board = RealCore(house, clock), Switchboard({})
    app = App(
        client_id=CLIENT, client_secret=CLIENT_SECRET, signing_secret=SECRET, base_url=f"{fake.address}/api/", seconds=2
    )
    joining = installed(
        app, house.store, core, CONTENT, clock, connected=board.connect, gone=board.disconnect, pacer=Pacer(0)
    )
    async with joining as slack, listening(Starlette(routes=list(slack.routes))) as address:
        yield Replica(address, clock, core, slack, board)


@asynccontextmanager
async def fake_slack() -> AsyncIterator[FakeSlack]:
    """A Slack; at the end nothing that Kith sent may have been invalid."""
    fake = FakeSlack()
    async with listening(fake.app) as address:
        fake.address = address
        yield fake
    assert fake.faults == []
