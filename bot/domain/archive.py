"""What an archive of past talk holds: its channels, its rows as events, and what was left out for which reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.events import ChannelRef, Event, MessagePosted


class TalkKind(StrEnum):
    """Who could read along: everybody, people invited, a small group of its own, two people, or those of a file."""

    PUBLIC = "public"
    PRIVATE = "private"
    GROUP = "group"
    DIRECT = "direct"
    FILE = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedChannel:
    """A channel of an archive. `members` counts people who could post (bots left out), None where it does not say.

    `declared` is False for a folder of messages that the archive's lists do not mention. `days` counts its day files,
    `first_day` and `last_day` are their names; `external` says that people of another workspace are in it.
    """

    ref: ChannelRef
    name: str
    kind: TalkKind = TalkKind.PUBLIC
    purpose: str = ""
    members: int | None = None
    declared: bool = True
    external: bool = False
    days: int = 0
    first_day: date | None = None
    last_day: date | None = None

    @property
    def open_to_kith(self) -> bool:
        """Whether Kith could have been a guest here: channels only, never direct messages, groups or files."""
        return self.kind in (TalkKind.PUBLIC, TalkKind.PRIVATE)


class LeftOutReason(StrEnum):
    """Why a row is no event; prompts/ says each in a few words (`report.left_out.<reason>`)."""

    BOT = "bot"
    NOTICE = "notice"
    NO_AUTHOR = "no_author"
    NO_TEXT = "no_text"
    NO_TIME = "no_time"
    NOT_A_MESSAGE = "not_a_message"
    UNREADABLE = "unreadable"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """One row that is no event, the file it stands in, and for a notice which one (an id such as `channel_join`)."""

    reason: LeftOutReason
    file: str
    detail: str = ""

    @property
    def key(self) -> str:
        """The reason as accounts count it: `bot`, or `notice:channel_join`."""
        return f"{self.reason}:{self.detail}" if self.detail else str(self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A whole file that could not be read; `problem` is one plain sentence without a word of any message."""

    file: str
    problem: str

    @property
    def line(self) -> str:
        """One line that names the file."""
        return f"{self.file}: {self.problem}"


MOST_REASONS = 60
"""So many different reasons an account tells apart; a made-up archive cannot make it grow further."""


class Account:
    """A tally in which every row is either read or left out for a reason: `rows == read + left_out.total()`."""

    def __init__(self) -> None:
        self.rows = 0
        self.read = 0
        self.left_out: Counter[str] = Counter()
        self.troubles: list[Trouble] = []

    def take(self, item: Event | LeftOut | Trouble) -> None:
        """Count one item of an archive's rows; reactions and edits belong to the row of their message."""
        if isinstance(item, MessagePosted):
            self.rows += 1
            self.read += 1
        elif isinstance(item, LeftOut):
            self.rows += 1
            known = item.key in self.left_out or len(self.left_out) < MOST_REASONS
            self.left_out[item.key if known else str(item.reason)] += 1
        elif isinstance(item, Trouble):
            self.troubles.append(item)

    def add(self, other: Account) -> None:
        """Take over everything another account counted."""
        self.rows += other.rows
        self.read += other.read
        self.left_out.update(other.left_out)
        self.troubles += other.troubles
