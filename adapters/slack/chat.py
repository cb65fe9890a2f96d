"""Kith's voice in Slack: posts to channels and threads, at most once a second in each."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from adapters.slack.render import posted
from adapters.slack.shapes import stamp
from adapters.slack.web import Web
from bot.domain.speech import Message, Place
from bot.errors import PlatformGoneError, PlatformUnsureError

INTERVAL = 1.0
"""Seconds between two messages in one channel (EVIDENCE 5.1)."""

MOST_CHANNELS = 1000
"""Channels whose last message is remembered."""


class Pacer:
    """Hands out turns, `interval` seconds apart for each name."""

    def __init__(self, interval: float = INTERVAL) -> None:
        self._interval = interval
        self._free_at: OrderedDict[str, float] = OrderedDict()

    async def turn(self, name: str) -> None:
        """Wait until it is this name's turn."""
        now = asyncio.get_running_loop().time()
        at = max(now, self._free_at.get(name, now))
        self._free_at[name] = at + self._interval
        self._free_at.move_to_end(name)
        while len(self._free_at) > MOST_CHANNELS:
            self._free_at.popitem(last=False)
        if at > now:
            await asyncio.sleep(at - now)


class SlackChat:
    """A ChatPlatform for one workspace.

    Slack has no way to recognise a message sent twice: if its answer is lost, the outbox decides what is worse.
    """

    def __init__(self, web: Web, workspace: str, *, pacer: Pacer | None = None) -> None:
        self._web = web
        self._workspace = workspace
        self._pacer = pacer or Pacer()

    async def post(self, place: Place, message: Message) -> str:
        """Say `message` and return its timestamp; see `bot.ports.ChatPlatform` for the errors."""
        if place.channel.workspace != self._workspace:
            raise PlatformGoneError(problem="that is another workspace's channel")
        await self._pacer.turn(place.channel.channel)
        thread = {"thread_ts": place.thread} if place.thread else {}
        answer = await self._web.call(
            "chat.postMessage",
            channel=place.channel.channel,
            unfurl_links=False,
            unfurl_media=False,
            **thread,
            **posted(message),
        )
        if not (said := stamp(answer, "ts")):
            raise PlatformUnsureError(problem="chat.postMessage did not say what it posted")
        return said
