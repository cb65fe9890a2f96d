"""Asking Kith for a question: for a text, for the channel as it stands, to oneself, and shared if one wishes."""

from __future__ import annotations

import re

import pytest

from bot.domain.channel import ChannelSettings
from bot.domain.patterns import Pattern
from bot.domain.speech import Emphasis, Paragraph, Reply
from bot.domain.window import Window
from tests.talk import REF
from tests.usecases.conversation import Conversation, narrow_to_numbers, plain


async def invited(**facts: object) -> Conversation:
    c = Conversation(**facts)  # type: ignore[arg-type]
    await c.invite(by="ana")
    return c


def questions(reply: Reply) -> list[str]:
    """The questions without their numbers."""
    assert reply.message is not None
    asked = [p.text for p in reply.message.body if isinstance(p, Paragraph) and p.emphasis is Emphasis.QUESTION]
    return [re.sub(r"^\d\. ", "", question) for question in asked]


async def window(c: Conversation) -> Window:
    return await c.house.store.traces.window(REF, c.now)


async def test_a_text_gets_up_to_three_questions_of_its_pattern_with_reasons() -> None:
    c = await invited()
    reply = await c.command("ask let's get #ideas to 500 posts [numbers_obsessed]")
    bank = {form for q in c.house.content.patterns[Pattern.NUMBERS_OBSESSED].questions for form in (q.text, q.plain)}
    assert len(set(questions(reply))) == 3 and set(questions(reply)) <= bank
    assert "Numbers as the point" in plain(reply) and "This may be fine here if" in plain(reply)
    assert plain(reply).count("reads clearly that way") == 1
    assert not reply.to_channel


async def test_two_patterns_are_asked_about_in_turn() -> None:
    c = await invited()
    reply = await c.command("ask posts by Friday [numbers_obsessed] says the vendor [vendor_driven]")
    assert "Numbers as the point" in plain(reply) and "Direction from outside" in plain(reply)


async def test_an_ordinary_text_gets_open_questions_and_is_told_so() -> None:
    c = await invited()
    reply = await c.command("ask the kitchen is cold")
    assert "nothing in this that narrows it" in plain(reply) and questions(reply)


async def test_a_text_about_distress_gets_people_and_no_question() -> None:
    c = await invited()
    reply = await c.command("ask how do I tell them that I am being bullied")
    assert questions(reply) == [] and "deserves a person" in plain(reply) and "Nobody else can see this" in plain(reply)
    assert reply.message is not None and reply.message.choices == ()


async def test_the_channel_gets_a_question_for_what_its_window_shows() -> None:
    c = await invited()
    await narrow_to_numbers(c)
    reply = await c.command("ask")
    assert len(questions(reply)) == 1 and "5 messages by 3 people" in plain(reply)


async def test_one_persons_messages_are_not_spoken_of() -> None:
    c = await invited()
    await c.say("ana", "500 posts [numbers_obsessed]", when="mon 09:00")
    await c.say("ana", "600 posts [numbers_obsessed]", when="mon 09:30")
    reply = await c.command("ask")
    assert "A question for any day" in plain(reply) and len(questions(reply)) == 1


async def test_a_pattern_that_is_off_here_is_not_asked_about() -> None:
    c = await invited(settings=ChannelSettings(patterns_off=frozenset({Pattern.NUMBERS_OBSESSED})))
    await narrow_to_numbers(c)
    assert "A question for any day" in plain(await c.command("ask"))
    assert "Numbers as the point" not in plain(await c.command("ask 500 posts [numbers_obsessed]"))


async def test_asking_leaves_nothing_behind() -> None:
    c = await invited()
    before = await window(c)
    await c.command("ask 500 posts [numbers_obsessed]")
    assert await window(c) == before and await c.ledger() == []
    assert (await c.channel()).history.asked == ()


async def test_a_question_is_shared_when_somebody_wishes_and_names_nobody() -> None:
    c = await invited()
    offered = await c.command("ask 500 posts [numbers_obsessed]", by="bartholomew")
    assert offered.message is not None
    shared = await c.press(offered.message.choices[1], by="bartholomew")
    assert shared.to_channel and questions(shared) == [questions(offered)[1]]
    assert "bartholomew" not in plain(shared) and "500" not in plain(shared)
    assert shared.message is not None
    assert "point 6" in plain(await c.press(shared.message.choices[0], by="bo"))


async def test_where_kith_was_asked_to_be_silent_nothing_is_shared() -> None:
    c = await invited()
    offered = await c.command("ask 500 posts [numbers_obsessed]")
    await c.command("pause")
    assert offered.message is not None
    assert not (await c.press(offered.message.choices[0])).to_channel


@pytest.mark.parametrize(
    "about",
    [
        "",
        "/",
        "nonsense/app",
        "dialogue.note/",
        "data.opening/",
        "dialogue.ask.notice.topic.1/",
        "numbers obsessed\n01",
    ],
)
async def test_a_stale_or_forged_question_is_not_shared(about: str) -> None:
    c = await invited()
    reply = await c.press("share_question", about=about)
    assert not reply.to_channel and "no longer here" in plain(reply)
    assert "no longer here" in plain(await c.press("why_question", about=about))


async def test_the_same_text_gets_the_same_questions() -> None:
    c = await invited()
    assert await c.command("ask 500 posts [numbers_obsessed]") == await c.command("ask 500 posts [numbers_obsessed]")
