"""Where channels are answered, on platforms that do not have one address for all.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _column(name: str, comment: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(255), nullable=nullable, comment=comment)


def upgrade() -> None:
    """Create the table."""
    rule = " AND ".join(f"length({column}) <= 255" for column in ("workspace", "channel", "url", "within"))
    op.create_table(
        "addresses",
        _column("workspace", "the platform's id of the workspace"),
        _column("channel", "the platform's id of the channel"),
        _column("url", "the platform's URL that what is said there is sent to"),
        _column("within", "the platform's id of the larger group that the channel is part of", nullable=True),
        sa.CheckConstraint(rule, name=op.f("ck_addresses_lengths")),
        sa.PrimaryKeyConstraint("workspace", "channel", name=op.f("pk_addresses")),
        comment="Where channels, and people who talk with Kith alone, are answered after a restart; no names.",
    )
    op.create_index(op.f("ix_addresses_workspace_within"), "addresses", ["workspace", "within"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("addresses")
