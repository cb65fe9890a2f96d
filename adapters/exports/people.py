"""Tells bots and guests from members, by users.json and by what a row says of its author."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SLACKBOT = "USLACKBOT"


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The ids of those who are no people (bots) and of those who are people and no members (guests)."""

    bots: frozenset[str] = frozenset({SLACKBOT})
    guests: frozenset[str] = frozenset()

    def writes_as_guest(self, author: str, profile: object) -> bool:
        """Whether this author is a guest, by users.json or by `profile`, the row's own `user_profile`."""
        return author in self.guests or (isinstance(profile, Mapping) and is_guest(profile))


def is_guest(user: Mapping[object, object]) -> bool:
    """Whether a user object carries one of Slack's three marks for people who are not full members."""
    get = user.get
    return get("is_restricted") is True or get("is_ultra_restricted") is True or get("is_stranger") is True


def people_in(document: object) -> People:
    """Bots and guests of a users.json, whatever it holds; entries that are no users are passed over."""
    bots, guests = {SLACKBOT}, set[str]()
    for user in document if isinstance(document, list) else ():
        if not isinstance(user, dict) or not isinstance(user.get("id"), str):
            continue
        if user.get("is_bot") is True:
            bots.add(user["id"])
        elif is_guest(user):
            guests.add(user["id"])
    return People(bots=frozenset(bots), guests=frozenset(guests))
