"""A tenant in this process that others may act in between any two requests, and who they are."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from entra_emulator import seed as seeds
from entra_emulator.clock import ManualClock
from entra_emulator.embedded import Embedded
from entra_emulator.faults import Faults
from entra_emulator.graph.batch import BatchPart
from entra_emulator.graph.call import Call, CollectionResponse, HttpCall
from entra_emulator.graph.reading import read_query
from entra_emulator.graph.routing import split
from tests.oracle.attack.lagging import LaggingLinks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from entra_emulator.callers import Caller
    from entra_emulator.tenant import Tenant

EXPRESSION = "claimsMatchingExpression"
ORIGIN = "https://graph.microsoft.com"
ATTACKER = "mallory@contoso.com"
# What azure-cli's token carries for anybody who signs in; without a directory role it reaches what is his
# own.
ANYBODY = (
    "Application.ReadWrite.All",
    "AppRoleAssignment.ReadWrite.All",
    "DelegatedPermissionGrant.ReadWrite.All",
    "Directory.AccessAsUser.All",
    "Group.ReadWrite.All",
    "User.Read",
)


class Watcher(Protocol):
    """Who is told of each request of ours, whole or part of a batch, before and after it is answered."""

    def before(self, call: Call) -> None:
        """Take note, or act, before a request is answered."""

    def after(self, call: Call, response: CollectionResponse) -> None:
        """Take note, or act, after it was answered and before its answer arrives."""


class Chances(Faults):
    """Faults that spare whoever is lucky: he meets the replicas that are up to date."""

    def __init__(self) -> None:
        super().__init__()
        self.lucky = False

    def lag_of(self, collection: str, *, listing: bool) -> float:
        """Give the seconds that reads of a collection are behind."""
        return 0.0 if self.lucky else super().lag_of(collection, listing=listing)

    def write_conflict(self) -> bool:
        """Say whether a write meets a concurrent one."""
        return not self.lucky and super().write_conflict()


class Scene:
    """Contoso on a clock of its own, with ids that a seed decides."""

    def __init__(self, seed: int) -> None:
        self.clock = ManualClock()
        self.faults = Chances()
        self.emulator = Embedded.create(seed=f"attack {seed}", clock=self.clock, faults=self.faults)
        self.owners = LaggingLinks(self.tables.owners, self.clock.now)
        self.tables.owners = self.owners
        self.attacker = self.emulator.user_caller(ATTACKER, ANYBODY)
        self.requests = 0
        self._watchers: list[Watcher] = []
        self._service = self.emulator.app.graph
        self._responded = self._service.run
        self._service.run = self._watched

    @property
    def tables(self) -> Tenant:
        """Give the tenant as its leading copy is."""
        return self.emulator.directory.tenants[seeds.CONTOSO]

    @contextmanager
    def watched_by(self, *watchers: Watcher) -> Iterator[None]:
        """Tell the watchers of each request while the block runs."""
        before, self._watchers = self._watchers, [*self._watchers, *watchers]
        try:
            yield
        finally:
            self._watchers = before

    def send(self, caller: Caller, method: str, path: str, body: Any = None) -> CollectionResponse:
        """Answer a request of somebody who stands beside: no watcher is told, no fault hits it, no replica
        of his lags.
        """
        target, _, query = path.partition("?")
        raw = [part for part in target.split("/") if part]
        # What a federated credential matches by is at the beta endpoint alone.
        version = "beta" if EXPRESSION in (body or {}) else "v1.0"
        http = HttpCall(method, [version, *raw], query, {}, b"", ORIGIN)
        part = BatchPart(method, split(raw), read_query(query), {}, body)
        self.faults.lucky = True
        try:
            return self._responded(self._service.call(http, caller, part))
        finally:
            self.faults.lucky = False

    def _lag_of_owners(self, call: Call) -> float:
        """Give the seconds that owners are behind: those of their list, or of the object that shows them
        beside it.
        """
        if call.method != "GET":
            return 0.0
        if call.segments[-1] == "owners":
            return self.faults.lag_of("owners", listing=True)
        expanded = "owners" in call.query.get("$expand", "")
        return self.faults.lag_of(str(call.segments[0]), listing=len(call.segments) == 1) if expanded else 0.0

    def _watched(self, call: Call) -> CollectionResponse:
        self.requests += 1
        # As around the request itself: who looks first at the answer looks last before it.
        for watcher in reversed(self._watchers):
            watcher.before(call)
        self.owners.lag = self._lag_of_owners(call)
        response = self._responded(call)
        self.owners.lag = 0.0
        for watcher in self._watchers:
            watcher.after(call, response)
        return response
