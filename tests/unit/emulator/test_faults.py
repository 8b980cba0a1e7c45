"""Faults repeat, quotas hold, the embedded emulator fails as a server does."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from entra_config.emulator.clock import ManualClock
from entra_config.emulator.embedded import Embedded
from entra_config.emulator.fault_plan import FaultPlan, FaultRule
from entra_config.emulator.faults import Faults

START = datetime(2026, 1, 1, tzinfo=UTC)


def test_same_seed_same_faults() -> None:
    """One plan gives one sequence of fates."""
    plan = FaultPlan(seed=7, throttle_rate=0.3, error_rate=0.2, cut_after_rate=0.2)
    first, second = Faults(plan), Faults(plan)
    fates = [first.call("GET", "/x") for _ in range(50)]
    assert fates == [second.call("GET", "/x") for _ in range(50)]
    assert len({(fate.refusal is None, fate.cut_after) for fate in fates}) == 3


def test_rules_count() -> None:
    """A rule lets some requests pass, hits as often as it says, and looks at method and path."""
    faults = Faults(
        FaultPlan(rules=[FaultRule("respond", method="POST", path="/applications$", skip=1, times=2)])
    )
    calls = [("POST", "/applications")] * 4 + [("GET", "/applications"), ("POST", "/groups")]
    assert [faults.call(*call).refusal is not None for call in calls] == [
        False,
        True,
        True,
        False,
        False,
        False,
    ]


def test_quota_says_how_long_to_wait() -> None:
    """A quota frees what has left its window, and its wait is enough."""
    faults = Faults(FaultPlan(read_quota=3))
    assert all(faults.charge("app", 1, write=False, now=START) is None for _ in range(3))
    assert faults.charge("other", 1, write=False, now=START) is None
    refusal = faults.charge("app", 1, write=False, now=START + timedelta(seconds=4))
    assert refusal is not None
    wait = int(dict(refusal.headers)["Retry-After"])
    assert wait == 7
    assert faults.charge("app", 1, write=False, now=START + timedelta(seconds=4 + wait)) is None


def test_unknown_faults_are_named() -> None:
    """A misspelt fault is refused with what is known."""
    with pytest.raises(ValueError, match="no such fault: lattency"):
        FaultPlan.from_data({"lattency": 1})


def test_hook_sees_each_call_before_and_after() -> None:
    """A test can end the caller at any call, before or after it took effect."""
    seen: list[tuple[int, str, str]] = []

    class Stop(BaseException):
        pass

    def hook(number: int, phase: str, method: str, path: str) -> None:
        seen.append((number, phase, method))
        if (number, phase) == (2, "after"):
            raise Stop

    embedded = Embedded.create(seed="s", clock=ManualClock())
    embedded.faults.on_call = hook

    async def run() -> None:
        async with embedded.client() as client:
            await client.get("/applications?$top=1")
            await client.post("/applications", json={"displayName": "kept"})

    with pytest.raises(Stop):
        asyncio.run(run())
    assert seen == [(1, "before", "GET"), (1, "after", "GET"), (2, "before", "POST"), (2, "after", "POST")]
    assert embedded.directory.default.one("applications", "displayName", "kept") is not None


def test_cut_connection_is_the_clients_own_error() -> None:
    """In process a cut is what httpx raises for a broken connection; latency moves the clock alone."""
    clock = ManualClock()
    embedded = Embedded.create(
        seed="s", clock=clock, faults=Faults(FaultPlan(cut_before_rate=1.0, latency_ms=250))
    )
    start = clock.now()

    async def run() -> None:
        async with embedded.client() as client:
            await client.get("/applications")

    with pytest.raises(httpx.RemoteProtocolError):
        asyncio.run(run())
    assert clock.now() - start == timedelta(milliseconds=250)


def test_foreign_token_is_refused() -> None:
    """A token that this app did not make is 401."""
    embedded = Embedded.create(seed="s")

    async def run() -> int:
        async with embedded.client() as client:
            return (
                await client.get("/applications", headers={"Authorization": "Bearer made.up"})
            ).status_code

    assert asyncio.run(run()) == 401
