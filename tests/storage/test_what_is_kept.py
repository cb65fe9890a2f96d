"""DESIGN 4, held to: which columns may hold a text, how long it may be, and that a planted sentence is nowhere."""

from __future__ import annotations

import re
import secrets
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Boolean, Date, DateTime, Inspector, Integer, LargeBinary, String, Time, inspect, text

from adapters.storage.engine import build_engine
from adapters.storage.schema import metadata
from adapters.storage.sealing import Sealer, new_key
from adapters.storage.sql import open_store
from bot.domain.address import Address
from bot.domain.audit import Change, Role, What, everywhere
from bot.domain.charter import invited
from bot.domain.check_in import RunState, closed
from bot.domain.dialogue import Dialogue, pseudonym
from bot.domain.events import MessagePosted
from bot.domain.installation import Installation
from bot.domain.outgoing import Outcome, OutgoingKind
from bot.domain.own_words import OwnWords
from bot.domain.path_check import ROUND_LENGTH
from bot.domain.patterns import Pattern
from bot.domain.window import WINDOW_LENGTH
from bot.domain.workspace import WorkspaceSettings
from bot.errors import StoreError
from tests.storage.check_in_samples import opened_run
from tests.storage.samples import IDEAS, T0, a_channel, a_held_entry, a_message, a_trace, an_entry, days, minutes, noted

