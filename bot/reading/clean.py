"""What is left of a message when code, quotations, links, mentions and emoji are taken out, and its words."""

from __future__ import annotations

import re

LONGEST = 4_000
"""Characters of a cleaned message that are read; the rest is dropped, so any input takes bounded time."""

LONGEST_RAW = 4 * LONGEST
"""Characters of the raw message that are looked at before cleaning."""

_MARKED = re.compile(r"[`<>@]|&gt;|://|www\.|:[a-z+\-]", re.IGNORECASE)
_LINK = re.compile(r"<[^<>\n]{1,400}>|\b(?:https?|ftp)://\S+|\bwww\.\S+", re.IGNORECASE)
_MENTION = re.compile(r"(?<![\w.])@\w[\w.\-]*")
_EMOJI = re.compile(r":[a-z+\-][\w+\-]{0,60}:", re.IGNORECASE)

_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*[a-z]{0,3}|[^\W_]+(?:'[^\W_]+)*|[.!?;:\n–—%]", re.IGNORECASE)

SENTENCE_MARKS = frozenset(".!?;:\n–—")
"""Tokens that end a sentence."""


def clean(text: str) -> str:
    """`text` without code, quoted lines, links, mentions and emoji codes, at most LONGEST characters of it."""
    text = text[:LONGEST_RAW]
    if _MARKED.search(text):
        text = _strip(text)
    return text[:LONGEST].replace("’", "'")


def words_of(cleaned: str) -> list[str]:
    """The words, numbers and sentence marks of a cleaned text, as they stand; hyphens part words."""
    return _TOKEN.findall(cleaned)


def _strip(text: str) -> str:
    if "`" in text:
        text = " ".join(text.split("```")[::2])
        pieces = text.split("`")
        kept = pieces[::2] if len(pieces) % 2 else [*pieces[:-1:2], pieces[-1]]
        text = " ".join(kept)
    if ">" in text or "&gt;" in text:
        text = "\n".join(line for line in text.split("\n") if not line.lstrip().startswith((">", "&gt;")))
    text = _LINK.sub(" ", text)
    text = _MENTION.sub(" ", text)
    return _EMOJI.sub(" ", text)
