"""What several answers and reports tell alike: what was counted, and on which point of which article words stand."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.content import Content, PatternWords, ThemeWords
from bot.domain.patterns import CHANNEL_PATTERNS, Pattern


def counts_sentence(pattern: Pattern, counts: Mapping[str, float], content: Content) -> str:
    """What a detector counted (`Finding.counts`), in one sentence."""
    facts: dict[str, object] = {name: number(value) for name, value in counts.items()}
    if pattern in CHANNEL_PATTERNS:
        return content.say(f"counts.{pattern}", **facts)
    if counts["messages"] == 1:
        return content.say("counts.one_message")
    return content.say("counts.messages", n=counts["days"], **facts)


def source_sentence(words: PatternWords | ThemeWords, content: Content) -> str:
    """The article and the point that the questions of a pattern or a theme stand on."""
    article = content.articles[words.article]
    return content.say(
        "why.source",
        author=article.author,
        title=article.title,
        point=words.point,
        published=article.published,
        url=article.url,
    )


def number(count: float) -> str:
    """A whole number with thin spaces between thousands, or a share as whole per cents."""
    return f"{count:.0%}" if isinstance(count, float) else f"{count:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
