"""Kith in Teams: channels, group chats and personal chats of the tenants that it is for."""

from adapters.teams.admission import ISSUER
from adapters.teams.app import Teams, connected
from adapters.teams.bearer import by_identity, by_secret
from adapters.teams.door import PATH

__all__ = ["ISSUER", "PATH", "Teams", "by_identity", "by_secret", "connected"]
