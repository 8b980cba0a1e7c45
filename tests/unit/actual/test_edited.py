"""What a change edits of pins and guards is told: each pin with the object that it leads to, each guard
that is lower.
"""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from entra_config.cli import based
from entra_config.cli.options import Common
from entra_config.emulator import seed
from entra_config.manifest import loader
from entra_config.phrase import without_names
from entra_config.plan.model import Plan
from entra_config.report import markdown, text
from tests.oracle.review import estate
from tests.oracle.tenant import Tenant

CONTOSO = estate.TENANT
Files = dict[str, dict[str, Any]]
Edit = Callable[[Files, Tenant], None]
ROOT, MAIN, TEAM, LOCK = "entra-config.yaml", "main.yaml", "team.yaml", "entra-config.prod.lock.yaml"


@pytest.fixture
def tenant() -> Tenant:
    """Return a tenant with two Payrolls and two groups of one name."""
    made = Tenant()
    for number, name in enumerate(("HR", "Payroll", "Payroll")):
        estate.external(made.rows, name, str(number))
    seed.add_group(made.rows, "Twins")
    seed.add_group(made.rows, "Twins", row_id="dddddddd-0000-4000-8000-000000000001")
    return made


def pinned(tenant: Tenant, table: str, name: str, by: str = "displayName") -> str:
    """Return the id of the first object of a name."""
    return str(next(row["id"] for row in getattr(tenant.rows, table) if row[by] == name))


def files(tenant: Tenant) -> Files:
    """Return what main has."""
    environment = {
        "tenantId": CONTOSO,
        "protected": True,
        "deployers": [estate.DEPLOYER],
        "policy": {"consent": {"hr": {"application": ["Read"]}}},
    }
    root = {"project": "shop", "environments": {"prod": environment}}
    root["files"] = [MAIN, {"path": TEAM, "mayDeclare": ["applications/team-*"]}]
    api = {
        "type": "api",
        "displayName": "API",
        "appRoles": {"Reader": {"description": "R."}},
        "preventDestroy": True,
    }
    main = {
        "applications": {"api": api},
        "enterpriseApplications": {
            "hr": "HR",
            "pay": {"id": pinned(tenant, "service_principals", "Payroll")},
        },
        "appRoleAssignments": {"api": {"Reader": {"groups": ["Audit"]}}},
    }
    lock = {
        "tenantId": CONTOSO,
        "groups": {"Audit": pinned(tenant, "groups", "Audit")},
        "servicePrincipals": {
            "HR": pinned(tenant, "service_principals", "HR"),
            estate.DEPLOYER: pinned(tenant, "service_principals", estate.DEPLOYER),
        },
        "rejected": ["5c1b2f7e-0000-4000-8000-000000000009"],
    }
    team = {"applications": {"team-job": {"type": "daemon", "displayName": "Job"}}}
    return {ROOT: root, MAIN: main, TEAM: team, LOCK: lock}


def planned(tenant: Tenant, folder: Path, edit: Edit) -> Plan:
    """Write main and a change of it, and plan the change with main as its base."""
    before = files(tenant)
    after = copy.deepcopy(before)
    edit(after, tenant)
    for name, content in (("base", before), ("change", after)):
        (folder / name).mkdir(parents=True)
        for file, each in content.items():
            (folder / name / file).write_text(yaml.safe_dump(each, sort_keys=False))
    manifest = loader.load(folder / "change", "prod")
    edits = based.edits(Common(manifest=folder / "change"), manifest, str(folder / "base"))
    return asyncio.run(tenant.plan(manifest, edits=edits))


def reported(plan: Plan) -> list[str]:
    """Return the lines about guards and pins, without the names of people."""
    return [
        f"{each.type}: {without_names(each.text)}" for each in plan.effects if each.type in {"guard", "pin"}
    ]


def swap(files: Files, tenant: Tenant) -> None:
    """Lead HR to one of the Payrolls."""
    files[LOCK]["servicePrincipals"]["HR"] = pinned(tenant, "service_principals", "Payroll")
    del files[MAIN]["enterpriseApplications"]["pay"]


