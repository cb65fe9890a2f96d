"""A version for every channel, so that two changes at once cannot undo one another.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; a plain ADD COLUMN, so that the old and the new Kith can run side by side."""
    version = sa.Column(
        "version", sa.Integer(), nullable=False, server_default="0", comment="goes up with every change"
    )
    op.add_column("channels", version)


def downgrade() -> None:
    """Take it away again."""
    with op.batch_alter_table("channels") as table:
        table.drop_column("version")
