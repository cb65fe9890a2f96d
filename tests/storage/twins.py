"""A state machine that does each step in SQLite and in the twin, and compares what they say."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, ClassVar

from hypothesis.stateful import RuleBasedStateMachine

from adapters.storage.memory.store import MemoryStore
from adapters.storage.sealing import Sealer, new_key
from adapters.storage.sql import SqlStore, open_store


class TwinMachine(RuleBasedStateMachine):
    """Opens both stores over a copy of `template`, a file that has been migrated; subclasses name the steps."""

    template: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory(prefix="kith-twin-")
        file = shutil.copy(self.template, Path(self.folder.name) / "kith.db")
        self.twin = MemoryStore(salts=lambda: b"the same in both")
        opened = open_store(f"sqlite:///{file}", salts=lambda: b"the same in both", sealer=Sealer([new_key()]))
        self.sql: SqlStore = self.runner.run(opened)

    def teardown(self) -> None:
        self.runner.run(self.sql.close())
        self.runner.close()
        self.folder.cleanup()

    def same(self, step: Callable[[Any], Awaitable[Any]]) -> Any:
        """What `step` gives, which must be the same from both."""

        async def both() -> tuple[Any, Any]:
            return await step(self.twin), await step(self.sql)

        ours, theirs = self.runner.run(both())
        assert ours == theirs
        return ours
