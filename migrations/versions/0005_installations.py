"""Workspaces that gave Kith tokens, and the handshakes that lead there.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _column(name: str, kind: Any, comment: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=nullable, comment=comment)


def _maybe(name: str, kind: Any, comment: str) -> sa.Column[Any]:
    return _column(name, kind, comment, nullable=True)


def _moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _lengths(table: str, **lengths: int) -> sa.CheckConstraint:
    rule = " AND ".join(f"length({column}) <= {most}" for column, most in lengths.items())
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_lengths"))


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "installations",
        _column("workspace", sa.String(255), "the platform's id of the workspace"),
        _maybe("kith_user", sa.String(255), "the platform's id of Kith's own user there"),
        _maybe("kith_bot", sa.String(255), "the platform's id of Kith's own bot there"),
        _maybe(
            "sealed", sa.LargeBinary(8000), "the tokens, sealed under the deployment's keys; NULL once they are gone"
        ),
        _maybe("expires_at", _moment(), "when the token ends, if it does and can be renewed"),
        _maybe("leased_until", _moment(), "until when one process alone renews it"),
        _maybe("forget_at", _moment(), "when all of the workspace is to be forgotten; NULL while Kith is installed"),
        _column("version", sa.Integer(), "goes up with every change"),
        _lengths("installations", workspace=255, kith_user=255, kith_bot=255, sealed=8000),
        sa.PrimaryKeyConstraint("workspace", name=op.f("pk_installations")),
        comment="Workspaces that gave Kith tokens, and those that took them back and are still to be forgotten.",
    )
    op.create_index(op.f("ix_installations_expires_at"), "installations", ["expires_at"])
    op.create_index(op.f("ix_installations_forget_at"), "installations", ["forget_at"])
    op.create_table(
        "handshakes",
        _column("state", sa.String(64), "hash of an unpredictable word that a browser brings back"),
        _column("until", _moment(), "when its time is over"),
        _lengths("handshakes", state=64),
        sa.PrimaryKeyConstraint("state", name=op.f("pk_handshakes")),
        comment="Installations begun in a browser, each to be finished once, within ten minutes.",
    )
    op.create_index(op.f("ix_handshakes_until"), "handshakes", ["until"])


def downgrade() -> None:
    """Drop them."""
    op.drop_table("handshakes")
    op.drop_table("installations")
