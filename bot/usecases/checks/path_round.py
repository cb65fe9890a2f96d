"""Why we go social, as a team: everyone answers alone, and it is shown once, from five people on, without names.

Showing ends the round: a picture that could be asked for again after one more answer would give that answer away.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.channel import Channel
from bot.domain.content import Content
from bot.domain.events import ChoiceMade, CommandGiven, FormSubmitted
from bot.domain.path_check import PARTS, STAY, TALLY_KEYS, Answered, Round, Tally, paths_of, shown, stands
from bot.domain.paths import SocialPath
from bot.domain.restraint import SMALLEST_GROUP
from bot.domain.speech import Bar, Choice, Emphasis, Form, Message, Paragraph, Part, Picture, Reply, text
from bot.ports import House
from bot.usecases.checks.path_fields import chosen_in, rather_field, statements_field
from bot.usecases.checks.sharing import heading, note, silent


async def begin(channel: Channel, asker: CommandGiven | ChoiceMade, *, house: House, now: datetime) -> Reply:
    """Put the question to the channel; where a round is open already, show the way to it."""
    del asker
    if (refused := silent(channel, house, now)) is not None:
        return refused
    if channel.members is not None and channel.members < SMALLEST_GROUP:
        return _say(house, "round.too_small")
    running = await house.store.rounds.current(channel.ref, now)
    if running is not None:
        until = _until(running, channel)
        return Reply(message=_invitation(running, house.content, house.content.say("round.running", until=until)))
    opened = await house.store.rounds.open(channel.ref, f"{now:%Y%m%dT%H%M%S%f}", now)
    say = house.content.say
    opening = say("round.opening"), say("round.how"), say("round.until", until=_until(opened, channel))
    return Reply(message=_invitation(opened, house.content, *opening), to_channel=True)


async def open_answer(channel: Channel, event: ChoiceMade, *, house: House, now: datetime) -> Reply:
    """The form to answer with, if the round is open and this person has not answered."""
    running = await _running(channel, event.about, house, now)
    if running is None:
        return _say(house, "round.over")
    if await house.store.rounds.answered(channel.ref, running.id, running.pseudonym(event.by)):
        return _say(house, "round.before")
    return Reply(form=answer_form(house.content, running.id))


async def submit_answer(channel: Channel, event: FormSubmitted, *, house: House, now: datetime) -> Reply:
    """Count the answer, and keep nothing that says whose it was; a blank one is no answer and counts nobody."""
    content = house.content
    running = await _running(channel, event.about, house, now)
    chosen = chosen_in(event.answers, content)
    rather = event.answers.get("rather", "")
    if running is None:
        return _say(house, "round.over")
    if chosen is None or rather not in ("", STAY, *SocialPath):
        wrong = content.say("path.error") if chosen is None else ""
        return Reply(form=answer_form(content, running.id, error=wrong))
    answer = stands(paths_of(chosen), str(rather))
    if not answer:
        return Reply(form=answer_form(content, running.id, error=content.say("round.blank")))
    outcome = await house.store.rounds.answer(
        channel.ref,
        running.id,
        by=running.pseudonym(event.by),
        stands=answer,
        now=now,
    )
    return _say(house, _OUTCOMES[outcome])


async def ask_to_show(channel: Channel, event: ChoiceMade, *, house: House, now: datetime) -> Reply:
    """Say that showing ends the round, and let the person decide; nothing at all under five people."""
    running = await _running(channel, event.about, house, now)
    if running is None:
        return _say(house, "round.over")
    if running.people < SMALLEST_GROUP:
        return _say(house, "round.too_few")
    show = Choice(id="round_show", label=house.content.say("choice.round_show"), about=running.id)
    return Reply(message=text(house.content.say("round.show_ask"), choices=(show,)))


async def show(channel: Channel, event: ChoiceMade, *, house: House, now: datetime) -> Reply:
    """The picture for everyone, once; the round is deleted in the same step."""
    if (refused := silent(channel, house, now)) is not None:
        return refused
    tally = await house.store.rounds.finish(channel.ref, event.about, at_least=SMALLEST_GROUP, now=now)
    if tally is not None:
        return Reply(message=together(tally, house.content), to_channel=True)
    running = await _running(channel, event.about, house, now)
    return _say(house, "round.too_few" if running else "round.over")


def answer_form(content: Content, round_id: str, *, error: str = "") -> Form:
    """What one says and what one would rather choose, in one form: no second answer could be joined with the first."""
    fields = (statements_field(content, error=error), rather_field(content))
    intro, submit = content.say("round.form_intro"), content.say("round.submit")
    return Form(
        id="path_round", title=content.say("path.title"), intro=intro, submit=submit, fields=fields, about=round_id
    )


_OUTCOMES = {Answered.COUNTED: "round.counted", Answered.BEFORE: "round.before", Answered.OVER: "round.over"}


def _invitation(running: Round, content: Content, *paragraphs: str) -> Message:
    choices = tuple(
        Choice(id=key, label=content.say(f"choice.{key}"), about=running.id)
        for key in ("round_answer", "round_together")
    )
    return text(*paragraphs, choices=choices)


def together(tally: Tally, content: Content) -> Message:
    """What is shown of a round: every number in it is of five people or more."""
    body: list[Part] = [heading(content.say("round.heading", n=tally.people))]
    for part in PARTS:
        body += _part(part, tally, content)
    question = Paragraph(text=content.say("round.question"), emphasis=Emphasis.QUESTION)
    return Message(body=(*body, question, note(content.say("round.note"))))


def _part(part: str, tally: Tally, content: Content) -> list[Part]:
    """One picture of a round: bars of five people or more, in the article's order, and what had fewer without a number,
    nobody and four alike."""
    say, numbers = content.say, shown(tally, part)
    title = say(f"round.picture.{part}")
    if numbers is None:
        return [heading(title), Paragraph(text=say("round.part_too_few"))]
    keys = [key for key in TALLY_KEYS if key.startswith(f"{part}.")]
    bars = tuple(Bar(label=_label(key, content), count=numbers[key]) for key in keys if key in numbers)
    told = "; ".join(say("round.line", label=bar.label, count=bar.count, people=tally.people) for bar in bars)
    fewer = "; ".join(_label(key, content) for key in keys if key not in numbers)
    drawn: Part = Picture(title=title, bars=bars, people=tally.people, text=told) if bars else heading(title)
    return [drawn, Paragraph(text=say("round.fewer", labels=fewer))] if fewer else [drawn]


def _label(key: str, content: Content) -> str:
    name = key.partition(".")[2]
    return content.say("path.stay") if name == STAY else content.paths[SocialPath(name)].title


async def _running(channel: Channel, round_id: str, house: House, now: datetime) -> Round | None:
    """The round with this id, if it is the one that is open; ids come from buttons and may be stale or forged."""
    running = await house.store.rounds.current(channel.ref, now)
    return running if running and running.id == round_id else None


def _until(running: Round, channel: Channel) -> str:
    return f"{running.closes_at.astimezone(ZoneInfo(channel.settings.zone)):%Y-%m-%d}"


def _say(house: House, key: str) -> Reply:
    return Reply(message=text(house.content.say(key)))
