"""What a plan of faults leaves alone by default, and what each rate and rule of it does."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from entra_emulator.fault_plan import FaultPlan, FaultRule
from entra_emulator.faults import Fate, Faults


def test_a_plan_without_anything_is_a_tenant_without_faults() -> None:
    """Only what Graph's sources disagree about is on: groups are kept for a while, texts are held."""
    faults = Faults()
    assert FaultPlan.from_data({}) == FaultPlan()
    assert faults.describe() == {
        **dict.fromkeys(("seed", "latency_ms"), 0),
        **{name: 0.0 for name in FaultPlan.__dataclass_fields__ if name.endswith("_rate")},
        **dict.fromkeys(("audit_delay", "audit_spread", "audit_apart"), 0.0),
        **dict.fromkeys(("read_quota", "write_quota", "audit_quota")),
        "retry_after": 1,
        "error_status": 503,
        "lag": {},
        "list_lag": {},
        "rules": [],
        "refused_lists": [],
        "edits_while_enabled": False,
        "reorders_lists": False,
        "groups_soft_delete": True,
    }
    assert faults.call("GET", "/x") == Fate() == Fate(None, cut_before=False, cut_after=False, delay=0.0)
    assert faults.calls == 1


def test_a_rule_that_says_no_more_than_what_it_does_hits_once_with_503() -> None:
    """The next request passes; what refuses says when to come back only where the rule does."""
    faults = Faults(FaultPlan.from_data({"rules": [{"action": "respond"}]}))
    refusal = faults.call("GET", "/x").refusal
    assert refusal is not None
    assert (refusal.status, refusal.code, refusal.headers) == (503, "ServiceUnavailable", ())
    assert faults.call("GET", "/x").refusal is None


@pytest.mark.parametrize(
    ("action", "fate"),
    [
        ("cut_before", Fate(cut_before=True)),
        ("cut_after", Fate(cut_after=True)),
        ("delay", Fate(delay=3.0)),
    ],
)
def test_a_rule_does_what_its_action_says(action: str, fate: Fate) -> None:
    """And nothing else; a delay alone neither refuses nor cuts."""
    rule = {"action": action, "seconds": fate.delay}
    assert Faults(FaultPlan.from_data({"rules": [rule]})).call("GET", "/x") == fate


@pytest.mark.parametrize(
    ("rule", "hit"),
    [
        (FaultRule("respond"), True),
        (FaultRule("respond", method="GET"), True),
        (FaultRule("respond", method="POST"), False),
        (FaultRule("respond", path="^/x$"), True),
        (FaultRule("respond", path="/y"), False),
        (FaultRule("respond", method="POST", path="/x"), False),
        (FaultRule("respond", scope="part"), False),
        (FaultRule("respond", scope="call"), True),
        (FaultRule("respond", times=0), False),
    ],
)
def test_a_rule_without_method_or_path_hits_any(rule: FaultRule, hit: bool) -> None:
    """What it names has to fit, all of it."""
    assert rule.matches("call", "GET", "/x") is hit
    assert FaultRule("respond", path="").matches("call", "GET", "") is True


def test_a_rule_lets_pass_as_many_as_it_skips_and_hits_as_many_as_it_says() -> None:
    """Three pass, two are hit, all others pass."""
    rule = FaultRule("respond", skip=3, times=2)
    assert [rule.matches("call", "GET", "/x") for _ in range(7)] == [False] * 3 + [True] * 2 + [False] * 2


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("conflict_rate", Faults.write_conflict),
        ("audit_stub_rate", Faults.audit_stub),
        ("audit_repeat_rate", Faults.audit_repeat),
    ],
)
def test_a_rate_is_the_share_of_what_it_is_about(name: str, says: Callable[[Faults], bool]) -> None:
    """All at one, none at nothing, about half at a half."""
    shares = []
    for rate in (0.0, 0.5, 1.0):
        faults = Faults(FaultPlan.from_data({"seed": 3, name: rate}))
        hits = [says(faults) for _ in range(400)]
        assert set(hits) <= {True, False}
        shares.append(sum(hits) / 400)
    assert shares[0] == 0
    assert 0.4 < shares[1] < 0.6
    assert shares[2] == 1


def test_half_of_the_records_without_values_name_what_was_updated() -> None:
    """Whatever the plan."""
    faults = Faults()
    assert 160 < sum(faults.audit_stub_names() for _ in range(400)) < 240


