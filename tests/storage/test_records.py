"""Export and deletion of everything about a workspace, a channel or a person, held against the schema itself."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Inspector, inspect

from adapters.storage.engine import build_engine
from adapters.storage.records import OF_NOBODY, PEOPLE, THEIRS_ALONE, Named
from adapters.storage.schema import metadata
from adapters.storage.sealing import Sealer, new_key
from adapters.storage.sql import SqlStore, open_store
from bot.domain.audit import Change, Role, What, everywhere
from bot.domain.dialogue import Dialogue, pseudonym
from bot.domain.events import ChannelRef
from bot.domain.window import WINDOW_LENGTH
from bot.domain.workspace import WorkspaceSettings
from tests.storage.check_in_samples import opened_run
from tests.storage.samples import ELSEWHERE, IDEAS, OTHER, T0, a_channel, a_message, a_trace, noted
from tests.storage.test_what_is_kept import AUTHOR, dump, use_everything

DM = ChannelRef("T-1", "D-author")


async def everything_of_the_author(url: str) -> SqlStore:
    """A store in which AUTHOR is, in every way in which somebody can be in it; BO is there in the same ways."""
    store = await open_store(url, sealer=Sealer([new_key()]))
    for person, ref, number in ((AUTHOR, IDEAS, 1), ("U-bo", OTHER, 2)):
        channel = a_channel(ref)
        await store.channels.add(channel)
        saved = await store.channels.get(ref)
        assert saved is not None
        charter = type(saved.charter)(state=saved.charter.state, since=T0, steward=person)
        await store.channels.save(a_channel(ref, charter=charter, version=saved.version))
        key = await store.traces.window_key(IDEAS, T0)
        await store.traces.remember(IDEAS, key, a_trace(f"m{number}", author=key.pseudonym(person)))
        talk = Dialogue(
            thread=f"t{number}",
            by=pseudonym(person, b"salt"),
            salt=b"salt",
            started_at=T0,
            last_heard="h",
            replies_at=T0,
        )
        await store.dialogues.answer(a_message(f"o{number}", ref=DM), heard=f"h{number}", at=T0, after=talk)
        await store.choices.opt_out("T-1", person)
    team = await store.rounds.open(IDEAS, "r1", T0)
    run = await opened_run(store)
    for person in (AUTHOR, "U-bo"):
        await store.rounds.answer(IDEAS, "r1", by=team.pseudonym(person), stands=["words.technology"], now=T0)
        await store.runs.answer(IDEAS, run.id, by=run.pseudonym(person), text=f"an answer by {person}", now=T0)
    await store.workspaces.save("T-1", WorkspaceSettings(admins=frozenset({AUTHOR, "U-bo"})))
    return store


async def rows(source: Any) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    async for table, row in source:
        found.setdefault(table, []).append(row)
    return found


async def test_every_table_says_how_a_person_is_found_in_it_and_belongs_to_a_workspace(url: str) -> None:
    def tables(inspector: Inspector) -> dict[str, set[str]]:
        names = (name for name in inspector.get_table_names() if name != "alembic_version")
        return {name: {column["name"] for column in inspector.get_columns(name)} for name in names}

    engine = build_engine(url)
    async with engine.connect() as connection:
        found = await connection.run_sync(lambda sync: tables(inspect(sync)))
    await engine.dispose()
    assert set(found) == set(PEOPLE), "say in records.PEOPLE how a person is found in a new table, or why nobody is"
    assert {name for name, columns in found.items() if "workspace" not in columns} == OF_NOBODY
    person = {"person", "author", "by", "steward", "admins", "member", "owner", "who", "name_of"}
    for name, columns in found.items():
        if isinstance(PEOPLE[name], str) and name != "changes":
            assert not columns & person, f"{name} may hold a person; records.PEOPLE says it does not"


async def test_a_workspaces_export_has_every_table_and_no_secret(url: str) -> None:
    (salt, _) = await use_everything(url)
    store = await open_store(url)
    found = await rows(store.records.of_place("T-1"))
    await store.close()
    assert set(found) == set(PEOPLE) - OF_NOBODY, "use_everything must fill a new table, and the export must have it"
    written = json.dumps(found)
    assert "salt" not in written and salt.hex() not in written
    assert found["installations"][0]["sealed"] == "(sealed)"
    assert found["own_words"][0]["stands_for"] == "Things that last."


async def test_a_channels_export_is_that_channels_alone(url: str) -> None:
    await use_everything(url)
    store = await open_store(url)
    await store.channels.add(a_channel(OTHER))
    await store.channels.add(a_channel(ELSEWHERE))
    found = await rows(store.records.of_place("T-1", "C-ideas"))
    nowhere = await rows(store.records.of_place("T-1", "C-nowhere"))
    await store.close()
    assert {row["channel"] for table in found.values() for row in table} == {"C-ideas"}
    assert "own_words" not in found and "traces" in found
    assert nowhere == {}


async def test_forgetting_a_workspace_leaves_no_row_of_it_and_every_row_of_another(url: str) -> None:
    await use_everything(url)
    store = await open_store(url)
    await store.channels.add(a_channel(ELSEWHERE))
    await noted(store, Change(ref=everywhere(ELSEWHERE), at=T0, what=What.NUMBERS, by=Role.ADMIN))
    gone = await store.records.forget_place("T-1")
    left = await rows(store.records.of_place("T-1"))
    others = await rows(store.records.of_place("T-2"))
    await store.close()
    assert set(gone) >= {"channels", "ledger", "own_words", "installations", "workspaces", "opted_out", "spendings"}
    assert left == {}
    assert set(others) == {"channels", "changes"}


async def test_forgetting_a_channel_leaves_the_workspace_and_other_channels(url: str) -> None:
    await use_everything(url)
    store = await open_store(url)
    await store.channels.add(a_channel(OTHER))
    await store.records.forget_place("T-1", "C-ideas")
    left = await rows(store.records.of_place("T-1"))
    await store.close()
    assert {row.get("channel", "") for table in left.values() for row in table} == {"", "C-other"}
    assert {"own_words", "workspaces", "opted_out", "changes"} <= set(left)


async def test_a_persons_export_has_every_table_they_are_in_but_what_is_theirs_alone(url: str) -> None:
    store = await everything_of_the_author(url)
    found = await rows(store.records.of_person("T-1", AUTHOR))
    await store.close()
    assert set(found) == {name for name, how in PEOPLE.items() if not isinstance(how, str)} - THEIRS_ALONE
    assert {name: len(theirs) for name, theirs in found.items()} == dict.fromkeys(found, 1)
    written = json.dumps(found)
    assert "U-bo" not in written and "salt" not in written
    assert "an answer" not in written and "sealed" not in written


async def test_a_person_elsewhere_is_somebody_else(url: str) -> None:
    store = await everything_of_the_author(url)
    assert await rows(store.records.of_person("T-2", AUTHOR)) == {}
    assert await rows(store.records.of_person("T-1", "U-nobody")) == {}
    await store.close()


async def test_forgetting_a_person_leaves_nothing_of_them_and_everything_of_others(url: str) -> None:
    store = await everything_of_the_author(url)
    before = await rows(store.records.of_person("T-1", "U-bo"))
    gone = await store.records.forget_person("T-1", AUTHOR, unread=False)
    assert gone == {name: 1 for name, how in PEOPLE.items() if not isinstance(how, str) and name not in THEIRS_ALONE}
    assert await rows(store.records.of_person("T-1", AUTHOR)) == {}
    assert await rows(store.records.of_person("T-1", "U-bo")) == before
    assert len((await rows(store.records.of_place("T-1")))["check_in_answers"]) == 1
    assert await store.channels.get(IDEAS) is not None
    await store.close()
    if url.startswith("postgresql"):
        assert AUTHOR not in await dump(url)


async def test_forgetting_a_person_keeps_their_wish_not_to_be_read_unless_told(url: str) -> None:
    store = await everything_of_the_author(url)
    gone = await store.records.forget_person("T-1", AUTHOR, unread=True)
    assert "opted_out" not in gone
    assert await store.choices.opted_out("T-1", AUTHOR)
    await store.close()


async def test_a_window_that_is_over_leads_to_nobody(url: str) -> None:
    store = await everything_of_the_author(url)
    await store.traces.close_windows(T0 + WINDOW_LENGTH)
    assert "traces" not in await rows(store.records.of_person("T-1", AUTHOR))
    await store.close()


def test_a_named_column_is_there() -> None:
    for name, how in PEOPLE.items():
        if not isinstance(how, str):
            assert how.column in metadata.tables[name].c
        if isinstance(how, Named) and not how.row:
            assert metadata.tables[name].c[how.column].nullable


async def test_a_change_that_was_begun_before_does_not_bring_a_forgotten_person_back(url: str) -> None:
    store = await everything_of_the_author(url)
    channel, settings = await store.channels.get(IDEAS), await store.workspaces.of("T-1")
    assert channel is not None and channel.charter.steward == AUTHOR
    await store.records.forget_person("T-1", AUTHOR, unread=True)
    assert not await store.channels.save(channel)
    assert not await store.workspaces.save("T-1", settings)
    assert set(await rows(store.records.of_person("T-1", AUTHOR))) == {"opted_out"}
    await store.close()
