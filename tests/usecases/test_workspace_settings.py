"""What an admin decides for the whole workspace: who may, what is refused, and that it holds at once everywhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.almanac import LibraryAlmanac
from bot.domain.channel import ChannelKind
from bot.domain.charter import CharterState
from bot.domain.events import ChannelRef, CommandGiven, KithInvited, Standing
from bot.domain.ledger import HeldReason
from bot.domain.restraint import ATTENTIVE, BOUNDS, DAILY_CEILING, GENTLE, REHEARSAL, moved, numbers_of
from bot.domain.speech import FieldKind, Form, Reply
from bot.domain.workspace import WorkspaceSettings
from bot.usecases.receive import receive
from tests.talk import REF, at
from tests.usecases.conversation import ADMIN, Conversation, narrow_to_numbers, plain

ANOTHER = ChannelRef(REF.workspace, "another")


async def invited() -> Conversation:
    c = Conversation()
    c.house = replace(c.house, almanac=LibraryAlmanac())
    await c.invite()
    return c


async def workspace(c: Conversation, **answers: str | tuple[str, ...]) -> Reply:
    return await c.submit(ADMIN, "workspace", "", **answers)


async def numbers(c: Conversation, profile: str = "gentle", **answers: str) -> Reply:
    return await c.submit(ADMIN, "numbers", profile, **answers)


def opened(reply: Reply) -> Form:
    assert reply.form is not None
    return reply.form


def errors(reply: Reply) -> dict[str, str]:
    return {field.id: field.error for field in opened(reply).fields if field.error}


async def test_settings_offer_an_admin_this_channel_and_the_whole_workspace() -> None:
    c = await invited()
    reply = await c.command("settings", by=ADMIN, standing=Standing.ADMIN)
    assert reply.message is not None
    assert [choice.label for choice in reply.message.choices] == [
        "This channel",
        "The whole workspace",
        "Numbers: gentle",
        "Numbers: attentive",
        "What was changed",
    ]
    forms = [opened(await c.press(choice, by=ADMIN)).id for choice in reply.message.choices[:4]]
    assert forms == ["settings", "workspace", "numbers", "numbers"]


async def test_a_steward_changes_the_channel_and_not_the_workspace() -> None:
    c = await invited()
    assert opened(await c.command("settings", by="ana")).id == "settings"
    for choice, about in (("workspace", ""), ("numbers", "gentle")):
        assert "only an admin" in plain(await c.press(choice, by="ana", about=about))
    for form in ("workspace", "numbers"):
        assert "only an admin" in plain(await c.submit(by="ana", form=form, about="gentle", rule="members"))
    assert await c.house.store.workspaces.of(REF.workspace) == WorkspaceSettings()


async def test_where_kith_is_not_an_admin_still_finds_the_workspaces_settings() -> None:
    c = Conversation()
    assert "in no channel here" in plain(await c.command("settings", by="bo"))
    reply = await c.command("settings", by=ADMIN, standing=Standing.ADMIN)
    assert reply.message is not None
    assert [choice.id for choice in reply.message.choices] == ["workspace", "numbers", "numbers"]
    assert opened(await c.press("workspace", by=ADMIN)).id == "workspace"
    assert "holds from now on" in plain(await workspace(c, rule="members"))


async def test_the_form_shows_what_holds_now() -> None:
    c = Conversation()
    c.house = replace(c.house, human_help="Talk to Noor")
    await c.invite()
    form = opened(await c.press("workspace", by=ADMIN))
    values = {field.id: field.value for field in form.fields}
    assert values["rule"] == ("steward",)
    assert values["human_help"] == ("Talk to Noor",)
    assert values["keeps_days"] == ("14",)
    assert next(field for field in form.fields if field.id == "admins").kind is FieldKind.PEOPLE


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("rule", "nobody"),
        ("profile", "rehearsal"),
        ("opens", "soon"),
        ("closes", "08:00"),
        ("zone", "Dublin"),
        ("locale", "xx"),
        ("holidays", "Atlantis"),
        ("keeps_days", "15"),
        ("keeps_days", "1"),
        ("keeps_days", "-3"),
        ("human_help", "x" * 301),
        ("admins", " ".join(f"U{n}" for n in range(51))),
        ("companion", "maybe"),
    ],
)
async def test_a_wrong_field_brings_the_form_back_and_changes_nothing(field: str, value: str) -> None:
    c = await invited()
    reply = await workspace(c, **{field: value})
    assert list(errors(reply)) == [field]
    assert await c.house.store.workspaces.of(REF.workspace) == WorkspaceSettings()


async def test_new_channels_and_what_belongs_to_no_channel_speak_the_workspaces_language() -> None:
    c = await invited()
    await workspace(c, locale="de")
    event = KithInvited(channel=ANOTHER, name="another", by="bo", at=c.now)
    await receive(event, house=c.house, now=c.now, settings=c.settings)
    new = await c.house.store.channels.get(ANOTHER)
    assert new is not None and new.settings.locale == "de"
    assert (await c.channel()).settings.locale == "en"
    nowhere = CommandGiven(channel=ChannelRef(REF.workspace, "nowhere"), by="bo", words="help", at=c.now)
    reply = await receive(nowhere, house=c.house, now=c.now, settings=c.settings)
    assert reply is not None and "Hallo, ich bin Kith" in plain(reply)


async def test_new_channels_start_with_what_the_workspace_decided_and_old_ones_stay_as_they_are() -> None:
    c = await invited()
    await workspace(c, profile="attentive", opens="08:00", closes="16:00", zone="Europe/Dublin")
    event = KithInvited(channel=ANOTHER, name="another", by="bo", at=c.now)
    await receive(event, house=c.house, now=c.now, settings=c.settings)
    new = await c.house.store.channels.get(ANOTHER)
    assert new is not None
    settings = new.settings
    assert (settings.profile, settings.opens, settings.closes, settings.zone) == (
        "attentive",
        time(8),
        time(16),
        "Europe/Dublin",
    )
    assert (await c.channel()).settings.profile == "gentle"


async def test_the_charters_rule_holds_at_once() -> None:
    c = await invited()
    await c.charter_is(CharterState.PAUSED)
    assert "Only the person who invited" in plain(await c.command("resume", by="bo"))
    await workspace(c, rule="members")
    assert "Only the person who invited" not in plain(await c.command("resume", by="bo"))


async def test_the_workspaces_human_help_is_named_where_a_person_is_needed() -> None:
    c = await invited()
    await workspace(c, human_help="Noor in room 12, any day")
    await c.say("bo", "@kith I do not want to live any more", to_kith=True)
    assert "Noor in room 12, any day" in c.said[-1]


async def test_somebody_named_as_an_admin_is_one_for_kith_until_taken_off_the_list() -> None:
    c = await invited()
    await workspace(c, admins=("cy", "di"))
    assert opened(await c.press("workspace", by="cy")).id == "workspace"
    assert "only an admin" in plain(await c.press("workspace", by="bo"))
    await workspace(c, admins="di")
    assert "only an admin" in plain(await c.press("workspace", by="cy"))


async def test_moved_numbers_hold_at_once_in_every_channel_of_the_profile() -> None:
    c = await invited()
    await c.charter_is(CharterState.SPEAKING)
    await numbers(c, min_people="4")
    await narrow_to_numbers(c)
    await c.wait_until("tue 11:00")
    assert len(c.said) == 1
    assert {entry.reason for entry in await c.ledger()} >= {HeldReason.TOO_FEW_PEOPLE}
    await numbers(c, min_people="3")
    await c.say("cy", "and 500 again [numbers_obsessed]", when="wed 09:00")
    await c.wait_until("wed 10:00")
    assert len(c.said) == 2


@pytest.mark.parametrize("value", ["0", "1", "31", "many", "-2", "2.5", ""])
async def test_no_number_gets_past_its_ends(value: str) -> None:
    c = await invited()
    assert list(errors(await numbers(c, min_people=value))) == ["min_people"]


@pytest.mark.parametrize("profile", ["rehearsal", "made-up", ""])
async def test_other_numbers_cannot_be_moved_even_with_a_forged_form(profile: str) -> None:
    c = await invited()
    assert "no longer here" in plain(await numbers(c, profile, min_people="3"))


async def test_numbers_set_back_to_the_profiles_own_are_not_kept() -> None:
    c = await invited()
    await numbers(c, a_week="3")
    assert (await c.house.store.workspaces.of(REF.workspace)).numbers == {"gentle": {"a_week": 3}}
    await numbers(c, a_week="1")
    assert not (await c.house.store.workspaces.of(REF.workspace)).numbers.get("gentle")


@given(st.dictionaries(st.sampled_from([*BOUNDS, "other"]), st.integers(-10_000, 10_000)))
def test_whatever_is_kept_the_ends_that_protect_people_hold(kept: dict[str, int]) -> None:
    for profile in (GENTLE, ATTENTIVE):
        after = moved(profile, kept)
        assert after.listening >= timedelta(days=7) and after.min_people >= 2 and after.working_hours
        assert after.pattern_rest >= timedelta(days=7) and after.question_rest >= timedelta(days=30)
        assert after.budgets and not after.rehearsing and DAILY_CEILING.most == 1
        for name, bound in BOUNDS.items():
            if name in kept:
                assert bound.least <= numbers_of(after)[name] <= bound.most
    assert moved(REHEARSAL, kept) == REHEARSAL


async def test_nothing_is_asked_on_a_public_holiday() -> None:
    c = await invited()
    await workspace(c, holidays="ie")
    await c.charter_is(CharterState.SPEAKING)
    assert (await c.house.store.workspaces.of(REF.workspace)).holidays == "IE"
    holiday = at("2/tue 10:00")
    c.house = replace(c.house, almanac=OneHoliday(holiday.date().isoformat()))
    await narrow_to_numbers(c, week="2")
    await c.wait_until("2/tue 16:00")
    assert len(c.said) == 1
    assert HeldReason.OUTSIDE_HOURS in {entry.reason for entry in await c.ledger()}
    await c.wait_until("2/wed 11:00")
    assert len(c.said) == 2


class OneHoliday(LibraryAlmanac):
    """An almanac with one holiday, wherever."""

    def __init__(self, day: str) -> None:
        self._day = day

    def is_holiday(self, country: str, day: object) -> bool:
        return bool(country) and str(day) == self._day


async def test_a_shorter_time_of_keeping_holds_at_once_and_each_day() -> None:
    c = await invited()
    await c.charter_is(CharterState.LISTENING)
    for when in ("mon 09:00", "tue 09:00", "wed 09:00", "thu 09:00"):
        await c.say("bo", "a word", when=when)
    await workspace(c, keeps_days="2")
    window = await c.house.store.traces.window(REF, c.now)
    assert [trace.at for trace in window.traces] == [at("tue 09:00"), at("wed 09:00"), at("thu 09:00")]
    await c.wait_until("sun 12:00")
    assert not (await c.house.store.traces.window(REF, c.now)).traces


@pytest.mark.parametrize(
    ("name", "kind"),
    [("lunch", ChannelKind.SOCIAL), ("alerts", ChannelKind.INCIDENT), ("news", ChannelKind.ANNOUNCEMENT)],
)
async def test_a_wrong_guess_by_the_name_is_put_right_in_the_settings(name: str, kind: ChannelKind) -> None:
    c = Conversation()
    await c.invite(name=name)
    assert (await c.channel()).purpose is kind
    await c.submit(kind="conversation")
    assert (await c.channel()).purpose is ChannelKind.CONVERSATION
    await c.submit(kind="social")
    assert (await c.channel()).purpose is ChannelKind.SOCIAL
    await c.submit(kind="")
    assert (await c.channel()).purpose is kind


async def test_people_from_outside_keep_kith_silent_whatever_a_steward_says() -> None:
    c = Conversation()
    await c.invite(external=True)
    await c.submit(kind="conversation")
    assert (await c.channel()).purpose is ChannelKind.EXTERNAL


async def test_two_admins_who_save_at_once_lose_nothing_of_each_other() -> None:
    c = await invited()
    await workspace(c, holidays="IE")
    await numbers(c, a_week="2")
    kept = await c.house.store.workspaces.of(REF.workspace)
    assert kept.holidays == "IE" and kept.numbers == {"gentle": {"a_week": 2}}


async def test_a_command_in_another_workspace_is_untouched() -> None:
    c = await invited()
    await workspace(c, admins=("cy",))
    elsewhere = ChannelRef("another-workspace", "ideas")
    command = CommandGiven(channel=elsewhere, by="cy", words="settings", at=c.now)
    reply = await receive(command, house=c.house, now=c.now)
    assert reply is not None and "in no channel here" in plain(reply)
