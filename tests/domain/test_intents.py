"""What a message to Kith is taken for: wishes, facts and orders, and above all where a person is needed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.prompt_files import shipped_content
from bot.domain.intents import LISTS, Intent, command_in, intent_of, speaks_to_another

CUES = shipped_content().cues
MESSAGES = Path(__file__).parents[2] / "training" / "messages"


def intent(text: str, *, read: bool = False) -> Intent:
    return intent_of(text, CUES, read=read)


@pytest.mark.parametrize(
    "text",
    [
        "I can't cope any more",
        "I can’t do this anymore, honestly",
        "sometimes I think everyone would be better off without me",
        "my manager shouted at me in front of the whole ward",
        "somebody touched me at the away day and I don't know whom to tell",
        "Jo keeps humiliating people in the stand-up",
        "I'm being bullied",
        "two people in my team are not speaking to each other",
        "I had a panic attack before the meeting",
        "there was a racist joke in the channel yesterday",
        "I am scared of my supervisor",
        "he threatened to have me fired",
        "I want to report someone for harassment",
        "She blames me for everything",
        "we're all burnt out here",
        "@Kith we want 500 posts by March but honestly I cry every evening",
        "thanks, but I feel hopeless",
        "STOP. HE HIT ME",
    ],
)
def test_distress_conflict_and_harm_are_for_people(text: str) -> None:
    assert intent(text) is Intent.HAND_OVER
    assert intent(text, read=True) is Intent.HAND_OVER


@pytest.mark.parametrize(
    "text",
    [
        "this deadline is killing us",
        "a breakdown of the numbers by team",
        "we are struggling to find a room",
        "competitors threaten our lead, so we need an app",
        "the danger is that we count and stop talking",
        "let's fight for more posts",
        "the report is late",
        "I hate Mondays",
    ],
)
def test_ordinary_hard_talk_is_a_subject(text: str) -> None:
    assert intent(text) is Intent.SUBJECT


def test_hardly_any_ordinary_work_message_is_taken_for_distress() -> None:
    texts = [json.loads(line)["text"] for file in MESSAGES.glob("*.jsonl") for line in file.read_text().splitlines()]
    taken = [text for text in texts if intent(text) is Intent.HAND_OVER]
    assert len(texts) > 5000 and len(taken) / len(texts) < 0.012


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", Intent.GREETING),
        ("@Kith", Intent.GREETING),
        ("hi", Intent.GREETING),
        ("Hey there, good morning Kith", Intent.GREETING),
        ("how are you?", Intent.HOW_ARE_YOU),
        ("help", Intent.HELP),
        ("what can you do?", Intent.HELP),
        ("Are you a bot or a human?", Intent.WHAT_ARE_YOU),
        ("who made you", Intent.WHAT_ARE_YOU),
        ("what do you keep about me?", Intent.KEEPS),
        ("Is this private?", Intent.KEEPS),
        ("stop", Intent.STOP),
        ("Please stop now.", Intent.STOP),
        ("ok stop, thank you", Intent.STOP),
        ("Thanks, that helps", Intent.STOP),
        ("thank you for your time, that helps a lot", Intent.STOP),
        ("enough", Intent.STOP),
        ("never mind", Intent.STOP),
        ("another question please", Intent.ANOTHER),
        ("Thanks, but another question please", Intent.ANOTHER),
        ("ask us something", Intent.ANOTHER),
        ("can we talk about something else?", Intent.SOMETHING_ELSE),
        ("sorry, what do you mean?", Intent.PUZZLED),
        ("what should we do?", Intent.ADVICE),
        ("what do you think", Intent.ADVICE),
        ("what time is the meeting", Intent.FACT),
        ("Hi, who is on call today?", Intent.FACT),
        ("Could you remind me at five?", Intent.ORDER),
        ("summarise this thread", Intent.ORDER),
        ("not sure", Intent.UNSURE),
        ("hmm", Intent.UNSURE),
        ("no", Intent.SUBJECT),
        ("yes", Intent.SUBJECT),
        ("Stop counting posts and talk with one another", Intent.SUBJECT),
        ("Thanks, I think what mattered was the lunch that we had together last week", Intent.SUBJECT),
        ("let's send every newcomer a card", Intent.SUBJECT),
    ],
)
def test_a_message_is_taken_for_what_it_wants(text: str, wanted: Intent) -> None:
    assert intent(text) is wanted


@pytest.mark.parametrize(
    "text",
    [
        "Find a room and invite the night shift",
        "write to Wren about it",
        "Book the kitchen for Friday",
        "how many of us know each other's names",
        "We could try something else next week",
        "people who don't know each other",
        "they don't understand each other's work",
        "we could help one another",
        "thanks to Wren we found out",
        "thank you notes, written by hand",
        "try again in spring",
        "in other words, less counting and more talk",
        "a lot",
    ],
)
def test_what_sounds_like_a_wish_is_an_answer_where_kith_has_asked(text: str) -> None:
    assert intent_of(text, CUES, read=False, answering=True) is Intent.SUBJECT


@pytest.mark.parametrize("text", ["remind me on Friday", "could you book the kitchen?", "please tell everyone"])
def test_an_order_to_kith_is_one_in_an_answer_too(text: str) -> None:
    assert intent_of(text, CUES, read=False, answering=True) is Intent.ORDER


def test_an_order_or_a_fact_that_carries_a_pattern_is_a_subject() -> None:
    assert intent("how many posts do we need to win the league?", read=True) is Intent.SUBJECT
    assert intent("post more, everyone", read=True) is Intent.SUBJECT


def test_a_wish_within_a_long_answer_is_part_of_the_answer() -> None:
    long = "I told them there must be something else in it for us than the count, and after a while they agreed with me"
    assert intent(long) is Intent.SUBJECT


@given(st.text(max_size=300), st.booleans())
def test_any_text_is_something(text: str, read: bool) -> None:
    assert intent(text, read=read) in Intent


def test_a_message_to_somebody_else_is_known_by_how_it_begins() -> None:
    assert speaks_to_another("@bo what do you say?")
    assert not speaks_to_another("@kith what do you say?")
    assert not speaks_to_another("I asked @bo")


def test_a_command_said_alone_is_known() -> None:
    words = frozenset({"pause"})
    assert command_in("@kith pause!", words) == "pause"
    assert command_in("pause and think", words) is None


def test_every_list_is_there_in_lower_case_and_says_nothing_twice() -> None:
    assert set(CUES) == set(LISTS)
    for name, expressions in CUES.items():
        assert len(set(expressions)) == len(expressions), name
        assert all(each == each.lower() and "," not in each for each in expressions), name
