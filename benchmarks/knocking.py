"""Made-up Slack traffic, and a client that knocks: raw HTTP over kept connections, so that it costs next to nothing."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import cast

from benchmarks.doors import KITH, PATH, SECRET, WORKSPACE
from benchmarks.reading import MADE_UP
from bot.reading.cascade import CascadeReader

CHANNELS = [f"C{number:04}" for number in range(50)]
PEOPLE = [f"U{number:04}" for number in range(200)]
AT_WORK = (
    "Numbers for the week: 214 parcels out, 9 back, the van was off for two days. Thanks to Priya for the late shift.",
    "We had 31 people at the open day, twice as many as last year. Photos are in the shared folder, please add yours.",
    "From Monday the new form is the only one for expenses, the old one is switched off at noon. Ask me if it sticks.",
    "The customers on the north route want the delivery before eight, can we talk about the rota on Wednesday?",
    "Please everybody use the new tool for tickets from next week, the training is on Tuesday at ten in the big room.",
)
"""More talk made up here, of the kind that the reader's first stage sends on; about as long as what it sends on of real
chat (about 30 pieces of words on average)."""

READ_ON_SHARE = 0.024
"""How much of a research team's chat the first stage sends on (docs/performance.md); of two support rooms' it is a
twentieth of that."""

THREADED_SHARE = 0.3
"""How many messages are replies in a thread."""


class Traffic:
    """Messages of a workspace, each new, signed at the moment it is made; so many as `read_on` says go to the encoder,
    whichever reader is shipped."""

    def __init__(self, seed: int, *, read_on: float = READ_ON_SHARE) -> None:
        self._read_on = read_on
        self._short, self._long = sorted_by_the_reader()
        self._rng = random.Random(seed)  # noqa: S311, a benchmark's text needs no secrecy
        self._numbers = count(1)
        self._seed = seed

    def requests(self, number: int, *, people: Sequence[str] = ()) -> list[bytes]:
        """So many requests; from each of `people` in turn, or from anybody."""
        return [self._request(people[at % len(people)] if people else self._rng.choice(PEOPLE)) for at in range(number)]

    def _request(self, by: str) -> bytes:
        return signed(json.dumps(self._body(by)).encode())

    def _body(self, by: str) -> dict[str, object]:
        number = next(self._numbers)
        now = time.time()
        text = self._rng.choice(self._long if self._rng.random() < self._read_on else self._short)
        ts = f"{int(now)}.{number % 1_000_000:06}"
        thread = {"thread_ts": f"{int(now) - 60}.000001"} if self._rng.random() < THREADED_SHARE else {}
        written = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
        event = {
            "user": by,
            "type": "message",
            "ts": ts,
            "client_msg_id": f"{self._rng.getrandbits(128):032x}",
            "text": text,
            "team": WORKSPACE,
            "blocks": [{"type": "rich_text", "block_id": "b1", "elements": [written]}],
            "channel": self._rng.choice(CHANNELS),
            "event_ts": ts,
            "channel_type": "channel",
            **thread,
        }
        return {
            "token": "unused",
            "team_id": WORKSPACE,
            "context_team_id": WORKSPACE,
            "context_enterprise_id": None,
            "api_app_id": "A0BENCH",
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{self._seed}x{number}",
            "event_time": int(now),
            "authorizations": [{"enterprise_id": None, "team_id": WORKSPACE, "user_id": KITH, "is_bot": True}],
            "is_ext_shared_channel": False,
            "event_context": f"4-{self._rng.getrandbits(128):032x}",
        }


def sorted_by_the_reader() -> tuple[list[str], list[str]]:
    """What the shipped reader's first stage stops, and what it sends on to the encoder."""
    reader = CascadeReader()
    talk = [*MADE_UP, *AT_WORK]
    return [text for text in talk if not reader.passes(text)], [text for text in talk if reader.passes(text)]


def signed(body: bytes) -> bytes:
    """The whole HTTP request, signed as Slack signs, now."""
    return signed_as(SECRET, body, stamp=str(int(time.time())))


