"""The workspaces that installed Kith, each connected under its own token, which is renewed before it ends."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from adapters.slack.chat import Pacer, SlackChat
from adapters.slack.joined import Household, Joined, join
from adapters.slack.shapes import word
from adapters.slack.translate import Kith
from adapters.slack.web import Line, Web
from bot.domain.installation import Installation
from bot.errors import KithError, PlatformError, PlatformGoneError
from bot.ports import Installations

LEASE = timedelta(minutes=2)
"""How long one process alone tries to renew a token; longer than any call to Slack takes."""

_log = logging.getLogger("kith.slack")


class Workspaces:
    """Knows every installed workspace in this process; `connected` and `gone` are told of each that comes and goes.

    What other processes install, renew or take out is seen by `sync`, and a workspace nobody knows yet by `find`.
    """

    def __init__(
        self,
        installations: Installations,
        house: Household,
        line: Line,
        *,
        connected: Callable[[str, SlackChat], None],
        gone: Callable[[str], None],
        app: tuple[str, str],
        pacer: Pacer | None = None,
    ) -> None:
        """`app` is the id and the secret of Kith's app."""
        self._installations = installations
        self._house = house
        self._line = line
        self._connected = connected
        self._gone = gone
        self._app = app
        self._pacer = pacer
        self._here: dict[str, tuple[int, Joined]] = {}

    async def find(self, workspace: str) -> Joined | None:
        """The workspace, if Kith is installed there; KithError if its tokens cannot be read."""
        here = self._here.get(workspace)
        return here[1] if here else await self.look(workspace)

    async def look(self, workspace: str) -> Joined | None:
        """See how a workspace stands in the store now, and connect or disconnect it."""
        installation = await self._installations.of(workspace)
        if installation is None:
            if self._here.pop(workspace, None) is not None:
                self._gone(workspace)
            return None
        return self._take_over(installation)

    async def sync(self) -> None:
        """See how all workspaces stand, and renew the tokens that end soon; one workspace's trouble stops no other."""
        try:
            versions = await self._installations.versions()
            for workspace in {*self._here, *versions}:
                here = self._here.get(workspace)
                if here is None or here[0] != versions.get(workspace):
                    await self._quietly(workspace)
            await self._renew_due()
        except KithError as exc:
            _log.error("The installed workspaces could not be looked at. %s", exc)

    def _take_over(self, installation: Installation) -> Joined:
        workspace = installation.workspace
        here = self._here.get(workspace)
        kith = Kith(workspace=workspace, user=installation.user, bot=installation.bot)
        if here is not None and here[1].kith == kith:
            joined = here[1]
            joined.web.use(installation.token)
        else:
            web = Web(installation.token, line=self._line)
            joined = join(web, kith, self._house, chat=SlackChat(web, workspace, pacer=self._pacer))
        self._here[workspace] = (installation.version, joined)
        if here is None or here[1] is not joined:
            self._connected(workspace, joined.chat)
        return joined

    async def _quietly(self, workspace: str) -> None:
        try:
            await self.look(workspace)
        except KithError as exc:
            _log.error("A workspace could not be connected. %s", exc)

    async def _renew_due(self) -> None:
        due = await self._installations.claim_renewal(self._house.clock.now(), lease=LEASE)
        for installation in due:
            try:
                await self._renew(installation)
            except PlatformGoneError as exc:
                _log.error("A workspace's token cannot be renewed; Kith has to be installed there again. %s", exc)
                await self._house.core.ended(installation.workspace, revoked=True)
                await self._quietly(installation.workspace)
            except PlatformError as exc:
                _log.warning("A workspace's token was not renewed, and will be tried again. %s", exc)

    async def _renew(self, installation: Installation) -> None:
        """Exchange what a token ends with for the next one."""
        client_id, secret = self._app
        told = await Web("", line=self._line).exchange(client_id, secret, installation.refresh)
        token, lasts = word(told, "access_token"), told.get("expires_in")
        if not token or not isinstance(lasts, int):
            raise PlatformError(problem="oauth.v2.access gave no new token")
        renewed = replace(
            installation,
            token=token,
            refresh=word(told, "refresh_token"),
            expires_at=self._house.clock.now() + timedelta(seconds=lasts),
        )
        if await self._installations.renew(renewed):
            await self._quietly(installation.workspace)
