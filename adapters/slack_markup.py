"""Turns Slack's message markup into plain words; pure, and shared by the two adapters that meet it."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"<([^<>]*)>")
_EVERYONE = frozenset({"here", "channel", "everyone"})


def plain(text: str, *, kith: str | None = None) -> tuple[str, bool]:
    """The text as people saw it, names of people aside, and whether it calls everyone; linear in its length.

    `kith` is Kith's own user id, which becomes "@kith"; everybody else is "@someone".
    """
    calls = False

    def spoken(token: re.Match[str]) -> str:
        nonlocal calls
        target, _, label = token[1].partition("|")
        if target.startswith("!") and target[1:].partition("^")[0] in _EVERYONE:
            calls = True
            return "@everyone"
        if kith is not None and target == f"@{kith}":
            return "@kith"
        return _word(target, label)

    if "<" in text:
        text = _TOKEN.sub(spoken, text)
    if "&" in text:
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return text, calls


def _word(target: str, label: str) -> str:
    """What stands for one token that does not call everyone."""
    if target.startswith("@") or target.startswith("!subteam"):
        return "@someone"
    if target.startswith("#"):
        return f"#{label or 'channel'}"
    if target.startswith("!"):
        return label
    return label or target.removeprefix("mailto:").removeprefix("tel:")
