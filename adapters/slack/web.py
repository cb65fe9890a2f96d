"""Calls Slack's Web API and turns every way it can fail into an error of Kith's."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.shapes import Json
from bot.errors import PlatformBusyError, PlatformError, PlatformGoneError, PlatformUnsureError

TIMEOUT = 10
"""Seconds before a call counts as unanswered."""

BUSY = 60
"""Seconds to wait where Slack asks for patience and does not say how much."""

LONGEST_WAIT = 3600
"""Seconds; a longer Retry-After is not believed."""

_GONE = {
    "channel_not_found": "the channel is not there, or not for Kith to see",
    "is_archived": "the channel is archived",
    "not_in_channel": "Kith is not in the channel any more",
    "restricted_action": "only some people may post in the channel",
    "restricted_action_read_only_channel": "only some people may post in the channel",
    "restricted_action_thread_only_channel": "only threads are open in the channel",
    "thread_not_found": "the thread is not there any more",
    "message_not_found": "the message is not there any more",
    "cannot_reply_to_message": "the message takes no replies",
    "token_revoked": "Kith's token was revoked; install it again",
    "account_inactive": "Kith's token belongs to a workspace or user that is closed; install it again",
    "team_disabled": "the workspace is closed",
    "invalid_refresh_token": "the token that renews Kith's token is not valid any more; install it again",
}
_BUSY = frozenset({"ratelimited", "rate_limited"})
_UNSURE = frozenset({"internal_error", "fatal_error"})
"""Slack says of both that some of the call may have succeeded before it failed."""


class _Client(AsyncWebClient):
    """The library's client; who the app is goes into a header here, for the library's own way to do so is at its end
    in aiohttp."""

    async def api_call(self, api_method: str, **how: Any) -> AsyncSlackResponse:
        if app := how.pop("auth", None):
            named = aiohttp.encode_basic_auth(app["client_id"], app["client_secret"])
            how["headers"] = {**(how.get("headers") or {}), "Authorization": named}
        return await super().api_call(api_method, **how)


class Line:
    """Where Slack's Web API is, and the connections to it, which all workspaces share; a call may take `timeout`
    seconds."""

    def __init__(self, *, base_url: str = AsyncWebClient.BASE_URL, timeout: float = TIMEOUT) -> None:
        self.base_url = base_url
        self.limit = aiohttp.ClientTimeout(total=timeout)
        self._session: aiohttp.ClientSession | None = None

    def opened(self) -> aiohttp.ClientSession:
        """The connections, opened on first use."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self.limit)
        return self._session

    async def close(self) -> None:
        """Let the connections go."""
        if self._session is not None:
            await self._session.close()

    def client(self, token: str) -> AsyncWebClient:
        """The library's own client on this line."""
        quiet = logging.getLogger("kith.slack.web")
        quiet.setLevel(logging.WARNING)  # below that the library logs what it sends
        seconds = max(1, round(self.limit.total or TIMEOUT))
        return _Client(token=token or None, base_url=self.base_url, timeout=seconds, retry_handlers=[], logger=quiet)


class Web:
    """One workspace's Web API under one token; every failure is a PlatformError.

    PlatformBusyError says how long to wait (429), PlatformGoneError that the same call will never succeed,
    PlatformUnsureError that Slack may have done it: it was asked and did not answer, or failed underway. Everything
    else was not done and may be tried again.
    """

    def __init__(self, token: str, *, line: Line) -> None:
        self._line = line
        self._client = line.client(token)

    @property
    def client(self) -> AsyncWebClient:
        """The library's own client, for the parts of it that want one."""
        return self._client

    def use(self, token: str) -> None:
        """Call with this token from now on."""
        self._client.token = token

    async def exchange(self, client_id: str, client_secret: str, refresh: str) -> Json:
        """The next token of the workspace that `refresh` belongs to; asked for in the app's own name."""
        given = {"grant_type": "refresh_token", "refresh_token": refresh}
        app = {"client_id": client_id, "client_secret": client_secret}
        return await self._called("oauth.v2.access", data=given, auth=app)

    async def call(self, method: str, **arguments: object) -> Json:
        """The answer of `method`, such as "chat.postMessage", called with `arguments` as JSON."""
        return await self._called(method, json=arguments)

    async def ask(self, method: str, **arguments: object) -> Json:
        """The same for the methods that only tell something; they take no JSON, only a form."""
        return await self._called(method, params=arguments, http_verb="GET")

    async def answer(self, response_url: str, payload: Json) -> None:
        """Send an answer to the address that came with a command or a pressed button."""
        try:
            async with self._line.opened().post(response_url, json=payload) as response:
                status = response.status
        except (aiohttp.ClientError, TimeoutError, ValueError) as exc:
            raise PlatformError(problem="it did not take an answer") from exc
        if status != 200:
            raise PlatformGoneError(problem=f"it takes no answer there any more ({status})")

    async def _called(self, method: str, **how: Any) -> Json:
        self._client.session = self._line.opened()
        try:
            response = await asyncio.wait_for(self._client.api_call(method, **how), self._line.limit.total)
        except SlackApiError as exc:
            raise refused(method, exc) from exc
        except (aiohttp.ClientConnectorError, aiohttp.InvalidURL, SlackRequestError) as exc:
            raise PlatformError(problem=f"{method} could not be called") from exc
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as exc:
            raise PlatformUnsureError(problem=f"{method} was not answered") from exc
        data = response.data
        return dict(data) if isinstance(data, dict) else {}


def refused(method: str, exc: SlackApiError) -> PlatformError:
    """The error of Kith's that an unsuccessful answer is."""
    response = exc.response
    if isinstance(response, str):
        return PlatformUnsureError(problem=f"{method} was not answered as it should be")
    data = response.data if isinstance(response.data, dict) else {}
    code, status = str(data.get("error", "")), int(response.status_code or 0)
    if status == 429 or code in _BUSY:
        return PlatformBusyError(problem=f"{method} was called too often", seconds=_wait(response.headers))
    if code in _GONE:
        return PlatformGoneError(problem=_GONE[code])
    if code == "missing_scope":
        return PlatformError(problem=f"{method} needs the scope {data.get('needed')}; add it and install Kith again")
    unsure = code in _UNSURE or (status >= 500 and status != 503)
    return (PlatformUnsureError if unsure else PlatformError)(problem=f"{method}: {code or status}")


def _wait(headers: dict[str, Any]) -> float:
    """The seconds of a Retry-After, whatever its case and whether or not it is a list."""
    for name, value in headers.items():
        if name.lower() == "retry-after":
            asked = str(value[0] if isinstance(value, list) and value else value)
            if asked.isascii() and asked.isdigit():
                return min(float(asked), LONGEST_WAIT)
    return BUSY
