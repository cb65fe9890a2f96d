"""The addresses of channels in a database."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, delete, select

from adapters.storage.engine import Database
from adapters.storage.schema import addresses
from bot.domain.address import Address
from bot.domain.events import ChannelRef


class SqlAddresses:
    """`bot.ports.Addresses` on a database."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def find(self, ref: ChannelRef) -> Address | None:
        async with self._db.reading() as connection:
            row = (await connection.execute(select(addresses).where(_is(ref)))).first()
        return Address(url=row.url, group=row.within or "") if row else None

    async def keep(self, ref: ChannelRef, address: Address) -> None:
        values = {"url": address.url, "within": address.group or None}
        row = self._db.insert(addresses).values(workspace=ref.workspace, channel=ref.channel, **values)
        async with self._db.writing() as connection:
            await connection.execute(row.on_conflict_do_update(index_elements=["workspace", "channel"], set_=values))

    async def within(self, workspace: str, group: str) -> Sequence[ChannelRef]:
        here = and_(addresses.c.workspace == workspace, addresses.c.within == group)
        query = select(addresses.c.channel).where(here).order_by(addresses.c.channel)
        async with self._db.reading() as connection:
            found = (await connection.execute(query)).scalars().all()
        return [ChannelRef(workspace, channel) for channel in found]

    async def forget(self, ref: ChannelRef) -> None:
        async with self._db.writing() as connection:
            await connection.execute(delete(addresses).where(_is(ref)))


def _is(ref: ChannelRef) -> ColumnElement[bool]:
    return and_(addresses.c.workspace == ref.workspace, addresses.c.channel == ref.channel)
