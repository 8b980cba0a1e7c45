"""A tenant in this process in; what each command costs there, apart from the emulator, out."""

from __future__ import annotations

import gc
import time
import tracemalloc
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import httpx

from entra_config.graph.client import Graph, ResponseReceived
from entra_config.graph.connect import connect
from entra_config.graph.token import FixedToken, Identity
from entra_emulator.api import Embedded, FaultPlan, Faults, ManualClock

Done = TypeVar("Done")
# Graph's own for a small tenant: resource units in 10 seconds, writes in 150.
READ_QUOTA, WRITE_QUOTA = 3500, 3000


@dataclass(frozen=True)
class Figures:
    """What one command took at one size: our CPU apart from the emulator's, which runs in the same
    process.
    """

    applications: int
    command: str
    requests: int
    seconds: float
    emulator_seconds: float
    waited: float
    throttled: int
    mebibytes: float


class Ear:
    """Counts refusals for too much, and the seconds that were waited."""

    def __init__(self) -> None:
        self.throttled, self.waited = 0, 0.0

    def responded(self, event: ResponseReceived) -> None:
        """Count a 429."""
        self.throttled += event.response.status == 429

    def noted(self, text: str) -> None:
        """Take no note of how something is read."""

    def waiting(self, reason: str, seconds: float) -> None:  # noqa: ARG002  # a listener's
        """Count a wait."""
        self.waited += seconds


class Apart(httpx.AsyncBaseTransport):
    """Hands requests to the emulator in this process and keeps the CPU that it uses: it answers without
    giving way.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, forget: Callable[[], None]) -> None:
        self.inner, self.forget, self.seconds = inner, forget, 0.0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        start = time.process_time()
        try:
            return await self.inner.handle_async_request(request)
        finally:
            # What the emulator keeps to show is no memory of ours.
            self.forget()
            self.seconds += time.process_time() - start


class Bench:
    """A tenant in this process under Graph's quotas, in simulated time, and a Graph that is signed in to
    it.
    """

    def __init__(self, size: int) -> None:
        self.size, self.rows, self.clock = size, list[Figures](), ManualClock()
        self.emulator = Embedded.create(
            clock=self.clock, faults=Faults(FaultPlan(read_quota=READ_QUOTA, write_quota=WRITE_QUOTA))
        )
        self.transport = Apart(self.emulator.transport(), self.emulator.app.traffic.clear)

    async def connect(self) -> Graph:
        """Sign in."""
        caller = self.emulator.app_caller()
        token = FixedToken(self.emulator.token(caller), Identity(caller.tid, caller.oid, caller.appid))

        def seconds() -> float:
            return self.clock.now().timestamp()

        return await connect(
            "emulator",
            credential=token,
            transport=self.transport,
            clock=seconds,
            now=seconds,
            sleep=self.clock.sleep,
        )

    async def timed(
        self, command: str, graph: Graph, work: Callable[[], Awaitable[Done]], *, memory: bool = False
    ) -> Done:
        """Add a row for a command; with `memory` it runs once more, since tracing would slow what is
        timed.
        """
        gc.collect()
        ear, before, theirs, start = Ear(), graph.usage, self.transport.seconds, time.process_time()
        with graph.observed_by(ear):
            done = await work()
        whole, theirs = time.process_time() - start, self.transport.seconds - theirs
        requests = graph.usage.since(before).requests
        # Quotas are full again when the next begins.
        self.clock.advance(600)
        mebibytes = await _peak(work()) if memory else 0.0
        self.clock.advance(600)
        waited = round(ear.waited, 1)
        row = Figures(
            self.size,
            command,
            requests,
            round(whole - theirs, 2),
            round(theirs, 2),
            waited,
            ear.throttled,
            mebibytes,
        )
        self.rows.append(row)
        return done


async def _peak(work: Awaitable[object]) -> float:
    """Return the most memory that Python held for the work at one time."""
    tracemalloc.start()
    await work
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return round(peak / 2**20, 1)
