"""Asks a language model over HTTP, in the protocol that most speak (OpenAI's) or in Anthropic's; without their SDKs.

Nothing is logged but what kind of thing went wrong, and nothing is kept longer than a minute.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal
from urllib.parse import urlsplit

import aiohttp
import orjson

from adapters.json_parts import part, word
from bot.domain.companion import Ceiling, Prompt, Worded

MOST_ANSWERED = 120
"""Tokens that an answer may have: a question of thirty words has about forty."""

MOST_READ = 65_536
"""Bytes of an answer that are read at all."""

WAITS = 60.0
"""Seconds that an answer waits to be said."""

MOST_WAITING = 200
"""So many answers wait at once; whoever comes later gets Kith's own question."""

RESTS = 30.0
"""Seconds without asking after the model has refused or failed."""

ANTHROPIC_VERSION = "2023-06-01"

_log = logging.getLogger("kith.companion")


class _RefusedError(aiohttp.ClientError):
    """The model's host said no, or something else than an answer."""

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status = status


class Stands(StrEnum):
    """How it stands with a model that was asked something."""

    ANSWERS = "answers"
    KEY = "key"
    UNKNOWN = "unknown"
    BUSY = "busy"
    TROUBLE = "trouble"
    NONSENSE = "nonsense"
    SILENT = "silent"


_STATUSES = {400: Stands.UNKNOWN, 401: Stands.KEY, 403: Stands.KEY, 404: Stands.UNKNOWN, 422: Stands.UNKNOWN}
_STATUSES |= {402: Stands.BUSY, 429: Stands.BUSY}
"""What a status means for whoever set the model up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How it stands, with the answer or the HTTP status where there is one."""

    stands: Stands
    sentence: str = ""
    status: int = 0


class HttpCompanion:
    """`bot.ports.Companion` over HTTP."""

    def __init__(
        self,
        url: str,
        *,
        protocol: Literal["openai", "anthropic"],
        model: str,
        key: str,
        ceiling: Ceiling,
        patience: float,
    ) -> None:
        """`url` is what stands before /chat/completions, or before /v1/messages."""
        self.host = urlsplit(url).hostname or ""
        self.ceiling = ceiling
        self.patience = patience
        self._url = url.rstrip("/")
        self._protocol = protocol
        self._model = model
        self._key = key
        self._session: aiohttp.ClientSession | None = None
        self._rests_until = 0.0
        self._waiting: dict[str, asyncio.Task[str | None]] = {}

    def most_tokens(self, prompt: Prompt) -> int:
        return (len(prompt.system.encode()) + len(prompt.said.encode())) // 2 + MOST_ANSWERED + 50

    async def word(self, prompt: Prompt) -> Worded | None:
        loop = asyncio.get_running_loop()
        if loop.time() < self._rests_until:
            return None
        try:
            async with asyncio.timeout(self.patience):
                return _worded(await self._posted(prompt), self.most_tokens(prompt))
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as exc:
            self._rests_until = loop.time() + RESTS
            _log.warning("The language model gave no answer that can be used: %s", type(exc).__name__)
            return None

    async def tried(self, prompt: Prompt) -> Trial:
        """Ask once, whatever came before, and say how it stands; nothing raises and nothing is logged."""
        try:
            async with asyncio.timeout(self.patience):
                worded = _worded(await self._posted(prompt), self.most_tokens(prompt))
        except _RefusedError as exc:
            return Trial(stands=_STATUSES.get(exc.status, Stands.TROUBLE), status=exc.status)
        except (aiohttp.ClientError, TimeoutError, OSError):
            return Trial(stands=Stands.SILENT)
        except ValueError:
            return Trial(stands=Stands.NONSENSE)
        return Trial(stands=Stands.ANSWERS, sentence=worded.sentence)

    def begin(self, key: str, work: Coroutine[Any, Any, str | None]) -> None:
        if len(self._waiting) >= MOST_WAITING or key in self._waiting:
            work.close()
            return
        loop = asyncio.get_running_loop()
        self._waiting[key] = loop.create_task(work)
        loop.call_later(WAITS, self._drop, key)

    def ready(self, key: str) -> str | None:
        task = self._waiting.get(key)
        if task is None or not task.done():
            return None
        del self._waiting[key]
        return task.result() if not task.cancelled() and task.exception() is None else None

    async def close(self) -> None:
        """Stop what is under way, and let go of every connection."""
        for key in list(self._waiting):
            self._drop(key)
        if self._session is not None:
            await self._session.close()

    def _drop(self, key: str) -> None:
        task = self._waiting.pop(key, None)
        if task is None:
            return
        task.cancel()
        if task.done() and not task.cancelled():
            task.exception()  # looked at, so that nobody is told about it

    async def _posted(self, prompt: Prompt) -> object:
        """The body of the answer; ClientError for any answer but a good one, ValueError for nonsense."""
        if self._session is None:
            self._session = aiohttp.ClientSession(trust_env=False, cookie_jar=aiohttp.DummyCookieJar())
        path, headers, body = _anthropic(prompt, self._model, self._key)
        if self._protocol == "openai":
            path, headers, body = _openai(prompt, self._model, self._key)
        async with self._session.post(
            self._url + path, headers=headers, data=orjson.dumps(body), allow_redirects=False
        ) as answer:
            if answer.status != 200:
                raise _RefusedError(answer.status)
            read = await answer.content.read(MOST_READ)
            while not answer.content.at_eof() and len(read) < MOST_READ:
                read += await answer.content.read(MOST_READ - len(read))
        parsed: object = orjson.loads(read)
        return parsed


def _openai(prompt: Prompt, model: str, key: str) -> tuple[str, dict[str, str], dict[str, object]]:
    said = [{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.said}]
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
    return "/chat/completions", headers, {"model": model, "max_tokens": MOST_ANSWERED, "messages": said}


def _anthropic(prompt: Prompt, model: str, key: str) -> tuple[str, dict[str, str], dict[str, object]]:
    said = [{"role": "user", "content": prompt.said}]
    headers = {"Content-Type": "application/json", "anthropic-version": ANTHROPIC_VERSION, "x-api-key": key}
    body = {"model": model, "max_tokens": MOST_ANSWERED, "system": prompt.system, "messages": said}
    return "/v1/messages", headers, body


def _worded(answer: object, most: int) -> Worded:
    """The text and its cost out of either protocol's answer; ValueError if there is none."""
    usage = part(answer, "usage")
    counted = [usage.get(name) for name in ("total_tokens", "input_tokens", "output_tokens")]
    tokens = sum(count for count in counted if isinstance(count, int) and not isinstance(count, bool) and count > 0)
    blocks = part(answer).get("choices") or part(answer).get("content")
    first = blocks[0] if isinstance(blocks, list) and blocks else {}
    sentence = word(first, "message", "content") or word(first, "text")
    if not sentence:
        raise ValueError("no text")
    return Worded(sentence=sentence, tokens=min(tokens, 100 * most) or most)
