"""One outbox, several workspaces."""

from __future__ import annotations

import pytest

from adapters.switchboard import Switchboard
from adapters.transcript import Transcript
from bot.domain.events import ChannelRef
from bot.domain.speech import Place, text
from bot.errors import PlatformError, PlatformGoneError


async def test_a_message_goes_to_the_chat_of_its_workspace() -> None:
    one, other = Transcript(), Transcript()
    board = Switchboard({"W1": one, "W2": other})
    await board.post(Place(channel=ChannelRef("W2", "C1")), text("hello"))
    assert (len(one.said), len(other.said)) == (0, 1)


async def test_a_workspace_that_is_not_connected_is_tried_later() -> None:
    with pytest.raises(PlatformError) as caught:
        await Switchboard({}).post(Place(channel=ChannelRef("W3", "C1")), text("hello"))
    assert not isinstance(caught.value, PlatformGoneError)
