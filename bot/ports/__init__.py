"""What the core needs from the world, one port a file: a chat, a store, a clock, a reader; adapters provide them."""

from bot.ports.addresses import Addresses
from bot.ports.changes import Changes
from bot.ports.channels import Channels
from bot.ports.chat import ChatPlatform
from bot.ports.check_in_runs import CheckInRuns
from bot.ports.check_ins import CheckIns
from bot.ports.choices import Choices
from bot.ports.clock import Clock
from bot.ports.companion import Companion
from bot.ports.condition import Condition
from bot.ports.dialogues import Dialogues
from bot.ports.house import House
from bot.ports.installations import Handshakes, Installations
from bot.ports.ledger import Ledger
from bot.ports.outbox import Outbox
from bot.ports.own_words import OwnWordsKept
from bot.ports.reader import Reader
from bot.ports.rounds import Rounds
from bot.ports.spendings import Spendings
from bot.ports.store import Store
from bot.ports.traces import Traces
from bot.ports.workspaces import Workspaces

__all__ = [
    "Addresses",
    "Changes",
    "Channels",
    "ChatPlatform",
    "CheckInRuns",
    "CheckIns",
    "Choices",
    "Clock",
    "Companion",
    "Condition",
    "Dialogues",
    "Handshakes",
    "House",
    "Installations",
    "Ledger",
    "Outbox",
    "OwnWordsKept",
    "Reader",
    "Rounds",
    "Spendings",
    "Store",
    "Traces",
    "Workspaces",
]
