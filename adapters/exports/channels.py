"""Joins what an export's lists say of its channels with the folders that are there; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from adapters.exports.layout import Day
from adapters.exports.source import shown, trouble
from bot.domain.archive import ExportedChannel, TalkKind, Trouble
from bot.domain.events import ChannelRef

KINDS = {
    "channels.json": TalkKind.PUBLIC,
    "groups.json": TalkKind.PRIVATE,
    "mpims.json": TalkKind.GROUP,
    "dms.json": TalkKind.DIRECT,
}
_DIRECT_ID = re.compile(r"D[A-Z0-9]{7,}", re.ASCII)


def declared(
    list_name: str,
    document: object,
    *,
    workspace: str,
    folders: Mapping[str, tuple[Day, ...]],
    bots: frozenset[str],
) -> Iterator[tuple[ExportedChannel, str] | Trouble]:
    """Every channel of one list with the folder it talks in ("" if none); a trouble for what is no channel."""
    if not isinstance(document, list):
        yield trouble(list_name, "is not a list of channels; channels were taken from the folders.")
        return
    strange = 0
    for entry in document:
        channel = entry if isinstance(entry, dict) else {}
        identity, name = _text(channel.get("id")), _text(channel.get("name"))
        if not (identity or name):
            strange += 1
            continue
        folder = next((folder for folder in (name, identity) if folder and folder in folders), "")
        yield _from_entry(channel, identity or name, name or identity, KINDS[list_name], workspace, bots), folder
    if strange:
        yield trouble(list_name, f"has {strange} entries that are no channels; the others were read.")


def _from_entry(
    entry: Mapping[str, Any], identity: str, name: str, kind: TalkKind, workspace: str, bots: frozenset[str]
) -> ExportedChannel:
    members = entry.get("members")
    people = {m for m in members if isinstance(m, str)} - bots if isinstance(members, list) else set()
    texts = (_value(entry.get("topic")), _value(entry.get("purpose")))
    return ExportedChannel(
        ref=ChannelRef(workspace, identity),
        name=shown(name),
        kind=kind,
        purpose=" ".join(text for text in texts if text),
        members=len(people) or None,
        external=entry.get("is_ext_shared") is True,
    )


def folder_only(folder: str, *, workspace: str) -> ExportedChannel:
    """A folder that no list mentions: a channel left or deleted, or by its name a talk that was never a channel."""
    kind = TalkKind.PUBLIC
    if _DIRECT_ID.fullmatch(folder):
        kind = TalkKind.DIRECT
    elif folder.startswith("mpdm-"):
        kind = TalkKind.GROUP
    elif folder.startswith("FC:"):
        kind = TalkKind.FILE
    return ExportedChannel(ref=ChannelRef(workspace, folder), name=shown(folder), kind=kind, declared=False)


def _text(value: object) -> str:
    """The value if it is a text, else ""."""
    return value if isinstance(value, str) else ""


def _value(text: object) -> str:
    """The text of a topic or purpose, which Slack wraps in an object."""
    return _text(text.get("value") if isinstance(text, Mapping) else text).strip()
