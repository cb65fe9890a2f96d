"""What the linter knows of each language that Kith speaks: how a question opens, and which words judge."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageRules:
    """Patterns and beginnings of one language.

    `opens` is a word that makes a question open; `forbidden` are words that judge, or jargon; `judges` are words that
    make one end of a contrast the one to choose. `counter_reading` and `heard` are how those texts begin, `given`
    what a form on an organisation's own words speaks of. `misfits` is what no sentence of Kith's may hold: an address
    that the language's author decided against, a slot where the phrase that fills it cannot stand.
    """

    opens: re.Pattern[str]
    forbidden: re.Pattern[str]
    judges: re.Pattern[str]
    counter_reading: str
    given: re.Pattern[str]
    heard: str
    misfits: re.Pattern[str] | None = None


def _words(expression: str, flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    return re.compile(rf"\b({expression})\b", flags)


_ENGLISH = LanguageRules(
    opens=_words("what|how|who|whose|where|which|when"),
    forbidden=_words(
        r"should|shouldn't|why (don't|didn't|doesn't|do you|did you)|fail(s|ed|ure)?|wrong|bad|obsessed|only"
        r"|just|merely|leverage|synerg\w*|stakeholders?|KPIs?|ROI|engagement"
    ),
    judges=_words(
        r"should|must|better|worse|best|worst|good|bad|right|wrong|fail\w*|misguided|wise|obsessed|only|just|merely"
    ),
    counter_reading="This may be fine here if",
    given=re.compile("these words"),
    heard="that ",
)

_GERMAN = LanguageRules(
    opens=_words(
        r"was|wie|wer|wem|wen|wessen|welche[mnrs]?|wo|wann|woher|wohin|wofür|wozu|wonach|woran|worauf|woraus|worin|worüber"
        r"|worum|wovon|wovor|womit|wodurch|wobei|wogegen"
    ),
    forbidden=_words(
        r"soll(t|st|te|ten|en)?|müss(t|en|te|ten)|muss|warum|wieso|weshalb|versag\w*|scheiter\w*|gescheitert|schuld"
        r"|falsch\w*|schlecht\w*|besessen|nur|bloß|lediglich|leider|ständig|schon wieder|endlich"
        r"|synergi\w*|stakeholder\w*|KPIs?|ROI|engagement"
    ),
    judges=_words(
        r"soll\w*|müssen|muss|besser\w*|beste[nrsm]?|schlechte\w*|schlimm\w*|gute?[nrsm]?|richtig\w*|falsch\w*|versag\w*"
        r"|klug\w*|weise|besessen|nur|bloß|lediglich"
    ),
    counter_reading="Das kann hier gut so sein, wenn",
    given=_words("diese Worte|dieser Worte|diesen Worten"),
    heard="dass ",
    # neither Du nor Sie; a topic stands in the accusative, so no preposition that takes the dative may come before it
    misfits=re.compile(
        r"\b(du|dich|dir|dein\w*|Ihnen)\b"
        r"|(?i:\b(mit|bei|von|vom|zu|zum|zur|nach|aus|seit|gegenüber|außer|laut|trotz|wegen|während)\s+\{topic\})"
    ),
)

_RULES = {"en": _ENGLISH, "de": _GERMAN}


def rules_of(locale: str) -> LanguageRules:
    """The rules of a language; KeyError for one that nobody has written rules for yet."""
    return _RULES[locale]
