"""Serves the rehearsal and the public door on uvicorn until Kith is stopped."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from functools import partial
from types import FrameType
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess

from bot.bootstrap.joining import open_platforms
from bot.bootstrap.rehearsing import open_rehearsal
from bot.bootstrap.watching import Watch
from bot.bootstrap.working import spare_the_loop, worker
from bot.config import Settings
from bot.errors import BadInputError

LAST_WORDS = 10
"""Seconds that what was accepted has to be finished once Kith is stopped; no platform waits for an answer that long."""


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run `work` to its end on the fastest loop there is."""
    with asyncio.Runner(loop_factory=uvicorn.Config("").get_loop_factory()) as runner:
        runner.run(work)


def serve_on_all(settings: Settings, *, workers: int, announce_door: Callable[[str | None], None]) -> None:
    """Kith in the workspaces of the settings, in so many processes behind one door, until it is stopped. A process
    that dies is replaced; what it had leased another takes up. No rehearsal is served; each process has its own page
    of figures, at ports from the setting's on.

    BadInputError if nothing comes in over HTTP; whatever keeps Kith from starting is told before any process is begun.
    """
    if settings.metrics_port is not None:
        _refuse_taken(settings.metrics_host, settings.metrics_port, "KITH_METRICS_PORT")
    run(_could_start(settings))
    config = _config(
        partial(worker, settings, workers),
        host=settings.door_host,
        port=settings.door_port,
        workers=workers,
        factory=True,
    )
    door = config.bind_socket()
    door.listen(config.backlog)  # from now on who knocks waits for the first process to open
    announce_door(f"http://{settings.door_host}:{door.getsockname()[1]}/")
    Multiprocess(config, sockets=[door]).run()


async def _could_start(settings: Settings) -> None:
    async with open_platforms(settings) as door:
        if door is None:
            raise BadInputError(problem="several processes need a door over HTTP, and the settings name none.")


async def serve(
    settings: Settings, *, announce: Callable[[str], None], announce_door: Callable[[str | None], None] | None = None
) -> None:
    """Run the rehearsal workspace, and Kith in the workspaces of the settings, until it is stopped. `announce` is told
    the rehearsal's address once it answers, `announce_door` the public door's (None: nothing comes in over HTTP)."""
    _refuse_taken(settings.host, settings.port, "--port")
    async with AsyncExitStack() as opened:
        servers: list[uvicorn.Server] = []
        said = announce_door or (lambda _: None)
        watch = Watch(settings)
        if settings.metrics_port is not None:
            _refuse_taken(settings.metrics_host, settings.metrics_port, "KITH_METRICS_PORT")
            servers.append(_server(watch.pages(), settings.metrics_host, settings.metrics_port, _unsaid, watch))
        if settings.joins_a_workspace:
            door = await opened.enter_async_context(open_platforms(settings, watch=watch))
            if door is not None:
                servers.append(_server(door, settings.door_host, settings.door_port, said, watch))
            else:
                said(None)
        app = await opened.enter_async_context(open_rehearsal(settings))
        servers.append(_server(app, settings.host, settings.port, announce, watch))
        spare_the_loop()
        await asyncio.gather(*(server.serve() for server in servers))


def _refuse_taken(host: str, port: int, named: str) -> None:
    """BadInputError if somebody listens there, a running rehearsal perhaps, which a fresh start in its database would
    wipe; `named` is where the port is chosen."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as exc:
            raise BadInputError(problem=f"port {port} is taken; choose another with {named}, or 0 for any.") from exc


def _unsaid(_: str) -> None:
    """Operators know where they asked for their pages."""


def _server(app: ASGIApp, host: str, port: int, announce: Callable[[str], None], watch: Watch) -> uvicorn.Server:
    return _AnnouncingServer(_config(app, host=host, port=port), announce, watch)


def _config(app: ASGIApp | Callable[[], ASGIApp], **more: Any) -> uvicorn.Config:
    """How Kith is served; what was accepted has LAST_WORDS to be finished when it is stopped."""
    return uvicorn.Config(
        app,
        log_level="warning",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        timeout_graceful_shutdown=LAST_WORDS,
        **more,
    )


class _AnnouncingServer(uvicorn.Server):
    """Tells its address when it has begun to listen, whichever port it was given, and that it has been told to stop."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[str], None], watch: Watch) -> None:
        super().__init__(config)
        self._announce = announce
        self._watch = watch

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._watch.stopping()
        super().handle_exit(sig, frame)

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup()
        if self.started:
            port = self.servers[0].sockets[0].getsockname()[1]
            host = f"[{self.config.host}]" if ":" in self.config.host else self.config.host
            self._announce(f"http://{host}:{port}/")
