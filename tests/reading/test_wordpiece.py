"""The cutting of texts into pieces: as the tokenizers package does it, which is asked itself where it is installed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.model_files import MODEL, VOCABULARY
from bot.reading.wordpiece import load_vocabulary

CUTTER = load_vocabulary(MODEL / VOCABULARY)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Hello, world!", [101, 7592, 1010, 2088, 999, 102]),
        ("Çà et là: naïve café", [101, 6187, 3802, 2474, 1024, 15743, 7668, 102]),
        ("don't re-enter 3.5%", [101, 2123, 1005, 1056, 2128, 1011, 4607, 1017, 1012, 1019, 1003, 102]),
        ("日本語 ok", [101, 1864, 1876, 1950, 7929, 102]),
        ("unbelievableness\u200b!", [101, 23653, 2791, 999, 102]),
        ("\x00a\tb\ufffd", [101, 1037, 1038, 102]),
        ("🙂 thanks", [101, 100, 4283, 102]),
        ("ﬁne Straße ẞ İstanbul", [101, 1984, 2638, 2358, 27807, 1096, 9960, 102]),
        ("—“quoted”—…", [101, 1517, 1523, 9339, 1524, 1517, 1529, 102]),
        ("e\u0301galite\u0301", [101, 1041, 9692, 4221, 102]),
        ("x" * 101, [101, 100, 102]),
        ("", [101, 102]),
    ],
)
def test_pieces_are_those_of_the_original(text: str, numbers: list[int]) -> None:
    assert CUTTER.encode(text, longest=128) == numbers


@given(st.text(max_size=300))
def test_any_text_gives_bounded_numbers_between_the_same_ends(text: str) -> None:
    numbers = CUTTER.encode(text, longest=16)
    assert len(numbers) <= 16
    assert (numbers[0], numbers[-1]) == (CUTTER.first, CUTTER.last)


def test_a_longer_bound_only_adds_pieces() -> None:
    text = "we now count how many kudos each of the wards hands out " * 20
    assert CUTTER.encode(text, longest=20)[:-1] == CUTTER.encode(text, longest=100)[:19]


@given(st.text(st.characters(exclude_categories=["Cs", "Cn"]), max_size=80))
def test_pieces_are_those_of_the_tokenizers_package(text: str) -> None:
    tokenizers = pytest.importorskip("tokenizers", reason="comes with the training extra")
    theirs = tokenizers.BertWordPieceTokenizer(str(MODEL / VOCABULARY), lowercase=True)
    assert CUTTER.encode(text, longest=100_000) == theirs.encode(text).ids
