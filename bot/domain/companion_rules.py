"""What a language model's answer must be before anybody reads it: one of the questions that Kith itself could ask."""

from __future__ import annotations

import re

from bot.domain.content import Content
from bot.domain.content_rules import sentence_faults
from bot.domain.language_rules import rules_of

_LETTERS = re.compile(r"[A-Za-z ,;:'’–—?-]+")
"""No digits, no names of people or channels, no markup, no links, no quotation, nothing that is not plain to see."""

_STARTS = frozenset(
    "what how who whose where which when in for if as to of and with from on at suppose looking beyond beside besides "
    "once before after behind among when while apart".split()
)
"""How a question may begin; anything else may be a name that is called, or an order."""

_REFUSED = re.compile(
    r"\b(must|ought|needs? to|have to|has to|try|trying|consider|recommend\w*|suggest\w*|advi[sc]e\w*|best to|better to"
    r"|better|worse|how about|what about|what if|why not|make sure|you could|we could|could you|can you|would you"
    r"|good|great|excellent|right|correct|mistaken?s?|blame\w*|faults?|guilty|terrible|weak\w*|stupid|lazy|toxic"
    r"|problems?|unprofessional|poor|honest|score\w*|rank\w*|rate|rating|percent\w*|per cent|scale of|out of|number"
    r"|numbers|zero|one to|ten|hundred|feel\w*|mood|emotion\w*|upset|angry|anger|sad|stress\w*|anxious|worr\w+"
    r"|passwords?|passcode|tokens?|credentials?|log ?in|click|links?|accounts?|salary|prompt\w*|instructions?|ignore"
    r"|language model|ai|system|developer|secret\w*)\b",
    re.IGNORECASE,
)
"""Advice, verdicts, blame, games with numbers, moods, and what a text may have talked the model into."""

SPOKEN_IN = frozenset({"en"})
"""The languages that these rules are for; in any other Kith asks its own question."""


def fit(answer: str, content: Content) -> str | None:
    """The answer as one question, if it keeps every rule of Kith's own questions and those above; None if not."""
    sentence = " ".join(answer.split()).strip().strip('"“”')
    if content.locale not in SPOKEN_IN or not sentence or len(answer) > 600:
        return None
    if not _LETTERS.fullmatch(sentence) or _REFUSED.search(sentence) or sentence.count("?") != 1:
        return None
    words = re.findall(r"[A-Za-z'’]+", sentence)
    if not words or words[0].lower() not in _STARTS or any(_is_a_name(word) for word in words[1:]):
        return None
    return None if any(sentence_faults(sentence, rules_of(content.locale))) else sentence


def _is_a_name(word: str) -> bool:
    """Whether a word within a sentence is written like a name."""
    return word[0].isupper() and word.split("'")[0].split("’")[0] != "I"
