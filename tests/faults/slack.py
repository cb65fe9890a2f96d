"""A Slack that is slow, refuses and fails by turns, and counts what was said in it."""

from __future__ import annotations

import asyncio
import random
from collections import Counter

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

WORKSPACE, KITH = "T0FAULTS", "U0KITH"


class MoodySlack:
    """Of five posts about one fails before anything is said, and another takes half a second."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self.well = True
        self.said: Counter[tuple[str, str]] = Counter()

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

    async def _post(self, asked: dict[str, str]) -> Response:
        mood = 1.0 if self.well else self._rng.random()
        if mood < 0.1:
            return JSONResponse({"ok": False, "error": "ratelimited"}, 429, headers={"retry-after": "1"})
        if mood < 0.2:
            return Response(status_code=503)
        if mood < 0.4:
            await asyncio.sleep(0.5)
        self.said[asked["channel"], asked["text"]] += 1
        return JSONResponse({"ok": True, "ts": f"1772445600.{self.said.total():06}"})
