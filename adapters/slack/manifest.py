"""The app manifest that sets Kith up in Slack: the least it needs, and nothing it does not use."""

from __future__ import annotations

from collections.abc import Collection

from adapters.slack.door import PATH
from adapters.slack.interactions import ASK, CHECK
from adapters.slack.shapes import Json
from bot.domain.content import Content

SCOPES = (
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "reactions:read",
    "users:read",
)
"""What Kith cannot do without: hear public channels it is in, see who is a guest, answer. `channels:history` is what
Slack asks for to deliver messages as they are posted; Kith never asks for past ones."""

OPTIONAL = (
    "channels:manage",
    "groups:history",
    "groups:read",
    "groups:write",
    "im:history",
    "im:read",
    "mpim:history",
    "mpim:read",
)
"""What an installer may leave out: private channels, group messages, direct messages, leaving a channel by itself."""

EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_archive",
    "channel_deleted",
    "channel_id_changed",
    "channel_left",
    "channel_rename",
    "channel_shared",
    "channel_unarchive",
    "channel_unshared",
    "group_archive",
    "group_deleted",
    "group_left",
    "group_rename",
    "group_unarchive",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "reaction_added",
    "reaction_removed",
    "tokens_revoked",
)


def manifest(content: Content, *, url: str | None, words: Collection[str], many: bool = False) -> Json:
    """The manifest for a Kith that is reached at `url` (an https address without a path), or over Socket Mode if that
    is None; `words` are the commands it obeys. With `many`, other workspaces may install it at `url` too, and tokens
    are renewed twice a day."""
    say = content.say
    at = {"url": f"{url.rstrip('/')}{PATH}"} if url else {}
    request = {"request_url": at["url"]} if url else {}
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "Kith",
            "description": say("manifest.description"),
            "background_color": "#2f4f4a",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Kith", "always_online": True},
            "shortcuts": [_shortcut(word, content) for word in _SHORTCUTS if word in words],
            "slash_commands": [
                {
                    "command": "/kith",
                    "description": say("manifest.command"),
                    "usage_hint": _hint(words),
                    "should_escape": False,
                    **at,
                }
            ],
        },
        "oauth_config": {
            **({"redirect_urls": [f"{url.rstrip('/')}/slack/oauth_redirect"]} if url and many else {}),
            "scopes": {"bot": sorted((*SCOPES, *OPTIONAL)), "bot_optional": list(OPTIONAL)},
        },
        "settings": {
            "event_subscriptions": {**request, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **request},
            "org_deploy_enabled": False,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": many,
        },
    }


_SHORTCUTS = {"check": ("global", CHECK), "ask": ("message", ASK)}


def _shortcut(word: str, content: Content) -> Json:
    kind, callback = _SHORTCUTS[word]
    return {
        "name": content.say(f"shortcut.{word}.name"),
        "type": kind,
        "callback_id": callback,
        "description": content.say(f"shortcut.{word}.description"),
    }


LONGEST_HINT = 100
"""Characters that Slack shows of a command's hint, give or take."""


def _hint(words: Collection[str]) -> str:
    shown = ["help"]
    for word in words:
        if len(" | ".join((*shown, word))) <= LONGEST_HINT and word not in shown:
            shown.append(word)
    return " | ".join(shown)
