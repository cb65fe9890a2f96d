"""A dialogue's rules: it ends, asks one question at a time, judges nobody, and the same talk goes the same way."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.prompt_files import shipped_content
from bot.domain.asking import sentence_of
from bot.domain.dialogue import MOST_TURNS, Dialogue, Heard, Saying, Step, Turn, begin, go_on, pseudonym
from bot.domain.intents import Intent
from bot.domain.patterns import MESSAGE_PATTERNS, Pattern
from tests.talk import MONDAY

CONTENT = shipped_content()
NEW = Dialogue(
    thread="m1", by=pseudonym("ana", b"salt"), salt=b"salt", started_at=MONDAY, last_heard="h", replies_at=MONDAY
)
JUDGES = re.compile(
    r"\b(you (should|must|are wrong)|great job|well done|excellent|perfect|proud of you)\b", re.IGNORECASE
)


def heard(intent: Intent = Intent.SUBJECT, seed: str = "s", **facts: object) -> Heard:
    return Heard(intent=intent, seed=seed, at=MONDAY, **facts)  # type: ignore[arg-type]


def sentences(saying: Saying) -> list[str]:
    """What is said, sentence by sentence; the fixed messages have tests of their own."""
    said = [CONTENT.say(key) for key in saying.keys]
    if saying.question:
        sentence = sentence_of(saying.question, saying.topic, CONTENT)
        assert sentence is not None
        said.append(sentence)
    return said


hearings = st.builds(
    heard,
    intent=st.sampled_from(Intent),
    seed=st.text(max_size=8),
    pattern=st.none() | st.sampled_from(MESSAGE_PATTERNS),
    topics=st.lists(st.sampled_from(sorted(CONTENT.topics)), max_size=3).map(tuple),
)
talks = st.lists(hearings, min_size=1, max_size=12)


def turns_of(talk: list[Heard]) -> list[Turn]:
    """Kith's turns as long as the dialogue stands."""
    turns = [begin(NEW, talk[0], CONTENT)]
    for answer in talk[1:]:
        if (standing := turns[-1].after) is None:
            break
        turns.append(go_on(standing, answer, CONTENT))
    return turns


@given(talks)
def test_it_ends_after_at_most_five_turns_whatever_is_said(talk: list[Heard]) -> None:
    turns = turns_of([*talk, *[heard()] * MOST_TURNS])
    assert len(turns) <= MOST_TURNS
    assert turns[-1].after is None


@given(talks)
def test_it_asks_one_question_at_a_time_and_never_judges(talk: list[Heard]) -> None:
    for turn in turns_of(talk):
        said = " ".join(sentences(turn.saying))
        assert said.count("?") == (1 if turn.saying.question else 0)
        assert "!" not in said and JUDGES.search(said) is None


@given(talks)
def test_it_never_asks_the_same_question_twice(talk: list[Heard]) -> None:
    asked = [turn.saying.question for turn in turns_of(talk) if turn.saying.question]
    assert len(asked) == len(set(asked))


@given(talks)
def test_what_is_remembered_are_ids_and_the_turns_are_counted(talk: list[Heard]) -> None:
    for number, turn in enumerate(turns_of(talk), start=1):
        if turn.after:
            assert turn.after.turns == number
            assert all(sentence_of(question, "app", CONTENT) for question in turn.after.asked)
            assert turn.after.pattern is None or turn.after.pattern in MESSAGE_PATTERNS


@given(talks)
def test_the_same_talk_goes_the_same_way(talk: list[Heard]) -> None:
    assert turns_of(talk) == turns_of(talk)


@given(talks, st.sampled_from([Intent.STOP, Intent.HAND_OVER]))
def test_a_stop_and_a_hand_over_end_it_at_once_without_a_question(talk: list[Heard], intent: Intent) -> None:
    standing = turns_of(talk)[-1].after or NEW
    turn = go_on(standing, heard(intent), CONTENT)
    assert turn.after is None and turn.saying.question == ""


