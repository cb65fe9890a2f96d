"""Somebody who posts alone, or with one other, learns nothing from the ledger about how a message was read."""

from __future__ import annotations

from bot.domain.patterns import Pattern
from tests.usecases.conversation import Conversation, narrow_to_numbers, plain


async def test_one_persons_messages_change_no_line_whatever_they_carry() -> None:
    pages = []
    for marked in ("", " [numbers_obsessed]", " [reactionary]"):
        c = Conversation()
        await c.invite()
        await c.say("bo", "500 posts by March [numbers_obsessed]", when="mon 08:30")
        for when in ("mon 09:00", "mon 11:00", "tue 09:00", "wed 09:00"):
            await c.say("ana", f"500 posts by March{marked}", when=when)
        pages.append(plain(await c.command("ledger", by="ana")))
    assert len(set(pages)) == 1


async def test_once_a_window_is_over_it_is_told_that_something_was_too_little_and_not_what() -> None:
    c = Conversation()
    await c.invite()
    for who, when in (("ana", "mon 09:00"), ("ana", "mon 11:00"), ("bo", "tue 09:00"), ("ana", "wed 09:00")):
        await c.say(who, "500 posts by March [numbers_obsessed]", when=when)
    await c.wait_until("3/tue 09:00")
    told = plain(await c.command("ledger", by="ana"))
    assert "In one window of 14 days that is over, something showed" in told
    assert c.house.content.patterns[Pattern.NUMBERS_OBSESSED].title not in told


async def test_what_several_people_showed_is_told_as_before() -> None:
    c = Conversation()
    await c.invite()
    await narrow_to_numbers(c)
    await c.wait_until("tue 11:00")
    assert "Kith was still in its days of listening" in plain(await c.command("ledger"))
