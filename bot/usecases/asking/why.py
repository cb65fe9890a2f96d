"""Why this question? The pattern, the counts and thresholds, the article's point, and why it may be fine here."""

from __future__ import annotations

from bot.domain.channel import Channel
from bot.domain.content import Content
from bot.domain.ledger import Entry
from bot.domain.patterns import CHANNEL_PATTERNS
from bot.domain.restraint import Restraint
from bot.domain.speech import Emphasis, Listing, Message, Paragraph, Reply
from bot.domain.telling import counts_sentence, number, source_sentence
from bot.ports import House
from bot.usecases.asking.compose import question_of
from bot.usecases.asking.reflect import restraint_of


async def why(entry: Entry, channel: Channel, *, house: House) -> Reply:
    """The explanation of one asked question, to the person who wants to know."""
    content = house.content
    words = content.patterns[entry.pattern]
    question = content.question(entry.question or "")
    counter = question.counter_reading if question else ""
    return Reply(
        message=Message(
            body=(
                Paragraph(text=words.title, emphasis=Emphasis.HEADING),
                Paragraph(text=question_of(entry, content) or "", emphasis=Emphasis.QUESTION),
                Paragraph(text=counts_sentence(entry.pattern, entry.counts, content)),
                Paragraph(text=threshold_sentence(entry, restraint_of(channel.settings, house), content)),
                Paragraph(text=words.standing),
                Listing(
                    items=(
                        source_sentence(words, content),
                        content.say("why.opens", opens=words.opens),
                    )
                ),
                Paragraph(text=counter),
                Paragraph(text=content.say("why.may_be_wrong"), emphasis=Emphasis.NOTE),
            )
        )
    )


def threshold_sentence(entry: Entry, restraint: Restraint, content: Content) -> str:
    """What the channel's profile asks for before Kith may speak of it."""
    if entry.pattern in CHANNEL_PATTERNS:
        return content.say("thresholds.windows", n=restraint.windows_in_a_row)
    if restraint.rehearsing:
        return content.say("thresholds.rehearsal")
    if restraint.very_clear is not None and entry.counts.get("messages") == 1:
        return content.say("thresholds.one_message")
    return content.say(
        "thresholds.messages",
        messages=restraint.min_messages,
        people=restraint.min_people,
        days=restraint.min_days,
        share=number(restraint.min_share),
    )
