"""The ledger as people read it: what Kith asked here, and what it kept to itself, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.channel import Channel
from bot.domain.content import Content
from bot.domain.events import ChoiceMade, CommandGiven
from bot.domain.ledger import Entry, tells_of_few
from bot.domain.speech import Choice, Emphasis, Listing, Message, Paragraph, Part, Reply
from bot.domain.window import WINDOW_LENGTH
from bot.ports import House
from bot.usecases.asking.compose import question_of
from bot.usecases.check_ins.words import run_line

LINES = 20
"""So many lines of each kind, newest first; more would not be read in a chat."""


async def show_ledger(channel: Channel, asker: CommandGiven | ChoiceMade, *, house: House, now: datetime) -> Reply:
    """Open to every member of the channel."""
    del asker
    asked = await house.store.ledger.entries(channel.ref, at_most=LINES, asked=True)
    kept = await house.store.ledger.entries(channel.ref, at_most=10 * LINES, asked=False)
    held = told_of_many(kept)[:LINES]
    runs = await house.store.runs.newest(channel.ref, at_most=LINES)
    say = house.content.say
    check_ins: tuple[Part, ...] = ()
    if runs:
        check_ins = (
            Paragraph(text=say("checkin.ledger"), emphasis=Emphasis.HEADING),
            Listing(items=tuple(run_line(run, house.content) for run in runs)),
        )
    return Reply(
        message=Message(
            body=(
                Paragraph(text=say("ledger.asked"), emphasis=Emphasis.HEADING),
                _lines(asked, channel, house.content, empty="ledger.nothing_asked"),
                Paragraph(text=say("ledger.held"), emphasis=Emphasis.HEADING),
                _lines(held, channel, house.content, empty="ledger.nothing_held"),
                *_of_few(kept, channel, house.content, now),
                *check_ins,
            ),
            choices=(Choice(id="changes", label=say("choice.changes")),),
        )
    )


def told_of_many(entries: Sequence[Entry]) -> list[Entry]:
    """The lines that no single message can be told from."""
    return [entry for entry in entries if not tells_of_few(entry)]


def _of_few(entries: Sequence[Entry], channel: Channel, content: Content, now: datetime) -> tuple[Part, ...]:
    """How many windows that are over showed something, too little to speak of: neither what nor when."""
    windows = {entry.window for entry in entries if tells_of_few(entry) and entry.window + WINDOW_LENGTH <= now}
    return (Paragraph(text=content.say("ledger.too_little", n=len(windows))),) if windows else ()


def ledger_line(entry: Entry, zone: str, content: Content) -> str:
    """One entry in one line: when, and the question, or what was held back and why."""
    local = entry.at.astimezone(ZoneInfo(zone))
    when = f"{local:%Y-%m-%d %H:%M}" if entry.reason is None else f"{local:%Y-%m-%d}"
    question = question_of(entry, content) or content.say("ledger.question_gone")
    title = content.patterns[entry.pattern].title
    if entry.reason is None:
        return content.say("ledger.asked_line", when=when, title=title, question=question)
    return content.say(
        "ledger.held_line", when=when, title=title, question=question, reason=content.say(f"held.{entry.reason}")
    )


def _lines(entries: Sequence[Entry], channel: Channel, content: Content, *, empty: str) -> Listing | Paragraph:
    if not entries:
        return Paragraph(text=content.say(empty))
    return Listing(items=tuple(ledger_line(entry, channel.settings.zone, content) for entry in entries))
