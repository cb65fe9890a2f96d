"""Let a language model help to word a question, where the deployment and the workspace both want that, and check it.

What goes out is what one person said to Kith, and nothing else: no name, no id, nothing that was overheard. What comes
back is shown only if it is a question that Kith itself could ask (`domain.companion_rules`).
"""

from __future__ import annotations

from datetime import datetime

from bot.domain.companion import LONGEST_TEXT, Prompt
from bot.domain.companion_rules import SPOKEN_IN, fit
from bot.domain.intents import Intent, intent_of
from bot.domain.speech import Emphasis, Paragraph, Part
from bot.ports import House


def invited(house: House) -> bool:
    """Whether both keys are turned: the deployment has set a model up, and the workspace wants one."""
    return house.companion is not None and house.workspace.companion and house.content.locale in SPOKEN_IN


async def worded(said: str, own: str, *, workspace: str, by: str, house: House, now: datetime) -> str | None:
    """A question on what somebody said to Kith, worded by the companion; None: Kith's `own` is to be asked. Nothing
    goes out for people who asked not to be read, nor where a person is needed, nor over a ceiling."""
    companion = house.companion
    if companion is None or not invited(house) or not said.strip() or len(said) > LONGEST_TEXT:
        return None
    if intent_of(said, house.content.cues, read=True) is Intent.HAND_OVER:
        return None
    if await house.store.choices.opted_out(workspace, by):
        return None
    prompt = Prompt(system=house.content.say("companion.system", own=own), said=said)
    most = companion.most_tokens(prompt)
    if not await house.store.spendings.reserve(workspace, most, ceiling=companion.ceiling, now=now):
        return None
    answer = await companion.word(prompt)
    if answer is None:  # nobody knows what it has cost
        return None
    await house.store.spendings.correct(workspace, answer.tokens - most, now=now)
    return fit(answer.sentence, house.content)


async def offered(said: str, own: str, *, workspace: str, by: str, house: House, now: datetime) -> tuple[Part, ...]:
    """The companion's question with the note that it is one; nothing where there is none."""
    sentence = await worded(said, own, workspace=workspace, by=by, house=house, now=now)
    if sentence is None:
        return ()
    return (Paragraph(text=sentence, emphasis=Emphasis.QUESTION), disclosed(house))


def disclosed(house: House) -> Paragraph:
    """That a language model helped, and which host was asked."""
    host = house.companion.host if house.companion else ""
    return Paragraph(text=house.content.say("companion.note", host=host), emphasis=Emphasis.NOTE)


def told(house: House, where: str) -> tuple[Paragraph, ...]:
    """Before anybody says anything: that a language model may help here, in the words for `where`; nothing where none
    may."""
    if house.companion is None or not invited(house):
        return ()
    return (Paragraph(text=house.content.say(f"companion.told.{where}", host=house.companion.host)),)
