"""Messages that were given up: list them, and send one again if what it says is still to be said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.domain.outgoing import Outgoing, OutgoingKind
from bot.errors import BadInputError
from bot.ports import House, Store


async def dead_letters(*, store: Store) -> Sequence[Outgoing]:
    """The oldest hundred."""
    return await store.outbox.dead()


async def resend(name: str, *, house: House, now: datetime) -> Outgoing:
    """Let the dead letter with this id go out again; BadInputError where there is none, or it has nothing to say any
    more: a question that was given up after too many tries has given its turn back, and Kith asks another in time."""
    found = [letter for letter in await house.store.outbox.dead(at_most=10_000) if letter.id == name]
    if not found:
        raise BadInputError(problem="There is no dead letter with this id; `kith outbox dead` lists them.")
    letter = found[0]
    if letter.kind is OutgoingKind.QUESTION:
        entry = await house.store.ledger.entry(letter.place.channel, letter.about)
        if entry is None:
            raise BadInputError(problem="This question gave its turn back; Kith will ask another when it is time.")
    if not await house.store.outbox.revive(letter, now):
        raise BadInputError(problem="Somebody else has sent it again already.")
    return letter
