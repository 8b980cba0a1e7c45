"""Faults repeat, quotas hold, the embedded emulator fails as a server does."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from entra_emulator.embedded import Embedded
from entra_emulator.fault_plan import FaultPlan, FaultRule
from entra_emulator.faults import Faults

START = datetime(2026, 1, 1, tzinfo=UTC)
LAGGING = ("applications", "groups", "users")


def test_same_seed_same_faults() -> None:
    """One plan gives one sequence of fates."""
    plan = FaultPlan(seed=7, throttle_rate=0.3, error_rate=0.2, cut_after_rate=0.2)
    first, second = Faults(plan), Faults(plan)
    fates = [first.call("GET", "/x") for _ in range(50)]
    assert fates == [second.call("GET", "/x") for _ in range(50)]
    assert len({(fate.refusal is None, fate.cut_after) for fate in fates}) == 3


@pytest.mark.parametrize(
    ("plan", "each", "passed", "reason"),
    [
        (FaultPlan(read_quota=10), {"units": 5, "write": False}, 2, "ResourceUnitLimitExceeded"),
        (FaultPlan(read_quota=10), {"units": 4, "write": True}, 2, "ResourceUnitLimitExceeded"),
        (FaultPlan(read_quota=0), {"units": 1, "write": False}, 0, "ResourceUnitLimitExceeded"),
        (FaultPlan(write_quota=3), {"units": 9, "write": True}, 3, "WriteLimitExceeded"),
        (FaultPlan(write_quota=0), {"units": 9, "write": True}, 0, "WriteLimitExceeded"),
        (FaultPlan(write_quota=3), {"units": 9, "write": False}, 20, ""),
        (FaultPlan(read_quota=40, write_quota=2), {"units": 1, "write": True}, 2, "WriteLimitExceeded"),
        (
            FaultPlan(audit_quota=3),
            {"units": 9, "write": False, "audit": True},
            3,
            "ResourceUnitLimitExceeded",
        ),
        (FaultPlan(audit_quota=3), {"units": 9, "write": False}, 20, ""),
        (
            FaultPlan(audit_quota=3, read_quota=1),
            {"units": 9, "write": True, "audit": True},
            3,
            "ResourceUnitLimitExceeded",
        ),
        (
            FaultPlan(read_quota=10),
            {"units": 5, "write": False, "audit": True},
            2,
            "ResourceUnitLimitExceeded",
        ),
        (FaultPlan(), {"units": 99, "write": True, "audit": True}, 20, ""),
    ],
)
def test_how_many_requests_a_quota_lets_pass(
    plan: FaultPlan, each: dict[str, Any], passed: int, reason: str
) -> None:
    """Reads cost units, a write and a read of the audit log cost one; who is told no is told which quota, and
    one application's requests cost another one nothing.
    """
    faults = Faults(plan)
    refused = [faults.charge("app", now=START, **each) for _ in range(20)]

    assert [response is None for response in refused] == [True] * passed + [False] * (20 - passed)
    assert (faults.charge("other", now=START, **each) is None) == (passed > 0)
    for response in refused[passed:]:
        assert response is not None
        assert (response.status, dict(response.headers)["x-ms-throttle-information"]) == (429, reason)


def test_a_window_slides() -> None:
    """What was spent a window ago is free again, and no earlier; a new plan begins at nothing."""
    faults = Faults(FaultPlan(read_quota=2))
    spend = [
        faults.charge("app", 1, write=False, now=START + timedelta(seconds=at))
        for at in (0, 4, 9, 10, 13, 14)
    ]
    assert [response is None for response in spend] == [True, True, False, True, False, True]

    faults.set(FaultPlan(read_quota=2))
    assert faults.charge("app", 2, write=False, now=START + timedelta(seconds=14)) is None
    for at in (14, 21):
        assert faults.charge("app", 1, write=False, now=START + timedelta(seconds=at)) is not None


@pytest.mark.parametrize(
    ("rule", "call", "part"),
    [
        (FaultRule("respond", status=503, code="busy", message="later", retry_after=7, times=2), True, True),
        (FaultRule("respond", status=503, scope="call", times=None), True, False),
        (FaultRule("respond", status=503, scope="part", times=None), False, True),
        (FaultRule("cut_before", times=None), True, False),
    ],
)
def test_a_rule_hits_calls_or_parts_of_a_batch(rule: FaultRule, call: bool, part: bool) -> None:
    """As its scope says; what breaks a connection breaks a call alone, for a part has none."""
    fate, response = (
        Faults(FaultPlan(rules=[rule])).call("GET", "/x"),
        Faults(FaultPlan(rules=[rule])).part("GET", "/x"),
    )

    assert (fate.refusal is not None or fate.cut_before) == call
    assert (response is not None) == part
    for each in (fate.refusal, response):
        if each is not None:
            assert (each.status, each.code, each.message) == (rule.status, rule.code, rule.message)
            assert dict(each.headers) == ({} if rule.retry_after is None else {"Retry-After": "7"})


@pytest.mark.parametrize(
    ("rate", "status"),
    [("throttle_rate", 429), ("error_rate", 503), ("throttle_part_rate", 429), ("error_part_rate", 503)],
)
def test_a_rate_of_one_hits_each_and_of_nothing_none(rate: str, status: int) -> None:
    """Rates of parts say nothing of calls, and the other way round."""
    always = Faults(FaultPlan.from_data({rate: 1.0, "error_status": 503, "retry_after": 4}))
    never = Faults(FaultPlan.from_data({rate: 0.0}))
    called, part = always.call("GET", "/x").refusal, always.part("GET", "/x")
    hit, spared = (part, called) if "part" in rate else (called, part)

    assert hit is not None
    assert hit.status == status
    assert dict(hit.headers).get("Retry-After") == ("4" if status == 429 else None)
    assert spared is None
    assert never.call("GET", "/x").refusal is None
    assert never.part("GET", "/x") is None


def test_a_delay_is_the_plan_s_and_the_rule_s() -> None:
    """Milliseconds of latency and seconds of a rule, whatever else happens to the call."""
    faults = Faults(FaultPlan(latency_ms=500, rules=[FaultRule("cut_after", path="/slow", seconds=2.0)]))
    assert faults.call("GET", "/slow").delay == 2.5
    assert faults.call("GET", "/x").delay == 0.5
    assert Faults(FaultPlan(latency_ms=500, error_rate=1.0)).call("GET", "/x").delay == 0.5
    assert Faults(FaultPlan(latency_ms=500, throttle_rate=1.0)).call("GET", "/x").delay == 0.5
    cut = Faults(FaultPlan(latency_ms=500, cut_before_rate=1.0)).call("GET", "/x")
    assert (cut.delay, cut.cut_before, cut.cut_after) == (0.5, True, False)
    cut = Faults(FaultPlan(cut_after_rate=1.0)).call("GET", "/x")
    assert (cut.cut_before, cut.cut_after) == (False, True)


def test_lists_lag_as_reads_do_or_more() -> None:
    """A collection's own lag comes before that of all; a list is never ahead of a read."""
    faults = Faults(FaultPlan(lag={"*": 1.0, "groups": 4.0}, list_lag={"*": 3.0, "users": 0.5}))
    found = {
        name: (faults.lag_of(name, listing=False), faults.lag_of(name, listing=True)) for name in LAGGING
    }
    assert found == {"applications": (1.0, 3.0), "groups": (4.0, 4.0), "users": (1.0, 1.0)}
    assert faults.lags()
    assert Faults(FaultPlan(list_lag={"users": 1.0})).lags()
    assert not Faults().lags()
    assert Faults().lag_of("users", listing=True) == 0.0


