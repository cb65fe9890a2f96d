"""What stands for people and messages in a window, and when windows begin and end."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.window import WINDOW_LENGTH, WindowKey, window_start
from tests.talk import MONDAY

A, B = WindowKey(opened_at=MONDAY, salt=b"a" * 16), WindowKey(opened_at=MONDAY + WINDOW_LENGTH, salt=b"b" * 16)
ids = st.text(min_size=1, max_size=20)


@given(ids, ids)
def test_a_pseudonym_is_the_same_all_through_a_window_and_another_in_the_next(one: str, other: str) -> None:
    assert A.pseudonym(one) == A.pseudonym(one)
    assert A.pseudonym(one) != B.pseudonym(one)
    assert (A.pseudonym(one) == A.pseudonym(other)) == (one == other)


@given(ids)
def test_without_the_windows_salt_nobody_can_work_out_a_pseudonym_or_a_secret(platform_id: str) -> None:
    guessed = WindowKey(opened_at=MONDAY, salt=b"")
    assert A.pseudonym(platform_id) != guessed.pseudonym(platform_id)
    assert platform_id not in A.pseudonym(platform_id) or len(platform_id) < 3
    assert len({A.secret_of(platform_id), B.secret_of(platform_id), guessed.secret_of(platform_id)}) == 3
    assert not A.secret_of(platform_id).hex().startswith(A.pseudonym(platform_id))


@given(st.integers(-60 * 24 * 60, 60 * 24 * 60))
def test_every_moment_lies_in_one_window(minutes: int) -> None:
    at = MONDAY + timedelta(minutes=minutes)
    opened = window_start(MONDAY, at)
    assert WindowKey(opened_at=opened, salt=b"").covers(at)
    assert (opened - MONDAY) % WINDOW_LENGTH == timedelta(0)
