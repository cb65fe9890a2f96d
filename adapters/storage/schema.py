"""The tables of the store: all that Kith keeps (DESIGN 4), each column with a word on what it is for.

Every primary key begins with the workspace, so that a sharded PostgreSQL could distribute the tables by it; only the
handshakes, which belong to no workspace yet, have none.
A CHECK on each table bounds its texts on SQLite too, which knows no lengths.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Time,
    UniqueConstraint,
)

from adapters.storage.check_in_tables import check_in_answers, check_in_runs, check_ins
from adapters.storage.columns import Moment, PackedJson
from adapters.storage.tables import key as _key
from adapters.storage.tables import maybe as _maybe
from adapters.storage.tables import metadata
from adapters.storage.tables import needed as _needed
from adapters.storage.tables import place as _place
from adapters.storage.tables import table as _table
from adapters.storage.workspace_tables import changes, spendings, workspaces

__all__ = [
    "addresses",
    "answered",
    "beginnings",
    "changes",
    "channels",
    "check_in_answers",
    "check_in_runs",
    "check_ins",
    "dialogues",
    "handshakes",
    "installations",
    "ledger",
    "metadata",
    "opted_out",
    "outbox",
    "own_words",
    "round_marks",
    "rounds",
    "spendings",
    "traces",
    "windows",
    "workspaces",
]

beginnings = _table(
    "beginnings",
    *_place(),
    _needed("first_at", Moment(), "when the first window opened; all others follow from here"),
    comment="Since when a channel has been heard, so that its windows never overlap; goes when Kith leaves.",
)

windows = _table(
    "windows",
    *_place(),
    _key("opened_at", Moment(), "when the window opened; it closes 14 days later"),
    _needed("salt", LargeBinary(32), "the secret behind this window's pseudonyms, destroyed with the window"),
    ForeignKeyConstraint(["workspace", "channel"], ["beginnings.workspace", "beginnings.channel"], ondelete="CASCADE"),
    Index(None, "opened_at"),
    comment="Windows of 14 days; deleting one deletes its traces and the only way to tell whose they were.",
)

traces = _table(
    "traces",
    *_place(),
    _key("opened_at", Moment(), "the window"),
    _key("key", String(16), "pseudonym of the message, this window only"),
    _needed("author", String(16), "pseudonym of who wrote it, this window only"),
    _needed("at", Moment(), "when it was written"),
    _maybe("thread", String(16), "pseudonym of the message that opened the thread"),
    _needed("question", Boolean(), "whether it asks something"),
    _needed("edited", Boolean(), "whether it was changed later"),
    _needed("reactions", Integer(), "how many reactions by others it has"),
    _maybe("evidence", PackedJson(400), "clear patterns and how probable each is"),
    _maybe("topics", PackedJson(1000), "ids of topics from the closed list in prompts/"),
    ForeignKeyConstraint(
        ["workspace", "channel", "opened_at"],
        ["windows.workspace", "windows.channel", "windows.opened_at"],
        ondelete="CASCADE",
    ),
    comment="One row a message and no word of it; kept for its window.",
)

taken_back = _table(
    "taken_back",
    *_place(),
    _key("opened_at", Moment(), "the window"),
    _key("key", String(16), "pseudonym of the message, this window only"),
    ForeignKeyConstraint(
        ["workspace", "channel", "opened_at"],
        ["windows.workspace", "windows.channel", "windows.opened_at"],
        ondelete="CASCADE",
    ),
    comment="Messages that were taken back, so that none leaves a trace that is heard, or heard again, after that.",
)

channels = _table(
    "channels",
    *_place(),
    _needed("name", String(255), "what people call the channel"),
    _needed("kind", String(32), "what it is for, as guessed from its name and purpose"),
    _maybe("members", Integer(), "how many people could post"),
    _needed("charter_state", String(32), "where the agreement with the channel stands"),
    _needed("charter_since", Moment(), "since when it stands there"),
    _maybe("steward", String(255), "the platform's id of who invited Kith and speaks for the channel"),
    _maybe("listening_since", Moment(), "when Kith began to listen"),
    _maybe("speaks_until", Moment(), "when the term ends"),
    _maybe("asked_at", Moment(), "when Kith last asked whether to go on"),
    _needed("profile", String(32), "setting: the restraint profile"),
    _maybe("patterns_off", PackedJson(400), "setting: patterns never asked about here"),
    _needed("opens", Time(), "setting: start of the working day"),
    _needed("closes", Time(), "setting: end of the working day"),
    _needed("zone", String(64), "setting: IANA name of the time zone"),
    _maybe("announcement_only", Boolean(), "setting: the steward's word on announcements"),
    _maybe("kind_said", String(32), "setting: the steward's word on what it is for"),
    _needed("locale", String(32), "setting: the language Kith speaks"),
    _maybe("stilled", PackedJson(800), "patterns stilled by 'not here', and until when"),
    _needed("not_here_in_a_row", Integer(), "how many 'not here' came in a row"),
    _maybe("runs", PackedJson(800), "in how many windows in a row channel patterns stood"),
    _maybe("look_at", Moment(), "when the counts are next due for a look"),
    _maybe("last_spoke_at", Moment(), "when Kith last asked unasked; claiming a turn moves it"),
    Column("version", Integer(), nullable=False, server_default="0", comment="goes up with every change"),
    Index(None, "look_at"),
    comment="Channels Kith is in: charter, settings and what restraint must know.",
)

ledger = _table(
    "ledger",
    *_place(),
    _key("id", String(64), "the entry's id, found on the buttons under a question"),
    _needed("at", Moment(), "when it was asked or held back"),
    _needed("pattern", String(32), "which pattern it is about"),
    _maybe("question", String(64), "id of the question in prompts/"),
    _maybe("counts", PackedJson(1000), "the finding's counts by name"),
    _needed("window_opened_at", Moment(), "the window that showed it"),
    _maybe("topic", String(64), "id of the topic that fills the question's slot"),
    _maybe("reason", String(32), "why it was held back; NULL where it was asked"),
    _needed("useful", Integer(), "how many pressed 'useful', nobody in particular"),
    _needed("not_now", Integer(), "how many pressed 'not now'"),
    _needed("not_here", Integer(), "how many pressed 'not here'"),
    ForeignKeyConstraint(["workspace", "channel"], ["channels.workspace", "channels.channel"], ondelete="CASCADE"),
    UniqueConstraint("workspace", "channel", "pattern", "reason", "window_opened_at", name="uq_ledger_held_once"),
    Index(None, "workspace", "channel", "at"),
    comment="Every question asked and every one held back, for all members to read.",
)

outbox = _table(
    "outbox",
    *_place(),
    _key("id", String(400), "what makes a second queueing harmless"),
    _needed("place_in_line", Integer(), "order among rows of a channel that are due at once"),
    _maybe("thread", String(255), "the platform's id of the thread to answer in"),
    _needed("kind", String(32), "which message it is; its words are found when it goes out"),
    _needed("due_at", Moment(), "when it may first be sent"),
    _needed("free_at", Moment(), "when it may next be taken: leased or waiting until then"),
    _needed("about", String(64), "id of the ledger entry it speaks of, or empty"),
    _maybe("facts", PackedJson(1000), "ids and numbers by name"),
    _needed("attempts", Integer(), "how many sendings failed"),
    _needed("dead", Boolean(), "given up; kept for the operator to see"),
    Index(None, "dead", "due_at"),
    comment="Everything decided and not yet said: ids alone, never words.",
)

opted_out = _table(
    "opted_out",
    _key("workspace", String(255), "the platform's id of the workspace"),
    _key("person", String(255), "the platform's id of the person who chose it"),
    comment="People who asked Kith not to read their messages; a row goes when they take it back.",
)

rounds = _table(
    "rounds",
    *_place(),
    _needed("id", String(64), "an id of our own, found on the round's buttons"),
    _needed("opened_at", Moment(), "when it began; it is deleted 30 days later at the latest"),
    _needed("salt", LargeBinary(32), "the secret behind the marks of those who answered, destroyed with the round"),
    _needed("people", Integer(), "how many people answered"),
    _maybe("counts", PackedJson(400), "how many of them stand where, by path"),
    Index(None, "opened_at"),
    comment="A team's round on why it goes social, one a channel: counts alone, never who stands where.",
)

round_marks = _table(
    "round_marks",
    *_place(),
    _key("person", String(16), "pseudonym of somebody who answered, this round only"),
    ForeignKeyConstraint(["workspace", "channel"], ["rounds.workspace", "rounds.channel"], ondelete="CASCADE"),
    comment="That somebody has answered, so that nobody answers twice; not what.",
)

own_words = _table(
    "own_words",
    _key("workspace", String(255), "the platform's id of the workspace"),
    _needed("stands_for", String(300), "what the organisation makes or stands for, given by it for all to read"),
    _needed("for_one_another", String(300), "what its people want to be for one another, given by it for all to read"),
    comment="An organisation's own words, which it gives and takes back; nobody's messages.",
)

dialogues = _table(
    "dialogues",
    *_place(),
    _key("thread", String(255), "the platform's id of the message that opened the thread, or a word of our own"),
    _needed("by", String(16), "pseudonym of who began, this dialogue only"),
    _needed("salt", LargeBinary(32), "the secret behind that pseudonym, destroyed with the dialogue"),
    _needed("started_at", Moment(), "when it began; it is forgotten a day later at the latest"),
    _needed("last_heard", String(16), "pseudonym of the message answered last"),
    _needed("replies_at", Moment(), "until when Kith's next words wait"),
    _needed("step", String(32), "which question stands"),
    _needed("turns", Integer(), "how often Kith has spoken in it"),
    _maybe("pattern", String(32), "which pattern it is about"),
    _maybe("topic", String(64), "id of a topic from the closed list in prompts/"),
    _maybe("asked", PackedJson(800), "ids of the questions asked, in order"),
    Index(None, "started_at"),
    comment="Talks with people who spoke to Kith: where each stands and no word of it; kept for a day at most.",
)

answered = _table(
    "answered",
    *_place(),
    _key("message", String(16), "pseudonym of a message that was said to Kith"),
    _needed("at", Moment(), "when it was answered; forgotten a day later"),
    Index(None, "at"),
    comment="Which messages to Kith have their answer, so that a repeated delivery gets no second one.",
)

installations = _table(
    "installations",
    _key("workspace", String(255), "the platform's id of the workspace"),
    _maybe("kith_user", String(255), "the platform's id of Kith's own user there"),
    _maybe("kith_bot", String(255), "the platform's id of Kith's own bot there"),
    _maybe("sealed", LargeBinary(8000), "the tokens, sealed under the deployment's keys; NULL once they are gone"),
    _maybe("expires_at", Moment(), "when the token ends, if it does and can be renewed"),
    _maybe("leased_until", Moment(), "until when one process alone renews it"),
    _maybe("forget_at", Moment(), "when all of the workspace is to be forgotten; NULL while Kith is installed"),
    _needed("version", Integer(), "goes up with every change"),
    Index(None, "expires_at"),
    Index(None, "forget_at"),
    comment="Workspaces that gave Kith tokens, and those that took them back and are still to be forgotten.",
)

handshakes = _table(
    "handshakes",
    _key("state", String(64), "hash of an unpredictable word that a browser brings back"),
    _needed("until", Moment(), "when its time is over"),
    Index(None, "until"),
    comment="Installations begun in a browser, each to be finished once, within ten minutes.",
)

addresses = _table(
    "addresses",
    *_place(),
    _needed("url", String(255), "the platform's URL that what is said there is sent to"),
    _maybe("within", String(255), "the platform's id of the larger group that the channel is part of"),
    Index(None, "workspace", "within"),
    comment="Where channels, and people who talk with Kith alone, are answered after a restart; no names.",
)
