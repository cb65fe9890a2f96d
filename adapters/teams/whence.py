"""Where an activity comes from: which tenant, conversation, thread and team, and where it is answered; pure."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.teams.shapes import Json, ident, part, word
from bot.domain.events import ChannelRef

_MESSAGE = ";messageid="


@dataclass(frozen=True, slots=True, kw_only=True)
class Whence:
    """A conversation as an activity names it. `thread` is the message that opened the thread ("": none is named),
    `group` the team a channel belongs to, `kind` "channel", "groupChat" or "personal"."""

    ref: ChannelRef
    kind: str
    service_url: str
    thread: str = ""
    group: str = ""

    @property
    def alone(self) -> bool:
        """Whether somebody is alone with Kith there."""
        return self.kind == "personal"


def tenant_of(activity: Json) -> str:
    """The tenant whose conversation it is; "" where the activity does not say."""
    return ident(activity, "conversation", "tenantId") or ident(activity, "channelData", "tenant", "id")


def whence(activity: Json) -> Whence | None:
    """Where it comes from; None if it does not say which tenant's conversation that is."""
    tenant = tenant_of(activity)
    named = ident(activity, "conversation", "id")
    conversation, _, thread = named.partition(_MESSAGE)
    if not (tenant and conversation):
        return None
    data = part(activity, "channelData")
    group = ident(data, "team", "id") or ident(data, "teamsTeamId")
    kind = word(activity, "conversation", "conversationType") or ("channel" if group else "")
    if kind not in ("channel", "groupChat", "personal"):
        kind = "groupChat" if part(activity, "conversation").get("isGroup") is True else "personal"
    return Whence(
        ref=ChannelRef(tenant, conversation),
        kind=kind,
        service_url=word(activity, "serviceUrl"),
        thread=thread,
        group=group if kind == "channel" else "",
    )


def conversation_id(channel: str, thread: str | None) -> str:
    """The conversation in which a channel's thread goes on."""
    return f"{channel}{_MESSAGE}{thread}" if thread else channel
