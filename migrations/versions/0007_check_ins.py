"""Check-ins: what channels agreed to be asked, each time they were, and sealed answers.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
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


def _belongs(table: str, columns: list[str], to: str, of: list[str]) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        columns, [f"{to}.{column}" for column in of], name=op.f(f"fk_{table}_{to}"), ondelete="CASCADE"
    )


def upgrade() -> None:
    """Create the three tables."""
    _check_ins()
    _runs()
    _answers()


def _check_ins() -> None:
    texts = {"id": 16, "rhythm": 200, "zone": 64, "country": 16, "skips": 400, "asks": 32}
    op.create_table(
        "check_ins",
        *_place(),
        _column("id", _text(16), "an id of our own, the first part of its runs' ids"),
        _column("made", sa.Integer(), "its place among the channel's, in the order in which they were made"),
        _column("rhythm", _text(200), "the days: weekdays and weeks, the nth weekday of a month, or a cron expression"),
        _column("at", sa.Time(), "the wall time"),
        _column("zone", _text(64), "IANA name of the zone of that time"),
        _column("country", _text(16), "whose public holidays are left out; empty for none"),
        _maybe("skips", _text(400), "single days that are left out"),
        _column("asks", _text(32), "a theme's id, or that it goes round them all, or that the question is its own"),
        _column(
            "own_question", _text(200), "the question that the channel gave, for all to read; empty if there is none"
        ),
        _column("answering", _text(16), "in the thread or through a form"),
        _column("open_minutes", sa.Integer(), "how long it takes answers"),
        _column("reminds", sa.Boolean(), "whether the channel is reminded, once"),
        _column("turn", sa.Integer(), "how often it has asked, which says what comes next"),
        _maybe("next_day", sa.Date(), "the day of the next slot"),
        _maybe("next_at", _moment(), "the moment of the next slot; NULL if none comes"),
        _column("version", sa.Integer(), "goes up with every change"),
        _lengths("check_ins", workspace=255, channel=255, **texts, own_question=200, answering=16),
        _belongs("check_ins", ["workspace", "channel"], "channels", ["workspace", "channel"]),
        sa.PrimaryKeyConstraint("workspace", "channel", "id", name=op.f("pk_check_ins")),
        comment="What channels agreed to be asked regularly; kept until it is stopped or Kith leaves.",
    )
    op.create_index(op.f("ix_check_ins_next_at"), "check_ins", ["next_at"])


def _runs() -> None:
    texts = {"id": 32, "check_in": 16, "state": 16, "question": 64, "own_question": 200, "answering": 16, "zone": 64}
    op.create_table(
        "check_in_runs",
        *_place(),
        _column("id", _text(32), "check-in and day: one run a slot, whoever claims it"),
        _column("check_in", _text(16), "the check-in"),
        _column("day", sa.Date(), "the day of the slot"),
        _column("slot_at", _moment(), "the moment of the slot"),
        _column("state", _text(16), "waiting, open, closed, over or skipped"),
        _maybe("question", _text(64), "id of the question in prompts/; NULL if it was the channel's own"),
        _column("own_question", _text(200), "the channel's own question as it was asked; empty if it was another"),
        _column("answering", _text(16), "in the thread or through a form"),
        _column("open_minutes", sa.Integer(), "how long it takes answers"),
        _column("reminds", sa.Boolean(), "whether the channel is reminded, once"),
        _column("zone", _text(64), "IANA name of the zone it is told in"),
        _column("turn", sa.Integer(), "which turn of its check-in it is"),
        _column(
            "salt", sa.LargeBinary(), "the secret behind the pseudonyms of who answers; emptied when the run closes"
        ),
        _maybe("reason", _text(16), "why it was never said, one of our own words"),
        _maybe("message", _text(255), "the platform's id of what was said"),
        _maybe("closes_at", _moment(), "until when it takes answers"),
        _lengths("check_in_runs", workspace=255, channel=255, **texts, salt=32, reason=16, message=255),
        _belongs("check_in_runs", ["workspace", "channel", "check_in"], "check_ins", ["workspace", "channel", "id"]),
        sa.PrimaryKeyConstraint("workspace", "channel", "id", name=op.f("pk_check_in_runs")),
        comment="Each time a check-in fell due: said, or missed and why. No word of anybody's.",
    )
    op.create_index(
        op.f("ix_check_in_runs_workspace_channel_slot_at"), "check_in_runs", ["workspace", "channel", "slot_at"]
    )


def _answers() -> None:
    op.create_table(
        "check_in_answers",
        *_place(),
        _column("run", _text(32), "the run"),
        _column(
            "person", _text(16), "pseudonym of who answered, this run only; leads to nobody once the run is closed"
        ),
        _column("sealed", sa.LargeBinary(), "the answer, sealed under the deployment's keys"),
        _column(
            "forget_at", _moment(), "when it is deleted: 30 days after the run closes, or at once if it is not shown"
        ),
        _lengths("check_in_answers", workspace=255, channel=255, run=32, person=16, sealed=2000),
        _belongs("check_in_answers", ["workspace", "channel", "run"], "check_in_runs", ["workspace", "channel", "id"]),
        sa.PrimaryKeyConstraint("workspace", "channel", "run", "person", name=op.f("pk_check_in_answers")),
        comment="What people chose to answer, sealed, until 30 days after it was shown, or until it will not be.",
    )
    op.create_index(op.f("ix_check_in_answers_forget_at"), "check_in_answers", ["forget_at"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("check_in_answers")
    op.drop_table("check_in_runs")
    op.drop_table("check_ins")
