"""What a format has no room for is counted, and it is the least risky; the riskiest comes first."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import pairwise

import pytest

from entra_config.drift.model import Drift, Finding
from entra_config.drift.risks import class_of, rank, risk
from entra_config.plan.model import Notice
from entra_config.report import drift_markdown, drift_sarif, sarif
from entra_config.resource import Address
from entra_config.risk import LEVELS
from tests.unit.report.drifts import API, HOSTILE, SPA, sample

ROOT = "manifests/entra-config.yaml"
GRANT = Address("permissionGrant", "spa/api")


def flood(findings: int, warnings: int = 0) -> Drift:
    """Return a drift of many findings and warnings."""
    many = (Finding(SPA, "added", "redirect-uri-added", (f"redirect URI {n} "
f"{HOSTILE}"), "spa.redirectUris", element=f"{n}")
            for n in range(findings))  # fmt: skip
    return replace(
        sample(), findings=tuple(many), warnings=tuple(Notice(f"warning {n}") for n in range(warnings))
    )


@pytest.mark.parametrize(("findings", "warnings"), [(1, 1), (400, 0), (400, 3), (3, 3000), (2000, 2000)])
def test_markdown_fits_into_an_issue_and_counts_what_does_not(findings: int, warnings: int) -> None:
    """GitHub refuses 65,536 characters: the first ones are there whole, and the number of the others."""
    written = drift_markdown.render(flood(findings, warnings), people=True)
    shown = len(re.findall(r"^\| \S \w+ \| added \|", written, re.MULTILINE))
    warned = len(re.findall(r"^- ⚠️", written, re.MULTILINE))
    assert len(written) < 65_536
    left = re.search(r"\*\*(?:(\d+) findings?)?(?: and )?(?:(\d+) warnings?)? more, the slightest", written)
    cut = [int(number or 0) for number in left.groups()] if left else [0, 0]
    assert (shown + cut[0], warned + cut[1]) == (findings, warnings)
    assert (cut == [0, 0]) == (findings + warnings < 10)


def test_sarif_counts_what_github_would_drop() -> None:
    """Of more than 5,000 results the first ones are kept, and a notification says how many are missing."""
    log = drift_sarif.document(flood(sarif.MOST - 1, 4), root=ROOT)
    (run,) = log["runs"]
    assert len(run["results"]) == sarif.MOST
    (reported,) = run["invocations"][0]["toolExecutionNotifications"]
    assert reported["message"]["text"].startswith(f"3 of {sarif.MOST + 3} findings and warnings")
    whole = drift_sarif.document(flood(3, 2), root=ROOT)["runs"][0]
    assert "invocations" not in whole
    assert [each["ruleId"] for each in whole["results"]] == ["redirect-uri-added"] * 3 + ["drift-warning"] * 2


def test_a_warning_in_sarif_has_an_identity_of_its_own() -> None:
    """Two warnings are two alerts, and stay the same ones from report to report."""
    first, second = (json.loads(drift_sarif.render(flood(0, 2), root=ROOT)) for _ in range(2))
    marks = [each["partialFingerprints"]["primaryLocationLineHash"] for each in first["runs"][0]["results"]]
    assert len(set(marks)) == 2
    assert first == second


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        (Finding(SPA, "added", "secret-added", "s", "passwordCredentials"), "high"),
        (Finding(API, "added", "undeclared-holder-added", "s", "appRoleAssignedTo"), "high"),
        (Finding(GRANT, "added", "admin-consent-added", "s", "scope"), "high"),
        (
            Finding(
                SPA, "changed", "sign-in-audience-changed", "s", "signInAudience", live="AzureADMultipleOrgs"
            ),
            "medium",
        ),
        (Finding(SPA, "added", "redirect-uri-added", "s", "spa.redirectUris"), "medium"),
        (Finding(SPA, "changed", "subject-changed", "s", "subject", live="repo:evil"), "high"),
        (Finding(API, "changed", "app-role-changed", "s", "appRoles", live={"value": "Admin"}), "high"),
        (Finding(GRANT, "removed", "admin-consent-removed", "s", "scope"), "medium"),
        (Finding(API, "added", "scope-added", "s", "api.oauth2PermissionScopes"), "medium"),
        (Finding(API, "removed", "application-removed", "s"), "high"),
        (Finding(SPA, "added", "redirect-uri-added", "s", "web.redirectUris", gives="redirect host"), "high"),
        (Finding(API, "changed", "account-enabled-changed", "s", "accountEnabled", live=False), "medium"),
        (Finding(API, "changed", "app-role-changed", "s", "appRoles", live={"isEnabled": False}), "medium"),
        (Finding(API, "changed", "app-role-changed", "s", "appRoles", live={"isEnabled": True}), "high"),
        (
            Finding(
                API, "changed", "scope-changed", "s", "api.oauth2PermissionScopes", live={"description": "x"}
            ),
            "low",
        ),
        (Finding(API, "changed", "display-name-changed", "s", "displayName", live="x"), "low"),
    ],
    ids=lambda each: each.rule if isinstance(each, Finding) else each,
)
def test_risk(finding: Finding, expected: str) -> None:
    """Power that somebody got comes before power that somebody lost, and that before texts."""
    assert risk(finding) == expected
    assert list(LEVELS)[rank(finding)] == expected


def test_levels_and_severities_follow_risk() -> None:
    """Readers of SARIF sort by them."""
    levels = list(LEVELS.values())
    assert [each.sarif for each in levels] == ["error", "warning", "note"]
    assert all(float(one.severity) > float(other.severity) for one, other in pairwise(levels))


def test_whoever_closes_something_takes_away() -> None:
    """A value by which nobody may more is told as a loss, not as power."""
    closed = Finding(API, "changed", "s", "s", "appRoleAssignmentRequired", declared=False, live=True)
    assert class_of(closed).name == "lost"
    assert class_of(replace(closed, declared=True, live=False)).name == "sign-in"
