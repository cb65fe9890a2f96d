"""Replay past talk through the same core, on the archive's own clock: what would Kith have asked, and held back?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain.archive import Account, ExportedChannel, LeftOut, Trouble
from bot.domain.channel import ChannelSettings, kind_of
from bot.domain.charter import CharterState
from bot.domain.events import ChoiceMade, Event, KithInvited, MessagePosted, Standing
from bot.domain.findings import Finding
from bot.domain.ledger import Entry
from bot.domain.participation import participation_of
from bot.domain.patterns import Pattern
from bot.domain.reading import UNREAD, Reading
from bot.domain.reflection import Decision
from bot.domain.replayed import AskedInReplay, ChannelReplay, Found, HeldInReplay, Participation, Quote
from bot.domain.restraint import LOOK_EVERY
from bot.domain.window import WINDOW_LENGTH
from bot.ports import ChatPlatform, House, Reader
from bot.usecases.asking.compose import question_of
from bot.usecases.asking.deliver import deliver
from bot.usecases.asking.hear import hear
from bot.usecases.asking.look import look
from bot.usecases.receive import receive

Rows = Iterable[Event | LeftOut | Trouble]

STEWARD = "replay"
"""Who invites Kith in a replay and says yes whenever Kith asks whether to go on."""

MOST_QUOTES = 40
"""So many messages are quoted per channel at most, where somebody asked to see text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayOptions:
    """What a replay is asked for: the settings every channel gets, which days, whether messages may be quoted."""

    settings: ChannelSettings = field(default_factory=ChannelSettings)
    since: datetime | None = None
    until: datetime | None = None
    show_text: bool = False


class Overhearing:
    """A reader that keeps the last reading at hand, so that a replay can quote the words that carried a pattern."""

    def __init__(self, reader: Reader, *, explain: bool) -> None:
        self._reader = reader
        self._explain = explain
        self.last: Reading = UNREAD

    async def read(self, text: str, *, explain: bool = False) -> Reading:
        """What the reader inside says."""
        self.last = await self._reader.read(text, explain=explain or self._explain)
        return self.last


async def replay_channel(
    exported: ExportedChannel,
    rows: Rows,
    *,
    house: House,
    chat: ChatPlatform,
    account: Account,
    options: ReplayOptions,
    on_day: Callable[[datetime], None] = lambda _: None,
) -> ChannelReplay:
    """Run one channel from its first message to its last; `account` is told of every row, `on_day` of every new day.

    Nothing outlives the call: the channel is forgotten in the store when it ends.
    """
    reader = Overhearing(house.reader, explain=options.show_text)
    run = _Run(exported, replace(house, reader=reader), chat, options, reader)
    for item in rows:
        account.take(item)
        if isinstance(item, LeftOut | Trouble):
            continue
        if (options.since and item.at < options.since) or (options.until and item.at >= options.until):
            continue
        if run.is_new_day(item.at):
            on_day(item.at)
        await run.take(item)
    return await run.finish()