def test_a_rate_of_nothing_draws_nothing() -> None:
    """So one more rate in a program does not move what the others draw."""
    plan = FaultPlan(seed=5, cut_after_rate=0.5)
    alone, beside = Faults(plan), Faults(plan)
    fates = []
    for faults, also in ((alone, False), (beside, True)):
        for _ in range(40):
            fates.append(faults.call("GET", "/x"))
            if also:
                assert not faults.write_conflict()
    assert fates[:40] == fates[40:]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (500, "InternalServerError"),
        (502, "BadGateway"),
        (503, "ServiceUnavailable"),
        (504, "GatewayTimeout"),
        (501, "UnknownError"),
        (505, "UnknownError"),
    ],
)
def test_an_error_has_the_code_of_its_status(status: int, code: str) -> None:
    """Of calls and of parts of a batch alike."""
    faults = Faults(FaultPlan(error_rate=1.0, error_part_rate=1.0, error_status=status))
    for refusal in (faults.call("GET", "/x").refusal, faults.part("GET", "/x")):
        assert refusal is not None
        assert (refusal.status, refusal.code) == (status, code)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"rules": [{"action": "respond", "code": 7}]}, "code cannot be 7"),
        ({"rules": [{"action": "explode"}]}, "action cannot be 'explode'"),
        ({"rules": [{"action": "respond", "times": -1}]}, "times cannot be -1"),
        ({"rules": [{"action": "respond", "paht": "/x"}]}, "no such name: paht; known: action, method"),
        ({"rules": [["action"]]}, "not a rule: ['action']"),
        ({"rules": ["action"]}, "not a rule: 'action'"),
        ({"rules": [{}]}, "not a rule: {}"),
        ({"rules": {}}, "rules cannot be {}"),
        ({"error_rate": 1.1}, "error_rate cannot be 1.1"),
        ({"error_rate": -0.1}, "error_rate cannot be -0.1"),
        ({"error_rate": True}, "error_rate cannot be True"),
        ({"seed": 1.5}, "seed cannot be 1.5"),
        ({"latency_ms": 1e10}, "latency_ms cannot be 10000000000.0"),
        ({"latency_ms": float("nan")}, "latency_ms cannot be nan"),
        ({"lag": {"users": "1"}}, "lag cannot be {'users': '1'}"),
        ({"lag": {"users": 1.0, "groups": "1"}}, "lag cannot be {'users': 1.0, 'groups': '1'}"),
        ({"latency_ms": float("inf")}, "latency_ms cannot be inf"),
        ({"seed": 10**400}, "seed cannot be 1000"),
        ({"lag": {1: 1.0}}, "lag cannot be {1: 1.0}"),
        ({"lag": [1.0]}, "lag cannot be [1.0]"),
        ({"read_quota": "3"}, "read_quota cannot be '3'"),
        ({"groups_soft_delete": 1}, "groups_soft_delete cannot be 1"),
        ({"error_status": 600}, "error_status cannot be 600"),
        ({"error_status": 399}, "error_status cannot be 399"),
        ({"rules": [{"action": "respond", "status": 399}]}, "status cannot be 399"),
        ({"rules": [{"action": "respond", "status": 600}]}, "status cannot be 600"),
        ({"rules": [{"action": "respond", "path": "("}]}, "regular expression"),
        ({"rules": [{"path": "/x"}]}, "not a rule"),
        ({"lattency": 1}, "no such fault: lattency"),
    ],
)
def test_what_a_plan_cannot_have_is_named(data: dict[str, Any], message: str) -> None:
    """With its value, and with what is known where the name is not."""
    with pytest.raises(ValueError, match=re.escape(message)):
        FaultPlan.from_data(data)


def test_all_that_a_plan_can_have_is_read() -> None:
    """Quotas of null are none; the last of each range is in it."""
    plan = FaultPlan.from_data(
        {"error_rate": 1, "latency_ms": 1e9, "read_quota": None, "write_quota": 0, "lag": {"*": 2}}
    )
    assert (plan.error_rate, plan.latency_ms, plan.read_quota, plan.write_quota) == (1, 1e9, None, 0)
    assert plan.lag == {"*": 2}
    plan = FaultPlan.from_data(
        {"groups_soft_delete": False, "rules": [{"action": "delay", "code": "Mine", "times": None}]}
    )
    assert (plan.groups_soft_delete, plan.rules) == (False, [FaultRule("delay", code="Mine", times=None)])
