"""What is said of a check-in's run: whether it still holds, its words, and what its being said leads to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain import working_hours
from bot.domain.channel import Channel
from bot.domain.charter import SILENT, lapse_if_over
from bot.domain.check_in import Answering, Run, RunState, Skipped, closed, outgoing, over, shuffled, skipped
from bot.domain.content import Content
from bot.domain.firing import follow_up_of
from bot.domain.last_look import may_check_in
from bot.domain.outgoing import Outgoing, OutgoingKind
from bot.domain.restraint import SMALLEST_GROUP
from bot.domain.speech import Choice, Emphasis, Listing, Message, Paragraph, text
from bot.ports import House
from bot.usecases.asking.reflect import profile_of
from bot.usecases.check_ins.words import question, until
from bot.usecases.checks.sharing import heading, note

PER_PAGE = 25
"""So many answers one message shows; a channel's further ones follow in its thread."""


async def holds(said: Outgoing, channel: Channel, house: House, now: datetime) -> bool:
    """Whether it is still to be said; a run that is not said any more, or whose time for answers is over, moves on."""
    run = await house.store.runs.run(channel.ref, said.about)
    if run is None:
        return False  # it was stopped
    silent = lapse_if_over(channel.charter, now).state in SILENT
    match said.kind:
        case OutgoingKind.CHECK_IN:
            if run.state is not RunState.WAITING:
                return False
            reason = may_check_in(run, channel.charter, now)
            if reason is not None:
                await house.store.runs.move(skipped(run, reason), was=RunState.WAITING)
            return reason is None
        case OutgoingKind.REMINDER:
            waits = run.state is RunState.OPEN and run.closes_at is not None and now < run.closes_at
            return waits and not silent and not await _answered_by_enough(run, channel, house, now)
        case OutgoingKind.CLOSING if "page" not in said.facts:
            return await _closes(run, channel, house, now, silent=silent)
        case _:
            return run.state is RunState.OVER and not silent


async def message(said: Outgoing, channel: Channel, house: House) -> Message | None:
    """The words; None if the run is gone or its question has left the bank."""
    run = await house.store.runs.run(channel.ref, said.about)
    if run is None or not (asked := question(run, house.content)):
        return None
    match said.kind:
        case OutgoingKind.CHECK_IN:
            return _asked(
                run, asked, until(closing_time(run, channel, said.due_at), run.zone, house.content), house.content
            )
        case OutgoingKind.REMINDER:
            return _reminder(run, asked, until(run.closes_at or said.due_at, run.zone, house.content), house.content)
        case OutgoingKind.CLOSING if run.answering is Answering.FORM:
            return await _shown(run, asked, int(said.facts.get("page", "1")), house)
        case _:
            return _going_on(run, house.content)


async def after(said: Outgoing, channel: Channel, posted: str, house: House) -> None:
    """The check-in being out opens it for answers; the closing being out is followed by one question, in its thread."""
    run = await house.store.runs.run(channel.ref, said.about)
    if run is None or "page" in said.facts:
        return
    if said.kind is OutgoingKind.CHECK_IN:
        opened = replace(run, state=RunState.OPEN, message=posted or None)
        opened = replace(opened, closes_at=closing_time(run, channel, said.due_at))
        await house.store.runs.move(opened, was=RunState.WAITING, then=_follows(opened, channel, said.due_at))
    elif said.kind is OutgoingKind.CLOSING:
        answers = len(await house.store.runs.answers(run.ref, run.id)) if run.answering is Answering.FORM else 0
        then = _after_showing(run, said, posted, answers) if answers else ()
        await house.store.runs.move(over(run), was=RunState.CLOSED, then=then)


async def unsaid(said: Outgoing, house: House) -> None:
    """Note that a check-in could not be said; of anything else there is nothing to note."""
    if said.kind is not OutgoingKind.CHECK_IN:
        return
    run = await house.store.runs.run(said.place.channel, said.about)
    if run is not None:
        await house.store.runs.move(skipped(run, Skipped.UNSAID), was=RunState.WAITING)


def closing_time(run: Run, channel: Channel, said_at: datetime) -> datetime:
    """Until when a run that was due at `said_at` takes answers: then it is closed, at the channel's next opening."""
    return _when_at_work(channel, said_at + run.open_for)


def _when_at_work(channel: Channel, at: datetime) -> datetime:
    return working_hours.next_opening(channel.settings, at) if profile_of(channel.settings).working_hours else at


