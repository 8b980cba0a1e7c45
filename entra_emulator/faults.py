"""Faults on demand: a seeded plan of latency, throttling, errors, cuts and replication lag."""

import random
import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from entra_emulator.fault_plan import FaultPlan, FaultRule

READ_WINDOW = 10.0
WRITE_WINDOW = 150.0


class ConnectionCutError(Exception):
    """The connection ends without an answer."""


@dataclass(frozen=True)
class FaultResponse:
    """An answer that a fault gives in place of Graph."""

    status: int
    code: str
    message: str
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Fate:
    """What happens to one whole call."""

    refusal: FaultResponse | None = None
    cut_before: bool = False
    cut_after: bool = False
    delay: float = 0.0


Phase = Literal["before", "after"]
OnCall = Callable[[int, Phase, str, str], None]


class Faults:
    """Decides the fate of each request; the same seed and requests give the same fates."""

    def __init__(self, plan: FaultPlan | None = None) -> None:
        self.plan = plan or FaultPlan()
        self.calls = 0
        # A hook of tests: called with (number of the call, phase, method, path); may raise to end the caller.
        self.on_call: OnCall | None = None
        self._chance = random.Random(self.plan.seed)  # noqa: S311  # repeatable, no secret
        self._spent: dict[str, deque[tuple[datetime, int]]] = {}
        self._totals: dict[str, int] = {}

    def set(self, plan: FaultPlan) -> None:
        """Replace the plan and start its random sequence anew."""
        self.plan = plan
        self._chance = random.Random(plan.seed)  # noqa: S311  # repeatable, no secret
        self._spent.clear()
        self._totals.clear()

    def describe(self) -> dict[str, Any]:
        """Give the plan as plain data."""
        return asdict(self.plan)

    def call(self, method: str, path: str) -> Fate:
        """Decide what happens to a whole call."""
        self.calls += 1
        plan = self.plan
        delay = plan.latency_ms / 1000
        for rule in plan.rules:
            if rule.matches("call", method, path):
                delay += rule.seconds
                return self._by_rule(rule, delay)
        if self._hit(plan.throttle_rate):
            return Fate(refusal=throttled("app", plan.retry_after), delay=delay)
        if self._hit(plan.error_rate):
            return Fate(refusal=_failed(plan.error_status), delay=delay)
        if self._hit(plan.cut_before_rate):
            return Fate(cut_before=True, delay=delay)
        return Fate(cut_after=self._hit(plan.cut_after_rate), delay=delay)

    def part(self, method: str, path: str) -> FaultResponse | None:
        """Decide what happens to one part of a batch."""
        plan = self.plan
        for rule in plan.rules:
            if rule.action == "respond" and rule.matches("part", method, path):
                return _of_rule(rule)
        if self._hit(plan.throttle_part_rate):
            return throttled("app", plan.retry_after)
        if self._hit(plan.error_part_rate):
            return _failed(plan.error_status)
        return None

    def write_conflict(self) -> bool:
        """Say whether a write meets a concurrent one."""
        return self._hit(self.plan.conflict_rate)

    def charge(
        self, app: str, units: int, *, write: bool, now: datetime, audit: bool = False
    ) -> FaultResponse | None:
        """Count a request against the quotas of its application."""
        plan = self.plan
        if audit and plan.audit_quota is not None:
            wait = self._spend(f"audit:{app}", 1, plan.audit_quota, READ_WINDOW, now)
            return None if wait is None else throttled(app, wait)
        if plan.read_quota is not None:
            wait = self._spend(f"units:{app}", units, plan.read_quota, READ_WINDOW, now)
            if wait is not None:
                return throttled(app, wait, "ResourceUnitLimitExceeded")
        if write and plan.write_quota is not None:
            wait = self._spend(f"writes:{app}", 1, plan.write_quota, WRITE_WINDOW, now)
            if wait is not None:
                return throttled(app, wait, "WriteLimitExceeded")
        return None

    def used(self, app: str) -> float:
        """Return which part of its quota of reads an application used in 10 seconds; 0 without a quota."""
        quota = self.plan.read_quota
        return self._totals.get(f"units:{app}", 0) / quota if quota else 0.0

    def audit_delay_of(self, record_id: str) -> float:
        """Give the seconds until a record can be read: the same whenever it is asked."""
        plan = self.plan
        drawn = zlib.crc32(record_id.encode()) / 0xFFFFFFFF if plan.audit_spread else 0.0
        return plan.audit_delay + plan.audit_spread * drawn

    def audit_apart(self) -> float:
        """Give the seconds that a record's own time lies behind its call."""
        return self._chance.random() * self.plan.audit_apart if self.plan.audit_apart else 0.0

    def audit_stub(self) -> bool:
        """Say whether a record of an update says no value."""
        return self._hit(self.plan.audit_stub_rate)

    def audit_stub_names(self) -> bool:
        """Say whether a record without values names what was updated."""
        return self._hit(0.5)

    def audit_repeat(self) -> bool:
        """Say whether a record is written a second time."""
        return self._hit(self.plan.audit_repeat_rate)

    def lag_of(self, collection: str, *, listing: bool) -> float:
        """Give the seconds that reads of a collection are behind."""
        plan = self.plan
        lag = plan.lag.get(collection, plan.lag.get("*", 0.0))
        if listing:
            lag = max(lag, plan.list_lag.get(collection, plan.list_lag.get("*", 0.0)))
        return lag

    def lags(self) -> bool:
        """Say whether any read is behind."""
        return bool(self.plan.lag or self.plan.list_lag)

    def _hit(self, rate: float) -> bool:
        return rate > 0 and self._chance.random() < rate

    def _spend(self, key: str, cost: int, limit: int, window: float, now: datetime) -> int | None:
        spent = self._spent.setdefault(key, deque())
        start = now - timedelta(seconds=window)
        total = self._totals.get(key, 0)
        while spent and spent[0][0] <= start:
            total -= spent.popleft()[1]
        self._totals[key] = total
        if total + cost > limit:
            oldest = spent[0][0] if spent else now
            return max(1, int((oldest - start).total_seconds()) + 1)
        spent.append((now, cost))
        self._totals[key] = total + cost
        return None

    def _by_rule(self, rule: FaultRule, delay: float) -> Fate:
        if rule.action == "respond":
            return Fate(refusal=_of_rule(rule), delay=delay)
        return Fate(cut_before=rule.action == "cut_before", cut_after=rule.action == "cut_after", delay=delay)


def throttled(app: str, retry_after: int, reason: str = "ResourceUnitLimitExceeded") -> FaultResponse:
    """Make the answer of a throttled request (AADAppAudit#9)."""
    headers = (
        ("Retry-After", str(retry_after)),
        ("x-ms-throttle-scope", "Tenant_Application/ReadWrite"),
        ("x-ms-throttle-information", reason),
    )
    text = (
        f"Too many requests from Identifier:{app} under category:aadgraph.app.tenant_large. Please try "
        "again later."
    )
    return FaultResponse(429, "TooManyRequests", text, headers)


def _failed(status: int) -> FaultResponse:
    codes = {500: "InternalServerError", 502: "BadGateway", 503: "ServiceUnavailable", 504: "GatewayTimeout"}
    return FaultResponse(
        status,
        codes.get(status, "UnknownError"),
        "The request could not be processed. Please try again later.",
    )


def _of_rule(rule: FaultRule) -> FaultResponse:
    headers = () if rule.retry_after is None else (("Retry-After", str(rule.retry_after)),)
    return FaultResponse(rule.status, rule.code, rule.message, headers)
