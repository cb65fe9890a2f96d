"""Gathers what a deployment is, from its schema, its settings and the numbers of the domain, for the trust pack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from importlib.metadata import version
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Boolean, Column, Date, DateTime, Integer, LargeBinary, Time

from adapters.reports import trust_pages
from adapters.storage.columns import Moment, PackedJson
from adapters.storage.schema import metadata
from adapters.trust_files import trust_words
from bot.bootstrap.slack import slack_manifest
from bot.config import Settings, sqlite_file
from bot.domain import check_in, dialogue, installation, path_check, restraint
from bot.domain.trust import Deployment, Kept, KeptColumn
from bot.domain.window import WINDOW_LENGTH
from bot.usecases.keeping.trust_pack import trust_pack

_HOLDS = {
    Boolean: "flag",
    Integer: "number",
    DateTime: "moment",
    Moment: "moment",
    Date: "day",
    Time: "time",
    PackedJson: "packed",
    LargeBinary: "bytes",
}
"""The word for each kind of column; every other holds text."""


def trust_files(settings: Settings, *, made_on: str) -> Mapping[str, str]:
    """The files of the trust pack by name; ContentError where words and schema do not fit together."""
    words = trust_words(settings.locale)
    documents = trust_pack(words, deployment_of(settings, made_on=made_on))
    pages = {f"{document.name}.md": trust_pages.markdown(document) for document in documents}
    page = trust_pages.html(
        documents, title=words.choices["page.title"], note=words.choices["page.note"].format(made_on=made_on)
    )
    return pages | {"index.html": page}


def deployment_of(settings: Settings, *, made_on: str) -> Deployment:
    """What there is, as it stands at this moment."""
    return Deployment(
        numbers=_numbers(made_on),
        cases=_cases(settings),
        settings=[_setting(settings, name) for name in Settings.model_fields],
        scopes=[*_slack_scopes(settings), *_teams_scopes()],
        profiles=(restraint.GENTLE, restraint.ATTENTIVE),
        kept=[kept_of(table.name) for table in metadata.sorted_tables],
    )


def kept_of(name: str) -> Kept:
    """One table as the schema has it."""
    table = metadata.tables[name]
    columns = tuple(_column(column) for column in table.columns)
    return Kept(table=name, comment=table.comment or "", columns=columns)


def _column(column: Column[Any]) -> KeptColumn:
    holds = next((word for kind, word in _HOLDS.items() if isinstance(column.type, kind)), "text")
    length = getattr(column.type, "length", None) or 0
    return KeptColumn(name=column.name, comment=column.comment or "", holds=holds, most=length)


def _numbers(made_on: str) -> Mapping[str, int | str]:
    return {
        "made_on": made_on,
        "version": version("kith"),
        "window_days": WINDOW_LENGTH.days,
        "listening_days": restraint.GENTLE.listening.days,
        "charter_days": restraint.CHARTER_TERM.days,
        "not_here_days": restraint.NOT_HERE_REST.days,
        "smallest_group": restraint.SMALLEST_GROUP,
        "min_people": restraint.GENTLE.min_people,
        "min_messages": restraint.GENTLE.min_messages,
        "min_days": restraint.GENTLE.min_days,
        "round_days": path_check.ROUND_LENGTH.days,
        "answers_days": check_in.KEPT.days,
        "dialogue_hours": dialogue.LASTS // timedelta(hours=1),
        "handshake_minutes": installation.HANDSHAKE_LASTS // timedelta(minutes=1),
        "revoked_days": installation.REVOKED_KEPT.days,
    }


def _cases(settings: Settings) -> Mapping[str, str]:
    """Which case holds of each choice; the words of each stand in prompts/."""
    slack, teams = _joins(settings, "slack"), _joins(settings, "teams")
    companion = any(
        getattr(settings, name) not in (field.default, None, "")
        for name, field in Settings.model_fields.items()
        if name.startswith("companion")
    )
    return {
        "database": "sqlite" if sqlite_file(settings.database_url) else "postgresql",
        "platforms": {(True, True): "both", (True, False): "slack", (False, True): "teams"}.get((slack, teams), "none"),
        "charter_rule": settings.charter_rule.value,
        "human_help": "set" if settings.human_help else "unset",
        "spans": "on" if settings.otel_endpoint else "off",
        "figures": "off" if settings.metrics_port is None else "on",
        "companion": "on" if companion else "off",
    }


def _joins(settings: Settings, platform: str) -> bool:
    names = (f"{platform}_bot_token", f"{platform}_client_id", f"{platform}_app_id")
    return any(getattr(settings, name, None) is not None for name in names)


def _setting(settings: Settings, name: str) -> tuple[str, str, str | None]:
    value, told = getattr(settings, name), Settings.model_fields[name].description or ""
    shown: str | None = str(value)
    if value is None or value == "":
        shown = None
    elif isinstance(value, SecretStr) or name in ("database_url", "human_help"):
        shown = ""  # a server's name and a house's own words are nobody else's business
    return f"KITH_{name.upper()}", told, shown


def _slack_scopes(settings: Settings) -> Sequence[tuple[str, str]]:
    oauth: Any = slack_manifest(settings, url=None)["oauth_config"]
    return [("Slack", scope) for scope in oauth["scopes"]["bot"]]


def _teams_scopes() -> Sequence[tuple[str, str]]:
    from adapters.teams.manifest import PERMISSIONS  # only now: nothing else here needs Teams

    return [("Teams", permission) for permission in PERMISSIONS]