MAY_HOLD_TEXT = {
    "workspace": (255, "the platform's id; whose data it is"),
    "channel": (255, "the platform's id; where it belongs"),
    "windows.salt": (32, "random bytes, destroyed with the window"),
    "taken_back.key": (16, "a pseudonym of one window, of a message that left no trace"),
    "traces.key": (16, "a pseudonym of one window, too short for a platform's id to matter"),
    "traces.author": (16, "a pseudonym of one window; the salt that leads back dies with it"),
    "traces.thread": (16, "a pseudonym of one window"),
    "traces.evidence": (400, "pattern ids and numbers, written by our own code"),
    "traces.topics": (1000, "ids from the closed list in prompts/; words are refused"),
    "channels.name": (255, "what people call the channel; needed to greet it"),
    "channels.kind": (32, "one of five words of our own"),
    "channels.charter_state": (32, "one of six words of our own"),
    "channels.steward": (255, "a person's own choice: whoever invited Kith speaks for the channel"),
    "channels.profile": (32, "the name of a restraint profile"),
    "channels.patterns_off": (400, "pattern ids"),
    "channels.zone": (64, "the IANA name of a time zone"),
    "channels.locale": (32, "the name of a language"),
    "channels.stilled": (800, "pattern ids and moments"),
    "channels.runs": (800, "pattern ids, moments and numbers"),
    "ledger.id": (64, "an id of our own"),
    "ledger.pattern": (32, "a pattern id"),
    "ledger.question": (64, "the id of a question in prompts/; words are refused"),
    "ledger.counts": (1000, "names of counts and numbers; words are refused"),
    "ledger.topic": (64, "the id of a topic in prompts/; words are refused"),
    "ledger.reason": (32, "one of our own reasons"),
    "outbox.id": (400, "an id of our own; words are refused"),
    "outbox.thread": (255, "the platform's id of the thread to answer in, until it is sent"),
    "outbox.kind": (32, "one of our own kinds"),
    "outbox.about": (64, "the id of a ledger entry; words are refused"),
    "outbox.facts": (1000, "ids and numbers by name; words are refused"),
    "rounds.id": (64, "an id of our own; words are refused"),
    "rounds.salt": (32, "random bytes, destroyed with the round"),
    "rounds.counts": (400, "names of paths and numbers; words are refused"),
    "round_marks.person": (16, "a pseudonym of one round; the salt that leads back dies with it"),
    "own_words.stands_for": (300, "the one text that an organisation itself gives Kith, for all its people to read"),
    "own_words.for_one_another": (300, "the other such text; both go when the organisation takes them back"),
    "dialogues.thread": (255, "the platform's id of the thread to answer in, until the dialogue ends, a day at most"),
    "dialogues.by": (16, "a pseudonym of one dialogue; the salt that leads back dies with it"),
    "dialogues.salt": (32, "made from the window's secret, destroyed with the dialogue"),
    "dialogues.last_heard": (16, "a pseudonym of a message, of one window"),
    "dialogues.step": (32, "one of five words of our own"),
    "dialogues.pattern": (32, "a pattern id"),
    "dialogues.topic": (64, "the id of a topic in prompts/; words are refused"),
    "dialogues.asked": (800, "ids of questions in prompts/; words are refused"),
    "answered.message": (16, "a pseudonym of a message, of one window, for a day"),
    "installations.kith_user": (255, "the platform's id of Kith's own user in a workspace"),
    "installations.kith_bot": (255, "the platform's id of Kith's own bot there"),
    "installations.sealed": (8000, "the platform's tokens, encrypted under the deployment's keys; while installed"),
    "handshakes.state": (64, "the hash of a word of our own, for ten minutes"),
    "addresses.url": (255, "the platform's own URL; where what is said in a channel is sent to"),
    "addresses.within": (255, "the platform's id of the group a channel is part of"),
    "check_ins.id": (16, "an id of our own"),
    "check_ins.rhythm": (200, "numbers, dates and a cron expression without a space of prose"),
    "check_ins.zone": (64, "the IANA name of a time zone"),
    "check_ins.country": (16, "the code of a country"),
    "check_ins.skips": (400, "dates"),
    "check_ins.asks": (32, "the id of a theme, or one of two words of our own"),
    "check_ins.own_question": (200, "the question a channel gave to be asked, for all its members to read"),
    "check_ins.answering": (16, "one of two words of our own"),
    "check_in_runs.id": (32, "an id of our own"),
    "check_in_runs.check_in": (16, "an id of our own"),
    "check_in_runs.state": (16, "one of five words of our own"),
    "check_in_runs.question": (64, "the id of a question in prompts/"),
    "check_in_runs.own_question": (200, "the same question as it was asked, so that a later edit does not change it"),
    "check_in_runs.answering": (16, "one of two words of our own"),
    "check_in_runs.zone": (64, "the IANA name of a time zone"),
    "check_in_runs.salt": (32, "random bytes, emptied when the run closes"),
    "check_in_runs.reason": (16, "one of three words of our own"),
    "check_in_runs.message": (255, "the platform's id of what Kith said"),
    "check_in_answers.run": (32, "an id of our own"),
    "check_in_answers.person": (16, "a pseudonym of one run; the salt that leads back goes when it closes"),
    "check_in_answers.sealed": (2000, "what somebody chose to answer, encrypted; gone 30 days after it was shown"),
    "channels.kind_said": (32, "one of five words of our own"),
    "workspaces.rule": (32, "one of two words of our own"),
    "workspaces.human_help": (300, "one line that an admin gives for all to read; goes when it is taken back"),
    "workspaces.profile": (32, "the name of a restraint profile"),
    "workspaces.zone": (64, "the IANA name of a time zone"),
    "workspaces.locale": (32, "the name of a language"),
    "workspaces.holidays": (8, "the code of a country"),
    "workspaces.admins": (4000, "platform ids of people whom an admin named to an office; words are refused"),
    "workspaces.numbers": (1000, "names of our own and numbers"),
    "changes.id": (64, "an id of our own"),
    "changes.what": (32, "one of our own words"),
    "changes.by": (16, "one of four roles; never who"),
    "changes.facts": (1000, "names of settings with ids and numbers; words are refused"),
    "opted_out.person": (255, "a person's own choice, until they take it back"),
}
"""Every column that could hold a text: the most it may hold and why it may. Whoever adds one argues for it here."""

HOLDS_NO_TEXT = (Integer, Boolean, Date, DateTime, Time)

PLANTED = "the Zanzibar merger stays between us until Ana has resigned"
AUTHOR = "U0PLANTEDAUTHOR"
MESSAGE = "1700000000.PLANTEDID"
TOKEN = "xoxb-planted-token"
STATE = "a-planted-state"


