"""What Kith keeps: windows and traces, channels, the ledger, the outbox, and people's choices."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _column(name: str, kind: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, comment=comment)


def _maybe(name: str, kind: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True, comment=comment)


def _text(length: int) -> sa.String:
    return sa.String(length=length)


def _moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _place() -> tuple[sa.Column[Any], sa.Column[Any]]:
    return (
        _column("workspace", _text(255), "the platform's id of the workspace"),
        _column("channel", _text(255), "the platform's id of the channel"),
    )


def _lengths(table: str, **lengths: int) -> sa.CheckConstraint:
    rule = " AND ".join(f"length({column}) <= {most}" for column, most in lengths.items())
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_lengths"))


def upgrade() -> None:
    """Create the tables, parents first."""
    _create_windows()
    _create_traces()
    _create_channels()
    _create_ledger()
    _create_outbox()
    _create_opted_out()


def downgrade() -> None:
    """Drop them, children first."""
    for table in ("opted_out", "outbox", "ledger", "channels", "traces", "windows", "beginnings"):
        op.drop_table(table)


def _create_windows() -> None:
    op.create_table(
        "beginnings",
        *_place(),
        _column("first_at", _moment(), "when the first window opened; all others follow from here"),
        _lengths("beginnings", workspace=255, channel=255),
        sa.PrimaryKeyConstraint("workspace", "channel", name=op.f("pk_beginnings")),
        comment="Since when a channel has been heard, so that its windows never overlap; goes when Kith leaves.",
    )
    op.create_table(
        "windows",
        *_place(),
        _column("opened_at", _moment(), "when the window opened; it closes 14 days later"),
        _column("salt", sa.LargeBinary(), "the secret behind this window's pseudonyms, destroyed with the window"),
        _lengths("windows", workspace=255, channel=255, salt=32),
        sa.ForeignKeyConstraint(
            ["workspace", "channel"],
            ["beginnings.workspace", "beginnings.channel"],
            name=op.f("fk_windows_beginnings"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace", "channel", "opened_at", name=op.f("pk_windows")),
        comment="Windows of 14 days; deleting one deletes its traces and the only way to tell whose they were.",
    )
    op.create_index(op.f("ix_windows_opened_at"), "windows", ["opened_at"])


def _create_traces() -> None:
    op.create_table(
        "traces",
        *_place(),
        _column("opened_at", _moment(), "the window"),
        _column("key", _text(16), "pseudonym of the message, this window only"),
        _column("author", _text(16), "pseudonym of who wrote it, this window only"),
        _column("at", _moment(), "when it was written"),
        _maybe("thread", _text(16), "pseudonym of the message that opened the thread"),
        _column("question", sa.Boolean(), "whether it asks something"),
        _column("calls_everyone", sa.Boolean(), "whether it calls everyone at once"),
        _column("edited", sa.Boolean(), "whether it was changed later"),
        _column("reactions", sa.Integer(), "how many reactions by others it has"),
        _maybe("evidence", _text(400), "clear patterns and how probable each is"),
        _maybe("topics", _text(1000), "ids of topics from the closed list in prompts/"),
        _lengths("traces", workspace=255, channel=255, key=16, author=16, thread=16, evidence=400, topics=1000),
        sa.ForeignKeyConstraint(
            ["workspace", "channel", "opened_at"],
            ["windows.workspace", "windows.channel", "windows.opened_at"],
            name=op.f("fk_traces_windows"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace", "channel", "opened_at", "key", name=op.f("pk_traces")),
        comment="One row a message and no word of it; kept for its window.",
    )


def _create_channels() -> None:
    texts = {"name": 255, "kind": 32, "charter_state": 32, "steward": 255, "profile": 32, "patterns_off": 400}
    texts |= {"zone": 64, "locale": 32, "stilled": 800, "runs": 800}
    op.create_table(
        "channels",
        *_place(),
        _column("name", _text(255), "what people call the channel"),
        _column("kind", _text(32), "what it is for, as guessed from its name and purpose"),
        _maybe("members", sa.Integer(), "how many people could post"),
        _column("charter_state", _text(32), "where the agreement with the channel stands"),
        _column("charter_since", _moment(), "since when it stands there"),
        _maybe("steward", _text(255), "the platform's id of who invited Kith and speaks for the channel"),
        _maybe("listening_since", _moment(), "when Kith began to listen"),
        _maybe("speaks_until", _moment(), "when the term ends"),
        _maybe("asked_at", _moment(), "when Kith last asked whether to go on"),
        _column("profile", _text(32), "setting: the restraint profile"),
        _maybe("patterns_off", _text(400), "setting: patterns never asked about here"),
        _column("opens", sa.Time(), "setting: start of the working day"),
        _column("closes", sa.Time(), "setting: end of the working day"),
        _column("zone", _text(64), "setting: IANA name of the time zone"),
        _maybe("announcement_only", sa.Boolean(), "setting: the steward's word on announcements"),
        _column("locale", _text(32), "setting: the language Kith speaks"),
        _maybe("stilled", _text(800), "patterns stilled by 'not here', and until when"),
        _column("not_here_in_a_row", sa.Integer(), "how many 'not here' came in a row"),
        _maybe("runs", _text(800), "in how many windows in a row channel patterns stood"),
        _maybe("look_at", _moment(), "when the counts are next due for a look"),
        _maybe("last_spoke_at", _moment(), "when Kith last asked unasked; claiming a turn moves it"),
        _lengths("channels", workspace=255, channel=255, **texts),
        sa.PrimaryKeyConstraint("workspace", "channel", name=op.f("pk_channels")),
        comment="Channels Kith is in: charter, settings and what restraint must know.",
    )
    op.create_index(op.f("ix_channels_look_at"), "channels", ["look_at"])


def _create_ledger() -> None:
    texts = {"id": 64, "pattern": 32, "question": 64, "counts": 1000, "topic": 64, "reason": 32}
    op.create_table(
        "ledger",
        *_place(),
        _column("id", _text(64), "the entry's id, found on the buttons under a question"),
        _column("at", _moment(), "when it was asked or held back"),
        _column("pattern", _text(32), "which pattern it is about"),
        _maybe("question", _text(64), "id of the question in prompts/"),
        _maybe("counts", _text(1000), "the finding's counts by name"),
        _column("window_opened_at", _moment(), "the window that showed it"),
        _maybe("topic", _text(64), "id of the topic that fills the question's slot"),
        _maybe("reason", _text(32), "why it was held back; NULL where it was asked"),
        _column("useful", sa.Integer(), "how many pressed 'useful', nobody in particular"),
        _column("not_now", sa.Integer(), "how many pressed 'not now'"),
        _column("not_here", sa.Integer(), "how many pressed 'not here'"),
        _lengths("ledger", workspace=255, channel=255, **texts),
        sa.ForeignKeyConstraint(
            ["workspace", "channel"],
            ["channels.workspace", "channels.channel"],
            name=op.f("fk_ledger_channels"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace", "channel", "id", name=op.f("pk_ledger")),
        sa.UniqueConstraint(
            "workspace", "channel", "pattern", "reason", "window_opened_at", name=op.f("uq_ledger_held_once")
        ),
        comment="Every question asked and every one held back, for all members to read.",
    )
    op.create_index(op.f("ix_ledger_workspace_channel_at"), "ledger", ["workspace", "channel", "at"])


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        *_place(),
        _column("id", _text(400), "what makes a second queueing harmless"),
        _column("place_in_line", sa.Integer(), "order among rows of a channel that are due at once"),
        _maybe("thread", _text(255), "the platform's id of the thread to answer in"),
        _column("kind", _text(32), "which message it is; its words are found when it goes out"),
        _column("due_at", _moment(), "when it may first be sent"),
        _column("free_at", _moment(), "when it may next be taken: leased or waiting until then"),
        _column("about", _text(64), "id of the ledger entry it speaks of, or empty"),
        _maybe("facts", _text(1000), "ids and numbers by name"),
        _column("attempts", sa.Integer(), "how many sendings failed"),
        _column("dead", sa.Boolean(), "given up; kept for the operator to see"),
        _lengths("outbox", workspace=255, channel=255, id=400, thread=255, kind=32, about=64, facts=1000),
        sa.PrimaryKeyConstraint("workspace", "channel", "id", name=op.f("pk_outbox")),
        comment="Everything decided and not yet said: ids alone, never words.",
    )
    op.create_index(op.f("ix_outbox_dead_due_at"), "outbox", ["dead", "due_at"])


def _create_opted_out() -> None:
    op.create_table(
        "opted_out",
        _column("workspace", _text(255), "the platform's id of the workspace"),
        _column("person", _text(255), "the platform's id of the person who chose it"),
        _lengths("opted_out", workspace=255, person=255),
        sa.PrimaryKeyConstraint("workspace", "person", name=op.f("pk_opted_out")),
        comment="People who asked Kith not to read their messages; a row goes when they take it back.",
    )
