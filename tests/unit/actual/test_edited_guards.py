"""Each guard that a change lowers is told."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from entra_config.drift.edits import find_edits
from entra_config.manifest import loader
from tests.oracle.review import estate
from tests.oracle.tenant import Tenant
from tests.unit.actual.edits import (
    ALICE,
    MAIN,
    ROOT,
    TEAM,
    Edit,
    Files,
    files,
    guards,
    pinned,
    planned,
    reported,
)


def settings(**more: Any) -> Edit:
    """Return an edit of the environment."""

    def edit(files: Files, tenant: Tenant) -> None:
        files[ROOT]["environments"]["prod"] |= more

    return edit


def policy(**more: Any) -> Edit:
    """Return an edit of its policy."""

    def edit(files: Files, tenant: Tenant) -> None:
        files[ROOT]["environments"]["prod"]["policy"] |= more

    return edit


def path_restriction(*patterns: str) -> Edit:
    """Return an edit of the team's fence: these patterns, or none."""

    def edit(files: Files, tenant: Tenant) -> None:
        files[ROOT]["files"][1] = {"path": TEAM, "mayDeclare": list(patterns)} if patterns else TEAM

    return edit


def main(**more: Any) -> Edit:
    """Return an edit of the API."""

    def edit(files: Files, tenant: Tenant) -> None:
        files[MAIN]["applications"]["api"] |= more

    return edit


def relabel(files: Files, tenant: Tenant) -> None:
    """Let the key that the policy lists be another application, whose name is pinned as it should be."""
    files[MAIN]["enterpriseApplications"] = {"hr": {"id": pinned(tenant, "service_principals", "Payroll")}}


def another(files: Files, tenant: Tenant) -> None:
    """Add a file, which nobody fences."""
    files["evil.yaml"] = {"applications": {"evil": {"type": "daemon", "displayName": "Evil"}}}
    files[ROOT]["files"].append("evil.yaml")


def unlisted(files: Files, tenant: Tenant) -> None:
    """Say no longer who holds roles."""
    files[MAIN]["appRoleAssignments"] = {"api": "unmanaged"}


def removed(files: Files, tenant: Tenant) -> None:
    """Take an application out that may not be destroyed, and let it be destroyed."""
    del files[MAIN]["applications"]["api"], files[MAIN]["appRoleAssignments"]
    files[ROOT]["removed"] = {"applications": {"api": {"destroy": True}}}


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (settings(protected=False), ["guard: environment prod is no longer protected"]),
        (
            settings(deployers=[estate.DEPLOYER, {"name": "alice@contoso.com", "id": ALICE}]),
            [f"guard: deployer a user ({ALICE[:8]}…): never removed as an owner, and what it makes is ours"],
        ),
        (policy(allow=["many"]), ["guard: `policy.allow` lifts many each time"]),
        (policy(limits={"maxPeople": 100}), ["guard: `policy.limits`: maxPeople 10 → 100"]),
        (
            policy(consent={"hr": {"application": ["Read", "Write"]}}),
            ["guard: `policy.consent` lists Write (application) of hr"],
        ),
        (
            path_restriction("applications/team-*", "appRoleAssignments/api"),
            ["guard: team.yaml may declare appRoleAssignments/api"],
        ),
        (path_restriction(), ["guard: team.yaml is no longer restricted: it may declare everything"]),
        (another, ["guard: evil.yaml is new, and may declare everything"]),
        (main(preventDestroy=False), ["guard: api may be destroyed: `preventDestroy` is gone"]),
        (main(ignoreChanges=["owners", "notes"]), ["guard: api ignores changes of owners, notes"]),
        (removed, ["guard: api is declared no more, and its `preventDestroy` with it"]),
        (unlisted, ["guard: `appRoleAssignments` says no longer who holds roles of api"]),
        (policy(limits={"maxPeople": 5}), []),
        (main(displayName="API 2"), []),
    ],
)
def test_each_guard_that_is_lower(tenant: Tenant, tmp_path: Path, edit: Edit, expected: list[str]) -> None:
    """What is lower is told; what is raised, or guards nothing, is not."""
    assert reported(planned(tenant, tmp_path, edit)) == expected


def test_a_policy_that_means_another_application_from_now_on(tenant: Tenant, tmp_path: Path) -> None:
    """Whoever says what a key is says what the policy's consent is about: that is a line."""
    (line, *_) = reported(planned(tenant, tmp_path, relabel))
    assert line.startswith("guard: `policy.consent` of hr is about ")
    assert line.endswith(f"now, and was about HR {pinned(tenant, 'service_principals', 'HR')}")


def test_what_was_said_whole_and_is_not_any_more(tenant: Tenant, tmp_path: Path) -> None:
    """Roles that are only added to, consents that are no longer said: whoever is given them by hand would
    have lost them.
    """
    before = files(tenant)
    before[MAIN]["appRoleAssignments"]["hr"] = {"Read": {"groups": ["Audit"]}}
    requested = {"api": {"delegated": ["see"], "adminConsent": True}}
    before[MAIN]["applications"]["api"]["scopes"] = {"see": "Sees."}
    before[MAIN]["applications"]["phone"] = {
        "type": "publicClient",
        "displayName": "Phone",
        "apiPermissions": requested,
    }
    after = copy.deepcopy(before)
    after[MAIN]["appRoleAssignments"]["hr"]["Read"]["additive"] = True
    del after[MAIN]["applications"]["phone"]["apiPermissions"]["api"]["adminConsent"]
    assert guards(before, after, tmp_path) == [
        "`adminConsent` of phone at api is said no longer: what somebody consents to stays",
        "hr/Read is only added to: who else is given it keeps it",
    ]


def test_a_new_environment_is_all_new(tenant: Tenant, tmp_path: Path) -> None:
    """Of what was not there before, every consent and every deployer is told."""

    def other(files: Files, tenant: Tenant) -> None:
        files[ROOT]["environments"]["stage"] = copy.deepcopy(files[ROOT]["environments"]["prod"])

    planned(tenant, tmp_path, other)
    manifest = loader.load(tmp_path / "change", "stage")
    edits = find_edits(manifest, tmp_path / "change", str(tmp_path / "base"))

    assert [str(each.text) for each in edits.guards] == [
        "deployer 'Emulator deployer': never removed as an owner, and what it makes is ours",
        "`policy.consent` lists Read (application) of hr",
    ]
