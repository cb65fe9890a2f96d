"""The Bot Connector's public keys: fetched without holding anything up, and kept while their server is away."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

import aiohttp
import jwt

from adapters.teams.shapes import Json, entries, word

FRESH = 24 * 3600.0
"""Seconds after which keys are fetched anew, beside what is going on; until then nothing is asked for."""

PAUSE = 60.0
"""Seconds between two fetches, however many unknown keys are named meanwhile; less while there is none."""

LONGEST = 5.0
"""Seconds that a fetch may take, both requests together."""

_log = logging.getLogger("kith.teams.keys")


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A public key, and the channels that its signatures speak for."""

    key: Any
    endorsements: frozenset[str]


class Keys:
    """The keys behind an OpenID configuration. One fetch at a time serves everyone who waits for it."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        *,
        pause: float = PAUSE,
        fresh: float = FRESH,
        longest: float = LONGEST,
    ) -> None:
        self._session = session
        self._url = url
        self._pause = pause
        self._fresh = fresh
        self._longest = longest
        self._keys: dict[str, Key] = {}
        self._asked_at = float("-inf")
        self._fetching: asyncio.Task[None] | None = None

    async def find(self, kid: str) -> Key | None:
        """The key of this name. A known one is given at once, however old; an unknown one may be a new one, so the
        keys are fetched first, unless that was done in the last minute."""
        age = asyncio.get_running_loop().time() - self._asked_at
        if kid in self._keys:
            if age > self._fresh:
                self._fetch()
            return self._keys[kid]
        if age > (self._pause if self._keys else min(1.0, self._pause)) or self._fetching:
            await asyncio.shield(self._fetch())
        return self._keys.get(kid)

    async def close(self) -> None:
        """Let go of what is under way."""
        if self._fetching:
            self._fetching.cancel()

    def _fetch(self) -> asyncio.Task[None]:
        if self._fetching is None:
            self._asked_at = asyncio.get_running_loop().time()
            self._fetching = asyncio.create_task(self._fetched())
            self._fetching.add_done_callback(self._done)
        return self._fetching

    def _done(self, _: asyncio.Task[None]) -> None:
        self._fetching = None

    async def _fetched(self) -> None:
        """Put fresh keys in the place of the old ones; the old ones stay if that fails."""
        try:
            async with asyncio.timeout(self._longest):
                configuration = await self._json(self._url)
                listed = await self._json(word(configuration, "jwks_uri"))
            keys = {word(entry, "kid"): key for entry in entries(listed, "keys") if (key := _key(entry))}
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as exc:
            _log.warning("The Bot Connector's keys could not be fetched: %s", type(exc).__name__)
            return
        if keys:
            self._keys = keys

    async def _json(self, url: str) -> object:
        async with self._session.get(url, allow_redirects=False) as response:
            if response.status != 200:
                raise ValueError("not the keys")
            found: object = await response.json(content_type=None)
            return found


def _key(entry: Json) -> Key | None:
    """An RSA key of the set; None for any other, and for one without a name."""
    if entry.get("kty") != "RSA" or not word(entry, "kid"):
        return None
    try:
        key = jwt.PyJWK(entry, algorithm="RS256").key
    except (jwt.PyJWTError, ValueError, TypeError, KeyError):
        return None
    listed = entry.get("endorsements")
    endorsed = frozenset(one for one in listed if isinstance(one, str)) if isinstance(listed, list) else frozenset()
    return Key(key=key, endorsements=endorsed)
