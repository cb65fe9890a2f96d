"""Tells for which workspaces something that Slack sends may be meant; pure."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.slack.shapes import Json, ident


def whose(body: Json) -> Iterator[str]:
    """Ids of workspaces, the likeliest first: whose Kith it is about comes before whose person did it. The first is
    nearly always the one, so the others are looked for only when they are asked for.

    In channels that two organisations share, the person who acts may belong to another workspace than Kith does.
    """
    tried: set[str] = set()
    for workspace in _named(body):
        if workspace and workspace not in tried:
            tried.add(workspace)
            yield workspace


def _named(body: Json) -> Iterator[str]:
    yield ident(body, "view", "app_installed_team_id")
    listed = body.get("authorizations")
    for entry in listed if isinstance(listed, list) else ():
        yield ident(entry, "team_id")
    yield ident(body, "context_team_id")
    yield ident(body, "team", "id")
    yield ident(body, "team_id")
    yield ident(body, "message", "team")
    yield ident(body, "view", "team_id")
    yield ident(body, "user", "team_id")
