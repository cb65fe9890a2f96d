"""The trail of changes: what is written into it, who reads it, and that it names an office and nobody."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.audit import Role, What
from bot.domain.charter import CharterState
from bot.domain.events import Standing
from tests.talk import REF
from tests.usecases.conversation import ADMIN, Conversation, button, plain


async def invited() -> Conversation:
    c = Conversation()
    await c.invite()
    return c


async def trail(c: Conversation) -> list[tuple[What, Role, dict[str, str]]]:
    lines = await c.house.store.changes.of(REF, at_most=100)
    return [(line.what, line.by, dict(line.facts)) for line in reversed(lines)]


async def test_whatever_is_changed_is_told_to_every_member_with_the_role_and_the_new_value() -> None:
    c = await invited()
    await c.submit(by="ana", profile="attentive", zone="Europe/Dublin")
    await c.submit(by=ADMIN, form="workspace", rule="members", human_help="Talk to Noor")
    await c.submit(by=ADMIN, form="numbers", about="gentle", a_week="2")
    told = plain(await c.command("ledger changes", by="cy"))
    lines = told.split("\n")
    assert lines[0] == "What was changed of how Kith is here"
    assert any(
        "settings of this channel · the steward · How quiet: attentive; Time zone: Europe/Dublin" in x for x in lines
    )
    assert any("whole workspace · an admin" in x and "Who may say yes for a channel?: Any member" in x for x in lines)
    assert any("numbers" in x and "Questions in seven days, at most: 2" in x for x in lines)
    assert "Noor" not in told


async def test_the_trail_is_one_press_away_from_the_ledger() -> None:
    c = await invited()
    reply = await c.command("ledger", by="cy")
    assert "Kith was invited here" in plain(await c.press(button(reply, "changes"), by="cy"))


async def test_a_form_that_changes_nothing_leaves_no_line() -> None:
    c = await invited()
    await c.submit(by="ana", profile="gentle")
    await c.submit(by=ADMIN, form="workspace", rule="steward")
    await c.submit(by=ADMIN, form="numbers", about="gentle", a_week="1")
    assert [what for what, _, _ in await trail(c)] == [What.STEWARD]


async def test_the_charter_leaves_its_steps() -> None:
    c = await invited()
    for words, by in (("pause", "bo"), ("resume", "ana")):
        c.now += timedelta(minutes=1)
        await c.command(words, by=by)
    c.now += timedelta(minutes=1)
    await c.charter_is(CharterState.LAPSED)
    await c.press("agree", by=ADMIN)
    assert await trail(c) == [
        (What.STEWARD, Role.STEWARD, {}),
        (What.PAUSED, Role.MEMBER, {}),
        (What.RESUMED, Role.STEWARD, {}),
        (What.AGREED, Role.ADMIN, {}),
    ]


async def test_who_asked_for_silence_is_not_told_by_any_role() -> None:
    for by, standing in (("ana", Standing.MEMBER), ("bo", Standing.MEMBER), (ADMIN, Standing.ADMIN)):
        c = await invited()
        c.now += timedelta(minutes=1)
        await c.command("pause", by=by, standing=standing)
        assert (await trail(c))[-1] == (What.PAUSED, Role.MEMBER, {})


async def test_a_lapse_is_kiths_own_doing() -> None:
    c = await invited()
    await c.wait_until("5/mon 12:00")
    assert (await c.channel()).charter.state is CharterState.LAPSED
    assert (What.LAPSED, Role.KITH, {}) in await trail(c)


async def test_own_words_leave_lines_for_the_whole_workspace_and_no_word_of_them() -> None:
    c = await invited()
    c.now += timedelta(minutes=1)
    await c.submit(by=ADMIN, form="words", stands_for="Things that last.")
    c.now += timedelta(minutes=1)
    await c.press("words_delete", by=ADMIN)
    assert (await trail(c))[1:] == [(What.OWN_WORDS, Role.ADMIN, {}), (What.OWN_WORDS_TAKEN_BACK, Role.ADMIN, {})]


async def test_the_trail_holds_nobodys_id() -> None:
    c = await invited()
    await c.submit(by=ADMIN, form="workspace", admins=("U0SECRETPERSON",), human_help="Talk to U0SECRETPERSON")
    await c.submit(by="ana", profile="attentive")
    lines = str(await c.house.store.changes.of(REF))
    for person in ("U0SECRETPERSON", ADMIN, "'ana'"):
        assert person not in lines
    assert ("admins", "") in [(k, v) for _, _, facts in await trail(c) for k, v in facts.items()]


async def test_the_trail_goes_with_the_channel() -> None:
    c = await invited()
    await c.command("leave", by="bo")
    assert await trail(c) == []
