"""The organisation's own words: who gives them, who reads them, and how they are changed and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.domain.audit import What
from bot.domain.channel import Channel
from bot.domain.content import Content
from bot.domain.events import ChoiceMade, CommandGiven, FormSubmitted, Standing
from bot.domain.own_words import LONGEST, OwnWords, one_line
from bot.domain.speech import Choice, Field, FieldKind, Form, Message, Paragraph, Part, Reply, text
from bot.ports import House
from bot.usecases.checks.sharing import heading, note
from bot.usecases.workspaces.changes import line_for_all

Asker = CommandGiven | ChoiceMade | FormSubmitted

_FIELDS = ("stands_for", "for_one_another")


def may_give(asker: Asker, channel: Channel, words: OwnWords) -> bool:
    """Whether this person may write them: an admin always; a steward while there are none.

    They hold for the whole workspace, and anybody may become a steward by inviting Kith somewhere.
    """
    if asker.standing is Standing.ADMIN:
        return True
    steward = asker.standing is Standing.STEWARD or asker.by == channel.charter.steward
    return steward and not words


async def open_words(channel: Channel, asker: CommandGiven | ChoiceMade, *, house: House, now: datetime) -> Reply:
    """The words, to any member; the form, to those who may give the first ones."""
    del now
    words = await house.store.own_words.of(channel.ref.workspace)
    allowed = may_give(asker, channel, words)
    if words:
        return Reply(message=_shown(words, house.content, changeable=allowed))
    return Reply(form=words_form(words, house.content)) if allowed else _refused(words, house)


async def change_words(channel: Channel, asker: ChoiceMade, *, house: House, now: datetime) -> Reply:
    """The form, with the words as they are."""
    del now
    words = await house.store.own_words.of(channel.ref.workspace)
    return Reply(form=words_form(words, house.content)) if may_give(asker, channel, words) else _refused(words, house)


async def delete_words(channel: Channel, asker: ChoiceMade, *, house: House, now: datetime) -> Reply:
    """Take the words back; nothing of them remains."""
    words = await house.store.own_words.of(channel.ref.workspace)
    if not may_give(asker, channel, words):
        return _refused(words, house)
    told = line_for_all(What.OWN_WORDS_TAKEN_BACK, asker, now=now)
    await house.store.own_words.take_back(channel.ref.workspace, told=told)
    return Reply(message=text(house.content.say("words.deleted")))


async def submit_words(channel: Channel, event: FormSubmitted, *, house: House, now: datetime) -> Reply:
    """Keep what was given, show it as all members will see it; two empty fields take the words back."""
    before = await house.store.own_words.of(channel.ref.workspace)
    if not may_give(event, channel, before):
        return _refused(before, house)
    typed = {name: one_line(value if isinstance(value := event.answers.get(name, ""), str) else "") for name in _FIELDS}
    words = OwnWords(stands_for=typed["stands_for"], for_one_another=typed["for_one_another"])
    errors = {name: "words.error.long" for name in _FIELDS if len(typed[name]) > LONGEST}
    if not words and not before:
        errors["stands_for"] = "words.error.empty"
    if errors:
        return Reply(form=words_form(words, house.content, errors))
    if words != before:
        what = What.OWN_WORDS if words else What.OWN_WORDS_TAKEN_BACK
        told = line_for_all(what, event, now=now)
        await house.store.own_words.give(channel.ref.workspace, words, told=told)
    if not words:
        return Reply(message=text(house.content.say("words.deleted")))
    return Reply(message=_shown(words, house.content, changeable=event.standing is Standing.ADMIN))


def words_form(words: OwnWords, content: Content, errors: Mapping[str, str] | None = None) -> Form:
    """Two paragraphs to write in, filled with what there is."""
    say = content.say
    values = {"stands_for": words.stands_for, "for_one_another": words.for_one_another}
    fields = tuple(
        Field(
            id=name,
            label=say(f"words.{name}.label"),
            hint=say(f"words.{name}.hint", most=LONGEST),
            kind=FieldKind.TEXT,
            most=LONGEST,
            value=(values[name],) if values[name] else (),
            error=say(errors[name], most=LONGEST) if errors and name in errors else "",
        )
        for name in _FIELDS
    )
    return Form(
        id="words", title=say("words.title"), intro=say("words.intro"), submit=say("words.submit"), fields=fields
    )


def _shown(words: OwnWords, content: Content, *, changeable: bool) -> Message:
    say = content.say
    body: list[Part] = []
    for name, given in (("stands_for", words.stands_for), ("for_one_another", words.for_one_another)):
        if given:
            body += [heading(say(f"words.{name}.label")), Paragraph(text=given)]
    choices = tuple(Choice(id=key, label=say(f"choice.{key}")) for key in ("words_change", "words_delete"))
    return Message(body=(*body, note(say("words.note"))), choices=choices if changeable else ())


def _refused(words: OwnWords, house: House) -> Reply:
    return Reply(message=text(house.content.say("words.ask_admin" if words else "words.none")))