def test_a_lock_line_that_leads_elsewhere_is_an_access_line(tenant: Tenant, tmp_path: Path) -> None:
    """Both names, the beginning of the id, and of how many objects of that name it is one: in every view."""
    plan = planned(tenant, tmp_path, swap)
    id_ = pinned(tenant, "service_principals", "Payroll")

    line = f"service principal 'HR' is now 'Payroll' ({id_[:8]}…), one of 2"
    hr = pinned(tenant, "service_principals", "HR")
    assert reported(plan) == [
        f"guard: `policy.consent` of hr is about HR {id_} now, and was about HR {hr}",
        f"pin: {line}",
    ]
    assert f"Pin: {line}" in text.render(plan)
    assert line in markdown.render(plan).partition(markdown.REST)[0]


def twin(files: Files, tenant: Tenant) -> None:
    """Pin one of two groups of a name."""
    files[LOCK]["groups"]["Twins"] = "dddddddd-0000-4000-8000-000000000001"


def plain(files: Files, tenant: Tenant) -> None:
    """Pin what there is one of, as `lock` does."""
    files[LOCK]["groups"]["All Staff"] = pinned(tenant, "groups", "All Staff")
    files[LOCK]["users"] = {
        "alice@contoso.com": pinned(tenant, "users", "alice@contoso.com", "userPrincipalName")
    }


def user(files: Files, tenant: Tenant) -> None:
    """Pin a user's name to another user."""
    files[LOCK]["users"] = {
        "alice@contoso.com": pinned(tenant, "users", "mallory@contoso.com", "userPrincipalName")
    }


def missing(files: Files, tenant: Tenant) -> None:
    """Pin a name to nobody."""
    files[LOCK]["groups"]["Audit"] = "dddddddd-0000-4000-8000-00000000dead"


def application(files: Files, tenant: Tenant) -> None:
    """Pin a key of ours, and accept an owner and a credential of it."""
    app = next(row for row in tenant.rows.applications if row["displayName"] == "Emulator reader")
    owner = pinned(tenant, "users", "mallory@contoso.com", "userPrincipalName")
    files[LOCK]["applications"] = {
        "api": {"appId": app["appId"], "owners": [owner], "keyIds": ["eeeeeeee-0000-4000-8000-000000000001"]}
    }


def fewer(files: Files, tenant: Tenant) -> None:
    """Take a pin and a rejection out."""
    files[LOCK]["rejected"] = []
    files[MAIN]["appRoleAssignments"]["api"]["Reader"] = {"groups": [pinned(tenant, "groups", "Audit")]}
    del files[LOCK]["groups"]


MALLORY, ALICE = (seed.fixed_id(CONTOSO, "user", f"{name}@contoso.com") for name in ("mallory", "alice"))


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (twin, ["pin: group 'Twins' is new: 'Twins' (dddddddd…), one of 2"]),
        (plain, ["pin: 2 new, each of the one object that bears the name"]),
        (user, [f"pin: user a user ({MALLORY[:8]}…) is new: a user ({MALLORY[:8]}…) ({MALLORY[:8]}…)"]),
        (
            missing,
            ["pin: group 'Audit' is now dddddddd-0000-4000-8000-00000000dead, which the tenant has not"],
        ),
        (
            application,
            [
                (
                    "pin: application api is d0000000-0000-4000-8000-000000000002, 'Emulator reader', "
                    "created 2025-01-01T00:00:00Z"
                ),
                f"pin: owner of api accepted: a user ({MALLORY[:8]}…)",
                "pin: credential of api accepted: eeeeeeee-0000-4000-8000-000000000001",
            ],
        ),
        (
            fewer,
            ["pin: application 5c1b2f7e-0000-4000-8000-000000000009 is rejected no more", "pin: 1 taken out"],
        ),
    ],
)
def test_each_lock_line_that_changes(tenant: Tenant, tmp_path: Path, edit: Edit, expected: list[str]) -> None:
    """What there is nothing to decide about is counted; people stay values."""
    assert reported(planned(tenant, tmp_path, edit)) == expected


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


TESTS_FILE = "tests.yaml"
NO_TESTS: dict[str, Any] = {"tests": [], "people": {}}


def guarded_tests(*path_restrictions: tuple[str, ...] | None) -> tuple[Files, Files]:
    """Return what main has and a change of it, with a file of access tests behind two fences, None where
    it is absent.
    """
    sides = []
    for patterns in path_restrictions:
        side: Files = {ROOT: {"project": "shop", "environments": {"prod": {"tenantId": CONTOSO}}}}
        if patterns is not None:
            side[ROOT]["tests"] = [
                {"path": TESTS_FILE, "mayDeclare": list(patterns)} if patterns else TESTS_FILE
            ]
            side[TESTS_FILE] = NO_TESTS
        sides.append(side)
    return sides[0], sides[1]


