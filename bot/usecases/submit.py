"""Take a form that somebody sent to the use case it belongs to."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import datetime
from typing import Protocol

from bot.domain.channel import Channel
from bot.domain.events import FormSubmitted
from bot.domain.speech import Reply, text
from bot.ports import House
from bot.usecases import alone
from bot.usecases.channels import settings
from bot.usecases.check_ins import agree as check_ins
from bot.usecases.check_ins import answering as check_in_answering
from bot.usecases.checks import check, draft, path, path_round
from bot.usecases.workspaces import form as workspace_form
from bot.usecases.workspaces import own_words


class Submission(Protocol):
    """What happens when one kind of form is sent."""

    def __call__(self, channel: Channel, event: FormSubmitted, *, house: House, now: datetime) -> Awaitable[Reply]: ...


async def submit(event: FormSubmitted, *, house: House, now: datetime) -> Reply:
    """The answer to a form; a stale or forged one is answered in one sentence and changes nothing."""
    channel = await house.store.channels.get(event.channel)
    house = house.speaking(channel.settings.locale) if channel else house
    if (for_all := FORMS_FOR_ALL.get(event.form)) is not None:
        return await for_all(event, house=house, now=now)
    form = FORMS.get(event.form)
    if form is None:
        return await settings.submit(event, house=house, now=now)
    if channel is None and event.form in alone.FORMS:
        nobody_else = alone.no_channel(event.channel, event.at, house)
        return alone.for_one(await form(nobody_else, event, house=house, now=now))
    if channel is None:
        return Reply(message=text(house.content.say("not_in_channel")))
    return await form(channel, event, house=house, now=now)


class SubmissionForAll(Protocol):
    """What happens when a form is sent that is about the whole workspace, wherever it was opened."""

    def __call__(self, event: FormSubmitted, *, house: House, now: datetime) -> Awaitable[Reply]: ...


FORMS_FOR_ALL: dict[str, SubmissionForAll] = {
    "workspace": workspace_form.submit_workspace,
    "numbers": workspace_form.submit_numbers,
}
"""The forms of an admin; none of them needs Kith to be in the channel."""


FORMS: dict[str, Submission] = {
    "check": check.submit_check,
    "path": path.submit_path,
    "path_rather": path.submit_rather,
    "path_round": path_round.submit_answer,
    "draft": draft.submit_draft,
    "checkin": check_ins.submit,
    "checkin_answer": check_in_answering.submit_answer,
    "words": own_words.submit_words,
}
"""Every form of a channel but its settings, which stand by themselves."""
