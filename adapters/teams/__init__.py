"""Kith in Teams: channels, group chats and personal chats of the tenants that it is for."""

from adapters.teams.admission import ISSUER
from adapters.teams.app import Teams, connected
from adapters.teams.bearer import by_identity, by_secret
from adapters.teams.door import PATH
from adapters.teams.manifest import Publisher, app_package

__all__ = ["ISSUER", "PATH", "Publisher", "Teams", "app_package", "by_identity", "by_secret", "connected"]
