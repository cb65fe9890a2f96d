"""Messages that were given up, and how somebody who runs Kith sends one again."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.prompt_files import shipped_content
from adapters.storage.memory.store import MemoryStore
from adapters.storage.sql import open_store
from bot.domain.outgoing import Outcome, OutgoingKind
from bot.errors import BadInputError
from bot.ports import House
from bot.usecases.asking.dead_letters import resend
from tests.readers import MarkedReader
from tests.storage.samples import T0, a_channel, a_message, an_entry, minutes


def kith(folder: Path, url: str, *words: str, url_option: bool = True) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KITH_")}  # noqa: TID251
    command = [sys.executable, "-m", "bot.cli", *words, *(("--database-url", url) if url_option else ())]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, check=False)


async def test_a_dead_letter_is_listed_and_sent_again(sqlite_url: str, tmp_path: Path) -> None:
    store = await open_store(sqlite_url)
    letter = a_message("lapsed-7", kind=OutgoingKind.LAPSED)
    await store.outbox.put(letter)
    await store.outbox.settle(letter, Outcome.NEVER)
    listed = kith(tmp_path, sqlite_url, "outbox", "dead")
    assert listed.stdout.startswith("lapsed-7  lapsed  ")
    again = kith(tmp_path, sqlite_url, "outbox", "resend", "lapsed-7")
    assert again.returncode == 0, again.stderr
    assert (await store.condition.figures(T0 + minutes(60 * 24 * 3650))).dead == 0
    await store.close()
    assert "There are no dead letters." in kith(tmp_path, sqlite_url, "outbox", "dead").stderr


def test_an_id_that_is_none_is_one_plain_sentence(sqlite_url: str, tmp_path: Path) -> None:
    run = kith(tmp_path, sqlite_url, "outbox", "resend", "nothing")
    assert (run.returncode, run.stderr.strip()) == (
        2,
        "There is no dead letter with this id; `kith outbox dead` lists them.",
    )


async def test_a_question_that_gave_its_turn_back_is_not_sent_again() -> None:
    store = MemoryStore()
    house = House(store=store, reader=MarkedReader(), content=shipped_content())
    question = a_message("question-e1", about="e1")
    await store.channels.add(a_channel())
    await store.ledger.ask(question.place.channel, an_entry("e1"), question, last_spoke_at=None)
    await store.outbox.settle(question, Outcome.NEVER)
    assert (await resend("question-e1", house=house, now=T0)).id == "question-e1"
    await store.outbox.settle(replace(question), Outcome.NEVER)
    await store.ledger.withdraw(question.place.channel, "e1")
    with pytest.raises(BadInputError, match="gave its turn back"):
        await resend("question-e1", house=house, now=T0)
