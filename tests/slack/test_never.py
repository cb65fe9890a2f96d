"""What Kith never does in Slack."""

from __future__ import annotations

import re
from pathlib import Path

from adapters.slack.manifest import EVENTS, OPTIONAL, SCOPES, manifest
from adapters.slack.web import Line
from tests.slack.workspace import CONTENT

ROOT = Path(__file__).parents[2]


def test_no_line_of_kith_asks_for_past_messages() -> None:
    asks = re.compile(r"conversations[._](history|replies)|channels[._]history\b(?!\")|search[._](messages|all)")
    guilty = [
        f"{path.name}: {line.strip()}"
        for folder in ("adapters", "bot")
        for path in (ROOT / folder).rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"\.(call|ask)\(|api_call|_client\.", line) and asks.search(line)
    ]
    assert guilty == []


def test_every_method_kith_calls_is_on_a_short_list() -> None:
    called = {
        method
        for path in (ROOT / "adapters" / "slack").glob("*.py")
        for method in re.findall(r'"((?:auth|chat|conversations|users|views)\.\w+)"', path.read_text(encoding="utf-8"))
    }
    assert called == {
        "auth.test",
        "chat.postMessage",
        "conversations.info",
        "conversations.leave",
        "users.conversations",
        "users.info",
        "views.open",
        "views.publish",
        "views.push",
        "views.update",
    }


def test_the_manifest_asks_for_nothing_that_reads_mail_files_or_all_there_is() -> None:
    broad = re.compile(r"^(admin|search|files|team|usergroups|users:read\.email|chat:write\.(public|customize))")
    assert [scope for scope in (*SCOPES, *OPTIONAL) if broad.match(scope)] == []


def test_the_manifest_is_for_one_address_or_for_socket_mode() -> None:
    words = ("check", "ask", "ledger", "pause")
    http = manifest(CONTENT, url="https://kith.example/", words=words)
    address = "https://kith.example/slack/events"
    assert http["settings"]["event_subscriptions"]["request_url"] == address
    assert http["settings"]["interactivity"]["request_url"] == address
    assert http["features"]["slash_commands"][0]["url"] == address
    assert http["settings"]["socket_mode_enabled"] is False
    socket = manifest(CONTENT, url=None, words=words)
    assert socket["settings"]["socket_mode_enabled"] is True
    assert "url" not in str(socket["settings"])


def test_the_manifest_has_a_shortcut_only_for_what_kith_can_do() -> None:
    assert manifest(CONTENT, url=None, words=("ledger",))["features"]["shortcuts"] == []
    both = manifest(CONTENT, url=None, words=("check", "ask"))["features"]["shortcuts"]
    assert [(shortcut["type"], shortcut["callback_id"]) for shortcut in both] == [
        ("global", "kith-check"),
        ("message", "kith-ask"),
    ]
    assert all(len(shortcut["name"]) <= 24 and len(shortcut["description"]) <= 150 for shortcut in both)


def test_every_scope_and_event_is_named_once() -> None:
    for names in (EVENTS, (*SCOPES, *OPTIONAL)):
        assert len(names) == len(set(names))


async def test_a_line_that_was_never_used_closes_quietly() -> None:
    await Line().close()
