"""`kith doctor`: looks whether everything that Kith needs is as it should be, and says what to do."""

from __future__ import annotations

from bot.bootstrap.building import content_of
from bot.bootstrap.doctor.companion import companion_findings
from bot.bootstrap.doctor.finding import Finding, Mark
from bot.bootstrap.doctor.house import house_findings
from bot.bootstrap.doctor.slack import slack_findings
from bot.bootstrap.doctor.teams import teams_findings
from bot.config import Settings
from bot.errors import ContentError

__all__ = ["Finding", "Mark", "examine"]


async def examine(settings: Settings) -> list[Finding]:
    """One line a thing, in the order in which to mend them; nothing is changed by looking."""
    try:
        content = content_of(settings)
    except ContentError as exc:
        return [Finding(mark=Mark.WRONG, text=str(exc))]
    platforms = [*await slack_findings(settings, content), *await teams_findings(settings, content)]
    if not settings.joins_a_workspace:
        platforms.append(Finding(mark=Mark.NOTE, text=content.say("doctor.no_platform")))
    companion = await companion_findings(settings, content)
    return [*await house_findings(settings, content), *companion, *platforms]
