"""`destroy` at applications of others: what the manifest lists there goes, what it only adds stays, nobody
else's is touched.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.embedded import Embedded
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
    stay, and are told. Without the word nothing is taken, and afterwards there is nothing left to take.
    """
    before = held(tenant, hr)
    refused = run(*DESTROY)
    assert (refused.code, "last holder" in refused.out) == (3, True)
    assert held(tenant, hr) == before
    assigned(tenant, hr, seed.fixed_id(seed.CONTOSO, "user", "erin@contoso.com"), "Reader")
    shown = run(*DESTROY, "--allow", "many", "--allow", "last")
    assert shown.code == 0, shown.err
    assert 'app role assignment hr/Reader ← group "Audit"' in shown.out
    assert "another project may list it too" in shown.out
    assert "keeps hr/Writer: additive never takes away" in shown.out
    assert held(tenant, hr) == {("Erin Evans", "Reader"), ("On call", "Writer")}
    again = run(*DESTROY, "--allow", "many", "--allow", "last")
    assert (again.code, "No changes" in again.out) == (0, True)
    assert held(tenant, hr) == {("Erin Evans", "Reader"), ("On call", "Writer")}


def _tagged(tenant: Embedded, name: str, key: str) -> dict[str, Any]:
    """Let a user of the tenant register an application and tag it as one of ours."""
    tags = ["entra-config:owner=myapp/dev", f"entra-config:key={key}"]
    return seed.add_application(tenant.directory.default, name, tags=tags)


def _live(tenant: Embedded) -> set[str]:
    return {app["displayName"] for app in tenant.directory.default.applications}


def test_what_is_still_tagged_with_its_former_key_is_destroyed(run: Run, tenant: Embedded) -> None:
    """A rename that was not applied yet leaves no application with its holders behind."""
    assert run(*APPLY).code == 0
    api = Path("manifests/applications/api.yaml")
    text = api.read_text(encoding="utf-8")
    assert run("move", "key", "api", "records").code == 0
    assert "previously: api" in api.read_text(encoding="utf-8") != text
    done = run(*DESTROY, "--allow", "many", "--allow", "last")
    assert done.code == 0, done.err
    assert not {"MyApp API (dev)", "MyApp (dev)", "MyApp Nightly (dev)"} & _live(tenant)


def test_what_bears_our_tags_alone_is_listed_with_who_created_it(run: Run, tenant: Embedded) -> None:
    """Anybody can plant a tag: the exit code stays 0, and the application is left alone."""
    assert run(*APPLY).code == 0
    planted = _tagged(tenant, "Planted", "unknown")
    done = run(*DESTROY, "--allow", "many", "--allow", "last")
    assert done.code == 0, done.err
    assert f"'Planted' (appId {planted['appId']}), created {planted['createdDateTime']}" in done.err
    assert "Planted" in _live(tenant)


def test_of_two_claimants_of_a_key_nothing_is_destroyed(run: Run, tenant: Embedded) -> None:
    """It ends with 3 and lists both, since either of them may be ours."""
    Path("manifests/entra-config.dev.lock.yaml").unlink()
    both = [_tagged(tenant, name, "api") for name in ("One", "Two")]
    done = run(*DESTROY, "--quiet")
    assert done.code == 3
    assert all(f"'{app['displayName']}' (appId {app['appId']}), tagged as `api`" in done.err for app in both)
    assert "entra-config lock -e dev --accept KEY=APPID" in done.err
    assert {"One", "Two"} <= _live(tenant)


@pytest.mark.parametrize(("pinned", "how"), [(True, "pinned for"), (False, "with the uniqueName of")])
def test_what_lost_its_tags_is_not_forgotten(run: Run, tenant: Embedded, pinned: bool, how: str) -> None:
    """The lock file or the immutable name knows an application that the tags no longer find."""
    assert run(*APPLY).code == 0
    applications = tenant.directory.default.applications
    api = next(app for app in applications if app["displayName"] == "MyApp API (dev)")
    if pinned:
        assert run("lock", "-e", "dev", "--accept", f"api={api['appId']}").code == 0
    applications.put({**api, "tags": []})
    done = run(*DESTROY, "--allow", "many", "--allow", "last")
    assert (done.code, "MyApp API (dev)" in _live(tenant)) == (3, True), done.err
    assert f"'MyApp API (dev)' (appId {api['appId']}), {how} `api`" in done.err


def test_what_another_environment_pins_is_not_destroyed(run: Run, tenant: Embedded) -> None:
    """Its tags say that it is ours, and the lock file of the other environment decides: exit code 0."""
    assert run("apply", "-e", "prod", "--auto-approve", "--pins", "write").code == 0
    applications = tenant.directory.default.applications
    api = next(app for app in applications if app["displayName"] == "MyApp API")
    tags = ["entra-config:owner=myapp/dev", "entra-config:key=api"]
    applications.put({**api, "tags": tags})
    done = run(*DESTROY, "--allow", "many", "--allow", "last")
    assert (done.code, "MyApp API" in _live(tenant)) == (0, True), done.err
    assert f"'MyApp API' (appId {api['appId']}), created {api['createdDateTime']}" in done.err