class _Run:
    """One channel's replay while it runs."""

    def __init__(
        self, exported: ExportedChannel, house: House, chat: ChatPlatform, options: ReplayOptions, reader: Overhearing
    ) -> None:
        self._exported = exported
        self._house = house
        self._chat = chat
        self._options = options
        self._reader = reader
        self._now: datetime | None = None
        self._closes_at: datetime | None = None
        self._people: set[str] = set()
        self._messages = 0
        self._windows: list[Participation] = []
        self._found: dict[Pattern, tuple[float, Found | None]] = {}
        self._held: dict[tuple[object, ...], HeldInReplay] = {}
        self._quotes: list[Quote] = []

    def is_new_day(self, at: datetime) -> bool:
        return self._now is None or at.date() != self._now.date()

    async def take(self, event: Event) -> None:
        """Let the clock run up to the event, then hear it."""
        if self._now is None:
            await self._arrive(event.at)
        await self._advance(event.at)
        self._now = max(event.at, self._now or event.at)
        if not isinstance(event, MessagePosted):
            await receive(event, house=self._house, now=event.at)
            return
        self._messages += 1
        self._people.add(event.author)
        decision = await hear(event, house=self._house, now=event.at)
        self._note(decision, event.at)
        if decision.nudge is not None:
            await deliver(house=self._house, chat=self._chat, now=lambda: event.at)
        if self._reader.last.clear and self._options.show_text and len(self._quotes) < MOST_QUOTES:
            self._quotes += _quotes(event, self._reader.last)
        self._reader.last = UNREAD

    async def finish(self) -> ChannelReplay:
        """Look once more when the archive ends, then forget the channel."""
        ref = self._exported.ref
        if self._now is not None:
            await self._advance(self._now + timedelta(microseconds=1))
            await self._look(self._now)
            await self._close_window(self._now)
        channel = await self._house.store.channels.get(ref)
        asked = await self._asked_entries()
        await self._house.store.channels.forget(ref)
        return ChannelReplay(
            name=self._exported.name,
            kind=channel.purpose if channel else kind_of(self._exported.name, self._exported.purpose),
            messages=self._messages,
            people=len(self._people),
            windows=tuple(self._windows),
            findings=tuple(found for _, found in self._found.values() if found),
            asked=asked,
            held=tuple(self._held.values()),
            quotes=tuple(self._quotes),
        )

    async def _arrive(self, at: datetime) -> None:
        """Kith is invited just before the first message, and introduces itself."""
        invited = KithInvited(
            channel=self._exported.ref,
            name=self._exported.name,
            purpose=self._exported.purpose,
            members=self._exported.members,
            external=self._exported.external,
            by=STEWARD,
            at=at,
        )
        await receive(invited, house=self._house, now=at, settings=self._options.settings)
        await deliver(house=self._house, chat=self._chat, now=lambda: at)
        key = await self._house.store.traces.window_key(self._exported.ref, at)
        self._closes_at = key.closes_at

    async def _advance(self, to: datetime) -> None:
        """Do everything that falls due before `to`: looks, the end of a window, what the charter asks."""
        while (channel := await self._house.store.channels.get(self._exported.ref)) is not None:
            look_at = channel.look_at or to
            closes_at = self._closes_at or to
            if min(look_at, closes_at) >= to:
                return
            if closes_at <= look_at:
                await self._look(closes_at - timedelta(seconds=1))
                await self._close_window(closes_at)
                self._closes_at = _window_end_after(closes_at, to)
            else:
                await self._look(look_at)

    async def _look(self, at: datetime) -> None:
        """What the scheduler does when a channel is due; and the steward says yes if Kith asked to go on."""
        channel = await self._house.store.channels.get(self._exported.ref)
        if channel is None:
            return
        channel = replace(channel, look_at=at + LOOK_EVERY)
        await self._house.store.channels.note_look(channel.ref, look_at=channel.look_at, runs=channel.history.runs)
        self._note(await look(channel, house=self._house, now=at), at)
        await deliver(house=self._house, chat=self._chat, now=lambda: at)
        after = await self._house.store.channels.get(self._exported.ref)
        if after is not None and (after.charter.asked_at or after.charter.state is CharterState.LAPSED):
            yes = ChoiceMade(channel=after.ref, by=STEWARD, choice="agree", about="", at=at, standing=Standing.STEWARD)
            await receive(yes, house=self._house, now=at)

    async def _close_window(self, at: datetime) -> None:
        """Keep what the pictures need of the window that ends, and destroy the rest."""
        window = await self._house.store.traces.window(self._exported.ref, at - timedelta(seconds=1))
        if window.traces:
            self._windows.append(participation_of(window))
        await self._house.store.traces.close_windows(at)

    def _note(self, decision: Decision, at: datetime) -> None:
        for finding in decision.findings:
            self._note_finding(finding, at)
        window = self._closes_at
        for held in decision.held:
            key = (held.finding.pattern, held.reason, window)
            before = self._held.get(key)
            times = before.times + 1 if before else 1
            since = before.at if before else at
            self._held[key] = HeldInReplay(at=since, pattern=held.finding.pattern, reason=held.reason, times=times)

    def _note_finding(self, finding: Finding, at: datetime) -> None:
        """One line a pattern: when it first showed, and the counts of its plainest moment."""
        strength, found = self._found.get(finding.pattern, (-1.0, None))
        if finding.strength > strength:
            first_seen = found.first_seen if found else at
            plainest = Found(pattern=finding.pattern, first_seen=first_seen, counts=finding.counts)
            self._found[finding.pattern] = (finding.strength, plainest)

    async def _asked_entries(self) -> tuple[AskedInReplay, ...]:
        entries = await self._house.store.ledger.entries(self._exported.ref, at_most=10_000)
        asked = [_asked(entry, self._house) for entry in entries if entry.reason is None]
        return tuple(sorted(asked, key=lambda a: a.at))


def _asked(entry: Entry, house: House) -> AskedInReplay:
    return AskedInReplay(
        at=entry.at,
        pattern=entry.pattern,
        question_id=entry.question or "",
        question=question_of(entry, house.content) or "",
        counts=entry.counts,
    )


def _quotes(event: MessagePosted, reading: Reading) -> list[Quote]:
    return [
        Quote(at=event.at, pattern=pattern, text=event.text, words=reading.evidence.get(pattern, ()))
        for pattern in sorted(reading.clear)
    ]


def _window_end_after(closes_at: datetime, to: datetime) -> datetime:
    """The end of the window that covers `to`, windows following one another from `closes_at` on."""
    return closes_at + WINDOW_LENGTH * ((to - closes_at) // WINDOW_LENGTH + 1)