async def reflected(url: str, look: Any) -> Any:
    engine = build_engine(url)
    async with engine.connect() as connection:
        found = await connection.run_sync(lambda sync: look(inspect(sync)))
    await engine.dispose()
    return found


async def test_no_column_could_hold_a_text_or_an_author_where_none_belongs(url: str) -> None:
    def texts(inspector: Inspector) -> dict[str, Any]:
        return {
            f"{table}.{column['name']}": column["type"]
            for table in inspector.get_table_names()
            if table != "alembic_version"
            for column in inspector.get_columns(table)
            if not isinstance(column["type"], HOLDS_NO_TEXT)
        }

    found = await reflected(url, texts)
    place = re.compile(r".*\.(workspace|channel)")
    for name, kind in found.items():
        allowed = MAY_HOLD_TEXT.get(name.split(".")[1] if place.fullmatch(name) else name)
        assert allowed, f"{name} could hold a text: say in MAY_HOLD_TEXT why it must, and how much"
        if isinstance(kind, String):
            assert kind.length == allowed[0], f"{name} may hold {allowed[0]} characters, not {kind.length}"
        else:
            assert isinstance(kind, LargeBinary), f"{name} is of a kind that nobody thought of: {kind!r}"
    assert set(MAY_HOLD_TEXT) <= {*found, "workspace", "channel"}, "MAY_HOLD_TEXT names columns that are gone"


async def test_every_table_bounds_its_texts_by_a_check(url: str) -> None:
    def checks(inspector: Inspector) -> dict[str, str]:
        return {
            table: " ".join(check["sqltext"] for check in inspector.get_check_constraints(table))
            for table in inspector.get_table_names()
        }

    found = await reflected(url, checks)
    for name, (most, _) in MAY_HOLD_TEXT.items():
        tables = [name.split(".")[0]] if "." in name else [t for t in metadata.tables if name in metadata.tables[t].c]
        for table in tables:
            column = re.escape(name.split(".")[-1])
            assert re.search(rf"length\(\(?{column}\)?(::\w+)?\) <= {most}\b", found[table]), (table, name)


def test_every_table_and_column_says_what_it_is_for() -> None:
    for table in metadata.tables.values():
        assert table.comment, table.name
        assert all(column.comment for column in table.columns), table.name


async def test_a_text_that_is_too_long_is_refused_and_not_repeated(url: str) -> None:
    store = await open_store(url)
    with pytest.raises(StoreError) as refusal:
        await store.channels.add(a_channel(name=PLANTED * 9))
    error: BaseException | None = refusal.value
    while error is not None:
        assert "Zanzibar" not in str(error)
        error = error.__cause__ or error.__context__
    await store.close()


