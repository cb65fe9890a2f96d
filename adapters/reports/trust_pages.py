"""The trust pack as Markdown files and as one self-contained HTML page: no script, nothing fetched."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from bot.domain.trust import Block, Document, Grid


def markdown(document: Document) -> str:
    """One document as a Markdown file."""
    lines = [f"# {document.title}", ""]
    for part in document.parts:
        lines += [f"## {part.heading}", ""]
        for block in part.blocks:
            lines += [*_markdown(block), ""]
    return "\n".join(lines)


def _markdown(block: Block) -> list[str]:
    if isinstance(block, str):
        return [block.strip()]
    if isinstance(block, Grid):
        head = [_row(block.head), "|" + "---|" * len(block.head)]
        return [*head, *(_row(row) for row in block.rows)]
    return [f"- {point.strip()}" for point in block]


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"


def html(documents: Sequence[Document], *, title: str, note: str) -> str:
    """All documents as one page, with a table of contents."""
    shaped = [
        (document, [(part.heading, [(_kind(block), block) for block in part.blocks]) for part in document.parts])
        for document in documents
    ]
    return _template().render(documents=shaped, title=title, note=note)


def _kind(block: Block) -> str:
    if isinstance(block, str):
        return "paragraph"
    return "grid" if isinstance(block, Grid) else "points"


@lru_cache(maxsize=1)
def _template() -> Template:
    loader = PackageLoader("adapters.reports", "templates")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    environment.filters["code"] = _code
    return environment.get_template("trust.html.jinja")


def _code(text: str) -> Markup:
    """What stands between backticks as code, all else escaped."""
    pieces = [escape(piece) for piece in text.split("`")]
    return Markup("").join(Markup("<code>{}</code>").format(p) if n % 2 else p for n, p in enumerate(pieces))
