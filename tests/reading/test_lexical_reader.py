"""The lexical reader on what people write, and on what nobody would."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.patterns import MESSAGE_PATTERNS, Pattern
from bot.ports import Reader
from bot.reading.clean import words_of
from training.lexical.reader import LexicalReader

READER = LexicalReader()

CLEAR = {
    Pattern.TECHNOLOGY_DRIVEN: "The headsets landed this morning, they came free with the screens, so find a use for "
    "them by Friday, shame to leave them in the box.",
    Pattern.CUSTOMER_CENTRIC: "The guests come first, so the staff room becomes a lounge for them; nobody asked us, "
    "and they're the ones we're here for.",
    Pattern.REACTIONARY: "All the other sites have a podcast and we can't be the only one without, so ours starts "
    "on Monday.",
    Pattern.EXTOLS_EFFICIENCY: "No more catch ups: it's a form now, saves us twelve hours a week of just talking.",
    Pattern.VENDOR_DRIVEN: "The rep says leaders in the quadrant all do this, so I've signed us up.",
    Pattern.NUMBERS_OBSESSED: "Five kudos each by Friday, anything counts; the leaderboard says you're bottom.",
    Pattern.ALL_BUSINESS: "No chit chat here please, birthdays don't ship anything. Leave your feelings at the door.",
}

ORDINARY = [
    "morning all, is the build green again?",
    "47 people signed up, rooms are full, who can host a second one?",
    "p95 latency is down to 140 ms since the cache change, error budget is at 92 %",
    "Are we measuring this because it matters?",
    "Backups run overnight now, so nobody has to stay late for the tapes.",
    "The invoice from the printers is 40 over what they quoted.",
    "ok",
    "",
    "Deadline for the patch is Thursday, customers are waiting for it.",
    "their retro format fits our problem; shall we try it?",
]

WORDS = [*sorted({word for text in CLEAR.values() for word in text.replace(",", " ,").split()}), "why", "?", ".", "not"]
strange = st.one_of(
    st.text(max_size=400),
    st.text(alphabet=st.characters(categories=["Cs", "Cc", "Cf", "So", "Lo", "Mn", "Nd"]), max_size=200),
    st.text(alphabet="`<>@:&;|/\n .*#'’-_%", max_size=200),
    st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join),
)


def answers() -> Reader:
    return READER


@pytest.mark.parametrize("pattern", MESSAGE_PATTERNS)
def test_a_plain_case_of_each_pattern_is_clear(pattern: Pattern) -> None:
    assert pattern in READER.read_text(CLEAR[pattern]).clear


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_talk_carries_nothing(text: str) -> None:
    assert READER.read_text(text).clear == frozenset()


async def test_the_port_answers_as_the_plain_function_does() -> None:
    text = CLEAR[Pattern.VENDOR_DRIVEN]
    assert await answers().read(text) == READER.read_text(text)


@pytest.mark.parametrize("wrap", ["> {}", "```{}```", "`{}`", "<https://example.org|{}>"])
def test_quotations_code_and_links_are_not_read(wrap: str) -> None:
    text = wrap.format(CLEAR[Pattern.NUMBERS_OBSESSED].replace("`", ""))
    assert READER.read_text(f"{text}\nthat was in the newsletter I got today").clear == frozenset()


@given(strange)
@example("\ud800\udfff lone \ud800")
@example("\x00" * 50)
@example("🎉" * 400)
@example("<" * 3_000 + "```" + ">" * 3_000)
def test_any_text_whatever_gets_seven_probabilities(text: str) -> None:
    reading = READER.read_text(text)
    assert tuple(reading.probabilities) == MESSAGE_PATTERNS
    assert all(0.0 <= chance <= 1.0 for chance in reading.probabilities.values())
    assert reading.clear == frozenset(reading.evidence)
    assert reading == READER.read_text(text)


def without(text: str, words: tuple[str, ...]) -> str:
    gone = {word.lower() for word in words}
    kept = [
        piece for piece in text.replace("-", " ").replace("’", "'").split() if piece.strip(".,;:!?").lower() not in gone
    ]
    return " ".join(kept)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(sorted(CLEAR.values()) + WORDS), min_size=1, max_size=12).map(" ".join))
def test_without_its_evidence_a_pattern_is_less_probable(text: str) -> None:
    reading = READER.read_text(text)
    for pattern, words in reading.evidence.items():
        assert words
        assert READER.read_text(without(text, words)).probabilities[pattern] < reading.probabilities[pattern]


@given(st.sampled_from(sorted(CLEAR.values())))
def test_evidence_is_words_of_the_message_in_their_order(text: str) -> None:
    for words in READER.read_text(text).evidence.values():
        places = [words_of(text).index(word) for word in words]
        assert places == sorted(places)
