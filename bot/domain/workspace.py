"""What a workspace decides for all its channels; where it has decided nothing, the deployment's own settings hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from bot.domain.channel import ChannelSettings
from bot.domain.charter import CharterRule
from bot.domain.restraint import GENTLE, PROFILES, Restraint, moved
from bot.domain.window import WINDOW_LENGTH

MOST_KEPT_DAYS = WINDOW_LENGTH.days
"""The longest that anything is kept of a message; a workspace may only choose less."""

LEAST_KEPT_DAYS = 2
"""A finding needs two days; what is kept for less can never become one."""

MOST_ADMINS = 50
"""So many people may be named as admins beside the platform's own."""

LONGEST_HELP = 300
"""Characters of the line on human help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceSettings:
    """A workspace's own settings; None (for holidays: "") where it has decided nothing.

    `rule` and `human_help` hold everywhere at once; `profile`, hours, `zone` and `locale` are what newly invited
    channels start with. `holidays` is a country's code. `keeps_days` is how long traces are kept, `admins` are people
    (platform ids) who are admins in Kith beside the platform's own, `numbers` what was moved in each profile (within
    `restraint.BOUNDS`). `companion` is the workspace's key to a language model. `version` goes up with every change.
    """

    rule: CharterRule | None = None
    human_help: str | None = None
    profile: str | None = None
    opens: time | None = None
    closes: time | None = None
    zone: str | None = None
    locale: str | None = None
    holidays: str = ""
    keeps_days: int | None = None
    admins: frozenset[str] = frozenset()
    companion: bool = False
    numbers: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    version: int = 0

    def newcomer(self, deployment: ChannelSettings) -> ChannelSettings:
        """What a newly invited channel starts with."""
        return replace(
            deployment,
            profile=self.profile or deployment.profile,
            opens=self.opens or deployment.opens,
            closes=self.closes or deployment.closes,
            zone=self.zone or deployment.zone,
            locale=self.locale or deployment.locale,
        )

    def restraint(self, profile: str) -> Restraint:
        """A profile with this workspace's numbers; an unknown name is as quiet as the default."""
        known = PROFILES.get(profile, GENTLE)
        return moved(known, self.numbers.get(known.name, {}))

    def kept_since(self, now: datetime) -> datetime | None:
        """Traces from before this moment are not kept any more; None: they go with their window."""
        return None if self.keeps_days is None else now - timedelta(days=max(self.keeps_days, LEAST_KEPT_DAYS))
