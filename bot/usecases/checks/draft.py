"""Read a draft for the person who wrote it: what a reader may hear in it, through which words, and a question back.

The text goes to the reader and nowhere else; the answer holds the words that carried a pattern, for its author alone.
"""

from __future__ import annotations

from datetime import datetime

from bot.domain.carried import passages
from bot.domain.channel import Channel
from bot.domain.content import Content
from bot.domain.detectors.message_evidence import COUNTS_FROM
from bot.domain.events import ChoiceMade, CommandGiven, FormSubmitted
from bot.domain.patterns import MESSAGE_PATTERNS, Pattern
from bot.domain.reading import Reading
from bot.domain.self_check import fitting
from bot.domain.speech import Emphasis, Field, FieldKind, Form, Message, Paragraph, Part, Reply, text
from bot.ports import House
from bot.usecases.checks.sharing import heading, note, question_parts
from bot.usecases.dialogue.companion import offered

Asker = CommandGiven | ChoiceMade | FormSubmitted

LONGEST = 3000
"""Characters of a draft: what a form takes on every platform."""

MOST_HEARD = 2
"""So many patterns are spoken of, the clearest; more would be a report."""

MOST_PASSAGES = 5
"""So many passages that carry a pattern are shown."""


async def open_draft(channel: Channel, asker: CommandGiven | ChoiceMade, *, house: House, now: datetime) -> Reply:
    """The form to paste a text into, or the answer at once if the text came with the command."""
    typed = asker.words.partition(" ")[2].strip() if isinstance(asker, CommandGiven) else ""
    if typed and len(typed) <= LONGEST:
        return await _answer(typed, channel, asker, house, now)
    return Reply(form=draft_form(house.content, typed))


async def submit_draft(channel: Channel, event: FormSubmitted, *, house: House, now: datetime) -> Reply:
    """What a reader may hear in the text; the form again if there is none, or too much of it."""
    typed = event.answers.get("text", "")
    draft = typed.strip() if isinstance(typed, str) else ""
    if not draft or len(draft) > LONGEST:
        return Reply(form=draft_form(house.content, draft, error=house.content.say("draft.error", most=LONGEST)))
    return await _answer(draft, channel, event, house, now)


def draft_form(content: Content, typed: str = "", *, error: str = "") -> Form:
    """One field for the text."""
    say = content.say
    field = Field(
        id="text",
        label=say("draft.text.label"),
        hint=say("draft.text.hint", most=LONGEST),
        kind=FieldKind.TEXT,
        most=LONGEST,
        value=(typed,) if typed else (),
        error=error,
    )
    return Form(
        id="draft", title=say("draft.title"), intro=say("draft.intro"), submit=say("draft.submit"), fields=(field,)
    )


async def _answer(draft: str, channel: Channel, asker: Asker, house: House, now: datetime) -> Reply:
    reading = await house.reader.read(draft, explain=True)
    say = house.content.say
    heard = [p for p in MESSAGE_PATTERNS if p in reading.clear or reading.probabilities[p] >= COUNTS_FROM]
    likeliest = sorted(heard, key=lambda p: -reading.probabilities[p])[:MOST_HEARD]
    if not likeliest:
        return Reply(message=text(say("draft.nothing"), say("draft.nothing_may_be")))
    parts: list[Part] = [heading(say("draft.heading"))]
    for pattern in likeliest:
        parts += _heard(pattern, reading, draft, house.content)
    own = next((part.text for part in parts if isinstance(part, Paragraph) and part.emphasis is Emphasis.QUESTION), "")
    parts += await offered(draft, own, workspace=channel.ref.workspace, by=asker.by, house=house, now=now)
    return Reply(message=Message(body=(*parts, note(say("draft.note")))))


def _heard(pattern: Pattern, reading: Reading, draft: str, content: Content) -> tuple[Part, ...]:
    say = content.say
    wording = fitting(content.patterns[pattern].questions, to="person", topics=reading.topics, seed=draft)
    found = passages(draft, reading.evidence.get(pattern, ()))[:MOST_PASSAGES]
    carried = [say("draft.quoted", words=words) for words in found]
    through = (Paragraph(text=say("draft.words", words=", ".join(carried))),) if carried else ()
    return (
        Paragraph(text=say("draft.heard", heard=content.contrasts[pattern].heard)),
        *through,
        *question_parts(wording, content),
        Paragraph(text=wording.question.counter_reading),
    )
