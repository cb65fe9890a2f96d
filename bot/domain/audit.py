"""The trail of changes: what was changed of how Kith is here, when, and in which role; for all members to read.

It names an office and nobody: a member, a steward, an admin. Whoever changes a setting acts for all, so all may know
that it was changed; a list of who did what would be a record about people, which Kith does not keep of anyone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.events import ChannelRef

WHOLE_WORKSPACE = ""
"""The channel of a change that holds for all of them."""


class What(StrEnum):
    """What was changed; prompts/ says each in a few words (`changes.what.<what>`)."""

    CHANNEL_SETTINGS = "channel_settings"
    WORKSPACE_SETTINGS = "workspace_settings"
    NUMBERS = "numbers"
    AGREED = "agreed"
    PAUSED = "paused"
    RESUMED = "resumed"
    LAPSED = "lapsed"
    STEWARD = "steward"
    OWN_WORDS = "own_words"
    OWN_WORDS_TAKEN_BACK = "own_words_taken_back"
    CHECK_IN_NEW = "check_in_new"
    CHECK_IN_CHANGED = "check_in_changed"
    CHECK_IN_SKIPPED = "check_in_skipped"
    CHECK_IN_STOPPED = "check_in_stopped"


class Role(StrEnum):
    """In which role somebody changed something; Kith itself where a time was over or a limit was reached."""

    MEMBER = "member"
    STEWARD = "steward"
    ADMIN = "admin"
    KITH = "kith"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One line of the trail. `ref.channel` is WHOLE_WORKSPACE where it holds for all channels; `facts` maps the names
    of settings to the ids or numbers they have now ("" where the value is a text, or about people, and stays out)."""

    ref: ChannelRef
    at: datetime
    what: What
    by: Role
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """An id that follows from what it is about, so that the same change noted twice is one line."""
        told = "/".join(f"{name}={value}" for name, value in sorted(self.facts.items()))
        about = f"{self.ref.workspace}/{self.ref.channel}/{self.what}/{self.by}/{self.at.isoformat()}/{told}"
        return hashlib.blake2b(about.encode(), digest_size=8).hexdigest()


def everywhere(ref: ChannelRef) -> ChannelRef:
    """The place of changes that hold for the whole workspace."""
    return ChannelRef(ref.workspace, WHOLE_WORKSPACE)
