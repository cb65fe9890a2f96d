"""The app package that sets Kith up in Teams: manifest, icons, and the words of each language, in one zip."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from adapters.teams.icons import colour_icon, outline_icon
from adapters.teams.interactions import ASK
from adapters.teams.shapes import Json
from bot.domain.content import Content

VERSION = "1.24"
"""The schema the manifest follows; docs/teams.md says where it was had."""

PERMISSIONS = ("ChannelMessage.Read.Group", "ChatMessage.Read.Chat")
"""What a team's or a chat's owner consents to when Kith is added there: to receive its messages as they are written
(EVIDENCE 5.3). Without the consent Kith hears only what mentions it."""

SCOPES = ("team", "groupChat", "personal")

LISTED = ("help", "check", "path", "draft", "ask", "why", "ledger", "checkin", "settings", "pause", "data", "leave")
"""The commands that Teams offers while somebody types, twelve at most; the others work as well."""

_WRITTEN = (1980, 1, 1, 0, 0, 0)
"""One date for all files, so that the same settings make the same package."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Who stands for this Kith: a name of 32 characters at most, and three https addresses that people can read."""

    name: str
    website: str
    privacy: str
    terms: str


def app_package(
    contents: Mapping[str, Content],
    *,
    locale: str,
    app: str,
    version: str,
    publisher: Publisher,
    words: Collection[str],
) -> bytes:
    """The zip that an admin uploads. `contents` are the languages, `locale` the one that counts where none of them
    fits; `app` is the id of the bot's registration, `version` Kith's own, `words` the commands that it obeys."""
    others = sorted(set(contents) - {locale})
    files = {
        "manifest.json": _json(manifest(contents[locale], locale, others, app, version, publisher, words)),
        "color.png": colour_icon(),
        "outline.png": outline_icon(),
    }
    for other in others:
        files[f"{other}.json"] = _json(localised(contents[other], words))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in files.items():
            package.writestr(zipfile.ZipInfo(name, _WRITTEN), data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def manifest(
    content: Content,
    locale: str,
    others: Collection[str],
    app: str,
    version: str,
    publisher: Publisher,
    words: Collection[str],
) -> Json:
    """The manifest itself, in the words of `content`."""
    say = content.say
    languages: Json = {"defaultLanguageTag": locale}
    if others:
        languages["additionalLanguages"] = [{"languageTag": other, "file": f"{other}.json"} for other in others]
    return {
        "$schema": f"https://developer.microsoft.com/json-schemas/teams/v{VERSION}/MicrosoftTeams.schema.json",
        "manifestVersion": VERSION,
        "version": version,
        "id": app,
        "developer": {
            "name": publisher.name,
            "websiteUrl": publisher.website,
            "privacyUrl": publisher.privacy,
            "termsOfUseUrl": publisher.terms,
        },
        "name": {"short": "Kith", "full": say("teams.manifest.name")},
        "description": {"short": say("teams.manifest.short"), "full": say("teams.manifest.full")},
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": "#2F4F4A",
        "localizationInfo": languages,
        "bots": [
            {
                "botId": app,
                "scopes": list(SCOPES),
                "supportsFiles": False,
                "isNotificationOnly": False,
                "commandLists": [{"scopes": list(SCOPES), "commands": _commands(content, words)}],
            }
        ],
        "composeExtensions": [{"botId": app, "commands": [_ask(content)]}],
        "authorization": {
            "permissions": {"resourceSpecific": [{"name": name, "type": "Application"} for name in PERMISSIONS]}
        },
        "validDomains": [],
    }


def localised(content: Content, words: Collection[str]) -> Json:
    """What another language puts in the place of the manifest's words, by their paths in it."""
    say = content.say
    asked = _ask(content)
    places = {
        "name.short": "Kith",
        "name.full": say("teams.manifest.name"),
        "description.short": say("teams.manifest.short"),
        "description.full": say("teams.manifest.full"),
        "composeExtensions[0].commands[0].title": asked["title"],
        "composeExtensions[0].commands[0].description": asked["description"],
    }
    for number, command in enumerate(_commands(content, words)):
        places[f"bots[0].commandLists[0].commands[{number}].description"] = command["description"]
    schema = f"https://developer.microsoft.com/json-schemas/teams/v{VERSION}/MicrosoftTeams.Localization.schema.json"
    return {"$schema": schema, **places}


def _commands(content: Content, words: Collection[str]) -> list[dict[str, str]]:
    known = {"help", *words}
    return [{"title": word, "description": _says(word, content)} for word in LISTED if word in known]


def _says(word: str, content: Content) -> str:
    """What help says of a command, without the command itself."""
    return content.say(f"help.{word}").partition(": ")[2]


def _ask(content: Content) -> Json:
    return {
        "id": ASK,
        "type": "action",
        "context": ["message"],
        "title": content.say("shortcut.ask.name"),
        "description": content.say("shortcut.ask.description"),
        "fetchTask": True,
    }


def _json(made: Json) -> bytes:
    return json.dumps(made, indent=2, ensure_ascii=False).encode() + b"\n"
