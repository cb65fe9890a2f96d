"""Asks Slack whether what the settings hold is good: tokens, scopes, the clock, and the door's address."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.signature import SignatureVerifier

from adapters.slack.door import PATH
from adapters.slack.manifest import OPTIONAL, SCOPES
from adapters.slack.web import Line, refused
from bot.errors import PlatformUnsureError

CHALLENGE = "kith-doctor"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenFacts:
    """What Slack says of a bot token: whose it is, which scopes it lacks, and the time at Slack."""

    workspace: str
    lacks: Sequence[str]
    lacks_optional: Sequence[str]
    time: datetime | None


async def examine_token(token: str, line: Line) -> TokenFacts:
    """What a bot token is good for; PlatformError if Slack does not take it, PlatformUnsureError if
    it does not answer."""
    client = line.client(token)
    client.session = line.opened()
    try:
        answer = await client.auth_test()
    except SlackApiError as exc:
        raise refused("auth.test", exc) from exc
    except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as exc:
        raise PlatformUnsureError(problem="Slack does not answer") from exc
    headers = {name.lower(): _one(value) for name, value in dict(answer.headers).items()}
    granted = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",") if scope.strip()}
    known = "x-oauth-scopes" in headers
    return TokenFacts(
        workspace=str(answer.get("team") or answer.get("team_id") or ""),
        lacks=[scope for scope in SCOPES if known and scope not in granted],
        lacks_optional=[scope for scope in OPTIONAL if known and scope not in granted],
        time=_moment(headers.get("date", "")),
    )


async def examine_app_token(token: str, line: Line) -> None:
    """PlatformError if an app-level token does not open Socket Mode, PlatformUnsureError if Slack does not answer."""
    client = line.client("")
    client.session = line.opened()
    try:
        await client.apps_connections_open(app_token=token)
    except SlackApiError as exc:
        raise refused("apps.connections.open", exc) from exc
    except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as exc:
        raise PlatformUnsureError(problem="Slack does not answer") from exc


async def examine_door(url: str, signing_secret: str, now: datetime, line: Line) -> str:
    """What knocking as Slack does comes to: "open", "refused" (another secret, or a clock that is off), "elsewhere"
    (something else answers there), or "closed" (nobody does)."""
    body = json.dumps({"type": "url_verification", "challenge": CHALLENGE})
    stamp = str(int(now.timestamp()))
    signature = SignatureVerifier(signing_secret).generate_signature(timestamp=stamp, body=body)
    headers = {
        "content-type": "application/json",
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": signature or "",
    }
    try:
        async with line.opened().post(f"{url}{PATH}", data=body, headers=headers, allow_redirects=False) as answer:
            if answer.status == 401:
                return "refused"
            told = await answer.text()
            return "open" if answer.status == 200 and CHALLENGE in told else "elsewhere"
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        return "closed"


def _one(value: object) -> str:
    return str(value[0]) if isinstance(value, list) and value else str(value)


def _moment(date: str) -> datetime | None:
    try:
        return parsedate_to_datetime(date)
    except (TypeError, ValueError):
        return None
