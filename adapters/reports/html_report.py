"""A replay as one self-contained HTML page: no script, nothing fetched, readable on a phone and on paper."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from adapters.reports import phrases
from adapters.reports.columns import WIDTH
from adapters.reports.pictures import Pictures, pictures_of
from bot.domain.content import Content
from bot.domain.replayed import AskedInReplay, ChannelReplay, Found, Quote, Replayed
from bot.domain.telling import counts_sentence, number


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Something with a heading, a sentence, a line in small print and a second thought; each may be ""."""

    small: str = ""
    heading: str = ""
    text: str = ""
    yet: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteView:
    """A message in pieces; True marks the words that carried the pattern."""

    small: str
    pieces: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelView:
    """A channel as the page shows it; `anchor` is a number, so that a name cannot reach an attribute."""

    anchor: str
    name: str
    facts: str
    asked: tuple[Block, ...]
    held: tuple[tuple[str, tuple[str, ...]], ...]
    findings: tuple[Block, ...]
    quotes: tuple[QuoteView, ...]
    pictures: Pictures | None
    says_something: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A channel's line in the overview; places are 0 to 1000 from left to right."""

    anchor: str
    name: str
    desc: str
    counts: str
    dots: tuple[float, ...]
    ticks: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All channels in which something came up, on one time line, and the names of the others in a sentence."""

    rows: tuple[Row, ...]
    begins: str
    ends: str
    quiet: str


def render(replayed: Replayed, content: Content) -> str:
    """The page. Names, texts and file names are escaped; channels stand in alphabetical order."""
    channels = phrases.alphabetical(replayed)
    views = tuple(_channel(channel, f"c{n}", content) for n, channel in enumerate(channels, 1))
    return _template().render(
        say=partial(_say, content),
        lang=content.locale,
        source=phrases.visible(replayed.source),
        profile=phrases.visible(replayed.profile),
        summary=phrases.summary(channels, content),
        quotes_shown=any(channel.quotes for channel in channels),
        channels=[view for view in views if view.says_something],
        quiet=[view for view in views if not view.says_something],
        overview=_overview(channels, content),
        rows_sentence=phrases.rows_sentence(replayed, content),
        left_out=[(words, number(n)) for words, n in phrases.left_out_lines(replayed.left_out, content)],
        troubles=phrases.troubles(replayed, content),
        seconds=f"{replayed.seconds:.1f}",
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    """The page's template, with escaping on everywhere."""
    loader = PackageLoader("adapters.reports", "templates")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("report.html.jinja")


def _say(content: Content, key: str, **facts: object) -> str:
    return content.say(f"report.{key}", **facts)


def _channel(channel: ChannelReplay, anchor: str, content: Content) -> ChannelView:
    pictures = pictures_of(channel, content)
    return ChannelView(
        anchor=anchor,
        name=phrases.name_of(channel, content),
        facts=phrases.facts_of(channel, content),
        asked=tuple(_asked(asked, content) for asked in channel.asked),
        held=_held(channel, content),
        findings=tuple(_found(found, content) for found in channel.findings),
        quotes=tuple(_quote(quote, content) for quote in channel.quotes),
        pictures=pictures,
        says_something=phrases.stirred(channel) or pictures is not None,
    )


def _asked(asked: AskedInReplay, content: Content) -> Block:
    title, when = phrases.title_of(asked.pattern, content), phrases.when(asked.at, content)
    question = content.question(asked.question_id)
    return Block(
        small=content.say("report.asked.line", when=when, title=title),
        heading=phrases.visible(asked.question),
        text=counts_sentence(asked.pattern, asked.counts, content),
        yet=question.counter_reading if question else "",
    )


def _held(channel: ChannelReplay, content: Content) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each pattern's title with a line for each reason."""
    groups = phrases.held_groups(channel.held)
    return tuple(
        (
            phrases.title_of(pattern, content),
            tuple(phrases.held_line(group, content) for group in groups if group.pattern is pattern),
        )
        for pattern in dict.fromkeys(group.pattern for group in groups)
    )


def _found(found: Found, content: Content) -> Block:
    title, day = phrases.title_of(found.pattern, content), phrases.day(found.first_seen, content)
    return Block(
        heading=content.say("report.findings.line", title=title, day=day),
        text=counts_sentence(found.pattern, found.counts, content),
    )


def _quote(quote: Quote, content: Content) -> QuoteView:
    """The message with the words that carried the pattern apart."""
    small = content.say(
        "report.quotes.line", when=phrases.when(quote.at, content), title=phrases.title_of(quote.pattern, content)
    )
    text = phrases.visible(quote.text)
    words = sorted({phrases.visible(word) for word in quote.words if word.strip()}, key=len, reverse=True)
    if not words:
        return QuoteView(small=small, pieces=((text, False),))
    parts = re.split(f"({'|'.join(map(re.escape, words))})", text, flags=re.IGNORECASE)
    return QuoteView(small=small, pieces=tuple((part, n % 2 == 1) for n, part in enumerate(parts) if part))


def _overview(channels: Sequence[ChannelReplay], content: Content) -> Overview | None:
    """The time line over all channels; None where nothing came up anywhere."""
    stirred = [(f"c{n}", channel) for n, channel in enumerate(channels, 1) if phrases.stirred(channel)]
    moments = [
        at
        for channel in channels
        for at in (
            *(window.opened_at for window in channel.windows),
            *(window.closes_at for window in channel.windows),
            *(asked.at for asked in channel.asked),
            *(held.at for held in channel.held),
            *(found.first_seen for found in channel.findings),
            *(quote.at for quote in channel.quotes),
        )
    ]
    if not stirred:
        return None
    begins, ends = min(moments), max(moments)
    quiet = [phrases.name_of(channel, content) for channel in channels if not phrases.stirred(channel)]
    return Overview(
        rows=tuple(_row(anchor, channel, (begins, ends), content) for anchor, channel in stirred),
        begins=phrases.day(begins, content),
        ends=phrases.day(ends, content),
        quiet=content.say("report.overview.quiet", channels=", ".join(quiet)) if quiet else "",
    )


def _row(anchor: str, channel: ChannelReplay, time: tuple[datetime, datetime], content: Content) -> Row:
    name = phrases.name_of(channel, content)
    questions = number(len(channel.asked))
    held = number(len(channel.held))
    return Row(
        anchor=anchor,
        name=name,
        desc=content.say("report.overview.desc", channel=name, questions=questions, held=held),
        counts=content.say("report.overview.row", questions=questions, held=held),
        dots=tuple(_place(asked.at, time) for asked in channel.asked),
        ticks=tuple(_place(held.at, time) for held in channel.held),
    )


def _place(at: datetime, time: tuple[datetime, datetime]) -> float:
    begins, ends = time
    return round(WIDTH * ((at - begins) / (ends - begins)), 1) if ends > begins else WIDTH / 2
