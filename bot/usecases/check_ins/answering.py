"""Answer a check-in through its form, change or take back an answer, and ask why it asks what it asks."""

from __future__ import annotations

from datetime import datetime

from bot.domain.channel import Channel
from bot.domain.check_in import LONGEST_ANSWER, Run
from bot.domain.content import Content
from bot.domain.events import ChoiceMade, FormSubmitted
from bot.domain.speech import Emphasis, Field, FieldKind, Form, Listing, Message, Paragraph, Reply, text
from bot.domain.telling import source_sentence
from bot.ports import House
from bot.usecases.check_ins.words import question
from bot.usecases.checks.sharing import heading, note


async def open_answer(channel: Channel, event: ChoiceMade, *, house: House, now: datetime) -> Reply:
    """The form to answer with, while the run is open; nobody's answer is in it."""
    run = await house.store.runs.run(channel.ref, event.about)
    if run is None or not run.takes_answers(now):
        return _say(house, "checkin.answer.over")
    before = await house.store.runs.answered(channel.ref, run.id, run.pseudonym(event.by))
    return Reply(form=answer_form(run, house.content, before=before))


async def submit_answer(channel: Channel, event: FormSubmitted, *, house: House, now: datetime) -> Reply:
    """Keep the answer under a pseudonym, in the place of an earlier one; an empty one takes that back."""
    run = await house.store.runs.run(channel.ref, event.about)
    if run is None or not run.takes_answers(now):
        return _say(house, "checkin.answer.over")
    typed = event.answers.get("answer", "")
    answer = " ".join(typed.split()) if isinstance(typed, str) else ""
    by = run.pseudonym(event.by)
    before = await house.store.runs.answered(channel.ref, run.id, by)
    if len(answer) > LONGEST_ANSWER or not (answer or before):
        return Reply(form=answer_form(run, house.content, before=before, typed=answer, wrong=True))
    if not await house.store.runs.answer(channel.ref, run.id, by=by, text=answer, now=now):
        return _say(house, "checkin.answer.over")
    return _say(house, "checkin.answer.kept" if answer else "checkin.answer.withdrawn")


async def why(channel: Channel, event: ChoiceMade, *, house: House, now: datetime) -> Reply:
    """What the question stands on, and why nothing may be amiss; to the person who asked."""
    del now
    content = house.content
    run = await house.store.runs.run(channel.ref, event.about)
    if run is None:
        return _say(house, "choice.stale")
    found = content.question(run.question) if run.question else None
    theme = content.theme_of(found.id) if found else None
    if found is None or theme is None:
        return _say(house, "checkin.why.own")
    words = content.themes[theme]
    body = (
        heading(words.title),
        Paragraph(text=found.text, emphasis=Emphasis.QUESTION),
        Paragraph(text=content.say("checkin.why.agreed")),
        Paragraph(text=words.standing),
        Listing(items=(source_sentence(words, content), content.say("why.opens", opens=words.opens))),
        note(found.counter_reading),
    )
    return Reply(message=Message(body=body))


def answer_form(run: Run, content: Content, *, before: bool, typed: str = "", wrong: bool = False) -> Form:
    """One field, under the question."""
    say = content.say
    field = Field(
        id="answer",
        label=say("checkin.answer.label"),
        hint=say("checkin.answer.hint", most=LONGEST_ANSWER),
        kind=FieldKind.TEXT,
        most=LONGEST_ANSWER,
        value=(typed,) if typed else (),
        error=say("checkin.answer.error", most=LONGEST_ANSWER) if wrong else "",
    )
    return Form(
        id="checkin_answer",
        title=say("checkin.answer.title"),
        intro=say("checkin.answer.again" if before else "checkin.answer.intro", question=question(run, content)),
        submit=say("checkin.answer.submit"),
        fields=(field,),
        about=run.id,
    )


def _say(house: House, key: str) -> Reply:
    return Reply(message=text(house.content.say(key)))