def test_a_record_of_the_audit_log_is_late_by_the_same_time_whenever_it_is_asked() -> None:
    """Between the delay and the delay with its spread, each record by its own."""
    faults = Faults(FaultPlan(audit_delay=10.0, audit_spread=5.0))
    drawn = [faults.audit_delay_of(f"record-{number}") for number in range(40)]
    assert drawn == [faults.audit_delay_of(f"record-{number}") for number in range(40)]
    assert all(10.0 <= delay <= 15.0 for delay in drawn)
    assert max(drawn) - min(drawn) > 2.5
    assert Faults(FaultPlan(audit_delay=10.0)).audit_delay_of("x") == 10.0
    apart = Faults(FaultPlan(audit_apart=3.0))
    assert len({apart.audit_apart() for _ in range(9)}) == 9
    assert all(0 <= apart.audit_apart() <= 3 for _ in range(40))
    assert Faults().audit_apart() == 0.0


@pytest.mark.parametrize("status", [400, 599])
def test_a_fault_answers_with_an_error(status: int) -> None:
    """From 400 to 599, for all calls and for those of a rule."""
    plan = FaultPlan.from_data(
        {"error_rate": 1.0, "error_status": status, "rules": [{"action": "respond", "status": status}]}
    )
    faults = Faults(plan)
    responses = [faults.call("GET", "/x").refusal for _ in range(2)]
    assert [each.status for each in responses if each] == [status, status]


def test_a_rule_looks_at_the_path_in_any_case_and_hits_for_ever_where_it_says_so() -> None:
    """`times` of null is all, of nothing none; `skip` counts those alone that it would have hit."""
    faults = Faults(
        FaultPlan(
            rules=[
                FaultRule("respond", path="/Groups", times=None, skip=1),
                FaultRule("respond", path="/users", times=0),
            ]
        )
    )
    hit = [
        faults.call("GET", path).refusal is not None for path in ["/users", "/x", "/groups", *["/GROUPS"] * 3]
    ]
    assert hit == [False, False, False, True, True, True]


def test_foreign_token_is_refused() -> None:
    """A token that this app did not make is 401."""
    embedded = Embedded.create(seed="s")

    async def run() -> int:
        async with embedded.client() as client:
            return (
                await client.get("/applications", headers={"Authorization": "Bearer made.up"})
            ).status_code

    assert asyncio.run(run()) == 401
