"""Answer a pressed button: the question's own (why, useful, not now, not here), the charter's, and one's own data."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from bot.domain.channel import Channel
from bot.domain.charter import paused
from bot.domain.events import ChoiceMade
from bot.domain.ledger import Entry, Verdict
from bot.domain.outgoing import Outgoing, OutgoingKind
from bot.domain.restraint import NOT_HERE_LIMIT, NOT_HERE_REST
from bot.domain.speech import Place, Reply, text
from bot.ports import House
from bot.usecases import ask, charter, check, own_data, own_words, path, path_round, settings
from bot.usecases.why import why


class Act(Protocol):
    """What a button does in a channel."""

    def __call__(self, channel: Channel, asker: ChoiceMade, /, *, house: House, now: datetime) -> Awaitable[Reply]: ...


async def choose(event: ChoiceMade, *, house: House, now: datetime) -> Reply:
    """What the button does; a stale or forged one is answered in one sentence and changes nothing."""
    channel = await house.store.channels.get(event.channel)
    if channel is None:
        return Reply(message=text(house.content.say("not_in_channel")))
    if (act := _ABOUT_CHANNEL.get(event.choice)) is not None:
        return await act(channel, event, house=house, now=now)
    entry = await house.store.ledger.entry(event.channel, event.about)
    if entry is None or entry.reason is not None or event.choice not in (*Verdict, "why"):
        return Reply(message=text(house.content.say("choice.stale")))
    if event.choice == "why":
        return await why(entry, channel, house=house)
    return await _answer(Verdict(event.choice), entry, channel, house, now)


_ABOUT_CHANNEL: dict[str, Act] = {
    "agree": charter.agree,
    "pause": charter.pause,
    "resume": charter.resume,
    "leave": charter.leave,
    "settings": settings.open_settings,
    "share_question": ask.share,
    "why_question": ask.why_question,
    "data": own_data.show,
    "opt_out": own_data.opt_out,
    "opt_in": own_data.opt_in,
    "forget_me": own_data.forget_me,
    "check_share": check.share_check,
    "path_share": path.share_path,
    "path_rather": path.open_rather,
    "path_team": path_round.begin,
    "round_answer": path_round.open_answer,
    "round_together": path_round.ask_to_show,
    "round_show": path_round.show,
    "words_change": own_words.change_words,
    "words_delete": own_words.delete_words,
}


async def _answer(verdict: Verdict, entry: Entry, channel: Channel, house: House, now: datetime) -> Reply:
    """Count the verdict, nobody's in particular; the first "not here" to a question stills its pattern for 60 days."""
    first = not entry.verdicts.get(verdict)
    await house.store.ledger.answer(channel.ref, entry.id, verdict)
    history = channel.history
    if verdict is Verdict.NOT_HERE and first:
        stilled = {**history.stilled, entry.pattern: now + NOT_HERE_REST}
        history = replace(history, stilled=stilled, not_here_in_a_row=history.not_here_in_a_row + 1)
    elif verdict is Verdict.USEFUL:
        history = replace(history, not_here_in_a_row=0)
    changed = replace(channel, history=history)
    if charter.stepped_back(history, NOT_HERE_LIMIT):
        changed = await _step_back(changed, house, now)
    if changed != channel:
        await house.store.channels.save(changed)
    return Reply(message=text(house.content.say(f"verdict.{verdict}")))


async def _step_back(channel: Channel, house: House, now: datetime) -> Channel:
    """Three "not here" in a row: pause, and say so once."""
    await house.store.outbox.put(
        Outgoing(
            id=f"stepped-back-{channel.ref.workspace}-{channel.ref.channel}-{now.isoformat()}",
            place=Place(channel=channel.ref),
            kind=OutgoingKind.STEPPED_BACK,
            due_at=now,
        )
    )
    return replace(channel, charter=paused(channel.charter, now), history=replace(channel.history, not_here_in_a_row=0))
