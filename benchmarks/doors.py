"""The three doors that `benchmarks.inbound` knocks at, each a process of its own: python -m benchmarks.doors NAME …."""

from __future__ import annotations

import argparse
import asyncio
import os
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from typing import Any, Literal

import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.bootstrap import open_platforms
from bot.bootstrap.working import spare_the_loop
from bot.config import load_settings

PATH = "/slack/events"
SECRET = "a secret of the benchmark"  # noqa: S105, nobody's
TOKEN = "xoxb-benchmark"  # noqa: S105, as above
WORKSPACE, KITH = "T0BENCH", "U0KITH"


def main() -> None:
    """Pin this process to one core, open the door, say its port on one line, and serve until told to stop."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("door", choices=("bare", "bolt", "kith"))
    asked.add_argument("--core", type=int, default=0)
    asked.add_argument("--database", default="")
    asked.add_argument("--slack", default="", help="the address of a Slack to call")
    asked.add_argument("--plain", action="store_true", help="asyncio and h11 in the place of uvloop and httptools")
    given = asked.parse_args()
    if hasattr(os, "sched_setaffinity") and given.core >= 0:
        os.sched_setaffinity(0, {given.core})
    config = partial(_config, plain=given.plain)
    with asyncio.Runner(loop_factory=config(bare()).get_loop_factory()) as runner:
        runner.run(_serve(given, config))


def _config(app: Any, *, plain: bool) -> uvicorn.Config:
    """The server's settings, the same for every door."""
    loop: Literal["asyncio", "auto"] = "asyncio" if plain else "auto"
    http: Literal["h11", "auto"] = "h11" if plain else "auto"
    return uvicorn.Config(app, port=0, log_level="warning", access_log=False, proxy_headers=False, loop=loop, http=http)


async def _serve(given: argparse.Namespace, config: Callable[[Any], uvicorn.Config]) -> None:
    async with AsyncExitStack() as opened:
        if given.door == "kith":
            app: Any = await opened.enter_async_context(kith(given.database, given.slack))
            spare_the_loop()
        else:
            app = bare() if given.door == "bare" else bolt()
        await _Announced(config(app)).serve()


class _Announced(uvicorn.Server):
    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup()
        print(self.servers[0].sockets[0].getsockname()[1], flush=True)


def bare() -> Starlette:
    """A server that verifies the signature and answers; it does not even look at what was sent."""
    verifier = SignatureVerifier(SECRET)

    async def knock(request: Request) -> Response:
        return Response(status_code=200 if verifier.is_valid_request(await request.body(), request.headers) else 401)

    return Starlette(routes=[Route(PATH, knock, methods=["POST"])])


def bolt() -> Starlette:
    """Bolt as its own documentation sets it up, with one listener that does nothing."""

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None, team_id=WORKSPACE, bot_user_id=KITH, bot_id="B0KITH", bot_token=TOKEN
        )

    app = AsyncApp(signing_secret=SECRET, authorize=authorize)

    @app.event("message")
    async def _(event: dict[str, Any]) -> None:
        return None

    handler = AsyncSlackRequestHandler(app)

    async def knock(request: Request) -> Response:
        return await handler.handle(request)

    return Starlette(routes=[Route(PATH, knock, methods=["POST"])])


def kith(database: str, slack: str) -> Any:
    """Kith as it is served: its own settings, store, reader and clock."""
    return open_platforms(
        load_settings(
            database_url=database,
            secret_keys="5l0lSsCqWQyvX2Lw7qk1Cj7n3S2gQvYf0mJ3kq0hX3M=",  # noqa: S106, nobody's
            slack_bot_token=TOKEN,
            slack_signing_secret=SECRET,
            slack_api_url=f"{slack}/api/",
        )
    )


if __name__ == "__main__":
    main()
