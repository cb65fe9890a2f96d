"""Why we go social, for one person: the paths their words are on, what those miss, what they would rather choose."""

from __future__ import annotations

from datetime import datetime

from bot.domain.channel import Channel
from bot.domain.content import Content
from bot.domain.events import ChoiceMade, CommandGiven, FormSubmitted
from bot.domain.path_check import STAY, packed, paths_of, unpacked
from bot.domain.paths import SocialPath
from bot.domain.self_check import fitting, standing_on
from bot.domain.speech import Choice, Form, Listing, Message, Paragraph, Part, Reply, text
from bot.ports import House
from bot.usecases.checks import path_round
from bot.usecases.checks.path_fields import chosen_in, rather_field, statements_field
from bot.usecases.checks.sharing import heading, note, question_parts, shared, source


async def open_path(channel: Channel, asker: CommandGiven | ChoiceMade, *, house: House, now: datetime) -> Reply:
    """The form for oneself; with the word "team" a round for the channel."""
    if isinstance(asker, CommandGiven) and asker.words.lower().split()[1:2] == ["team"]:
        return await path_round.begin(channel, asker, house=house, now=now)
    return Reply(form=path_form(house.content))


async def submit_path(channel: Channel, event: FormSubmitted, *, house: House, now: datetime) -> Reply:
    """The paths that the chosen statements are on, to the person alone."""
    content = house.content
    chosen = chosen_in(event.answers, content)
    if chosen is None:
        return Reply(form=path_form(content, error=content.say("path.error")))
    paths = paths_of(chosen)
    if not paths:
        return Reply(message=_no_path(content))
    rather = Choice(id="path_rather", label=content.say("choice.path_rather"), about=packed(paths))
    team = Choice(id="path_team", label=content.say("choice.path_team"))
    share = Choice(id="path_share", label=content.say("choice.share"), about=packed(paths))
    body = (
        heading(content.say("path.heading", n=len(paths))),
        *await _shown(paths, channel, house, now),
        Paragraph(text=content.say("path.rather_ask")),
        note(content.say("path.note")),
        source("A2", content),
    )
    return Reply(message=Message(body=body, choices=(rather, share, team)))


async def share_path(channel: Channel, event: ChoiceMade, *, house: House, now: datetime) -> Reply:
    """The same paths for everyone; who shared them is not named."""
    paths = unpacked(event.about)
    if paths is None:
        return Reply(message=text(house.content.say("choice.stale")))
    say = house.content.say
    opening = Paragraph(text=say("path.shared", n=len(paths)))
    message = Message(body=(opening, *await _shown(paths, channel, house, now), note(say("share.note"))))
    return await shared(message, channel, what=f"path/{event.about}", house=house, now=now)


async def open_rather(channel: Channel, event: ChoiceMade, *, house: House, now: datetime) -> Reply:
    """The form that asks what one would rather choose."""
    del channel, now
    if unpacked(event.about) is None:
        return Reply(message=text(house.content.say("choice.stale")))
    return Reply(form=rather_form(house.content, event.about))


async def submit_rather(channel: Channel, event: FormSubmitted, *, house: House, now: datetime) -> Reply:
    """What the chosen path promises, with a question to begin on it; staying is a choice like any other."""
    content = house.content
    paths = unpacked(event.about)
    rather = event.answers.get("rather", "")
    if paths is None:
        return Reply(message=text(content.say("choice.stale")))
    if rather not in (*SocialPath, STAY):
        return Reply(form=rather_form(content, event.about, error=content.say("path.rather.error")))
    parts: list[Part] = []
    for path in paths if rather == STAY else (SocialPath(str(rather)),):
        words = content.paths[path]
        own = (await house.store.own_words.of(channel.ref.workspace)).on(path)
        wording = fitting(standing_on(words.on_promise, own), to="team", topics=(), seed=_seed(path, now))
        parts += [heading(words.title), Paragraph(text=words.promise)]
        parts += question_parts(wording, content, own_words=own)
    return Reply(message=Message(body=(*parts, note(content.say("path.rather.note")))))


def path_form(content: Content, *, error: str = "") -> Form:
    """The form for oneself."""
    say = content.say
    fields = (statements_field(content, error=error),)
    return Form(id="path", title=say("path.title"), intro=say("path.intro"), submit=say("path.submit"), fields=fields)


def rather_form(content: Content, about: str, *, error: str = "") -> Form:
    """The form for what one would rather choose; it carries the paths one is on."""
    fields = (rather_field(content, error=error),)
    title, submit = content.say("path.rather.label"), content.say("path.rather.submit")
    return Form(id="path_rather", title=title, submit=submit, fields=fields, about=about)


async def _shown(paths: tuple[SocialPath, ...], channel: Channel, house: House, now: datetime) -> list[Part]:
    """Each path with its promise, what it tends to miss, and a question on that."""
    content = house.content
    given = await house.store.own_words.of(channel.ref.workspace)
    parts: list[Part] = []
    for path in paths:
        words, own = content.paths[path], given.on(path)
        wording = fitting(standing_on(words.on_downside, own), to="team", topics=(), seed=_seed(path, now))
        parts += [heading(words.title), Paragraph(text=words.promise)]
        parts.append(Paragraph(text=content.say("path.misses", downside=words.downside, named=words.named)))
        parts += question_parts(wording, content, own_words=own)
    return parts


def _no_path(content: Content) -> Message:
    titles = tuple(content.say("path.line", title=w.title, promise=w.promise) for w in content.paths.values())
    body = (Paragraph(text=content.say("path.none")), Listing(items=titles), source("A2", content))
    return Message(body=body)


def _seed(path: SocialPath, now: datetime) -> str:
    """The same question all through a week, so that what is shared is what its author saw; another one later."""
    return f"{path}/{now:%G-%V}"
