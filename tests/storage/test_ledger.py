"""The contract of the ledger: one replica asks, what is held back stands once, and foreign ids find nothing."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.domain.ledger import HeldReason, Verdict
from bot.domain.patterns import Pattern
from tests.storage.conftest import AnyStore
from tests.storage.samples import (
    ELSEWHERE,
    IDEAS,
    OTHER,
    T0,
    a_channel,
    a_held_entry,
    a_message,
    an_entry,
    days,
    minutes,
)

Replicas = tuple[AnyStore, AnyStore]


@pytest.fixture
async def room(store: AnyStore) -> AnyStore:
    """A store with Kith in one channel."""
    await store.channels.add(a_channel())
    return store


async def test_a_question_is_written_down_and_queued_together(room: AnyStore) -> None:
    assert await room.ledger.ask(IDEAS, an_entry(), a_message(), last_spoke_at=None)
    assert await room.ledger.entries(IDEAS) == [an_entry()]
    assert await room.outbox.take(T0, lease=minutes(1)) == [a_message()]


async def test_who_knows_of_an_older_turn_may_not_ask(room: AnyStore) -> None:
    await room.ledger.ask(IDEAS, an_entry("e1"), a_message("o1"), last_spoke_at=None)
    later = T0 + days(8)
    assert not await room.ledger.ask(IDEAS, an_entry("e2", later), a_message("o2"), last_spoke_at=None)
    assert not await room.ledger.ask(
        IDEAS, an_entry("e2", later), a_message("o2"), last_spoke_at=T0 - timedelta(microseconds=1)
    )
    assert await room.ledger.entries(IDEAS) == [an_entry("e1")]
    assert len(await room.outbox.take(later, lease=minutes(1))) == 1
    assert await room.ledger.ask(IDEAS, an_entry("e2", later), a_message("o2"), last_spoke_at=T0)


async def test_a_turn_never_moves_back_or_stands_still(room: AnyStore) -> None:
    await room.ledger.ask(IDEAS, an_entry("e1"), a_message("o1"), last_spoke_at=None)
    for at in (T0, T0 - days(1)):
        assert not await room.ledger.ask(IDEAS, an_entry("e2", at), a_message("o2"), last_spoke_at=T0)


async def test_of_replicas_that_ask_at_once_one_is_heard(replicas: Replicas) -> None:
    await replicas[0].channels.add(a_channel())
    last = None
    for turn in range(3):
        at = T0 + days(turn)
        asked = await asyncio.gather(
            *(
                replicas[n % 2].ledger.ask(
                    IDEAS, an_entry(f"e{turn}-{n}", at), a_message(f"o{turn}-{n}", due_at=at), last_spoke_at=last
                )
                for n in range(8)
            )
        )
        assert sum(asked) == 1
        last = at
    assert len(await replicas[0].ledger.entries(IDEAS)) == 3
    channel = await replicas[1].channels.get(IDEAS)
    assert channel is not None
    assert channel.history.last_spoke_at == last


async def test_a_question_whose_message_is_queued_already_is_not_asked(room: AnyStore) -> None:
    await room.outbox.put(a_message("o1"))
    assert not await room.ledger.ask(IDEAS, an_entry("e1"), a_message("o1"), last_spoke_at=None)
    assert await room.ledger.entries(IDEAS) == []
    assert await room.ledger.ask(IDEAS, an_entry("e1"), a_message("o2"), last_spoke_at=None)


async def test_a_question_whose_entry_stands_already_is_not_asked(room: AnyStore) -> None:
    await room.ledger.hold(IDEAS, a_held_entry("e1"))
    assert not await room.ledger.ask(IDEAS, an_entry("e1"), a_message("o1"), last_spoke_at=None)
    assert await room.outbox.take(T0, lease=minutes(1)) == []
    assert await room.ledger.ask(IDEAS, an_entry("e2"), a_message("o1"), last_spoke_at=None)


async def test_in_a_channel_that_has_gone_nothing_is_asked_or_held_back(room: AnyStore) -> None:
    await room.channels.forget(IDEAS)
    assert not await room.ledger.ask(IDEAS, an_entry(), a_message(), last_spoke_at=None)
    assert not await room.ledger.hold(IDEAS, a_held_entry())
    assert await room.ledger.entries(IDEAS) == []
    assert await room.outbox.take(T0, lease=minutes(1)) == []


async def test_one_channels_question_leaves_another_its_turn(room: AnyStore) -> None:
    await room.channels.add(a_channel(OTHER))
    assert await room.ledger.ask(IDEAS, an_entry(), a_message(), last_spoke_at=None)
    assert await room.ledger.ask(OTHER, an_entry(), a_message(ref=OTHER), last_spoke_at=None)


async def test_an_entry_comes_back_as_it_was_written(room: AnyStore) -> None:
    entry = a_held_entry(
        "e1",
        pattern=Pattern.FEW_VOICES,
        question=None,
        topic="growth",
        counts={"messages": 12, "share": 0.25, "of": 1.0},
        window=T0 - days(14),
        reason=HeldReason.ONE_WINDOW_ONLY,
        verdicts={Verdict.USEFUL: 2},
    )
    assert await room.ledger.hold(IDEAS, entry)
    assert await room.ledger.entry(IDEAS, "e1") == entry


async def test_whole_numbers_stay_whole_and_shares_stay_shares(room: AnyStore) -> None:
    await room.ledger.hold(IDEAS, a_held_entry("e1", counts={"messages": 1, "share": 1.0}))
    entry = await room.ledger.entry(IDEAS, "e1")
    assert entry is not None
    assert [type(value) for _, value in sorted(entry.counts.items())] == [int, float]


async def test_what_is_held_back_stands_once_a_pattern_reason_and_window(room: AnyStore) -> None:
    assert await room.ledger.hold(IDEAS, a_held_entry("e1"))
    assert not await room.ledger.hold(IDEAS, a_held_entry("e2", T0 + days(1)))
    assert await room.ledger.hold(IDEAS, a_held_entry("e3", pattern=Pattern.REACTIONARY))
    assert await room.ledger.hold(IDEAS, a_held_entry("e4", reason=HeldReason.OUTSIDE_HOURS))
    assert await room.ledger.hold(IDEAS, a_held_entry("e5", window=T0 + days(14)))
    assert {entry.id for entry in await room.ledger.entries(IDEAS)} == {"e1", "e3", "e4", "e5"}


async def test_replicas_that_hold_back_at_once_write_one_line(replicas: Replicas) -> None:
    await replicas[0].channels.add(a_channel())
    held = await asyncio.gather(*(replicas[n % 2].ledger.hold(IDEAS, a_held_entry(f"e{n}")) for n in range(6)))
    assert sum(held) == 1


async def test_an_id_is_held_back_once(room: AnyStore) -> None:
    assert await room.ledger.hold(IDEAS, a_held_entry("e1"))
    assert not await room.ledger.hold(IDEAS, a_held_entry("e1", pattern=Pattern.REACTIONARY))


async def test_questions_asked_in_one_window_do_not_stand_in_each_others_way(room: AnyStore) -> None:
    assert await room.ledger.ask(IDEAS, an_entry("e1"), a_message("o1"), last_spoke_at=None)
    later = T0 + days(2)
    assert await room.ledger.ask(IDEAS, an_entry("e2", later), a_message("o2"), last_spoke_at=T0)


async def test_entries_are_read_newest_first_and_so_many_at_most(room: AnyStore) -> None:
    for n, reason in enumerate(list(HeldReason)[:6]):
        await room.ledger.hold(IDEAS, a_held_entry(f"e{n}", T0 + minutes(-n if n % 2 else n), reason=reason))
    entries = await room.ledger.entries(IDEAS, at_most=4)
    assert [entry.id for entry in entries] == ["e4", "e2", "e0", "e1"]


async def test_an_id_from_nowhere_or_from_another_channel_finds_nothing(room: AnyStore) -> None:
    await room.ledger.hold(IDEAS, a_held_entry("e1"))
    await room.channels.add(a_channel(OTHER))
    for ref, entry_id in ((IDEAS, "e2"), (OTHER, "e1"), (ELSEWHERE, "e1"), (IDEAS, ""), (IDEAS, "e1' OR '1'='1")):
        assert await room.ledger.entry(ref, entry_id) is None
        assert not await room.ledger.answer(ref, entry_id, Verdict.USEFUL)


async def test_an_id_that_is_absurdly_long_finds_nothing(room: AnyStore) -> None:
    assert await room.ledger.entry(IDEAS, "x" * 100_000) is None
    assert not await room.ledger.answer(IDEAS, "x" * 100_000, Verdict.USEFUL)


async def test_answers_are_counted_and_belong_to_nobody(room: AnyStore) -> None:
    await room.ledger.ask(IDEAS, an_entry("e1"), a_message(), last_spoke_at=None)
    for verdict in (Verdict.USEFUL, Verdict.NOT_HERE, Verdict.USEFUL):
        assert await room.ledger.answer(IDEAS, "e1", verdict)
    entry = await room.ledger.entry(IDEAS, "e1")
    assert entry == an_entry("e1", verdicts={Verdict.USEFUL: 2, Verdict.NOT_HERE: 1})


async def test_answers_given_at_once_are_all_counted(replicas: Replicas) -> None:
    await replicas[0].channels.add(a_channel())
    await replicas[0].ledger.ask(IDEAS, an_entry("e1"), a_message(), last_spoke_at=None)
    await asyncio.gather(*(replicas[n % 2].ledger.answer(IDEAS, "e1", Verdict.NOT_NOW) for n in range(8)))
    entry = await replicas[1].ledger.entry(IDEAS, "e1")
    assert entry is not None
    assert entry.verdicts == {Verdict.NOT_NOW: 8}


async def test_words_in_the_place_of_ids_are_refused(room: AnyStore) -> None:
    for wrong in ({"topic": "our layoffs"}, {"question": "Why so many?"}, {"counts": {"ana wrote": 3}}):
        with pytest.raises(ValueError, match="must be an id, not words"):
            await room.ledger.hold(IDEAS, a_held_entry("e1", **wrong))
        with pytest.raises(ValueError, match="must be an id, not words"):
            await room.ledger.ask(IDEAS, an_entry("e1", **wrong), a_message(), last_spoke_at=None)
    assert await room.ledger.entries(IDEAS) == []


async def test_holding_back_without_a_reason_is_a_mistake(room: AnyStore) -> None:
    with pytest.raises(ValueError, match="needs a reason"):
        await room.ledger.hold(IDEAS, an_entry("e1"))


async def test_a_question_that_was_not_said_gives_its_turn_back(room: AnyStore) -> None:
    await room.ledger.ask(IDEAS, an_entry("e1"), a_message("o1"), last_spoke_at=None)
    later = T0 + days(8)
    await room.ledger.ask(IDEAS, an_entry("e2", later), a_message("o2"), last_spoke_at=T0)
    assert await room.ledger.withdraw(IDEAS, "e2")
    assert await room.ledger.entries(IDEAS) == [an_entry("e1")]
    channel = await room.channels.get(IDEAS)
    assert channel is not None and channel.history.last_spoke_at == T0
    assert await room.ledger.ask(IDEAS, an_entry("e3", later), a_message("o3"), last_spoke_at=T0)


async def test_the_only_question_withdrawn_leaves_a_channel_that_was_never_asked(room: AnyStore) -> None:
    await room.ledger.ask(IDEAS, an_entry("e1"), a_message("o1"), last_spoke_at=None)
    assert await room.ledger.withdraw(IDEAS, "e1")
    assert not await room.ledger.withdraw(IDEAS, "e1")
    assert await room.ledger.ask(IDEAS, an_entry("e2"), a_message("o2"), last_spoke_at=None)


async def test_what_was_held_back_or_is_another_channels_is_not_withdrawn(room: AnyStore) -> None:
    await room.ledger.hold(IDEAS, a_held_entry("e1"))
    await room.ledger.ask(IDEAS, an_entry("e2"), a_message("o2"), last_spoke_at=None)
    assert not await room.ledger.withdraw(IDEAS, "e1")
    assert not await room.ledger.withdraw(ELSEWHERE, "e2")
    assert {entry.id for entry in await room.ledger.entries(IDEAS)} == {"e1", "e2"}


async def test_a_question_that_was_said_later_than_decided_counts_from_then_on(room: AnyStore) -> None:
    await room.ledger.ask(IDEAS, an_entry("e1"), a_message("o1"), last_spoke_at=None)
    said = T0 + timedelta(hours=20)
    await room.ledger.said(IDEAS, "e1", said)
    for earlier in (T0, said):
        await room.ledger.said(IDEAS, "e1", earlier)
    assert await room.ledger.entries(IDEAS) == [an_entry("e1", said)]
    channel = await room.channels.get(IDEAS)
    assert channel is not None
    assert [asked.at for asked in channel.history.asked] == [said]
    later = an_entry("e2", T0 + days(8))
    assert not await room.ledger.ask(IDEAS, later, a_message("o2"), last_spoke_at=T0)
    assert await room.ledger.ask(IDEAS, later, a_message("o2"), last_spoke_at=said)


async def test_what_was_held_back_or_is_another_channels_is_not_said(room: AnyStore) -> None:
    await room.channels.add(a_channel(OTHER))
    await room.ledger.hold(IDEAS, a_held_entry("e1"))
    await room.ledger.ask(IDEAS, an_entry("e2"), a_message("o2"), last_spoke_at=None)
    for ref, entry_id in ((IDEAS, "e1"), (OTHER, "e2"), (ELSEWHERE, "e2"), (IDEAS, "nowhere")):
        await room.ledger.said(ref, entry_id, T0 + days(1))
    assert {entry.at for entry in await room.ledger.entries(IDEAS)} == {T0}


async def test_a_question_withdrawn_while_another_is_asked_leaves_one_history(replicas: Replicas) -> None:
    first, second = replicas
    await first.channels.add(a_channel())
    await first.ledger.ask(IDEAS, an_entry("e0"), a_message("o0"), last_spoke_at=None)
    for n in range(1, 6):
        at = T0 + days(n)
        channel = await first.channels.get(IDEAS)
        assert channel is not None
        asked, _ = await asyncio.gather(
            second.ledger.ask(
                IDEAS, an_entry(f"e{n}", at), a_message(f"o{n}"), last_spoke_at=channel.history.last_spoke_at
            ),
            first.ledger.withdraw(IDEAS, f"e{n - 1}"),
        )
        after = await second.channels.get(IDEAS)
        assert after is not None
        if not asked:
            at += timedelta(hours=1)
            assert await first.ledger.ask(
                IDEAS, an_entry(f"e{n}", at), a_message(f"o{n}"), last_spoke_at=after.history.last_spoke_at
            )
