"""The tables of what workspaces decide: their settings, the trail of changes, and what a language model has cost."""

from __future__ import annotations

from sqlalchemy import Boolean, Index, Integer, String, Time

from adapters.storage.columns import Moment, PackedJson
from adapters.storage.tables import key, maybe, needed, place, table

workspaces = table(
    "workspaces",
    key("workspace", String(255), "the platform's id of the workspace"),
    maybe("rule", String(32), "who may say yes for a channel"),
    maybe("human_help", String(300), "one line on whom people there can turn to in need, given by an admin"),
    maybe("profile", String(32), "the restraint profile that new channels start with"),
    maybe("opens", Time(), "start of the working day that new channels start with"),
    maybe("closes", Time(), "end of the working day that new channels start with"),
    maybe("zone", String(64), "IANA name of the time zone that new channels start with"),
    maybe("locale", String(32), "the language that new channels start with"),
    maybe("holidays", String(8), "code of the country whose public holidays are kept"),
    maybe("keeps_days", Integer(), "how many days traces are kept, where that is less than a window"),
    maybe("admins", PackedJson(4000), "the platform's ids of people who are admins in Kith beside the platform's own"),
    needed("companion", Boolean(), "whether the workspace wants a language model to help"),
    maybe("numbers", PackedJson(1000), "numbers moved, by profile"),
    needed("version", Integer(), "goes up with every change"),
    comment="What a workspace decides for all its channels; goes when the workspace is forgotten.",
)

changes = table(
    "changes",
    *place(),
    key("id", String(64), "an id of our own"),
    needed("at", Moment(), "when it was changed"),
    needed("what", String(32), "what was changed, one of our own words"),
    needed("by", String(16), "in which role: member, steward, admin, or Kith itself; never who"),
    maybe("facts", PackedJson(1000), "which settings, and the ids or numbers they have now"),
    Index(None, "workspace", "channel", "at"),
    comment="The trail of changes, for all members; channel '' is the whole workspace. Goes with the ledger.",
)

spendings = table(
    "spendings",
    key("workspace", String(255), "the platform's id of the workspace"),
    key("day", Moment(), "the day, by its beginning in UTC"),
    needed("tokens", Integer(), "how many tokens a language model has cost on that day, at the most"),
    comment="What the companion has cost a workspace, so that it can be held under a ceiling; kept for two months.",
)