async def use_everything(url: str) -> list[bytes]:
    """Everything that the ports can write, as heard from a message that says PLANTED; gives the salts."""
    store = await open_store(url)
    event = MessagePosted(channel=IDEAS, message=MESSAGE, author=AUTHOR, at=T0, text=PLANTED, thread=MESSAGE)
    await store.channels.add(a_channel(charter=invited("U-steward", T0), look_at=T0))
    key = await store.traces.window_key(event.channel, event.at)
    trace = a_trace(
        key=key.pseudonym(event.message),
        author=key.pseudonym(event.author),
        at=event.at,
        thread=key.pseudonym(event.thread or ""),
        evidence={Pattern.REACTIONARY: 0.97},
        topics=("growth",),
    )
    await store.traces.remember(event.channel, key, trace)
    await store.traces.amend(event.channel, key, trace)
    await store.traces.count_reaction(event.channel, key, trace.key, key.pseudonym("U-other"), 1)
    await store.traces.drop(event.channel, key, key.pseudonym("1700000002.PLANTEDID"))
    await store.ledger.hold(event.channel, a_held_entry("h1"))
    await store.ledger.ask(event.channel, an_entry("e1"), a_message("o1", about="e1"), last_spoke_at=None)
    await store.outbox.put(a_message("o2", facts={"entry": "e1"}))
    salt = key.secret_of(event.thread or "")
    talk = Dialogue(
        thread="1700000001.000100",
        by=pseudonym(AUTHOR, salt),
        salt=salt,
        started_at=T0,
        last_heard=key.pseudonym(event.message),
        replies_at=T0,
    )
    reply = a_message("o3", kind=OutgoingKind.DIALOGUE, thread=talk.thread)
    await store.dialogues.answer(reply, heard=talk.last_heard, at=T0, after=talk)
    (message,) = await store.outbox.take(T0, lease=minutes(1))
    await store.outbox.settle(message, Outcome.NEVER)
    await store.channels.due(T0)
    await store.choices.opt_out("T-1", "U-somebody")
    path_round = await store.rounds.open(event.channel, "r1", T0)
    await store.rounds.answer(event.channel, "r1", by=path_round.pseudonym(AUTHOR), stands=["words.technology"], now=T0)
    await store.own_words.give("T-1", OwnWords(stands_for="Things that last.", for_one_another="Neighbours."))
    run = await opened_run(store)
    await store.runs.answer(IDEAS, run.id, by=run.pseudonym(AUTHOR), text=PLANTED, now=T0)
    await store.installations.install(Installation(workspace="T-1", user="U-kith", token=TOKEN, refresh=TOKEN))
    await store.handshakes.begin(STATE, until=T0)
    await store.workspaces.save("T-1", WorkspaceSettings(human_help="Ask at the desk.", admins=frozenset({"U-boss"})))
    await noted(store, Change(ref=IDEAS, at=T0, what=What.PAUSED, by=Role.MEMBER))
    await noted(store, Change(ref=everywhere(IDEAS), at=T0, what=What.NUMBERS, by=Role.ADMIN))
    await store.spendings.correct("T-1", 100, now=T0)
    await store.addresses.keep(event.channel, Address(url="https://example.test/"))
    new = await store.traces.window_key(event.channel, T0 + WINDOW_LENGTH)
    await store.close()
    return [key.salt, new.salt]


async def dump(url: str) -> str:
    """Every value of every table, as PostgreSQL writes it."""
    engine = build_engine(url)
    async with engine.connect() as connection:
        tables = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        rows = [(await connection.execute(text(f'SELECT "{t}"::text FROM "{t}"'))).scalars().all() for t in tables]  # noqa: S608 - names from the database itself
    await engine.dispose()
    return "\n".join(row for table in rows for row in table)


@pytest.mark.parametrize("secret", [PLANTED, "Zanzibar", AUTHOR, MESSAGE, TOKEN, STATE])
async def test_nothing_that_was_said_or_who_said_it_is_in_the_file(sqlite_url: str, secret: str) -> None:
    await use_everything(sqlite_url)
    store = await open_store(sqlite_url)  # a connection that stays keeps the log in place, to be read too
    await store.choices.opt_out("T-1", "U-another")
    files = list(Path(sqlite_url.removeprefix("sqlite:///")).parent.glob("kith.db*"))
    assert len(files) == 3
    kept = b"".join(file.read_bytes() for file in files)
    await store.close()
    assert b"U-steward" in kept
    assert secret.encode() not in kept


async def test_nothing_that_was_said_or_who_said_it_is_in_postgresql(postgres: Any) -> None:
    async with postgres.database() as url:
        await use_everything(url)
        kept = await dump(url)
    assert "U-steward" in kept
    for secret in (PLANTED, "Zanzibar", AUTHOR, MESSAGE, TOKEN, STATE):
        assert secret not in kept


async def test_a_closed_windows_salt_is_not_left_in_the_file(sqlite_url: str) -> None:
    old, new = await use_everything(sqlite_url)
    store = await open_store(sqlite_url)
    assert await store.traces.close_windows(T0 + WINDOW_LENGTH) == 1
    kept = b"".join(f.read_bytes() for f in Path(sqlite_url.removeprefix("sqlite:///")).parent.glob("kith.db*"))
    await store.close()
    assert new in kept
    assert old not in kept


