"""All that Kith answers to and says by itself, from the code, and what of it a conversation in the browser shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.domain.events import ChoiceMade, CommandGiven, Event, FormSubmitted
from bot.domain.ledger import Verdict
from bot.domain.outgoing import OutgoingKind
from bot.usecases.check_ins.agree import _ACTS
from bot.usecases.choose import _ABOUT_CHANNEL
from bot.usecases.command import COMMANDS
from bot.usecases.submit import FORMS, FORMS_FOR_ALL

TWO_WORDS = frozenset({"ledger changes", "settings workspace", "checkin new", *(f"checkin {act}" for act in _ACTS)})
"""Commands whose second word decides what they do; "path team" is the button path_team in a word."""

NOT_ON_THE_PAGE = frozenset({"checkin_list", "resume"})
"""Buttons of Kith's own page on a platform, which the rehearsal has not."""

EVERYTHING_ASKED = frozenset(
    {
        *(f"/kith {word}" for word in ("help", *COMMANDS, *TWO_WORDS)),
        *(f"button {choice}" for choice in {*_ABOUT_CHANNEL, "why", *Verdict} - NOT_ON_THE_PAGE),
        *(f"form {form}" for form in ("settings", *FORMS, *FORMS_FOR_ALL)),
    }
)

EVERYTHING = EVERYTHING_ASKED | {f"said {kind}" for kind in OutgoingKind}


def shown_by(test: Callable[..., object]) -> frozenset[str]:
    """What a test says that it shows (`@pytest.mark.shows(...)`)."""
    marks = getattr(test, "pytestmark", [])
    return frozenset(name for mark in marks if mark.name == "shows" for name in mark.args)


def asked_for(told: Iterable[Event]) -> frozenset[str]:
    """What Kith was asked for, by the names above."""
    found: set[str] = set()
    for event in told:
        match event:
            case CommandGiven(words=words):
                said = words.lower().split() or ["help"]
                found |= {f"/kith {said[0]}", f"/kith {' '.join(said[:2])}"}
            case ChoiceMade(choice=choice):
                found.add(f"button {choice}")
            case FormSubmitted(form=form):
                found.add(f"form {form}")
            case _:
                pass
    return frozenset(found)
