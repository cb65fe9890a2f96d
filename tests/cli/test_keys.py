"""Where the keys that seal secrets come from."""

import asyncio
import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters.storage.sealing import new_key
from bot.bootstrap.building import opened_store, sealer_of
from bot.cli import app
from bot.config import load_settings
from bot.domain.installation import Installation
from bot.errors import ConfigError, SealError


def test_the_embedded_database_has_a_key_file_beside_it_that_its_owner_alone_may_read(tmp_path: Path) -> None:
    settings = load_settings(database_url=f"sqlite:///{tmp_path}/kith.db")
    sealed = sealer_of(settings).seal("a token")
    assert sealer_of(settings).open(sealed) == "a token"
    assert stat.S_IMODE((tmp_path / "kith.key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["kith.key"]


async def test_the_embedded_database_is_for_its_owner_alone(tmp_path: Path) -> None:
    async with opened_store(load_settings(database_url=f"sqlite:///{tmp_path}/kith.db")) as store:
        assert await store.channels.all("w") == []
        assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


def test_another_database_needs_keys_of_its_own_to_be_set() -> None:
    with pytest.raises(ConfigError, match="kith keys new"):
        sealer_of(load_settings(database_url="postgresql://nowhere/kith"))


def test_keys_from_the_settings_go_before_the_file(tmp_path: Path) -> None:
    old, new = new_key(), new_key()
    url = f"sqlite:///{tmp_path}/kith.db"
    sealed = sealer_of(load_settings(database_url=url, secret_keys=old)).seal("a token")
    assert sealer_of(load_settings(database_url=url, secret_keys=f"{new}, {old}")).open(sealed) == "a token"
    assert not (tmp_path / "kith.key").exists()


def kept(url: str, **more: object) -> str:
    """The token that this database holds, opened with the settings' keys; one is put there if there is none."""

    async def find() -> str:
        async with opened_store(load_settings(database_url=url, **more)) as store:
            found = await store.installations.of("T1")
            if found is None:
                await store.installations.install(Installation(workspace="T1", user="U1", token="a token"))
                return await find()
            return found.token

    return asyncio.run(find())


def test_a_new_key_is_printed_and_can_be_used(tmp_path: Path) -> None:
    printed = [CliRunner().invoke(app, ["keys", "new"]).output.strip() for _ in range(2)]
    assert printed[0] != printed[1]
    assert kept(f"sqlite:///{tmp_path}/kith.db", secret_keys=printed[0]) == "a token"


def test_rotated_the_embedded_database_has_a_new_key_in_front_and_opens_as_before(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/kith.db"
    kept(url)
    file = tmp_path / "kith.key"
    old = file.read_text().strip()
    for _ in range(3):
        run = CliRunner().invoke(app, ["keys", "rotate", "--database-url", url])
        assert run.exit_code == 0, run.output
        assert "Sealed anew: 1." in run.output
        assert kept(url) == "a token"
    keys = file.read_text().strip().split(",")
    assert (len(keys), old in keys, stat.S_IMODE(file.stat().st_mode)) == (2, False, 0o600)
    assert kept(url, secret_keys=keys[0]) == "a token"


def test_rotated_keys_of_the_settings_can_be_thrown_away_after_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, old, new = f"sqlite:///{tmp_path}/kith.db", new_key(), new_key()
    kept(url, secret_keys=old)
    monkeypatch.setenv("KITH_SECRET_KEYS", f"{new},{old}")
    run = CliRunner().invoke(app, ["keys", "rotate", "--database-url", url])
    assert (run.exit_code, "can be taken out of KITH_SECRET_KEYS now" in run.output) == (0, True)
    monkeypatch.delenv("KITH_SECRET_KEYS")
    assert kept(url, secret_keys=new) == "a token"
    with pytest.raises(SealError):
        kept(url, secret_keys=old)


def test_what_no_key_opens_is_told_and_every_key_is_kept(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/kith.db"
    kept(url, secret_keys=new_key())
    run = CliRunner().invoke(app, ["keys", "rotate", "--database-url", url])
    assert (run.exit_code, "keep every key" in run.output) == (1, True)
    assert len((tmp_path / "kith.key").read_text().strip().split(",")) == 2
