"""Between plan and apply somebody interferes: refused with the field named; undisturbed, exactly the shown
requests are sent.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from entra_config.apply.events import Outcome
from entra_config.cli import saved as saving
from entra_config.errors import StalePlanError
from entra_config.graph.client import ResponseReceived
from entra_config.graph.request import Request
from entra_config.manifest.model import Manifest
from entra_config.plan import file
from entra_config.plan.model import Plan
from entra_config.resource import Ref, resolve
from tests.convergence.before_and_after import AFTER, BEFORE
from tests.convergence.tenant import Tenant, load

Meddling = Callable[[Tenant], Request]


def row(tenant: Tenant, key: str) -> dict[str, Any]:
    """Find an application of the project."""
    found: dict[str, Any] = next(
        row for row in tenant.applications() if f"entra-config:key={key}" in row["tags"]
    )
    return found


def principal(tenant: Tenant, key: str) -> dict[str, Any]:
    """Find its service principal."""
    app_id = row(tenant, key)["appId"]
    found: dict[str, Any] = next(row for row in tenant.tables.service_principals if row["appId"] == app_id)
    return found


def patch(key: str, **values: Any) -> Meddling:
    """Change an application."""
    return lambda tenant: Request("PATCH", f"/applications/{row(tenant, key)['id']}", values)


def api(tenant: Tenant) -> dict[str, Any]:
    """Return the API's `api` property as it is."""
    found: dict[str, Any] = row(tenant, "api")["api"]
    return found


def role(value: str) -> dict[str, Any]:
    """Make one more role."""
    return {
        "id": "7c3ab2b0-0000-4000-8000-00000000000a",
        "value": value,
        "displayName": value,
        "description": value,
        "allowedMemberTypes": ["User"],
        "isEnabled": True,
    }


def more_scopes(tenant: Tenant) -> Request:
    """Add a scope."""
    one = {
        **api(tenant)["oauth2PermissionScopes"][0],
        "id": "7c3ab2b0-0000-4000-8000-00000000000b",
        "value": "sneaky",
    }
    body = {"api": {"oauth2PermissionScopes": [*api(tenant)["oauth2PermissionScopes"], one]}}
    return Request("PATCH", f"/applications/{row(tenant, 'api')['id']}", body)


def more_roles(tenant: Tenant) -> Request:
    """Add a role."""
    return Request(
        "PATCH",
        f"/applications/{row(tenant, 'api')['id']}",
        {"appRoles": [*row(tenant, "api")["appRoles"], role("Sneaky")]},
    )


def fewer_clients(tenant: Tenant) -> Request:
    """Take all authorized clients away."""
    return Request(
        "PATCH", f"/applications/{row(tenant, 'api')['id']}", {"api": {"preAuthorizedApplications": []}}
    )


def disabled_role(tenant: Tenant) -> Request:
    """Disable a role that the plan edits."""
    roles = [{**item, "isEnabled": item["value"] != "Reader"} for item in row(tenant, "api")["appRoles"]]
    return Request("PATCH", f"/applications/{row(tenant, 'api')['id']}", {"appRoles": roles})


def assigned(tenant: Tenant) -> Request:
    """Give a role of the plan's to somebody else."""
    id_ = principal(tenant, "api")["id"]
    reader = next(item["id"] for item in row(tenant, "api")["appRoles"] if item["value"] == "Reader")
    group = next(item["id"] for item in tenant.tables.groups if item["displayName"] == "On call")
    return Request(
        "POST",
        f"/servicePrincipals/{id_}/appRoleAssignedTo",
        {"principalId": group, "resourceId": id_, "appRoleId": reader},
    )


def unassigned(tenant: Tenant) -> Request:
    """Take an assignment away that the plan would remove."""
    id_ = principal(tenant, "api")["id"]
    found = next(
        item
        for item in tenant.tables.app_role_assignments
        if item["resourceId"] == id_ and item["principalType"] == "Group"
    )
    return Request("DELETE", f"/servicePrincipals/{id_}/appRoleAssignedTo/{found['id']}")


def regranted(tenant: Tenant) -> Request:
    """Widen a consent."""
    found = next(
        item
        for item in tenant.tables.oauth2_permission_grants
        if item["clientId"] == principal(tenant, "spa")["id"]
    )
    return Request("PATCH", f"/oauth2PermissionGrants/{found['id']}", {"scope": "read"})


def federated(tenant: Tenant) -> Request:
    """Point a federated credential elsewhere."""
    id_ = row(tenant, "nightly")["id"]
    found = next(
        item
        for item in tenant.tables.federated_identity_credentials
        if item["_application"] == id_ and item["name"] == "two"
    )
    return Request(
        "PATCH",
        f"/applications/{id_}/federatedIdentityCredentials/{found['id']}",
        {"subject": "repo:evil/app:environment:x"},
    )


def unrequired(tenant: Tenant) -> Request:
    """Let service principals in without an assignment."""
    return Request(
        "PATCH", f"/servicePrincipals/{principal(tenant, 'api')['id']}", {"appRoleAssignmentRequired": False}
    )


def deleted(tenant: Tenant) -> Request:
    """Delete an application."""
    return Request("DELETE", f"/applications/{row(tenant, 'spa')['id']}")


def taken(_: Tenant) -> Request:
    """Take the unique name that the plan would create."""
    return Request("POST", "/applications", {"displayName": "Squatter", "uniqueName": "myapp.dev.tool"})


