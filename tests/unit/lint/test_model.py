"""What a finding is known by, and what a view says of a tenant that nobody looked at."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from entra_config.errors import Position
from entra_config.lint.model import LintFinding, Report, TenantFacts, View
from entra_config.lint.subject import LintSubject
from entra_config.manifest.lint_policy import Severity
from tests.unit.plan.estates import manifest

FOUND = LintFinding("a-rule", "W", "high", "regular", "Words.", "Help.", None, "app", "thing", ("dev",))
NOW = datetime(2026, 11, 26, tzinfo=UTC)


@pytest.mark.parametrize(
    ("found", "identity"),
    [
        (FOUND, "a-rule|app|thing|manifest"),
        (replace(FOUND, what=""), "a-rule|app|Words.|manifest"),
        (replace(FOUND, live=True, position=Position("m.yaml", 9)), "a-rule|app|thing|live"),
    ],
)
def test_a_finding_is_known_by_what_stays_while_lines_move(found: LintFinding, identity: str) -> None:
    """Hold that it is the thing, or the words where it names none, and which side it was found on."""
    assert found.identity == identity


@pytest.mark.parametrize(("severity", "expected"), [("I", "EWI"), ("W", "EW"), ("E", "E")])
def test_a_report_is_filtered_by_severity(severity: Severity, expected: str) -> None:
    """Hold that what is as grave, and what is graver, is left, in its order."""
    every: tuple[Severity, ...] = ("E", "W", "I")
    report = Report("p", ("dev",), tuple(replace(FOUND, severity=each) for each in every))
    assert "".join(each.severity for each in report.at_least(severity)) == expected


def test_a_view_says_whether_a_tenant_is_seen() -> None:
    """Hold that without one there are no facts, and that a fact which was not read is none."""
    subjects = (LintSubject("a", "A", "web", Position("m.yaml", 3)), LintSubject("b", "B", "web", None))
    view = View(manifest(), subjects, NOW)
    seen = replace(view, tenant=TenantFacts({"policy": ({"a": 1},)}))

    assert (view.live, view.facts("policy")) == (False, ())
    assert (seen.live, seen.facts("policy"), seen.facts("other")) == (True, ({"a": 1},), ())
    assert view.places == {"a": Position("m.yaml", 3), "b": None}
