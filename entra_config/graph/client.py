"""Requests as data in, Graph's answers out: batched, paced, waited for, counted. The only way to Graph."""

from __future__ import annotations

import asyncio
import contextlib
import math
import random
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Protocol, Self

from entra_config.errors import GraphError
from entra_config.graph import batch, errors
from entra_config.graph.meanings import Meaning, ResponseRule
from entra_config.graph.pacing import QUOTAS, Pacing, Quota, read_limit
from entra_config.graph.paging import Pages
from entra_config.graph.request import Request, Response, Usage
from entra_config.graph.retry import NONSENSE, SERVER, Backoff, is_nonsense, retry_after
from entra_config.graph.token import Identity

if TYPE_CHECKING:
    from msgraph import GraphServiceClient

CALLS_IN_FLIGHT = 12


class Door(Protocol):
    """What makes one HTTP call, with sign-in: `HttpDoor` in a real run, a small class in a test."""

    base_url: str

    @property
    def identity(self) -> Identity:
        """Return whom the token is about."""
        ...

    async def call(self, request: Request) -> Response:
        """Send one request and return its answer; status 0 when none came."""
        ...

    async def renew(self) -> None:
        """Throw the token away, so that the next call is made with a new one."""
        ...

    async def close(self) -> None:
        """End what is open."""
        ...


@dataclass(frozen=True, slots=True)
class ResponseReceived:
    """One try of one request, for the journal: what was sent, what came, how long its call took."""

    request: Request
    response: Response
    seconds: float


class Listener(Protocol):
    """Who wants to know what goes on between this program and Graph."""

    def responded(self, event: ResponseReceived) -> None:
        """Take note of one try of one request."""
        ...

    def waiting(self, reason: str, seconds: float) -> None:
        """Take note of a wait that begins."""
        ...

    def noted(self, text: str) -> None:
        """Take note of how something is read."""
        ...


