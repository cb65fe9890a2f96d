"""Where Kith keeps the little it keeps (DESIGN 4)."""

from __future__ import annotations

from typing import Protocol

from bot.ports.addresses import Addresses
from bot.ports.changes import Changes
from bot.ports.channels import Channels
from bot.ports.check_in_runs import CheckInRuns
from bot.ports.check_ins import CheckIns
from bot.ports.choices import Choices
from bot.ports.condition import Condition
from bot.ports.dialogues import Dialogues
from bot.ports.installations import Handshakes, Installations
from bot.ports.ledger import Ledger
from bot.ports.outbox import Outbox
from bot.ports.own_words import OwnWordsKept
from bot.ports.rounds import Rounds
from bot.ports.spendings import Spendings
from bot.ports.traces import Traces
from bot.ports.workspaces import Workspaces


class Store(Protocol):
    """Where Kith keeps the little it keeps (DESIGN 4)."""

    @property
    def traces(self) -> Traces: ...
    @property
    def channels(self) -> Channels: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def choices(self) -> Choices: ...
    @property
    def dialogues(self) -> Dialogues: ...
    @property
    def rounds(self) -> Rounds: ...
    @property
    def check_ins(self) -> CheckIns: ...
    @property
    def runs(self) -> CheckInRuns: ...
    @property
    def own_words(self) -> OwnWordsKept: ...
    @property
    def installations(self) -> Installations: ...
    @property
    def handshakes(self) -> Handshakes: ...
    @property
    def addresses(self) -> Addresses: ...
    @property
    def condition(self) -> Condition: ...
    @property
    def workspaces(self) -> Workspaces: ...
    @property
    def changes(self) -> Changes: ...
    @property
    def spendings(self) -> Spendings: ...