def steps(*intents: Intent) -> list[str]:
    """The step that stands after each of these messages, "end" where it is over."""
    turns = turns_of([heard(intent, seed=str(n)) for n, intent in enumerate(intents)])
    return [turn.after.step.value if turn.after else "end" for turn in turns]


def test_it_goes_from_noticing_to_a_small_step_and_ends() -> None:
    assert steps(*[Intent.SUBJECT] * 5) == ["notice", "explore", "imagine", "next", "end"]


def test_after_a_greeting_a_step_is_left_out_and_the_small_one_stays() -> None:
    assert steps(Intent.GREETING, *[Intent.SUBJECT] * 4) == ["welcome", "notice", "explore", "next", "end"]


def test_another_question_stays_at_its_step() -> None:
    assert steps(Intent.SUBJECT, Intent.ANOTHER, Intent.SUBJECT) == ["notice", "notice", "explore"]


def test_something_else_lets_go_of_the_pattern() -> None:
    first = begin(NEW, heard(pattern=Pattern.REACTIONARY, topics=("trend",)), CONTENT).after
    assert first is not None and first.pattern is Pattern.REACTIONARY
    second = go_on(first, heard(Intent.SOMETHING_ELSE), CONTENT).after
    assert second is not None and second.step is Step.WELCOME and second.pattern is None and second.topic is None


def test_a_wish_that_is_answered_leaves_the_question_standing() -> None:
    assert steps(Intent.SUBJECT, Intent.KEEPS, Intent.FACT, Intent.ORDER) == ["notice"] * 4


@pytest.mark.parametrize(
    "intent", [Intent.STOP, Intent.HELP, Intent.KEEPS, Intent.WHAT_ARE_YOU, Intent.FACT, Intent.ORDER, Intent.HAND_OVER]
)
def test_a_wish_alone_begins_no_dialogue(intent: Intent) -> None:
    assert begin(NEW, heard(intent), CONTENT).after is None


@pytest.mark.parametrize("pattern", MESSAGE_PATTERNS)
def test_a_pattern_is_taken_up_by_its_own_questions(pattern: Pattern) -> None:
    first = begin(NEW, heard(pattern=pattern), CONTENT)
    assert first.saying.question.startswith(pattern.replace("_", "-"))
    assert first.after is not None
    second = go_on(first.after, heard(), CONTENT)
    assert f".explore.{pattern}." in second.saying.question
    assert second.after is not None
    assert f".imagine.{pattern}." in go_on(second.after, heard(), CONTENT).saying.question


def test_a_topic_without_a_pattern_is_taken_up_by_name() -> None:
    turn = begin(NEW, heard(topics=("newsletter",)), CONTENT)
    assert "the newsletter" in sentences(turn.saying)[-1]


def test_a_pattern_that_comes_with_an_answer_is_followed() -> None:
    first = begin(NEW, heard(), CONTENT).after
    assert first is not None
    turn = go_on(first, heard(pattern=Pattern.ALL_BUSINESS), CONTENT)
    assert ".explore.all_business." in turn.saying.question


@pytest.mark.parametrize(
    "what", ["greet", "lead.notice", "lead.explore", "lead.imagine", "lead.next", "thanks", "stop"]
)
def test_nothing_is_said_in_one_phrasing_only(what: str) -> None:
    assert len([key for key in CONTENT.interface if key.startswith(f"dialogue.{what}.")]) >= 3


def test_phrasings_vary_with_the_occasion() -> None:
    said = {begin(NEW, heard(Intent.GREETING, seed=str(n)), CONTENT).saying for n in range(40)}
    assert len(said) >= 6


def test_whoever_began_is_known_by_a_pseudonym_of_this_dialogue_alone() -> None:
    assert NEW.is_with("ana") and not NEW.is_with("bo")
    assert not replace(NEW, salt=b"another").is_with("ana")
    assert "ana" not in repr(NEW)
