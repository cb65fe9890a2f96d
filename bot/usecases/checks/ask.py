"""Give somebody who asks a question or three: for a text, or for what this channel's window shows; to them alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.asking import Suggestion, for_findings, for_reading, origin, sentence_of
from bot.domain.channel import Asked, Channel
from bot.domain.content import Content
from bot.domain.events import ChoiceMade, CommandGiven
from bot.domain.findings import Finding
from bot.domain.intents import Intent, intent_of
from bot.domain.patterns import Pattern
from bot.domain.reflection import Situation, enough_evidence, findings_in
from bot.domain.restraint import SMALLEST_GROUP
from bot.domain.speech import Choice, Emphasis, Listing, Message, Paragraph, Part, Reply, text
from bot.domain.telling import source_sentence
from bot.domain.window import Window
from bot.ports import House
from bot.usecases.asking.reflect import restraint_of
from bot.usecases.checks.sharing import shared
from bot.usecases.dialogue.companion import offered
from bot.usecases.dialogue.compose import hand_over
from bot.usecases.dialogue.talk import left_alone
from bot.usecases.workspaces.holding import still_kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What is offered for a text: suggestions, or (`for_people`) none, because a person is needed and no question."""

    suggestions: tuple[Suggestion, ...] = ()
    for_people: bool = False


async def choose_for_text(
    words: str,
    *,
    house: House,
    now: datetime,
    n: int,
    off: frozenset[Pattern] = frozenset(),
    asked: Sequence[Asked] = (),
) -> Chosen:
    """One to `n` questions for a text; the same text gets the same ones while the channel's history is the same."""
    if intent_of(words, house.content.cues, read=True) is Intent.HAND_OVER:
        return Chosen(for_people=True)
    reading = await house.reader.read(words)
    reading = replace(reading, topics=tuple(t for t in reading.topics if t in house.content.topics))
    return Chosen(suggestions=for_reading(reading, house.content, off=off, asked=asked, now=now, seed=words, n=n))


async def ask(channel: Channel, asker: CommandGiven, *, house: House, now: datetime) -> Reply:
    """`ask` with a text takes that up, without one the channel's window; anything may be shared, nothing is kept."""
    _, _, words = asker.words.partition(" ")
    off, asked, say = left_alone(channel, now), channel.history.asked, house.content.say
    if words.strip():
        chosen = await choose_for_text(words, house=house, now=now, n=3, off=off, asked=asked)
        if chosen.for_people:
            return Reply(message=hand_over(house, to_one=True))
        read = chosen.suggestions[0].pattern is not None
        opening = say("ask.for_text" if read else "ask.for_text_open")
        own = sentence_of(chosen.suggestions[0].question, chosen.suggestions[0].topic, house.content) or ""
        more = await offered(words, own, workspace=channel.ref.workspace, by=asker.by, house=house, now=now)
        return _offer(chosen.suggestions, opening, house.content, more=more)
    window = await house.store.traces.window(channel.ref, now)
    window = still_kept(replace(window, members=channel.members), house, now)
    suggestions = for_findings(
        to_speak_of(window, channel, house, now),
        house.content,
        off=off,
        asked=asked,
        now=now,
        seed=f"{channel.ref.channel}/{now.date()}",
    )
    shows = suggestions[0].pattern is not None
    return _offer(suggestions, say("ask.for_window" if shows else "ask.for_window_open"), house.content)


def to_speak_of(window: Window, channel: Channel, house: House, now: datetime) -> tuple[Finding, ...]:
    """What the window shows plainly enough for the channel's profile; nothing where fewer than SMALLEST_GROUP spoke, so
    that nobody learns about one person by asking before and after they wrote."""
    if len({trace.author for trace in window.traces}) < SMALLEST_GROUP:
        return ()
    situation = Situation(window=window, channel=channel, restraint=restraint_of(channel.settings, house), now=now)
    return tuple(f for f in findings_in(window, channel) if enough_evidence(f, situation) is None)


