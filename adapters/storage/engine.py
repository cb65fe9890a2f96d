"""Connect to SQLite or PostgreSQL, read and write in short transactions, and say plainly what went wrong."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import aiosqlite
from sqlalchemy import BindParameter, Column, Connection, NullPool, Select, Table, bindparam, event, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from adapters.storage.straight import SqliteStraight, Straight
from bot.errors import StoreError

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}
_BUSY_SECONDS = 5
_BUSY_SECONDS_OF_MIGRATION = 60  # the first of several processes may have every migration to run
_PRAGMAS = (
    "synchronous=NORMAL",
    # deleted rows, salts above all, are overwritten and do not linger in free pages
    "secure_delete=ON",
    # what a statement would undo if it failed is noted in memory: from 16 pages on it would else go to a file
    "temp_store=MEMORY",
)
_WRITES = "kith_writes"
UNFIT = "a value does not fit its column"
"""What is told of such a value, for drivers quote it."""

AnyInsert = sqlite.Insert | postgresql.Insert


def database_url(url: str) -> URL:
    """`url` with the async driver that Kith uses; StoreError for another kind of database or an unreadable address."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise StoreError(problem="its address cannot be read as a URL") from None
    driver = _DRIVERS.get(parsed.drivername)
    if driver is None:
        raise StoreError(problem=f"{parsed.drivername!r} is not one of sqlite:///file and postgresql://server/name")
    if driver.startswith("sqlite"):
        if parsed.database in (None, "", ":memory:"):
            raise StoreError(problem="SQLite needs a file, as in sqlite:///kith.db")
        return parsed.set(drivername=driver)
    if mode := parsed.query.get("sslmode"):  # libpq's word for what asyncpg calls ssl
        parsed = parsed.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode})
    return parsed.set(drivername=driver)


def build_engine(url: str, *, for_migration: bool = False) -> AsyncEngine:
    """An engine for `url` that connects on first use. Errors never carry parameters.

    `for_migration`: no pool, no time limit, and foreign keys left off on SQLite, where rebuilding a parent table
    would otherwise delete its children (PLATFORM G).
    """
    parsed = database_url(url)
    options: dict[str, Any] = {"hide_parameters": True}
    if for_migration:
        options["poolclass"] = NullPool
    if parsed.drivername.startswith("sqlite"):
        # at DEBUG the driver would log every statement with what goes into it
        logging.getLogger("aiosqlite").setLevel(logging.INFO)
        engine = create_async_engine(parsed, connect_args={"async_creator_fn": _opened_file}, **options)
        _listen_on_sqlite(engine, for_migration=for_migration)
        return engine
    options["connect_args"] = {"server_settings": {"application_name": "kith"}, "timeout": 10}
    if not for_migration:
        options |= {"pool_size": 10, "max_overflow": 10, "pool_pre_ping": True}
        options["connect_args"]["command_timeout"] = 30
    return create_async_engine(parsed, **options)


async def _opened_file(*args: Any, **options: Any) -> aiosqlite.Connection:
    """Open the file with a write-ahead log; if that fails, wait for the driver's thread to end.

    aiosqlite tells it to stop and goes on; it may then report to a loop that is closed, and print a traceback.
    """
    connection = aiosqlite.connect(*args, **options)
    thread = connection._thread  # there is no public way to it; SQLAlchemy reaches for it in the same place
    thread.daemon = True  # as SQLAlchemy sets it: an unclosed connection must not keep the process from ending
    try:
        await connection
        await _keep_a_log(connection)
    except BaseException:
        await connection.close()
        await asyncio.to_thread(thread.join, 1)
        raise
    return connection


async def _keep_a_log(connection: aiosqlite.Connection) -> None:
    """Have SQLite write ahead; when another process turns a new file to the same at this moment, ask again.

    SQLite answers that at once with "database is locked", whatever its busy timeout.
    """
    until = asyncio.get_running_loop().time() + _BUSY_SECONDS
    while True:
        try:
            await connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as exc:
            if exc.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or asyncio.get_running_loop().time() > until:
                raise
            await asyncio.sleep(0.02)
        else:
            return


