"""How a table of the store is written: keys that begin with the workspace, a word on each column, bounded texts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, Column, MetaData, String, Table
from sqlalchemy.schema import SchemaItem

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def table(name: str, *items: SchemaItem, comment: str) -> Table:
    """A table with a CHECK that bounds its texts, on SQLite too, which knows no lengths."""
    made = Table(name, metadata, *items, comment=comment)
    lengths = [
        f"length({column.name}) <= {length}"
        for column in made.columns
        if (length := getattr(column.type, "length", None)) is not None
    ]
    if lengths:
        made.append_constraint(CheckConstraint(" AND ".join(lengths), name="lengths"))
    return made


def key(name: str, kind: Any, comment: str) -> Column[Any]:
    """A column of the primary key."""
    return Column(name, kind, primary_key=True, comment=comment)


def place() -> tuple[Column[Any], Column[Any]]:
    """The two columns that every key of a channel's rows begins with."""
    return (
        key("workspace", String(255), "the platform's id of the workspace"),
        key("channel", String(255), "the platform's id of the channel"),
    )


def needed(name: str, kind: Any, comment: str) -> Column[Any]:
    """A column that always has a value."""
    return Column(name, kind, nullable=False, comment=comment)


def maybe(name: str, kind: Any, comment: str) -> Column[Any]:
    """A column that may be empty."""
    return Column(name, kind, nullable=True, comment=comment)