def signed_as(secret: str, body: bytes, *, stamp: str) -> bytes:
    """The same with another secret and another time."""
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    head = (
        f"POST {PATH} HTTP/1.1\r\nhost: kith\r\nuser-agent: Slackbot 1.0\r\naccept: */*\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n"
        f"x-slack-request-timestamp: {stamp}\r\nx-slack-signature: v0={digest}\r\n\r\n"
    )
    return head.encode() + body


class Line(asyncio.Protocol):
    """One kept connection: a request at a time, and the status of each answer."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[int] | None = None
        self._got = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # what TCP always gives

    def data_received(self, data: bytes) -> None:
        self._got += data
        head, parted, body = self._got.partition(b"\r\n\r\n")
        if not parted or self._answer is None:
            return
        length = 0
        for header in head.lower().split(b"\r\n")[1:]:
            if header.startswith(b"content-length:"):
                length = int(header[15:])
        if len(body) >= length:
            status, self._got = int(head[9:12]), b""
            answer, self._answer = self._answer, None
            answer.set_result(status)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionResetError("the door was shut"))

    def ask(self, request: bytes) -> asyncio.Future[int]:
        """Send it; the future is the answer's status. ConnectionResetError if the connection is gone."""
        answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        if self._transport is None or self._transport.is_closing():
            answer.set_exception(ConnectionResetError("the door is shut"))
            return answer
        self._answer = answer
        self._transport.write(request)
        return answer

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()


async def lines(ports: Sequence[int], number: int) -> list[Line]:
    """So many connections, shared out over the ports."""
    loop = asyncio.get_running_loop()
    return [(await loop.create_connection(Line, "127.0.0.1", ports[n % len(ports)]))[1] for n in range(number)]


@dataclass(frozen=True, kw_only=True)
class Knocked:
    """How a run went: seconds in all, and milliseconds from when each request was due to its 200, sorted."""

    seconds: float
    waits: Sequence[float]
    refused: int

    @property
    def per_second(self) -> float:
        return len(self.waits) / self.seconds

    def quantile(self, share: float) -> float:
        """Milliseconds within which so large a share was answered."""
        return self.waits[min(len(self.waits) - 1, int(len(self.waits) * share))]


async def as_fast_as_it_goes(connections: Sequence[Line], requests: Sequence[bytes]) -> Knocked:
    """Every connection sends its next request when the last one is answered."""
    waits: list[float] = []
    refused = 0
    waiting: Iterator[bytes] = iter(requests)

    async def knock(line: Line) -> None:
        nonlocal refused
        for request in waiting:
            begun = time.perf_counter()
            refused += await line.ask(request) != 200
            waits.append((time.perf_counter() - begun) * 1000)

    begun = time.perf_counter()
    await asyncio.gather(*(knock(line) for line in connections))
    return Knocked(seconds=time.perf_counter() - begun, waits=sorted(waits), refused=refused)


async def at_a_rate(connections: Sequence[Line], requests: Sequence[bytes], per_second: float) -> Knocked:
    """Requests fall due at even distances whether or not the ones before are answered; each waits for a free line, and
    its wait counts from when it was due."""
    free: asyncio.Queue[Line] = asyncio.Queue()
    for line in connections:
        free.put_nowait(line)
    waits: list[float] = []
    refused = 0
    begun = time.perf_counter()

    async def knock(line: Line, request: bytes, due: float) -> None:
        nonlocal refused
        refused += await line.ask(request) != 200
        waits.append((time.perf_counter() - due) * 1000)
        free.put_nowait(line)

    async with asyncio.TaskGroup() as tasks:
        for number, request in enumerate(requests):
            due = begun + number / per_second
            if (early := due - time.perf_counter()) > 0:
                await asyncio.sleep(early)
            tasks.create_task(knock(await free.get(), request, due))
    return Knocked(seconds=time.perf_counter() - begun, waits=sorted(waits), refused=refused)
