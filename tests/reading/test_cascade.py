"""The trained reader: what it answers for any text, in what time, and whether its evidence holds."""

from __future__ import annotations

import asyncio
import threading

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.patterns import MESSAGE_PATTERNS, Pattern
from bot.ports import Reader
from bot.reading.cascade import MOST_WAITING, CascadeReader
from bot.reading.clean import clean, words_of
from bot.reading.encoder import LONGEST, Encoder
from bot.reading.model_files import MANIFEST, MODEL, hashes
from bot.reading.occlusion import without
from training.lexical.reader import LexicalReader

READER = CascadeReader()

CLEAR = {
    Pattern.TECHNOLOGY_DRIVEN: "We've got 200 Copilot licences sitting there now, so every team please find something "
    "to use it for by Friday. Doesn't matter what.",
    Pattern.CUSTOMER_CENTRIC: "Only the customer's view counts for the new rota. Staff don't need a say, please just "
    "repost the campaign, you are our reach.",
    Pattern.REACTIONARY: "All the other trusts have a wellbeing ambassador now and we're the last, so we get one by "
    "the end of the month, whatever they do.",
    Pattern.EXTOLS_EFFICIENCY: "I've replaced the weekly 1:1s with a form. Five tick boxes, saves forty hours a "
    "month, nobody needs to sit down together any more.",
    Pattern.VENDOR_DRIVEN: "The vendor's rep says leaders in the quadrant all run their engagement programme, so I've "
    "signed for three years. They know best.",
    Pattern.NUMBERS_OBSESSED: "We need 500 posts in #ideas by March. I don't mind what's in them, the leaderboard goes "
    "up on Friday and the bottom team explains itself.",
    Pattern.ALL_BUSINESS: "No chit-chat in here please. Birthdays and babies don't ship anything, if it isn't delivery "
    "it doesn't matter.",
}

ORDINARY = [
    "morning all, is the build green again?",
    "p95 latency is down to 140 ms since the cache change, error budget is at 92 %",
    "Backups run overnight now, so nobody has to stay late for the tapes.",
    "Deadline for the patch is Thursday, customers are waiting for it.",
    "who has the key to the small room",
    "ok",
    "",
]

WORDS = sorted({word for text in CLEAR.values() for word in text.split()})
strange = st.one_of(
    st.text(max_size=300),
    st.text(alphabet=st.characters(categories=["Cs", "Cc", "Cf", "So", "Lo", "Mn", "Nd"]), max_size=150),
    st.text(alphabet="`<>@:&;|/\n .*#'’-_%", max_size=150),
    st.lists(st.sampled_from([*WORDS, "?", ".", "not"]), max_size=40).map(" ".join),
)


def answers() -> Reader:
    return READER


@pytest.mark.parametrize("text", CLEAR.values())
def test_a_plain_case_is_seen_by_the_reader(text: str) -> None:
    assert READER.passes(text)


def test_most_plain_cases_are_clear() -> None:
    right = sum(pattern in READER.read_text(text).clear for pattern, text in CLEAR.items())
    assert right >= 5


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_talk_carries_nothing(text: str) -> None:
    assert READER.read_text(text).clear == frozenset()


@pytest.mark.parametrize(
    "text", ["500 Beiträge bis März, sonst gibt es keinen Kuchen für die Station", "ок, добре", "🎉🎉"]
)
def test_what_it_was_not_trained_for_is_not_read(text: str) -> None:
    assert set(READER.read_text(text).probabilities.values()) == {0.0}


@settings(max_examples=60, deadline=None)
@given(strange)
@example("\ud800\udfff lone \ud800 we need the numbers")
@example("\x00" * 50)
@example("🎉" * 400)
@example("<" * 3_000 + "```" + ">" * 3_000)
def test_any_text_whatever_gets_seven_probabilities(text: str) -> None:
    reading = READER.read_text(text, explain=True)
    assert tuple(reading.probabilities) == MESSAGE_PATTERNS
    assert all(0.0 <= chance <= 1.0 for chance in reading.probabilities.values())
    assert reading.clear == frozenset(reading.evidence)
    assert reading == READER.read_text(text, explain=True)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(sorted(CLEAR.values()) + WORDS), min_size=1, max_size=3).map(" ".join))
