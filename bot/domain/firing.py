"""What is to happen with a check-in whose time has come: say it, or note what was missed, and go on to the next."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import takewhile

from bot.domain.check_in import OWN, ROTATION, CheckIn, Firing, Run, RunState, Skipped, outgoing
from bot.domain.content import Content, Question
from bot.domain.outgoing import OutgoingKind
from bot.domain.rhythm import Almanac, Slot, moment, next_slot, slots
from bot.domain.themes import Theme

MOST_NOTED = 31
"""So many missed slots are noted, the latest: a daily check-in's month."""


def fired(check_in: CheckIn, now: datetime, almanac: Almanac, content: Content) -> Firing:
    """The newest slot that has come is said if it is younger than the check-in's grace; all before it, and it if it is
    older, are noted as missed. A slot that a changed zone has moved into the future waits on."""
    if check_in.next is None:
        return Firing(check_in=check_in)
    come = tuple(_come(check_in, check_in.next, now, almanac))
    if not come:
        day = check_in.next.day
        return Firing(check_in=replace(check_in, next=Slot(day=day, at=moment(day, check_in.timing))))
    following = next_slot(check_in.timing, max(now, come[-1].at), almanac, since=come[-1].day + timedelta(days=1))
    runs = [_missed(check_in, slot) for slot in come]
    if now - come[-1].at > check_in.grace:
        return Firing(check_in=replace(check_in, next=following), runs=tuple(runs[-MOST_NOTED:]))
    question = question_of(check_in, content)
    run = replace(
        runs.pop(), state=RunState.WAITING, reason=None, question=question.id if question else None, turn=check_in.turn
    )
    said = {run.id: outgoing(OutgoingKind.CHECK_IN, run, now)}
    after = replace(check_in, next=following, turn=check_in.turn + 1)
    return Firing(check_in=after, runs=(*runs[-MOST_NOTED:], run), said=said)


def question_of(check_in: CheckIn, content: Content) -> Question | None:
    """The question whose turn it is: each of a theme comes once before any comes again, in an order of its own; a
    rotation takes one of each theme, then the next of each. None where the channel asks a question of its own."""
    if check_in.asks == OWN:
        return None
    themes = sorted((t for t in Theme if check_in.asks in (ROTATION, t)), key=lambda theme: _tie(check_in.id, theme))
    decks = [tuple(q for q in content.themes[theme].questions if "opening" in q.tags) for theme in themes]
    in_turn = [(deck, turn) for turn in range(max(map(len, decks), default=0)) for deck in decks if turn < len(deck)]
    if not in_turn:
        return None
    deck, place = in_turn[check_in.turn % len(in_turn)]
    return sorted(deck, key=lambda question: _tie(check_in.id, question.id))[place]


def follow_up_of(run: Run, content: Content) -> Question | None:
    """The question to go on with: of the theme that was asked about, in turn; of any, after a question of one's own."""
    theme = content.theme_of(run.question) if run.question else None
    of = [content.themes[theme]] if theme else list(content.themes.values())
    questions = [question for words in of for question in words.questions if "follow_up" in question.tags]
    ordered = sorted(questions, key=lambda question: _tie(run.check_in, question.id))
    return ordered[run.turn % len(ordered)] if ordered else None


def _come(check_in: CheckIn, due: Slot, now: datetime, almanac: Almanac) -> Iterator[Slot]:
    """The slot that was due, as the zone's rules stand today, and those after it that have come meanwhile."""
    first = Slot(day=due.day, at=moment(due.day, check_in.timing))
    if first.at <= now:
        yield first
        later = slots(check_in.timing, due.day + timedelta(days=1), almanac)
        yield from takewhile(lambda slot: slot.at <= now, later)


def _missed(check_in: CheckIn, slot: Slot) -> Run:
    return Run(
        ref=check_in.ref,
        check_in=check_in.id,
        slot=slot,
        state=RunState.SKIPPED,
        reason=Skipped.LATE,
        own_question=check_in.own_question if check_in.asks == OWN else "",
        answering=check_in.answering,
        open_for=check_in.open_for,
        reminds=check_in.reminds,
        zone=check_in.timing.zone,
    )


def _tie(seed: str, name: str) -> bytes:
    return hashlib.blake2b(f"{seed}/{name}".encode(), digest_size=8).digest()
