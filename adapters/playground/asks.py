"""What a page may ask for: the shape of every request body, and reading one without trusting it."""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request

from adapters.playground.refused import RefusedError

LARGEST = 64 * 1024
"""Bytes of a request body; more is refused before it is read."""

LONGEST = 4000
"""Characters of a message, as on the platforms."""

Id = Annotated[str, Field(min_length=1, max_length=80)]
Text = Annotated[str, Field(max_length=LARGEST)]
Answer = Text | Annotated[list[Text], Field(max_length=100)]


class Ask(BaseModel):
    """Somebody, in a channel, asks for something; unknown keys and other types are errors."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    channel: Id
    persona: Id


class Say(Ask):
    """Write a message, a command if it starts with /kith."""

    text: Text
    thread: Id | None = None


class Command(Ask):
    """Give a command; `words` is what follows /kith."""

    words: Text
    thread: Id | None = None


class Edit(Ask):
    """Change one's own message."""

    message: Id
    text: Text


class OnMessage(Ask):
    """Take a message back, or put away what only this persona sees."""

    message: Id


class React(OnMessage):
    """Put a reaction on a message, or take it off."""

    emoji: Annotated[str, Field(max_length=16)]


class Choose(OnMessage):
    """Press a button that a message of Kith carries."""

    choice: Id
    about: Annotated[str, Field(max_length=200)] = ""


class Submit(Ask):
    """Send a form that was opened for this persona."""

    form: Id
    about: Annotated[str, Field(max_length=200)] = ""
    answers: Annotated[dict[Id, Answer], Field(max_length=100)]


class Forward(BaseModel):
    """Move the clock: by hours, by days, or to the next working morning (of a channel, if one is named)."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    hours: Annotated[int, Field(ge=1, le=24)] | None = None
    days: Annotated[int, Field(ge=1, le=92)] | None = None
    to: Literal["morning"] | None = None
    channel: Id | None = None


class Sample(BaseModel):
    """Skip to the end of the sample conversation, or stop it."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    do: Literal["skip", "stop"]


class Read(BaseModel):
    """Look at one text as the reader does."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    text: Text


A = TypeVar("A", bound=BaseModel)


async def asked(request: Request, shape: type[A]) -> A:
    """The request's body as `shape`; RefusedError for another content type, too much of it, or anything unexpected."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise RefusedError(415, "content_type")
    try:
        raw = orjson.loads(await _body(request))
    except orjson.JSONDecodeError as exc:
        raise RefusedError(400, "json") from exc
    try:
        return shape.model_validate(raw)
    except ValidationError as exc:
        where = exc.errors(include_url=False, include_input=False, include_context=False)[0]["loc"]
        raise RefusedError(422, "field", field=str(where[0])[:40] if where else "body") from exc


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise RefusedError(413, "too_large")
    return bytes(body)


def spoken_text(text: str) -> str:
    """A message's text as it is said: trimmed, without control characters; RefusedError if empty or over LONGEST."""
    kept = "".join(c for c in text if c in "\n\t" or (ord(c) >= 32 and ord(c) != 127)).strip()
    if not kept:
        raise RefusedError(422, "empty")
    if len(kept) > LONGEST:
        raise RefusedError(413, "too_long", most=str(LONGEST))
    return kept
