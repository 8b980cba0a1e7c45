"""`policy.lint`: only the root file has it, an environment's goes on top, and silence has a reason."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.unit.manifest.conftest import TENANT, Load

HEAD = f"project: myapp\nenvironments: {{ dev: {{ tenantId: {TENANT}, policy: {{ lint: %s }} }} }}\npolicy: {{ lint: %s }}\n"


def test_an_environment_s_policy_goes_on_top(load: Load) -> None:
    """Lists add up, so nothing is unlocked; keys of a rule replace those of the root file."""
    own = "{ domains: [dev.example.com], locked: [b], rules: { r: { days: 30 } } }"
    root = (
        "{ domains: ['*.Example.com'], locked: [a], rules: { r: { days: 90, severity: E }, s: { most: 3 } } }"
    )
    lint = load(HEAD % (own, root)).policy.lint

    assert lint.domains == ("example.com", "dev.example.com")
    assert lint.locked == {"a", "b"}
    assert (lint.of("r").days, lint.of("r").severity, lint.of("s").most) == (30, "E", 3)
    assert lint.of("unknown").severity is None


def test_a_severity_is_for_some_applications_until_a_day(load: Load) -> None:
    """Of others, and afterwards, it is the rule's own."""
    options = load(
        HEAD % ("{}", "{ rules: { r: { severity: off, because: x, applications: [a], until: 2027-01-31 } } }")
    )
    rule = options.policy.lint.of("r")

    assert rule.severity_of("a", datetime(2027, 1, 31, 23, 59, 59, 999999, UTC)) == "off"
    assert rule.severity_of("a", datetime(2027, 2, 1, tzinfo=UTC)) is None
    assert rule.severity_of("b", datetime(2027, 1, 1, tzinfo=UTC)) is None
