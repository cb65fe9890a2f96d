"""Answer a pressed button: the question's own (why, useful, not now, not here), the charter's, and one's own data."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from bot.domain.audit import Change, What
from bot.domain.channel import Channel
from bot.domain.charter import CharterState, paused
from bot.domain.events import ChoiceMade
from bot.domain.ledger import Entry, Verdict
from bot.domain.outgoing import Outgoing, OutgoingKind
from bot.domain.restraint import NOT_HERE_LIMIT, NOT_HERE_REST
from bot.domain.speech import Place, Reply, text
from bot.ports import House
from bot.usecases import alone
from bot.usecases.asking.why import why
from bot.usecases.channels import charter, settings
from bot.usecases.channels.changing import change
from bot.usecases.check_ins import agree as check_ins
from bot.usecases.check_ins import answering as check_in_answering
from bot.usecases.checks import ask, check, path, path_round
from bot.usecases.keeping import own_data
from bot.usecases.workspaces import form as workspace_form
from bot.usecases.workspaces import own_words
from bot.usecases.workspaces.changes import line_of, show_changes


class Act(Protocol):
    """What a button does in a channel."""

    def __call__(self, channel: Channel, asker: ChoiceMade, /, *, house: House, now: datetime) -> Awaitable[Reply]: ...


async def choose(event: ChoiceMade, *, house: House, now: datetime) -> Reply:
    """What the button does; a stale or forged one is answered in one sentence and changes nothing."""
    channel = await house.store.channels.get(event.channel)
    if channel is None and (anywhere := _ANYWHERE.get(event.choice)) is not None:
        return await anywhere(None, event, house=house, now=now)
    if channel is None and event.choice in alone.CHOICES:
        nobody_else = alone.no_channel(event.channel, event.at, house)
        return alone.for_one(await _ABOUT_CHANNEL[event.choice](nobody_else, event, house=house, now=now))
    if channel is None:
        return Reply(message=text(house.content.say("not_in_channel")))
    house = house.speaking(channel.settings.locale)
    if (act := _ABOUT_CHANNEL.get(event.choice)) is not None:
        return await act(channel, event, house=house, now=now)
    entry = await house.store.ledger.entry(event.channel, event.about)
    if entry is None or entry.reason is not None or event.choice not in (*Verdict, "why"):
        return Reply(message=text(house.content.say("choice.stale")))
    if event.choice == "why":
        return await why(entry, channel, house=house)
    return await _answer(Verdict(event.choice), entry, channel, house, now)


class AnywhereAct(Protocol):
    """What a button does wherever it is pressed, whether Kith is there or not."""

    def __call__(
        self, channel: Channel | None, asker: ChoiceMade, /, *, house: House, now: datetime
    ) -> Awaitable[Reply]: ...


_ANYWHERE: dict[str, AnywhereAct] = {
    "data": own_data.show,
    "opt_out": own_data.opt_out,
    "opt_in": own_data.opt_in,
    "forget_me": own_data.forget_me,
    "workspace": workspace_form.open_workspace,
    "numbers": workspace_form.open_numbers,
}

_ABOUT_CHANNEL: dict[str, Act] = {
    **_ANYWHERE,
    "changes": show_changes,
    "data_copy": own_data.copy,
    "agree": charter.agree,
    "pause": charter.pause,
    "resume": charter.resume,
    "leave": charter.leave,
    "settings": settings.open_settings,
    "share_question": ask.share,
    "why_question": ask.why_question,
    "check_share": check.share_check,
    "path_share": path.share_path,
    "path_rather": path.open_rather,
    "path_team": path_round.begin,
    "round_answer": path_round.open_answer,
    "round_together": path_round.ask_to_show,
    "round_show": path_round.show,
    "checkin_list": check_ins.show,
    "checkin_new": check_ins.begin,
    "checkin_edit": check_ins.choose_edit,
    "checkin_skip": check_ins.choose_skip,
    "checkin_stop": check_ins.choose_stop,
    "checkin_answer": check_in_answering.open_answer,
    "checkin_why": check_in_answering.why,
    "words_change": own_words.change_words,
    "words_delete": own_words.delete_words,
}


async def _answer(verdict: Verdict, entry: Entry, channel: Channel, house: House, now: datetime) -> Reply:
    """Count the verdict, nobody's in particular. "Not here" stills the pattern for 60 days from now; in the row that
    makes Kith step back, each question counts once."""
    times = await house.store.ledger.answer(channel.ref, entry.id, verdict)
    stepped_back = False

    def step(found: Channel) -> Channel:
        nonlocal stepped_back
        stepped_back = False  # by the newest state: somebody else may have paused Kith, or said yes, meanwhile
        history = found.history
        if verdict is Verdict.USEFUL:
            return replace(found, history=replace(history, not_here_in_a_row=0))
        if verdict is not Verdict.NOT_HERE:
            return found
        in_a_row = history.not_here_in_a_row + (times == 1)
        stilled = {**history.stilled, entry.pattern: now + NOT_HERE_REST}
        limit = in_a_row >= NOT_HERE_LIMIT
        history = replace(history, stilled=stilled, not_here_in_a_row=0 if limit else in_a_row)
        stepped_back = limit and found.charter.state is not CharterState.PAUSED
        return replace(found, history=history, charter=paused(found.charter, now) if stepped_back else found.charter)

    def told(_: Channel, __: Channel) -> Change | None:
        return line_of(What.PAUSED, channel, None, now=now) if stepped_back else None

    after = await change(channel.ref, step, house=house, told=told)
    if after is not None and stepped_back:
        await house.store.outbox.put(
            Outgoing(
                id=f"stepped-back-{entry.id}",
                place=Place(channel=channel.ref),
                kind=OutgoingKind.STEPPED_BACK,
                due_at=now,
            )
        )
    return Reply(message=text(house.content.say(f"verdict.{verdict}")))
