"""The form of a check-in: what stands in its fields, and the preview that comes before anything is saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import islice

from bot.domain.check_in import LONGEST_QUESTION, MOST_SKIPS, OWN, ROTATION, Answering, CheckIn
from bot.domain.content import Content
from bot.domain.cron import LONGEST
from bot.domain.firing import question_of
from bot.domain.rhythm import LAST, WEEKDAYS, Almanac, Cron, Monthly, Slot, Timing, Weekly, slots
from bot.domain.speech import Field, FieldKind, Form, Option
from bot.domain.themes import Theme
from bot.usecases.check_ins.answers import EVERY, FIELDS, OPEN, YES_NO, Answers, digest
from bot.usecases.check_ins.words import described, slot

PREVIEWED = 5
"""So many dates are shown before anything is saved."""

_KINDS = {"weekdays": FieldKind.SOME_OF, "at": FieldKind.TIME}
_LONGEST = {"own_question": LONGEST_QUESTION, "cron": LONGEST, "zone": 64, "country": 8, "skips": 12 * MOST_SKIPS}


def check_in_form(check_in: CheckIn, content: Content, *, about: str) -> Form:
    """The form as it is first opened."""
    return _form(_values(check_in), {}, content, about=about, intro=content.say("checkin.form.intro"))


def again(answers: Answers, errors: Mapping[str, str], content: Content, *, about: str) -> Form:
    """The form as it was sent, with a sentence at each field that needs another look."""
    intro = content.say("checkin.form.intro")
    return _form(_sent(answers), errors, content, about=about, intro=intro)


def preview(answers: Answers, check_in: CheckIn, almanac: Almanac, content: Content, *, about: str) -> Form:
    """The form as it was sent, under what it will do; sent once more as it is, it is saved."""
    say = content.say
    dates = [
        say("checkin.form.preview_date", when=slot(coming, check_in.timing, content))
        for coming in upcoming(check_in, almanac)
    ]
    question = question_of(check_in, content)
    first = say("checkin.form.preview_question", question=question.text if question else check_in.own_question)
    opening = say("checkin.form.preview", **described(check_in, content))
    intro = "\n".join((opening, *dates, first, say("checkin.form.preview_save")))
    about = f"{about}.{digest(answers)}"
    return _form(_sent(answers), {}, content, about=about, intro=intro, submit="checkin.form.save")


def upcoming(check_in: CheckIn, almanac: Almanac, n: int = PREVIEWED) -> Sequence[Slot]:
    """The next slots, from the one it waits for on."""
    if check_in.next is None:
        return ()
    return tuple(islice(slots(check_in.timing, check_in.next.day, almanac), n))


def _form(
    values: Mapping[str, tuple[str, ...]],
    errors: Mapping[str, str],
    content: Content,
    *,
    about: str,
    intro: str,
    submit: str = "checkin.form.look",
) -> Form:
    say = content.say

    def field(name: str) -> Field:
        offered = tuple(Option(value=value, label=label) for value, label in _options(name, content))
        kind = _KINDS.get(name, FieldKind.ONE_OF if offered else FieldKind.LINE)
        most = {"own_question": LONGEST_QUESTION, "skips": MOST_SKIPS}.get(name, 0)
        return Field(
            id=name,
            label=say(f"checkin.{name}.label"),
            hint=say(f"checkin.{name}.hint", most=most),
            kind=kind,
            options=offered,
            value=tuple(value for value in values.get(name, ()) if value),
            error=say(errors[name], most=most) if name in errors else "",
            most=_LONGEST.get(name),
        )

    fields = tuple(field(name) for name in FIELDS)
    title = say("checkin.form.title")
    return Form(id="checkin", title=title, intro=intro, submit=say(submit), fields=fields, about=about)


def _sent(answers: Answers) -> dict[str, tuple[str, ...]]:
    return {name: (given,) if isinstance(given, str) else tuple(given) for name, given in answers.items()}


def _values(check_in: CheckIn) -> dict[str, tuple[str, ...]]:
    """What stands in the fields for a check-in."""
    timing = check_in.timing
    every, weekdays, cron = _rhythm_shown(timing)
    return {
        "asks": (check_in.asks,),
        "own_question": (check_in.own_question,),
        "every": (every,),
        "weekdays": weekdays,
        "cron": (cron,),
        "at": (f"{timing.at:%H:%M}",),
        "zone": (timing.zone,),
        "country": (timing.country,),
        "skips": (", ".join(f"{day:%Y-%m-%d}" for day in sorted(timing.skips)),),
        "answering": (check_in.answering.value,),
        "open_for": (str(check_in.open_for // timedelta(hours=1)),),
        "reminds": (YES_NO[0] if check_in.reminds else YES_NO[1],),
    }


def _options(name: str, content: Content) -> tuple[tuple[str, str], ...]:
    """Values and labels of a field to choose from; none for a field to write in."""
    say = content.say
    match name:
        case "asks":
            themes = [(theme.value, content.themes[theme].title) for theme in Theme]
            return ((ROTATION, say("checkin.asks.rotation")), *themes, (OWN, say("checkin.asks.own")))
        case "every":
            return tuple((every, say(f"checkin.every.{every}")) for every in EVERY)
        case "weekdays":
            return tuple((day, say(f"checkin.day.{number}")) for number, day in enumerate(WEEKDAYS))
        case "answering":
            return tuple((way.value, say(f"checkin.answer_by.{way}")) for way in Answering)
        case "open_for":
            return tuple((hours, say(f"checkin.open.{hours}")) for hours in OPEN)
        case "reminds":
            return tuple((answer, say(f"checkin.reminds.{answer}")) for answer in YES_NO)
        case _:
            return ()


def _rhythm_shown(timing: Timing) -> tuple[str, tuple[str, ...], str]:
    """What stands in the three fields of a rhythm."""
    match timing.rhythm:
        case Weekly(on=on, every=every):
            return f"week{every}", tuple(WEEKDAYS[day] for day in sorted(on)), ""
        case Monthly(nth=nth, weekday=weekday):
            return ("last" if nth == LAST else f"month{nth}"), (WEEKDAYS[weekday],), ""
        case Cron(days=days):
            return "cron", (), f"{timing.at.minute} {timing.at.hour} {days}"
