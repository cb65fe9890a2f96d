"""The store on SQLite or PostgreSQL: opens a database by its URL and joins the ports over it."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import text

from adapters.storage.addresses import SqlAddresses
from adapters.storage.at_hand import AtHand
from adapters.storage.changes import SqlChanges
from adapters.storage.channels import SqlChannels
from adapters.storage.check_in_runs import SqlCheckInRuns
from adapters.storage.check_ins import SqlCheckIns
from adapters.storage.choices import SqlChoices
from adapters.storage.condition import SqlCondition
from adapters.storage.dialogues import SqlDialogues
from adapters.storage.engine import Database, build_engine
from adapters.storage.installations import SqlHandshakes, SqlInstallations
from adapters.storage.ledger import SqlLedger
from adapters.storage.outbox import SqlOutbox
from adapters.storage.own_words import SqlOwnWords
from adapters.storage.records import Records
from adapters.storage.rounds import SqlRounds
from adapters.storage.sealing import Sealer, new_key
from adapters.storage.spendings import SqlSpendings
from adapters.storage.traces import SqlTraces, new_salt
from adapters.storage.workspaces import SqlWorkspaces
from bot.errors import StoreError
from bot.ports import Spendings


class SqlStore:
    """`bot.ports.Store` on a database whose tables `adapters.storage.migrate` made."""

    def __init__(self, database: Database, sealer: Sealer, *, salts: Callable[[], bytes] = new_salt) -> None:
        at_hand = AtHand()
        self.sealer = sealer
        self._db = database
        self.traces = SqlTraces(database, at_hand, salts)
        self.addresses = SqlAddresses(database)
        self.channels = SqlChannels(database, at_hand)
        self.ledger = SqlLedger(database)
        self.outbox = SqlOutbox(database)
        self.choices = SqlChoices(database, at_hand)
        self.dialogues = SqlDialogues(database)
        self.rounds = SqlRounds(database, salts)
        self.check_ins = SqlCheckIns(database, salts)
        self.runs = SqlCheckInRuns(database, sealer)
        self.own_words = SqlOwnWords(database)
        self.installations = SqlInstallations(database, sealer)
        self.handshakes = SqlHandshakes(database)
        self.condition = SqlCondition(database)
        self.workspaces = SqlWorkspaces(database)
        self.changes = SqlChanges(database)
        self.spendings: Spendings = SqlSpendings(database)
        self.records = Records(database)

    async def close(self) -> None:
        """Write what is being kept, and let go of every connection; the store cannot be used afterwards."""
        await self.traces.close()
        await self._db.close()


async def open_store(url: str, *, sealer: Sealer | None = None, salts: Callable[[], bytes] = new_salt) -> SqlStore:
    """The store at `sqlite:///file` or `postgresql://…`; StoreError with one clear line if it does not answer.

    `salts` gives the secret of each new window, 16 to 32 bytes. Without a `sealer` what is sealed can be opened as
    long as this store is open, and never again.
    """
    database = Database(build_engine(url))
    try:
        async with database.reading() as connection:
            await connection.execute(text("SELECT 1"))
    except StoreError:
        await database.close()
        raise
    return SqlStore(database, sealer or Sealer([new_key()]), salts=salts)