def other_uri(tenant: Tenant) -> Request:
    """Replace an identifier URI."""
    mine = f"api://{row(tenant, 'api')['appId']}"
    return patch("api", identifierUris=[mine, "https://contoso.com/x"])(tenant)


# What is done, what a saved plan calls it, and the field that a guard names (none where the write replaces
# nothing).
KINDS: dict[str, tuple[Meddling, str, str]] = {
    "name": (patch("api", displayName="Theirs"), "displayName", "displayName"),
    "identifier URIs": (other_uri, "identifierUris", "identifierUris"),
    "redirect URIs": (
        patch("spa", spa={"redirectUris": ["https://evil.example.com/"]}),
        "redirectUris",
        "spa.redirectUris",
    ),
    "required permissions": (
        patch("spa", requiredResourceAccess=[]),
        "requiredResourceAccess",
        "requiredResourceAccess",
    ),
    "another scope": (more_scopes, "oauth2PermissionScopes", "oauth2PermissionScopes"),
    "another role": (more_roles, "appRoles", "appRoles"),
    "authorized clients": (fewer_clients, "authorizedClient.spa/api", "preAuthorizedApplications"),
    "a disabled role": (disabled_role, "appRoles", "appRoles"),
    "another assignment": (assigned, "appRoleAssignment.api/Reader", ""),
    "an assignment less": (unassigned, "appRoleAssignment.api/", ""),
    "a consent": (regranted, "permissionGrant.spa/api", ""),
    "a federated credential": (federated, "federatedCredential.nightly/two", ""),
    "assignment required": (unrequired, "enterpriseApplication.api", ""),
    "a deletion": (deleted, "application.spa", ""),
    "a squatter": (taken, "application.tool", ""),
}
GUARDED = [kind for kind, (_, _, field) in KINDS.items() if field]


class Meeting:
    """A tenant that holds BEFORE, and a plan of AFTER."""

    def __init__(self, folder: Path) -> None:
        self.goal: Manifest = load(folder / "b", AFTER)
        self.tenant = Tenant()
        assert asyncio.run(self.tenant.converge(load(folder / "a", BEFORE))).complete

    async def plan(self) -> Plan:
        """Plan."""
        async with await self.tenant.connect() as graph:
            return await self.tenant.plan(graph, self.goal)

    async def apply(self, plan: Plan, ear: Any = None) -> Outcome:
        """Carry a plan out, stale as it may be."""
        async with await self.tenant.connect() as graph:
            if ear is None:
                return await self.tenant.carry_out(graph, plan)
            with graph.observed_by(ear):
                return await self.tenant.carry_out(graph, plan, wait=False)

    async def meddle(self, request: Request) -> None:
        """Do what somebody else does."""
        async with await self.tenant.connect() as graph:
            (response,) = await graph.send([request])
            assert response.ok, response


@pytest.fixture
def meeting(tmp_path: Path) -> Meeting:
    """Prepare."""
    return Meeting(tmp_path)


@pytest.mark.parametrize("kind", KINDS)
def test_a_saved_plan_is_refused_when_somebody_interfered(
    kind: str, meeting: Meeting, tmp_path: Path
) -> None:
    """What moved between plan and apply is named, by object and field."""
    meddling, words, _ = KINDS[kind]
    saved = tmp_path / "plan.json"
    saving.write(saved, asyncio.run(meeting.plan()))
    asyncio.run(meeting.meddle(meddling(meeting.tenant)))
    with pytest.raises(StalePlanError) as caught:
        file.compare(saving.read(saved), asyncio.run(meeting.plan()))
    assert words in str(caught.value)


@pytest.mark.parametrize("kind", GUARDED)
def test_a_write_is_refused_when_what_it_replaces_moved(kind: str, meeting: Meeting) -> None:
    """The same between the plan's reading and the write, inside one apply: the guard names the field, the
    other's value stays.
    """
    meddling, _, field = KINDS[kind]
    plan = asyncio.run(meeting.plan())
    asyncio.run(meeting.meddle(meddling(meeting.tenant)))
    outcome = asyncio.run(meeting.apply(plan))
    assert any(error.code == "Moved" and field in str(error) for _, error in outcome.failed)
    assert meeting.tenant.doubles() == []


def test_undisturbed_apply_sends_what_the_plan_showed_request_by_request(meeting: Meeting) -> None:
    """Every write is one that the plan lists, each once: method, path and body."""
    plan = asyncio.run(meeting.plan())
    sent: list[str] = []

    class Ear:
        def responded(self, event: ResponseReceived) -> None:
            if event.request.method != "GET" and event.response.ok:
                sent.append(written(event.request, {}))

        def waiting(self, reason: str, seconds: float) -> None:
            pass

    outcome = asyncio.run(meeting.apply(plan, Ear()))
    assert outcome.complete

    # Graph refuses to edit what is enabled, so the way around is taken, which the plan lists too; no name is
    # taken here.
    refused = [step for step in plan.steps if step.fallback and step.request.method == "PATCH"]
    shown = [written(step.request, outcome.known) for step in plan.steps if step not in refused]
    detours = [written(request, outcome.known) for step in refused for request in step.fallback]
    assert detours
    assert any('"appRoles"' in line for line in shown)
    assert sorted(sent) == sorted(shown + detours)


def written(request: Request, known: Mapping[Ref, str]) -> str:
    """Spell a request out with the ids that came to be known."""
    body = resolve(request.body, known)
    return f"{request.method} {resolve(request.path, known)} {json.dumps(body, sort_keys=True)}"
