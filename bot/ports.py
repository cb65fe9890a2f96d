"""What the core needs from the world: a chat, a store, a clock, a reader; adapters provide them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.channel import Channel, Run
from bot.domain.charter import CharterRule
from bot.domain.content import Content
from bot.domain.dialogue import Dialogue
from bot.domain.events import ChannelRef
from bot.domain.ledger import Entry, Verdict
from bot.domain.outgoing import Outcome, Outgoing
from bot.domain.own_words import OwnWords
from bot.domain.path_check import Answered, Round, Tally
from bot.domain.patterns import Pattern
from bot.domain.reading import Reading
from bot.domain.speech import Message, Place
from bot.domain.window import Trace, Window, WindowKey


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class Reader(Protocol):
    """Reads one message for the seven message patterns, inside this process and offline."""

    async def read(self, text: str) -> Reading:
        """Evidence per pattern for any text whatever: never raises, takes bounded time, keeps nothing."""
        ...


class ChatPlatform(Protocol):
    """A chat that Kith can speak in."""

    async def post(self, place: Place, message: Message) -> str:
        """Say `message` there and return the platform's id of it. PlatformBusyError if it cannot yet, PlatformGoneError
        if it never can, PlatformUnsureError if it may have been said, PlatformError if it was not."""
        ...


class Traces(Protocol):
    """The windows: what was noticed of each message, for 14 days."""

    async def window_key(self, channel: ChannelRef, at: datetime) -> WindowKey:
        """The window that covers `at`, opened now if there is none; windows of a channel follow one another without
        overlap from its first trace on (`domain.window.window_start`)."""
        ...

    async def remember(self, channel: ChannelRef, key: WindowKey, trace: Trace) -> bool:
        """Keep one trace; False, and nothing changed, if its key was kept in this window before."""
        ...

    async def amend(self, channel: ChannelRef, key: WindowKey, trace: Trace) -> bool:
        """Put `trace` in the place of the one with its key; False if there is none."""
        ...

    async def find(self, channel: ChannelRef, key: WindowKey, trace_key: str) -> Trace | None:
        """The trace with this key in that window."""
        ...

    async def drop(self, channel: ChannelRef, key: WindowKey, trace_key: str) -> None:
        """Forget one trace, if it is there."""
        ...

    async def count_reaction(self, channel: ChannelRef, key: WindowKey, trace_key: str, by: str, change: int) -> None:
        """Add `change` (1 or -1) to the trace's reactions, never below 0, unless the pseudonym `by` is its author."""
        ...

    async def window(self, channel: ChannelRef, at: datetime) -> Window:
        """The traces of the window that covers `at`, ordered by time; an empty window if there are none.
        `members` is left None; the channel knows them."""
        ...

    async def drop_author(self, channel: ChannelRef, key: WindowKey, author: str) -> int:
        """Forget every trace under this pseudonym in that window; says how many went."""
        ...

    async def close_windows(self, before: datetime, *, at_most: int = 100) -> int:
        """Delete windows that closed at or before `before`, with their traces and salts; says how many went."""
        ...


class Channels(Protocol):
    """Channels with their charter, settings and history."""

    async def get(self, ref: ChannelRef) -> Channel | None:
        """The channel, with its history of the last 90 days before its newest question; None if Kith is not in it."""
        ...

    async def add(self, channel: Channel) -> bool:
        """Keep a channel that Kith comes into; False, and nothing changed, if it is there already."""
        ...

    async def save(self, channel: Channel) -> bool:
        """Write everything but `history.asked`, which the ledger owns, and raise the version; False, and nothing
        changed, if the channel has changed since it was loaded (another version) or is gone."""
        ...

    async def note_look(self, ref: ChannelRef, *, look_at: datetime | None, runs: Mapping[Pattern, Run]) -> None:
        """Write these two alone, whatever else has changed meanwhile."""
        ...

    async def all(self, workspace: str) -> Sequence[Channel]:
        """The channels of a workspace, by name."""
        ...

    async def due(self, now: datetime, *, at_most: int = 100) -> Sequence[Channel]:
        """Claim channels whose `look_at` has come: each is handed out once, its `look_at` set to `now` + LOOK_EVERY."""
        ...

    async def forget(self, ref: ChannelRef) -> None:
        """Delete the channel and all that hangs on it: windows, traces, ledger, outbox."""
        ...


class Ledger(Protocol):
    """Questions asked and held back, with the outbox row that each asked one needs."""

    async def ask(self, ref: ChannelRef, entry: Entry, outgoing: Outgoing, *, last_spoke_at: datetime | None) -> bool:
        """In one transaction: claim the channel's turn, write `entry` (reason None) and `outgoing`.

        False, and nothing written, if the channel has spoken since `last_spoke_at` or may no longer be spoken in.
        """
        ...

    async def hold(self, ref: ChannelRef, entry: Entry) -> bool:
        """Write a question held back; False if one stands already for that pattern, reason and window."""
        ...

    async def entries(self, ref: ChannelRef, *, at_most: int = 20, asked: bool | None = None) -> Sequence[Entry]:
        """Newest first; with `asked`, only what was asked (True) or held back (False)."""
        ...

    async def entry(self, ref: ChannelRef, entry_id: str) -> Entry | None:
        """One entry of this channel's ledger; None for an id that is stale, forged, or another channel's."""
        ...

    async def answer(self, ref: ChannelRef, entry_id: str, verdict: Verdict) -> int:
        """Add one to the entry's `verdict` count and say how many there are now; 0 if there is no such entry."""
        ...

    async def withdraw(self, ref: ChannelRef, entry_id: str) -> bool:
        """Delete the entry of a question that was never said, and give its turn back; False if there is none asked."""
        ...


