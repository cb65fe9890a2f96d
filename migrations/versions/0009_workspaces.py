"""What workspaces decide, the trail of changes, what a language model costs, and a steward's word on a channel's kind.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def _needed(name: str, kind: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, comment=comment)


def _maybe(name: str, kind: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True, comment=comment)


def _moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _lengths(table: str, *columns: tuple[str, int]) -> sa.CheckConstraint:
    rule = " AND ".join(f"length({column}) <= {most}" for column, most in columns)
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_lengths"))


def upgrade() -> None:
    """Create the tables, and add the column, which may be empty: the old and the new Kith can run side by side."""
    _workspaces()
    _changes()
    op.create_table(
        "spendings",
        _needed("workspace", sa.String(255), "the platform's id of the workspace"),
        _needed("day", _moment(), "the day, by its beginning in UTC"),
        _needed("tokens", sa.Integer(), "how many tokens a language model has cost on that day, at the most"),
        _lengths("spendings", ("workspace", 255)),
        sa.PrimaryKeyConstraint("workspace", "day", name=op.f("pk_spendings")),
        comment="What the companion has cost a workspace, so that it can be held under a ceiling; kept for two months.",
    )
    _rebound((*_CHANNEL_TEXTS, ("kind_said", 32)), added=True)


_CHANNEL_TEXTS = (
    ("workspace", 255),
    ("channel", 255),
    ("name", 255),
    ("kind", 32),
    ("charter_state", 32),
    ("steward", 255),
    ("profile", 32),
    ("patterns_off", 400),
    ("zone", 64),
    ("locale", 32),
    ("stilled", 800),
    ("runs", 800),
)


def _rebound(texts: tuple[tuple[str, int], ...], *, added: bool) -> None:
    """Add the column or take it away, with the rule that bounds the texts as it is then."""
    rule = " AND ".join(f"length({column}) <= {most}" for column, most in texts)
    with op.batch_alter_table("channels") as table:
        table.drop_constraint(op.f("ck_channels_lengths"), type_="check")
        if added:
            table.add_column(_maybe("kind_said", sa.String(32), "setting: the steward's word on what it is for"))
        else:
            table.drop_column("kind_said")
        table.create_check_constraint(op.f("ck_channels_lengths"), rule)


def _workspaces() -> None:
    op.create_table(
        "workspaces",
        _needed("workspace", sa.String(255), "the platform's id of the workspace"),
        _maybe("rule", sa.String(32), "who may say yes for a channel"),
        _maybe("human_help", sa.String(300), "one line on whom people there can turn to in need, given by an admin"),
        _maybe("profile", sa.String(32), "the restraint profile that new channels start with"),
        _maybe("opens", sa.Time(), "start of the working day that new channels start with"),
        _maybe("closes", sa.Time(), "end of the working day that new channels start with"),
        _maybe("zone", sa.String(64), "IANA name of the time zone that new channels start with"),
        _maybe("locale", sa.String(32), "the language that new channels start with"),
        _maybe("holidays", sa.String(8), "code of the country whose public holidays are kept"),
        _maybe("keeps_days", sa.Integer(), "how many days traces are kept, where that is less than a window"),
        _maybe(
            "admins",
            sa.String(4000),
            "the platform's ids of people who are admins in Kith beside the platform's own",
        ),
        _needed("companion", sa.Boolean(), "whether the workspace wants a language model to help"),
        _maybe("numbers", sa.String(1000), "numbers moved, by profile"),
        _needed("version", sa.Integer(), "goes up with every change"),
        _lengths(
            "workspaces",
            ("workspace", 255),
            ("rule", 32),
            ("human_help", 300),
            ("profile", 32),
            ("zone", 64),
            ("locale", 32),
            ("holidays", 8),
            ("admins", 4000),
            ("numbers", 1000),
        ),
        sa.PrimaryKeyConstraint("workspace", name=op.f("pk_workspaces")),
        comment="What a workspace decides for all its channels; goes when the workspace is forgotten.",
    )


def _changes() -> None:
    op.create_table(
        "changes",
        _needed("workspace", sa.String(255), "the platform's id of the workspace"),
        _needed("channel", sa.String(255), "the platform's id of the channel"),
        _needed("id", sa.String(64), "an id of our own"),
        _needed("at", _moment(), "when it was changed"),
        _needed("what", sa.String(32), "what was changed, one of our own words"),
        _needed("by", sa.String(16), "in which role: member, steward, admin, or Kith itself; never who"),
        _maybe("facts", sa.String(1000), "which settings, and the ids or numbers they have now"),
        _lengths(
            "changes", ("workspace", 255), ("channel", 255), ("id", 64), ("what", 32), ("by", 16), ("facts", 1000)
        ),
        sa.PrimaryKeyConstraint("workspace", "channel", "id", name=op.f("pk_changes")),
        comment="The trail of changes, for all members; channel '' is the whole workspace. Goes with the ledger.",
    )
    op.create_index(op.f("ix_changes_workspace_channel_at"), "changes", ["workspace", "channel", "at"])


def downgrade() -> None:
    """Take it all away again."""
    _rebound(_CHANNEL_TEXTS, added=False)
    for table_name in ("spendings", "changes", "workspaces"):
        op.drop_table(table_name)
