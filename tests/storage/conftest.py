"""Stores to test: the twin, SQLite files, and databases on a PostgreSQL that starts once for all tests."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from adapters.storage import migrate
from adapters.storage.engine import build_engine
from adapters.storage.memory.store import MemoryStore
from adapters.storage.schema import metadata
from adapters.storage.sealing import Sealer, new_key
from adapters.storage.sql import SqlStore, open_store
from tests.postgres import postgres_server

AnyStore = MemoryStore | SqlStore


@dataclass
class PostgresFarm:
    """A server, and the migrated databases in it that no test is using at the moment."""

    admin_url: str
    name: str
    numbers: Iterator[int] = field(default_factory=count)
    clean: list[str] = field(default_factory=list)
    made: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def database(self) -> AsyncIterator[str]:
        """The URL of a migrated database without rows; emptied afterwards and used again, which is cheaper."""
        url = self.clean.pop() if self.clean else await self._migrated()
        yield url
        await administer(url, *(str(table.delete()) for table in reversed(metadata.sorted_tables)))
        self.clean.append(url)

    async def without_tables(self) -> str:
        """The URL of a new database."""
        name = f"{self.name}_{next(self.numbers)}"
        await administer(self.admin_url, f"CREATE DATABASE {name} TEMPLATE template0")
        self.made.append(name)
        return make_url(self.admin_url).set(database=name).render_as_string(hide_password=False)

    async def drop_all(self) -> None:
        await administer(self.admin_url, *(f"DROP DATABASE {name} WITH (FORCE)" for name in self.made))

    async def _migrated(self) -> str:
        url = await self.without_tables()
        await migrate.upgrade(url)
        return url


async def administer(url: str, *statements: str) -> None:
    engine = build_engine(url, for_migration=True).execution_options(isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    await engine.dispose()


def in_own_loop(work: Coroutine[Any, Any, None]) -> None:
    """Run `work` to its end beside whatever loop the test runner holds."""
    with ThreadPoolExecutor(1) as beside:
        beside.submit(asyncio.run, work).result()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresFarm]:
    with postgres_server() as admin_url:
        farm = PostgresFarm(admin_url, f"kith_test_{os.getpid()}")
        try:
            yield farm
        finally:
            in_own_loop(farm.drop_all())


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "kith.db"
    in_own_loop(migrate.upgrade(f"sqlite:///{file}"))
    return file


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'kith.db')}"


@pytest.fixture(params=["sqlite", "postgres"])
async def url(request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """A migrated database without rows."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    async with request.getfixturevalue("postgres").database() as fresh:
        yield fresh


@pytest.fixture(params=["sqlite", "postgres"])
async def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """A database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    yield await request.getfixturevalue("postgres").without_tables()


@pytest.fixture(params=["memory", "sqlite", "postgres"])
async def replicas(request: pytest.FixtureRequest) -> AsyncIterator[tuple[AnyStore, AnyStore]]:
    """Two stores over the same data, as two processes would hold them; in memory there is only one."""
    async with AsyncExitStack() as stack:
        if request.param == "memory":
            store = MemoryStore()
            yield store, store
            return
        if request.param == "sqlite":
            url = request.getfixturevalue("sqlite_url")
        else:
            url = await stack.enter_async_context(request.getfixturevalue("postgres").database())
        sealer = Sealer([new_key()])
        first, second = await open_store(url, sealer=sealer), await open_store(url, sealer=sealer)
        stack.push_async_callback(first.close)
        stack.push_async_callback(second.close)
        yield first, second


@pytest.fixture
def store(replicas: tuple[AnyStore, AnyStore]) -> AnyStore:
    """One store of each kind in turn."""
    return replicas[0]
