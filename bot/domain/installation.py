"""An installation: the right to speak in a workspace, as its people gave it to Kith."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

RENEW_BEFORE = timedelta(hours=2)
"""How long before a token ends it is exchanged for the next; chat platforms let them live for 12 hours."""

HANDSHAKE_LASTS = timedelta(minutes=10)
"""How long somebody may take between asking for Kith and saying yes on the platform's own page."""

REVOKED_KEPT = timedelta(days=30)
"""How long a workspace whose tokens were taken back may take to install Kith anew before all of it is forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """Kith in one workspace: the platform's ids of its own user and bot there, and the tokens it speaks with.

    `refresh` is exchanged for the next token before `expires_at`; "" and None where a token does not end. `version`
    is the store's: it goes up with every change.
    """

    workspace: str
    user: str
    bot: str = ""
    token: str = field(repr=False)
    refresh: str = field(default="", repr=False)
    expires_at: datetime | None = None
    version: int = 0
