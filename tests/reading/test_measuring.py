"""How the reading is measured and calibrated."""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.patterns import MESSAGE_PATTERNS, Pattern
from training.data import ChatLine, Message, chat_of, export_lines, messages_of, unnamed_worlds, worlds_of
from training.evaluate import evaluate
from training.lexical.lexicon import WEIGHTS, load_weights, shipped_lexicon
from training.metrics import Share, average_precision, bar_for, share
from training.read_by import Verdict, by_command, lexical

NUMBERS = Pattern.NUMBERS_OBSESSED


def message(text: str, grade: int, kind: str) -> Message:
    return Message(id=text, world="w", text=text, grades={NUMBERS: grade} if grade else {}, kind=kind)


def marked(texts: Sequence[str]) -> list[Verdict]:
    verdicts = []
    for text in texts:
        chance = 0.9 if "!" in text else 0.1
        probabilities = dict.fromkeys(MESSAGE_PATTERNS, 0.01) | {NUMBERS: chance}
        verdicts.append(Verdict(probabilities=probabilities, clear=frozenset({NUMBERS} if chance > 0.5 else ())))
    return verdicts


MESSAGES = [
    message("a!", 2, "clear"),
    message("b", 2, "clear"),
    message("c!", 1, "arguable"),
    message("d!", 0, "near_miss"),
    message("e", 0, "ordinary"),
]


def test_a_share_has_wilsons_interval() -> None:
    found = share(9, 10)
    assert (round(found.low, 3), round(found.high, 3)) == (0.596, 0.982)


def test_a_share_of_nothing_has_no_value() -> None:
    assert share(0, 0).value is None


def test_average_precision_counts_from_the_top() -> None:
    assert average_precision([0.9, 0.8, 0.7, 0.1], [True, False, True, False]) == pytest.approx((1 + 2 / 3) / 2)


def test_equal_scores_count_together() -> None:
    assert average_precision([0.5, 0.5], [True, False]) == average_precision([0.5, 0.5], [False, True]) == 0.5


@given(st.lists(st.floats(0, 1), min_size=1, max_size=300), st.sampled_from([1.0, 5.0, 50.0]))
def test_no_more_than_the_rate_exceeds_the_bar(scores: list[float], rate: float) -> None:
    assert sum(score > bar_for(scores, rate) for score in scores) <= len(scores) * rate / 1000.0


def test_grade_one_counts_neither_as_right_nor_as_wrong() -> None:
    report = evaluate(marked, MESSAGES, [])
    patterns = report["patterns"]
    assert isinstance(patterns, dict)
    numbers = patterns[NUMBERS.value]
    assert (numbers["precision"].hits, numbers["precision"].of) == (1, 2)
    assert (numbers["recall"].hits, numbers["recall"].of) == (1, 2)


def test_flagged_chat_is_counted_by_source_and_not_repeated() -> None:
    report = evaluate(marked, MESSAGES, [ChatLine(source="s", text="secret!"), ChatLine(source="s", text="calm")])
    assert report["flagged per source"] == {"s": {"lines": 2, "flagged": 1, "per 1,000": 500.0, "fitted on": False}}
    assert "secret" not in str(report)


def test_near_misses_that_are_flagged_are_counted() -> None:
    flagged = evaluate(marked, MESSAGES, [])["near misses flagged"]
    assert isinstance(flagged, Share)
    assert (flagged.hits, flagged.of) == (1, 1)


def test_a_command_that_reads_like_kith_read_can_be_measured(tmp_path: Path) -> None:
    texts = ["Five kudos each by Friday, anything counts; you're bottom of the leaderboard.", "morning all, ok?"]
    script = tmp_path / "reader.py"
    script.write_text(
        "import asyncio, sys\nfrom training.lexical.reader import LexicalReader\n"
        "from bot.usecases.read_lines import read_lines\n"
        "async def main():\n    async for line in read_lines(sys.stdin, reader=LexicalReader()):\n        print(line)\n"
        "asyncio.run(main())\n",
        encoding="utf-8",
    )
    by_it = by_command(f"{sys.executable} {script}")(texts)
    assert [verdict.clear for verdict in by_it] == [verdict.clear for verdict in lexical(texts)]


def test_no_world_is_both_trained_and_tested_on() -> None:
    worlds = [world for split in ("train", "dev", "test") for world in worlds_of(split)]
    assert len(set(worlds)) == len(worlds)
    assert not set(unnamed_worlds()) & set(worlds)


def test_labelled_messages_are_read_with_their_grades() -> None:
    assert all(set(row.grades.values()) <= {1, 2} for row in messages_of(worlds_of("train")))


def test_missing_chat_counts_as_none(tmp_path: Path) -> None:
    assert chat_of(tmp_path, ["livechat_gitter"]) == []


def test_bots_and_joins_of_an_export_are_left_out(tmp_path: Path) -> None:
    rows = [
        {"type": "message", "user": "U1", "text": "hello"},
        {"type": "message", "subtype": "channel_join", "user": "U1", "text": "joined"},
        {"type": "message", "bot_id": "B1", "text": "beep"},
        {"type": "message", "user": "U1", "text": ""},
    ]
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as export:
        export.writestr("general/2026-01-01.json", json.dumps(rows))
        export.writestr("general/broken.json", "{")
        export.writestr("users.json", "[]")
    assert export_lines(tmp_path / "e.zip") == [ChatLine(source="e", text="hello")]


def test_the_shipped_weights_know_every_cue_and_none_is_negative() -> None:
    weights = load_weights(WEIGHTS)
    assert set(weights.cues) == set(shipped_lexicon().names)
    assert min(weights.cues.values()) >= 0.0
    assert set(weights.threshold) == set(MESSAGE_PATTERNS)


def test_no_row_of_real_chat_stands_in_the_weights() -> None:
    raw = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    assert set(raw) == {"made_by", "train", "dev", "chat", "bias", "slope", "threshold", "cues"}
    assert all(isinstance(count, int) for count in raw["chat"].values())
