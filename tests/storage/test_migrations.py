"""Migrations on both databases: up, down and up again with data, whole or not at all, by several processes at once."""

from __future__ import annotations

import asyncio
import shutil
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from adapters.storage import migrate
from adapters.storage.engine import build_engine, database_url
from adapters.storage.schema import metadata
from adapters.storage.sql import open_store
from bot.domain.address import Address
from bot.domain.audit import Change, Role, What
from bot.domain.dialogue import Dialogue
from bot.domain.installation import Installation
from bot.domain.own_words import OwnWords
from bot.domain.workspace import WorkspaceSettings
from bot.errors import StoreError
from tests.storage.check_in_samples import opened_run
from tests.storage.conftest import PostgresFarm
from tests.storage.samples import IDEAS, T0, a_channel, a_message, a_trace, an_entry, noted

HERE = Path(__file__).parents[2]

HEAD = max(path.stem[:4] for path in (HERE / "migrations" / "versions").glob("[0-9]*.py"))
"""The newest revision that ships."""

REBUILD = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "9999", "{head}", None, None


def upgrade() -> None:
    with op.batch_alter_table("windows", recreate="auto") as batch:
        batch.alter_column("salt", type_=sa.LargeBinary(64), existing_nullable=False)
    op.create_table("checkins", sa.Column("id", sa.Integer, primary_key=True))
    {then}


def downgrade() -> None:
    op.drop_table("checkins")
