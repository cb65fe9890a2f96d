"""Watches a running Kith for those who run it: counts and times what passes, and knows whether it is ready."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version

from starlette.applications import Starlette
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.routing import BaseRoute, Router
from starlette.types import ASGIApp

from adapters.switchboard import Switchboard
from adapters.telemetry import Metrics, Part, Spans, WatchedRequests, health_routes, metrics_route
from bot.bootstrap.kith import Kith
from bot.config import Settings
from bot.domain.condition import Figures
from bot.domain.events import Event
from bot.domain.reading import Reading
from bot.domain.speech import Message, Place, Reply
from bot.errors import KithError, PlatformBusyError, PlatformError, PlatformGoneError, PlatformUnsureError
from bot.ports import ChatPlatform, House, Reader

LATE = 120.0
"""Seconds that a tick may be overdue before Kith is not ready; saying what waits may take `deliver.RUN` alone."""

ANSWER = 3.0
"""Seconds within which the database must answer to count as fine."""

FRESH, FRESH_FIGURES = 1.0, 10.0
"""Seconds for which an answer of the database is taken for the present one, so that nobody can tire it by asking."""


class Watch:
    """What is known of this process. Before there is a house to watch it gives its pages too, and is not ready."""

    def __init__(self, settings: Settings) -> None:
        self._every = settings.tick_seconds
        self._house: House | None = None
        self._kith: Kith | None = None
        self._stopping = False
        self.ticked_at: float | None = None
        self._database = _Remembered(self._ask_database, FRESH)
        self._figures = _Remembered(self._ask_figures, FRESH_FIGURES)
        self.metrics = Metrics(version=version("kith"), lag=self._lag)
        self.spans = Spans(settings.otel_endpoint, version=version("kith"))

    def over(self, house: House) -> House:
        """The same house, its reader timed; from now on its store decides on readiness."""
        self._house = replace(house, reader=_TimedReader(house.reader, self))
        return self._house

    @asynccontextmanager
    async def running(self, kith: Kith) -> AsyncIterator[Callable[[], Awaitable[None]]]:
        """A tick that is watched. At the end Kith is not ready any more, and spans that wait are sent."""
        self._kith, self.ticked_at = kith, asyncio.get_running_loop().time()

        async def tick() -> None:
            with self.metrics.timed(self.metrics.tick_seconds), self.spans.span("tick"):
                await kith.tick()
            self.ticked_at = asyncio.get_running_loop().time()

        try:
            yield tick
        finally:
            self.stopping()
            await asyncio.to_thread(self.spans.close)

    def stopping(self) -> None:
        """From now on Kith is not ready, so that nobody sends it anything new."""
        self._stopping = True

    def door(self, routes: Sequence[BaseRoute]) -> ASGIApp:
        """The public door with its health, its requests watched."""
        every = [*routes, *health_routes(self._parts)]
        behind = ExceptionMiddleware(Router(every))
        return WatchedRequests(behind, routes=every, metrics=self.metrics, spans=self.spans)

    def pages(self) -> Starlette:
        """Health and figures, for a door that only operators reach."""
        return Starlette(routes=[*health_routes(self._parts), metrics_route(self._page)])

    async def _parts(self) -> Mapping[str, Part]:
        fine = {
            "database": await self._database(),
            "clock": self.ticked_at is not None and self._lag() < LATE,
            "running": self._kith is not None and not self._stopping,
        }
        return {name: Part.FINE if is_fine else Part.NOT_FINE for name, is_fine in fine.items()}

    async def _page(self) -> bytes:
        await self._figures()
        return self.metrics.page()

    def _lag(self) -> float:
        """Seconds that the next tick is overdue."""
        if self.ticked_at is None:
            return 0.0
        return max(0.0, asyncio.get_running_loop().time() - self.ticked_at - self._every)

    async def _ask_database(self) -> bool:
        if self._house is None:
            return False
        try:
            async with asyncio.timeout(ANSWER):
                return await self._house.store.condition.up_to_date()
        except (KithError, TimeoutError):
            return False

    async def _ask_figures(self) -> bool:
        if self._house is None or self._kith is None:
            return False
        now = self._kith.clock.now()
        figures: Figures | None = None
        try:
            async with asyncio.timeout(ANSWER):
                figures = await self._house.store.condition.figures(now)
        except (KithError, TimeoutError):
            figures = None
        self.metrics.store.tell(figures, now)
        return figures is not None


class _Remembered:
    """Asks once, however many want to know at the same time, and takes the answer for true for some seconds."""

    def __init__(self, ask: Callable[[], Awaitable[bool]], seconds: float) -> None:
        self._ask = ask
        self._seconds = seconds
        self._one_at_a_time = asyncio.Lock()
        self._answer: tuple[bool, float] | None = None

    async def __call__(self) -> bool:
        async with self._one_at_a_time:
            now = asyncio.get_running_loop().time()
            if self._answer is None or now - self._answer[1] >= self._seconds:
                self._answer = (await self._ask(), now)
            return self._answer[0]


class _TimedReader:
    """A Reader whose readings are timed."""

    def __init__(self, reader: Reader, watch: Watch) -> None:
        self._reader = reader
        self._watch = watch

    async def read(self, text: str, *, explain: bool = False) -> Reading:
        metrics = self._watch.metrics
        with metrics.timed(metrics.reader_seconds):
            return await self._reader.read(text, explain=explain)


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedKith(Kith):
    """Kith as one platform is given it: what it tells is counted under the platform's name."""

    platform: str
    watch: Watch

    async def receive(self, event: Event) -> Reply | None:
        """As Kith's own."""
        kind, metrics = type(event).__name__, self.watch.metrics
        figures, facts = metrics.of_events(self.platform, kind), {"kith.platform": self.platform, "kith.kind": kind}
        with metrics.timed(figures.seconds), self.watch.spans.span("receive", **facts):
            try:
                reply = await Kith.receive(self, event)
            except BaseException:
                figures.failed.inc()
                raise
            figures.taken.inc()
        return reply