def _pragmas(*, for_migration: bool) -> tuple[str, ...]:
    """What every connection to a file is told first."""
    busy = _BUSY_SECONDS_OF_MIGRATION if for_migration else _BUSY_SECONDS
    return (f"busy_timeout={busy * 1000}", f"foreign_keys={'OFF' if for_migration else 'ON'}", *_PRAGMAS)


def _listen_on_sqlite(engine: AsyncEngine, *, for_migration: bool) -> None:
    pragmas = _pragmas(for_migration=for_migration)

    @event.listens_for(engine.sync_engine, "connect")
    def _(connection: Any, record: object) -> None:
        connection.isolation_level = None  # the driver would begin transactions late and never around DDL
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _(connection: Connection) -> None:
        # A writer takes the lock at once and waits its turn; one that began by reading could only fail.
        if connection.get_execution_options().get(_WRITES):
            connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn whatever the database or its driver raises into a StoreError of one line without any values."""
    try:
        yield
    except (SQLAlchemyError, OSError) as exc:
        raise StoreError(problem=one_line(exc)) from exc


def one_line(exc: BaseException) -> str:
    """An error's first line, without the values that drivers quote."""
    if isinstance(exc, DataError) or (isinstance(exc, DBAPIError) and "query argument" in str(exc.orig)):
        return UNFIT
    if isinstance(exc, DBAPIError) and exc.orig is not None:
        exc = exc.orig.__cause__ or exc.orig
    line = next(iter(str(exc).splitlines()), "")
    return line or type(exc).__name__


def new(column: Column[Any]) -> BindParameter[Any]:
    """The parameter that stands for a new row's value of `column` in `Database.insert_if`."""
    return bindparam(f"new_{column.name}", type_=column.type)


def as_new(values: dict[str, Any]) -> dict[str, Any]:
    """`values` by column name, as parameters of `Database.insert_if`."""
    return {f"new_{name}": value for name, value in values.items()}


class Database:
    """An open database: `reading` for statements that each see what is committed, `writing` for one transaction."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self.is_sqlite = engine.dialect.name == "sqlite"
        self._to_scrub = False
        self._reads = engine if self.is_sqlite else engine.execution_options(isolation_level="AUTOCOMMIT")
        self._writes = engine.execution_options(**{_WRITES: True})

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection to read with; StoreError if the database does not answer as it should."""
        with told_plainly():
            async with self._reads.connect() as connection:
                yield connection

    @asynccontextmanager
    async def streaming(self) -> AsyncIterator[AsyncConnection]:
        """A connection for `stream`: PostgreSQL's cursors need a transaction; on SQLite that would keep every writer
        waiting."""
        async with self.reading() if self.is_sqlite else self.writing() as connection:
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """One transaction, committed at the end unless it was rolled back or something was raised."""
        with told_plainly():
            async with self._writes.connect() as connection:
                yield connection
                if connection.in_transaction():
                    await connection.commit()

    def straight(self) -> Straight:
        """A way past all this to the driver, on a connection of its own; to be closed by whoever asks for it."""
        if self.is_sqlite:
            return SqliteStraight(str(self._engine.url.database), _pragmas(for_migration=False))
        from adapters.storage.straight_postgres import PostgresStraight  # only now: most need no such driver

        return PostgresStraight(self._engine)

    def insert(self, table: Table) -> AnyInsert:
        """An INSERT that knows ON CONFLICT in this database's dialect."""
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    def insert_if(self, table: Table, parent: Select[Any]) -> AnyInsert:
        """INSERT … SELECT of one row, written only if `parent` finds its row and no key stands in the way.

        Build it once (that costs more than running it) and execute it with `as_new(values)` for every column.
        """
        row = select(*(new(column) for column in table.columns)).where(parent.exists())
        return self.insert(table).from_select(list(table.c.keys()), row).on_conflict_do_nothing()

    async def scrub(self) -> None:
        """Have what was deleted overwritten in SQLite's log too, salts above all; what other connections hold up is
        tried again by `scrub_again`."""
        if self.is_sqlite:
            async with self.reading() as connection:
                row = (await connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))).first()
            self._to_scrub = row is None or row[0] != 0

    async def scrub_again(self) -> None:
        """Overwrite what could not be overwritten before, if there is any."""
        if self._to_scrub:
            await self.scrub()

    async def close(self) -> None:
        """Let go of every connection."""
        await self._engine.dispose()
