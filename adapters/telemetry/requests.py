"""Watches requests at a door: gives each an id, counts and times it, and answers for what nobody caught."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Sequence
from itertools import count
from time import perf_counter

from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, reset_contextvars

from adapters.telemetry.figures import Metrics
from adapters.telemetry.spans import Spans

HEADER = b"x-request-id"
"""By which a proxy tells the id it gave a request, and by which Kith tells it back."""

_SANE = re.compile(rb"(?=.*\d)[0-9a-fA-F]{4,12}(-?[0-9a-fA-F]{4,16}){1,6}")
"""Hexadecimal, as proxies make them; whatever could be a word is not believed, for an id goes into the logs."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_OTHER = "other"

_log = logging.getLogger("kith.http")


class WatchedRequests:
    """Stands before a whole door. A route that is an app of its own is called straight away, without the search for it
    and what else a door puts around a function."""

    def __init__(self, app: ASGIApp, *, routes: Sequence[BaseRoute], metrics: Metrics, spans: Spans) -> None:
        self._app = app
        self._exact = {route.path: route for route in routes if isinstance(route, Route) and "{" not in route.path}
        self._shaped = [route for route in routes if isinstance(route, Route) and "{" in route.path]
        self._metrics = metrics
        self._spans = spans
        self._own, self._numbers = secrets.token_hex(12).encode(), count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name, route = self._named(scope), self._route(scope)
        method = scope["method"] if scope["method"] in _METHODS else _OTHER
        answer = _Answer(send, name)
        begun = perf_counter()
        bound = bind_contextvars(request_id=name.decode())
        with self._spans.span(f"{method} {route}") as facts:
            try:
                await self._behind(scope)(scope, receive, answer.send)
            except Exception as exc:  # noqa: BLE001, the outermost boundary; the log names its type and places
                _log.error("A request failed at %s.", route, exc_info=(type(exc), exc, exc.__traceback__))
                await answer.failed()
            finally:
                reset_contextvars(**bound)
            facts |= {"http.route": route, "http.response.status_code": answer.status}
        seen = self._metrics.of_requests(method, route, answer.status)
        seen.count.inc()
        seen.seconds.observe(perf_counter() - begun)

    def _behind(self, scope: Scope) -> ASGIApp:
        """What is to answer."""
        route = self._exact.get(scope["path"])
        if route is None or route.app is not route.endpoint or scope["method"] not in (route.methods or ()):
            return self._app
        return route.app

    def _named(self, scope: Scope) -> bytes:
        """The id that came with the request, if it is one, else a new one: a word of this door's own and a number,
        because asking the machine for randomness each time costs a twentieth of a request."""
        told = next((value for key, value in scope["headers"] if key == HEADER), b"")
        return told if len(told) <= 64 and _SANE.fullmatch(told) else b"%s%08x" % (self._own, next(self._numbers))

    def _route(self, scope: Scope) -> str:
        """The route's own pattern, never the path that was asked for."""
        if scope["path"] in self._exact:
            return str(scope["path"])
        return next((r.path for r in self._shaped if r.matches(scope)[0] is not Match.NONE), _OTHER)


class _Answer:
    """Passes an answer on with the request's id, and remembers its status."""

    def __init__(self, send: Send, name: bytes) -> None:
        self._send = send
        self._name = name
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = int(message["status"])
            message = {**message, "headers": [*message.get("headers", ()), (HEADER, self._name)]}
        await self._send(message)

    async def failed(self) -> None:
        """Say so, unless an answer has begun."""
        if self.status:
            return
        kind = (b"content-type", b"text/plain; charset=utf-8")
        await self.send({"type": "http.response.start", "status": 500, "headers": [kind]})
        await self.send({"type": "http.response.body", "body": b"Kith failed to do this; its log says where."})
