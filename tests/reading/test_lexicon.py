"""The lexicon's small language, and what is said of a file that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.patterns import MESSAGE_PATTERNS, Pattern
from bot.errors import ContentError
from training.lexical.lexicon import UNFITTED, Lexicon, load_lexicon, shipped_lexicon
from training.lexical.matching import places_of, spread
from training.lexical.phrases import Phrasebook
from training.lexical.reader import LexicalReader

BOOK = Phrasebook({"acts": ("kudos", "thank you notes", "post*")})


def holds(phrase: str, words: str) -> bool:
    return BOOK.parse(phrase).regex.search(spread(words.split())) is not None


@pytest.mark.parametrize(
    ("phrase", "words"),
    [
        ("leader/league table", "the league table today"),
        ("leaderboard*", "our leaderboards ."),
        ("need N <acts>", "we need 20 kudos"),
        ("need N <acts>", "we need twenty thank you notes"),
        ("need N <acts>", "need 61 % posts"),
        ("nobody .. until", "nobody goes home until"),
        ("so [please] post", "so post"),
        ("so [please] post", "so please post"),
        ("^ anything $", "well . anything ."),
        ("our turn $", "our turn"),
        ("what for ?", "what for ?"),
        ("one-to-ones", "one to ones"),
    ],
)
def test_a_phrase_is_found(phrase: str, words: str) -> None:
    assert holds(phrase, words)


@pytest.mark.parametrize(
    ("phrase", "words"),
    [
        ("league table", "league tables"),
        ("need N <acts>", "need more kudos"),
        ("nobody .. until", "nobody goes home . until"),
        ("nobody .. until", "nobody a b c d e until"),
        ("our turn $", "our turn comes"),
        ("art", "the party started"),
    ],
)
def test_a_phrase_is_not_found(phrase: str, words: str) -> None:
    assert not holds(phrase, words)


def test_the_places_of_a_phrase_leave_out_the_gap() -> None:
    tokens = "nobody goes home until five . nobody stays until six".split()
    assert places_of(BOOK.parse("nobody .. until"), tokens) == {0, 3, 6, 8}


def lexicon_with(folder: Path, numbers: str, lists: str = "acts: kudos | posts\n") -> Lexicon:
    for pattern in MESSAGE_PATTERNS:
        (folder / f"{pattern.value}.yaml").write_text("weak: {nothing: zzz}\n", encoding="utf-8")
    (folder / "doubts.yaml").write_text("fair:\n  it wonders: what .. lose\n", encoding="utf-8")
    (folder / "lists.yaml").write_text(lists, encoding="utf-8")
    (folder / "numbers_obsessed.yaml").write_text(numbers, encoding="utf-8")
    return load_lexicon(folder)


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ("strong: [", "numbers_obsessed.yaml: -: cannot be read as YAML"),
        ("loud: {a: b}\n", "numbers_obsessed.yaml: loud: must be strong, fair or weak"),
        ("strong: {a cue: Kudos}\n", "numbers_obsessed.yaml: a cue: 'Kudos': 'Kudos' is not a lower-case word"),
        ("strong: {a cue: need <act>}\n", "numbers_obsessed.yaml: a cue: 'need <act>': there is no list <act>"),
        ("strong: {a cue: N}\n", "numbers_obsessed.yaml: a cue: 'N': there is no word to look for"),
        ("strong: {a cue: [5]}\n", "numbers_obsessed.yaml: a cue: must be a phrase or a list of phrases"),
    ],
)
def test_a_wrong_cue_is_named_with_its_file(tmp_path: Path, numbers: str, said: str) -> None:
    with pytest.raises(ContentError) as caught:
        lexicon_with(tmp_path, numbers)
    assert str(caught.value).startswith(said)


def test_a_cue_of_two_parts_needs_both(tmp_path: Path) -> None:
    reader = LexicalReader(lexicon_with(tmp_path, "strong: {more of them: <acts> & by friday}\n"), UNFITTED)
    both, one = (
        reader.read_text(text).probabilities for text in ("more kudos by friday then", "more kudos for us all")
    )
    assert both[Pattern.NUMBERS_OBSESSED] > one[Pattern.NUMBERS_OBSESSED]


def test_parts_far_from_each_other_do_not_make_a_cue(tmp_path: Path) -> None:
    reader = LexicalReader(lexicon_with(tmp_path, "strong: {more of them: <acts> & by friday}\n"), UNFITTED)
    near = reader.read_text("we want more kudos and the report is due by friday " + "and so on " * 12)
    far = reader.read_text("we want more kudos " + "and so on " * 12 + "and the report is due by friday")
    assert near.probabilities[Pattern.NUMBERS_OBSESSED] > far.probabilities[Pattern.NUMBERS_OBSESSED]


def test_a_doubt_lowers_what_a_cue_raised(tmp_path: Path) -> None:
    reader = LexicalReader(lexicon_with(tmp_path, "strong: {kudos: kudos}\n"), UNFITTED)
    sure, doubting = (reader.read_text(f"we count kudos here {tail}") for tail in ("now", "but what would we lose"))
    assert doubting.probabilities[Pattern.NUMBERS_OBSESSED] < sure.probabilities[Pattern.NUMBERS_OBSESSED]


def test_the_shipped_lexicon_has_many_cues_for_every_pattern() -> None:
    counted = {pattern: sum(cue.pattern is pattern for cue in shipped_lexicon().cues) for pattern in MESSAGE_PATTERNS}
    assert min(counted.values()) >= 15
    assert len(shipped_lexicon().phrases) > 3_000


def test_no_two_cues_share_a_full_name() -> None:
    names = shipped_lexicon().names
    assert len(set(names)) == len(names)
