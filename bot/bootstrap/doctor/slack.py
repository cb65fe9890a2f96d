"""What the doctor sees of Slack: tokens, scopes, the clock, Socket Mode, and whether the door can be reached."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from adapters.scheduler import MachineClock
from adapters.storage.sql import open_store
from bot.bootstrap.building import sealer_of
from bot.bootstrap.doctor.finding import Finding, Mark
from bot.config import Settings, sqlite_file
from bot.domain.content import Content
from bot.errors import KithError, PlatformError, PlatformUnsureError

if TYPE_CHECKING:
    from adapters.slack.checkup import TokenFacts
    from adapters.slack.web import Line

SKEW = timedelta(seconds=60)
"""How far the machine's clock may be from Slack's; at five minutes Kith and Slack do not believe each other."""

MOST = 20
"""Installed workspaces whose tokens are tried."""


async def slack_findings(settings: Settings, content: Content) -> list[Finding]:
    """Everything about Slack, if the settings name it."""
    if settings.slack_bot_token is None and settings.slack_client_id is None:
        return []
    from adapters.slack.web import Line  # only now: nothing but a real workspace needs Slack's libraries

    line = Line(base_url=settings.slack_api_url)
    try:
        tokens, found = await _tokens(settings, content)
        for token in tokens:
            found += await _token(token, content, line)
        return [*found, *await _socket(settings, content, line), *await _door(settings, content, line)]
    finally:
        await line.close()


async def _tokens(settings: Settings, content: Content) -> tuple[list[str], list[Finding]]:
    """The bot tokens there are: the settings', or those of installed workspaces; what is wrong with the database or the
    keys has lines of its own."""
    if settings.slack_bot_token is not None:
        return [settings.slack_bot_token.get_secret_value()], []
    file = sqlite_file(settings.database_url)
    if file is not None and not file.exists():
        return [], []
    try:
        store = await open_store(settings.database_url, sealer=sealer_of(settings))
    except KithError:
        return [], []
    try:
        installed = sorted(await store.installations.versions())
        kept = [await store.installations.of(workspace) for workspace in installed[:MOST]]
    except KithError:
        return [], []
    finally:
        await store.close()
    told = Finding(mark=Mark.OK, text=content.say("doctor.slack.installed", count=len(installed)))
    return [installation.token for installation in kept if installation is not None], [told]


async def _token(token: str, content: Content, line: Line) -> list[Finding]:
    from adapters.slack.checkup import examine_token  # as above

    try:
        facts = await examine_token(token, line)
    except PlatformUnsureError:
        return [Finding(mark=Mark.WRONG, text=content.say("doctor.slack.silent"))]
    except PlatformError as exc:
        return [Finding(mark=Mark.WRONG, text=content.say("doctor.slack.token_refused", why=exc.facts["problem"]))]
    return [
        Finding(mark=Mark.OK, text=content.say("doctor.slack.token", workspace=facts.workspace)),
        *_scopes(facts, content),
        *_clock(facts, content),
    ]


def _scopes(facts: TokenFacts, content: Content) -> list[Finding]:
    found = []
    if facts.lacks:
        text = content.say("doctor.slack.lacks", scopes=", ".join(facts.lacks))
        found.append(Finding(mark=Mark.WRONG, text=text))
    if facts.lacks_optional:
        text = content.say("doctor.slack.lacks_optional", scopes=", ".join(facts.lacks_optional))
        found.append(Finding(mark=Mark.NOTE, text=text))
    return found


def _clock(facts: TokenFacts, content: Content) -> list[Finding]:
    if facts.time is None:
        return []
    off = abs(MachineClock().now() - facts.time)
    if off > SKEW:
        return [Finding(mark=Mark.WRONG, text=content.say("doctor.clock.off", seconds=int(off.total_seconds())))]
    return [Finding(mark=Mark.OK, text=content.say("doctor.clock"))]


async def _socket(settings: Settings, content: Content, line: Line) -> list[Finding]:
    if settings.slack_app_token is None:
        return []
    from adapters.slack.checkup import examine_app_token  # as above

    try:
        await examine_app_token(settings.slack_app_token.get_secret_value(), line)
    except PlatformUnsureError:
        return [Finding(mark=Mark.WRONG, text=content.say("doctor.slack.silent"))]
    except PlatformError as exc:
        return [Finding(mark=Mark.WRONG, text=content.say("doctor.slack.socket_refused", why=exc.facts["problem"]))]
    return [Finding(mark=Mark.OK, text=content.say("doctor.slack.socket"))]


async def _door(settings: Settings, content: Content, line: Line) -> list[Finding]:
    """Whether knocking at the door from outside, signed as Slack signs, is answered by a running Kith."""
    if settings.slack_signing_secret is None:
        return []
    if settings.door_url is None:
        return [Finding(mark=Mark.NOTE, text=content.say("doctor.door.unknown"))]
    from adapters.slack.checkup import examine_door  # as above

    secret = settings.slack_signing_secret.get_secret_value()
    stands = await examine_door(settings.door_url, secret, MachineClock().now(), line)
    mark = Mark.OK if stands == "open" else Mark.WRONG
    return [Finding(mark=mark, text=content.say(f"doctor.door.{stands}", url=settings.door_url))]
