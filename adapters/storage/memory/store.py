"""The store in memory: replay and tests run on it, and it keeps the same promises as the databases."""

from __future__ import annotations

from collections.abc import Callable

from adapters.storage.memory.addresses import MemoryAddresses
from adapters.storage.memory.channels import MemoryChannels, MemoryLedger
from adapters.storage.memory.check_ins import MemoryCheckInRuns, MemoryCheckIns
from adapters.storage.memory.condition import MemoryCondition
from adapters.storage.memory.dialogues import MemoryDialogues
from adapters.storage.memory.installations import MemoryHandshakes, MemoryInstallations
from adapters.storage.memory.outbox import MemoryOutbox
from adapters.storage.memory.rounds import MemoryOwnWords, MemoryRounds
from adapters.storage.memory.traces import MemoryTraces
from adapters.storage.memory.workspaces import MemoryChanges, MemorySpendings, MemoryWorkspaces
from adapters.storage.traces import new_salt
from bot.domain.events import ChannelRef
from bot.domain.window import Terms
from bot.ports import Spendings


class MemoryStore:
    """`bot.ports.Store` for one process and as long as it lives; each method ends without waiting for anything."""

    def __init__(self, *, salts: Callable[[], bytes] = new_salt) -> None:
        self.traces = MemoryTraces(salts, self._terms_hold)
        self.outbox = MemoryOutbox()
        self.rounds = MemoryRounds(salts)
        self.changes = MemoryChanges()
        self.own_words = MemoryOwnWords(self.changes)
        self.dialogues = MemoryDialogues(self.outbox)
        self.addresses = MemoryAddresses()
        self.check_ins = MemoryCheckIns(
            self.outbox, self.changes, lambda ref: self.channels.lines(ref) is not None, salts
        )
        self.runs = MemoryCheckInRuns(self.check_ins, self.outbox)
        self.workspaces = MemoryWorkspaces(self.changes)
        self.spendings: Spendings = MemorySpendings()
        self.channels = MemoryChannels(
            self.traces, self.outbox, self.rounds, self.dialogues, self.addresses, self.check_ins, self.changes
        )
        self.ledger = MemoryLedger(self.channels, self.outbox)
        self.choices = MemoryChoices()
        self.installations = MemoryInstallations()
        self.handshakes = MemoryHandshakes()
        self.condition = MemoryCondition(self.traces, self.channels, self.outbox)

    def _terms_hold(self, ref: ChannelRef, terms: Terms) -> bool:
        return (
            self.channels.listens(ref)
            and not (terms.reads and self.choices.is_out(ref.workspace, terms.reads))
            and not (terms.thread and self.dialogues.stands(ref, terms.thread))
        )


class MemoryChoices:
    """`bot.ports.Choices` in memory."""

    def __init__(self) -> None:
        self._opted_out: set[tuple[str, str]] = set()

    async def opted_out(self, workspace: str, person: str) -> bool:
        return self.is_out(workspace, person)

    def is_out(self, workspace: str, person: str) -> bool:
        """The same, at once."""
        return (workspace, person) in self._opted_out

    async def opt_out(self, workspace: str, person: str) -> None:
        self._opted_out.add((workspace, person))

    async def opt_in(self, workspace: str, person: str) -> None:
        self._opted_out.discard((workspace, person))
