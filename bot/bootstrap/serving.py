"""Serves the rehearsal and the public door on uvicorn until Kith is stopped."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import AsyncExitStack
from types import FrameType

import uvicorn
from starlette.applications import Starlette

from bot.bootstrap.joining import open_platforms
from bot.bootstrap.rehearsing import open_rehearsal
from bot.bootstrap.watching import Watch
from bot.config import Settings
from bot.errors import BadInputError


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


def _server(app: Starlette, host: str, port: int, announce: Callable[[str], None], watch: Watch) -> uvicorn.Server:
    config = uvicorn.Config(app, host=host, port=port, log_level="warning", log_config=None, access_log=False)
    return _AnnouncingServer(config, announce, watch)


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
