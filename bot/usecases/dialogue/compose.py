"""Turn an answer of a dialogue, which holds ids alone, into the message that people read."""

from __future__ import annotations

from bot.domain.asking import origin, sentence_of
from bot.domain.content import Content
from bot.domain.intents import Intent
from bot.domain.outgoing import Outgoing
from bot.domain.speech import Choice, Emphasis, Listing, Message, Paragraph, text
from bot.ports import House
from bot.usecases.dialogue.companion import disclosed

NOTHING = "nothing"
"""What a row says that only remembers, until it is due, that something was said."""


async def dialogue_message(outgoing: Outgoing, house: House) -> Message | None:
    """The message; None if there is nothing to say, the dialogue has gone on or ended meanwhile, or its words have left
    prompts/."""
    facts = outgoing.facts
    if facts.get("says") == NOTHING or await _overtaken(outgoing, house):
        return None
    match facts.get("says", ""):
        case Intent.HAND_OVER:
            return hand_over(house, to_one="talk" in facts)
        case Intent.HELP:
            return _help(house, alone="talk" in facts)
        case "command":
            return text(house.content.say("dialogue.command", word=facts["topic"]))
        case _:
            return _asking(outgoing, house)


async def _overtaken(outgoing: Outgoing, house: House) -> bool:
    """Whether the person went on while Kith waited (then a later row asks), or the dialogue is over."""
    if not outgoing.about:
        return False
    thread = outgoing.facts.get("talk") or outgoing.place.thread or ""
    found = await house.store.dialogues.find(outgoing.place.channel, thread)
    if found is None:
        return True
    return str(found.turns) == outgoing.facts.get("turn") and found.last_heard != outgoing.about


def _asking(outgoing: Outgoing, house: House) -> Message | None:
    """The sentences, then the question if there is one, then how to end it if that was not said yet."""
    facts, content = outgoing.facts, house.content
    keys = [_fitting(facts[name], content, alone="talk" in facts) for name in ("key0", "key1") if name in facts]
    if any(key not in content.interface for key in keys):
        return None
    body = [Paragraph(text=content.say(key)) for key in keys]
    question = facts.get("question", "")
    if question:
        sentence = sentence_of(question, facts.get("topic"), content)
        if sentence is None:
            return None
        helped = house.companion.ready(outgoing.id) if "companion" in facts and house.companion else None
        body.append(Paragraph(text=helped or sentence, emphasis=Emphasis.QUESTION))
        if helped:  # it stands on nothing in the bank, so there is no "why"
            question = ""
            body.append(disclosed(house))
    if "note" in facts:
        body.append(Paragraph(text=content.say("dialogue.note"), emphasis=Emphasis.NOTE))
    choices = (Choice(id="why_question", label=content.say("choice.why"), about=question),)
    return Message(body=tuple(body), choices=choices if origin(question, content) else ())


def hand_over(house: House, *, to_one: bool = False) -> Message:
    """The fixed text where a person is needed: the help that the workspace has named, and no question.

    `to_one` is for an answer that nobody else can read.
    """
    say = house.content.say
    help_line = say("dialogue.hand_over.help", help=house.human_help) if house.human_help else ""
    lines = (
        say("dialogue.hand_over.opening"),
        help_line or say("dialogue.hand_over.trust"),
        say("dialogue.hand_over.danger"),
        say("dialogue.hand_over.end_alone") if to_one else say("dialogue.hand_over.end"),
    )
    return text(*lines)


def _help(house: House, *, alone: bool) -> Message:
    say = house.content.say
    opening, *lines = (
        say(_fitting(f"dialogue.help.{key}", house.content, alone=alone))
        for key in ("opening", "tell", "another", "stop", "more")
    )
    if house.human_help:
        lines.append(say("dialogue.hand_over.help", help=house.human_help))
    return Message(
        body=(
            Paragraph(text=opening),
            Listing(items=tuple(lines)),
            Paragraph(text=say("help.note"), emphasis=Emphasis.NOTE),
        )
    )


def _fitting(key: str, content: Content, *, alone: bool) -> str:
    """The key of the form for a talk alone with Kith, where there is one."""
    other = key.replace("dialogue.", "dialogue.alone.", 1)
    return other if alone and other in content.interface else key