def watched(kith: Kith, platform: str, watch: Watch) -> WatchedKith:
    """This Kith, for one platform."""
    return WatchedKith(
        house=kith.house, chat=kith.chat, clock=kith.clock, newcomers=kith.newcomers, platform=platform, watch=watch
    )


class WatchedSwitchboard(Switchboard):
    """The switchboard as one platform is given it: what is said there is counted under the platform's name."""

    def __init__(self, board: Switchboard, platform: str, watch: Watch) -> None:
        super().__init__({})
        self._board = board
        self._platform = platform
        self._watch = watch

    def connect(self, workspace: str, chat: ChatPlatform) -> None:
        self._board.connect(workspace, _WatchedChat(chat, self._platform, self._watch))

    def disconnect(self, workspace: str) -> None:
        self._board.disconnect(workspace)

    async def post(self, place: Place, message: Message) -> str:
        return await self._board.post(place, message)


class _WatchedChat:
    """A ChatPlatform whose posts are counted."""

    def __init__(self, chat: ChatPlatform, platform: str, watch: Watch) -> None:
        self._chat = chat
        self._platform = platform
        self._watch = watch

    async def post(self, place: Place, message: Message) -> str:
        metrics, outcome = self._watch.metrics, "failed"
        facts = {"kith.platform": self._platform}
        with metrics.timed(metrics.post_seconds.labels(self._platform)), self._watch.spans.span("post", **facts):
            try:
                said = await self._chat.post(place, message)
                outcome = "sent"
            except PlatformError as exc:
                outcome = _OUTCOMES.get(type(exc), "failed")
                raise
            finally:
                metrics.posts.labels(self._platform, outcome).inc()
        return said


_OUTCOMES: Mapping[type[PlatformError], str] = {
    PlatformBusyError: "busy",
    PlatformGoneError: "gone",
    PlatformUnsureError: "unsure",
}
