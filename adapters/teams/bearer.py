"""Gets the tokens that Kith shows the Bot Connector: by its own secret, or as a managed identity."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

import aiohttp

from adapters.teams.shapes import Json, part, word
from bot.errors import PlatformError

SCOPE = "https://api.botframework.com/.default"
RESOURCE = "https://api.botframework.com"
SPARE = 300.0
"""Seconds before its end from which a token is not used any more."""

LONGEST = 8.0
"""Seconds that the answer may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """How a token is asked for: a form that is posted, or, without one, an address that is read."""

    url: str
    form: Mapping[str, str] | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


def by_secret(login_url: str, tenant: str, app: str, secret: str) -> Request:
    """As a single-tenant app with a secret."""
    form = {"grant_type": "client_credentials", "client_id": app, "client_secret": secret, "scope": SCOPE}
    return Request(url=f"{login_url.rstrip('/')}/{tenant}/oauth2/v2.0/token", form=form)


def by_identity(identity_url: str, app: str) -> Request:
    """As a managed identity of the machine that Kith runs on."""
    query = f"api-version=2018-02-01&resource={RESOURCE}&client_id={app}"
    return Request(url=f"{identity_url}?{query}", headers={"Metadata": "true"})


class Bearer:
    """Holds the present token; one request at a time serves everyone who waits for it."""

    def __init__(self, session: aiohttp.ClientSession, request: Request | None) -> None:
        self._session = session
        self._request = request
        self._token = ""
        self._until = 0.0
        self._lock = asyncio.Lock()

    async def headers(self) -> dict[str, str]:
        """The header that shows the token; none where nobody wants one (development). PlatformError if there is no
        token to be had."""
        if self._request is None:
            return {}
        loop = asyncio.get_running_loop()
        if loop.time() >= self._until:
            async with self._lock:
                if loop.time() >= self._until:
                    self._token, seconds = await self._asked(self._request)
                    self._until = loop.time() + max(seconds - SPARE, 30.0)
        return {"authorization": f"Bearer {self._token}"}

    def forget(self) -> None:
        """The present token was not taken; get another."""
        self._until = 0.0

    async def _asked(self, request: Request) -> tuple[str, float]:
        method = "GET" if request.form is None else "POST"
        limit = aiohttp.ClientTimeout(total=LONGEST)
        try:
            async with self._session.request(
                method, request.url, data=request.form, headers=request.headers, timeout=limit, allow_redirects=False
            ) as response:
                answer = part(await response.json(content_type=None))
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as exc:
            raise PlatformError(problem="its sign-in does not answer") from exc
        if not (token := word(answer, "access_token")):
            raise PlatformError(problem=f"its sign-in gives no token ({_why(answer)}); check app id, secret and tenant")
        return token, _seconds(answer)


def _why(answer: Json) -> str:
    """The protocol's own word for it, such as invalid_client; its sentences may name people and are left out."""
    why = word(answer, "error")
    return why if why.isidentifier() and len(why) <= 64 else "no reason given"


def _seconds(answer: Json) -> float:
    told = str(answer.get("expires_in", ""))
    return float(told) if told.isascii() and told.isdigit() and len(told) < 8 else 3600.0
