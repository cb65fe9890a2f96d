"""What the doctor sees of Teams: whether its sign-in gives Kith a token, and whether its door can be reached."""

from __future__ import annotations

from bot.bootstrap.doctor.finding import Finding, Mark
from bot.bootstrap.teams import token_request
from bot.config import Settings
from bot.domain.content import Content
from bot.errors import PlatformError


async def teams_findings(settings: Settings, content: Content) -> list[Finding]:
    """Everything about Teams, if the settings name it."""
    if settings.teams_app_id is None:
        return []
    import aiohttp  # only now, as the platform's own parts below

    from adapters.teams.bearer import Bearer

    found = []
    async with aiohttp.ClientSession() as session:
        try:
            await Bearer(session, token_request(settings)).headers()
            found.append(Finding(mark=Mark.OK, text=content.say("doctor.teams.token")))
        except PlatformError as exc:
            found.append(
                Finding(mark=Mark.WRONG, text=content.say("doctor.teams.token_refused", why=exc.facts["problem"]))
            )
    if settings.teams_without_tokens:
        found.append(Finding(mark=Mark.NOTE, text=content.say("doctor.teams.without_tokens")))
    return found
