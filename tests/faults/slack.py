"""A Slack that is slow, refuses, fails and hangs up by turns, and counts what was said in it."""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections import Counter

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

WORKSPACE, KITH = "T0FAULTS", "U0KITH"
_RUN = re.compile(r"\b(?P<run>[0-9a-f]{12}-\d{8})\b")
"""The id of a check-in's run, as its buttons carry it."""


class MoodySlack:
    """Of five posts about one fails before anything is said and another takes half a second or three; of thirty one is
    said and its answer is lost with the connection."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self.well = True
        self.said: Counter[tuple[str, str]] = Counter()
        self.runs: Counter[str] = Counter()
        self.unanswered = 0

    @property
    def app(self) -> Starlette:
        return Starlette(routes=[Route("/api/{method}", self._method, methods=["GET", "POST"])])

    async def _method(self, request: Request) -> Response:
        match request.path_params["method"]:
            case "auth.test":
                return JSONResponse({"ok": True, "team_id": WORKSPACE, "user_id": KITH, "bot_id": "B0KITH"})
            case "users.info":
                user = {"id": request.query_params["user"], "team_id": WORKSPACE}
                return JSONResponse({"ok": True, "user": user})
            case "conversations.info":
                channel = {"id": request.query_params["channel"], "name": "talk", "is_member": True, "num_members": 9}
                return JSONResponse({"ok": True, "channel": channel})
            case "chat.postMessage":
                return await self._post(await request.json())
        return JSONResponse({"ok": False, "error": "unknown_method"})

    async def _post(self, asked: dict[str, object]) -> Response:
        mood = 1.0 if self.well else self._rng.random()
        if mood < 0.1:
            return JSONResponse({"ok": False, "error": "ratelimited"}, 429, headers={"retry-after": "1"})
        if mood < 0.2:
            return Response(status_code=503)
        if mood < 0.4:
            await asyncio.sleep(3.0 if mood < 0.22 else 0.5)
        self._note(asked)
        if mood > 0.97 and not self.well:
            self.unanswered += 1
            return _HungUp()
        return JSONResponse({"ok": True, "ts": f"1772445600.{self._posts():06}"})

    def _note(self, asked: dict[str, object]) -> None:
        run = _RUN.search(json.dumps(asked))
        if run:
            self.runs[run["run"]] += 1
        else:
            self.said[str(asked["channel"]), str(asked["text"])] += 1

    def _posts(self) -> int:
        return self.said.total() + self.runs.total()


class _HungUp(Response):
    """An answer that breaks off: the server promises more than it sends, and closes the connection."""

    async def __call__(self, scope: object, receive: object, send: object) -> None:
        assert callable(send)
        headers = [(b"content-type", b"application/json"), (b"content-length", b"64")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
