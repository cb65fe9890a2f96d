"""The ports, joined."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.charter import CharterRule
from bot.domain.content import Content
from bot.ports.reader import Reader
from bot.ports.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The ports, joined in bootstrap; `rule` says who may say yes for a channel, `human_help` whom to turn to."""

    store: Store
    reader: Reader
    content: Content
    rule: CharterRule = CharterRule.STEWARD
    human_help: str = ""
