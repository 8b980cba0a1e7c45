"""What commands find in one environment: its risk, its headline, and the content that is compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from entra_config.cli import findings
from entra_config.cli.findings import Findings
from entra_config.credentials.listing import ListedKey
from entra_config.drift.model import Drift, Finding, Overdue
from entra_config.errors import Position
from entra_config.lint.model import LintFinding, Report
from entra_config.phrase import Person, Phrase
from entra_config.plan.model import Create, Delete, Effect, Plan, TenantInfo, Update
from entra_config.resource import Address, Resource
from tests.unit.plan import estates

API = Address("application", "api")
OWN = Resource(API, {}, title="api")
HERE = Position("a.yaml", 3)
NOW = datetime(2027, 1, 1, tzinfo=UTC)
LOW, HIGH = Update(OWN, OWN), Delete(OWN)


@pytest.mark.parametrize(
    ("plan", "risk"),
    [
        (estates.plan(), "none"),
        (estates.plan(LOW), "low"),
        (estates.plan(LOW, HIGH, Create(OWN)), "high"),
        (replace(estates.plan(LOW), following=(HIGH,)), "high"),
        (replace(estates.plan(LOW), effects=(Effect("guard", ""),)), "high"),
        (replace(estates.plan(), effects=(Effect("offer", ""),)), "medium"),
    ],
)
def test_a_plan_is_as_risky_as_its_riskiest_part(plan: Plan, risk: str) -> None:
    """Its changes, what follows, and what it gives."""
    assert findings.of_plan(plan).risk == risk


def drift(*findings: Finding, **more: Any) -> Drift:
    """Make a drift."""
    tenant = TenantInfo(estates.TENANT, "contoso")
    return Drift("myapp", "prod", tenant, "", NOW, None, findings, **more)


FOUND = Finding(API, "changed", "r", Phrase.of("by ", Person("'li@x'", "u1")), "notes", "a", "b")


def test_drift_is_told_without_people_by_its_riskiest_finding() -> None:
    """The same findings are of one kind, whoever made them and wherever they are."""
    one = findings.of_drift(drift(FOUND))
    assert (one.code, one.risk, one.headline) == (2, "low", ["by a user (u1…)"])
    assert "li@x" in one.text
    assert "li@x" not in one.unnamed
    assert findings.of_drift(drift(FOUND, replace(FOUND, path="", sign="removed"))).risk == "high"
    assert (findings.of_drift(drift()).code, findings.of_drift(drift()).risk) == (0, "none")
    alike = (replace(FOUND, position=HERE), replace(FOUND, subjects=("x",), good_at=NOW))
    assert all(findings.of_drift(drift(each)).content == one.content for each in alike)
    over = Overdue(API, NOW.date(), "")
    others = [
        drift(replace(FOUND, live="c")),
        drift(replace(FOUND, element="e")),
        drift(replace(FOUND, rule="x")),
        drift(replace(FOUND, path="web")),
        drift(FOUND, overdue=(over,)),
        drift(FOUND, FOUND),
    ]
    assert len({repr(each.content) for each in [one, *map(findings.of_drift, others)]}) == len(others) + 1


def lint(*messages: str) -> Report:
    """Make a report of lint findings."""
    found = (
        LintFinding("rule", "E", "high", "regular", each, "", HERE, "api", "", ("prod",)) for each in messages
    )
    return Report("myapp", ("prod",), tuple(found))


def test_lint_and_tests_need_a_look_where_anything_is_found() -> None:
    """Each finding is told; their order makes no other kind."""
    assert findings.of_lint(lint(), 0, "text") == Findings(0, "none", [], [], "text", "text")
    one, other = (findings.of_lint(lint(*each), 1, "") for each in ("ba", "ab"))
    assert (one.code, one.risk, one.headline) == (1, "medium", ["rule: b", "rule: a"])
    assert one.content == other.content != findings.of_lint(lint("a"), 1, "").content
    headline = ["fails: x", "fails: y"]
    failing = findings.of_tests(results("y", "x"), "text")
    assert failing == Findings(1, "medium", headline, ["x", "y"], "text", "\n".join(headline))
    assert findings.of_tests(results(), "text") == Findings(0, "none", [], [], "text", "")


def results(*failed: str) -> Any:
    """Make the results of access tests."""
    return SimpleNamespace(failed=failed, failing=set(failed))


KEY = ListedKey("api", "secret", "ci", "k1", "declared")


@pytest.mark.parametrize(
    ("key", "risk", "said"),
    [
        (KEY, "none", ""),
        (replace(KEY, standing="undeclared"), "high", "undeclared"),
        (replace(KEY, due="rotate"), "medium", "rotate"),
        (replace(KEY, end=NOW), "medium", "ended"),
        (replace(KEY, end=NOW + timedelta(seconds=1)), "medium", "ends within 30 days"),
        (replace(KEY, end=NOW + timedelta(days=30)), "medium", "ends within 30 days"),
        (replace(KEY, end=NOW + timedelta(days=30, seconds=1)), "none", ""),
        (replace(KEY, end=NOW, standing="rotated"), "none", ""),
        (
            replace(KEY, end=NOW, due="rotate", standing="undeclared"),
            "high",
            "undeclared, ended, rotate",
        ),
    ],
)
def test_a_key_needs_a_look_where_nobody_declared_it_or_it_ends(key: ListedKey, risk: str, said: str) -> None:
    """In words, with what else is due."""
    found = findings.of_credentials([key], NOW)
    headline = [f"api: secret ci: {said}"] if said else []
    assert (found.code, found.risk, found.headline) == (2 if said else 0, risk, headline)


def test_keys_are_of_one_kind_whatever_their_ids_and_order() -> None:
    """But for those that are not declared: each is another."""
    other = replace(KEY, name="other")

    def content(*keys: ListedKey) -> str:
        return repr(findings.of_credentials(list(keys), NOW).content)

    assert content(KEY, other) == content(other, KEY) == content(replace(KEY, key_id="k2"), other)
    undeclared = replace(KEY, standing="undeclared")
    assert content(undeclared) != content(replace(undeclared, key_id="k2"))
    assert len({content(), content(KEY), content(other), content(replace(KEY, place="vault"))}) == 4
