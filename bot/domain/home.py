"""Kith's own page for one person, as a platform shows it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.events import ChannelRef
from bot.domain.speech import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """The page; the channel in which its buttons act (None: it has none that do); and the channels, with their names,
    among which its reader chooses another one."""

    message: Message
    acts_in: ChannelRef | None = None
    among: tuple[tuple[ChannelRef, str], ...] = ()
