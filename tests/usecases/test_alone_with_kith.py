"""What Kith does for one person where it is in no channel, as in a chat with it alone."""

from __future__ import annotations

import pytest

from bot.domain.speech import Reply
from tests.talk import REF
from tests.usecases.conversation import Conversation, plain
from tests.usecases.test_check import NEWSLETTER


def buttons(reply: Reply) -> set[str]:
    return {choice.id for choice in reply.message.choices} if reply.message else set()


async def test_a_plan_is_checked_for_the_person_alone_with_nobody_to_share_it_with() -> None:
    c = Conversation()
    opened = await c.command("check")
    assert opened.form is not None
    result = await c.submit(form=opened.form.id, **NEWSLETTER)
    assert "the Friday newsletter" in plain(result)
    assert buttons(result) == set()
    assert await c.house.store.channels.get(REF) is None


async def test_a_draft_is_read_and_a_text_gets_its_question() -> None:
    c = Conversation()
    assert "hear" in plain(await c.command("draft [numbers_obsessed] 500 posts by March"))
    asked = await c.command("ask [numbers_obsessed] 500 posts by March")
    assert "?" in plain(asked)
    assert buttons(asked) == set()


async def test_ones_own_path_may_be_thought_on_and_no_round_begins() -> None:
    c = Conversation()
    opened = await c.command("path")
    assert opened.form is not None and opened.form.id == "path"
    assert "in no channel here" in plain(await c.command("path team"))


@pytest.mark.parametrize("word", ["settings", "ledger", "checkin new", "pause", "leave", "why", "words"])
async def test_what_belongs_to_a_channel_says_so(word: str) -> None:
    assert "in no channel here" in plain(await Conversation().command(word))


async def test_a_forged_button_of_a_channel_changes_nothing() -> None:
    c = Conversation()
    for choice in ("agree", "check_share", "path_team", "share_question"):
        assert "in no channel here" in plain(await c.press(choice, about="anything"))
    assert c.said == []
