"""What of a message is read at all: cleaning, the language gate, questions and topics."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.prompt_files import shipped_content
from bot.reading.clean import LONGEST, clean, words_of
from bot.reading.language import readable
from bot.reading.questions import asks
from bot.reading.topics import TOPICS, topics_of


def cleaned_words(text: str) -> list[str]:
    return words_of(clean(text).lower())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("see `leaderboard()` please", "see please"),
        ("before ```\nleaderboard\n``` after", "before after"),
        ("open ``` leaderboard", "open"),
        ("half a ` tick stays", "half a tick stays"),
        ("> leaderboard on Fridays\nno thanks", "no thanks"),
        ("&gt; leaderboard\nno", "no"),
        ("look https://example.org/leaderboard now", "look now"),
        ("look <https://example.org|leaderboard> now", "look now"),
        ("ask @leaderboard.bot or <@U04AB12>", "ask or"),
        ("mail ana@example.org", "mail ana example . org"),
        ("well done :leaderboard: all", "well done all"),
        ("at 10:30:45 it stopped", "at 10:30:45 it stopped"),
        ("chit-chat, don’t", "chit chat don't"),
    ],
)
def test_only_what_somebody_says_in_words_of_their_own_is_read(text: str, words: str) -> None:
    assert " ".join(cleaned_words(text)) == words


@given(st.text(max_size=300))
def test_a_cleaned_text_is_never_longer_than_the_text(text: str) -> None:
    assert len(clean(text)) <= len(text)


def test_a_very_long_text_is_cut() -> None:
    assert len(clean("word " * 20_000)) == LONGEST


@pytest.mark.parametrize(
    ("text", "is_read"),
    [
        ("we have five posts to go", True),
        ("up 4 %", False),
        ("done", False),
        ("Inspectors like plants. Get plants.", True),
        ("los clientes están primero y nosotros después", False),
        ("wir brauchen bis Freitag fünfhundert Beiträge und eine Rangliste", False),
        ("nous avons besoin de cinq cents messages pour vendredi", False),
        ("нам нужно пятьсот сообщений к пятнице", False),
        ("到三月要有五百个帖子 排行榜 星期五", False),
        ("The café was full, as naïve as that sounds", True),
        ("Kudos quota: three per week.", True),
        ("Blog posts per pod: target six. Score on screen.", True),
        ("necesitamos más mensajes en el forum, feedback el viernes", False),
    ],
)
def test_only_english_of_four_words_or_more_is_read(text: str, is_read: bool) -> None:
    tokens = cleaned_words(text)
    assert readable(text, tokens, set(tokens)) is is_read


@pytest.mark.parametrize(
    "text",
    [
        "who can host a second one?",
        "Morning all. What would we lose?",
        "does anyone have the key to the small room",
        "how do I reset this",
        "anyone know the code for the gate",
        "thoughts?",
        "Is that right?",
        "The room is full, can you help?",
    ],
)
def test_a_message_that_asks_is_a_question(text: str) -> None:
    tokens = cleaned_words(text)
    assert asks(tokens, set(tokens))


@pytest.mark.parametrize(
    "text",
    [
        "that's Thursday, right?",
        "Right?",
        "It's lovely, isn't it?",
        "isn't it?",
        "What a day.",
        "see https://example.org/?q=what",
        "`a ? b : c` does it",
        "Do not forget the keys.",
        "?",
        "",
    ],
)
def test_a_tag_or_a_mark_alone_is_no_question(text: str) -> None:
    tokens = cleaned_words(text)
    assert not asks(tokens, set(tokens))


def test_topics_come_in_the_order_they_are_named_and_once() -> None:
    tokens = cleaned_words("The leaderboard and the survey, the league table: best practice for one-to-ones and 1:1s")
    assert topics_of(tokens, set(tokens)) == ("leaderboard", "survey", "best_practice", "one_to_ones")


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("If anyone posts a photo of the garden I will print it", ()),
        ("She always replies to me and likes the idea", ()),
        ("let us get #ideas to 500 posts by March", ("posts",)),
        ("our posts and likes went up", ("posts",)),
        ("posts the wrong way round", ()),
        ("more comments than last week", ("posts",)),
    ],
)
def test_a_verb_is_not_taken_for_the_noun(text: str, topics: tuple[str, ...]) -> None:
    tokens = cleaned_words(text)
    assert topics_of(tokens, set(tokens)) == topics


def test_talk_of_nothing_in_the_list_has_no_topic() -> None:
    tokens = cleaned_words("the bus is late")
    assert topics_of(tokens, set(tokens)) == ()


def test_the_reader_and_the_words_know_the_same_topics() -> None:
    assert set(TOPICS) == set(shipped_content().topics)
