"""The tables of check-ins: what a channel agreed on, each time it was asked, and sealed answers without an author."""

from __future__ import annotations

from sqlalchemy import Boolean, Date, ForeignKeyConstraint, Index, Integer, LargeBinary, String, Time

from adapters.storage.columns import Moment, PackedJson
from adapters.storage.tables import key, maybe, needed, place, table

check_ins = table(
    "check_ins",
    *place(),
    key("id", String(16), "an id of our own, the first part of its runs' ids"),
    needed("made", Integer(), "its place among the channel's, in the order in which they were made"),
    needed("rhythm", PackedJson(200), "the days: weekdays and weeks, the nth weekday of a month, or a cron expression"),
    needed("at", Time(), "the wall time"),
    needed("zone", String(64), "IANA name of the zone of that time"),
    needed("country", String(16), "whose public holidays are left out; empty for none"),
    maybe("skips", PackedJson(400), "single days that are left out"),
    needed("asks", String(32), "a theme's id, or that it goes round them all, or that the question is its own"),
    needed("own_question", String(200), "the question that the channel gave, for all to read; empty if there is none"),
    needed("answering", String(16), "in the thread or through a form"),
    needed("open_minutes", Integer(), "how long it takes answers"),
    needed("reminds", Boolean(), "whether the channel is reminded, once"),
    needed("turn", Integer(), "how often it has asked, which says what comes next"),
    maybe("next_day", Date(), "the day of the next slot"),
    maybe("next_at", Moment(), "the moment of the next slot; NULL if none comes"),
    needed("version", Integer(), "goes up with every change"),
    ForeignKeyConstraint(["workspace", "channel"], ["channels.workspace", "channels.channel"], ondelete="CASCADE"),
    Index(None, "next_at"),
    comment="What channels agreed to be asked regularly; kept until it is stopped or Kith leaves.",
)

check_in_runs = table(
    "check_in_runs",
    *place(),
    key("id", String(32), "check-in and day: one run a slot, whoever claims it"),
    needed("check_in", String(16), "the check-in"),
    needed("day", Date(), "the day of the slot"),
    needed("slot_at", Moment(), "the moment of the slot"),
    needed("state", String(16), "waiting, open, closed, over or skipped"),
    maybe("question", String(64), "id of the question in prompts/; NULL if it was the channel's own"),
    needed("own_question", String(200), "the channel's own question as it was asked; empty if it was another"),
    needed("answering", String(16), "in the thread or through a form"),
    needed("open_minutes", Integer(), "how long it takes answers"),
    needed("reminds", Boolean(), "whether the channel is reminded, once"),
    needed("zone", String(64), "IANA name of the zone it is told in"),
    needed("turn", Integer(), "which turn of its check-in it is"),
    needed("salt", LargeBinary(32), "the secret behind the pseudonyms of who answers; emptied when the run closes"),
    maybe("reason", String(16), "why it was never said, one of our own words"),
    maybe("message", String(255), "the platform's id of what was said"),
    maybe("closes_at", Moment(), "until when it takes answers"),
    ForeignKeyConstraint(
        ["workspace", "channel", "check_in"],
        ["check_ins.workspace", "check_ins.channel", "check_ins.id"],
        ondelete="CASCADE",
    ),
    Index(None, "workspace", "channel", "slot_at"),
    comment="Each time a check-in fell due: said, or missed and why. No word of anybody's.",
)

check_in_answers = table(
    "check_in_answers",
    *place(),
    key("run", String(32), "the run"),
    key("person", String(16), "pseudonym of who answered, this run only; leads to nobody once the run is closed"),
    needed("sealed", LargeBinary(2000), "the answer, sealed under the deployment's keys"),
    needed("forget_at", Moment(), "when it is deleted: 30 days after the run closes, or at once if it is not shown"),
    ForeignKeyConstraint(
        ["workspace", "channel", "run"],
        ["check_in_runs.workspace", "check_in_runs.channel", "check_in_runs.id"],
        ondelete="CASCADE",
    ),
    Index(None, "forget_at"),
    comment="What people chose to answer, sealed, until 30 days after it was shown, or until it will not be.",
)
