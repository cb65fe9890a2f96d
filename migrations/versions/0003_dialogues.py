"""Dialogues: where a talk with Kith stands, and which messages to Kith have their answer."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
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
    """Create both tables."""
    texts = {"thread": 255, "by": 16, "salt": 32, "last_heard": 16, "step": 32, "pattern": 32, "topic": 64}
    op.create_table(
        "dialogues",
        *_place(),
        _column("thread", _text(255), "the platform's id of the message that opened the thread, or a word of our own"),
        _column("by", _text(16), "pseudonym of who began, this dialogue only"),
        _column("salt", sa.LargeBinary(), "the secret behind that pseudonym, destroyed with the dialogue"),
        _column("started_at", _moment(), "when it began; it is forgotten a day later at the latest"),
        _column("last_heard", _text(16), "pseudonym of the message answered last"),
        _column("replies_at", _moment(), "until when Kith's next words wait"),
        _column("step", _text(32), "which question stands"),
        _column("turns", sa.Integer(), "how often Kith has spoken in it"),
        _maybe("pattern", _text(32), "which pattern it is about"),
        _maybe("topic", _text(64), "id of a topic from the closed list in prompts/"),
        _maybe("asked", _text(800), "ids of the questions asked, in order"),
        _lengths("dialogues", workspace=255, channel=255, **texts, asked=800),
        sa.PrimaryKeyConstraint("workspace", "channel", "thread", name=op.f("pk_dialogues")),
        comment="Talks with people who spoke to Kith: where each stands and no word of it; kept for a day at most.",
    )
    op.create_index(op.f("ix_dialogues_started_at"), "dialogues", ["started_at"])
    op.create_table(
        "answered",
        *_place(),
        _column("message", _text(16), "pseudonym of a message that was said to Kith"),
        _column("at", _moment(), "when it was answered; forgotten a day later"),
        _lengths("answered", workspace=255, channel=255, message=16),
        sa.PrimaryKeyConstraint("workspace", "channel", "message", name=op.f("pk_answered")),
        comment="Which messages to Kith have their answer, so that a repeated delivery gets no second one.",
    )
    op.create_index(op.f("ix_answered_at"), "answered", ["at"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("answered")
    op.drop_table("dialogues")
