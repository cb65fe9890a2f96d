"""Messages that were taken back; whether a message called everyone is not kept any more.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table, and drop the column nobody read."""
    op.create_table(
        "taken_back",
        sa.Column("workspace", sa.String(255), nullable=False, comment="the platform's id of the workspace"),
        sa.Column("channel", sa.String(255), nullable=False, comment="the platform's id of the channel"),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False, comment="the window"),
        sa.Column("key", sa.String(16), nullable=False, comment="pseudonym of the message, this window only"),
        sa.CheckConstraint(
            "length(workspace) <= 255 AND length(channel) <= 255 AND length(key) <= 16",
            name=op.f("ck_taken_back_lengths"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace", "channel", "opened_at"],
            ["windows.workspace", "windows.channel", "windows.opened_at"],
            name="fk_taken_back_windows",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("workspace", "channel", "opened_at", "key", name="pk_taken_back"),
        comment="Messages that were taken back, so that none leaves a trace that is heard, or heard again, after that.",
    )
    op.execute("ALTER TABLE traces DROP COLUMN calls_everyone")  # no check names it, so SQLite need not rebuild


def downgrade() -> None:
    """Take it away again; of older messages nobody knows any more whether they called everyone."""
    calls: sa.Column[bool] = sa.Column("calls_everyone", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("traces", calls)
    op.drop_table("taken_back")
