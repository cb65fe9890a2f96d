"""What a channel's agreement is after a pause."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.charter import CharterState, agreed, introduced, invited, paused, resumed
from bot.domain.restraint import GENTLE, REHEARSAL
from tests.talk import MONDAY

LATER = MONDAY + timedelta(hours=1)


def test_a_rehearsal_speaks_again_after_a_pause() -> None:
    speaking = introduced(invited("ana", MONDAY), REHEARSAL, MONDAY)
    assert resumed(paused(speaking, MONDAY), REHEARSAL, LATER).state is CharterState.SPEAKING


def test_a_channel_that_had_not_said_yes_goes_on_listening_after_a_pause() -> None:
    listening = introduced(invited("ana", MONDAY), GENTLE, MONDAY)
    assert resumed(paused(listening, MONDAY), GENTLE, LATER).state is CharterState.LISTENING


def test_a_term_that_runs_goes_on_after_a_pause() -> None:
    assert resumed(paused(agreed(invited("ana", MONDAY), MONDAY), MONDAY), GENTLE, LATER).state is CharterState.SPEAKING


def test_a_term_that_ended_during_the_pause_is_no_yes_any_more() -> None:
    away = paused(agreed(invited("ana", MONDAY), MONDAY), MONDAY)
    for days, state in ((89, CharterState.SPEAKING), (90, CharterState.LISTENING)):
        assert resumed(away, GENTLE, MONDAY + timedelta(days=days)).state is state
