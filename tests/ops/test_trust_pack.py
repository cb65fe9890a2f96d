"""The trust pack is what the schema and the settings are: it changes with them, or it is not written."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.storage.schema import metadata
from adapters.trust_files import trust_words
from bot.bootstrap.trust import deployment_of, kept_of, trust_files
from bot.config import Settings, load_settings
from bot.domain.trust import Document, Grid, Kept, KeptColumn
from bot.errors import ContentError
from bot.usecases.keeping.trust_pack import trust_pack
from tests.ops.test_dead_letters import kith

WORDS = trust_words("en")
TODAY = "2026-03-02"


def pack(**given: object) -> dict[str, str]:
    return dict(trust_files(load_settings(**given), made_on=TODAY))


def documents_with(kept: list[Kept]) -> tuple[Document, ...]:
    return trust_pack(WORDS, replace(deployment_of(load_settings(), made_on=TODAY), kept=kept))


def cells(documents: tuple[Document, ...]) -> set[str]:
    grids = [block for d in documents for part in d.parts for block in part.blocks if isinstance(block, Grid)]
    return {cell for grid in grids for row in grid.rows for cell in row}


AS_IT_IS = [kept_of(name) for name in metadata.tables]


def test_every_table_and_every_column_of_the_schema_is_in_the_data_map() -> None:
    told = pack()["1_data_map.md"]
    for table in metadata.tables.values():
        assert f"| {table.name} | {table.comment} |" in told
        for column in table.columns:
            assert f"| {table.name} | {column.name} | {column.comment} |" in told


def test_a_new_column_changes_the_pack() -> None:
    one = KeptColumn(name="mood", comment="how people felt", holds="text", most=40)
    more = [replace(kept, columns=(*kept.columns, one)) if kept.table == "traces" else kept for kept in AS_IT_IS]
    assert {"mood", "how people felt", "40 characters at most"} <= cells(documents_with(more))
    assert "mood" not in cells(documents_with(AS_IT_IS))


def test_a_table_that_nobody_described_stops_the_pack_and_is_named() -> None:
    more = [*AS_IT_IS, Kept(table="diaries", comment="what people did", columns=())]
    with pytest.raises(ContentError, match=r"tables\.yaml: diaries: say here what this table is for"):
        documents_with(more)


def test_a_description_of_a_table_that_is_gone_stops_the_pack() -> None:
    with pytest.raises(ContentError, match="traces: no such table any more"):
        documents_with([kept for kept in AS_IT_IS if kept.table != "traces"])


def test_every_setting_in_force_is_told_and_no_secret(tmp_path: Path) -> None:
    told = pack(
        database_url="postgresql://kith:planted@planted.example/kith",
        slack_bot_token="planted",
        slack_signing_secret="planted",
        human_help="planted",
        zone="Europe/Dublin",
    )
    everything = "".join(told.values())
    assert "planted" not in everything
    assert "Europe/Dublin" in told["1_data_map.md"]
    for name in Settings.model_fields:
        assert f"KITH_{name.upper()}" in told["1_data_map.md"]


def test_what_the_settings_say_is_what_the_documents_say() -> None:
    plain, other = (
        pack(),
        pack(charter_rule="members", human_help="Ring 4141.", otel_endpoint="http://here:4318/v1/traces"),
    )
    assert WORDS.choices["charter_rule.steward"] in plain["4_works_agreement_model.md"]
    assert WORDS.choices["charter_rule.members"] in other["4_works_agreement_model.md"]
    assert WORDS.choices["spans.on"] in other["1_data_map.md"]
    assert WORDS.choices["human_help.set"] in other["3_dpia_draft.md"]


def test_each_document_says_that_it_is_no_legal_advice() -> None:
    told = pack()
    for name in ("1_data_map.md", "3_dpia_draft.md", "4_works_agreement_model.md", "index.html"):
        assert "not legal advice" in told[name], name


def test_no_slot_is_left_open_and_every_choice_has_all_its_cases() -> None:
    assert re.search(r"\{\w+\}", "".join(text for name, text in pack().items() if name.endswith(".md"))) is None
    cases = {key.partition(".")[0] for key in WORDS.choices} - {"page", "holds", "shown", "profile"}
    assert cases == set(deployment_of(load_settings(), made_on=TODAY).cases)


def test_the_page_fetches_nothing_runs_nothing_and_escapes_what_it_shows() -> None:
    page = pack(locale="en", metrics_host="<script>alert(1)</script>")["index.html"]
    assert re.search(r"<script|<link|<img|src=|url\(|@import", page) is None
    assert "&lt;script&gt;" in page


def test_the_command_writes_the_files(tmp_path: Path) -> None:
    run = kith(
        tmp_path, f"sqlite:///{tmp_path}/kith.db", "trust-pack", "--output", str(tmp_path / "pack"), url_option=False
    )
    assert run.returncode == 0, run.stderr
    assert sorted(path.name for path in (tmp_path / "pack").iterdir()) == [
        "1_data_map.md",
        "2_who_sees_what.md",
        "3_dpia_draft.md",
        "4_works_agreement_model.md",
        "index.html",
    ]
    assert not (tmp_path / "kith.db").exists()


def test_every_sentence_of_the_schema_and_the_settings_is_there_in_german() -> None:
    deployment = deployment_of(load_settings(), made_on=TODAY)
    english = {kept.comment for kept in deployment.kept} | {told for _, told, _ in deployment.settings}
    english |= {column.comment for kept in deployment.kept for column in kept.columns}
    german = trust_words("de").schema
    assert sorted(english - german.keys()) == [], "say these in prompts/de/trust/schema.yaml"
    assert sorted(german.keys() - english) == [], "these stand in prompts/de/trust/schema.yaml and are said no more"
    told = pack(locale="de")
    assert "was Menschen antworten wollten".lower() in told["1_data_map.md"].lower()
    assert not any(
        f"| {sentence} |" in page for sentence in english for page in told.values() if sentence.count(" ") > 2
    )
