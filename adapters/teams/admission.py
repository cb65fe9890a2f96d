"""Decides who may come in: whether an activity was signed by the Bot Connector for Kith, and is of a tenant of ours."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import jwt

from adapters.teams.keys import Keys
from adapters.teams.shapes import Json, word
from adapters.teams.whence import tenant_of

ISSUER = "https://api.botframework.com"
"""Who signs what comes from a channel (single-tenant bots and managed identities too)."""

LEEWAY = 300
"""Seconds that two clocks may be apart, as the Bot Connector's protocol has it."""

LONGEST_TOKEN = 16_384
CHANNEL = "msteams"

HOSTS = frozenset(
    """smba.trafficmanager.net smba.infra.gcc.teams.microsoft.com smba.infra.gov.teams.microsoft.us
    smba.infra.dod.teams.microsoft.us""".split()
)
"""Where Microsoft's connectors for Teams are (worldwide, GCC, GCC High, DoD); Kith's tokens go nowhere else."""


class RefusedError(Exception):
    """Somebody who is not let in; `status` is what they are answered, `why` a fixed word for the log."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Who is let in. `keys` is None only for development on this machine: then nobody has to show a token. `near` are
    addresses of connectors that are no Microsoft's, for tests and development."""

    app: str
    tenants: frozenset[str]
    keys: Keys | None
    issuer: str = ISSUER
    near: frozenset[str] = frozenset()

    def trusts(self, service_url: str) -> bool:
        """Whether Kith may speak to a connector at this address."""
        parts = urlsplit(service_url)
        if service_url.rstrip("/") in self.near or f"{parts.scheme}://{parts.netloc}" in self.near:
            return True
        return parts.scheme == "https" and parts.netloc in HOSTS


class Admission:
    """Checks one request at a time, before anything of it is believed."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules

    @property
    def needs_token(self) -> bool:
        """Whether a request without a token may be sent away unread."""
        return self._rules.keys is not None

    async def check(self, header: str, activity: Json) -> None:
        """RefusedError (401) without a valid token of the Bot Connector for this app, channel and service address, and
        (403) for a service address or a tenant that Kith is not for."""
        service_url = word(activity, "serviceUrl")
        if self._rules.keys is not None:
            await self._check_token(header, service_url, word(activity, "channelId"), self._rules.keys)
        if not self._rules.trusts(service_url):
            raise RefusedError(403, "service address")
        tenants = self._rules.tenants
        if tenants and tenant_of(activity) not in tenants:
            raise RefusedError(403, "tenant")

    async def _check_token(self, header: str, service_url: str, channel: str, keys: Keys) -> None:
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token or len(token) > LONGEST_TOKEN:
            raise RefusedError(401, "no token")
        try:
            named = jwt.get_unverified_header(token).get("kid")
        except jwt.PyJWTError:
            raise RefusedError(401, "no readable token") from None
        key = await keys.find(named) if isinstance(named, str) else None
        if key is None:
            raise RefusedError(401, "unknown key")
        try:
            claims = jwt.decode(
                token,
                key.key,
                algorithms=["RS256"],
                audience=self._rules.app,
                issuer=self._rules.issuer,
                leeway=LEEWAY,
                options={"require": ["exp", "aud", "iss"]},
            )
        except (jwt.PyJWTError, ValueError, TypeError) as exc:
            raise RefusedError(401, type(exc).__name__) from None
        if channel != CHANNEL or channel not in key.endorsements:
            raise RefusedError(401, "channel not endorsed")
        claimed = word(claims, "serviceurl") or word(claims, "serviceUrl")
        if not claimed or claimed.rstrip("/") != service_url.rstrip("/"):
            raise RefusedError(401, "service address not claimed")
