"""Where the keys that seal secrets come from."""

import stat
from pathlib import Path

import pytest

from adapters.storage.sealing import new_key
from bot.bootstrap.building import sealer_of
from bot.config import load_settings
from bot.errors import ConfigError


def test_the_embedded_database_has_a_key_file_beside_it_that_its_owner_alone_may_read(tmp_path: Path) -> None:
    settings = load_settings(database_url=f"sqlite:///{tmp_path}/kith.db")
    sealed = sealer_of(settings).seal("a token")
    assert sealer_of(settings).open(sealed) == "a token"
    assert stat.S_IMODE((tmp_path / "kith.key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["kith.key"]


def test_another_database_needs_keys_of_its_own_to_be_set() -> None:
    with pytest.raises(ConfigError, match="kith keys new"):
        sealer_of(load_settings(database_url="postgresql://nowhere/kith"))


def test_keys_from_the_settings_go_before_the_file(tmp_path: Path) -> None:
    old, new = new_key(), new_key()
    url = f"sqlite:///{tmp_path}/kith.db"
    sealed = sealer_of(load_settings(database_url=url, secret_keys=old)).seal("a token")
    assert sealer_of(load_settings(database_url=url, secret_keys=f"{new}, {old}")).open(sealed) == "a token"
    assert not (tmp_path / "kith.key").exists()
