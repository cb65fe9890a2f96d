"""Whether a message asks something of somebody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.reading.clean import SENTENCE_MARKS

_ASKING = frozenset("what how who where when why which whose what's who's where's how's when's".split())
_VERBS = frozenset(
    """
    is are was were do does did can could would will should shall has have had am isn't aren't wasn't weren't don't
    doesn't didn't can't couldn't wouldn't won't shouldn't haven't hasn't
    """.split()
)
_SUBJECTS = frozenset(
    "i you we they he she it there this that these those the anyone anybody someone somebody any ye your our".split()
)
_AFTER_ASKING = _VERBS | frozenset("to many much about else time if".split())
_LOOKING = frozenset("anyone anybody".split())
_TAGS = frozenset("right ok okay eh yeah hey huh innit no yes yep really lol hmm correct see know".split())
_TAG_VERBS = frozenset(
    "isn't aren't wasn't weren't don't doesn't didn't can't couldn't wouldn't won't shouldn't haven't hasn't".split()
)
_TAG_SUBJECTS = frozenset("it he she they we you i that this there".split())

OPENERS = _ASKING | _VERBS | _LOOKING
"""The words a question can open with."""


def asks(tokens: Sequence[str], words: frozenset[str] | set[str]) -> bool:
    """Whether one of the sentences asks: by its mark or by its opening; tags such as "right?" or "isn't it?" do not.

    `tokens` are lower-case words and sentence marks, `words` the set of them.
    """
    if "?" not in words and OPENERS.isdisjoint(words):
        return False
    return any(_opens(sentence) or (mark == "?" and _marked(sentence)) for sentence, mark in _sentences(tokens))


def _sentences(tokens: Sequence[str]) -> Iterator[tuple[list[str], str]]:
    sentence: list[str] = []
    for token in tokens:
        if token not in SENTENCE_MARKS:
            sentence.append(token)
        elif sentence:
            yield sentence, token
            sentence = []
    if sentence:
        yield sentence, ""


def _opens(sentence: list[str]) -> bool:
    if len(sentence) < 3:
        return False
    first, second = sentence[0], sentence[1]
    if first in _ASKING:
        return second in _AFTER_ASKING or ("'s" in first and second != "more")
    if first in _VERBS:
        return second in _SUBJECTS
    return first in _LOOKING and second in {"know", "knows", "here", "else", "got", "have", "seen", "tried"}


def _marked(sentence: list[str]) -> bool:
    if sentence[0] in OPENERS and sentence[0] not in _TAG_VERBS:
        return True
    if sentence[-1] in _TAGS:
        return False
    return not (len(sentence) >= 2 and sentence[-2] in _TAG_VERBS and sentence[-1] in _TAG_SUBJECTS)
