"""The rehearsal's door: a page, what belongs to it, a feed of changes, and one address for everything one can do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import anyio
import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from adapters.playground import asks
from adapters.playground.core import Core
from adapters.playground.feed import Listener
from adapters.playground.guard import Guard
from adapters.playground.insight_view import insight_seen, reading_seen
from adapters.playground.refused import RefusedError
from adapters.playground.sample import PACE, Sample
from adapters.playground.script import REACTIONS
from adapters.playground.stage import Stage, clock_seen
from adapters.playground.view import Json, line_seen
from adapters.playground.world import World
from bot.domain.content import Content
from bot.errors import BadInputError, KithError

RETRY = 1000
"""Milliseconds after which a page that lost the feed comes back."""

_HERE = Path(__file__).parent


def rehearsal(world: World, core: Core, content: Content, *, pace: float = PACE) -> Starlette:
    """The rehearsal workspace as an ASGI app for 127.0.0.1.

    `world` is the chat that `core` speaks in; `content` holds the keys of prompts/en/rehearsal.yaml. `pace` is the
    seconds between two lines of the sample conversation, which begins when the first page listens.
    """
    door = _Door(world, core, content, pace)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await door.close()

    return Starlette(
        routes=door.routes(),
        middleware=[Middleware(Guard, say=content.say)],
        exception_handlers=dict.fromkeys((RefusedError, KithError, HTTPException), door.not_done),
        lifespan=lifespan,
    )


class _Door:
    """The handlers of all routes; each reads a request, has the stage do it, and answers in JSON."""

    def __init__(self, world: World, core: Core, content: Content, pace: float) -> None:
        self._world = world
        self._core = core
        self._content = content
        self._stage = Stage(world, core)
        self._sample = Sample(self._stage, world.script, pace=pace)
        self._opened = False
        pages = Environment(loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined)
        self._page = pages.get_template("page.html").render(
            say=partial(_say, content), script=world.script, locale=content.locale
        )

    def routes(self) -> list[Route | Mount]:
        posts: dict[str, Callable[[Request], Awaitable[Json]]] = {
            "say": self._say,
            "command": self._command,
            "edit": self._edit,
            "delete": self._delete,
            "react": self._react,
            "choose": self._choose,
            "submit": self._submit,
            "put-away": self._put_away,
            "invite": self._invite,
            "clock": self._clock,
            "sample": self._play,
            "reading": self._reading,
        }
        return [
            Route("/", self._show_page),
            Route("/words.json", self._words),
            Route("/events", self._events),
            Route("/api/insight/{channel}", self._insight),
            *(Route(f"/api/{name}", _posting(act), methods=["POST"]) for name, act in posts.items()),
            Mount("/static", StaticFiles(directory=_HERE / "static")),
        ]

    async def close(self) -> None:
        """Stop the sample and let all pages go."""
        await self._sample.stop()
        self._world.feed.close()

    async def not_done(self, _request: Request, exc: Exception) -> Response:
        """A status and one sentence for a request that cannot be done as asked, or that Kith could not do."""
        match exc:
            case RefusedError():
                return _json({"error": self._content.say(exc.key, **exc.facts)}, exc.status)
            case HTTPException():
                key = "method" if exc.status_code == 405 else "path"
                return _json({"error": _say(self._content, f"error.{key}")}, exc.status_code, exc.headers)
            case BadInputError():
                return _json({"error": str(exc)}, 422)
            case _:
                return _json({"error": str(exc)}, 503)

    async def _show_page(self, _request: Request) -> Response:
        return HTMLResponse(self._page, headers={"cache-control": "no-store"})

    async def _words(self, _request: Request) -> Response:
        prefix = "rehearsal."
        words = {
            key.removeprefix(prefix): text for key, text in self._content.interface.items() if key.startswith(prefix)
        }
        return _json(words)

    async def _events(self, request: Request) -> Response:
        if self._world.feed.crowded:
            raise RefusedError(429, "pages")
        if not self._opened:
            self._opened = True
            for room in self._world.rooms:
                if room.invited_by:
                    await self._stage.invite(room.id, room.invited_by)
            self._sample.begin()
        stopping = anyio.Event()
        return EventSourceResponse(
            self._changes(request.headers.get("last-event-id"), stopping),
            headers={"cache-control": "no-store"},
            send_timeout=30,
            shutdown_event=stopping,
            shutdown_grace_period=1,
        )

    async def _changes(self, last: str | None, stopping: anyio.Event) -> AsyncIterator[ServerSentEvent]:
        with self._world.feed.listening() as listener:
            ending = asyncio.create_task(_end_when(stopping, listener))
            try:
                missed = self._world.feed.since(last)
                if missed is None:
                    yield _event("snapshot", self._everything(), self._world.feed.last)
                for change in missed or ():
                    yield _event(change.kind, change.data, change.id)
                async for change in listener:
                    yield _event(change.kind, change.data, change.id)
            finally:
                ending.cancel()

    def _everything(self) -> Json:
        world = self._world
        return {
            "workspace": world.script.workspace,
            "personas": [
                {"id": p.id, "name": p.name, "initials": p.initials, "hue": p.hue, "role": p.role, "guest": p.guest}
                for p in world.people
            ],
            "channels": [
                {"id": r.id, "name": r.name, "purpose": r.purpose, "kith": world.has_kith(r.id)} for r in world.rooms
            ],
            "reactions": list(REACTIONS),
            "lines": [line_seen(line) for line in world.lines],
            "clock": clock_seen(world),
            "sample": {"state": self._sample.state.value, "channel": world.script.talk_in},
        }

    async def _insight(self, request: Request) -> Response:
        insight = await self._core.insight(self._world.ref(request.path_params["channel"]))
        return _json({"insight": insight_seen(insight, self._content) if insight else None})

    async def _reading(self, request: Request) -> Json:
        ask = await asks.asked(request, asks.Read)
        return reading_seen(await self._core.reading(ask.text[: asks.LONGEST]), self._content)

    async def _say(self, request: Request) -> Json:
        ask = await asks.asked(request, asks.Say)
        return await self._stage.say(ask.channel, ask.persona, ask.text, ask.thread)

    async def _command(self, request: Request) -> Json:
        ask = await asks.asked(request, asks.Command)
        return await self._stage.command(ask.channel, ask.persona, ask.words, ask.thread)

    async def _edit(self, request: Request) -> Json:
        ask = await asks.asked(request, asks.Edit)
        return await self._stage.edit(ask.channel, ask.persona, ask.message, ask.text)

    async def _delete(self, request: Request) -> Json:
        ask = await asks.asked(request, asks.OnMessage)
        return await self._stage.delete(ask.channel, ask.persona, ask.message)

    async def _react(self, request: Request) -> Json:
        ask = await asks.asked(request, asks.React)
        return await self._stage.react(ask.channel, ask.persona, ask.message, ask.emoji)

    async def _choose(self, request: Request) -> Json:
        ask = await asks.asked(request, asks.Choose)
        return await self._stage.choose(ask.channel, ask.persona, ask.message, ask.choice, ask.about)

    async def _submit(self, request: Request) -> Json:
        return await self._stage.submit(await asks.asked(request, asks.Submit))

    async def _put_away(self, request: Request) -> Json:
        ask = await asks.asked(request, asks.OnMessage)
        self._world.put_away(ask.channel, ask.persona, ask.message)
        return {}

    async def _invite(self, request: Request) -> Json:
        ask = await asks.asked(request, asks.Ask)
        return await self._stage.invite(ask.channel, ask.persona)

    async def _clock(self, request: Request) -> Json:
        ask = await asks.asked(request, asks.Forward)
        if sum(way is not None for way in (ask.hours, ask.days, ask.to)) != 1:
            raise RefusedError(422, "clock")
        if ask.to:
            return await self._stage.forward(await self._stage.until_morning(ask.channel))
        return await self._stage.forward(timedelta(hours=ask.hours or 0, days=ask.days or 0))

    async def _play(self, request: Request) -> Json:
        ask = await asks.asked(request, asks.Sample)
        if ask.do == "skip":
            self._sample.skip()
        else:
            await self._sample.stop()
        return {"state": self._sample.state.value}


async def _end_when(stopping: anyio.Event, listener: Listener) -> None:
    """The server is going down: let the page's stream come to its end instead of tearing it."""
    await stopping.wait()
    listener.tell(None)


def _posting(act: Callable[[Request], Awaitable[Json]]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        return _json(await act(request))

    return answer


def _say(content: Content, key: str, **facts: object) -> str:
    return content.say(f"rehearsal.{key}", **facts)


def _json(data: Mapping[str, object], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(
        orjson.dumps(data),
        status,
        {"cache-control": "no-store", **(headers or {})},
        "application/json",
    )


def _event(kind: str, data: Mapping[str, object], id_: str) -> ServerSentEvent:
    return ServerSentEvent(orjson.dumps(data).decode(), event=kind, id=id_, retry=RETRY)
