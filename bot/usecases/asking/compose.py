"""Turn an outbox row, which holds ids alone, into the message that people read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.domain.channel import Channel
from bot.domain.content import Content, spoken
from bot.domain.ledger import Entry, HeldReason, Verdict
from bot.domain.outgoing import CHECK_IN_KINDS, Outgoing, OutgoingKind
from bot.domain.restraint import most_within
from bot.domain.speech import Choice, Emphasis, Listing, Message, Paragraph, text
from bot.domain.window import WINDOW_LENGTH
from bot.ports import House
from bot.usecases.asking.reflect import restraint_of
from bot.usecases.check_ins import saying as check_in_saying
from bot.usecases.dialogue.compose import dialogue_message

WOULD_HAVE_ASKED = 5
"""How many of the questions held back while listening are shown, newest first."""


async def compose(outgoing: Outgoing, channel: Channel | None, house: House) -> Message | None:
    """The message for `outgoing`, in the channel's language; None if what it speaks of is gone (a ledger entry deleted,
    a question retired), or Kith is not in the channel and it is no answer to somebody who spoke to Kith alone."""
    house = house.speaking(channel.settings.locale) if channel else house
    if outgoing.kind is OutgoingKind.DIALOGUE:
        return await dialogue_message(outgoing, house)
    if channel is None:
        return None
    return await _COMPOSERS[outgoing.kind](outgoing, channel, house)


def question_of(entry: Entry, content: Content) -> str | None:
    """The sentence a ledger entry asked or would have asked; None if its question has left the bank."""
    question = content.question(entry.question) if entry.question else None
    return spoken(question, entry.topic, content) if question else None


def go_on_choices(content: Content) -> tuple[Choice, ...]:
    """The buttons under every message that asks whether to go on."""
    return (
        Choice(id="agree", label=content.say("choice.agree")),
        Choice(id="pause", label=content.say("choice.pause")),
        Choice(id="leave", label=content.say("choice.leave")),
    )


async def _introduction(_: Outgoing, channel: Channel, house: House) -> Message:
    say = house.content.say
    return Message(
        body=(
            Paragraph(text=say("introduction.hello", channel=channel.name)),
            Paragraph(text=say("introduction.does")),
            Paragraph(text=say("introduction.keeps")),
            Paragraph(text=say(f"introduction.next.{channel.settings.profile}")),
            Paragraph(text=say("introduction.commands"), emphasis=Emphasis.NOTE),
        ),
        choices=(
            Choice(id="data", label=say("choice.data")),
            Choice(id="pause", label=say("choice.pause")),
            Choice(id="leave", label=say("choice.leave")),
        ),
    )


async def _question(outgoing: Outgoing, channel: Channel, house: House) -> Message | None:
    entry = await house.store.ledger.entry(channel.ref, outgoing.about)
    sentence = question_of(entry, house.content) if entry else None
    if sentence is None:
        return None
    say = house.content.say
    return Message(
        body=(
            Paragraph(text=sentence, emphasis=Emphasis.QUESTION),
            Paragraph(text=say("question.signature"), emphasis=Emphasis.NOTE),
        ),
        choices=(
            Choice(id="why", label=say("choice.why"), about=outgoing.about),
            *(Choice(id=verdict, label=say(f"choice.{verdict}"), about=outgoing.about) for verdict in Verdict),
        ),
    )


async def _listened(_: Outgoing, channel: Channel, house: House) -> Message:
    say = house.content.say
    entries = await house.store.ledger.entries(channel.ref, at_most=200, asked=False)
    kept = [entry for entry in entries if entry.reason is HeldReason.LISTENING]
    sentences = [sentence for entry in kept if (sentence := question_of(entry, house.content))]
    most = min(WOULD_HAVE_ASKED, most_within(restraint_of(channel.settings, house).budgets, WINDOW_LENGTH))
    shown: tuple[Paragraph | Listing, ...] = (Paragraph(text=say("listened.nothing")),)
    if sentences:
        shown = (Paragraph(text=say("listened.would_have_asked")), Listing(items=tuple(sentences[:most])))
    go_on = say(f"listened.go_on.{channel.settings.profile}")
    return Message(
        body=(Paragraph(text=say("listened.opening")), *shown, Paragraph(text=go_on)),
        choices=go_on_choices(house.content),
    )


async def _renewal(_: Outgoing, channel: Channel, house: House) -> Message:
    until = channel.charter.speaks_until
    return text(
        house.content.say("renewal.ask", until=f"{until:%Y-%m-%d}" if until else ""),
        choices=go_on_choices(house.content),
    )


async def _lapsed(_: Outgoing, channel: Channel, house: House) -> Message:
    key = "lapsed.said" if channel.charter.speaks_until else "lapsed.unanswered"
    return text(house.content.say(key), choices=go_on_choices(house.content))


async def _stepped_back(_: Outgoing, channel: Channel, house: House) -> Message:
    return text(house.content.say("stepped_back.said"))


_COMPOSERS: dict[OutgoingKind, Callable[[Outgoing, Channel, House], Awaitable[Message | None]]] = {
    OutgoingKind.INTRODUCTION: _introduction,
    OutgoingKind.QUESTION: _question,
    OutgoingKind.LISTENED: _listened,
    OutgoingKind.RENEWAL: _renewal,
    OutgoingKind.LAPSED: _lapsed,
    OutgoingKind.STEPPED_BACK: _stepped_back,
    **dict.fromkeys(CHECK_IN_KINDS, check_in_saying.message),
}
