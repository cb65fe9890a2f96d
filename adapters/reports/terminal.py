"""A replay as a calm summary for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from adapters.reports import phrases
from bot.domain.content import Content
from bot.domain.replayed import ChannelReplay, Quote, Replayed
from bot.domain.telling import counts_sentence, number


def show(replayed: Replayed, content: Content, console: Console) -> None:
    """Write the summary to a console."""
    console.print(summary(replayed, content))


def summary(replayed: Replayed, content: Content) -> RenderableType:
    """Everything the replay found, channels in alphabetical order; names and texts cannot steer the terminal."""
    channels = phrases.alphabetical(replayed)
    parts: list[RenderableType] = [
        Text(phrases.visible(content.say("report.lead", source=replayed.source, profile=replayed.profile)))
    ]
    stirred = [channel for channel in channels if phrases.stirred(channel)]
    for channel in stirred:
        parts += ["", *_channel(channel, content)]
    quiet = [phrases.name_of(channel, content) for channel in channels if channel not in stirred]
    if quiet:
        sentence = content.say("report.overview.quiet", channels=", ".join(quiet))
        parts += ["", Text(sentence), Text(content.say("report.asked.none"))]
    parts += ["", Rule(style="dim"), *_rows(replayed, content), ""]
    parts.append(Text(phrases.summary(channels, content), style="bold"))
    return Group(*parts)


def _channel(channel: ChannelReplay, content: Content) -> Iterator[RenderableType]:
    """One channel: what would have been asked, what was held back, what showed."""
    yield Text.assemble((phrases.name_of(channel, content), "bold"), ("  " + phrases.facts_of(channel, content), "dim"))
    if not channel.asked:
        yield _indented(Text(content.say("report.asked.none")))
    for asked in channel.asked:
        title = phrases.title_of(asked.pattern, content)
        yield _indented(
            Text(content.say("report.asked.line", when=phrases.when(asked.at, content), title=title), style="dim"),
            Text(phrases.visible(asked.question), style="bold italic"),
            Text(counts_sentence(asked.pattern, asked.counts, content)),
        )
    groups = phrases.held_groups(channel.held)
    if groups:
        yield _indented(Text(content.say("report.held"), style="underline"))
    for group in groups:
        line = phrases.held_line(group, content)
        yield _indented(Text.assemble((phrases.title_of(group.pattern, content), "bold"), f": {line}"), level=2)
    if channel.findings:
        yield _indented(Text(content.say("report.findings"), style="underline"))
    for found in channel.findings:
        title, day = phrases.title_of(found.pattern, content), phrases.day(found.first_seen, content)
        yield _indented(
            Text(content.say("report.findings.line", title=title, day=day), style="bold"),
            Text(counts_sentence(found.pattern, found.counts, content)),
            level=2,
        )
    if channel.quotes:
        yield _indented(Text(content.say("report.quotes"), style="underline"))
    for quote in channel.quotes:
        yield _indented(*_quote(quote, content), level=2)


def _quote(quote: Quote, content: Content) -> Iterator[Text]:
    """A message, with the words that carried the pattern set off."""
    title = phrases.title_of(quote.pattern, content)
    yield Text(content.say("report.quotes.line", when=phrases.when(quote.at, content), title=title), style="dim")
    text = Text(phrases.visible(quote.text))
    text.highlight_words([phrases.visible(w) for w in quote.words if w.strip()], "bold", case_sensitive=False)
    yield text


def _rows(replayed: Replayed, content: Content) -> Iterator[RenderableType]:
    """What was read, what was left out and why, which files could not be read."""
    yield Text(phrases.rows_sentence(replayed, content))
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(justify="right")
    table.add_column()
    for words, rows in phrases.left_out_lines(replayed.left_out, content):
        table.add_row(Text(number(rows)), Text(words))
    if replayed.left_out:
        yield _indented(table)
    if replayed.troubles:
        yield Text(content.say("report.troubles"), style="bold")
        for line in phrases.troubles(replayed, content):
            yield _indented(Text(line))
        yield Text(content.say("report.troubles.note"))
    yield Text(content.say("report.rows.took", seconds=f"{replayed.seconds:.1f}"), style="dim")


def _indented(*parts: RenderableType, level: int = 1) -> Padding:
    return Padding(Group(*parts), (0, 0, 0, 2 * level), expand=False)
