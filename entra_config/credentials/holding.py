"""Graph in; one application as whoever changes its credentials meets it: read as no replica hides it, and
changed ten seconds apart.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from entra_config.credentials.life import SecretKey
from entra_config.errors import GraphError, RefusedError
from entra_config.graph import errors
from entra_config.graph.client import Graph
from entra_config.graph.meanings import Meaning
from entra_config.graph.request import Request, Response
from entra_config.graph.retry import READ_BACK, REPLICATION, Tries
from entra_config.hidden import Hidden
from entra_config.kinds.base import LOOKED_TAG

# Graph takes changes to one application one after another; closer ones answer 409, or are lost (graph facts,
# concurrency).
APART = timedelta(seconds=10)
# A mark of a rotation says when it was written: one that is this young may be of a run that is alive, which
# needs so long to see that it was taken over.
ROTATING = f"{LOOKED_TAG}rotating."
RECENT, SETTLED = timedelta(minutes=1), timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Time:
    """The clock, and how one waits."""

    now: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Made:
    """A credential that was just made: its id, and the value, which nobody will ever be told again."""

    key_id: str
    value: Hidden


class LostError(Exception):
    """Whether a credential was made is not known: no response came."""


class HeldCredentials:
    """One object whose credentials are changed; `collection` is which of them."""

    collection = ""

    def __init__(
        self, graph: Graph, object_id: str, app_id: str, time: Time, segment: str = "applications"
    ) -> None:
        self.app_id = app_id
        self._graph, self._path, self._time = graph, f"/{segment}/{object_id}", time
        self._changed: datetime | None = None
        # The last mark of this run, and all that others or it wrote before that.
        self._mark, self._known = "", frozenset[str]()

    async def keys(self) -> list[SecretKey]:
        """Return the credentials that it has, as any replica knows them."""
        return self._keys(await self._body())

    async def keys_since(self, mark: str) -> list[SecretKey]:
        """Return the credentials that it has, in an answer that is no older than this call."""
        return self._keys(await self._since(mark))

    async def undisturbed(self) -> None:
        """Refuse to go on where somebody else has marked the object since: what this run read may be no more.

        A later run takes over by its mark, without waiting for one that may be dead; it waits until what an
        earlier one was about to do is done. So of two at once the earlier stops, before its next change.
        """
        tries = Tries()
        while self._mark:
            there = _looked(await self._body())
            if self._mark in there:
                return
            seconds = None if there - self._known else tries.next(READ_BACK, 0.0)
            if seconds is None:
                raise RefusedError(
                    f"application {self.app_id}: somebody else changes its credentials, or applies, at the "
                    "same time: this run stopped; run the same again"
                )
            await self._time.sleep(seconds)

    async def _since(self, mark: str) -> Mapping[str, Any]:
        """Return the object in an answer that is no older than this call.

        A random tag is written on it, and read until it is there: an answer is of one replica, which has the
        writes to one object in their order, so it has whatever an earlier run wrote (docs/security.md, "What
        an answer is worth").
        """
        body = await self._body()
        others = _looked(body) - self._known
        now = self._time.now()
        self._mark = f"{ROTATING}{int(now.timestamp())}.{mark}"
        self._known |= {*others, self._mark}
        tags = [each for each in body.get("tags") or () if not str(each).startswith(LOOKED_TAG)]
        await self._write(Request("PATCH", self._path, {"tags": [*tags, self._mark]}))
        body = await self._seen()
        if any(_is_recent(each, now) for each in others):
            # Whoever wrote that may be alive, and in the midst of a change.
            await self._time.sleep(SETTLED.total_seconds())
            await self.undisturbed()
            body = await self._seen()
        return body

    async def _seen(self) -> Mapping[str, Any]:
        tries = Tries()
        while True:
            body = await self._body()
            if self._mark in _looked(body):
                return body
            seconds = None if _looked(body) - self._known else tries.next(READ_BACK, 0.0)
            if seconds is None:
                raise GraphError(
                    f"application {self.app_id}: a tag that was written cannot be read: nothing was "
                    "made or removed"
                )
            await self._time.sleep(seconds)

    async def _apart(self, known: list[SecretKey]) -> None:
        """Wait until the last change, this run's or an earlier one's, is long enough ago."""
        moments = [key.start for key in known] + ([self._changed] if self._changed else [])
        now = self._time.now()
        recent = [each for each in moments if now - APART < each <= now]
        if recent:
            await self._time.sleep((max(recent) + APART - now).total_seconds())

    async def _write(self, request: Request, *, lost: bool = False) -> Response:
        tries = Tries()
        while True:
            (response,) = await self._graph.send([request])
            if lost:
                self._changed = self._time.now()
            if response.ok:
                return response
            if lost and (response.status == 0 or response.status >= 500):
                raise LostError
            await self._wait(request, response, tries)

    async def _wait(self, request: Request, response: Response, tries: Tries) -> None:
        """Wait until a refused request may be sent again; raise GraphError where that would not help."""
        seconds = tries.next(REPLICATION, 0.0) if passes(request, response) else None
        if seconds is None:
            raise errors.refusal(request, response)
        await self._time.sleep(seconds)

    async def _body(self) -> Mapping[str, Any]:
        request = Request("GET", f"{self._path}?$select=id,appId,tags,{self.collection}")
        (response,) = await self._graph.send([request])
        if not response.ok or not isinstance(response.body, dict):
            raise errors.refusal(request, response)
        return response.body

    def _keys(self, body: Mapping[str, Any]) -> list[SecretKey]:
        return [SecretKey.read(entry) for entry in body.get(self.collection) or ()]


def _looked(body: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(str(each) for each in body.get("tags") or () if str(each).startswith(LOOKED_TAG))


def _is_recent(mark: str, now: datetime) -> bool:
    written = mark.removeprefix(ROTATING).partition(".")[0]
    if not mark.startswith(ROTATING) or not written.isdecimal():
        return False
    return abs(now.timestamp() - int(written)) < RECENT.total_seconds()


def passes(request: Request, response: Response) -> bool:
    """Tell whether a refusal passes by itself: an answer that was lost, a replica that is behind, somebody
    else's write.
    """
    rule = errors.classify(request, response)
    return rule is not None and rule.meaning in {Meaning.SERVER, Meaning.ARRIVING}
