"""Each rule both ways: what a user wrote and is told, with line and column, and the near miss that stays
silent.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.lint import table
from entra_config.lint.model import Rule
from tests.unit.lint.snippets import APPLICATION_LINE, linted, live_findings, marked, of_rule, responded

RULES = table.built_in()
OFFLINE = [rule for rule in RULES.values() if rule.on != ("live",)]
ONLINE = [rule for rule in RULES.values() if rule.on == ("live",)]
HOSTS = {"gone.example.com": False, "app.example.com": True}


@pytest.mark.parametrize("rule", OFFLINE, ids=lambda rule: rule.id)
def test_what_a_user_wrote_is_told_with_its_place(rule: Rule, tmp_path: Path) -> None:
    """The finding stands at the mark, says what helps, and is as grave as the rule says."""
    text, spot = marked(rule.bad)
    found = of_rule(linted(text, tmp_path, hosts=HOSTS), rule.id)

    assert [(each.position.line, each.position.column) for each in found if each.position] == [spot]
    assert {each.severity for each in found} == {rule.severity}
    assert all(each.message and each.help == rule.fix for each in found)


@pytest.mark.parametrize("rule", OFFLINE, ids=lambda rule: rule.id)
def test_the_near_miss_stays_silent(rule: Rule, tmp_path: Path) -> None:
    """Not even an auditor hears of it."""
    text, _ = marked(rule.good)

    assert of_rule(linted(text, tmp_path, hosts=HOSTS), rule.id) == []


@pytest.mark.parametrize("rule", ONLINE, ids=lambda rule: rule.id)
def test_what_a_tenant_has_is_told_at_its_application(rule: Rule, tmp_path: Path) -> None:
    """At the manifest's line of the application, or without a place where it is the tenant's own."""
    found = live_findings({rule.id: rule}, responded(rule.bad.replace("«", "")), tmp_path)

    assert [each.position.line for each in found if each.position] in ([], [APPLICATION_LINE])
    assert [(each.rule, each.severity, each.live) for each in found] == [(rule.id, rule.severity, True)]
    assert all(bool(each.position) == bool(each.application) and each.what for each in found)


@pytest.mark.parametrize("rule", ONLINE, ids=lambda rule: rule.id)
def test_the_near_miss_of_a_tenant_stays_silent(rule: Rule, tmp_path: Path) -> None:
    """Not even an auditor hears of it."""
    assert live_findings({rule.id: rule}, responded(rule.good), tmp_path) == []


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_a_rule_says_what_a_reader_needs(rule: Rule) -> None:
    """Its file is called like it; it says why, how to mend it and where that is from, in whole sentences."""
    module = Path(rule.check.__code__.co_filename)

    assert module.stem == rule.id.replace("-", "_")
    assert all(text.endswith(".") for text in (rule.finds, rule.why, rule.fix))
    assert rule.source
    assert rule.bad.count("«") == 1
    assert "«" not in rule.good


def test_a_role_that_a_client_of_ours_asks_for_is_held(tmp_path: Path) -> None:
    """An application holds it once somebody consents: `role-unheld` is silent of it, and of no other."""
    text = """\
applications:
  api:
    type: api
    displayName: API
    appRoles:
      Job: { displayName: J, description: Does it., allowedMemberTypes: [Application] }
      «Other: { displayName: O, description: Does it., allowedMemberTypes: [Application] }
  nightly: { type: daemon, displayName: Nightly, apiPermissions: { api: { application: [Job] } } }
appRoleAssignments: { api: {} }
"""
    whole, spot = marked(text)
    found = of_rule(linted(whole, tmp_path), "role-unheld")

    assert [(each.position.line, each.position.column) for each in found if each.position] == [spot]


@pytest.mark.parametrize(("count", "more"), [(1, ""), (5, ""), (6, " and 1 more"), (7, " and 2 more")])
def test_of_what_nobody_manages_five_are_named(count: int, more: str, tmp_path: Path) -> None:
    """In the order of their names, and how many more there are."""
    names = [f"App {number}" for number in range(count)]
    others = [
        {"appId": f"11111111-0000-4000-8000-{number:012}", "displayName": f"App {number}"}
        for number in range(count)
    ]
    rule = RULES["app-undeclared-in-tenant"]
    (found,) = live_findings(
        {rule.id: rule},
        {"application": {"displayName": "App"}, "facts": {"external": others[::-1]}},
        tmp_path,
    )
    assert found.message == f"{count} registrations that nobody manages: {', '.join(names[:5])}{more}"