def guards(before: Files, after: Files, folder: Path) -> list[str]:
    """Return the guards that a change lowers."""
    for name, content in (("base", before), ("change", after)):
        (folder / name).mkdir()
        for file, each in content.items():
            (folder / name / file).write_text(yaml.safe_dump(each, sort_keys=False))
    manifest = loader.load(folder / "change", "prod")
    return [
        str(each.text)
        for each in based.edits(Common(manifest=folder / "change"), manifest, str(folder / "base")).guards
    ]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (("tests/Orders *",), ("tests/*",), ["tests.yaml may declare tests/*"]),
        (("tests/Orders *",), (), ["tests.yaml is no longer restricted: it may declare everything"]),
        (("tests/*", "people/*"), ("tests/*",), []),
        ((), ("tests/*",), []),
        (None, ("tests/*",), []),
        (None, (), []),
        (("tests/*",), None, []),
    ],
)
def test_a_file_of_access_tests_that_is_fenced_less(
    before: tuple[str, ...] | None, after: tuple[str, ...] | None, expected: list[str], tmp_path: Path
) -> None:
    """A fence that is wider or gone is a lowered guard; which tests come and go is told with the tests."""
    assert guards(*guarded_tests(before, after), tmp_path) == expected


@pytest.mark.parametrize(
    ("path_restriction", "expected"),
    [(["tests/*"], ["more.yaml is new, and may declare everything"]), ([], [])],
)
def test_a_new_file_of_access_tests_beside_fenced_ones(
    path_restriction: list[str], expected: list[str], tmp_path: Path
) -> None:
    """Where each file has a fence, one without is a way around them; where one has none already, it is a
    file like that.
    """
    before, after = guarded_tests(tuple(path_restriction), tuple(path_restriction))
    after[ROOT]["tests"] = [*after[ROOT]["tests"], "more.yaml"]
    after["more.yaml"] = NO_TESTS
    assert guards(before, after, tmp_path) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            [["applications/*"], ["applications/a-*"]],
            [["applications/*"]],
            ["t.yaml is no longer held to applications/a-*"],
        ),
        ([["applications/*"], ["applications/a-*"]], [["applications/a-*"]], []),
        ([["applications/*"]], [["applications/*"], ["applications/a-*", "removed"]], []),
        ([["applications/*"]], [["applications/a-*"]], []),
        ([[]], [["applications/*"]], []),
    ],
)
def test_of_several_fences_each_one_counts(
    before: list[list[str]], after: list[list[str]], expected: list[str], tmp_path: Path
) -> None:
    """A key must be in each fence of its file: one of two that goes is told; a fence where there was none
    lowers nothing.
    """
    team = {"applications": {"a-job": {"type": "daemon", "displayName": "Job"}}}
    sides: list[Files] = []
    for path_restrictions in (before, after):
        entries = [{"path": "t.yaml", "mayDeclare": each} if each else "t.yaml" for each in path_restrictions]
        root = {"project": "shop", "environments": {"prod": {"tenantId": CONTOSO}}, "files": entries}
        sides.append({ROOT: root, "t.yaml": team})
    assert guards(sides[0], sides[1], tmp_path) == expected


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
        (policy(limits={"maxPeople": 100}), ["guard: `policy.limits`: max_people 10 → 100"]),
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
    edits = based.edits(Common(manifest=tmp_path / "change"), manifest, str(tmp_path / "base"))

    assert [str(each.text) for each in edits.guards] == [
        "deployer 'Emulator deployer': never removed as an owner, and what it makes is ours",
        "`policy.consent` lists Read (application) of hr",
    ]


def test_what_mends_a_broken_manifest_is_planned(tenant: Tenant, tmp_path: Path) -> None:
    """Where main does not hold everything counts as new, and that is said first."""
    planned(tenant, tmp_path, swap)
    (tmp_path / "base" / MAIN).write_text("applications: {api: {typo: 1}}\n")
    manifest = loader.load(tmp_path / "change", "prod")
    edits = based.edits(Common(manifest=tmp_path / "change"), manifest, str(tmp_path / "base"))

    assert edits.guards[0].text.startswith("what was there does not hold, so all of it counts as new: ")
    assert len(edits.names) == 3