async def share(channel: Channel, presser: ChoiceMade, *, house: House, now: datetime) -> Reply:
    """Put an offered question before the channel, without saying who had it put."""
    question, _, topic = presser.about.partition("/")
    sentence = sentence_of(question, topic, house.content)
    if sentence is None:
        return Reply(message=text(house.content.say("choice.stale")))
    body = (
        Paragraph(text=sentence, emphasis=Emphasis.QUESTION),
        Paragraph(text=house.content.say("ask.shared"), emphasis=Emphasis.NOTE),
    )
    message = Message(body=body, choices=_why(question, house.content))
    return await shared(message, channel, what=f"question/{sentence}", house=house, now=now)


async def why_question(channel: Channel, presser: ChoiceMade, *, house: House, now: datetime) -> Reply:
    """What a question of the bank stands on, to the person who wants to know."""
    del channel, now
    found = origin(presser.about, house.content)
    if found is None:
        return Reply(message=text(house.content.say("choice.stale")))
    pattern, question = found
    content = house.content
    words = content.patterns[pattern]
    opens = content.say("why.opens", opens=words.opens)
    body = (
        Paragraph(text=words.title, emphasis=Emphasis.HEADING),
        Paragraph(text=words.standing),
        Listing(items=(source_sentence(content.patterns[pattern], content), opens)),
        Paragraph(text=question.counter_reading),
        Paragraph(text=content.say("ask.may_be_wrong"), emphasis=Emphasis.NOTE),
    )
    return Reply(message=Message(body=body))


def reason_for(suggestion: Suggestion, content: Content) -> str:
    """Why this question, in one sentence: which pattern the text or the talk here shows, or that none did. No
    counts: whoever asks twice could tell from them what one person wrote in between."""
    if suggestion.pattern is None:
        phrase = content.topics.get(suggestion.topic or "")
        return content.say("ask.why_topic", topic=phrase) if phrase else content.say("ask.why_open")
    read = "ask.why_guessed" if suggestion.guessed else "ask.why_read"
    key = "ask.why_window" if suggestion.probability is None else read
    return content.say(key, title=content.patterns[suggestion.pattern].title)


def told(suggestion: Suggestion, content: Content) -> dict[str, object]:
    """A suggestion as plain values, for programs: what would be asked, what it stands on, and why it was chosen."""
    words = content.patterns[suggestion.pattern] if suggestion.pattern else None
    found = origin(suggestion.question, content)
    return {
        "question": sentence_of(suggestion.question, suggestion.topic, content),
        "question_id": suggestion.question,
        "pattern": suggestion.pattern.value if suggestion.pattern else None,
        "title": words.title if words else None,
        "point": f"{words.article}, {words.point}" if words else None,
        "probability": None if suggestion.probability is None else round(suggestion.probability, 3),
        "topic": suggestion.topic,
        "why": reason_for(suggestion, content),
        "counter_reading": found[1].counter_reading if found else None,
    }


def _offer(
    suggestions: tuple[Suggestion, ...], opening: str, content: Content, *, more: tuple[Part, ...] = ()
) -> Reply:
    """The questions, numbered if there are several; a reason that stands above already is not said again."""
    several = len(suggestions) > 1
    body: list[Paragraph] = [Paragraph(text=opening)]
    choices: list[Choice] = []
    before = ""
    for place, suggestion in enumerate(suggestions, start=1):
        sentence = sentence_of(suggestion.question, suggestion.topic, content) or ""
        found = origin(suggestion.question, content)
        reason = reason_for(suggestion, content)
        told_why = [reason if reason != before else "", found[1].counter_reading if found else ""]
        before = reason
        body.append(Paragraph(text=f"{place}. {sentence}" if several else sentence, emphasis=Emphasis.QUESTION))
        body += [Paragraph(text=why) for why in (" ".join(filter(None, told_why)),) if why]
        label = content.say("choice.share_numbered" if several else "choice.share", number=place)
        about = f"{suggestion.question}/{suggestion.topic or ''}"
        choices.append(Choice(id="share_question", label=label, about=about))
    body.append(Paragraph(text=content.say("ask.note"), emphasis=Emphasis.NOTE))
    return Reply(message=Message(body=(*body, *more), choices=tuple(choices)))


def _why(question: str, content: Content) -> tuple[Choice, ...]:
    known = origin(question, content) is not None
    return (Choice(id="why_question", label=content.say("choice.why"), about=question),) if known else ()
