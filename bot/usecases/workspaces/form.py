"""The forms by which an admin decides for the whole workspace: its settings, and the numbers of each profile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import available_timezones

from bot.domain.audit import Change, What
from bot.domain.channel import Channel
from bot.domain.charter import CharterRule
from bot.domain.events import ChoiceMade, CommandGiven, FormSubmitted, Standing
from bot.domain.own_words import one_line
from bot.domain.restraint import BOUNDS, PROFILES, numbers_of
from bot.domain.speech import FieldKind, Form, Reply, text
from bot.domain.workspace import LEAST_KEPT_DAYS, LONGEST_HELP, MOST_ADMINS, MOST_KEPT_DAYS, WorkspaceSettings
from bot.ports import House
from bot.usecases.channels.settings import languages, which_settings
from bot.usecases.form_answers import Answers, Fields, hours, one, several, whole_number
from bot.usecases.workspaces.changes import differences, line_for_all
from bot.usecases.workspaces.holding import change_workspace, furnished

Asker = CommandGiven | ChoiceMade | FormSubmitted

LONGEST_ID = 255
_ON, _OFF = "on", "off"


async def which(asker: CommandGiven | ChoiceMade, *, house: House) -> Reply:
    """To an admin who asks where Kith is not: the forms of the whole workspace."""
    if asker.standing is not Standing.ADMIN:
        return Reply(message=text(house.content.say("not_in_channel")))
    return Reply(message=which_settings(house.content.say("workspace.title"), house, here=False))


async def open_workspace(
    channel: Channel | None, asker: ChoiceMade | CommandGiven, *, house: House, now: datetime
) -> Reply:
    """The workspace's settings as they hold now, in a form for admins."""
    del channel, now
    return Reply(form=workspace_form(house)) if asker.standing is Standing.ADMIN else _refused(house)


async def open_numbers(channel: Channel | None, asker: ChoiceMade, *, house: House, now: datetime) -> Reply:
    """The numbers of one profile as they hold now, in a form for admins."""
    del channel, now
    if asker.standing is not Standing.ADMIN:
        return _refused(house)
    if asker.about not in PROFILES or PROFILES[asker.about].rehearsing:
        return Reply(message=text(house.content.say("choice.stale")))
    return Reply(form=numbers_form(asker.about, house))


async def submit_workspace(event: FormSubmitted, *, house: House, now: datetime) -> Reply:
    """Let what an admin decided hold at once, in every channel; or the form again with an error at each wrong field."""
    if event.standing is not Standing.ADMIN:
        return _refused(house)
    wanted, errors = _parsed(event.answers, house)
    if errors:
        return Reply(form=workspace_form(house, answers=event.answers, errors=errors))
    workspace = event.channel.workspace
    names = (
        "rule",
        "human_help",
        "profile",
        "opens",
        "closes",
        "zone",
        "locale",
        "holidays",
        "keeps_days",
        "admins",
        "companion",
    )
    decided = {name: getattr(wanted, name) for name in names}

    def told(before: WorkspaceSettings, after: WorkspaceSettings) -> Change | None:
        facts = _told(before, after, house)
        return line_for_all(What.WORKSPACE_SETTINGS, event, now=now, facts=facts) if facts else None

    after = await change_workspace(workspace, lambda found: replace(found, **decided), house=house, told=told)
    if (since := after.kept_since(now)) is not None:
        for channel in await house.store.channels.all(workspace):
            await house.store.traces.drop_before(channel.ref, since)
    return Reply(message=text(house.content.say("workspace.saved")))


async def submit_numbers(event: FormSubmitted, *, house: House, now: datetime) -> Reply:
    """Let the numbers hold at once, in every channel of that profile."""
    profile = event.about
    if event.standing is not Standing.ADMIN:
        return _refused(house)
    if profile not in PROFILES or PROFILES[profile].rehearsing:
        return Reply(message=text(house.content.say("choice.stale")))
    stands = numbers_of(house.workspace.restraint(profile))
    wanted = {name: whole_number(one(event.answers, name, str(stands[name]))) for name in BOUNDS}
    errors = {
        name: "numbers.error"
        for name, number in wanted.items()
        if number is None or BOUNDS[name].holds(number) != number
    }
    if errors:
        return Reply(form=numbers_form(profile, house, answers=event.answers, errors=errors))
    own = numbers_of(PROFILES[profile])
    moved = {name: number for name, number in wanted.items() if number is not None and number != own[name]}
    workspace = event.channel.workspace

    def step(found: WorkspaceSettings) -> WorkspaceSettings:
        return replace(found, numbers={**found.numbers, profile: moved})

    def told(before: WorkspaceSettings, after: WorkspaceSettings) -> Change | None:
        stood, stands = (_as_words(numbers_of(settings.restraint(profile))) for settings in (before, after))
        facts = differences(stood, stands)
        return line_for_all(What.NUMBERS, event, now=now, facts={"profile": profile, **facts}) if facts else None

    await change_workspace(workspace, step, house=house, told=told)
    return Reply(message=text(house.content.say("numbers.saved", profile=house.content.say(f"profile.{profile}"))))


