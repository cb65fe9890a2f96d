"""What the doctor sees of Kith itself: words, reader, database, keys."""

from __future__ import annotations

from adapters.storage import migrate
from adapters.storage.resealing import unopened
from bot.bootstrap.building import key_file, reader, sealer_of
from bot.bootstrap.doctor.finding import Finding, Mark
from bot.config import Settings, sqlite_file
from bot.domain.content import Content
from bot.errors import ConfigError, StoreError

SAMPLE = "We want 500 posts by March"
"""What the reader is tried with."""


async def house_findings(settings: Settings, content: Content) -> list[Finding]:
    """Words, reader, database and keys."""
    found = [Finding(mark=Mark.OK, text=content.say("doctor.words", locale=settings.locale))]
    found.append(await _reader(content))
    database = await _database(settings, content)
    found.append(database)
    found.append(await _keys(settings, content, readable=database.mark is Mark.OK))
    return found


async def _reader(content: Content) -> Finding:
    try:
        await reader().read(SAMPLE)
    except Exception as exc:  # noqa: BLE001, whatever is wrong with the files, the remedy is the same
        return Finding(mark=Mark.WRONG, text=content.say("doctor.reader.broken", kind=type(exc).__name__))
    return Finding(mark=Mark.OK, text=content.say("doctor.reader"))


async def _database(settings: Settings, content: Content) -> Finding:
    file, newest = sqlite_file(settings.database_url), migrate.newest()
    if file is not None and not file.exists():
        return Finding(mark=Mark.NOTE, text=content.say("doctor.database.new", file=file))
    try:
        revision = await migrate.current(settings.database_url)
    except StoreError as exc:
        return Finding(mark=Mark.WRONG, text=str(exc))
    if revision != newest and file is not None:
        return Finding(mark=Mark.NOTE, text=content.say("doctor.database.upgrades", revision=revision, newest=newest))
    if revision != newest:
        text = content.say("doctor.database.old", revision=revision or content.say("doctor.none"), newest=newest)
        return Finding(mark=Mark.WRONG, text=text)
    return Finding(mark=Mark.OK, text=content.say("doctor.database", revision=revision))


async def _keys(settings: Settings, content: Content, *, readable: bool) -> Finding:
    file = key_file(settings)
    if settings.secret_keys is None and file is not None and not file.exists():
        return Finding(mark=Mark.NOTE, text=content.say("doctor.keys.new", file=file))
    try:
        sealer = sealer_of(settings)
    except ConfigError as exc:
        return Finding(mark=Mark.WRONG, text=str(exc).splitlines()[0])
    if readable and (lost := await unopened(settings.database_url, sealer)):
        return Finding(mark=Mark.WRONG, text=content.say("doctor.keys.lost", lost=lost))
    if file is not None and settings.secret_keys is None and file.stat().st_mode & 0o077:
        return Finding(mark=Mark.WRONG, text=content.say("doctor.keys.open", file=file))
    return Finding(mark=Mark.OK, text=content.say("doctor.keys"))
