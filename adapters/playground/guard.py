"""Keeps strangers out: a web page elsewhere must not be able to talk to a rehearsal on this computer."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

OWN_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
"""The only hosts a rehearsal answers to; any other name would be DNS rebinding."""

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
"""Sent with every answer."""


class Guard:
    """ASGI middleware: refuses foreign Host and Origin headers in words from `say`, and adds HEADERS to all answers."""

    def __init__(self, app: ASGIApp, *, say: Callable[[str], str]) -> None:
        self._app = app
        self._say = say

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 400 or 403, or pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered = MutableHeaders(scope=message)
                answered.update(HEADERS)
                answered.setdefault("cache-control", "no-cache")
            await send(message)

        refusal: JSONResponse | None = None
        if not _own_host(headers):
            refusal = JSONResponse({"error": self._say("rehearsal.error.host")}, 400)
        elif scope["method"] not in ("GET", "HEAD") and not _own_origin(headers):
            refusal = JSONResponse({"error": self._say("rehearsal.error.origin")}, 403)
        await (refusal or self._app)(scope, receive, send_with_headers)


def _own_host(headers: Headers) -> bool:
    hosts = headers.getlist("host")
    return len(hosts) == 1 and _hostname(f"//{hosts[0]}") in OWN_NAMES


def _own_origin(headers: Headers) -> bool:
    """Browsers always name the origin of a POST; what is no browser (curl, a test) need not."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origins = headers.getlist("origin")
    return not origins or origins == [f"http://{headers['host']}"]


def _hostname(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
