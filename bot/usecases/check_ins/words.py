"""Check-ins in words: when they come, what they ask, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.check_in import OWN, ROTATION, CheckIn, Run, RunState
from bot.domain.content import Content
from bot.domain.rhythm import LAST, Cron, Monthly, Slot, Timing, Weekly
from bot.domain.themes import Theme


def described(check_in: CheckIn, content: Content) -> dict[str, str]:
    """What sentences about a check-in are filled with: about, rhythm, time, zone, except and next."""
    timing = check_in.timing
    return {
        "about": about(check_in, content),
        "rhythm": rhythm(timing, content),
        "time": f"{timing.at:%H:%M}",
        "zone": timing.zone,
        "except": exceptions(timing, content),
        "next": slot(check_in.next, timing, content) if check_in.next else content.say("checkin.list.never"),
    }


def about(check_in: CheckIn, content: Content) -> str:
    """What it asks, to follow a name or a colon."""
    if check_in.asks == OWN:
        return content.say("checkin.about.own", question=check_in.own_question)
    if check_in.asks == ROTATION or check_in.asks not in set(Theme):
        return content.say("checkin.about.rotation")
    return content.say("checkin.about.theme", theme=content.themes[Theme(check_in.asks)].title)


def rhythm(timing: Timing, content: Content) -> str:
    """On which days it comes."""
    say = content.say
    match timing.rhythm:
        case Weekly(on=on, every=every):
            days = [say(f"checkin.day.{day}") for day in sorted(on)]
            return say("checkin.rhythm.weekly", n=every, days=listed(days, content))
        case Monthly(nth=nth, weekday=weekday):
            which = "last" if nth == LAST else str(nth)
            return say(f"checkin.rhythm.monthly.{which}", day=say(f"checkin.day.{weekday}"))
        case Cron(days=days_of):
            return say("checkin.rhythm.cron", days=f"“{timing.at.minute} {timing.at.hour} {days_of}”")


def exceptions(timing: Timing, content: Content) -> str:
    """The days that are left out, each after a comma; "" if there are none."""
    left_out = []
    if timing.country:
        left_out.append(content.say("checkin.holidays", country=timing.country))
    if timing.skips:
        days = [f"{day:%Y-%m-%d}" for day in sorted(timing.skips)]
        left_out.append(content.say("checkin.skips", days=listed(days, content)))
    return "".join(f", {words}" for words in left_out)


def slot(coming: Slot, timing: Timing, content: Content) -> str:
    """A slot as clocks in its zone show it."""
    return _moment("checkin.when", coming.at, timing.zone, content)


def until(moment: datetime, zone: str, content: Content) -> str:
    """The end of the time for answers, with the zone."""
    return _moment("checkin.until", moment, zone, content)


def run_line(run: Run, content: Content) -> str:
    """One run in one line: when it was asked and what, or why it was left out."""
    when = f"{run.slot.at.astimezone(ZoneInfo(run.zone)):%Y-%m-%d %H:%M}"
    if run.state is RunState.SKIPPED:
        reason = content.say(f"checkin.skipped.{run.reason}")
        return content.say("checkin.run.skipped", when=when, reason=reason)
    return content.say(
        "checkin.run.said", when=when, question=question(run, content) or content.say("ledger.question_gone")
    )


def question(run: Run, content: Content) -> str:
    """What a run asks; "" if its question has left the bank."""
    found = content.question(run.question) if run.question else None
    return found.text if found else run.own_question


def listed(items: Sequence[str], content: Content) -> str:
    """Items in a row, with "and" before the last."""
    if len(items) < 2:
        return "".join(items)
    return content.say("checkin.and", some=", ".join(items[:-1]), last=items[-1])


def _moment(key: str, moment: datetime, zone: str, content: Content) -> str:
    local = moment.astimezone(ZoneInfo(zone))
    day = content.say(f"checkin.day.{local.weekday()}")
    return content.say(key, day=day, date=f"{local:%Y-%m-%d}", time=f"{local:%H:%M}", zone=zone)
