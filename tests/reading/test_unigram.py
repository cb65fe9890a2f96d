"""The cutting of texts into pieces: as the tokenizers package does it, which is asked itself where it is installed."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.model_files import MODEL, PIECES
from bot.reading.unigram import FIRST, LAST, UNKNOWN, Unigram, load_pieces, normalised, write_pieces

CUTTER = load_pieces(MODEL / PIECES)
NAMES = [line.split("\t")[0] for line in (MODEL / PIECES).read_text(encoding="utf-8").split("\n")]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Hello, world!", ["▁Hello", ",", "▁world", "!"]),
        ("unbelievableness", ["▁un", "beli", "ev", "able", "ness"]),
        ("don't re-enter 3.5%", ["▁don", "'", "t", "▁re", "-", "enter", "▁3.", "5%"]),
        ("  two\u00a0\t\nspaces ", ["▁two", "▁space", "s"]),
        ("ﬁne ①", ["▁fine", "▁1"]),
        ("ᚠᚢ ok", ["▁", "<unk>", "▁ok"]),
        ("a\x00b", ["▁ab"]),
        ("", []),
    ],
)
def test_a_text_is_cut_into_its_likeliest_pieces(text: str, pieces: list[str]) -> None:
    assert [NAMES[number] for number in CUTTER.encode(text, longest=128)] == ["<s>", *pieces, "</s>"]


@given(st.text(max_size=300))
def test_any_text_gives_bounded_numbers_between_the_same_ends(text: str) -> None:
    numbers = CUTTER.encode(text, longest=16)
    assert len(numbers) <= 16
    assert (numbers[0], numbers[-1]) == (FIRST, LAST)


def test_a_longer_bound_only_adds_pieces() -> None:
    text = "we now count how many kudos each of the wards hands out " * 20
    assert CUTTER.encode(text, longest=20)[:-1] == CUTTER.encode(text, longest=100)[:19]


def test_letters_without_a_piece_are_one_unknown_together() -> None:
    assert CUTTER.encode("ᚠᚢᚦ", longest=9).count(UNKNOWN) == 1


def test_a_very_long_word_takes_bounded_pieces() -> None:
    assert len(CUTTER.encode("x" * 100_000, longest=100_000)) <= 103


@given(st.lists(st.sampled_from(["▁a", "b", "▁ab", "c"]), unique=True, min_size=1), st.floats(-9.0, -1.0))
def test_what_was_written_is_what_is_read(pieces: list[str], score: float) -> None:
    import tempfile

    named = [(mark, 0.0) for mark in ("<s>", "<pad>", "</s>", "<unk>")] + [(piece, score) for piece in pieces]
    with tempfile.TemporaryDirectory() as place:
        write_pieces(Path(place) / PIECES, named)
        read = load_pieces(Path(place) / PIECES)
    assert read.encode("ab c", longest=20) == Unigram(named).encode("ab c", longest=20)


@given(st.text(st.characters(max_codepoint=0x2FFF, exclude_categories=["Cs", "Cn"]), max_size=60))
def test_pieces_are_those_of_the_tokenizers_package(text: str) -> None:
    pytest.importorskip("tokenizers", reason="comes with the training extra")
    spaced = " ".join(normalised(text).split())
    theirs = _tokenizer().encode(spaced).ids if spaced else []
    assert CUTTER.encode(text, longest=100_000)[1:-1] == theirs


@cache
def _tokenizer() -> Any:
    import tokenizers

    lines = (MODEL / PIECES).read_text(encoding="utf-8").rstrip("\n").split("\n")
    pieces = [(piece, float(score)) for piece, score in (line.split("\t") for line in lines)]
    theirs = tokenizers.Tokenizer(tokenizers.models.Unigram(pieces, unk_id=UNKNOWN, byte_fallback=False))
    theirs.pre_tokenizer = tokenizers.pre_tokenizers.Metaspace()
    return theirs
