"""Asking Kith for a question: for a text, for the channel as it stands, to oneself, and shared if one wishes."""

from __future__ import annotations

import re

import pytest

from adapters.prompt_files import shipped_content
from bot.domain.asking import POSSIBLE, for_reading
from bot.domain.channel import ChannelSettings
from bot.domain.patterns import MESSAGE_PATTERNS, Pattern
from bot.domain.reading import Reading
from bot.domain.speech import Emphasis, Paragraph, Reply
from bot.domain.window import Window
from bot.usecases.checks.ask import reason_for
from tests.talk import REF, at
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
    await others_speak(c, "dee", "eve")
    reply = await c.command("ask")
    assert len(questions(reply)) == 1 and "Numbers as the point: the talk here has shown this lately." in plain(reply)


async def others_speak(c: Conversation, *who: str) -> None:
    for one in who:
        await c.say(one, "good morning")


async def test_asking_tells_no_counts() -> None:
    c = await invited()
    await narrow_to_numbers(c)
    await others_speak(c, "dee", "eve")
    before = await c.command("ask")
    assert re.search(r"\d", plain(before)) is None
    await c.say("ana", "600 posts [numbers_obsessed]")
    assert await c.command("ask") == before


async def test_where_fewer_than_five_spoke_the_window_is_not_spoken_of() -> None:
    c = await invited()
    await narrow_to_numbers(c)
    await others_speak(c, "dee")
    assert "A question for any day" in plain(await c.command("ask"))


@pytest.mark.parametrize(("profile", "spoken_of"), [("gentle", False), ("attentive", True)])
async def test_less_than_the_profiles_least_evidence_is_not_spoken_of(profile: str, spoken_of: bool) -> None:
    c = await invited(settings=ChannelSettings(profile=profile))
    await c.say("ana", "500 posts [numbers_obsessed]", when="mon 09:00")
    await c.say("bo", "600 posts [numbers_obsessed]", when="mon 09:30")
    await others_speak(c, "cy", "dee", "eve")
    assert ("A question for any day" not in plain(await c.command("ask"))) is spoken_of


@pytest.mark.parametrize(("name", "spoken_of"), [("ideas", True), ("announcements", False)])
async def test_what_such_a_channel_is_for_is_not_asked_about(name: str, spoken_of: bool) -> None:
    c = Conversation(settings=ChannelSettings(profile="attentive"))
    await c.invite(by="ana", name=name, members=40)
    await others_speak(c, "bo", "cy", "dee", "eve")
    for n in range(48):
        await c.say(
            "boss", "this is what we have done", when=f"{'tue wed thu fri'.split()[n // 12]} {n % 12 + 8:02}:00"
        )
    assert ("what the talk here showed" in plain(await c.command("ask"))) is spoken_of


async def test_one_persons_messages_are_not_spoken_of() -> None:
    c = await invited()
    await c.say("ana", "500 posts [numbers_obsessed]", when="mon 09:00")
    await c.say("ana", "600 posts [numbers_obsessed]", when="mon 09:30")
    await others_speak(c, "bo", "cy", "dee", "eve")
    reply = await c.command("ask")
    assert "A question for any day" in plain(reply) and len(questions(reply)) == 1


async def test_a_pattern_that_is_off_here_is_not_asked_about() -> None:
    c = await invited(settings=ChannelSettings(patterns_off=frozenset({Pattern.NUMBERS_OBSESSED})))
    await narrow_to_numbers(c)
    await others_speak(c, "dee", "eve")
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


async def test_the_same_question_is_not_shared_twice_in_a_row() -> None:
    c = await invited()
    offered = await c.command("ask 500 posts [numbers_obsessed]")
    assert offered.message is not None
    assert (await c.press(offered.message.choices[0])).to_channel
    for about in (offered.message.choices[0].about, f"{offered.message.choices[0].about.partition('/')[0]}/made-up"):
        assert not (await c.press("share_question", about=about)).to_channel
    assert (await c.press(offered.message.choices[1])).to_channel


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


def a_reading(chance: float, *clear: Pattern) -> Reading:
    probabilities = dict.fromkeys(MESSAGE_PATTERNS, 0.01) | {Pattern.TECHNOLOGY_DRIVEN: chance}
    return Reading(probabilities=probabilities, clear=frozenset(clear))


def test_what_a_text_may_show_is_asked_about_as_a_guess_where_nothing_is_clear() -> None:
    content, now = shipped_content(), at("mon 09:00")
    (guess,) = for_reading(a_reading(POSSIBLE), content, now=now, seed="s", n=1)
    assert guess.pattern is Pattern.TECHNOLOGY_DRIVEN and "I am not sure" in reason_for(guess, content)
    (below,) = for_reading(a_reading(POSSIBLE - 0.01), content, now=now, seed="s", n=1)
    assert below.pattern is None
    (off,) = for_reading(a_reading(0.9), content, now=now, seed="s", n=1, off={Pattern.TECHNOLOGY_DRIVEN})
    assert off.pattern is None


def test_beside_what_is_clear_nothing_is_guessed() -> None:
    content = shipped_content()
    found = for_reading(a_reading(0.9, Pattern.ALL_BUSINESS), content, now=at("mon 09:00"), seed="s", n=3)
    assert {suggestion.pattern for suggestion in found} == {Pattern.ALL_BUSINESS}
    assert "clearly" in reason_for(found[0], content)