def _follows(run: Run, channel: Channel, said_at: datetime) -> Sequence[Outgoing]:
    """The closing, in the thread where that is where people answer, and the one reminder halfway."""
    closes_at = run.closes_at or said_at
    thread = run.message if run.answering is Answering.THREAD else None
    then = [outgoing(OutgoingKind.CLOSING, run, closes_at, thread=thread)]
    halfway = _when_at_work(channel, said_at + run.open_for / 2)
    if run.reminds and halfway < closes_at:
        then.append(outgoing(OutgoingKind.REMINDER, run, halfway))
    return then


def _after_showing(run: Run, said: Outgoing, posted: str, answers: int) -> Sequence[Outgoing]:
    """In the thread of what was shown: the answers that did not fit, and the question to go on with."""
    pages = range(2, -(-answers // PER_PAGE) + 1)
    thread, due_at = posted or None, said.due_at
    more = [outgoing(OutgoingKind.CLOSING, run, due_at, thread=thread, page=page) for page in pages]
    return (*more, outgoing(OutgoingKind.FOLLOW_UP, run, due_at, thread=thread))


async def _closes(run: Run, channel: Channel, house: House, now: datetime, *, silent: bool) -> bool:
    """Take no more answers; whether there is anything to say about it. What will not be shown is deleted here."""
    if run.state not in (RunState.OPEN, RunState.CLOSED):
        return False
    runs = house.store.runs
    by_form = run.answering is Answering.FORM
    if silent or not (by_form or await _answered_by_enough(run, channel, house, now)):
        await runs.move(over(run), was=run.state, forget_answers=True)
        return False
    shut = closed(run)  # once more where a process died after it
    if not await runs.move(shut, was=run.state):
        return False
    # counted once nobody can add or take back an answer
    if by_form and len(await runs.answers(run.ref, run.id)) < SMALLEST_GROUP:
        await runs.move(shut, was=RunState.CLOSED, forget_answers=True)
    return True


async def _answered_by_enough(run: Run, channel: Channel, house: House, now: datetime) -> bool:
    """Whether anybody wrote in the thread, of which Kith knows that it happened and nothing else; or through the form,
    as many as are needed to show anything."""
    if run.answering is Answering.FORM:
        return len(await house.store.runs.answers(run.ref, run.id)) >= SMALLEST_GROUP
    if run.message is None:
        return False
    for at in (run.slot.at, now):
        key = await house.store.traces.window_key(channel.ref, at)
        thread = key.pseudonym(run.message)
        if any(trace.thread == thread for trace in (await house.store.traces.window(channel.ref, at)).traces):
            return True
    return False


def _asked(run: Run, asked: str, open_until: str, content: Content) -> Message:
    say = content.say
    return Message(
        body=(
            Paragraph(text=asked, emphasis=Emphasis.QUESTION),
            Paragraph(text=say(f"checkin.said.{run.answering}", until=open_until)),
            note(say("checkin.said.note")),
        ),
        choices=_buttons(run, content),
    )


def _reminder(run: Run, asked: str, open_until: str, content: Content) -> Message:
    said = Paragraph(text=content.say(f"checkin.reminder.{run.answering}", until=open_until))
    return Message(body=(said, Paragraph(text=asked, emphasis=Emphasis.QUESTION)), choices=_buttons(run, content)[:-1])


def _buttons(run: Run, content: Content) -> tuple[Choice, ...]:
    names = ("answer", "why") if run.answering is Answering.FORM else ("why",)
    return tuple(Choice(id=f"checkin_{n}", label=content.say(f"checkin.choice.{n}"), about=run.id) for n in names)


async def _shown(run: Run, asked: str, page: int, house: House) -> Message:
    """What was said, without names; that too few answered, if it was fewer than five."""
    say = house.content.say
    answers = shuffled(await house.store.runs.answers(run.ref, run.id), run)
    if len(answers) < SMALLEST_GROUP:
        return text(say("checkin.closing.few", question=asked))
    here = Listing(items=answers[(page - 1) * PER_PAGE : page * PER_PAGE])
    if page > 1:
        pages = -(-len(answers) // PER_PAGE)
        return Message(body=(Paragraph(text=say("checkin.closing.more", page=page, pages=pages)), here))
    opening = heading(say("checkin.closing.heading")), Paragraph(text=say("checkin.closing.asked", question=asked))
    return Message(body=(*opening, here, note(say("checkin.closing.note"))))


def _going_on(run: Run, content: Content) -> Message | None:
    """One question to go on with; in a thread where people answered, with thanks."""
    following = follow_up_of(run, content)
    if following is None:
        return None
    key = "checkin.closing.thread" if run.answering is Answering.THREAD else "checkin.follow_up"
    return Message(
        body=(Paragraph(text=content.say(key)), Paragraph(text=following.text, emphasis=Emphasis.QUESTION)),
    )
