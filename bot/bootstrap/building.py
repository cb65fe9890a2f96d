"""Builds what every way of running Kith needs: the reader, the words, the house, the database."""

from __future__ import annotations

import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from adapters.almanac import LibraryAlmanac
from adapters.companion import HttpCompanion
from adapters.prompt_files import shipped_content, shipped_contents
from adapters.storage import migrate
from adapters.storage.sealing import Sealer, new_key
from adapters.storage.sql import SqlStore, open_store
from bot.config import Settings, sqlite_file
from bot.domain.companion import Ceiling
from bot.domain.content import Content
from bot.errors import ConfigError
from bot.ports import Companion, House, Reader, Store
from bot.reading.cascade import CascadeReader


def reader() -> Reader:
    """The reader that ships with Kith."""
    return CascadeReader()


def content_of(settings: Settings) -> Content:
    """The words in the deployment's language."""
    return shipped_content(settings.locale)


def house_of(settings: Settings, store: Store) -> House:
    """The ports that use cases work with, on this store."""
    return House(
        store=store,
        reader=reader(),
        content=content_of(settings),
        rule=settings.charter_rule,
        human_help=settings.human_help,
        contents=shipped_contents(),
        almanac=LibraryAlmanac(),
    )


def sealer_of(settings: Settings) -> Sealer:
    """What seals secrets: the keys of the settings, or a key file beside the embedded database, made on first use.

    ConfigError where neither is there: another database may be shared, and so must its keys be.
    """
    if settings.secret_keys is not None:
        return Sealer(keys_in(settings.secret_keys.get_secret_value()))
    file = key_file(settings)
    if file is None:
        problem = "KITH_SECRET_KEYS: is missing; make one with `kith keys new` and give it to every process"
        raise ConfigError(problems=problem)
    if not file.exists():
        write_whole(file, new_key())
    return Sealer(keys_in(file.read_text(encoding="utf-8")))


def keys_in(text: str) -> tuple[str, ...]:
    """The keys of a setting or a file, with commas between."""
    return tuple(key.strip() for key in text.split(",") if key.strip())


def key_file(settings: Settings) -> Path | None:
    """Where the embedded database has its keys; None for another database."""
    file = sqlite_file(settings.database_url)
    return file.with_suffix(".key") if file is not None else None


def write_whole(file: Path, text: str, *, over: bool = False) -> None:
    """Make a file that its owner alone may read, never half of it; one that is there stays unless it is written
    `over`."""
    file.parent.mkdir(parents=True, exist_ok=True)
    number, own = tempfile.mkstemp(dir=file.parent)  # readable for the owner alone
    with os.fdopen(number, "w", encoding="utf-8") as made:
        made.write(text)
    if over:
        Path(own).replace(file)
        return
    with suppress(FileExistsError):
        os.link(own, file)
    Path(own).unlink()


@asynccontextmanager
async def opened_companion(settings: Settings) -> AsyncIterator[Companion | None]:
    """The language model that the settings name; None where they name none."""
    if settings.companion_url is None:
        yield None
        return
    companion = HttpCompanion(
        settings.companion_url,
        protocol=settings.companion_protocol,
        model=settings.companion_model,
        key=settings.companion_key.get_secret_value() if settings.companion_key else "",
        ceiling=Ceiling(a_day=settings.companion_tokens_a_day, a_month=settings.companion_tokens_a_month),
        patience=settings.companion_seconds,
    )
    try:
        yield companion
    finally:
        await companion.close()


def prepare_file(file: Path) -> None:
    """Make the embedded database's file where there is none, for its owner alone, as SQLite makes those beside it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600, exist_ok=True)


@asynccontextmanager
async def opened_store(settings: Settings) -> AsyncIterator[SqlStore]:
    """The database, migrated first if it is the embedded one."""
    if (file := sqlite_file(settings.database_url)) is not None:
        prepare_file(file)
        await migrate.upgrade(settings.database_url)
    store = await open_store(settings.database_url, sealer=sealer_of(settings))
    try:
        yield store
    finally:
        await store.close()
