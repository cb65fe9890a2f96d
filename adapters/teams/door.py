"""The HTTP door of Teams: checks who knocks before it believes what they say, and hands it on."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence

import orjson
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from adapters.teams.admission import Admission, RefusedError
from adapters.teams.shapes import Json
from adapters.teams.turns import Answer, UnreadableError
from bot.errors import KithError

_log = logging.getLogger("kith.teams")

PATH = "/api/messages"
"""The one address for everything, as the Bot Connector expects it."""

LARGEST = 512_000
"""Bytes of a request; a message may have some 28,000, a message that an action is used on a few times that."""

Take = Callable[[Json], Awaitable[Answer]]


def door(take: Take, admission: Admission) -> Sequence[BaseRoute]:
    """The door as routes.

    413 for more than LARGEST bytes, 401 without a valid token, 400 for what is no activity, 403 for a tenant or an
    address that Kith is not for; nothing else happens then. 503 for what could not be kept.
    """

    async def knock(request: Request) -> Response:
        header = request.headers.get("authorization", "")
        if admission.needs_token and not header:
            return PlainTextResponse("no token", 401)
        body = await _read(request)
        if body is None:
            return PlainTextResponse("too large", 413)
        activity = _activity(body)
        if activity is None:
            return PlainTextResponse("not an activity", 400)
        try:
            await admission.check(header, activity)
        except RefusedError as refused:
            _log.warning("A request was refused: %s", refused.why)
            return PlainTextResponse("not allowed", refused.status)
        return await _taken(take, activity)

    return [Route(PATH, knock, methods=["POST"])]


async def _taken(take: Take, activity: Json) -> Response:
    try:
        answer = await take(activity)
    except UnreadableError:
        return PlainTextResponse("not an activity", 400)
    except KithError as exc:
        _log.error("An activity could not be taken. %s", exc)
        return Response(status_code=503)
    except Exception as exc:  # noqa: BLE001, whatever went wrong, its words may be people's: only its kind is logged
        _log.error("An activity could not be taken: %s", type(exc).__name__)
        return Response(status_code=503)
    if answer.body is None:
        return Response(status_code=answer.status)
    return Response(orjson.dumps(answer.body), answer.status, media_type="application/json")


async def _read(request: Request) -> bytes | None:
    """The body; None as soon as it is larger than LARGEST."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            return None
    return bytes(body)


def _activity(body: bytes) -> Json | None:
    """The activity in a body; None if it is none, or what is there does not have the types that Kith relies on."""
    try:
        found = orjson.loads(body)
    except (orjson.JSONDecodeError, RecursionError):
        return None
    return found if isinstance(found, dict) and _sound(found) else None


_NEEDED = ("type", "channelId", "serviceUrl")
_WORDS = ("id", "text", "name", "timestamp", "replyToId", "action", "textFormat", "locale")
_OBJECTS = ("from", "conversation", "recipient", "channelData")
_LISTS = ("entities", "attachments", "membersAdded", "membersRemoved", "reactionsAdded", "reactionsRemoved")


def _sound(found: Json) -> bool:
    return (
        all(isinstance(found.get(key), str) and found[key] for key in _NEEDED)
        and all(isinstance(found.get(key), str | None) for key in _WORDS)
        and all(isinstance(found.get(key), dict | None) for key in _OBJECTS)
        and all(_objects(found.get(key)) for key in _LISTS)
    )


def _objects(listed: object) -> bool:
    return listed is None or (isinstance(listed, list) and all(isinstance(entry, dict) for entry in listed))
