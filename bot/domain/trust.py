"""The trust pack: what a deployment keeps and who sees it, as documents made from its schema and settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.restraint import Restraint


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptColumn:
    """One column of a table: its name, a word on what it is for, and what it can hold (`holds.…` in the words), so
    many characters or bytes at most."""

    name: str
    comment: str
    holds: str
    most: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One table of the schema."""

    table: str
    comment: str
    columns: tuple[KeptColumn, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableWords:
    """What no schema says of a table: about whom it is, how close to a person, why, how long, and how it goes."""

    about: str
    person: str
    purpose: str
    kept_for: str
    goes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table in a document."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = str | tuple[str, ...] | Grid
"""A paragraph, a list of points, or a table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A heading and what stands under it."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document of the pack; `name` is the file's."""

    name: str
    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartWords:
    """A part as it is written: a paragraph, a list, or {"table": name of a table that is made}."""

    heading: str
    blocks: list[str | list[str] | dict[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentWords:
    """A document as it is written."""

    title: str
    parts: list[PartWords]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustWords:
    """All words of the pack. `choices` are sentences by "fact.case", `heads` the headings of tables that are made,
    `schema` what the English sentences of the schema and the settings are in another language."""

    tables: Mapping[str, TableWords]
    documents: Mapping[str, DocumentWords]
    choices: Mapping[str, str]
    heads: Mapping[str, tuple[str, ...]]
    schema: Mapping[str, str] = field(default_factory=dict)

    def translated(self, sentence: str) -> str:
        """A sentence of the schema or the settings in this language; as it is where there is none."""
        return self.schema.get(sentence, sentence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A deployment as it stands: numbers by name for the slots of the words, which case holds of each choice, its
    settings in force (name, meaning, value; None: not set, "": set and not for others' eyes), what it asks of
    platforms, the profiles it offers, and its schema."""

    numbers: Mapping[str, int | str]
    cases: Mapping[str, str]
    settings: Sequence[tuple[str, str, str | None]]
    scopes: Sequence[tuple[str, str]]
    profiles: Sequence[Restraint]
    kept: Sequence[Kept]
