"""What people find about themselves with /kith data, have shown in full, and delete; nothing of anybody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta

from bot.domain.check_in import Answering, Firing, RunState
from bot.domain.patterns import Pattern
from bot.domain.rhythm import Slot
from tests.storage.check_in_samples import a_check_in, a_run
from tests.talk import REF, at
from tests.usecases.conversation import ADMIN, Conversation, button, plain


async def listening() -> Conversation:
    c = Conversation()
    await c.invite()
    return c


async def test_traces_are_listed_only_where_there_are_some_and_not_after_deletion() -> None:
    c = await listening()
    assert "No traces of your messages" in plain(await c.command("data", by="bo"))
    await c.say("bo", "500 posts [numbers_obsessed]", when="mon 09:00")
    await c.say("cy", "fine", when="mon 09:01")
    reply = await c.command("data", by="bo")
    assert "they go by" in plain(reply)
    assert "No traces of your messages" in plain(await c.command("data", by="di"))
    assert "deleted" in plain(await c.press(button(reply, "forget_me"), by="bo"))
    after = await c.command("data", by="bo")
    assert "No traces of your messages" in plain(after) and "they go by" not in plain(after)
    assert after.message is not None
    assert [choice.id for choice in after.message.choices] == ["opt_out"]
    assert len((await c.house.store.traces.window(REF, c.now)).traces) == 1


async def test_asking_what_there_is_opens_no_window() -> None:
    c = await listening()
    await c.command("data", by="bo")
    await c.press("data_copy", by="bo")
    first = await c.house.store.traces.window(REF, at("fri 09:00").astimezone(UTC))
    assert first.opened_at == at("fri 09:00")


async def test_all_that_is_kept_of_ones_messages_is_shown_and_nobody_elses() -> None:
    c = await listening()
    await c.say("bo", "500 posts, how many more? [numbers_obsessed]", when="mon 09:00")
    await c.say("cy", "we need this tool [technology_driven]", when="mon 09:05")
    copy = plain(await c.press(button(await c.command("data", by="bo"), "data_copy"), by="bo"))
    title = c.house.content.patterns[Pattern.NUMBERS_OBSESSED].title
    assert f"09:00 · {title} (probability 0.95)" in copy
    assert "09:05" not in copy
    assert c.house.content.patterns[Pattern.TECHNOLOGY_DRIVEN].title not in copy
    assert "posts, how many" not in copy


async def test_a_long_list_ends_and_says_how_many_are_left() -> None:
    c = await listening()
    for _ in range(63):
        await c.say("bo", "fine")
    assert "And 3 more" in plain(await c.press("data_copy", by="bo"))


async def test_ones_own_answers_to_an_open_check_in_are_shown_and_can_be_deleted() -> None:
    c = await listening()
    await open_check_in(c)
    assert "you answered the check-in of" in plain(await c.command("data", by="bo"))
    assert "“by bo”" in plain(await c.press("data_copy", by="bo"))
    assert "“by cy”" not in plain(await c.press("data_copy", by="bo"))
    await c.press("forget_me", by="bo")
    assert "you answered the check-in" not in plain(await c.command("data", by="bo"))
    assert "you answered the check-in of" in plain(await c.command("data", by="cy"))


async def test_a_person_named_as_an_admin_reads_that_they_are() -> None:
    c = await listening()
    await c.submit(ADMIN, "workspace", "", admins=("bo",))
    assert "named you as an admin" in plain(await c.command("data", by="bo"))
    assert "named you as an admin" not in plain(await c.command("data", by="cy"))


async def open_check_in(c: Conversation) -> None:
    """A check-in of this channel that takes answers, with one by bo and one by cy."""

    store = c.house.store
    made = replace(a_check_in(answering=Answering.FORM, next=Slot(day=c.now.date(), at=c.now)), ref=REF)
    assert await store.check_ins.add(made, at_most=4)
    run = a_run(made, question="checkin-purpose-01", answering=Answering.FORM)
    await store.check_ins.claim(c.now, lambda found: Firing(check_in=replace(found, next=None), runs=(run,)))
    (kept,) = await store.runs.newest(REF)
    opened = replace(kept, state=RunState.OPEN, message="1.2", closes_at=c.now + timedelta(hours=1))
    assert await store.runs.move(opened, was=RunState.WAITING)
    for who in ("bo", "cy"):
        assert await store.runs.answer(REF, opened.id, by=opened.pseudonym(who), text=f"by {who}", now=c.now)
