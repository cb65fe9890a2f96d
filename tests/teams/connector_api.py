"""A small Bot Connector for tests, with the sign-in and the key server beside it: answers what Kith asks over real
HTTP, keeps what it is sent, checks cards, and misbehaves on demand."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict, deque
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.teams.validity import faults_in_activity

Json = dict[str, Any]
APP, SECRET = "11111111-2222-3333-4444-555555555555", "an app's secret"
TENANT, OTHER_TENANT = "aaaaaaaa-0000-0000-0000-000000000001", "bbbbbbbb-0000-0000-0000-000000000002"
KITH = f"28:{APP}"
TEAM, IDEAS, PLANS, SHARED = (
    "19:team@thread.tacv2",
    "19:ideas@thread.tacv2",
    "19:plans@thread.tacv2",
    "19:sh@thread.tacv2",
)
CHAT = "19:chat@thread.v2"
ANA, BO, GUEST, ADMIN, STRANGER = "29:ana", "29:bo", "29:guest", "29:admin", "29:stranger"


class SigningKey:
    """A key pair, and the public half of it as the key server gives it."""

    def __init__(self, name: str, *, endorsements: tuple[str, ...] = ("msteams",)) -> None:
        self.name = name
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.public: Json = {
            **json.loads(RSAAlgorithm.to_jwk(self.private.public_key())),
            "kid": name,
            "use": "sig",
            "endorsements": list(endorsements),
        }


@dataclass(frozen=True)
class Call:
    """One request: method, path below the connector's address, body."""

    method: str
    path: str
    body: Json


@dataclass(frozen=True)
class Trouble:
    """How the next request to a path fails: a status with a code and headers, or a wait that outlasts patience."""

    status: int = 200
    code: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0