class Choices(Protocol):
    """What people chose for themselves, kept until they take it back."""

    async def opted_out(self, workspace: str, person: str) -> bool:
        """Whether this person asked Kith not to read their messages."""
        ...

    async def opt_out(self, workspace: str, person: str) -> None:
        """From now on this person's messages are counted as a voice and not read."""
        ...

    async def opt_in(self, workspace: str, person: str) -> None:
        """Take an opt-out back; leaves no trace of it."""
        ...


class Rounds(Protocol):
    """A team's rounds on why it goes social: how many stand where, and a mark for each who answered; at most one a
    channel, for 30 days."""

    async def open(self, ref: ChannelRef, round_id: str, now: datetime) -> Round:
        """Begin a round under this id, or give the one that is open there at `now`."""
        ...

    async def current(self, ref: ChannelRef, now: datetime) -> Round | None:
        """The round that is open at `now`; None if there is none, or its time is over."""
        ...

    async def answer(
        self, ref: ChannelRef, round_id: str, *, by: str, stands: Sequence[str], now: datetime
    ) -> Answered:
        """In one transaction: mark that the pseudonym `by` answered, and add one to the tally for each of `stands`
        (`path_check.TALLY_KEYS`, one at least: a blank is a ValueError). Nothing joins the two."""
        ...

    async def answered(self, ref: ChannelRef, round_id: str, by: str) -> bool:
        """Whether this pseudonym has answered that round."""
        ...

    async def finish(self, ref: ChannelRef, round_id: str, *, at_least: int, now: datetime) -> Tally | None:
        """Delete the round with its marks and salt, and give its tally once; None, and nothing changed, if fewer than
        `at_least` people answered whichever part most did, or it is not open."""
        ...

    async def close(self, before: datetime, *, at_most: int = 100) -> int:
        """Delete rounds whose time was over at `before`, unseen; says how many went."""
        ...


class OwnWordsKept(Protocol):
    """The two texts that an organisation gave, kept until it takes them back."""

    async def of(self, workspace: str) -> OwnWords:
        """Its words; both texts empty if it gave none."""
        ...

    async def give(self, workspace: str, words: OwnWords) -> None:
        """Keep these in the place of any before; two empty texts leave nothing."""
        ...

    async def take_back(self, workspace: str) -> None:
        """Delete them; nothing remains."""
        ...


class Dialogues(Protocol):
    """Talks with people who spoke to Kith, kept with their thread and for a day at most."""

    async def find(self, ref: ChannelRef, thread: str) -> Dialogue | None:
        """The dialogue in this thread; lapsed ones are there until they are swept out."""
        ...

    async def of(self, ref: ChannelRef) -> Sequence[Dialogue]:
        """All of this channel's, oldest first."""
        ...

    async def answer(
        self,
        outgoing: Outgoing,
        *,
        heard: str,
        at: datetime,
        before: Dialogue | None = None,
        after: Dialogue | None = None,
    ) -> bool:
        """In one transaction: note for a day that the message `heard` (a pseudonym) was answered, put `after` in the
        place of `before`, queue `outgoing`. False, and nothing written, if it was answered or `before` has changed."""
        ...

    async def drop(self, ref: ChannelRef, thread: str) -> None:
        """Forget the dialogue in this thread, if there is one."""
        ...

    async def sweep(self, before: datetime) -> int:
        """Forget dialogues begun and answers noted at or before `before`; says how many dialogues went."""
        ...


class Outbox(Protocol):
    """Everything decided and not yet said."""

    async def put(self, outgoing: Outgoing) -> bool:
        """Queue it; False if its id was queued before and is still kept."""
        ...

    async def take(self, now: datetime, *, lease: timedelta, at_most: int = 20) -> Sequence[Outgoing]:
        """Lease rows that are due, oldest first and at most one a channel; others see them again after the lease."""
        ...

    async def settle(self, outgoing: Outgoing, outcome: Outcome, *, retry_at: datetime | None = None) -> None:
        """SENT and DROPPED delete the row; LATER frees it for `retry_at` and counts an attempt, PUT_OFF counts none;
        NEVER keeps it as a dead letter."""
        ...


class Store(Protocol):
    """Where Kith keeps the little it keeps (DESIGN 4)."""

    @property
    def traces(self) -> Traces: ...
    @property
    def channels(self) -> Channels: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def choices(self) -> Choices: ...
    @property
    def dialogues(self) -> Dialogues: ...
    @property
    def rounds(self) -> Rounds: ...
    @property
    def own_words(self) -> OwnWordsKept: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The ports, joined in bootstrap; `rule` says who may say yes for a channel, `human_help` whom to turn to."""

    store: Store
    reader: Reader
    content: Content
    rule: CharterRule = CharterRule.STEWARD
    human_help: str = ""
