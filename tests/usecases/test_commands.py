"""Every command, button and form, and what people get who type something else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.channel import ChannelKind, ChannelSettings
from bot.domain.charter import CharterState
from bot.domain.events import Standing
from bot.domain.patterns import Pattern
from bot.usecases import alone
from bot.usecases.channels.settings import parsed, settings_form
from bot.usecases.command import COMMANDS
from tests.usecases.conversation import ADMIN, Conversation, narrow_to_numbers, plain


async def invited() -> Conversation:
    c = Conversation()
    await c.invite(by="ana")
    return c


@pytest.mark.parametrize("words", ["", "help", "hi", "Hello!", "HELP please", "hey"])
async def test_a_greeting_or_nothing_is_answered_with_help(words: str) -> None:
    c = await invited()
    answer = plain(await c.command(words))
    assert "I am Kith, a bot" in answer
    assert all(f"/kith {word}" in answer for word in COMMANDS)


async def test_a_misspelt_word_is_answered_with_the_nearest() -> None:
    c = await invited()
    assert "/kith ledger" in plain(await c.command("leger"))


async def test_a_strange_word_is_answered_with_where_to_look() -> None:
    c = await invited()
    assert "/kith help" in plain(await c.command("xyzzy"))


@pytest.mark.parametrize("word", sorted({*COMMANDS} - {"data"} - alone.COMMANDS))
async def test_where_kith_is_not_what_needs_a_channel_says_so(word: str) -> None:
    c = Conversation()
    assert "in no channel here" in plain(await c.command(word))


async def test_settings_workspace_is_the_form_for_an_admin_and_says_to_others_who_may() -> None:
    c = await invited()
    assert (
        form := (await c.command("settings workspace", by=ADMIN, standing=Standing.ADMIN)).form
    ) and form.id == "workspace"
    answer = plain(await c.command("settings Workspace", by="cy"))
    assert "only an admin of the workspace may change it" in answer


async def test_a_pause_with_a_length_is_a_pause_and_says_that_it_has_none() -> None:
    c = await invited()
    said = plain(await c.command("pause 3"))
    assert "I am silent now" in said and "no end of its own" in said
    assert (await c.channel()).charter.state is CharterState.PAUSED


async def test_why_before_any_question_says_so() -> None:
    c = await invited()
    assert "has not asked anything here yet" in plain(await c.command("why"))


async def test_the_ledger_is_open_to_every_member_and_shows_reasons() -> None:
    c = await invited()
    await narrow_to_numbers(c)
    await c.wait_until("wed 12:00")
    answer = plain(await c.command("ledger", by="somebody"))
    assert "still in its days of listening" in answer and "Nothing yet" in answer


async def test_data_says_what_there_is_and_what_there_never_is() -> None:
    c = await invited()
    await c.say("ana", "hello all")
    answer = plain(await c.command("data", by="ana"))
    assert "pseudonym" in answer and "never" in answer and "You invited Kith" in answer


async def test_a_member_reads_the_settings_and_the_steward_gets_the_form() -> None:
    c = await invited()
    assert "Kith is set to gentle" in plain(await c.command("settings", by="bo"))
    form = (await c.command("settings", by="ana")).form
    assert form is not None
    fields = ["profile", "patterns_off", "opens", "closes", "zone", "kind", "locale"]
    assert [f.id for f in form.fields] == fields


async def test_saved_settings_are_in_force() -> None:
    c = await invited()
    answer = await c.submit(
        profile="attentive",
        patterns_off=("reactionary",),
        opens="08:00",
        closes="16:30",
        zone="Europe/Dublin",
        kind="conversation",
    )
    assert "Saved" in plain(answer)
    settings = (await c.channel()).settings
    assert settings.profile == "attentive" and settings.zone == "Europe/Dublin"
    assert settings.patterns_off == {Pattern.REACTIONARY} and settings.kind is ChannelKind.CONVERSATION


async def test_leaving_the_rehearsal_profile_begins_the_days_of_listening() -> None:
    c = Conversation(settings=ChannelSettings(profile="rehearsal"))
    await c.invite(by="ana")
    assert (await c.channel()).charter.state is CharterState.SPEAKING
    assert "14 days of listening" in plain(await c.submit(profile="gentle"))
    assert (await c.channel()).charter.state is CharterState.LISTENING
    await c.wait_until("2/mon 12:00")
    assert "Would you like me to go on?" in c.said[-1]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("profile", "loud"),
        ("profile", "rehearsal"),
        ("opens", "nine"),
        ("opens", "09:00+01:00"),
        ("closes", "08:00"),
        ("zone", "Mars/Olympus"),
        ("patterns_off", "laughing"),
        ("kind", "external"),
    ],
)
async def test_a_wrong_field_brings_the_form_back_with_one_sentence_there(field: str, value: str) -> None:
    c = await invited()
    before = (await c.channel()).settings
    reply = await c.submit(**{field: value})
    assert reply.form is not None
    errors = {f.id: f.error for f in reply.form.fields if f.error}
    assert list(errors) == [field]
    assert (await c.channel()).settings == before


async def test_a_form_sent_by_somebody_who_may_not_changes_nothing() -> None:
    c = await invited()
    assert "Only the person" in plain(await c.submit(by="bo", profile="attentive"))
    assert (await c.channel()).settings.profile == "gentle"


async def test_a_forged_form_is_refused_in_one_sentence() -> None:
    c = await invited()
    assert "no longer here" in plain(await c.submit(form="payroll"))


@pytest.mark.parametrize("choice", ["why", "useful", "not_here", "delete_everything", ""])
async def test_a_stale_or_forged_button_is_refused_in_one_sentence(choice: str) -> None:
    c = await invited()
    assert "no longer here" in plain(await c.press(choice, about="0badcafe"))


async def test_a_button_on_a_held_question_does_nothing() -> None:
    c = await invited()
    await narrow_to_numbers(c)
    (held, *_) = await c.ledger()
    assert "no longer here" in plain(await c.press("useful", about=held.id))


answers = st.dictionaries(
    st.sampled_from(["profile", "patterns_off", "opens", "closes", "zone", "kind", "locale", "other"]),
    st.text(max_size=30) | st.lists(st.text(max_size=10), max_size=3).map(tuple),
)


@given(answers)
def test_any_form_is_either_saved_or_has_an_error_at_a_field(sent: dict[str, str | tuple[str, ...]]) -> None:
    settings, errors = parsed(sent, ChannelSettings())
    form = settings_form(settings, Conversation().house, answers=sent, errors=errors)
    assert set(errors) <= {field.id for field in form.fields}
    if errors:
        assert settings == ChannelSettings()
