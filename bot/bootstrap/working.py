"""One of several processes behind one door: its own Kith, and its own page of figures at a port of its own."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import logging
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.bootstrap.joining import open_platforms
from bot.bootstrap.logs import set_up_logs
from bot.bootstrap.watching import Watch
from bot.config import Settings

_log = logging.getLogger("kith.pages")


def worker(settings: Settings, workers: int) -> ASGIApp:
    """One process's Kith, which opens as the server begins and closes when it has answered its last request."""
    set_up_logs(level=settings.log_level, format=settings.log_format)
    opened: list[ASGIApp] = []

    @asynccontextmanager
    async def living(_: Starlette) -> AsyncIterator[None]:
        watch = Watch(settings)
        async with _figures_of(watch, settings, workers), open_platforms(settings, watch=watch) as door:
            opened.append(door or Starlette())
            spare_the_loop()
            yield

    life = Starlette(lifespan=living)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await (opened[0] if scope["type"] == "http" else life)(scope, receive, send)

    return app


def spare_the_loop() -> None:
    """What is loaded now stays: it is left out of every later search for garbage, which would hold up the loop."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@asynccontextmanager
async def _figures_of(watch: Watch, settings: Settings, workers: int) -> AsyncIterator[None]:
    """This process's health and figures, while it lives, where the settings ask for them."""
    listening = (
        None if settings.metrics_port is None else first_free(settings.metrics_host, settings.metrics_port, workers)
    )
    if listening is None:
        yield
        return
    server = _Beside(uvicorn.Config(watch.pages(), log_level="warning", log_config=None, access_log=False))
    _log.info("this process's figures are at port %d", listening.getsockname()[1])
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving


def first_free(host: str, port: int, workers: int) -> socket.socket | None:
    """A socket that listens at the first free port of `workers` from `port` on (one more, so that a process can be
    replaced while it still lives), so that who takes a dead one's place takes its port. None, and a line in the log,
    if there is none: figures keep no Kith from starting."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for number in range(port, min(port + workers, 65535) + 1) if port else (0,):
        with contextlib.ExitStack() as unless_taken:
            tried = unless_taken.enter_context(socket.socket(family))
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind((host, number))
                tried.listen()  # now: until one of them listens, two may be bound to a port
            except OSError as exc:
                if exc.errno != errno.EADDRINUSE:
                    raise
                continue
            unless_taken.pop_all()
            return tried
    _log.warning("no port is free for this process's figures")
    return None


class _Beside(uvicorn.Server):
    """A server beside the one that the process lives by: signals are that one's."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
