"""Where Kith is installed, in a database: tokens are sealed before they get there."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Row, and_, delete, func, or_, select, update

from adapters.storage.engine import Database
from adapters.storage.schema import handshakes, installations
from adapters.storage.sealing import Sealer
from bot.domain.installation import RENEW_BEFORE, Installation
from bot.errors import SealError

_log = logging.getLogger("kith.storage")


class SqlInstallations:
    """`bot.ports.Installations` on a database."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._db = database
        self._sealer = sealer

    async def install(self, installation: Installation) -> None:
        values = {
            **self._values(installation),
            "kith_user": installation.user,
            "kith_bot": installation.bot,
            "forget_at": None,
        }
        row = self._db.insert(installations).values(workspace=installation.workspace, version=1, **values)
        later = {**values, "version": installations.c.version + 1}
        async with self._db.writing() as connection:
            await connection.execute(row.on_conflict_do_update(index_elements=["workspace"], set_=later))

    async def of(self, workspace: str) -> Installation | None:
        query = select(installations).where(_is(workspace), installations.c.sealed.is_not(None))
        async with self._db.reading() as connection:
            row = (await connection.execute(query)).first()
        return self._installation(row) if row else None

    async def versions(self) -> Mapping[str, int]:
        query = select(installations.c.workspace, installations.c.version).where(installations.c.sealed.is_not(None))
        async with self._db.reading() as connection:
            return {row.workspace: row.version for row in (await connection.execute(query)).all()}

    async def claim_renewal(self, now: datetime, *, lease: timedelta, at_most: int = 20) -> Sequence[Installation]:
        leased = installations.c.leased_until
        waiting = (
            select(installations.c.workspace)
            .where(installations.c.expires_at <= now + RENEW_BEFORE, or_(leased.is_(None), leased <= now))
            .order_by(installations.c.expires_at)
            .limit(at_most)
            .with_for_update(skip_locked=True)
            .cte("waiting")
        )
        claim = (
            update(installations)
            .where(installations.c.workspace.in_(select(waiting)))
            .values(leased_until=now + lease)
            .returning(installations)
        )
        async with self._db.writing() as connection:
            rows = (await connection.execute(claim)).all()
        return [found for row in rows if (found := self._opened(row)) is not None]

    async def renew(self, installation: Installation) -> bool:
        unchanged = and_(_is(installation.workspace), installations.c.version == installation.version)
        values = {**self._values(installation), "version": installation.version + 1}
        async with self._db.writing() as connection:
            return (await connection.execute(update(installations).where(unchanged).values(values))).rowcount == 1

    async def end(self, workspace: str, *, forget_at: datetime) -> None:
        gone: dict[str, Any] = {"sealed": None, "expires_at": None, "leased_until": None}
        row = self._db.insert(installations).values(workspace=workspace, version=1, forget_at=forget_at)
        before = installations.c.forget_at
        earliest = func.min(before, forget_at) if self._db.is_sqlite else func.least(before, forget_at)
        later = {**gone, "version": installations.c.version + 1, "forget_at": func.coalesce(earliest, forget_at)}
        async with self._db.writing() as connection:
            await connection.execute(row.on_conflict_do_update(index_elements=["workspace"], set_=later))

    async def ended(self, now: datetime, *, at_most: int = 10) -> Sequence[str]:
        due = installations.c.forget_at
        query = select(installations.c.workspace).where(due <= now).order_by(due, installations.c.workspace)
        async with self._db.reading() as connection:
            return (await connection.execute(query.limit(at_most))).scalars().all()

    async def is_over(self, workspace: str, now: datetime) -> bool:
        query = select(installations.c.workspace).where(_is(workspace), installations.c.forget_at <= now)
        async with self._db.reading() as connection:
            return (await connection.execute(query)).first() is not None

    async def drop(self, workspace: str) -> None:
        over = and_(_is(workspace), installations.c.sealed.is_(None))
        async with self._db.writing() as connection:
            await connection.execute(delete(installations).where(over))

    def _values(self, installation: Installation) -> dict[str, Any]:
        secrets = {
            "workspace": installation.workspace,
            "token": installation.token,
            "refresh": installation.refresh,
        }
        return {
            "sealed": self._sealer.seal(orjson.dumps(secrets).decode()),
            "expires_at": installation.expires_at if installation.refresh else None,
            "leased_until": None,
        }

    def _installation(self, row: Row[Any]) -> Installation:
        """SealError if no key fits, or the tokens are another workspace's."""
        secrets = orjson.loads(self._sealer.open(row.sealed))
        if secrets["workspace"] != row.workspace:
            raise SealError
        return Installation(
            workspace=row.workspace,
            user=row.kith_user or "",
            bot=row.kith_bot or "",
            token=secrets["token"],
            refresh=secrets["refresh"],
            expires_at=row.expires_at,
            version=row.version,
        )

    def _opened(self, row: Row[Any]) -> Installation | None:
        try:
            return self._installation(row)
        except SealError as exc:
            _log.error("The tokens of a workspace cannot be renewed. %s", exc)
            return None


class SqlHandshakes:
    """`bot.ports.Handshakes` on a database; it holds hashes, so that reading it finishes nothing."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def begin(self, state: str, *, until: datetime) -> None:
        async with self._db.writing() as connection:
            await connection.execute(self._db.insert(handshakes).values(state=_hash(state), until=until))

    async def finish(self, state: str, now: datetime) -> bool:
        mine = delete(handshakes).where(handshakes.c.state == _hash(state), handshakes.c.until > now)
        async with self._db.writing() as connection:
            found = (await connection.execute(mine)).rowcount == 1
            await connection.execute(delete(handshakes).where(handshakes.c.until <= now))
        return found


def _is(workspace: str) -> ColumnElement[bool]:
    return installations.c.workspace == workspace


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