def test_without_its_evidence_a_pattern_is_less_probable(text: str) -> None:
    reading = READER.read_text(text, explain=True)
    for pattern, words in reading.evidence.items():
        assert words
        left = READER.read_text(without(clean(text), words))
        assert left.probabilities[pattern] < reading.probabilities[pattern]


@pytest.mark.parametrize("text", CLEAR.values())
def test_evidence_is_words_of_the_message_in_their_order(text: str) -> None:
    for words in READER.read_text(text, explain=True).evidence.values():
        places = [words_of(text).index(word) for word in words]
        assert set(words) <= set(words_of(text))
        assert len(words) == len(set(words)) == len(places)


@pytest.mark.parametrize("text", [*CLEAR.values(), *ORDINARY])
def test_topics_and_questions_are_those_of_the_lexical_reader(text: str) -> None:
    ours, theirs = READER.read_text(text), LexicalReader().read_text(text)
    assert (ours.topics, ours.question) == (theirs.topics, theirs.question)


async def test_the_port_answers_as_the_plain_function_does() -> None:
    for text in [*CLEAR.values(), *ORDINARY]:
        assert await answers().read(text) == READER.read_text(text)


async def test_the_loop_goes_on_while_the_encoder_reads() -> None:
    reading = asyncio.create_task(CascadeReader().read(CLEAR[Pattern.NUMBERS_OBSESSED]))
    turns = 0
    while not reading.done():
        turns += 1
        await asyncio.sleep(0)
    assert turns > 10


async def test_many_readings_at_once_share_one_thread() -> None:
    reader, before = CascadeReader(), set(threading.enumerate())
    await asyncio.gather(*(reader.read(text) for text in list(CLEAR.values()) * 3))
    begun = [thread for thread in threading.enumerate() if thread not in before]
    assert [thread.name.startswith("kith-reader") for thread in begun] == [True]


def test_a_new_reader_has_loaded_nothing() -> None:
    reader = CascadeReader(MODEL / "no such folder")
    assert reader.read_text("ok").clear == frozenset()


def test_a_text_read_alone_and_among_others_gets_the_same_logits() -> None:
    texts = list(CLEAR.values())
    together, alone = Encoder().logits(texts), [Encoder().logits([text])[0] for text in texts]
    assert np.array_equal(together, alone)


def test_only_the_first_pieces_are_read() -> None:
    long = "word " * LONGEST
    assert Encoder().logits([long])[0] == pytest.approx(Encoder().logits([long + " leaderboard"])[0])


def test_the_shipped_files_are_those_of_the_manifest() -> None:
    import json

    assert json.loads((MODEL / MANIFEST).read_text(encoding="utf-8")) == hashes()


def test_the_shipped_files_are_small_and_come_with_their_papers() -> None:
    assert sum(path.stat().st_size for path in MODEL.iterdir()) <= 60_000_000
    assert "MIT License" in (MODEL / "LICENSE").read_text(encoding="utf-8")
    assert "multilingual-e5-small" in (MODEL / "NOTICE").read_text(encoding="utf-8")


async def test_no_more_messages_wait_for_the_encoder_than_may_and_none_is_lost() -> None:
    reader = CascadeReader()
    reader.load()
    readings = await asyncio.gather(*(reader.read(text) for text in [CLEAR[Pattern.ALL_BUSINESS]] * (MOST_WAITING + 9)))
    assert len([reading for reading in readings if reading.clear]) == MOST_WAITING
    assert all(set(reading.probabilities) == set(MESSAGE_PATTERNS) for reading in readings)


def test_evidence_names_words_that_say_something() -> None:
    text = "let's get #ideas to 500 posts by March, and a leaderboard every Friday for the top three teams"
    named = READER.read_text(text, explain=True).evidence[Pattern.NUMBERS_OBSESSED]
    assert "leaderboard" in named and not {"to", "by", "and", "a", "for", "the"} & set(named)


async def test_words_are_looked_for_only_where_somebody_wants_them() -> None:
    text = CLEAR[Pattern.NUMBERS_OBSESSED]
    plain, explained = READER.read_text(text), READER.read_text(text, explain=True)
    assert plain.clear == explained.clear and plain.evidence == {} and explained.evidence
    assert (await answers().read(text, explain=True)) == explained
