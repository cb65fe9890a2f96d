"""The container's files: what they copy is there, nothing runs as root, secrets are files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.config import Settings, load_settings
from bot.errors import ConfigError

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
KNOWN = {f"KITH_{name.upper()}" for name in Settings.model_fields}


def test_all_that_the_image_copies_is_there_and_let_in() -> None:
    let_in = set(re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text(), re.M))
    words = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.M)
    sources = {
        source.replace("${LOCK}", lock) for line in words for source in line.split() for lock in ("runtime", "otel")
    }
    assert len(sources) > 8
    for source in sources:
        assert (ROOT / source).exists(), source
        assert source.split("/")[0] in let_in, source


def test_packages_come_by_their_hashes_and_nothing_is_built_from_source() -> None:
    installs = [line for line in DOCKERFILE.splitlines() if re.search(r"pip.* install .*-r ", line)]
    assert len(installs) == 2
    assert all("--require-hashes" in line and "--only-binary :all:" in line for line in installs)
    build = (ROOT / "locks/build.txt").read_text()
    needed = re.search(r'requires = \["(\S+)"\]', (ROOT / "pyproject.toml").read_text())
    assert needed is not None and needed[1] in build


def test_kith_runs_as_nobody_in_particular_with_a_health_check() -> None:
    last = DOCKERFILE.split("\nFROM ")[-1]
    assert re.search(r"^USER 10001:10001$", last, re.M)
    assert "HEALTHCHECK" in last and "/readyz" in last
    assert "pip uninstall" in last


def test_the_lock_with_spans_is_the_lock_of_kith_and_more() -> None:
    def locked(name: str) -> set[str]:
        return set(re.findall(r"^\S+==\S+", (ROOT / f"locks/{name}.txt").read_text(), re.M))

    assert locked("runtime") < locked("otel")
    assert any(line.startswith("opentelemetry-sdk") for line in locked("otel"))


def test_every_setting_in_the_files_is_one_of_kiths() -> None:
    named = set(re.findall(r"\bKITH_[A-Z_]+\b", DOCKERFILE + (ROOT / "compose.yaml").read_text())) - {"KITH_SLACK_"}
    assert named <= KNOWN


def test_in_compose_kith_waits_for_a_healthy_database_and_its_secrets_are_files() -> None:
    kith = COMPOSE["services"]["kith"]
    assert kith["depends_on"]["postgres"]["condition"] == "service_healthy"
    assert kith["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert kith["read_only"] and kith["cap_drop"] == ["ALL"]
    assert set(kith["secrets"]) <= set(COMPOSE["secrets"])
    for name, value in kith["environment"].items():
        assert name.endswith("_FILE") == value.startswith("/run/secrets/"), name
        assert not re.search(r"(TOKEN|SECRET|PASSWORD|KEYS)$", name), f"{name} would stand in the open"
    assert all(port.startswith("127.0.0.1:") for port in kith["ports"])


def test_the_databases_password_can_come_from_a_file_and_goes_into_the_address(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("p@ss/word\n")
    settings = load_settings(
        database_url="postgresql://kith@postgres/kith", database_password_file=tmp_path / "password"
    )
    assert settings.database_url == "postgresql://kith:p%40ss%2Fword@postgres/kith"
    assert "p%40ss" not in repr(settings) and "p@ss" not in repr(settings)


@pytest.mark.parametrize("url", ["sqlite:///kith.db", "postgresql://server/kith", "postgresql://a:b@server/kith"])
def test_a_password_without_a_place_in_the_address_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match=r"postgresql://user@server/name"):
        load_settings(database_url=url, database_password="p")
