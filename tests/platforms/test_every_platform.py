"""The contract of chat platforms: whichever it is, Kith is the same guest there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import pytest

from bot.domain.charter import CharterState
from bot.domain.events import ChoiceMade, CommandGiven, FormSubmitted, MessagePosted
from tests.platforms.on_rehearsal import open_on_rehearsal
from tests.platforms.on_slack import open_on_slack
from tests.platforms.on_teams import open_on_teams
from tests.platforms.on_transcript import open_transcript
from tests.platforms.stage import ANA, BO, Stage

NARROW = "500 posts by March, with a leaderboard on Fridays [numbers_obsessed]"
PLATFORMS: dict[str, Callable[[], AbstractAsyncContextManager[Stage]]] = {
    "transcript": open_transcript,
    "rehearsal": open_on_rehearsal,
    "slack": open_on_slack,
    "teams": open_on_teams,
}


@pytest.fixture(params=PLATFORMS)
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    async with PLATFORMS[request.param]() as opened:
        await opened.invite()
        yield opened


async def test_invited_kith_says_what_it_is_and_how_it_is_sent_away(stage: Stage) -> None:
    (introduction,) = stage.said()
    assert "Hello, I am Kith, a bot." in introduction.words
    assert "I keep no messages" in introduction.words
    assert introduction.labels == ("What do you keep?", "Stay silent", "Leave the channel")
    channel = await stage.channel()
    assert channel is not None
    assert channel.charter.steward


async def test_a_message_leaves_one_trace_however_often_it_is_delivered(stage: Stage) -> None:
    await stage.say(ANA, NARROW)
    await stage.again()
    (trace,) = await stage.traces()
    assert trace.evidence
    assert NARROW not in repr(trace)


async def test_an_answer_belongs_to_its_thread(stage: Stage) -> None:
    opening = await stage.say(ANA, "What next?")
    await stage.say(BO, "Hm.", thread=opening)
    threads = {trace.key: trace.thread for trace in await stage.traces()}
    first = next(key for key, thread in threads.items() if thread is None)
    assert sorted(threads.values(), key=str) == sorted([None, first], key=str)


async def test_an_edit_a_reaction_and_a_deletion_reach_the_trace(stage: Stage) -> None:
    said = await stage.say(ANA, NARROW)
    await stage.react(BO, said)
    await stage.edit(ANA, said, "some posts")
    (trace,) = await stage.traces()
    assert (trace.reactions, trace.edited, trace.evidence) == (1, True, {})
    await stage.delete(ANA, said)
    assert list(await stage.traces()) == []


async def test_a_question_is_asked_of_everyone_and_its_reason_told_to_one(stage: Stage) -> None:
    await stage.say(ANA, NARROW)
    question = stage.said()[-1]
    assert "?" in question.words
    assert question.labels == ("Why this question?", "Useful", "Not now", "Not here")
    said = len(stage.said())
    why = await stage.press(BO, "Why this question?")
    assert "I read patterns, not minds" in why.words
    thanks = await stage.press(BO, "Not here")
    assert "I will not ask about this here" in thanks.words
    assert len(stage.said()) == said
    assert [event.choice for event in stage.told if isinstance(event, ChoiceMade)] == ["why", "not_here"]


async def test_a_command_is_answered_to_the_person_alone(stage: Stage) -> None:
    before = len(stage.said())
    answer = await stage.command(BO, "help")
    assert "pause: make me silent" in answer.words
    assert len(stage.said()) == before
    near = await stage.command(BO, "ledger")
    assert "What Kith asked here" in near.words
    commands = [event for event in stage.told if isinstance(event, CommandGiven)]
    assert {event.by for event in commands} == {commands[0].by}


async def test_silence_is_said_to_everyone_without_who_asked_for_it(stage: Stage) -> None:
    await stage.command(BO, "pause")
    assert stage.said()[-1].words.startswith("I am silent now")
    channel = await stage.channel()
    assert channel is not None
    assert channel.charter.state is CharterState.PAUSED
    await stage.say(ANA, NARROW)
    assert stage.said()[-1].words.startswith("I am silent now")


async def test_sent_away_kith_says_goodbye_and_forgets(stage: Stage) -> None:
    await stage.say(ANA, "hello")
    await stage.command(BO, "leave")
    assert "Goodbye" in stage.said()[-1].words
    assert await stage.channel() is None
    assert list(await stage.traces()) == []


async def test_settings_are_for_the_steward_and_say_at_their_field_what_was_wrong(stage: Stage) -> None:
    denied = await stage.command(BO, "settings")
    if denied.form is not None and not denied.words:
        denied = await stage.submit(BO, denied)
    assert "Only the person who invited Kith" in denied.words
    form = await stage.command(ANA, "settings")
    wrong = await stage.submit(ANA, form, zone="Dublin")
    assert list(wrong.errors) == ["zone"]
    saved = await stage.submit(ANA, wrong, zone="Europe/Dublin")
    assert "Saved" in saved.words
    channel = await stage.channel()
    assert channel is not None
    assert channel.settings.zone == "Europe/Dublin"


async def test_a_plan_is_checked_for_one_person_and_shared_only_by_their_choice(stage: Stage) -> None:
    form = await stage.command(BO, "check")
    wrong = await stage.submit(BO, form, plan="The Friday newsletter")
    assert list(wrong.errors) == ["technology_driven"]
    before = len(stage.said())
    shown = await stage.submit(BO, wrong, plan="The Friday newsletter", technology_driven="1")
    assert "“The Friday newsletter”, as you see it today" in shown.words
    assert shown.labels == ("Share with the channel",)
    assert len([event for event in stage.told if isinstance(event, FormSubmitted)]) == 2
    assert len(stage.said()) == before


async def test_a_mention_is_answered_in_its_thread(stage: Stage) -> None:
    said = await stage.say(ANA, "hello", to_kith=True)
    answer = stage.said()[-1]
    assert answer.thread == said
    assert "bot" in answer.words
    posted = next(event for event in stage.told if isinstance(event, MessagePosted))
    assert posted.addresses_kith
    assert list(await stage.traces()) == []


async def test_whoever_asks_is_not_read_any_more(stage: Stage) -> None:
    data = await stage.press(BO, "What do you keep?")
    assert "What Kith keeps about you" in data.words
    out = await stage.press_own(BO, data, "Do not read my messages")
    assert "will not read your messages any more" in out.words
    await stage.say(BO, NARROW)
    (trace,) = await stage.traces()
    assert trace.evidence == {}
