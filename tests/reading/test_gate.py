"""Stage one: its features, its sums, and that it sees what the table says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.clean import words_of
from bot.reading.features import MOST_WORDS, ROWS, SIGNED, features
from bot.reading.gate import Gate, load_gate
from bot.reading.model_files import MODEL, TABLE, load_numbers

NUMBERS = load_numbers()
GATE = load_gate(NUMBERS)
TOKENS = st.lists(st.text(min_size=1, max_size=12), max_size=40)


@given(TOKENS)
def test_every_feature_has_a_row_and_a_sign(tokens: list[str]) -> None:
    assert all(0 <= number <= SIGNED for number in features(tokens))


@given(TOKENS)
def test_the_quick_sum_is_the_sum_over_the_features(tokens: list[str]) -> None:
    table = np.load(MODEL / TABLE)["table"][:, -1].astype(int)
    total = sum(table[number] if number < ROWS else -table[number - ROWS] for number in features(tokens))
    expected = NUMBERS.bias[-1] + NUMBERS.scale[-1] * total / (len(tokens) + 4) ** 0.5
    assert GATE.score(tokens) == pytest.approx(expected)


@given(TOKENS)
def test_the_same_words_get_the_same_score_again(tokens: list[str]) -> None:
    assert GATE.score(tokens) == load_gate(NUMBERS).score(tokens)


def test_numbers_count_alike_whatever_they_are() -> None:
    assert features(["500", "posts"]) == features(["38", "posts"])


def test_the_order_of_words_matters() -> None:
    assert sorted(features(["people", "before", "numbers"])) != sorted(features(["numbers", "before", "people"]))


def test_words_beyond_the_bound_are_dropped() -> None:
    words = [f"word{chr(97 + k % 26)}" for k in range(MOST_WORDS)]
    assert GATE.score(words) == GATE.score([*words, "leaderboard"])


def test_a_table_of_another_form_is_refused() -> None:
    with pytest.raises(ValueError, match="the table is"):
        Gate(np.zeros((4, 8), dtype=np.int8), NUMBERS)


def test_the_table_is_at_most_two_megabytes() -> None:
    assert (MODEL / TABLE).stat().st_size <= 2_000_000


def test_plain_cases_pass_and_small_talk_does_not() -> None:
    def passes(text: str) -> bool:
        return GATE.passes(words_of(text.lower()))

    assert passes("Thirty kudos each by Friday please, the ward with the fewest buys the cake, no matter what for.")
    assert not passes("morning all, is the build green again?")
    assert not passes("thanks, I've moved the meeting to the small room")