def workspace_form(house: House, *, answers: Answers | None = None, errors: Mapping[str, str] | None = None) -> Form:
    """The form, filled with what holds now, or with what was sent before where that was wrong."""
    say, settings, start = house.content.say, house.workspace, house.newcomers
    fields = Fields("workspace", house.content, answers, errors)
    field, named = fields.field, fields.named
    companion = _ON if settings.companion else _OFF
    kept = str(settings.keeps_days or MOST_KEPT_DAYS)
    rules = [rule.value for rule in CharterRule]
    return Form(
        id="workspace",
        title=say("workspace.title"),
        submit=say("settings.submit"),
        intro=say("workspace.intro"),
        fields=(
            field("rule", FieldKind.ONE_OF, (house.rule.value,), named(rules, "rule")),
            fields.profile(start),
            *fields.hours(start),
            field("locale", FieldKind.ONE_OF, (start.locale,), languages(start.locale, house)),
            field("holidays", FieldKind.LINE, (settings.holidays,), most=8),
            field("keeps_days", FieldKind.LINE, (kept,), least=LEAST_KEPT_DAYS, days=MOST_KEPT_DAYS, most=3),
            field("human_help", FieldKind.LINE, (house.human_help,), most=LONGEST_HELP),
            field("admins", FieldKind.PEOPLE, tuple(sorted(settings.admins)), people=MOST_ADMINS),
            field("companion", FieldKind.ONE_OF, (companion,), named([_OFF, _ON], "companion")),
        ),
    )


def numbers_form(
    profile: str, house: House, *, answers: Answers | None = None, errors: Mapping[str, str] | None = None
) -> Form:
    """One line for each number of a profile, with the ends that it can be moved between."""
    say = house.content.say
    fields = Fields("numbers", house.content, answers, errors)
    stands = numbers_of(house.workspace.restraint(profile))
    return Form(
        id="numbers",
        about=profile,
        title=say("numbers.title", profile=say(f"profile.{profile}")),
        submit=say("settings.submit"),
        intro=say("numbers.intro"),
        fields=tuple(
            fields.field(name, FieldKind.LINE, (str(stands[name]),), most=3, least=bound.least, upto=bound.most)
            for name, bound in BOUNDS.items()
        ),
    )


def _parsed(answers: Answers, house: House) -> tuple[WorkspaceSettings, dict[str, str]]:
    """What a form asks for, and the key of what is wrong by field id; a missing field keeps its value."""
    start, current = house.newcomers, house.workspace
    opens, closes, errors = hours(answers, start.opens, start.closes)
    rule = one(answers, "rule", house.rule.value)
    profile = one(answers, "profile", start.profile)
    zone = one(answers, "zone", start.zone).strip()
    locale = one(answers, "locale", start.locale)
    country = one(answers, "holidays", current.holidays).strip().upper()
    days = whole_number(one(answers, "keeps_days", str(current.keeps_days or MOST_KEPT_DAYS)))
    line = one_line(one(answers, "human_help", house.human_help))
    admins = several(answers, "admins", tuple(current.admins))
    companion = one(answers, "companion", _ON if current.companion else _OFF)
    rehearsing = profile in PROFILES and PROFILES[profile].rehearsing and profile != start.profile
    wrong = {
        "rule": rule not in set(CharterRule),
        "profile": profile not in PROFILES or rehearsing,
        "zone": zone not in available_timezones(),
        "locale": locale not in house.contents and locale != start.locale,
        "holidays": not house.almanac.knows(country),
        "keeps_days": days is None or not LEAST_KEPT_DAYS <= days <= MOST_KEPT_DAYS,
        "human_help": len(line) > LONGEST_HELP,
        "admins": len(admins) > MOST_ADMINS or any(len(person) > LONGEST_ID for person in admins),
        "companion": companion not in (_ON, _OFF),
    }
    errors |= {name: f"workspace.error.{name}" for name, is_wrong in wrong.items() if is_wrong}
    if errors:
        return current, errors
    return WorkspaceSettings(
        rule=CharterRule(rule),
        profile=profile,
        opens=opens,
        closes=closes,
        zone=zone,
        locale=locale,
        holidays=country,
        keeps_days=None if days == MOST_KEPT_DAYS else days,
        human_help=line,
        admins=frozenset(admins),
        companion=companion == _ON,
    ), {}


def _told(before: WorkspaceSettings, after: WorkspaceSettings, house: House) -> dict[str, str]:
    """What holds differently now, as ids and numbers; texts, and people, by the name of the setting alone."""
    held, holds = furnished(house, before), furnished(house, after)
    facts = differences(_facts(held), _facts(holds))
    if held.human_help != holds.human_help:
        facts["human_help"] = ""
    if before.admins != after.admins:
        facts["admins"] = ""
    return facts


def _facts(house: House) -> dict[str, str]:
    settings, start = house.workspace, house.newcomers
    return {
        "rule": house.rule.value,
        "profile": start.profile,
        "opens": f"{start.opens:%H:%M}",
        "closes": f"{start.closes:%H:%M}",
        "zone": start.zone,
        "locale": start.locale,
        "holidays": settings.holidays,
        "keeps_days": str(settings.keeps_days or MOST_KEPT_DAYS),
        "companion": _ON if settings.companion else _OFF,
    }


def _as_words(numbers: Mapping[str, int]) -> dict[str, str]:
    return {name: str(number) for name, number in numbers.items()}


def _refused(house: House) -> Reply:
    return Reply(message=text(house.content.say("workspace.ask_admin")))
