"""Check a plan against the seven contrasts: the form, what it shows, and sharing it; nothing of it is kept.

The check travels on the "share" button itself, in the message that its author already has: so nothing is stored here,
another replica can answer, and the button works as long as the message does.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.domain.channel import Channel
from bot.domain.content import Content, Contrast
from bot.domain.events import ChoiceMade, CommandGiven, FormSubmitted
from bot.domain.patterns import MESSAGE_PATTERNS, Pattern
from bot.domain.self_check import (
    LONGEST_PLAN,
    STEPS,
    UNKNOWN,
    Lean,
    PlanCheck,
    end_at,
    fitting,
    lean_of,
    packed,
    place_of,
    plan_name,
    shareable_name,
    unpacked,
    worth_a_talk,
)
from bot.domain.speech import Choice, Field, FieldKind, Form, Listing, Message, Option, Paragraph, Part, Reply, text
from bot.ports import House
from bot.usecases.checks.sharing import heading, note, question_parts, shared, source

Answers = Mapping[str, str | tuple[str, ...]]


async def open_check(channel: Channel, asker: CommandGiven | ChoiceMade, *, house: House, now: datetime) -> Reply:
    """The form, with the plan's name in it if it was typed along with the command."""
    del channel, now
    typed = asker.words.partition(" ")[2] if isinstance(asker, CommandGiven) else ""
    return Reply(form=check_form(house.content, {"plan": typed.strip()[:LONGEST_PLAN]}))


async def submit_check(channel: Channel, event: FormSubmitted, *, house: House, now: datetime) -> Reply:
    """Where the plan leans, to its author alone; the form again if something in it cannot be used."""
    del now
    check, errors = parsed(event.answers)
    if check is None:
        return Reply(form=check_form(house.content, event.answers, errors))
    choice = Choice(id="check_share", label=house.content.say("choice.share"), about=packed(check))
    say = house.content.say
    body = (
        heading(say("check.heading", plan=check.plan)),
        *await _shown(check, channel, house, check.plan),
        note(say("check.note")),
        source("A1", house.content),
    )
    return Reply(message=Message(body=body, choices=(choice,)))


async def share_check(channel: Channel, event: ChoiceMade, *, house: House, now: datetime) -> Reply:
    """The same for everyone, under the name that its author gave the plan if that may be shared; they are not named."""
    check = unpacked(event.about)
    if check is None:
        return Reply(message=text(house.content.say("choice.stale")))
    say = house.content.say
    name = shareable_name(check.plan)
    opening = Paragraph(text=say("check.shared", plan=name) if name else say("check.shared_unnamed"))
    shown = await _shown(check, channel, house, name)
    message = Message(body=(opening, *shown, note(say("share.note"))))
    return await shared(message, channel, what=f"check/{event.about}", house=house, now=now)


def parsed(answers: Answers) -> tuple[PlanCheck | None, dict[str, str]]:
    """The check that a form asks for, or the key of what is wrong by field id; no place given means "not known"."""
    errors: dict[str, str] = {}
    typed = answers.get("plan", "")
    plan = plan_name(typed) if isinstance(typed, str) else None
    if plan is None:
        errors["plan"] = "check.error.plan"
    places: dict[Pattern, int | None] = {}
    for pattern in MESSAGE_PATTERNS:
        try:
            places[pattern] = place_of(str(answers.get(pattern) or UNKNOWN))
        except ValueError:
            errors[pattern] = "check.error.step"
    if not any(answers.get(pattern) for pattern in MESSAGE_PATTERNS):
        errors.setdefault(MESSAGE_PATTERNS[0], "check.error.nothing")  # Enter in the first field sends the form
    if plan is None or errors:
        return None, errors
    return PlanCheck(plan=plan, places=places), {}


