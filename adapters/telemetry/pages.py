"""The pages that machines ask: does the process live, is it ready, what are its figures."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import StrEnum

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


class Part(StrEnum):
    """How a part that readiness depends on stands."""

    FINE = "fine"
    NOT_FINE = "not fine"


def health_routes(parts: Callable[[], Awaitable[Mapping[str, Part]]]) -> Sequence[Route]:
    """/healthz is 200 while the process answers at all; /readyz is 200 only while every part is fine, else 503."""

    async def healthz(_: Request) -> Response:
        return _json({"alive": True}, 200)

    async def readyz(_: Request) -> Response:
        found = await parts()
        ready = all(part is Part.FINE for part in found.values())
        return _json({"ready": ready, **found}, 200 if ready else 503)

    return (Route("/healthz", healthz), Route("/readyz", readyz))


def metrics_route(page: Callable[[], Awaitable[bytes]]) -> Route:
    """/metrics, in Prometheus' text format."""

    async def metrics(_: Request) -> Response:
        return Response(await page(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return Route("/metrics", metrics)


def _json(body: Mapping[str, object], status: int) -> Response:
    headers = {"cache-control": "no-store"}
    return Response(orjson.dumps(body), status, media_type="application/json", headers=headers)
