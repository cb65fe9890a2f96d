"""Share with a channel what was made for one person, because they chose to; and put questions beside own words."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.channel import Channel
from bot.domain.charter import SILENT, lapse_if_over
from bot.domain.content import Content, Wording
from bot.domain.outgoing import Outgoing, OutgoingKind
from bot.domain.self_check import asked
from bot.domain.speech import Emphasis, Message, Paragraph, Place, Reply, text
from bot.ports import House
from bot.usecases.dialogue.compose import NOTHING

AGAIN_AFTER = timedelta(minutes=10)
"""How long the same thing is not shared a second time in the same channel, whoever presses."""


def silent(channel: Channel, house: House, now: datetime) -> Reply | None:
    """Why Kith puts nothing to this channel, not even for somebody who wishes it; None if it may."""
    state = lapse_if_over(channel.charter, now).state
    return Reply(message=text(house.content.say(f"share.silent.{state}"))) if state in SILENT else None


async def shared(message: Message, channel: Channel, *, what: str, house: House, now: datetime) -> Reply:
    """To everyone in the channel, unless Kith is silent there or `what` was shared there less than AGAIN_AFTER ago.

    A row of the outbox with nothing to say remembers it, under a pseudonym of `what`, and goes when it is due.
    """
    if (refused := silent(channel, house, now)) is not None:
        return refused
    key = await house.store.traces.window_key(channel.ref, now)
    mark = Outgoing(
        id=f"shared-{key.pseudonym(f'shared/{what}')}",
        place=Place(channel=channel.ref),
        kind=OutgoingKind.DIALOGUE,
        due_at=now + AGAIN_AFTER,
        facts={"says": NOTHING},
    )
    if not await house.store.outbox.put(mark):
        return Reply(message=text(house.content.say("share.before")))
    return Reply(message=message, to_channel=True)


def question_parts(wording: Wording, content: Content, *, own_words: str = "") -> tuple[Paragraph, ...]:
    """The question, with the organisation's own words above it where it stands on them."""
    sentence = asked(wording, content, own_words=own_words)
    question = Paragraph(text=sentence, emphasis=Emphasis.QUESTION)
    if not own_words or sentence != wording.question.given:
        return (question,)
    return (Paragraph(text=content.say("words.quoted", words=own_words)), question)


def heading(words: str) -> Paragraph:
    """A paragraph that stands above others."""
    return Paragraph(text=words, emphasis=Emphasis.HEADING)


def note(words: str) -> Paragraph:
    """A paragraph at the side."""
    return Paragraph(text=words, emphasis=Emphasis.NOTE)


def source(article: str, content: Content) -> Paragraph:
    """Where an idea comes from, cited."""
    cited = content.articles[article]
    return note(content.say("source", author=cited.author, title=cited.title, published=cited.published, url=cited.url))
