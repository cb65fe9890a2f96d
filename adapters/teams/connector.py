"""Speaks to the Bot Connector, and turns every way it can fail into an error of Kith's."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from urllib.parse import quote

import aiohttp

from adapters.teams.bearer import Bearer
from adapters.teams.pacing import SENDING, TENANT, Pacer, patience
from adapters.teams.shapes import Json, ident, part
from bot.errors import PlatformBusyError, PlatformError, PlatformGoneError, PlatformUnsureError

TIMEOUT = 10.0
"""Seconds before a call counts as unanswered."""

TRIES = 3
"""Tries of one call that is asked to wait, as long as the waits are short."""

SHORT = 3.0
"""Seconds; whoever is asked to wait longer gives up its turn."""

LONGEST_WAIT = 3600.0

_BUSY = frozenset({412, 429, 503})
_UNSURE = frozenset({408, 500, 502, 504})
"""Statuses after which a message may have been sent all the same."""


class Connector:
    """The connectors of all tenants, under one app; every failure is a PlatformError.

    PlatformBusyError says how long to wait (412, 429, 503), PlatformGoneError that the same call will never succeed
    (400: it is not understood, 403: Kith was blocked or taken out, 404: the conversation is gone, 413: it is too
    large), PlatformUnsureError that it may have been done (500, 502, 504, no answer). Everything else was not done.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        bearer: Bearer,
        trusts: Callable[[str], bool],
        *,
        timeout: float = TIMEOUT,
        paced: bool = True,
    ) -> None:
        self._session = session
        self._bearer = bearer
        self._trusts = trusts
        self._limit = aiohttp.ClientTimeout(total=timeout)
        self._sending = Pacer(SENDING if paced else ())
        self._asking = Pacer(TENANT if paced else ())

    async def send(self, service_url: str, conversation: str, activity: Json) -> str:
        """Say something in a conversation, which is a chat, a channel or a thread of it; gives its id."""
        await self._sending.turn(conversation)
        answer = await self._call("POST", service_url, f"/v3/conversations/{_q(conversation)}/activities", activity)
        if not (said := ident(answer, "id")):
            raise PlatformUnsureError(problem="it did not say what it posted")
        return said

    async def update(self, service_url: str, conversation: str, message: str, activity: Json) -> None:
        """Put something else in the place of a message of Kith's."""
        await self._sending.turn(conversation)
        path = f"/v3/conversations/{_q(conversation)}/activities/{_q(message)}"
        await self._call("PUT", service_url, path, activity)

    async def open_alone(self, service_url: str, *, kith: str, person: str, tenant: str) -> str:
        """The id of the chat that holds this person and Kith alone; nothing is said in it."""
        await self._sending.turn(f"{tenant}/new")
        wanted: Json = {
            "bot": {"id": kith},
            "isGroup": False,
            "members": [{"id": person}],
            "tenantId": tenant,
            "channelData": {"tenant": {"id": tenant}},
        }
        answer = await self._call("POST", service_url, "/v3/conversations", wanted)
        if not (opened := ident(answer, "id")):
            raise PlatformError(problem="it opened no chat")
        return opened

    async def member(self, service_url: str, conversation: str, person: str) -> Json:
        """Somebody as a member of a conversation; PlatformGoneError if they are none."""
        return await self._call("GET", service_url, f"/v3/conversations/{_q(conversation)}/members/{_q(person)}")

    async def members(self, service_url: str, conversation: str, *, most: int) -> list[Json]:
        """The first people of a conversation, at most `most` of them; Kith is not among them."""
        path = f"/v3/conversations/{_q(conversation)}/pagedmembers?pageSize={most}"
        answer = await self._call("GET", service_url, path)
        listed = answer.get("members")
        return [dict(entry) for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []

    async def team(self, service_url: str, group: str) -> Json:
        """A team: its name, and how many people are in it."""
        return await self._call("GET", service_url, f"/v3/teams/{_q(group)}")

    async def channels(self, service_url: str, group: str) -> list[Json]:
        """The channels of a team; the first of all has no name."""
        answer = await self._call("GET", service_url, f"/v3/teams/{_q(group)}/conversations")
        listed = answer.get("conversations")
        return [dict(entry) for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []

    async def _call(self, method: str, service_url: str, path: str, body: Json | None = None) -> Json:
        if not self._trusts(service_url):
            raise PlatformGoneError(problem="the conversation's address is none that Kith speaks to")
        for attempt in range(TRIES):
            await self._asking.turn(service_url)
            try:
                return await self._once(method, service_url.rstrip("/") + path, body)
            except PlatformBusyError as busy:
                wait = max(float(str(busy.facts["seconds"])), patience(attempt, path))
                if wait > SHORT or attempt == TRIES - 1:
                    raise PlatformBusyError(problem=busy.facts["problem"], seconds=wait) from busy
                await asyncio.sleep(wait)
        raise PlatformError(problem="it was not asked")

    async def _once(self, method: str, url: str, body: Json | None, *, again: bool = True) -> Json:
        headers = await self._bearer.headers()
        try:
            async with self._session.request(
                method, url, json=body, headers=headers, timeout=self._limit, allow_redirects=False
            ) as response:
                status, told = response.status, response.headers
                answer = part(await _json(response))
        except (aiohttp.ClientConnectorError, aiohttp.InvalidURL) as exc:
            raise PlatformError(problem="its connector cannot be reached") from exc
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as exc:
            raise PlatformUnsureError(problem="its connector did not answer") from exc
        if status == 401 and again:
            self._bearer.forget()
            return await self._once(method, url, body, again=False)
        if status >= 300:
            raise refused(status, answer, told)
        return answer


def refused(status: int, answer: Json, headers: Mapping[str, str]) -> PlatformError:
    """The error of Kith's that an unsuccessful answer is."""
    code = ident(answer, "error", "code") or str(status)
    if status in _BUSY:
        return PlatformBusyError(problem=f"it is too busy ({code})", seconds=_wait(headers))
    if status in _UNSURE:
        return PlatformUnsureError(problem=f"it failed ({code})")
    if why := _GONE.get(status):
        return PlatformGoneError(problem=f"{why} ({code})")
    return PlatformError(problem=f"it answered {status} ({code})")


_GONE = {
    400: "it does not take this as it stands",
    403: "Kith was blocked there, or taken out",
    404: "the conversation or person is not there any more",
    405: "it does not do this",
    413: "that is too large for it",
}


async def _json(response: aiohttp.ClientResponse) -> object:
    try:
        found: object = await response.json(content_type=None)
    except ValueError:
        return None
    return found


def _wait(headers: Mapping[str, str]) -> float:
    """The seconds of a Retry-After; 0 where there is none."""
    asked = headers.get("retry-after", "")
    return min(float(asked), LONGEST_WAIT) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 0.0


def _q(name: str) -> str:
    return quote(name, safe="")
