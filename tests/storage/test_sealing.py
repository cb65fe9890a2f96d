"""What is sealed opens with its keys alone, and keys can be changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.storage.resealing import SEALED, unopened
from adapters.storage.schema import metadata
from adapters.storage.sealing import Sealer, new_key
from adapters.storage.sql import open_store
from bot.domain.installation import Installation
from bot.errors import ConfigError, SealError

OLD, NEW = new_key(), new_key()


@given(st.text())
def test_what_is_sealed_opens_again_and_shows_nothing_before(text: str) -> None:
    sealed = Sealer([OLD]).seal(text)
    assert Sealer([OLD]).open(sealed) == text
    assert len(text) < 4 or text.encode() not in sealed


def test_a_new_key_in_front_opens_what_an_old_one_sealed_and_seals_it_anew() -> None:
    sealed = Sealer([OLD]).seal("a token")
    both = Sealer([NEW, OLD])
    assert both.open(sealed) == "a token"
    assert Sealer([NEW]).open(both.reseal(sealed)) == "a token"


@pytest.mark.parametrize("act", [Sealer.open, Sealer.reseal])
def test_another_key_or_a_changed_byte_is_told_apart(act: object) -> None:
    assert callable(act)
    sealed = Sealer([OLD]).seal("a token")
    for keys, given_bytes in (([NEW], sealed), ([OLD], sealed[:-9] + b"A" + sealed[-8:])):
        with pytest.raises(SealError):
            act(Sealer(keys), given_bytes)


@pytest.mark.parametrize("keys", [[], ["short"], [""]])
def test_keys_that_cannot_be_used_are_refused(keys: list[str]) -> None:
    with pytest.raises(ConfigError, match="kith keys new"):
        Sealer(keys)


def test_whatever_is_sealed_is_sealed_anew_when_keys_rotate() -> None:
    says_so = {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if "sealed" in (column.comment or "")
    }
    assert says_so == {(table.name, column) for table, column in SEALED}


async def test_what_none_of_the_keys_opens_is_counted_in_either_database(url: str) -> None:
    store = await open_store(url, sealer=Sealer([OLD]))
    for number in range(3):
        await store.installations.install(Installation(workspace=f"T-{number}", user="U-kith", token="a-token"))
    await store.close()
    assert await unopened(url, Sealer([NEW, OLD])) == 0
    assert await unopened(url, Sealer([NEW])) == 3
