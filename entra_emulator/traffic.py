"""Answered requests in, as they were; the last of them, and each to whoever listens as it comes, out."""

import asyncio
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

from entra_emulator.callers import Caller

KEPT = 1_000
# Of all bodies together; the oldest requests make room.
MOST_BYTES = 32_000_000
_WAITING = 500


@dataclass
class SignInFacts:
    """What a request to sign in was about, and how it was refused: code 0 where it was not."""

    client_id: str = ""
    person_id: str = ""
    scope: str = ""
    code: int = 0
    text: str = ""
    # The ids that the refusal names.
    request_id: str = ""
    correlation_id: str = ""


@dataclass(frozen=True)
class Exchange:
    """One request and its answer. Bodies are as they were: whoever shows them masks what nobody may see."""

    at: str
    kind: Literal["Graph", "Sign-in"]
    method: str
    path: str
    query: str
    status: int
    milliseconds: float
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    response: bytes = field(default=b"", repr=False)
    response_type: str = ""
    location: str = field(default="", repr=False)
    # Who called Graph, once that was known.
    caller: Caller | None = None
    sign_in: SignInFacts = field(default_factory=SignInFacts)
    number: int = 0

    @property
    def size(self) -> int:
        """Return the bytes that it keeps."""
        return len(self.body) + len(self.response)


class Traffic:
    """The last requests of all clients, newest last."""

    def __init__(self) -> None:
        self._kept: deque[Exchange] = deque()
        self._listeners: set[asyncio.Queue[Exchange]] = set()
        self._bytes = 0
        self.total = 0

    def __iter__(self) -> Iterator[Exchange]:
        return iter(self._kept)

    def newest_first(self) -> list[Exchange]:
        """Return all that is kept."""
        return list(reversed(self._kept))

    def find(self, name: str) -> Exchange | None:
        """Return a request by its number, or by the request id of its refusal, as long as it is kept."""
        kept = reversed(self._kept)
        return next((one for one in kept if name and name in (str(one.number), one.sign_in.request_id)), None)

    def add(self, exchange: Exchange) -> None:
        """Keep a request, give it its number, and tell it to who listens; whoever is too slow misses it."""
        self.total += 1
        object.__setattr__(exchange, "number", self.total)
        self._kept.append(exchange)
        self._bytes += exchange.size
        while len(self._kept) > KEPT or (self._bytes > MOST_BYTES and len(self._kept) > 1):
            self._bytes -= self._kept.popleft().size
        for queue in self._listeners:
            if not queue.full():
                queue.put_nowait(exchange)

    def clear(self) -> None:
        """Forget all; numbers go on."""
        self._kept.clear()
        self._bytes = 0

    @contextmanager
    def listening(self) -> Iterator[asyncio.Queue[Exchange]]:
        """Give a queue of what comes from now on."""
        queue: asyncio.Queue[Exchange] = asyncio.Queue(_WAITING)
        self._listeners.add(queue)
        try:
            yield queue
        finally:
            self._listeners.discard(queue)
