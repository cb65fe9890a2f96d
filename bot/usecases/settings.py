"""A channel's settings: the form that shows them, and what happens when it is sent."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, time
from zoneinfo import available_timezones

from bot.domain.channel import Channel, ChannelSettings
from bot.domain.charter import Act, CharterState, introduced
from bot.domain.content import Content
from bot.domain.events import ChoiceMade, CommandGiven, FormSubmitted
from bot.domain.patterns import Pattern
from bot.domain.restraint import PROFILES
from bot.domain.speech import Field, FieldKind, Form, Option, Reply, text
from bot.ports import House
from bot.usecases.changing import change
from bot.usecases.charter import allowed, refusal
from bot.usecases.reflect import restraint_of

Answers = Mapping[str, str | tuple[str, ...]]

_ANNOUNCEMENT = {"": None, "yes": True, "no": False}


async def open_settings(channel: Channel, asker: CommandGiven | ChoiceMade, *, house: House, now: datetime) -> Reply:
    """The form for those who may change it; everyone else reads how the channel is set."""
    del now
    if not allowed(Act.CHANGE_SETTINGS, asker, channel, house):
        return Reply(message=text(described(channel, house.content), house.content.say("not_allowed.ask_steward")))
    return Reply(form=settings_form(channel.settings, house))


async def submit(event: FormSubmitted, *, house: House, now: datetime) -> Reply:
    """Save a settings form, or show it again with an error at each field that cannot be used."""
    channel = await house.store.channels.get(event.channel)
    if channel is None:
        return Reply(message=text(house.content.say("not_in_channel")))
    house = house.speaking(channel.settings.locale)
    if event.form != "settings":
        return Reply(message=text(house.content.say("choice.stale")))
    asker = ChoiceMade(
        channel=event.channel, by=event.by, choice="settings", about="", at=event.at, standing=event.standing
    )
    if not allowed(Act.CHANGE_SETTINGS, asker, channel, house):
        return refusal(house)
    changed, errors = parsed(event.answers, channel.settings, languages=house.contents)
    if errors:
        return Reply(form=settings_form(changed, house, answers=event.answers, errors=errors))
    rehearsed = restraint_of(channel.settings).rehearsing and not restraint_of(changed).rehearsing

    def step(found: Channel) -> Channel:
        after = replace(found, settings=changed)
        if rehearsed and found.charter.state is CharterState.SPEAKING:
            # a rehearsal's yes is no channel's yes
            after = replace(after, charter=introduced(found.charter, restraint_of(changed), now))
        return after

    after = await change(channel.ref, step, house=house)
    if after is None:
        return Reply(message=text(house.content.say("not_in_channel")))
    house = house.speaking(after.settings.locale)
    said = [house.content.say("settings.saved"), described(after, house.content)]
    if rehearsed and after.charter.state is CharterState.LISTENING:
        said.append(house.content.say("settings.begins_listening"))
    return Reply(message=text(*said))


def parsed(
    answers: Answers, current: ChannelSettings, *, languages: Collection[str] = ()
) -> tuple[ChannelSettings, dict[str, str]]:
    """The settings that a form asks for, and the key of what is wrong by field id; a missing field keeps its value."""
    errors: dict[str, str] = {}
    profile = _one(answers, "profile", current.profile)
    if profile not in PROFILES or (PROFILES[profile].rehearsing and profile != current.profile):
        errors["profile"] = "settings.error.profile"
    opens = _clock_time(_one(answers, "opens", f"{current.opens:%H:%M}"))
    closes = _clock_time(_one(answers, "closes", f"{current.closes:%H:%M}"))
    if opens is None:
        errors["opens"] = "settings.error.time"
    if closes is None or (opens is not None and closes <= opens):
        errors["closes"] = "settings.error.time" if closes is None else "settings.error.order"
    zone = _one(answers, "zone", current.zone).strip()
    if zone not in available_timezones():
        errors["zone"] = "settings.error.zone"
    off = answers.get("patterns_off", tuple(current.patterns_off))
    off = (off,) if isinstance(off, str) and off else tuple(off)
    if not set(off) <= set(Pattern):
        errors["patterns_off"] = "settings.error.pattern"
    locale = _one(answers, "locale", current.locale)
    if locale not in languages and locale != current.locale:
        errors["locale"] = "settings.error.locale"
    announcement = _one(answers, "announcement_only", "")
    if announcement not in _ANNOUNCEMENT:
        errors["announcement_only"] = "settings.error.announcement"
    if errors or opens is None or closes is None:
        return current, errors
    return replace(
        current,
        profile=profile,
        opens=opens,
        closes=closes,
        zone=zone,
        locale=locale,
        patterns_off=frozenset(Pattern(p) for p in off),
        announcement_only=_ANNOUNCEMENT[announcement] if "announcement_only" in answers else current.announcement_only,
    ), {}


def settings_form(
    settings: ChannelSettings,
    house: House,
    *,
    answers: Answers | None = None,
    errors: Mapping[str, str] | None = None,
) -> Form:
    """The form, filled with `settings`, or with what was sent before where that was wrong."""
    content, say = house.content, house.content.say
    sent = answers or {}
    announcement = {value: key for key, value in _ANNOUNCEMENT.items()}[settings.announcement_only]
    profiles = [p for p in PROFILES.values() if not p.rehearsing or p.name == settings.profile]

    def field(name: str, kind: FieldKind, value: tuple[str, ...], options: tuple[Option, ...] = ()) -> Field:
        given = sent.get(name)
        shown = value if given is None else (given,) if isinstance(given, str) else tuple(given)
        wrong = (errors or {}).get(name)
        return Field(
            id=name,
            label=say(f"settings.{name}.label"),
            hint=say(f"settings.{name}.hint"),
            kind=kind,
            options=options,
            value=shown,
            error=say(wrong) if wrong else "",
        )

    def named(values: list[str], prefix: str) -> tuple[Option, ...]:
        return tuple(Option(value=value, label=say(f"{prefix}.{value or 'by_name'}")) for value in values)

    patterns = tuple(Option(value=p, label=content.patterns[p].title) for p in Pattern)
    return Form(
        id="settings",
        title=say("settings.title"),
        submit=say("settings.submit"),
        intro=say("settings.intro"),
        fields=(
            field("profile", FieldKind.ONE_OF, (settings.profile,), named([p.name for p in profiles], "profile")),
            field("patterns_off", FieldKind.SOME_OF, tuple(sorted(settings.patterns_off)), patterns),
            field("opens", FieldKind.TIME, (f"{settings.opens:%H:%M}",)),
            field("closes", FieldKind.TIME, (f"{settings.closes:%H:%M}",)),
            field("zone", FieldKind.LINE, (settings.zone,)),
            field("announcement_only", FieldKind.ONE_OF, (announcement,), named(list(_ANNOUNCEMENT), "announcement")),
            field("locale", FieldKind.ONE_OF, (settings.locale,), _languages(settings.locale, house)),
        ),
    )


def _languages(current: str, house: House) -> tuple[Option, ...]:
    """The languages that ship, each by its own name; the present one even where its words do not ship any more."""
    ship = {locale: content.say("language.name") for locale, content in house.contents.items()}
    return tuple(Option(value=locale, label=name) for locale, name in ({current: current} | ship).items())


def described(channel: Channel, content: Content) -> str:
    """The settings in one sentence."""
    settings = channel.settings
    off = ", ".join(content.patterns[p].title for p in sorted(settings.patterns_off)) or content.say(
        "settings.none_off"
    )
    return content.say(
        "settings.described",
        profile=content.say(f"profile.{settings.profile}"),
        opens=f"{settings.opens:%H:%M}",
        closes=f"{settings.closes:%H:%M}",
        zone=settings.zone,
        language=content.say("language.name"),
        off=off,
        kind=content.say(f"kind.{channel.purpose}"),
    )


def _one(answers: Answers, name: str, default: str) -> str:
    value = answers.get(name, default)
    return value if isinstance(value, str) else (value[0] if value else "")


def _clock_time(value: str) -> time | None:
    """A time as HH:MM and nothing more: an offset would quarrel with the channel's zone."""
    if not re.fullmatch(r"\d\d:\d\d", value.strip(), re.ASCII):
        return None
    try:
        return time.fromisoformat(value.strip())
    except ValueError:
        return None
