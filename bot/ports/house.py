"""The ports, joined."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.domain.channel import ChannelSettings
from bot.domain.charter import CharterRule
from bot.domain.content import Content
from bot.domain.rhythm import Almanac, NoAlmanac
from bot.domain.workspace import WorkspaceSettings
from bot.ports.companion import Companion
from bot.ports.reader import Reader
from bot.ports.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The ports, joined in bootstrap; `rule` says who may say yes for a channel, `human_help` whom to turn to,
    `newcomers` what new channels start with. The deployment's are the defaults; `workspace` is what the workspace at
    hand decided, and `usecases.workspace.at_home` gives the house in which that holds.

    `content` holds the words of the language being spoken, at first the deployment's; `contents` those of every
    language that ships. `almanac` knows holidays and cron. `companion` is a language model that
    the deployment has set up; whether it helps is the workspace's choice.
    """

    store: Store
    reader: Reader
    content: Content
    rule: CharterRule = CharterRule.STEWARD
    human_help: str = ""
    newcomers: ChannelSettings = field(default_factory=ChannelSettings)
    workspace: WorkspaceSettings = field(default_factory=WorkspaceSettings)
    contents: Mapping[str, Content] = field(default_factory=dict)
    almanac: Almanac = field(default_factory=NoAlmanac)
    companion: Companion | None = None

    def speaking(self, locale: str) -> House:
        """The same house with the words of this language; as it is where that language does not ship."""
        words = self.contents.get(locale, self.content)
        return self if words is self.content else replace(self, content=words)
