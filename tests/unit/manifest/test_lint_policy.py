"""`policy.lint`: only the root file has it, an environment's goes on top, and silence has a reason."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.unit.manifest.conftest import TENANT, Load, Problems

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


def test_what_is_wrong_is_told_with_its_place(problems: Problems) -> None:
    """A rule that is off without a reason, a word that is none, a day that is none, what is not lint's."""
    rules = (
        "{ rules: { a: { severity: off }, b: { severity: X }, c: { until: soon }, d: off, e: { dayz: 1 } } }"
    )
    reported = problems(HEAD % ("{}", rules))

    assert [text.partition(": ")[2][:28] for text in reported] == [
        "`a` is off, and nobody says ",
        "`severity`: `X` is none of `",
        "`until`: expected a day such",
        "`d`: expected a map such as ",
        "`dayz` is not a key of rule ",
    ]
    assert (
        "`consent` is not a key of `policy` of the root file"
        in problems(HEAD.replace("{ lint: %s }\n", "{ consent: {} }\n") % "{}")[0]
    )


def test_no_other_file_writes_it(problems: Problems) -> None:
    """A file that the root names has no `policy`, fenced or not."""
    root = f"project: myapp\nfiles: [other.yaml]\nenvironments: {{ dev: {{ tenantId: {TENANT} }} }}\n"

    assert problems(root, other="policy: { lint: {} }\n") == [
        "other.yaml:1:1: `policy` stands only in the root file"
    ]