class FakeConnector:
    """One tenant's connector: a team with three channels, a chat, people; and the sign-in and the keys beside it."""

    def __init__(self, keys: list[SigningKey]) -> None:
        self.calls: list[Call] = []
        self.faults: list[str] = []
        self.troubles: dict[str, deque[Trouble]] = defaultdict(deque)
        self.keys = keys
        self.keys_delay = 0.0
        self.keys_status = 200
        self.key_fetches = 0
        self.tokens = 0
        self.valid = "token-1"
        self.address = ""
        self.team = {"id": TEAM, "name": "Product", "memberCount": 8, "channelCount": 3}
        self.channels: list[Json] = [
            {"id": TEAM, "name": None, "type": "standard"},
            {"id": IDEAS, "name": "ideas", "type": "standard"},
            {"id": PLANS, "name": "plans", "type": "standard"},
            {"id": SHARED, "name": "partners", "type": "shared"},
        ]
        self.people: dict[str, Json] = {
            ANA: {"aadObjectId": "d-ana"},
            BO: {"aadObjectId": "d-bo"},
            GUEST: {"userRole": "guest", "userPrincipalName": "g_x#EXT#@here.test"},
            ADMIN: {"aadObjectId": "d-admin"},
            STRANGER: {"tenantId": OTHER_TENANT},
        }
        self.members: dict[str, set[str]] = {
            TEAM: set(self.people) - {STRANGER},
            IDEAS: set(self.people) - {STRANGER},
            PLANS: {ANA, ADMIN},
            SHARED: set(self.people),
            CHAT: {ANA, BO},
        }
        self.alone: dict[str, str] = {}
        self._numbers = count(1)
        self._changed = asyncio.Condition()

    @property
    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/openid", self._configuration),
                Route("/keys", self._keys),
                Route("/login/{tenant}/oauth2/v2.0/token", self._token, methods=["POST"]),
                Route("/identity", self._identity),
                Route("/connector/{path:path}", self._connector, methods=["GET", "POST", "PUT", "DELETE"]),
            ]
        )

    @property
    def service_url(self) -> str:
        return f"{self.address}/connector/"

    def sent(self, conversation: str = "") -> list[Json]:
        """What was said, in this conversation or any thread of it, oldest first."""
        return [
            call.body
            for call in self.calls
            if call.method == "POST" and call.path.endswith("/activities") and conversation in call.path
        ]

    async def wait_for(self, conversation: str, times: int = 1) -> list[Json]:
        """What was said there, once it is so much."""
        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(lambda: len(self.sent(conversation)) >= times), 10)
        return self.sent(conversation)

    async def _configuration(self, _: Request) -> Response:
        self.key_fetches += 1
        await asyncio.sleep(self.keys_delay)
        told = {"issuer": "https://api.botframework.com", "jwks_uri": f"{self.address}/keys"}
        return JSONResponse(told, self.keys_status)

    async def _keys(self, _: Request) -> Response:
        return JSONResponse({"keys": [key.public for key in self.keys]})

    async def _token(self, request: Request) -> Response:
        form = await request.body()
        self.tokens += 1
        if request.path_params["tenant"] != TENANT or b"client_secret=an+app%27s+secret" not in form:
            return JSONResponse({"error": "invalid_client", "error_description": "Ana's fault"}, 401)
        return JSONResponse({"access_token": self.valid, "expires_in": 3600})

    async def _identity(self, request: Request) -> Response:
        good = request.headers.get("metadata") == "true" and request.query_params.get("client_id") == APP
        return JSONResponse({"access_token": self.valid, "expires_in": "3600"} if good else {"error": "bad"})

    async def _connector(self, request: Request) -> Response:
        raw = await request.body()
        path = "/" + request.path_params["path"]
        call = Call(request.method, path, json.loads(raw) if raw else {})
        if request.headers.get("authorization") not in (f"Bearer {self.valid}", None):
            return JSONResponse({"error": {"code": "Unauthorized"}}, 401)
        async with self._changed:
            self.calls.append(call)
            self._changed.notify_all()
        trouble = next((held for name, held in self.troubles.items() if name in path and held), None)
        if trouble:
            now = trouble.popleft()
            await asyncio.sleep(now.seconds)
            if now.status != 200:
                return JSONResponse({"error": {"code": now.code or "Error"}}, now.status, headers=now.headers)
        status, answer = self._answers(call)
        return JSONResponse(answer, status)

    def _answers(self, call: Call) -> tuple[int, Json]:
        match call.path.strip("/").split("/"):
            case ["v3", "conversations"]:
                person = call.body["members"][0]["id"]
                opened = self.alone.get(person)
                return (201, {"id": opened}) if opened else (403, {"error": {"code": "BotNotInConversationRoster"}})
            case ["v3", "conversations", conversation, "activities", *_]:
                self.faults += faults_in_activity(call.body)
                known = conversation.partition(";")[0] in {*self.members, *self.alone.values()}
                number = next(self._numbers)
                return (
                    (201, {"id": f"17724456{number:05d}"})
                    if known
                    else (404, {"error": {"code": "ConversationNotFound"}})
                )
            case ["v3", "conversations", conversation, "members", person]:
                found = next((name for name, p in self.people.items() if person in (name, p.get("aadObjectId"))), "")
                inside = found in self.members.get(conversation, {*self.people})
                whole = {"id": found, "tenantId": TENANT, "userRole": "user", **self.people.get(found, {})}
                return (200, whole) if found and inside else (404, {"error": {"code": "MemberNotFoundInConversation"}})
            case ["v3", "conversations", conversation, "pagedmembers"]:
                people = sorted(self.members.get(conversation, ()))
                return 200, {"members": [{"id": p, "tenantId": TENANT, **self.people[p]} for p in people]}
            case ["v3", "teams", team] if team == TEAM:
                return 200, self.team
            case ["v3", "teams", team, "conversations"] if team == TEAM:
                return 200, {"conversations": self.channels}
        self.faults.append(f"Kith called {call.method} {call.path}")
        return 404, {"error": {"code": "NotFound"}}