"""


@pytest.fixture
def later(tmp_path: Path) -> Path:
    """The migrations with room for one more."""
    return shutil.copytree(HERE / "migrations", tmp_path / "later", ignore=shutil.ignore_patterns("__pycache__"))


async def fill(url: str) -> None:
    store = await open_store(url)
    await store.channels.add(a_channel())
    key = await store.traces.window_key(IDEAS, T0)
    await store.traces.remember(IDEAS, key, a_trace())
    await store.traces.drop(IDEAS, key, "m2")
    await store.ledger.ask(IDEAS, an_entry(), a_message(), last_spoke_at=None)
    await store.choices.opt_out("T-1", "U-ana")
    talk = Dialogue(thread="t", by="b", salt=b"s", started_at=T0, last_heard="h", replies_at=T0)
    await store.dialogues.answer(a_message("o2"), heard="h", at=T0, after=talk)
    await store.rounds.open(IDEAS, "r1", T0)
    await store.rounds.answer(IDEAS, "r1", by="somebody", stands=["words.technology"], now=T0)
    await store.own_words.give("T-1", OwnWords(stands_for="Things that last."))
    await store.installations.install(Installation(workspace="T-1", user="U-kith", token="t"))
    await store.handshakes.begin("s", until=T0)
    await store.workspaces.save("T-1", WorkspaceSettings())
    await noted(store, Change(ref=IDEAS, at=T0, what=What.PAUSED, by=Role.MEMBER))
    await store.spendings.correct("T-1", 1, now=T0)
    await store.addresses.keep(IDEAS, Address(url="https://example.test/"))
    run = await opened_run(store)
    await store.runs.answer(IDEAS, run.id, by="p", text="An answer.", now=T0)
    await store.close()


async def rows(url: str) -> dict[str, int]:
    """How many rows each table of the database has."""
    engine = build_engine(url)
    async with engine.connect() as connection:
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        counts = {n: (await connection.execute(text(f'SELECT count(*) FROM "{n}"'))).scalar_one() for n in names}  # noqa: S608 - names from the database itself
    await engine.dispose()
    return counts


async def test_an_empty_database_gets_every_table_and_can_be_used(empty_url: str) -> None:
    assert await migrate.current(empty_url) is None
    await migrate.upgrade(empty_url)
    assert await migrate.current(empty_url) == HEAD
    await fill(empty_url)
    assert set(await rows(empty_url)) == {*metadata.tables, "alembic_version"}


async def test_a_second_upgrade_leaves_the_data_alone(empty_url: str) -> None:
    await migrate.upgrade(empty_url)
    await fill(empty_url)
    before = await rows(empty_url)
    await migrate.upgrade(empty_url)
    assert await rows(empty_url) == before
    assert all(before.values())


async def test_down_and_up_again_with_data_leaves_empty_tables(empty_url: str) -> None:
    await migrate.upgrade(empty_url)
    await fill(empty_url)
    await migrate.downgrade(empty_url, "base")
    assert await migrate.current(empty_url) is None
    assert await rows(empty_url) == {"alembic_version": 0}
    await migrate.upgrade(empty_url)
    await fill(empty_url)


async def test_the_migrated_schema_is_the_schema_of_the_code(empty_url: str) -> None:
    await migrate.upgrade(empty_url)
    await migrate.check(empty_url)


async def test_a_schema_that_has_drifted_is_named(empty_url: str) -> None:
    await migrate.upgrade(empty_url)
    engine = build_engine(empty_url)
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE outbox ADD COLUMN said VARCHAR(9)"))
    await engine.dispose()
    with pytest.raises(StoreError, match="said"):
        await migrate.check(empty_url)


async def test_rebuilding_a_parent_table_keeps_its_children(empty_url: str, later: Path) -> None:
    (later / "versions" / "9999.py").write_text(REBUILD.format(head=HEAD, then="pass"))
    await migrate.upgrade(empty_url)
    await fill(empty_url)
    before = await rows(empty_url)
    await migrate.upgrade(empty_url, scripts=str(later))
    assert await rows(empty_url) == {**before, "checkins": 0}
    await migrate.downgrade(empty_url, HEAD, scripts=str(later))
    assert await rows(empty_url) == before


async def test_a_migration_that_fails_halfway_changes_nothing(empty_url: str, later: Path) -> None:
    (later / "versions" / "9999.py").write_text(REBUILD.format(head=HEAD, then='op.execute("SELECT * FROM nowhere")'))
    await migrate.upgrade(empty_url)
    await fill(empty_url)
    before = await rows(empty_url)
    with pytest.raises(StoreError, match="nowhere"):
        await migrate.upgrade(empty_url, scripts=str(later))
    assert await rows(empty_url) == before
    assert await migrate.current(empty_url) == HEAD
    await migrate.check(empty_url)


async def test_a_migration_that_would_leave_orphans_is_undone(tmp_path: Path, later: Path) -> None:
    url = f"sqlite:///{tmp_path / 'orphans.db'}"
    (later / "versions" / "9999.py").write_text(REBUILD.format(head=HEAD, then='op.execute("DELETE FROM windows")'))
    await migrate.upgrade(url)
    await fill(url)
    before = await rows(url)
    with pytest.raises(StoreError, match="without a parent in taken_back, traces"):
        await migrate.upgrade(url, scripts=str(later))
    assert await rows(url) == before


async def test_a_database_from_a_newer_kith_is_refused_in_one_line(empty_url: str, later: Path) -> None:
    (later / "versions" / "9999.py").write_text(REBUILD.format(head=HEAD, then="pass"))
    await migrate.upgrade(empty_url, scripts=str(later))
    with pytest.raises(StoreError, match="9999"):
        await migrate.upgrade(empty_url)


async def upgraded_by_four(url: str) -> list[int | None]:
    code = f"import asyncio; from adapters.storage import migrate; asyncio.run(migrate.upgrade({url!r}))"
    four = [await asyncio.create_subprocess_exec(sys.executable, "-c", code, cwd=HERE) for _ in range(4)]
    return [await process.wait() for process in four]


async def test_four_processes_may_upgrade_one_empty_postgresql_at_once(postgres: PostgresFarm) -> None:
    url = await postgres.without_tables()
    assert await upgraded_by_four(url) == [0, 0, 0, 0]
    assert await migrate.current(url) == HEAD


async def test_four_processes_may_upgrade_one_empty_file_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shared.db'}"
    assert await upgraded_by_four(url) == [0, 0, 0, 0]
    assert await migrate.current(url) == HEAD


async def test_connections_may_turn_one_new_file_to_a_write_ahead_log_at_once(tmp_path: Path) -> None:
    for turn in range(20):
        engines = [build_engine(f"sqlite:///{tmp_path / f'{turn}.db'}", for_migration=True) for _ in range(8)]
        try:
            await asyncio.gather(*(opened(engine) for engine in engines))
        finally:
            await asyncio.gather(*(engine.dispose() for engine in engines))


async def opened(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        assert (await connection.execute(text("PRAGMA journal_mode"))).scalar() == "wal"


async def test_a_draft_names_plain_types_alone(tmp_path: Path, later: Path) -> None:
    shutil.rmtree(later / "versions")
    (later / "versions").mkdir()
    await migrate.draft(f"sqlite:///{tmp_path / 'draft.db'}", "Again", revision="9998", scripts=str(later))
    (written,) = (later / "versions").glob("*.py")
    assert "adapters." not in written.read_text()
    await migrate.upgrade(f"sqlite:///{tmp_path / 'again.db'}", scripts=str(later))
    await migrate.check(f"sqlite:///{tmp_path / 'again.db'}", scripts=str(later))


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite:////nowhere/at/all/kith.db", "unable to open database file"),
        ("postgresql://kith:hush@127.0.0.1:1/kith", "Connect call failed"),
        ("mysql://kith:hush@localhost/kith", "not one of sqlite"),
        ("sqlite://", "needs a file"),
        ("kith.db?hush", "cannot be read as a URL"),
    ],
)
async def test_a_database_that_cannot_be_reached_is_told_in_one_line_without_a_password(url: str, says: str) -> None:
    for use in (open_store, migrate.upgrade, migrate.current):
        with pytest.raises(StoreError, match=says) as refusal:
            await use(url)
        assert "hush" not in str(refusal.value)
        assert "\n" not in str(refusal.value)


async def test_a_file_that_cannot_be_opened_leaves_no_thread_behind() -> None:
    before = set(threading.enumerate())
    for _ in range(20):
        with pytest.raises(StoreError):
            await open_store("sqlite:////nowhere/at/all/kith.db")
        new = set(threading.enumerate()) - before
        assert not [thread for thread in new if "_connection_worker" in thread.name]


async def test_a_database_without_tables_says_what_to_run(empty_url: str) -> None:
    store = await open_store(empty_url)
    with pytest.raises(StoreError, match=r"channels.*kith db upgrade"):
        await store.channels.get(IDEAS)
    await store.close()


def test_addresses_are_taken_as_people_write_them() -> None:
    assert database_url("postgres://h/kith?sslmode=require").render_as_string() == (
        "postgresql+asyncpg://h/kith?ssl=require"
    )
    assert database_url("sqlite:///kith.db").drivername == "sqlite+aiosqlite"
