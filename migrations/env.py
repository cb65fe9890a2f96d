"""What Alembic runs: the migrations, on the connection that adapters/storage/migrate.py hands over."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection

from adapters.storage.columns import Moment, PackedJson
from adapters.storage.schema import metadata


def _frozen(kind: str, item: Any, _: object) -> str | Literal[False]:
    """Drafts name plain types: a migration must not change when our own types do."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, PackedJson):
        return f"sa.String(length={item.length})"
    return False


connection: Connection | None = context.config.attributes.get("connection")
if connection is None:
    raise RuntimeError("migrations run through adapters.storage.migrate, which brings the connection and the locks")

context.configure(
    connection=connection,
    target_metadata=metadata,
    compare_type=True,
    compare_server_default=True,
    render_item=_frozen,
    # SQLite cannot alter most of a table in place; batch mode rebuilds it
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
