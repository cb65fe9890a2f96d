"""Let what a workspace decided hold: over the deployment's defaults, at once, for everyone in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.domain.audit import Change
from bot.domain.channel import ChannelSettings
from bot.domain.content import Content
from bot.domain.events import ChannelRef, ChoiceMade, CommandGiven, FormSubmitted, Standing
from bot.domain.window import Window
from bot.domain.workspace import WorkspaceSettings
from bot.errors import KithError, StoreError
from bot.ports import House

TRIES = 8
"""So many changes in the same moment is more than any workspace sees; beyond it something is wrong."""

A = TypeVar("A", CommandGiven, ChoiceMade, FormSubmitted)


async def at_home(house: House, workspace: str) -> House:
    """The house as it is in a workspace: its rule, its human help, its numbers, what its new channels start with."""
    return furnished(house, await house.store.workspaces.of(workspace))


def furnished(house: House, settings: WorkspaceSettings) -> House:
    """The house with these settings in the place of the deployment's, where they decide anything."""
    return replace(
        house.speaking(settings.locale or house.content.locale),
        workspace=settings,
        rule=settings.rule or house.rule,
        human_help=house.human_help if settings.human_help is None else settings.human_help,
        newcomers=settings.newcomer(house.newcomers),
    )


async def words_in(channel: ChannelRef, *, house: House) -> Content:
    """The words in which Kith speaks in a channel: in its language, or its workspace's where Kith is not in it; in the
    deployment's where neither can be told now."""
    try:
        home = await at_home(house, channel.workspace)
        found = await house.store.channels.get(channel)
    except KithError:
        return house.content
    return (home.speaking(found.settings.locale) if found else home).content


def in_office(event: A, house: House) -> A:
    """The event, by an admin if the workspace says that this person is one."""
    return replace(event, standing=Standing.ADMIN) if event.by in house.workspace.admins else event


async def change_workspace(
    workspace: str,
    step: Callable[[WorkspaceSettings], WorkspaceSettings],
    *,
    house: House,
    told: Callable[[WorkspaceSettings, WorkspaceSettings], Change | None],
) -> WorkspaceSettings:
    """The settings after `step`, which must bear being applied again to newer ones; `told` gives the line of the trail
    for those before and after, which is written with them or not at all."""
    for _ in range(TRIES):
        before = await house.store.workspaces.of(workspace)
        after = step(before)
        if after == before or await house.store.workspaces.save(workspace, after, told=told(before, after)):
            return after
    raise StoreError(problem="the settings of one workspace are being changed by too many at once")


def still_kept(window: Window, house: House, now: datetime) -> Window:
    """The window without what the workspace does not want kept any more, whether or not it is deleted yet."""
    since = house.workspace.kept_since(now)
    if since is None:
        return window
    return replace(window, traces=tuple(trace for trace in window.traces if trace.at >= since))


def is_holiday(settings: ChannelSettings, house: House, now: datetime) -> bool:
    """Whether it is a public holiday in the workspace's country, by the channel's own clock."""
    return house.almanac.is_holiday(house.workspace.holidays, now.astimezone(ZoneInfo(settings.zone)).date())
