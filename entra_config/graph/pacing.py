"""Requests in, waits out: Graph's published quotas are kept on this side, so that they are not hit."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field

from entra_config.graph.request import Request

Waiting = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Quota:
    """So much in so many seconds, and what a request costs of it."""

    name: str
    limit: int
    window: float
    cost: Callable[[Request], int] = field(repr=False)


# Base costs, as rows of the table "Identity and access service limits" of Microsoft's page
# "throttling-limits" (2025-01-14), as far as this program sends such requests. All else costs 1. A row of
# `me` is valid for `users/{id}`. x-ms-resource-unit shows the same in recorded answers (azure-cli, 2020-08 to
# 2025-06).
_UNITS = {
    "applications": 2,
    "directoryObjects/getByIds": 3,
    "groups/{id}/members": 3,
    "groups/{id}/transitiveMembers": 5,
    "oauth2PermissionGrants": 2,
    "oauth2PermissionGrants/{id}": 2,
    "servicePrincipals/{id}/appRoleAssignments": 2,
    "subscribedSkus": 3,
    "users": 2,
    "users/{id}/transitiveMemberOf": 2,
}


def resource_units(request: Request) -> int:
    """Return what a request costs of the quota of resource units."""
    path, _, query = str(request.path).partition("?")
    units = 1 if writes(request) else _UNITS.get(_pattern(path), 1)
    return max(units + ("$expand" in query) - ("$select" in query), 1)


def _pattern(path: str) -> str:
    """Return a path as the table of costs has it: `{id}` in place of an object's id."""
    collection, _, rest = path.removeprefix("/").partition("/")
    id_, slash, below = rest.partition("/")
    name = id_ if id_ == "getByIds" else "{id}"
    return f"{collection}/{name}{slash}{below}" if id_ else collection


def writes(request: Request) -> int:
    """Count writes: all but GET and getByIds, which the table lists as a read."""
    path = str(request.path).partition("?")[0]
    return int(request.method != "GET" and not path.endswith("/getByIds"))


def audit_reads(request: Request) -> int:
    """Count reads of the audit log."""
    return int(str(request.path).startswith("/auditLogs"))


def key_reads(request: Request) -> int:
    """Count reads that ask for the bytes of certificates."""
    return int(request.method == "GET" and "keyCredentials" in str(request.path))


# Resource units for an application in 10 seconds, by the tenant's users (throttling-limits, 2025-01-14).
_SMALL, _MEDIUM, _LARGE = 3500, 5000, 8000
READS = "reads"
# Until a tenant's size is known it counts as small.
QUOTAS = (
    Quota(READS, _SMALL, 10.0, resource_units),
    Quota("writes", 3000, 150.0, writes),
    Quota("audit log reads", 5, 10.0, audit_reads),
    Quota("reads of certificates", 150, 60.0, key_reads),
)


def read_limit(users: int) -> int:
    """Return the resource units that a tenant with so many users allows in 10 seconds."""
    if users < 50:
        return _SMALL
    return _MEDIUM if users <= 500 else _LARGE


class Pacing:
    """Lets requests pass as fast as the quotas allow, in the order in which they came.

    A request counts from when it is sent until a window after it was answered: Graph saw it somewhere between
    the two, so that whatever window it counts in, fixed or sliding, is never overrun.
    """

    def __init__(
        self,
        quotas: Sequence[Quota] = QUOTAS,
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        waiting: Waiting,
    ) -> None:
        self._ledgers = [_Ledger(quota) for quota in quotas]
        self._clock, self._sleep, self._waiting = clock, sleep, waiting

    async def admit(self, requests: Sequence[Request]) -> Callable[[], None]:
        """Wait until all of `requests` fit into every quota; call what is returned when they were
        answered.
        """
        costs = self._costs(requests)
        while True:
            seconds, name = self._longest_wait(costs)
            if seconds <= 0:
                break
            self._waiting(f"the quota of {name}", seconds)
            await self._sleep(seconds)
        held = [ledger.hold(cost) for ledger, cost in zip(self._ledgers, costs, strict=True) if cost]

        def settle() -> None:
            for release in held:
                release(self._clock())

        return settle

    def must_wait_for_reads(self, requests: Sequence[Request]) -> bool:
        """Return True if the quota of reads is what these requests wait for."""
        seconds, name = self._longest_wait(self._costs(requests))
        return seconds > 0 and name == READS

    def set_read_limit(self, limit: int) -> None:
        """Allow so many resource units in 10 seconds from now on."""
        for ledger in self._reads():
            ledger.limit = limit

    def observe(self, used: float) -> None:
        """Count what others spent: Graph reports which part of the quota of reads is used, in all."""
        for ledger in self._reads():
            ledger.raise_to(math.ceil(used * ledger.limit), self._clock())

    def _reads(self) -> Iterator[_Ledger]:
        return (ledger for ledger in self._ledgers if ledger.quota.name == READS)

    def _costs(self, requests: Sequence[Request]) -> list[int]:
        return [sum(map(ledger.quota.cost, requests)) for ledger in self._ledgers]

    def _longest_wait(self, costs: Sequence[int]) -> tuple[float, str]:
        now = self._clock()
        waits = (
            (ledger.wait(cost, now), ledger.quota.name)
            for ledger, cost in zip(self._ledgers, costs, strict=True)
            if cost
        )
        return max(waits, default=(0.0, ""))


class _Ledger:
    """What was spent of one quota and when it comes back."""

    def __init__(self, quota: Quota) -> None:
        self.quota, self.limit = quota, quota.limit
        self._spent: deque[tuple[float, int]] = deque()
        self._settled = 0
        self._in_flight = 0

    def wait(self, cost: int, now: float) -> float:
        """Return the seconds until `cost` fits; 0 when it does."""
        while self._spent and self._spent[0][0] + self.quota.window <= now:
            self._settled -= self._spent.popleft()[1]
        # One call may cost more than a whole quota (20 reads of the audit log): it goes when nothing else is
        # counted.
        excess = min(self._settled + self._in_flight + cost - self.limit, self._settled + self._in_flight)
        if excess <= 0:
            return 0.0
        for when, spent in self._spent:
            excess -= spent
            if excess <= 0:
                return max(when + self.quota.window - now, 0.001)
        return self.quota.window / 100

    def raise_to(self, spent: int, now: float) -> None:
        """Count at least so much as spent within the window that ends now."""
        unknown = spent - self._settled - self._in_flight
        if unknown > 0:
            self._settled += unknown
            self._spent.append((now, unknown))

    def hold(self, cost: int) -> Callable[[float], None]:
        """Count `cost` as in flight until the returned function is called with the time of its answer."""
        self._in_flight += cost

        def release(now: float) -> None:
            self._in_flight -= cost
            self._settled += cost
            self._spent.append((now, cost))

        return release
