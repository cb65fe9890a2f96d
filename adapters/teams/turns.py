"""Runs an activity through botbuilder's pipeline; the only module that knows botbuilder.

Its stock host, token check and connector are replaced on its public seams (docs/teams-sdk.md says why): the door has
checked the token before, and Kith answers through a connector of its own, so nothing here reaches for the network.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from botbuilder.core import CloudAdapterBase, InvokeResponse, TurnContext
from botbuilder.core.teams import TeamsActivityHandler
from botbuilder.schema import Activity
from botframework.connector.auth import AuthenticateRequestResult, BotFrameworkAuthentication, ClaimsIdentity

from adapters.teams.shapes import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an invoke is answered with: an HTTP status and a JSON body (None: an empty one)."""

    status: int = 200
    body: Json | None = None


Heard = Callable[[Json], Awaitable[None]]
"""What is told of each activity that needs no answer; KithError where it could not be taken."""

Invoked = Callable[[Json], Awaitable[Answer]]
"""What answers an invoke."""


class UnreadableError(Exception):
    """An activity that is none: its parts do not have the types that the protocol gives them."""


class Turns:
    """Takes activities that may come in, one at a time each."""

    def __init__(self, heard: Heard, invoked: Invoked) -> None:
        logging.getLogger("msrest").setLevel(logging.CRITICAL)  # below that it logs what it cannot read, texts and all
        self._heard = heard
        self._invoked = invoked
        self._adapter = CloudAdapterBase(_Checked())

    async def take(self, activity: Json) -> Answer:
        """Give an activity to whoever it concerns; UnreadableError if it is none, KithError if it cannot be taken."""
        try:
            read = Activity().deserialize(activity)
        except Exception as exc:
            raise UnreadableError from exc  # whatever its parts raise: AttributeError, TypeError and more
        if not isinstance(read, Activity) or not read.type:
            raise UnreadableError
        handler = _Handler(activity, self._heard, self._invoked)
        answer = await self._adapter.process_activity(_admitted(), read, handler.on_turn)
        if answer is None:
            return Answer()
        return Answer(status=int(answer.status), body=answer.body if isinstance(answer.body, dict) else None)


class _Handler(TeamsActivityHandler):
    """Finds out what kind of activity this is, and hands on its JSON as it came: botbuilder's own objects lose parts
    of it (a mention's details among them)."""

    def __init__(self, activity: Json, heard: Heard, invoked: Invoked) -> None:
        self._activity = activity
        self._heard = heard
        self._invoked = invoked

    async def _hear(self, _: TurnContext) -> None:
        await self._heard(self._activity)

    on_message_activity = _hear
    on_message_update_activity = _hear
    on_message_delete_activity = _hear
    on_message_reaction_activity = _hear
    on_conversation_update_activity = _hear
    on_installation_update = _hear

    async def on_invoke_activity(self, turn_context: TurnContext) -> InvokeResponse:
        answer = await self._invoked(self._activity)
        return InvokeResponse(status=answer.status, body=answer.body)


class _NoConnector:
    """Stands where botbuilder wants a connector; nothing is ever sent by it."""

    async def create(self, service_url: str, audience: str) -> object:
        return self


def _admitted() -> AuthenticateRequestResult:
    """The door has let it in."""
    admitted = AuthenticateRequestResult()
    admitted.claims_identity = ClaimsIdentity({}, True)
    admitted.audience = ""
    admitted.caller_id = None
    admitted.connector_factory = _NoConnector()
    return admitted


class _Checked(BotFrameworkAuthentication):
    """Botbuilder's seam for authentication; whatever would go around the door is refused."""

    async def authenticate_request(self, activity: Activity, auth_header: str) -> AuthenticateRequestResult:
        raise PermissionError("the door checks tokens")

    async def authenticate_streaming_request(
        self, auth_header: str, channel_id_header: str
    ) -> AuthenticateRequestResult:
        raise PermissionError("nothing is streamed")

    async def authenticate_channel_request(self, auth_header: str) -> ClaimsIdentity:
        raise PermissionError("there are no skills")

    async def create_user_token_client(self, claims_identity: ClaimsIdentity) -> object:
        return self

    def create_connector_factory(self, claims_identity: ClaimsIdentity) -> object:
        return _NoConnector()

    def create_bot_framework_client(self) -> object:
        raise NotImplementedError("there are no skills")

    def get_originating_audience(self) -> str:
        return ""
