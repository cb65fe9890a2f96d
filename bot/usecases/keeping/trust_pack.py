"""Write the trust pack: documents for a works council, a data protection officer and everybody else, from what is."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.restraint import Restraint
from bot.domain.trust import Block, Deployment, Document, DocumentWords, Grid, KeptColumn, Part, TrustWords
from bot.errors import ContentError


def trust_pack(words: TrustWords, deployment: Deployment) -> tuple[Document, ...]:
    """The documents, in the order of their names. ContentError where the words and what is do not fit together: a table
    of the schema that nobody described, a description of a table that is gone, a slot or a case without a value."""
    in_schema = {kept.table for kept in deployment.kept}
    for table in sorted(in_schema ^ set(words.tables)):
        problem = (
            "no such table any more" if table in words.tables else "say here what this table is for, and for how long"
        )
        raise ContentError(file="trust/tables.yaml", key=table, problem=problem)
    facts = _facts(words, deployment)
    tables = _tables(words, deployment, facts)
    return tuple(_document(name, words.documents[name], facts, tables) for name in sorted(words.documents))


def _facts(words: TrustWords, deployment: Deployment) -> Mapping[str, str]:
    facts = {name: str(number) for name, number in deployment.numbers.items()}
    for fact, case in deployment.cases.items():
        key = f"{fact}.{case}"
        if key not in words.choices:
            raise ContentError(file="trust/choices.yaml", key=key, problem="this sentence is missing")
        facts[fact] = _filled(words.choices[key], facts, key)
    return facts


def _tables(words: TrustWords, deployment: Deployment, facts: Mapping[str, str]) -> Mapping[str, Grid]:
    kept, columns = list[tuple[str, ...]](), list[tuple[str, ...]]()
    for table in sorted(deployment.kept, key=lambda table: table.table):
        told = words.tables[table.table]
        cells = (words.translated(table.comment), told.about, told.person, told.purpose, told.kept_for, told.goes)
        kept.append((table.table, *(_filled(cell, facts, table.table) for cell in cells)))
        columns += [(table.table, *_column(column, words)) for column in table.columns]
    rows: dict[str, list[tuple[str, ...]]] = {
        "kept": kept,
        "columns": columns,
        "settings": [(name, words.translated(told), _shown(value, words)) for name, told, value in deployment.settings],
        "scopes": [*deployment.scopes],
        "profiles": [_profile(profile, words) for profile in deployment.profiles],
    }
    return {name: Grid(head=words.heads[name], rows=tuple(found)) for name, found in rows.items()}


def _column(column: KeptColumn, words: TrustWords) -> tuple[str, ...]:
    return column.name, words.translated(column.comment), _said(words, f"holds.{column.holds}", n=column.most)


def _shown(value: str | None, words: TrustWords) -> str:
    return _said(words, "shown.unset") if value is None else value or _said(words, "shown.set")


def _profile(profile: Restraint, words: TrustWords) -> tuple[str, ...]:
    budgets = ", ".join(_said(words, "profile.budget", n=b.most, days=b.period.days) for b in profile.budgets)
    evidence = _said(
        words, "profile.evidence", messages=profile.min_messages, people=profile.min_people, days=profile.min_days
    )
    return (
        profile.name,
        _said(words, "profile.days", days=profile.listening.days),
        evidence,
        budgets,
        _said(words, "profile.days", days=profile.pattern_rest.days),
        _said(words, "profile.working_hours" if profile.working_hours else "profile.any_time"),
    )


def _said(words: TrustWords, key: str, **facts: object) -> str:
    if key not in words.choices:
        raise ContentError(file="trust/choices.yaml", key=key, problem="this sentence is missing")
    return words.choices[key].format_map(facts)


def _document(name: str, words: DocumentWords, facts: Mapping[str, str], tables: Mapping[str, Grid]) -> Document:
    parts = tuple(
        Part(
            heading=_filled(part.heading, facts, name),
            blocks=tuple(_block(block, facts, tables, name) for block in part.blocks),
        )
        for part in words.parts
    )
    return Document(name=name, title=_filled(words.title, facts, name), parts=parts)


def _block(
    written: str | list[str] | dict[str, str], facts: Mapping[str, str], tables: Mapping[str, Grid], name: str
) -> Block:
    if isinstance(written, str):
        return _filled(written, facts, name)
    if isinstance(written, list):
        return tuple(_filled(point, facts, name) for point in written)
    table = written.get("table", "")
    if table not in tables:
        raise ContentError(file=f"trust/{name}.yaml", key=table, problem=f"there is a table of {', '.join(tables)}")
    return tables[table]


def _filled(text: str, facts: Mapping[str, str], where: str) -> str:
    try:
        return text.format_map(facts)
    except (KeyError, ValueError, IndexError) as exc:
        raise ContentError(file="trust", key=where, problem=f"a slot has no value: {exc}") from exc