class Graph:
    """Microsoft Graph behind a door. Whatever is in flight at one time counts as one call of depth."""

    def __init__(
        self,
        door: Door,
        *,
        quotas: Sequence[Quota] = QUOTAS,
        backoff: Backoff = SERVER,
        in_flight: int = CALLS_IN_FLIGHT,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._door, self._backoff = door, backoff
        self._clock, self._sleep, self._jitter, self._now = clock, sleep, jitter, now
        self._pacing = Pacing(quotas, clock=clock, sleep=sleep, waiting=self._waits)
        self._has_own_quotas = quotas is not QUOTAS
        self._measuring: asyncio.Task[None] | None = None
        self._slots = asyncio.Semaphore(in_flight)
        self._listeners: list[Listener] = []
        self._requests = self._calls = self._depth = 0
        self._given = self._received = 0
        self._ahead: float | None = None

    @property
    def base_url(self) -> str:
        """Return the address of Graph in this cloud: what paths are put after, and links begin with."""
        return self._door.base_url

    @property
    def tenant_id(self) -> str:
        """Return the tenant that the token is for."""
        return self._door.identity.tenant_id

    @property
    def identity(self) -> Identity:
        """Return who is signed in, as the token says."""
        return self._door.identity

    @property
    def usage(self) -> Usage:
        """Return what was spent so far."""
        return Usage(self._requests, self._calls, self._depth)

    @property
    def load(self) -> tuple[int, int]:
        """Return how many of the requests that were given to `send` are answered, and how many were given."""
        return self._received, self._given

    @property
    def ahead(self) -> float | None:
        """Return the seconds that Graph's clock was ahead of this machine's at the first response."""
        return self._ahead

    async def send(self, requests: Sequence[Request], *, tries: int | None = None) -> list[Response]:
        """Send all requests side by side and return their answers in the same order.

        One goes alone, several in batches. What Graph asks to repeat is repeated; what it refuses for good is
        returned. A POST without an answer is returned with its status (0 or 5xx) and never repeated. With
        `tries`, a request is sent at most so often while Graph is in trouble.
        """
        # What goes to one endpoint goes together, wherever it stands among the others.
        order = sorted(range(len(requests)), key=lambda number: requests[number].beta)
        self._given += len(requests)
        groups = await asyncio.gather(
            *(self._together(group, tries) for group in batch.split([requests[number] for number in order]))
        )
        responses = dict(zip(order, (response for group in groups for response in group), strict=True))
        return [responses[number] for number in range(len(requests))]

    async def lists(self, requests: Sequence[Request]) -> list[list[dict[str, Any]]]:
        """Return all items of all lists: the first pages together, then the second ones, and so on."""
        found: list[list[dict[str, Any]]] = [[] for _ in requests]
        bounds = [Pages() for _ in requests]
        pages = list(enumerate(requests))
        while pages:
            responses = await self.send([request for _, request in pages])
            following = []
            for (number, request), reply in zip(pages, responses, strict=True):
                items, rest = self.page(request, reply)
                found[number].extend(items)
                if rest := bounds[number].follow(request, items, rest):
                    following.append((number, rest))
            pages = following
        return found

    def page(self, request: Request, reply: Response) -> tuple[list[dict[str, Any]], Request | None]:
        """Return the items of one page of a list, and the request of the next page if there is one."""
        items, link = _page(request, reply)
        # Graph wants ConsistencyLevel again on each page (paging).
        following = (
            Request("GET", self._path(request, link), headers=request.headers, beta=request.beta)
            if link
            else None
        )
        return items, following

    def service_client(self) -> GraphServiceClient:
        """Return Microsoft's typed client on this very connection; UsageError where the extra `sdk` is not
        installed.
        """
        from entra_config.graph import sdk

        return sdk.service_client(self)

    def note(self, text: str) -> None:
        """Tell listeners how something is read."""
        for listener in self._listeners:
            listener.noted(text)

    @contextmanager
    def observed_by(self, listener: Listener) -> Iterator[None]:
        """Tell `listener` about every try and every wait while the block runs."""
        self._listeners.append(listener)
        try:
            yield
        finally:
            self._listeners.remove(listener)

    async def close(self) -> None:
        """End the connections."""
        await self._door.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _together(self, requests: Sequence[Request], tries: int | None = None) -> list[Response]:
        responses: dict[int, Response] = {}
        left = dict(enumerate(requests))
        attempt, waited = 0, 0.0
        while left:
            attempt += 1
            came, seconds = await self._call(tuple(left.values()))
            responses.update(zip(left, came, strict=True))
            # An answer that drips and never ends is waited for as well.
            waited += seconds if any(reply.status == 0 for reply in came) else 0.0
            again = {
                number: rule
                for number, request in left.items()
                if (rule := _again(request, responses[number], attempt))
                and not (rule.meaning is Meaning.SERVER and tries is not None and attempt >= tries)
            }
            left = {number: left[number] for number in again}
            reported = max((self._reported(responses[number]) for number in left), default=0.0)
            backoff = self._backoff
            if any(is_nonsense(responses[number]) for number in left):
                backoff = replace(backoff, patience=min(backoff.patience, NONSENSE))
            if not left or backoff.exhausted(waited, max(reported, 0.0)):
                break
            # A new token is there at once; all else passes with time.
            refused = [
                (rule, responses[number])
                for number, rule in again.items()
                if rule.meaning is not Meaning.TOKEN
            ]
            if len(refused) < len(again):
                await self._door.renew()
            if refused:
                waited += await self._wait(refused, attempt)
        self._received += len(requests)
        return [self._dated(responses[number]) for number in range(len(requests))]

    def _dated(self, reply: Response) -> Response:
        """Return an answer whose wait is in seconds, whatever clock it was told by: who gives up says how
        long.
        """
        reported = self._reported(reply)
        return (
            replace(reply, headers={**reply.headers, "retry-after": str(math.ceil(reported))})
            if reported > 0
            else reply
        )

    def _reported(self, reply: Response) -> float:
        """Return how long an answer asks to wait; less than nothing where it does not say."""
        seconds = retry_after(reply.headers, self._now)
        return -1.0 if seconds is None else seconds

    async def _wait(self, refused: Sequence[tuple[ResponseRule, Response]], attempt: int) -> float:
        """Wait as long as Graph says, else longer each time."""
        reported = [seconds for _, reply in refused if (seconds := self._reported(reply)) >= 0]
        backoff = self._backoff.seconds(attempt, self._jitter())
        # A little more than told, so that many runs that were told the same do not come back as one.
        seconds = max(reported) + min(self._jitter(), max(reported) / 10) if reported else backoff
        # Retry-After: 0 is no invitation to a storm.
        seconds = max(seconds, self._backoff.first / 10 * attempt)
        rule, reply = refused[0]
        self._waits(reply.message or rule.name, seconds)
        await self._sleep(seconds)
        return seconds

    async def _call(self, requests: tuple[Request, ...]) -> tuple[list[Response], float]:
        level = self._depth + 1
        # Calls that begin together are at one level, however fast the first is answered.
        await asyncio.sleep(0)
        parts = [part for request in requests for part in batch.parts(request)]
        await self._measure_before_waiting(parts)
        responded = await self._pacing.admit(parts)
        async with self._slots:
            self._requests += len(parts)
            self._calls += 1
            start = self._clock()
            try:
                reply = await self._door.call(batch.pack(requests))
            finally:
                responded()
            seconds = self._clock() - start
            self._depth = max(self._depth, level)
        if self._ahead is None and (date := reply.headers.get("date")):
            with contextlib.suppress(ValueError):
                self._ahead = parsedate_to_datetime(date).timestamp() - self._now()
        responses = batch.unpack(reply, len(requests))
        self._observe_use(responses)
        for listener in self._listeners:
            for request, response in zip(requests, responses, strict=True):
                listener.responded(ResponseReceived(request, response, seconds))
        return responses, seconds

    async def _measure_before_waiting(self, parts: Sequence[Request]) -> None:
        """Ask for the tenant's size, once, before requests wait for the smallest tenant's quota of reads."""
        if self._has_own_quotas:
            return
        if self._measuring is None and self._pacing.must_wait_for_reads(parts):
            self._measuring = asyncio.create_task(self._measure())
        if self._measuring is not None:
            await self._measuring

    async def _measure(self) -> None:
        self._requests += 1
        self._calls += 1
        try:
            reply = await self._door.call(
                Request("GET", "/users/$count", headers={"ConsistencyLevel": "eventual"})
            )
        except GraphError:
            return
        number = reply.body.decode(errors="replace") if isinstance(reply.body, bytes) else str(reply.body)
        # Who may not count users is paced as in the smallest tenant.
        if reply.ok and number.strip().isdecimal():
            self._pacing.set_read_limit(read_limit(int(number)))

    def _observe_use(self, responses: Sequence[Response]) -> None:
        """Take note of the used part of the quota, which Graph reports above 0.8 (throttling-limits)."""
        for response in responses:
            try:
                used = float(response.headers.get("x-ms-throttle-limit-percentage", "0"))
            except ValueError:
                continue
            if 0.8 <= used <= 1.8:
                self._pacing.observe(used)

    def _waits(self, reason: str, seconds: float) -> None:
        for listener in self._listeners:
            listener.waiting(reason, seconds)

    def _path(self, request: Request, link: str) -> str:
        # The token goes to Graph and nowhere else, whatever a link says.
        own = request.at(self._door.base_url)
        if not link.startswith(f"{own}/"):
            path = str(request.path).partition("?")[0]
            raise GraphError(
                f"Graph named a next page that is not its own: {link[:200]!r} ({request.method} {path})"
            )
        return link.removeprefix(own)


def _again(request: Request, response: Response, attempt: int) -> ResponseRule | None:
    """Return why a request is to be repeated here; None when its answer stands."""
    rule = errors.classify(request, response)
    if rule is None or not errors.may_repeat(request, rule):
        return None
    # A new token that is refused as well will not get better.
    return None if rule.meaning is Meaning.TOKEN and attempt > 1 else rule


def _page(request: Request, reply: Response) -> tuple[list[dict[str, Any]], str]:
    if not reply.ok:
        raise errors.refusal(request, reply)
    body = reply.body
    items = body.get("value") if isinstance(body, dict) else None
    link = body.get("@odata.nextLink") if isinstance(body, dict) else None
    if (
        not isinstance(items, list)
        or not all(isinstance(item, dict) for item in items)
        or not isinstance(link, str | None)
    ):
        raise GraphError(
            f"Graph's response to {request.method} {request.path} is not a list",
            status=reply.status,
            request_id=reply.request_id,
        )
    return items, link or ""
