"""Where Kith is in no channel, as in a chat with one person: what works there, for that person alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.domain.channel import Channel, ChannelSettings
from bot.domain.charter import Charter, CharterState
from bot.domain.events import ChannelRef
from bot.domain.speech import Reply
from bot.ports import House

COMMANDS = frozenset({"ask", "check", "path", "draft"})
FORMS = frozenset({"check", "path", "path_rather", "draft"})
CHOICES = frozenset({"path_rather", "why_question"})
"""What needs no channel: it is answered to one person, and nothing of it is kept."""


def no_channel(ref: ChannelRef, at: datetime, house: House) -> Channel:
    """What a use case needs of a channel, where there is only this person: nothing of it is kept."""
    return Channel(
        ref=ref,
        name="",
        charter=Charter(state=CharterState.SPEAKING, since=at),
        settings=ChannelSettings(locale=house.content.locale),
    )


def for_one(reply: Reply) -> Reply:
    """The reply without the buttons that lead to a channel: there is none to share with."""
    if reply.message is None:
        return reply
    kept = tuple(choice for choice in reply.message.choices if choice.id in CHOICES)
    return replace(reply, message=replace(reply.message, choices=kept))
