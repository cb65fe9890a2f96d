"""The HTTP door of Slack: checks who knocks before it reads what they say, and hands it to Bolt."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence

import orjson
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.signature import Clock as SignatureClock
from slack_sdk.signature import SignatureVerifier
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from adapters.slack.shapes import Json, word
from bot.errors import KithError
from bot.ports import Clock

_log = logging.getLogger("kith.slack")

Heard = Callable[[Json], Awaitable[None]]
"""What is told of each body of the Events API."""

PATH = "/slack/events"
"""The one address for events, commands and interactions."""

LARGEST = 1_000_000
"""Bytes of a request; Slack's own stay far below."""


def door(bolt: AsyncApp, heard: Heard, clock: Clock, *, signing_secret: str) -> Sequence[BaseRoute]:
    """The door as routes: events go to `heard` by the short road, everything else to `bolt`.

    413 for more than LARGEST bytes, 401 for a missing, forged or old signature (over five minutes), 400 for what is
    not one of Slack's shapes; nothing else happens then. 503 for an event that could not be kept: Slack sends it again.
    """
    verifier = SignatureVerifier(signing_secret, _Now(clock))

    async def knock(scope: Scope, receive: Receive) -> Response:
        body = await _read(receive)
        if body is None:
            return PlainTextResponse("too large", 413)
        if not _signed(verifier, scope, body):
            return PlainTextResponse("not signed by Slack, or too long ago", 401)
        if (event := _event(body)) is not None:
            return await _heard(heard, event)
        asked = _asked(Request(scope), body)
        if asked is None:
            return PlainTextResponse("not understood", 400)
        kind = asked.body.get("type")
        if kind in _EVENTS:
            return await _heard(heard, asked.body)
        foreign = word(asked.body, "view", "type") not in _VIEWS  # another app's way of old, which Bolt stumbles over
        if foreign or (kind not in _KNOWN and not _KNOWN_BY.intersection(asked.body)):
            return _TAKEN  # nothing of Kith's; Slack need not ask again
        answer = await bolt.async_dispatch(asked)
        status = 200 if answer.status == 404 else answer.status
        content = "" if answer.status == 404 else answer.body
        return Response(
            content, status, headers={"content-type": answer.first_headers().get("content-type", "text/plain")}
        )

    return [Route(PATH, _Short(knock), methods=["POST"])]


class _Short:
    """Answers without what Starlette puts around a function: nothing here raises, and most requests are events."""

    def __init__(self, knock: Callable[[Scope, Receive], Awaitable[Response]]) -> None:
        self._knock = knock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._knock(scope, receive)
        await response(scope, receive, send)


_TAKEN = Response()
"""The answer to an event: 200 and no word."""


async def _heard(heard: Heard, body: Json) -> Response:
    try:
        await heard(body)
    except KithError as exc:
        _log.error("An event could not be taken, and will come again. %s", exc)
        return Response(status_code=503)
    except Exception as exc:  # noqa: BLE001, whatever went wrong, its words may be people's: only its kind is logged
        _log.error("An event could not be taken, and will come again: %s", type(exc).__name__)
        return Response(status_code=503)
    return _TAKEN


class _Now(SignatureClock):
    """The house's clock, as the verifier asks for it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> float:
        return self._clock.now().timestamp()


async def _read(receive: Receive) -> bytes | None:
    """The body; None as soon as it is larger than LARGEST. ClientDisconnect if it never comes to its end."""
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        parts.append(message.get("body", b""))
        size, more = size + len(parts[-1]), message.get("more_body", False)
        if size > LARGEST:
            return None
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _signed(verifier: SignatureVerifier, scope: Scope, body: bytes) -> bool:
    stamp = signature = ""
    for name, value in scope["headers"]:
        if name == b"x-slack-request-timestamp":
            stamp = value.decode("latin-1")
        elif name == b"x-slack-signature":
            signature = value.decode("latin-1")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12 and signature.isascii()):
        return False
    try:
        return verifier.is_valid(body, stamp, signature)
    except UnicodeDecodeError:
        return False


def _event(body: bytes) -> Json | None:
    """What a plain body of the Events API says, read by a quick reader; None for everything else, and for whatever it
    does not take."""
    if not body.startswith(b"{"):
        return None
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    return said if _sound(said) and said.get("type") in _EVENTS else None


def _asked(request: Request, body: bytes) -> AsyncBoltRequest | None:
    """The request as Bolt takes it; None if its parts do not have the types that Slack gives them."""
    try:
        asked = AsyncBoltRequest(body=body.decode(), query=request.url.query, headers=dict(request.headers))
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError):
        return None
    if not _sound(asked.body):
        return None
    for key in (*_OBJECTS, *_LISTS, *_WORDS):
        if asked.body.get(key) is None:  # Bolt takes a part that is there for a part that says something
            asked.body.pop(key, None)
    return asked


_EVENTS = frozenset({"event_callback", "app_rate_limited"})
_KNOWN = frozenset({"url_verification", "block_actions", "view_submission", "shortcut", "message_action"})
_KNOWN_BY = frozenset({"command", "ssl_check"})
"""What Kith takes: by their type, and the two kinds that have none."""

_VIEWS = ("", "modal", "home")

_OBJECTS = ("event", "view", "container", "message", "function_data")
_LISTS = ("actions", "authorizations", "authed_users", "authed_teams", "authorized_users")
_WORDS = (
    *("type", "callback_id", "command", "text", "trigger_id", "response_url"),
    *("user_id", "channel_id", "team_id", "bot_access_token"),
)
_KINDS: dict[str, type] = {
    **dict.fromkeys(_OBJECTS, dict),
    **dict.fromkeys(_LISTS, list),
    **dict.fromkeys(_WORDS, str),
}


def _sound(body: object) -> bool:
    """Whether what is there has the types that Bolt and Kith rely on; what is missing is nobody's fault."""
    if not isinstance(body, dict):
        return False
    for key, value in body.items():
        if value is not None and key in _KINDS and not isinstance(value, _KINDS[key]):
            return False
    actions = all(isinstance(action, dict) for action in body.get("actions") or ())
    return actions and _says_its_type(body.get("event")) and _says_its_type(body.get("view"))


def _says_its_type(part: Json | None) -> bool:
    """Whether an event or a view, where there is one, says what it is: Bolt takes that for granted."""
    return part is None or isinstance(part.get("type"), str)
