"""Share with a channel what was made for one person, because they chose to; and put questions beside own words."""

from __future__ import annotations

from bot.domain.channel import Channel
from bot.domain.charter import CharterState
from bot.domain.content import Content, Wording
from bot.domain.self_check import asked
from bot.domain.speech import Emphasis, Message, Paragraph, Reply, text
from bot.ports import House


def shared(message: Message, channel: Channel, house: House) -> Reply:
    """To everyone in the channel, unless it asked Kith to be silent."""
    if channel.charter.state is CharterState.PAUSED:
        return Reply(message=text(house.content.say("share.silent")))
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
