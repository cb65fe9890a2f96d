"""How a model is made: the cases, the calibration, the thresholds, and the report of what is alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.patterns import MESSAGE_PATTERNS, Pattern
from training.calibration import gate_bar, platt, reaches, thresholds
from training.cases import ARGUABLE, BLOCK, labelled, noisy, ordinary, parted
from training.data import ChatLine, Message, second_grades
from training.duplicates import shared_grams

NUMBERS = Pattern.NUMBERS_OBSESSED
COLUMN = MESSAGE_PATTERNS.index(NUMBERS)


def message(text: str, grade: int, *, pair: str = "") -> Message:
    grades = {NUMBERS: grade} if grade else {}
    return Message(id=text, world="w", text=text, grades=grades, kind="clear" if grade else "near_miss", pair=pair)


def test_a_case_takes_its_targets_from_the_grades() -> None:
    clear, arguable, none = labelled([message("a", 2), message("b", 1), message("c", 0)])
    assert (clear.targets[COLUMN], arguable.targets[COLUMN], none.targets[COLUMN]) == (1.0, ARGUABLE, 0.0)
    assert (clear.targets[-1], arguable.targets[-1], none.targets[-1]) == (1.0, ARGUABLE, 0.0)


def test_a_pattern_graded_twice_and_far_apart_is_left_out() -> None:
    (case,) = labelled([message("a", 2)], second={"a": {}})
    assert case.weights[COLUMN] == case.weights[-1] == 0.0
    assert case.weights[0] == 1.0


def test_a_pattern_graded_twice_and_nearly_alike_counts_as_arguable() -> None:
    (case,) = labelled([message("a", 2)], second={"a": {NUMBERS: 1}})
    assert case.targets[COLUMN] == ARGUABLE


def test_a_near_miss_is_known_as_tempting() -> None:
    assert [case.tempting for case in labelled([message("a", 2), message("b", 0)])] == [False, True]


def test_chat_that_the_language_gate_stops_is_no_case() -> None:
    assert [
        case.text
        for case in ordinary([ChatLine(source="s", text="ok"), ChatLine(source="s", text="see you at the bus")])
    ] == ["see you at the bus"]


def test_chat_is_parted_in_blocks() -> None:
    lines = [ChatLine(source="s", text=str(k)) for k in range(8 * BLOCK)]
    fitting, held = parted(lines)
    assert (len(fitting), len(held)) == (6 * BLOCK, 2 * BLOCK)
    assert held[:BLOCK] == lines[:BLOCK]


@given(st.text(max_size=80), st.integers(0, 2**31))
def test_noise_is_the_same_for_the_same_seed(text: str, seed: int) -> None:
    assert noisy(text, np.random.default_rng(seed)) == noisy(text, np.random.default_rng(seed))


def test_second_grades_are_absent_without_files(tmp_path: object) -> None:
    from pathlib import Path

    assert second_grades(folder=Path(str(tmp_path))) == {}


@given(st.lists(st.floats(-5, 5), min_size=5, max_size=60), st.floats(0.5, 4.0))
def test_calibration_never_turns_the_order_round(logits: list[float], gap: float) -> None:
    values = np.array(logits)
    slope, offset = platt(values + gap, values, values - 1.0)
    assert slope > 0.0
    assert np.isfinite(offset)


def test_calibration_recovers_the_assumed_prevalence() -> None:
    rng = np.random.default_rng(1)
    clear, tempting, chat = rng.normal(3, 1, 4_000), rng.normal(0, 1, 4_000), rng.normal(-3, 1, 4_000)
    slope, offset = platt(clear, tempting, chat)
    chances = [1.0 / (1.0 + np.exp(-(slope * part + offset))) for part in (clear, tempting, chat)]
    mean = 0.01 * chances[0].mean() + 0.05 * chances[1].mean() + 0.94 * chances[2].mean()
    assert mean == pytest.approx(0.01, rel=0.1)


def test_the_gate_lets_nearly_all_clear_messages_through() -> None:
    logits = np.arange(1_000.0)
    assert (logits[500:] >= gate_bar(logits, logits >= 500.0)).sum() == 496


def test_the_reach_of_a_pattern_is_set_by_what_is_found_of_it() -> None:
    own = np.stack([np.arange(1_000.0), np.arange(1_000.0)], axis=1)
    found = np.stack([own[:, 0] >= 900.0, np.zeros(1_000, bool)], axis=1)
    bars = reaches(own, found)
    assert (own[900:, 0] >= bars[0]).sum() == 98
    assert (own[:, 1] >= bars[1]).sum() == 980


def logits_of(values: Sequence[float]) -> np.ndarray:
    logits = np.full((len(values), len(MESSAGE_PATTERNS)), -9.0)
    logits[:, COLUMN] = values
    return logits


def test_a_threshold_keeps_the_precision_asked_for() -> None:
    messages = [message(f"right {k}", 2) for k in range(40)] + [message(f"wrong {k}", 0) for k in range(40)]
    values = [4.0 - 0.01 * k for k in range(40)] + [-4.0 - 0.01 * k for k in range(40)]
    found = thresholds(logits_of(values), messages, np.full((10, len(MESSAGE_PATTERNS)), -9.0))
    flagged = [m.grade(NUMBERS) == 2 for m, value in zip(messages, values, strict=True) if value >= found[COLUMN]]
    assert sum(flagged) >= 30
    assert sum(flagged) / len(flagged) >= 0.95


def test_a_threshold_keeps_the_rate_of_alarms_asked_for() -> None:
    messages = [message(f"right {k}", 2) for k in range(40)] + [message(f"wrong {k}", 0) for k in range(40)]
    chat = np.full((1_000, len(MESSAGE_PATTERNS)), 3.0)
    found = thresholds(logits_of([2.0] * 40 + [-2.0] * 40), messages, chat)
    assert all((chat[:, k] >= bar).sum() == 0 for k, bar in enumerate(found))


def test_what_two_messages_share_is_counted_outside_their_pair() -> None:
    text = "every ward hands out five kudos before lunch today"
    alike = shared_grams([message(text, 2), message(text + " please", 0)])
    paired = shared_grams([message(text, 2, pair="p"), message(text + " please", 0, pair="p")])
    assert (alike["sharing at least 0.5"], paired["sharing at least 0.5"]) == (2, 0)
