"""The keys that seal secrets: a new one, and everything sealed anew under the newest."""

from __future__ import annotations

from pathlib import Path

from adapters.storage import migrate
from adapters.storage.resealing import Resealed, reseal
from adapters.storage.sealing import Sealer, new_key
from bot.bootstrap.building import key_file, keys_in, sealer_of, write_whole
from bot.config import Settings
from bot.errors import ConfigError


def fresh_key() -> str:
    """A key that nobody else has."""
    return new_key()


async def rotate_keys(settings: Settings) -> Resealed:
    """Seal everything anew under the newest key. With keys in the settings that is the first of them; with the key file
    of the embedded database a new key is made, and the one before stays until the next time, for a Kith that still
    runs may seal with it."""
    if settings.secret_keys is not None:
        await _ready(settings)
        return await reseal(settings.database_url, sealer_of(settings))
    sealer_of(settings)  # makes the file where there is none yet; ConfigError where there can be none
    file = key_file(settings)
    if file is None:
        raise ConfigError(problems="KITH_SECRET_KEYS: is missing")
    await _ready(settings)
    before = keys_in(file.read_text(encoding="utf-8"))
    both = (new_key(), *before)
    _replace(file, both)
    done = await reseal(settings.database_url, Sealer(both))
    if not done.lost:
        _replace(file, both[:2])
    return done


async def _ready(settings: Settings) -> None:
    if settings.database_url.startswith("sqlite"):
        await migrate.upgrade(settings.database_url)


def _replace(file: Path, keys: tuple[str, ...]) -> None:
    write_whole(file, ",".join(keys) + "\n", over=True)