def check_form(content: Content, answers: Answers, errors: Mapping[str, str] | None = None) -> Form:
    """The form: the plan's name, and a scale for each contrast, filled with what was answered before."""
    say = content.say
    wrong = {field: say(key, most=LONGEST_PLAN) for field, key in (errors or {}).items()}
    plan = answers.get("plan", "")
    name = Field(
        id="plan",
        label=say("check.plan.label"),
        hint=say("check.plan.hint"),
        kind=FieldKind.LINE,
        most=LONGEST_PLAN,
        value=(plan,) if isinstance(plan, str) and plan else (),
        error=wrong.get("plan", ""),
    )
    scales = (
        _scale(content.contrasts[pattern], content, str(answers.get(pattern, "")), wrong.get(pattern, ""))
        for pattern in MESSAGE_PATTERNS
    )
    return Form(
        id="check",
        title=say("check.title"),
        intro=say("check.intro"),
        submit=say("check.submit"),
        fields=(name, *scales),
    )


def _scale(contrast: Contrast, content: Content, value: str, error: str) -> Field:
    ends = {"left": contrast.left.says, "right": contrast.right.says}
    steps = tuple(Option(value=step, label=content.say(f"check.step.{step}", **ends)) for step in STEPS)
    return Field(
        id=contrast.id,
        label=contrast.title,
        kind=FieldKind.SCALE,
        options=(*steps, Option(value=UNKNOWN, label=content.say("check.step.unknown"))),
        ends=(contrast.left.says, contrast.right.says),
        value=(value,) if value in (*STEPS, UNKNOWN) else (),
        error=error,
    )


async def _shown(check: PlanCheck, channel: Channel, house: House, name: str | None) -> tuple[Part, ...]:
    """Where it leans in words, what is worth a talk, and how it sounds beside the organisation's own words; it goes by
    `name`, or by none."""
    content = house.content
    topics = (await house.reader.read(check.plan)).topics
    talks: list[Part] = []
    for pattern in worth_a_talk(check, content.contrasts):
        wording = fitting(content.patterns[pattern].questions, to="team", topics=topics, seed=packed(check))
        talks += [note(content.contrasts[pattern].title), *question_parts(wording, content)]
        talks.append(Paragraph(text=speaking_for(check.places[pattern], content.contrasts[pattern], content)))
    leans = tuple(leaning(check.places[pattern], content.contrasts[pattern], content) for pattern in MESSAGE_PATTERNS)
    resonance = await _resonance(name, channel, house)
    return (Listing(items=leans), heading(content.say("check.worth")), *talks, *resonance)


def leaning(place: int | None, contrast: Contrast, content: Content) -> str:
    """One line in words on where a plan stands between the two ends."""
    end = end_at(place, contrast)
    return content.say(
        f"check.lean.{lean_of(place)}",
        title=contrast.title,
        end=end.says if end else "",
        left=contrast.left.says,
        right=contrast.right.says,
    )


def speaking_for(place: int | None, contrast: Contrast, content: Content) -> str:
    """What speaks for where the plan stands today; for both ends where it leans to neither."""
    end = end_at(place, contrast)
    if end is not None:
        return content.say("check.speaks_for", reason=end.speaks_for)
    key = "check.speaks_for_either" if lean_of(place) is Lean.UNKNOWN else "check.speaks_for_both"
    return content.say(key, left=contrast.left.speaks_for, right=contrast.right.speaks_for)


async def _resonance(name: str | None, channel: Channel, house: House) -> tuple[Part, ...]:
    """Whether the plan resonates with what the organisation says of itself (A2), if it has said so."""
    words = await house.store.own_words.of(channel.ref.workspace)
    given = [given for given in (words.stands_for, words.for_one_another) if given]
    if not given:
        return ()
    say = house.content.say
    quoted = tuple(Paragraph(text=say("check.quoted", words=one)) for one in given)
    plan = say("check.named", plan=name) if name else say("check.unnamed")
    question = say("check.resonates.one" if len(given) == 1 else "check.resonates.other", plan=plan)
    return (heading(say("check.own_words")), *quoted, Paragraph(text=question))