async def test_the_salt_of_a_round_that_is_over_is_not_left_in_the_file(sqlite_url: str) -> None:
    await use_everything(sqlite_url)
    store = await open_store(sqlite_url)
    path_round = await store.rounds.current(IDEAS, T0)
    assert path_round is not None
    assert await store.rounds.close(T0 + ROUND_LENGTH) == 1
    await store.close()
    kept = Path(sqlite_url.removeprefix("sqlite:///")).read_bytes()
    assert path_round.salt not in kept
    assert path_round.pseudonym(AUTHOR).encode() not in kept


async def test_the_salt_of_a_dialogue_that_was_swept_out_is_not_left_in_the_file(sqlite_url: str) -> None:
    await use_everything(sqlite_url)
    store = await open_store(sqlite_url)
    talk = await store.dialogues.find(IDEAS, "1700000001.000100")
    assert talk is not None
    assert await store.dialogues.sweep(T0) == 1
    kept = b"".join(f.read_bytes() for f in Path(sqlite_url.removeprefix("sqlite:///")).parent.glob("kith.db*"))
    await store.close()
    assert talk.salt not in kept
    assert talk.by.encode() not in kept


async def test_no_salt_of_a_channel_that_kith_left_is_in_the_file_or_its_log(sqlite_url: str) -> None:
    salts = await use_everything(sqlite_url)
    store = await open_store(sqlite_url)
    talk = await store.dialogues.find(IDEAS, "1700000001.000100")
    await store.channels.forget(IDEAS)
    kept = b"".join(f.read_bytes() for f in Path(sqlite_url.removeprefix("sqlite:///")).parent.glob("kith.db*"))
    await store.close()
    assert talk is not None
    assert not [salt for salt in (*salts, talk.salt) if salt in kept]


async def test_forgetting_a_channel_empties_every_table_but_peoples_choices_and_the_workspaces_words(url: str) -> None:
    await use_everything(url)
    store = await open_store(url)
    await store.channels.forget(IDEAS)
    await store.close()
    engine = build_engine(url)
    async with engine.connect() as connection:
        left = {name: len((await connection.execute(table.select())).all()) for name, table in metadata.tables.items()}
    await engine.dispose()
    assert {name: n for name, n in left.items() if n} == {
        "opted_out": 1,
        "own_words": 1,
        "installations": 1,
        "handshakes": 1,
        "workspaces": 1,
        "changes": 1,
        "spendings": 1,
    }


async def test_traces_go_with_their_window_even_if_somebody_else_deletes_it(url: str) -> None:
    await use_everything(url)
    engine = build_engine(url)
    async with engine.begin() as connection:
        await connection.execute(metadata.tables["windows"].delete())
        assert (await connection.execute(metadata.tables["traces"].select())).all() == []
    await engine.dispose()


async def test_salts_are_16_unpredictable_bytes(url: str) -> None:
    store = await open_store(url)
    keys = [await store.traces.window_key(IDEAS, T0 + days(14 * n)) for n in range(4)]
    await store.close()
    assert len({key.salt for key in keys} | {secrets.token_bytes(16)}) == 5


@pytest.mark.parametrize("ends", ["closed", "stopped"])
async def test_the_salt_of_a_check_in_that_is_over_is_not_left_in_the_file(sqlite_url: str, ends: str) -> None:
    store = await open_store(sqlite_url, sealer=Sealer([new_key()]))
    await store.channels.add(a_channel())
    run = await opened_run(store)
    assert await store.runs.answer(IDEAS, run.id, by=run.pseudonym(AUTHOR), text="a thought", now=T0)
    if ends == "closed":
        assert await store.runs.move(closed(run), was=RunState.OPEN)
    else:
        assert await store.check_ins.stop(IDEAS, run.check_in)
    kept = b"".join(f.read_bytes() for f in Path(sqlite_url.removeprefix("sqlite:///")).parent.glob("kith.db*"))
    await store.close()
    assert run.salt and run.salt not in kept
