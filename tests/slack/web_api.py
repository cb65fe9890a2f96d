"""A small Slack for tests: answers the methods Kith uses over real HTTP, checks blocks, and misbehaves on demand."""

from __future__ import annotations

import asyncio
import base64
import json
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.slack.validity import faults_in_message, faults_in_view

Json = dict[str, Any]
TOKEN, APP_TOKEN = "xoxb-test", "xapp-test"
CLIENT, CLIENT_SECRET = "1.2", "the app's own secret"
WORKSPACE, KITH = "T1", "U0KITH"


@dataclass(frozen=True)
class Call:
    """One call of a method, or an answer sent to a response address (method "answer")."""

    method: str
    arguments: Json


@dataclass(frozen=True)
class Trouble:
    """How a method fails next: an error code, a status with headers, or a wait that outlasts patience."""

    error: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0


class FakeSlack:
    """One workspace: who is in it, which channels it has, and what Kith did there."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.faults: list[str] = []
        self.spoken_by: list[tuple[str, str]] = []
        """Each method called, and the workspace whose token it was called with."""
        self.troubles: dict[str, deque[Trouble]] = defaultdict(deque)
        self.users: dict[str, Json] = {
            "U1ANA": {},
            "U2BO": {},
            "U3GUEST": {"is_restricted": True},
            "U4ADMIN": {"is_admin": True},
            "U5OUT": {"team_id": "T2OTHER"},
        }
        self.channels: dict[str, Json] = {
            "C1": {"name": "ideas", "is_member": True, "num_members": 8, "purpose": {"value": "Where we think aloud"}},
            "C2": {"name": "partners", "is_member": True, "num_members": 9, "is_ext_shared": True},
            "C3": {"name": "elsewhere", "is_member": False, "num_members": 3},
        }
        self.members: dict[str, set[str]] = {"C1": {"U1ANA", "U2BO", "U4ADMIN"}, "C2": {"U1ANA"}}
        self.scopes = self.date = ""
        """What auth.test says in its headers, where that is not left out."""
        self.tokens: dict[str, str] = {TOKEN: WORKSPACE}
        self.grants: dict[str, Json] = {}
        """What oauth.v2.access gives for a code or a refresh token, once."""
        self.address = ""
        self.socket = ""
        self._numbers = count(1)
        self._changed = asyncio.Condition()

    def revoke(self, workspace: str) -> None:
        """Kith's tokens in a workspace work no more, as when somebody takes it out."""
        self.tokens = {token: where for token, where in self.tokens.items() if where != workspace}

    @property
    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/api/{method}", self._method, methods=["GET", "POST"]),
                Route("/answer/{name}", self._answer, methods=["POST"]),
            ]
        )

    @property
    def methods(self) -> list[str]:
        return [call.method for call in self.calls]

    def called(self, method: str) -> list[Json]:
        """The arguments of every call of this method, oldest first."""
        return [call.arguments for call in self.calls if call.method == method]

    async def wait_for(self, method: str, times: int = 1) -> list[Json]:
        """The arguments of this method's calls, once there are so many."""
        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(lambda: len(self.called(method)) >= times), 10)
        return self.called(method)

    async def _note(self, method: str, arguments: Json) -> None:
        async with self._changed:
            self.calls.append(Call(method, arguments))
            self._changed.notify_all()

    async def _method(self, request: Request) -> Response:
        method = request.path_params["method"]
        if method == "oauth.v2.access":
            return await self._access(request)
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        if bearer != APP_TOKEN if method == "apps.connections.open" else bearer not in self.tokens:
            return JSONResponse({"ok": False, "error": "invalid_auth"})
        is_json = request.headers.get("content-type", "").startswith("application/json")
        arguments = await request.json() if is_json else dict(request.query_params)
        await self._note(method, arguments)
        self.spoken_by.append((method, self.tokens.get(bearer, "")))
        if self.troubles[method]:
            trouble = self.troubles[method].popleft()
            await asyncio.sleep(trouble.seconds)
            if trouble.error or trouble.status != 200:
                body = {"ok": False, "error": trouble.error} if trouble.error else {}
                return JSONResponse(body, trouble.status, headers=trouble.headers)
        answer = self._answers(method, arguments, self.tokens.get(bearer, ""))
        headers = {"x-oauth-scopes": self.scopes, "date": self.date} if method == "auth.test" else {}
        given = {name: value for name, value in headers.items() if value}
        return JSONResponse(answer if "error" in answer else {"ok": True, **answer}, headers=given)

    async def _access(self, request: Request) -> Response:
        """Tokens for a code or a refresh token, which are good for once, to the app that says who it is."""
        given = dict(parse_qsl((await request.body()).decode()))
        await self._note("oauth.v2.access", given)
        if self.troubles["oauth.v2.access"]:
            trouble = self.troubles["oauth.v2.access"].popleft()
            await asyncio.sleep(trouble.seconds)
            body = {"ok": False, "error": trouble.error} if trouble.error else {}
            return JSONResponse(body, trouble.status, headers=trouble.headers)
        known = "Basic " + base64.b64encode(f"{CLIENT}:{CLIENT_SECRET}".encode()).decode()
        if request.headers.get("authorization") != known:
            return JSONResponse({"ok": False, "error": "bad_client_secret"})
        renewing = given.get("grant_type") == "refresh_token"
        grant = self.grants.pop(given["refresh_token" if renewing else "code"], None)
        if grant is None:
            return JSONResponse({"ok": False, "error": "invalid_refresh_token" if renewing else "invalid_code"})
        if grant.get("access_token"):
            self.tokens[grant["access_token"]] = (grant.get("team") or {}).get("id", "")
        return JSONResponse({"ok": True, "token_type": "bot", **grant})

    async def _answer(self, request: Request) -> Response:
        payload = json.loads(await request.body())
        self.faults += faults_in_message(payload)
        await self._note("answer", payload)
        return Response("ok")

    def _answers(self, method: str, asked: Json, workspace: str) -> Json:
        match method:
            case "auth.test":
                return {"team_id": workspace, "user_id": KITH, "bot_id": "B0KITH"}
            case "users.info":
                known = self.users.get(asked["user"])
                whole = {"id": asked["user"], "team_id": workspace, **(known or {})}
                return {"error": "user_not_found"} if known is None else {"user": whole}
            case "conversations.info":
                channel = self.channels.get(asked["channel"])
                return (
                    {"error": "channel_not_found"}
                    if channel is None
                    else {"channel": {"id": asked["channel"], **channel}}
                )
            case "users.conversations":
                return self._page(sorted(c for c, people in self.members.items() if asked["user"] in people), asked)
            case "chat.postMessage":
                self.faults += faults_in_message(asked)
                there = asked["channel"] in self.channels or asked["channel"].startswith("D")
                return {"ts": f"1772445600.{next(self._numbers):06d}"} if there else {"error": "channel_not_found"}
            case "views.open" | "views.push" | "views.update" | "views.publish":
                self.faults += faults_in_view(asked["view"])
                return {"view": {"id": "V1"}}
            case "conversations.leave":
                return {}
            case "apps.connections.open":
                return {"url": self.socket}
        self.faults.append(f"Kith called {method}")
        return {"error": "unknown_method"}

    def _page(self, channels: list[str], asked: Json) -> Json:
        """One channel a page, so that paging is always met."""
        at = int(asked.get("cursor") or 0)
        following = str(at + 1) if at + 1 < len(channels) else ""
        return {
            "channels": [{"id": channel} for channel in channels[at : at + 1]],
            "response_metadata": {"next_cursor": following},
        }


class _Server(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, app: Any, port: int) -> None:
        super().__init__(uvicorn.Config(app, port=port, log_level="warning", timeout_graceful_shutdown=1, ws="none"))
        self.listening = asyncio.Event()
        self.enough = asyncio.Event()

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup()
        self.listening.set()

    async def main_loop(self) -> None:
        """Serve until told otherwise, without looking ten times a second whether to stop."""
        await self.enough.wait()

    async def shutdown(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        """Close at once, without the tenth of a second that uvicorn gives strangers to go."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        for _ in range(100):
            if not self.server_state.connections:
                break
            await asyncio.sleep(0.001)
        await self.lifespan.shutdown()


@asynccontextmanager
async def listening(app: Any, *, port: int = 0) -> AsyncIterator[str]:
    """The address of an ASGI app on this port of this machine, or on any free one."""
    server = _Server(app, port)
    running = asyncio.create_task(server.serve())
    await server.listening.wait()
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.enough.set()
        await running
