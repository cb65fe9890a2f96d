"""Turns the markup of a message into plain words, as people saw it; pure."""

from __future__ import annotations

import html
import re

from adapters.teams.shapes import Json, entries, ident, word

_AT = re.compile(r"<at\b[^<>]*>([^<]*)</at>", re.IGNORECASE)
_QUOTED = re.compile(r"<blockquote\b[^<>]*schema\.skype\.com/Reply[^<>]*>.*?</blockquote>", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"<(?:br\s*/?|/p|/div|/li|/h[1-6]|/tr|/blockquote)\s*>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|abbr|at|attachment|b|blockquote|br|code|codeblock|del|div|em|emoji|font|h[1-6]|hr|i|img|li|ol|p|pre|s"
    r"|span|strike|strong|sub|sup|table|tbody|td|th|thead|tr|u|ul)\b[^<>]*>",
    re.IGNORECASE,
)
_LINES = re.compile(r"[ \t]*\n\s*\n\s*")
_SPACES = re.compile(r"[ \t]{2,}")


def plain(activity: Json, *, kith: frozenset[str]) -> tuple[str, bool]:
    """The text of a message, names of people aside, and whether it calls everyone.

    `kith` are Kith's own ids, which become "@kith"; everybody else is "@someone", a whole channel or team "@everyone".
    """
    mentioned = {
        _inner(word(entry, "text")): ident(entry, "mentioned", "id")
        for entry in entries(activity, "entities")
        if word(entry, "type").lower() == "mention"
    }
    calls = False

    def named(at: re.Match[str]) -> str:
        nonlocal calls
        who = mentioned.get(at[1].strip(), "")
        if who in kith:
            return "@kith"
        if who.startswith("19:"):
            calls = True
            return "@everyone"
        return "@someone"

    return words_of(_AT.sub(named, word(activity, "text"))), calls


def words_of(marked: str) -> str:
    """HTML, or plain words that only look like it, as plain words; what is quoted from another message is left out."""
    text = marked
    if "<" in text:
        text = _QUOTED.sub("", text) if "schema.skype.com/Reply" in text else text
        text = _TAG.sub("", _BREAK.sub("\n", text))
    if "&" in text:
        text = html.unescape(text)
    return _SPACES.sub(" ", _LINES.sub("\n", text.replace("\u200b", "").replace("\u00a0", " "))).strip()


def mentions(activity: Json, kith: frozenset[str]) -> bool:
    """Whether a message mentions Kith."""
    return any(
        ident(entry, "mentioned", "id") in kith
        for entry in entries(activity, "entities")
        if word(entry, "type").lower() == "mention"
    )


def _inner(marked: str) -> str:
    at = _AT.search(marked)
    return (at[1] if at else marked).strip()
