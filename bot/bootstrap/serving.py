"""Serves the rehearsal and the public door on uvicorn until Kith is stopped."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import AsyncExitStack

import uvicorn
from starlette.applications import Starlette

from bot.bootstrap.joining import open_platforms
from bot.bootstrap.rehearsing import open_rehearsal
from bot.config import Settings
from bot.errors import BadInputError


async def serve(
    settings: Settings, *, announce: Callable[[str], None], announce_door: Callable[[str | None], None] | None = None
) -> None:
    """Run the rehearsal workspace, and Kith in the workspaces of the settings, until it is stopped. `announce` is told
    the rehearsal's address once it answers, `announce_door` the public door's (None: nothing comes in over HTTP)."""
    _refuse_taken(settings.host, settings.port)
    async with AsyncExitStack() as opened:
        servers: list[uvicorn.Server] = []
        said = announce_door or (lambda _: None)
        if settings.joins_a_workspace:
            door = await opened.enter_async_context(open_platforms(settings))
            if door is not None:
                servers.append(_server(door, settings.door_host, settings.door_port, said))
            else:
                said(None)
        app = await opened.enter_async_context(open_rehearsal(settings))
        servers.append(_server(app, settings.host, settings.port, announce))
        await asyncio.gather(*(server.serve() for server in servers))


def _refuse_taken(host: str, port: int) -> None:
    """BadInputError if somebody listens there; a fresh start in the database would wipe a running rehearsal."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as exc:
            raise BadInputError(problem=f"port {port} is taken; choose another with --port, or --port 0.") from exc


def _server(app: Starlette, host: str, port: int, announce: Callable[[str], None]) -> uvicorn.Server:
    config = uvicorn.Config(app, host=host, port=port, log_level="warning", access_log=False)
    return _AnnouncingServer(config, announce)


class _AnnouncingServer(uvicorn.Server):
    """Tells its address when it has begun to listen, whichever port it was given."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[str], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup()
        if self.started:
            port = self.servers[0].sockets[0].getsockname()[1]
            host = f"[{self.config.host}]" if ":" in self.config.host else self.config.host
            self._announce(f"http://{host}:{port}/")
