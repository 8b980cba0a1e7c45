"""What the audit log keeps of a consent, record by record."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.login import consent_log
from entra_emulator.login.consent import Need
from tests.conformance.login.login_world import World
from tests.unit.emulator.login.seen import party


def consented(world: World, *names: str, everyone: bool, roles: bool = False) -> list[dict[str, Any]]:
    """Let bob consent to scopes of the API for the web client; return what the log has more."""
    before = len(world.tenant.audit)
    client = party(world, "web")
    needs = [Need(client, party(world, "api"), names)] if names else []
    consent_log.consented(
        world.service, world.tenant, client, needs, world.user("bob"), everyone=everyone, roles=roles
    )
    return world.tenant.audit[before:]


def changes(record: dict[str, Any], target: int = 0) -> dict[str, tuple[Any, Any]]:
    """Return what a record says of a target: by name, what was and what is."""
    properties = record["targetResources"][target]["modifiedProperties"]
    return {each["displayName"]: (each["oldValue"], each["newValue"]) for each in properties}


@pytest.mark.parametrize(("everyone", "kind"), [(True, "AllPrincipals"), (False, "Principal")])
def test_the_records_of_a_first_consent(*, everyone: bool, kind: str) -> None:
    """The grant and the consent, of one moment, under one id, by the person through the page."""
    world = World()
    added, consent = consented(world, "user.read", "user.write", everyone=everyone)
    assert [each["activityDisplayName"] for each in (added, consent)] == [
        "Add delegated permission grant",
        "Consent to application",
    ]
    assert added["correlationId"] == consent["correlationId"]
    assert added["id"] != consent["id"]
    for record in (added, consent):
        assert {
            name: record[name] for name in ("category", "result", "operationType", "loggedByService")
        } == {
            "category": "ApplicationManagement",
            "result": "success",
            "operationType": "Assign",
            "loggedByService": "Core Directory",
        }
        assert record["activityDateTime"] == "2026-01-01T00:00:00Z"
        assert record["initiatedBy"]["app"] is None
        user = record["initiatedBy"]["user"]
        assert (user["id"], user["userPrincipalName"]) == (world.user("bob")["id"], "bob@contoso.com")
        assert user["displayName"] == "Azure ESTS Service"
    (row,) = [
        each
        for each in world.tenant.oauth2_permission_grants
        if each["resourceId"] == world.principal("api")["id"]
    ]
    assert row["consentType"] == kind
    api, web = world.principal("api")["id"], world.principal("web")["id"]
    assert [each["id"] for each in added["targetResources"]] == [api, web]
    assert [each["displayName"] for each in added["targetResources"]] == ["Api", None]
    found = changes(added)
    assert found["DelegatedPermissionGrant.Scope"] == ('""', '" user.read user.write"')
    assert found["DelegatedPermissionGrant.ConsentType"][1] == f'"{kind}"'
    assert found["ServicePrincipal.ObjectID"][1] == f'"{web}"'
    assert changes(added, 1) == {}
    (target,) = consent["targetResources"]
    assert (target["id"], target["displayName"]) == (web, "Web")
    told = changes(consent)
    assert (
        told["ConsentContext.IsAdminConsent"][1] == told["ConsentContext.OnBehalfOfAll"][1] == f'"{everyone}"'
    )
    assert told["ConsentContext.IsAppOnly"][1] == '"False"'
    person = "" if everyone else world.user("bob")["id"]
    permission = (
        f"[Id: {row['id']}, ClientId: {web}, PrincipalId: {person}, ResourceId: {api}, ConsentType: {kind}, "
        "Scope:  user.read user.write, CreatedDateTime: , LastModifiedDateTime ]"
    )
    assert told["ConsentAction.Permissions"][1] == f'"[] => [{permission}]; "'


def test_a_widened_consent_is_an_addition_and_a_removal() -> None:
    """With the same values."""
    world = World()
    consented(world, "user.read", everyone=False)
    added, removed, consent = consented(world, "user.write", everyone=False)
    assert [each["activityDisplayName"] for each in (added, removed, consent)] == [
        "Add delegated permission grant",
        "Remove delegated permission grant",
        "Consent to application",
    ]
    assert [each["operationType"] for each in (added, removed, consent)] == ["Assign", "Unassign", "Assign"]
    assert added["targetResources"] == removed["targetResources"]
    assert changes(added)["DelegatedPermissionGrant.Scope"] == ('"user.read"', '" user.read user.write"')


@pytest.mark.parametrize("roles", [True, False])
def test_roles_that_are_assigned_with_a_consent(*, roles: bool) -> None:
    """They have a record each, before the consent's, where they are meant."""
    world = World()
    role = {"id": seed.fixed_id("api", "role", "Reader"), "type": "Role"}
    access = [{"resourceAppId": world.app_ids["api"], "resourceAccess": [role]}]
    world.set("web", requiredResourceAccess=access)
    records = consented(world, everyone=True, roles=roles)
    names = [each["activityDisplayName"] for each in records]
    assert names == [
        *(["Add app role assignment to service principal"] if roles else []),
        "Consent to application",
    ]
    assert len({each["correlationId"] for each in records}) == 1
    assert [
        row["appRoleId"] for row in world.tenant.app_role_assignments if row["resourceDisplayName"] == "Api"
    ] == ([role["id"]] if roles else [])
    assert changes(records[-1])["ConsentAction.Permissions"][1] == '"[] => []; "'


def test_who_consented_is_known_to_tests() -> None:
    """Where deeds are kept."""
    world = World()
    world.tenant.deeds = []
    consented(world, "user.read", everyone=False)
    assert world.tenant.deeds
    assert {deed.actor for deed in world.tenant.deeds} == {world.user("bob")["id"]}
