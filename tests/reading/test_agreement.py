"""The second, blind reading of the labelled messages and its measures."""

from __future__ import annotations

import json
from pathlib import Path

from bot.domain.patterns import Pattern
from training.agreement import Pair, fingerprint, kappa, opposed, pairs_of, sample, table
from training.data import Message

EFFICIENCY = Pattern.EXTOLS_EFFICIENCY


def message(number: int, grade: int = 0) -> Message:
    return Message(
        id=f"w-{number}",
        world="w",
        text=f"text {number}",
        grades={EFFICIENCY: grade} if grade else {},
        kind="clear" if grade == 2 else "ordinary",
    )


def test_one_row_of_every_four_is_read_again_each_time_at_another_place() -> None:
    chosen = [m.id for m in sample([message(number) for number in range(16)])]
    assert chosen == ["w-3", "w-4", "w-9", "w-14"]


def test_full_agreement_is_one_and_agreement_by_chance_is_nought() -> None:
    assert kappa([(0, 0), (1, 1), (0, 0), (1, 1)]) == 1.0
    assert kappa([(0, 0), (0, 1), (1, 0), (1, 1)]) == 0.0


def test_weighted_kappa_forgives_a_grade_next_to_the_other() -> None:
    near = kappa([(2, 1), (0, 0), (2, 2), (0, 0)], weighted=True)
    far = kappa([(2, 0), (0, 0), (2, 2), (0, 0)], weighted=True)
    assert near is not None and far is not None and near > far


def test_kappa_of_one_and_the_same_grade_throughout_says_nothing() -> None:
    assert kappa([(0, 0), (0, 0)]) is None


def test_a_message_rewritten_since_is_left_out_and_counted(tmp_path: Path) -> None:
    row = {"id": "w-1", "text": "new", "grades": {}, "kind": "ordinary"}
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    (first / "w.jsonl").write_text(json.dumps(row), encoding="utf-8")
    (second / "w.jsonl").write_text(json.dumps({"id": "w-1", "grades": {}, "of": fingerprint("old")}), encoding="utf-8")
    assert pairs_of(["w"], first=first, second=second) == ([], ["w-1"])


def test_only_clear_against_nothing_is_listed_as_opposed() -> None:
    assert opposed(Pair(message=message(1, 2), second={})) == ["w-1 extols_efficiency: 2 first, 0 second"]
    assert opposed(Pair(message=message(1, 2), second={EFFICIENCY: 1})) == []


def test_the_table_has_a_line_for_every_pattern_and_kind() -> None:
    printed = table([Pair(message=message(1, 2), second={EFFICIENCY: 1}), Pair(message=message(2), second={})])
    assert "| extols_efficiency | 1 | 0 | 0 |" in printed
    assert "| clear | 1 | 1 (100.0%) | 1 (100.0%) |" in printed
