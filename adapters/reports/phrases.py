"""What reports say in words: dates, counts, reasons; pure, with every word from prompts/."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot.domain.archive import LeftOutReason
from bot.domain.content import Content
from bot.domain.ledger import HeldReason
from bot.domain.patterns import Pattern
from bot.domain.replayed import ChannelReplay, HeldInReplay, Replayed
from bot.domain.restraint import SMALLEST_GROUP
from bot.domain.telling import number

MOST_TROUBLES = 40
"""So many unreadable files are named; of more, the number is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldGroup:
    """All questions of one pattern that were held back for one reason."""

    pattern: Pattern
    reason: HeldReason
    times: int
    first: datetime
    last: datetime


def visible(text: str) -> str:
    """The text with characters replaced that could steer a terminal or hide; line breaks become spaces."""
    return "".join(c if c.isprintable() else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in text)


def day(at: date, content: Content) -> str:
    """A calendar day in words; a datetime is taken in UTC."""
    moment = at.astimezone(UTC) if isinstance(at, datetime) else at
    return content.say("report.date", day=moment.day, month=_month(moment, content), year=moment.year)


def when(at: datetime, content: Content) -> str:
    """A moment in words, in UTC."""
    moment = at.astimezone(UTC)
    return content.say(
        "report.date_time",
        day=moment.day,
        month=_month(moment, content),
        year=moment.year,
        hour=f"{moment.hour:02}",
        minute=f"{moment.minute:02}",
    )


def span(first: date, last: date, content: Content) -> str:
    """From one day to another, or the one day."""
    begins, ends = day(first, content), day(last, content)
    return begins if begins == ends else content.say("report.span", first=begins, last=ends)


def window_span(opened_at: datetime, closes_at: datetime, content: Content) -> str:
    """A window's days; it closes before `closes_at`."""
    return span(opened_at, closes_at - timedelta(seconds=1), content)


def _month(at: date, content: Content) -> str:
    return content.say(f"report.month.{at.month}")


def counted(key: str, count: int, content: Content) -> str:
    """So many of something: `report.n_<key>.one` or `.other`."""
    return content.say(f"report.n_{key}.{'one' if count == 1 else 'other'}", n=number(count))


def title_of(pattern: Pattern, content: Content) -> str:
    """A pattern's name as people read it."""
    return content.patterns[pattern].title


def held_groups(held: Iterable[HeldInReplay]) -> tuple[HeldGroup, ...]:
    """Held questions grouped by pattern and reason, patterns in the codebook's order, reasons by their first day."""
    groups: dict[tuple[Pattern, HeldReason], list[HeldInReplay]] = {}
    for one in held:
        groups.setdefault((one.pattern, one.reason), []).append(one)
    made = [
        HeldGroup(
            pattern=pattern,
            reason=reason,
            times=sum(one.times for one in ones),
            first=min(one.at for one in ones),
            last=max(one.at for one in ones),
        )
        for (pattern, reason), ones in groups.items()
    ]
    order = list(Pattern)
    return tuple(sorted(made, key=lambda group: (order.index(group.pattern), group.first, group.reason)))


def held_line(group: HeldGroup, content: Content) -> str:
    """Why, how often and when."""
    return content.say(
        "report.held.line",
        reason=content.say(f"held.{group.reason}"),
        times=counted("times", group.times, content),
        span=span(group.first, group.last, content),
    )


def left_out_lines(left_out: Mapping[str, int], content: Content) -> list[tuple[str, int]]:
    """Each reason in words with its number of rows, the most frequent first."""
    lines = []
    for key, rows in sorted(left_out.items(), key=lambda item: (-item[1], item[0])):
        reason, _, detail = key.partition(":")
        known = reason in set(LeftOutReason)
        words = content.say(f"report.left_out.{reason}", detail=visible(detail)) if known else visible(key)
        lines.append((words, rows))
    return lines


def rows_sentence(replayed: Replayed, content: Content) -> str:
    """How many rows there were, and what became of them."""
    left_out = sum(replayed.left_out.values())
    return content.say(
        "report.rows.sentence",
        all=counted("rows", replayed.rows, content),
        read=number(replayed.rows - left_out),
        left_out=number(left_out),
    )


def troubles(replayed: Replayed, content: Content) -> list[str]:
    """A line for each file that could not be read, cut at MOST_TROUBLES."""
    lines = [visible(line) for line in replayed.troubles[:MOST_TROUBLES]]
    more = len(replayed.troubles) - len(lines)
    return [*lines, content.say("report.troubles.more", n=number(more))] if more else lines


def summary(channels: Sequence[ChannelReplay], content: Content) -> str:
    """The whole replay in one or two sentences."""
    asked = sum(len(channel.asked) for channel in channels)
    held = sum(held.times for channel in channels for held in channel.held)
    where = counted("channels", len(channels), content)
    sentence = content.say("report.summary.nothing", channels=where)
    if asked:
        sentence = content.say("report.summary.asked", channels=where, questions=counted("questions", asked, content))
    return (
        f"{sentence} {content.say('report.summary.held', held=counted('occasions', held, content))}"
        if held
        else sentence
    )


def alphabetical(replayed: Replayed) -> tuple[ChannelReplay, ...]:
    """The channels by name, so that no order of theirs says anything."""
    return tuple(sorted(replayed.channels, key=lambda channel: (channel.name.casefold(), channel.name)))


def stirred(channel: ChannelReplay) -> bool:
    """Whether anything came up in a channel."""
    return bool(channel.asked or channel.held or channel.findings or channel.quotes)


def name_of(channel: ChannelReplay, content: Content) -> str:
    """A channel's name as people write it."""
    return content.say("report.channel.name", name=visible(channel.name))


def facts_of(channel: ChannelReplay, content: Content) -> str:
    """What kind of channel it is, and how many messages and people were heard, small groups without a number."""
    people = content.say("report.n_people.few")
    if channel.people >= SMALLEST_GROUP:
        people = counted("people", channel.people, content)
    return content.say(
        "report.channel.facts",
        kind=content.say(f"report.kind.{channel.kind}"),
        messages=counted("messages", channel.messages, content),
        people=people,
    )
