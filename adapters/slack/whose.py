"""Tells for which workspaces something that Slack sends may be meant; pure."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.slack.shapes import Json, ident


def whose(body: Json) -> Sequence[str]:
    """Ids of workspaces, the likeliest first: whose Kith it is about comes before whose person did it.

    In channels that two organisations share, the person who acts may belong to another workspace than Kith does.
    """
    listed = body.get("authorizations")
    authorized = [ident(entry, "team_id") for entry in listed] if isinstance(listed, list) else []
    found = (
        ident(body, "view", "app_installed_team_id"),
        *authorized,
        ident(body, "context_team_id"),
        ident(body, "team", "id"),
        ident(body, "team_id"),
        ident(body, "message", "team"),
        ident(body, "view", "team_id"),
        ident(body, "user", "team_id"),
    )
    return list(dict.fromkeys(workspace for workspace in found if workspace))
