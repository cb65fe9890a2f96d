"""Who speaks and who answers: turns, answers and open questions of a window, from counts alone (READING 5)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from bot.domain.window import Trace, Window

TURN_GAP = timedelta(minutes=5)
"""Messages of one person in one thread within this gap are one turn (READING 5)."""

THREAD_ANSWER = timedelta(hours=24)
"""A later turn by somebody else in the thread answers within this time (READING 5)."""

CHANNEL_ANSWER = timedelta(hours=1)
"""A turn by somebody else in the channel itself answers within this time (READING 5)."""

STILL_OPEN = timedelta(hours=24)
"""A question younger than this may yet be answered, so it counts neither way."""


class Turn(NamedTuple):
    """What one person said without a pause. `thread` is the key of the message that opened the thread, if any.

    A tuple and no dataclass: every look makes hundreds, and this makes looking three times as fast.
    """

    author: str
    thread: str | None
    keys: tuple[str, ...]
    begins: datetime
    ends: datetime
    question: bool
    reactions: int
    edited: bool


class Exchange(NamedTuple):
    """A turn with the author of the first turn that answered it (None: nobody did)."""

    turn: Turn
    answered_by: str | None

    @property
    def acknowledged(self) -> bool:
        return self.answered_by is not None or self.turn.reactions > 0


class View:
    """A window seen as a conversation; turns and answers are worked out once, and only if somebody asks for them."""

    def __init__(self, window: Window) -> None:
        self.window = window

    @cached_property
    def evident(self) -> tuple[Trace, ...]:
        """The traces that carry any pattern."""
        return tuple(trace for trace in self.window.traces if trace.evidence)

    @cached_property
    def turns(self) -> tuple[Turn, ...]:
        return turns_of(self.window.traces)

    @cached_property
    def exchanges(self) -> tuple[Exchange, ...]:
        return exchanges_of(self.turns)

    @cached_property
    def shares(self) -> tuple[float, ...]:
        return shares(self.turns)

    @property
    def members(self) -> int:
        """How many people could post: what the platform says, or at least those who did."""
        return max(self.window.members or 0, len(self.shares))

    @cached_property
    def open_questions(self) -> tuple[Exchange, ...]:
        """Questions that had a day to be answered and got neither reply, reaction nor edit."""
        return tuple(e for e in self.ripe_questions if not e.acknowledged and not e.turn.edited)

    @cached_property
    def ripe_questions(self) -> tuple[Exchange, ...]:
        """Questions that had a day to be answered."""
        if not self.window.traces:
            return ()
        ripe_before = self.window.traces[-1].at - STILL_OPEN
        return exchanges_of(self.turns, lambda turn: turn.question and turn.ends <= ripe_before)


def turns_of(traces: Sequence[Trace]) -> tuple[Turn, ...]:
    """Merge a person's messages in one thread that follow one another within TURN_GAP, nobody else speaking between.

    `traces` are ordered by time; so are the turns, by their beginning.
    """
    turns: list[Turn] = []
    last_in_thread: dict[str | None, int] = {}
    for trace in traces:
        place = last_in_thread.get(trace.thread)
        running = turns[place] if place is not None else None
        if place is not None and running and running.author == trace.author and trace.at - running.ends <= TURN_GAP:
            turns[place] = _continued(running, trace)
        else:
            last_in_thread[trace.thread] = len(turns)
            turns.append(_begun(trace))
    return tuple(turns)


def _begun(trace: Trace) -> Turn:
    at = trace.at
    return Turn(trace.author, trace.thread, (trace.key,), at, at, trace.question, trace.reactions, trace.edited)


def _continued(turn: Turn, trace: Trace) -> Turn:
    return turn._replace(
        keys=(*turn.keys, trace.key),
        ends=trace.at,
        question=turn.question or trace.question,
        reactions=turn.reactions + trace.reactions,
        edited=turn.edited or trace.edited,
    )


def exchanges_of(turns: Sequence[Turn], wanted: Callable[[Turn], bool] = lambda _: True) -> tuple[Exchange, ...]:
    """Pair every wanted turn with whoever answered first: in its thread within a day, or in the channel within an hour.

    A turn in the channel opens a thread of its own, so replies to any of its messages answer it.
    """
    in_thread: dict[str, list[Turn]] = {}
    in_channel: list[Turn] = []
    for turn in turns:
        if turn.thread is None:
            in_channel.append(turn)
        else:
            in_thread.setdefault(turn.thread, []).append(turn)
    answered: list[Exchange] = []
    position = 0
    for turn in turns:
        position += turn.thread is None
        if not wanted(turn):
            continue
        if turn.thread is not None:
            by = _first_other(in_thread[turn.thread], turn)
        else:
            after = in_channel[position] if position < len(in_channel) else None
            by = _first_reply(turn, in_thread) or _spoke_next(turn, after)
        answered.append(Exchange(turn, by))
    return tuple(answered)


def _first_reply(turn: Turn, in_thread: dict[str, list[Turn]]) -> str | None:
    for key in turn.keys:
        if (replies := in_thread.get(key)) and (by := _first_other(replies, turn)):
            return by
    return None


def _spoke_next(turn: Turn, after: Turn | None) -> str | None:
    """Whoever spoke next in the channel itself, if that was somebody else and soon enough."""
    if after is None or after.author == turn.author or after.begins - turn.ends > CHANNEL_ANSWER:
        return None
    return after.author


def _first_other(replies: Iterable[Turn], turn: Turn) -> str | None:
    for reply in replies:
        if reply.author != turn.author and timedelta(0) <= reply.begins - turn.ends <= THREAD_ANSWER:
            return reply.author
    return None


def shares(turns: Sequence[Turn]) -> tuple[float, ...]:
    """Each voice's share of the turns, largest first."""
    counts = Counter(turn.author for turn in turns)
    return tuple(count / len(turns) for _, count in counts.most_common())


def lower_bound(successes: int, trials: int) -> float:
    """The lower end of Wilson's 90 % interval for a share (Wilson 1927; READING 5); 0 without trials."""
    return _wilson(successes, trials)[0]


def upper_bound(successes: int, trials: int) -> float:
    """The upper end of Wilson's 90 % interval for a share; 1 without trials."""
    return _wilson(successes, trials)[1]


def _wilson(successes: int, trials: int) -> tuple[float, float]:
    if trials == 0:
        return 0.0, 1.0
    z = 1.6449
    share = successes / trials
    middle = share + z * z / (2 * trials)
    spread = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return max(0.0, (middle - spread) / (1 + z * z / trials)), min(1.0, (middle + spread) / (1 + z * z / trials))


def is_burst(turns: Sequence[Turn]) -> bool:
    """True if more than half of the turns fall within six hours: an incident, a workshop, a launch, but no habit."""
    half = len(turns) // 2
    span = timedelta(hours=6)
    return any(turns[i + half].begins - turns[i].begins <= span for i in range(len(turns) - half))


def one_thread_fills(turns: Sequence[Turn]) -> bool:
    """True if one thread holds most turns: an onboarding thread or a question hour, not the channel's habit."""
    counts = Counter(turn.thread for turn in turns if turn.thread is not None)
    return bool(counts) and counts.most_common(1)[0][1] * 2 > len(turns)
