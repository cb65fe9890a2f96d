"""The pages that people see while they install Kith in a browser: plain HTML, no script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import urlencode

from bot.domain.content import Content

_KNOWN = frozenset({"access_denied", "invalid_browser", "invalid_state", "org", "later"})
"""What can go wrong and has words of its own; everything else is "Slack did not take it"."""

_BEFORE = ("install.ask.point_1", "install.ask.point_2", "install.ask.point_3")
_AFTER = ("install.done.point_1", "install.done.point_2", "install.done.point_3")

_STYLE = """
:root { color-scheme: light dark; }
body { margin: 0; font: 17px/1.5 system-ui, sans-serif; background: Canvas; color: CanvasText; }
main { max-width: 34rem; margin: 12vh auto; padding: 0 1.25rem; }
h1 { font-size: 1.6rem; line-height: 1.25; }
li { margin: .35rem 0; }
a.button { display: inline-block; margin-top: 1rem; padding: .7rem 1.2rem; border-radius: .4rem;
  background: #2f4f4a; color: #fff; text-decoration: none; font-weight: 600; }
a.button:focus-visible { outline: 3px solid #8ab6ad; outline-offset: 2px; }
p.note { font-size: .9rem; opacity: .8; }
"""


class InstallPages:
    """Each page, in the deployment's language."""

    def __init__(self, content: Content) -> None:
        self._say = content.say
        self._locale = content.locale

    def ask(self, url: str) -> str:
        """What Kith is, and the way to Slack's own page, which asks for the installer's yes."""
        points = [self._say(key) for key in _BEFORE]
        return self._page("install.ask", points, link=(url, self._say("install.ask.button")))

    def done(self, workspace: str, team_id: str | None, app_id: str | None) -> str:
        """It is done, and what to do next."""
        points = [self._say(key) for key in _AFTER]
        where = urlencode({"app": app_id or "", "team": team_id or ""})
        link = (f"https://slack.com/app_redirect?{where}", self._say("install.done.button"))
        return self._page("install.done", points, link=link, workspace=workspace or "Slack")

    def trouble(self, reason: str) -> str:
        """What went wrong in one sentence, and the way to begin again."""
        known = reason if reason in _KNOWN else "refused"
        link = ("install", self._say("install.trouble.button"))  # beside this page, wherever a proxy put it
        return self._page("install.trouble", (), link=link, text=self._say(f"install.trouble.{known}"))

    def _page(self, name: str, points: Sequence[str], *, link: tuple[str, str], text: str = "", **facts: str) -> str:
        title = escape(self._say(f"{name}.title", **facts))
        intro = escape(text or self._say(f"{name}.intro", **facts))
        listed = "".join(f"<li>{escape(point)}</li>" for point in points)
        listing = f"<ul>{listed}</ul>" if listed else ""
        button = f'<a class="button" href="{escape(link[0])}">{escape(link[1])}</a>'
        return (
            f'<!doctype html><html lang="{escape(self._locale)}"><head><meta charset="utf-8">'
            f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
            f"<style>{_STYLE}</style></head><body><main><h1>{title}</h1><p>{intro}</p>{listing}{button}</main></body></html>"
        )
