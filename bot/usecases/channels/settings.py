"""A channel's settings: the form that shows them, and what happens when it is sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import available_timezones

from bot.domain.audit import Change, What
from bot.domain.channel import Channel, ChannelKind, ChannelSettings
from bot.domain.charter import Act, CharterState, introduced
from bot.domain.content import Content
from bot.domain.events import ChoiceMade, CommandGiven, FormSubmitted, Standing
from bot.domain.patterns import Pattern
from bot.domain.restraint import PROFILES
from bot.domain.speech import Choice, FieldKind, Form, Message, Option, Reply, text
from bot.ports import House
from bot.usecases.asking.reflect import restraint_of
from bot.usecases.channels.changing import change
from bot.usecases.channels.charter import allowed, refusal
from bot.usecases.form_answers import Answers, Fields, hours, one
from bot.usecases.workspaces.changes import differences, line_of


async def open_settings(channel: Channel, asker: CommandGiven | ChoiceMade, *, house: House, now: datetime) -> Reply:
    """The form for those who may change it; admins are first asked whether this channel or the whole workspace is
    meant; everyone else reads how the channel is set."""
    del now
    if not allowed(Act.CHANGE_SETTINGS, asker, channel, house):
        return Reply(message=text(described(channel, house.content), house.content.say("not_allowed.ask_steward")))
    if asker.standing is Standing.ADMIN and isinstance(asker, CommandGiven):
        return Reply(message=which_settings(described(channel, house.content), house))
    return Reply(form=settings_form(channel.settings, house))


def which_settings(opening: str, house: House, *, here: bool = True) -> Message:
    """To an admin: `opening`, and a button for each form there is; `here` is whether Kith is in the channel."""
    say = house.content.say
    settings = (Choice(id="settings", label=say("choice.settings")),) if here else ()
    numbers = (
        Choice(id="numbers", label=say("choice.numbers", profile=say(f"profile.{name}")), about=name)
        for name, profile in PROFILES.items()
        if not profile.rehearsing
    )
    changes = (Choice(id="changes", label=say("choice.changes")),) if here else ()
    workspace = Choice(id="workspace", label=say("choice.workspace"))
    return text(opening, say("settings.which"), choices=(*settings, workspace, *numbers, *changes))


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
    rehearsed = restraint_of(channel.settings, house).rehearsing and not restraint_of(changed, house).rehearsing

    def step(found: Channel) -> Channel:
        after = replace(found, settings=changed)
        if rehearsed and found.charter.state is CharterState.SPEAKING:
            # a rehearsal's yes is no channel's yes
            after = replace(after, charter=introduced(found.charter, restraint_of(changed, house), now))
        return after

    def told(before: Channel, after: Channel) -> Change | None:
        facts = differences(facts_of(before.settings), facts_of(after.settings))
        return line_of(What.CHANNEL_SETTINGS, channel, asker, now=now, facts=facts) if facts else None

    after = await change(channel.ref, step, house=house, told=told)
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
    opens, closes, errors = hours(answers, current.opens, current.closes)
    profile = one(answers, "profile", current.profile)
    if profile not in PROFILES or (PROFILES[profile].rehearsing and profile != current.profile):
        errors["profile"] = "settings.error.profile"
    zone = one(answers, "zone", current.zone).strip()
    if zone not in available_timezones():
        errors["zone"] = "settings.error.zone"
    off = answers.get("patterns_off", tuple(current.patterns_off))
    off = (off,) if isinstance(off, str) and off else tuple(off)
    if not set(off) <= set(Pattern):
        errors["patterns_off"] = "settings.error.pattern"
    locale = one(answers, "locale", current.locale)
    if locale not in languages and locale != current.locale:
        errors["locale"] = "settings.error.locale"
    kind = one(answers, "kind", _said(current))
    if kind not in ("", *SAYABLE):
        errors["kind"] = "settings.error.kind"
    if errors:
        return current, errors
    return replace(
        current,
        profile=profile,
        opens=opens,
        closes=closes,
        zone=zone,
        locale=locale,
        patterns_off=frozenset(Pattern(p) for p in off),
        kind=ChannelKind(kind) if kind else None,
        announcement_only=None,
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
    fields = Fields("settings", content, answers, errors)
    patterns = tuple(Option(value=p, label=content.patterns[p].title) for p in Pattern)
    field, named = fields.field, fields.named
    return Form(
        id="settings",
        title=say("settings.title"),
        submit=say("settings.submit"),
        intro=say("settings.intro"),
        fields=(
            fields.profile(settings),
            field("patterns_off", FieldKind.SOME_OF, tuple(sorted(settings.patterns_off)), patterns),
            *fields.hours(settings),
            field("kind", FieldKind.ONE_OF, (_said(settings),), named(["", *SAYABLE], "kind")),
            field("locale", FieldKind.ONE_OF, (settings.locale,), languages(settings.locale, house)),
        ),
    )


def languages(current: str, house: House) -> tuple[Option, ...]:
    """The languages that ship, each by its own name; the present one even where its words do not ship any more."""
    ship = {locale: content.say("language.name") for locale, content in house.contents.items()}
    return tuple(Option(value=locale, label=name) for locale, name in ({current: current} | ship).items())


SAYABLE = tuple(kind.value for kind in ChannelKind if kind is not ChannelKind.EXTERNAL)
"""What a steward may say a channel is for; that people from outside read along is no matter of opinion."""


def _said(settings: ChannelSettings) -> str:
    """The steward's word on what the channel is for, an older one on announcements alone included; "": none."""
    if settings.kind is not None:
        return settings.kind.value
    if settings.announcement_only is None:
        return ""
    return (ChannelKind.ANNOUNCEMENT if settings.announcement_only else ChannelKind.CONVERSATION).value


def facts_of(settings: ChannelSettings) -> dict[str, str]:
    """The settings as ids, for the trail of changes."""
    return {
        "profile": settings.profile,
        "patterns_off": str(len(settings.patterns_off)),
        "opens": f"{settings.opens:%H:%M}",
        "closes": f"{settings.closes:%H:%M}",
        "zone": settings.zone,
        "kind": _said(settings),
        "locale": settings.locale,
    }


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
