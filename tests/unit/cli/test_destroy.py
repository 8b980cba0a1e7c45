"""`destroy` at applications of others: what the manifest lists there goes, what it only adds stays, nobody
else's is touched.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from entra_config.emulator import seed
from entra_config.emulator.embedded import Embedded
from tests.unit.cli.ran import Run

ROLES = {"Reader": "0aaaaaaa-0000-4000-8000-000000000001", "Writer": "0aaaaaaa-0000-4000-8000-000000000002"}
APPLY, DESTROY = ("apply", "-e", "dev", "--auto-approve"), ("destroy", "-e", "dev", "--auto-approve")


@pytest.fixture
def hr(run: Run, tenant: Embedded) -> dict[str, Any]:
    """Make an application of others, give it roles in the manifest and by another project's hand, and
    apply.
    """
    role = {"description": "r", "isEnabled": True, "allowedMemberTypes": ["User"]}
    roles = [{**role, "id": id_, "value": value, "displayName": value} for value, id_ in ROLES.items()]
    app = seed.add_application(tenant.directory.default, "HR", appRoles=roles)
    principal = seed.add_service_principal(tenant.directory.default, app)
    root = Path("manifests/entra-config.yaml")
    root.write_text(root.read_text().replace("files:", "files:\n  - path: hr.yaml", 1))
    Path("manifests/hr.yaml").write_text(
        "enterpriseApplications: { hr: HR }\n"
        "appRoleAssignments:\n"
        "  hr: { Reader: { groups: [Audit], users: [bob@contoso.com] }, Writer: { groups: [On call], "
        "additive: true } }\n"
    )
    assert run("lock", "-e", "dev").code == 0
    assert run(*APPLY).code == 0
    assert {each[0] for each in held(tenant, principal)} == {"Audit", "Bob Baker", "On call"}
    return principal


def held(tenant: Embedded, principal: dict[str, Any]) -> set[tuple[str, str]]:
    """Return who holds which role there."""
    names = {id_: value for value, id_ in ROLES.items()}
    rows = tenant.directory.default.app_role_assignments.find("resourceId", principal["id"])
    return {(row["principalDisplayName"], names[row["appRoleId"]]) for row in rows}


def assigned(tenant: Embedded, principal: dict[str, Any], who: str, role: str) -> None:
    """Let another project give somebody a role there."""

    async def send() -> None:
        async with tenant.client(tenant.app_caller(seed.ADMIN_APP_ID)) as client:
            body = {"principalId": who, "resourceId": principal["id"], "appRoleId": ROLES[role]}
            response = await client.post(f"/servicePrincipals/{principal['id']}/appRoleAssignedTo", json=body)
            assert response.is_success, response.text

    asyncio.run(send())


def test_story_14_what_the_manifest_lists_at_others_goes_too(
    run: Run, tenant: Embedded, hr: dict[str, Any]
) -> None:
    """Story 14: roles that the manifest gave are shown and taken; others' holders and what was only added
    stay, and are told.
    """
    assigned(tenant, hr, seed.fixed_id(seed.CONTOSO, "user", "erin@contoso.com"), "Reader")
    shown = run(*DESTROY, "--allow", "many", "--allow", "last")
    assert shown.code == 0, shown.err
    assert 'app role assignment hr/Reader ← group "Audit"' in shown.out
    assert "another project may list it too" in shown.out
    assert "keeps hr/Writer: additive never takes away" in shown.out
    assert held(tenant, hr) == {("Erin Evans", "Reader"), ("On call", "Writer")}


def test_story_14_the_limits_hold_there(run: Run, tenant: Embedded, hr: dict[str, Any]) -> None:
    """The last holder of a role that stays is not taken without the word."""
    before = held(tenant, hr)
    refused = run(*DESTROY)
    assert refused.code == 3
    assert "last holder" in refused.out
    assert held(tenant, hr) == before


def test_story_14_destroying_twice_finds_nothing_more(run: Run, tenant: Embedded, hr: dict[str, Any]) -> None:
    """What is gone is gone: a second run has nothing to do there, whoever else was given the role
    meanwhile.
    """
    assert run(*DESTROY, "--allow", "many", "--allow", "last").code == 0
    assigned(tenant, hr, seed.fixed_id(seed.CONTOSO, "user", "erin@contoso.com"), "Reader")
    again = run(*DESTROY, "--allow", "many", "--allow", "last")
    assert (again.code, "No changes" in again.out) == (0, True)
    assert held(tenant, hr) == {("Erin Evans", "Reader"), ("On call", "Writer")}
