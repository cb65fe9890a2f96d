"""The way into a workspace by the browser: a page that says what Kith is, Slack's own page, and a page that it is done.

Slack's own library walks the road (Bolt's AsyncOAuthFlow); Kith gives it a place for states and installations, and the
words on the pages.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

import aiohttp
from slack_bolt import BoltResponse
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.async_app import AsyncBoltRequest
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.errors import SlackClientError
from slack_sdk.oauth.installation_store import Installation as Given
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from adapters.slack.install_pages import InstallPages
from adapters.slack.manifest import OPTIONAL, SCOPES
from adapters.slack.web import Line
from bot.domain.content import Content
from bot.domain.installation import HANDSHAKE_LASTS, Installation
from bot.errors import KithError
from bot.ports import Clock, Handshakes

INSTALL = "/slack/install"
REDIRECT = "/slack/oauth_redirect"
"""Where people begin, and where Slack sends them back to."""

Installed = Callable[[Installation], Awaitable[None]]
"""What is told of an installation; it is kept once this returns."""

_log = logging.getLogger("kith.slack")


def install_routes(
    app: tuple[str, str],
    installed: Installed,
    handshakes: Handshakes,
    content: Content,
    clock: Clock,
    line: Line,
    *,
    redirect_uri: str | None = None,
) -> Sequence[BaseRoute]:
    """The two addresses of the road, for the app with this id and secret.

    A state is good for one return to `redirect_uri` (None: the app's only one), in the browser that began, for ten
    minutes. Whatever goes wrong is one plain sentence on a page, and changes nothing.
    """
    flow = _flow(app, installed, handshakes, InstallPages(content), clock, line, redirect_uri)

    async def begin(request: Request) -> Response:
        return await _answered(flow.handle_installation, request, line, flow)

    async def come_back(request: Request) -> Response:
        return await _answered(flow.handle_callback, request, line, flow)

    return [Route(INSTALL, begin, methods=["GET"]), Route(REDIRECT, come_back, methods=["GET"])]


class _Flow(AsyncOAuthFlow):
    """Bolt's flow with Kith's own pages."""

    pages: InstallPages

    async def build_install_page_html(self, url: str, request: AsyncBoltRequest) -> str:
        return self.pages.ask(url)


def _flow(
    app: tuple[str, str],
    installed: Installed,
    handshakes: Handshakes,
    pages: InstallPages,
    clock: Clock,
    line: Line,
    redirect_uri: str | None,
) -> _Flow:
    async def succeeded(args: AsyncSuccessArgs) -> BoltResponse:
        done = pages.done(args.installation.team_name or "", args.installation.team_id, args.installation.app_id)
        return _page(done, 200, args.settings.state_utils.build_set_cookie_for_deletion())

    async def failed(args: AsyncFailureArgs) -> BoltResponse:
        reason = "org" if isinstance(args.error, _OrgInstallError) else args.reason
        return _page(pages.trouble(reason), 400 if reason == "org" else args.suggested_status_code)

    settings = AsyncOAuthSettings(
        client_id=app[0],
        client_secret=app[1],
        scopes=sorted((*SCOPES, *OPTIONAL)),
        user_scopes=[],
        redirect_uri=redirect_uri,
        install_path=INSTALL,
        redirect_uri_path=REDIRECT,
        callback_options=AsyncCallbackOptions(success=succeeded, failure=failed),
        installation_store=_Kept(installed),
        state_store=_States(handshakes, clock),
        state_cookie_name="kith-install",
        state_expiration_seconds=int(HANDSHAKE_LASTS.total_seconds()),
    )
    quiet = logging.getLogger("kith.slack.oauth")
    quiet.setLevel(logging.CRITICAL)  # the library would log the code that stands for a token
    flow = _Flow(client=line.client(""), logger=quiet, settings=settings)
    flow.pages = pages
    return flow


async def _answered(
    step: Callable[[AsyncBoltRequest], Awaitable[BoltResponse]], request: Request, line: Line, flow: _Flow
) -> Response:
    """One step of the road; where Slack or the database does not answer, a page that says so."""
    flow.client.session = line.opened()
    try:
        answer = await step(to_async_bolt_request(request, b""))
    except (KithError, SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as exc:
        _log.error("An installation could not be finished: %s", type(exc).__name__)
        answer = _page(flow.pages.trouble("later"), 503)
    response = to_starlette_response(answer)
    response.headers.update(_HEADERS)
    return response


_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    "referrer-policy": "no-referrer",  # the address holds the code that stands for a token
    "x-content-type-options": "nosniff",
}


def _page(html: str, status: int, cookie: str = "") -> BoltResponse:
    headers: dict[str, str | Sequence[str]] = {"content-type": "text/html; charset=utf-8"}
    return BoltResponse(status=status, body=html, headers=headers | ({"set-cookie": [cookie]} if cookie else {}))


class _OrgInstallError(BoltError):
    """Somebody installed Kith for a whole organisation at once."""


class _Kept(AsyncInstallationStore):
    """Slack's installation store as far as its flow needs one: it saves."""

    def __init__(self, installed: Installed) -> None:
        self._installed = installed

    async def async_save(self, installation: Given) -> None:
        """Keep what Slack gave; _OrgInstallError for a whole organisation, where no workspace is named."""
        if installation.is_enterprise_install or not installation.team_id or not installation.bot_token:
            raise _OrgInstallError
        ends = installation.bot_token_expires_at
        await self._installed(
            Installation(
                workspace=installation.team_id,
                user=installation.bot_user_id or "",
                bot=installation.bot_id or "",
                token=installation.bot_token,
                refresh=installation.bot_refresh_token or "",
                expires_at=datetime.fromtimestamp(ends, UTC) if ends else None,
            )
        )


class _States(AsyncOAuthStateStore):
    """Slack's state store, on the handshakes that all replicas share."""

    def __init__(self, handshakes: Handshakes, clock: Clock) -> None:
        self._handshakes = handshakes
        self._clock = clock

    async def async_issue(self, *args: object, **kwargs: object) -> str:
        state = secrets.token_urlsafe(32)
        await self._handshakes.begin(state, until=self._clock.now() + HANDSHAKE_LASTS)
        return state

    async def async_consume(self, state: str) -> bool:
        return await self._handshakes.finish(state, self._clock.now())
