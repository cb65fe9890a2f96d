"""What the doctor sees of the companion: whether a language model that is named answers, and with what."""

from __future__ import annotations

from adapters.companion import HttpCompanion, Stands, Trial
from adapters.prompt_files import shipped_content
from bot.bootstrap.building import opened_companion
from bot.bootstrap.doctor.finding import Finding, Mark
from bot.config import Settings
from bot.domain.companion import Prompt
from bot.domain.companion_rules import SPOKEN_IN, fit
from bot.domain.content import Content

OWN = "numbers-obsessed-01"
"""The question of Kith's own that goes with the sentence it is tried with."""


async def companion_findings(settings: Settings, content: Content) -> list[Finding]:
    """Everything about a language model, if the settings name one; it is asked one question, which costs as much."""
    if settings.companion_url is None:
        return []
    if not settings.companion_model:
        return [Finding(mark=Mark.WRONG, text=content.say("doctor.companion.model"))]
    async with opened_companion(settings) as companion:
        if not isinstance(companion, HttpCompanion):
            return []
        asked = shipped_content(min(SPOKEN_IN))
        own = next(q.plain or q.text for p in asked.patterns.values() for q in p.questions if q.id == OWN)
        trial = await companion.tried(
            Prompt(system=asked.say("companion.system", own=own), said=asked.say("doctor.companion.said"))
        )
    return [_found(trial, settings, companion.host, content, fits=fit(trial.sentence, asked) is not None)]


def _found(trial: Trial, settings: Settings, host: str, content: Content, *, fits: bool) -> Finding:
    facts = {
        "model": settings.companion_model,
        "host": host,
        "protocol": settings.companion_protocol,
        "seconds": f"{settings.companion_seconds:g}",
        "status": trial.status,
    }
    if trial.stands is not Stands.ANSWERS:
        return Finding(mark=Mark.WRONG, text=content.say(f"doctor.companion.{trial.stands}", **facts))
    if not fits:
        return Finding(mark=Mark.NOTE, text=content.say("doctor.companion.unfit", **facts))
    return Finding(mark=Mark.OK, text=content.say("doctor.companion", **facts))
