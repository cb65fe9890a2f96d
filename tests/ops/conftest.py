"""Logs that a test can read, a receiver of spans, and the databases of the storage tests."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.bootstrap import set_up_logs
from tests.slack.web_api import listening
from tests.storage.conftest import postgres, replicas, sqlite_template, sqlite_url, store, url

__all__ = ["postgres", "replicas", "sqlite_template", "sqlite_url", "store", "url"]  # fixtures by these names


@dataclass
class Logs:
    """What was logged, as JSON lines."""

    stream: io.StringIO = field(default_factory=io.StringIO)

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]


@pytest.fixture
def logs() -> Iterator[Logs]:
    """Logging as Kith sets it up, everything written; put back as it was afterwards."""
    root, own = logging.getLogger(), logging.getLogger("kith")
    before = (root.level, own.level, list(root.handlers), logging.raiseExceptions)
    hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    caught = Logs()
    set_up_logs(level="debug", format="json", stream=caught.stream)
    yield caught
    root.handlers[:] = before[2]
    root.setLevel(before[0])
    own.setLevel(before[1])
    logging.raiseExceptions = before[3]
    logging.captureWarnings(False)
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks


@dataclass
class Receiver:
    """A collector of spans that speaks OTLP over HTTP."""

    address: str = ""
    bodies: list[bytes] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: Request) -> Response:
        self.bodies.append(await request.body())
        self.came.set()
        return Response(b"", media_type="application/x-protobuf")

    @property
    def spans(self) -> list[Any]:
        requests = [ExportTraceServiceRequest.FromString(body) for body in self.bodies]
        return [s for r in requests for of in r.resource_spans for scope in of.scope_spans for s in scope.spans]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    async with listening(Starlette(routes=[Route("/v1/traces", made.take, methods=["POST"])])) as address:
        made.address = f"{address}/v1/traces"
        yield made
