"""A team's rounds on why it goes social, and the words that an organisation gives of itself."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _column(name: str, kind: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, comment=comment)


def _text(length: int) -> sa.String:
    return sa.String(length=length)


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
    _create_rounds()
    _create_round_marks()
    _create_own_words()


def downgrade() -> None:
    """Drop them, children first."""
    for table in ("own_words", "round_marks", "rounds"):
        op.drop_table(table)


def _create_rounds() -> None:
    op.create_table(
        "rounds",
        *_place(),
        _column("id", _text(64), "an id of our own, found on the round's buttons"),
        _column("opened_at", sa.DateTime(timezone=True), "when it began; it is deleted 30 days later at the latest"),
        _column(
            "salt", sa.LargeBinary(), "the secret behind the marks of those who answered, destroyed with the round"
        ),
        _column("people", sa.Integer(), "how many people answered"),
        sa.Column("counts", _text(400), nullable=True, comment="how many of them stand where, by path"),
        _lengths("rounds", workspace=255, channel=255, id=64, salt=32, counts=400),
        sa.PrimaryKeyConstraint("workspace", "channel", name=op.f("pk_rounds")),
        comment="A team's round on why it goes social, one a channel: counts alone, never who stands where.",
    )
    op.create_index(op.f("ix_rounds_opened_at"), "rounds", ["opened_at"])


def _create_round_marks() -> None:
    op.create_table(
        "round_marks",
        *_place(),
        _column("person", _text(16), "pseudonym of somebody who answered, this round only"),
        _lengths("round_marks", workspace=255, channel=255, person=16),
        sa.ForeignKeyConstraint(
            ["workspace", "channel"],
            ["rounds.workspace", "rounds.channel"],
            name=op.f("fk_round_marks_rounds"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace", "channel", "person", name=op.f("pk_round_marks")),
        comment="That somebody has answered, so that nobody answers twice; not what.",
    )


def _create_own_words() -> None:
    for_all = "given by it for all to read"
    op.create_table(
        "own_words",
        _column("workspace", _text(255), "the platform's id of the workspace"),
        _column("stands_for", _text(300), f"what the organisation makes or stands for, {for_all}"),
        _column("for_one_another", _text(300), f"what its people want to be for one another, {for_all}"),
        _lengths("own_words", workspace=255, stands_for=300, for_one_another=300),
        sa.PrimaryKeyConstraint("workspace", name=op.f("pk_own_words")),
        comment="An organisation's own words, which it gives and takes back; nobody's messages.",
    )
