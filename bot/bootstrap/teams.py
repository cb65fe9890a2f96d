"""Joins Kith to Teams, and writes what sets it up there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING

from starlette.routing import BaseRoute

from adapters.prompt_files import shipped_contents
from adapters.switchboard import Switchboard
from bot.bootstrap.kith import Kith
from bot.config import Settings
from bot.errors import ConfigError
from bot.usecases import alone
from bot.usecases.command import COMMANDS

if TYPE_CHECKING:
    from adapters.teams.bearer import Request


@asynccontextmanager
async def join_teams(settings: Settings, kith: Kith, switchboard: Switchboard) -> AsyncIterator[Sequence[BaseRoute]]:
    """The tenants of the settings, over HTTP."""
    if settings.teams_app_id is None:
        yield ()
        return
    from adapters.teams import connected  # only now: nothing but a real tenant needs Teams' libraries

    tenants = _listed(settings.teams_tenants) | {settings.teams_tenant or ""}
    near = {settings.teams_connector_url.rstrip("/")} if settings.teams_connector_url else set()
    opened = connected(
        kith.house.store.addresses,
        app=settings.teams_app_id,
        tenants=tenants,
        token=token_request(settings),
        keys_url=None if settings.teams_without_tokens else settings.teams_keys_url,
        issuer=settings.teams_issuer,
        near=frozenset(near),
    )
    async with opened as teams:
        for tenant in tenants:
            switchboard.connect(tenant, teams.chat)
        admins = _listed(settings.teams_admins)
        content, clock = kith.house.content, kith.clock
        yield teams.door(kith, content, clock, words=COMMANDS, alone=alone.COMMANDS, admins=admins)


def teams_package(settings: Settings, *, name: str, website: str, privacy: str, terms: str) -> bytes:
    """The app package that an admin uploads; ConfigError if the settings do not name the bot's registration."""
    if settings.teams_app_id is None:
        raise ConfigError(problems="KITH_TEAMS_APP_ID: is missing; the package is for that registration")
    from adapters.teams import Publisher, app_package  # as above

    return app_package(
        shipped_contents(),
        locale=settings.locale,
        app=settings.teams_app_id,
        version=version("kith"),
        publisher=Publisher(name=name, website=website, privacy=privacy, terms=terms),
        words=COMMANDS,
    )


def token_request(settings: Settings) -> Request | None:
    """How Kith gets the tokens it shows: none in development."""
    from adapters.teams import by_identity, by_secret

    app = settings.teams_app_id or ""
    if settings.teams_managed_identity:
        return by_identity(settings.teams_identity_url, app)
    if settings.teams_app_password is None:
        return None
    secret = settings.teams_app_password.get_secret_value()
    return by_secret(settings.teams_login_url, settings.teams_tenant or "", app, secret)


def _listed(given: str) -> frozenset[str]:
    return frozenset(one for one in given.split(",") if one)
