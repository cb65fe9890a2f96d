"""Load the words of the trust pack, or say which file and key is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

from pydantic import TypeAdapter

from adapters.prompt_files import FIRST, read_yaml
from bot.domain.trust import DocumentWords, TableWords, TrustWords

_TABLES: TypeAdapter[Mapping[str, TableWords]] = TypeAdapter(Mapping[str, TableWords])
_DOCUMENT: TypeAdapter[DocumentWords] = TypeAdapter(DocumentWords)
_CHOICES: TypeAdapter[Mapping[str, str]] = TypeAdapter(Mapping[str, str])
_HEADS: TypeAdapter[Mapping[str, tuple[str, ...]]] = TypeAdapter(Mapping[str, tuple[str, ...]])

_PARTS = frozenset({"tables.yaml", "choices.yaml", "heads.yaml", "schema.yaml"})
"""What is not a document by itself."""


def trust_words(locale: str) -> TrustWords:
    """The words in this language, in English where it has none of its own."""
    folder = files("prompts") / locale / "trust"
    if not folder.is_dir():
        folder = files("prompts") / FIRST / "trust"
    english = read_yaml(files("prompts") / FIRST / "trust" / "tables.yaml", _TABLES)
    own = read_yaml(folder / "tables.yaml", _TABLES)  # English stands in for a table that is not told of yet
    documents = [file for file in folder.iterdir() if file.name.endswith(".yaml") and file.name not in _PARTS]
    return TrustWords(
        tables={**english, **own},
        documents={file.name.removesuffix(".yaml"): read_yaml(file, _DOCUMENT) for file in documents},
        choices=read_yaml(folder / "choices.yaml", _CHOICES),
        heads=read_yaml(folder / "heads.yaml", _HEADS),
        schema=read_yaml(folder / "schema.yaml", _CHOICES) if (folder / "schema.yaml").is_file() else {},
    )
