"""Each pin that a change edits is told, with the object that it leads to."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.drift.edits import find_edits
from entra_config.manifest import loader
from entra_config.report import markdown, text
from tests.oracle.tenant import Tenant
from tests.unit.actual.edits import LOCK, MAIN, MALLORY, Edit, Files, pinned, planned, reported, swap


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


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (twin, ["pin: group 'Twins' is new: 'Twins' (dddddddd…), one of 2"]),
        (plain, ["pin: 2 new, each of the only object with that name"]),
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


def test_what_mends_a_broken_manifest_is_planned(tenant: Tenant, tmp_path: Path) -> None:
    """Where main does not hold everything counts as new, and that is said first."""
    planned(tenant, tmp_path, swap)
    (tmp_path / "base" / MAIN).write_text("applications: {api: {typo: 1}}\n")
    manifest = loader.load(tmp_path / "change", "prod")
    edits = find_edits(manifest, tmp_path / "change", str(tmp_path / "base"))

    assert edits.guards[0].text.startswith(
        "the manifest of the base is not valid, so all of this one counts as new: "
    )
    assert len(edits.names) == 3
