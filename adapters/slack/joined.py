"""A workspace joined to the core: what hears its events, answers its people, and speaks in it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from adapters.slack.acting import Acting
from adapters.slack.chat import SlackChat
from adapters.slack.core import Core
from adapters.slack.hearing import Hearing
from adapters.slack.patience import Patience
from adapters.slack.people import People
from adapters.slack.replies import Replies
from adapters.slack.translate import Kith
from adapters.slack.web import Web
from bot.domain.content import Content
from bot.ports import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """What every workspace of one Kith has in common: the core, its words, its clock, and patience with late work."""

    core: Core
    content: Content
    clock: Clock
    patience: Patience


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """One workspace: who Kith is there, its voice, and its two ears."""

    kith: Kith
    web: Web
    chat: SlackChat
    hearing: Hearing
    acting: Acting


Find = Callable[[str], Awaitable[Joined | None]]
"""The workspace with this id, if Kith is in it; KithError if that cannot be told."""


def join(web: Web, kith: Kith, house: Household, *, chat: SlackChat) -> Joined:
    """Join a workspace to the core; nothing is asked of Slack yet."""
    people = People(web, house.clock, kith.workspace)
    acts_in = house.content.say("home.acts_in")
    hearing = Hearing(web, kith, house.core, people, house.clock, acts_in=acts_in)
    replies = Replies(web, chat, house.core)
    acting = Acting(web, kith, house.core, hearing, people, replies, house.clock, house.patience)
    return Joined(kith=kith, web=web, chat=chat, hearing=hearing, acting=acting)
