"""Who may consent to delegated permissions, and what a consent writes."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.grant_policies import ANYTHING
from entra_emulator.identifiers import link_id
from entra_emulator.login import consent
from entra_emulator.login.consent import Need
from entra_emulator.login.parties import Party
from tests.conformance.login.login_world import World
from tests.unit.emulator.login.seen import party


@pytest.mark.parametrize(
    ("scope", "user", "world_of", "allowed"),
    [
        ("user.read", "bob", {}, True),
        ("user.read user.write", "bob", {}, True),
        ("user.read user.admin", "bob", {}, False),
        ("user.admin", "alice", {}, True),
        ("user.admin", "grace", {}, True),
        ("user.gone", "bob", {}, False),
        ("user.read", "bob", {"web": True}, False),
        ("user.read", "bob", {"api": True}, False),
        ("user.read", "grace", {"api": True, "web": True}, True),
        ("user.read", "bob", {"choices": {"usersMayConsent": False}}, False),
        ("user.read", "grace", {"choices": {"usersMayConsent": False}}, True),
        ("user.read", "bob", {"choices": {"userConsentPolicies": []}}, False),
    ],
)
def test_who_may_consent(scope: str, user: str, world_of: dict[str, Any], *, allowed: bool) -> None:
    """People to what needs no administrator, where nothing asks for an assignment; administrators to all."""
    world = World()
    for name in ("web", "api"):
        world.set_principal(name, appRoleAssignmentRequired=world_of.get(name, False))
    world.tenant.choices = world.tenant.choices.changed(world_of.get("choices", {}))
    client = party(world, "web")
    needs = [Need(client, party(world, "api"), tuple(scope.split()))]
    assert consent.may_consent(world.tenant, client, needs, world.user(user)) is allowed
    assert consent.may_consent(world.tenant, client, [], world.user(user)) is (
        allowed
        or not {"web", "choices"} & set(world_of)
        or world_of.get("choices") == {"userConsentPolicies": []}
    )


@pytest.mark.parametrize(
    ("conditions", "allowed"),
    [
        ({"permissionClassification": "low"}, True),
        ({"permissionClassification": "medium"}, False),
        ({"clientApplicationIds": ["web"]}, True),
        ({"clientApplicationTenantIds": [seed.CONTOSO]}, True),
        ({"clientApplicationTenantIds": [seed.FABRIKAM]}, False),
        ({"clientApplicationPublisherIds": ["p1"]}, True),
        ({"clientApplicationPublisherIds": ["p2"]}, False),
        ({"resourceApplication": "api"}, True),
        ({"resourceApplication": "other"}, False),
        ({"permissions": [seed.fixed_id("api", "user.read")]}, True),
        ({"permissions": [seed.fixed_id("api", "user.write")]}, False),
    ],
)
def test_people_consent_by_the_tenant_s_policies(conditions: dict[str, Any], *, allowed: bool) -> None:
    """By the client's id, tenant and publisher, the resource, and the permission's id and class."""
    world = World()
    world.set("web", verifiedPublisher={"verifiedPublisherId": "p1"})
    named = {
        name: [world.app_ids.get(each, each) for each in value]
        if isinstance(value, list)
        else world.app_ids.get(value, value)
        for name, value in conditions.items()
    }
    row: dict[str, Any] = {"id": "own", "includes": [{**ANYTHING, **named}], "excludes": []}
    world.tenant.tables["permissionGrantPolicies"].put(row)
    api = party(world, "api")
    for number, (value, kind) in enumerate((("user.write", "medium"), ("user.read", "low"))):
        world.tenant.tables["classifications"].put(
            {
                "id": f"c{number}",
                "_principal": api.id,
                "permissionId": seed.fixed_id("api", value),
                "classification": kind,
            }
        )
    world.tenant.choices = world.tenant.choices.changed({"userConsentPolicies": ["own"]})
    client = party(world, "web")
    needs = [Need(client, api, ("user.read",))]
    assert consent.may_consent(world.tenant, client, needs, world.user("bob")) is allowed


def test_a_client_of_elsewhere_is_of_its_own_tenant() -> None:
    """As its service principal says, and of none where that says nothing."""
    world = World()
    row: dict[str, Any] = {
        "id": "own",
        "includes": [{**ANYTHING, "clientApplicationTenantIds": [seed.FABRIKAM]}],
        "excludes": [],
    }
    world.tenant.tables["permissionGrantPolicies"].put(row)
    world.tenant.choices = world.tenant.choices.changed({"userConsentPolicies": ["own"]})
    for owner, allowed in ((seed.FABRIKAM, True), (seed.CONTOSO, False), (None, False)):
        client = Party("far", {}, {"id": "f", "appOwnerOrganizationId": owner})
        needs = [Need(client, party(world, "api"), ("user.read",))]
        assert consent.may_consent(world.tenant, client, needs, world.user("bob")) is allowed


@pytest.mark.parametrize(("user", "principal"), [("bob", "Principal"), (None, "AllPrincipals")])
def test_what_a_consent_writes(user: str | None, principal: str) -> None:
    """A grant of its own for a person or for everybody, with what was in it before."""
    world = World()
    client, api, other = (party(world, name) for name in ("web", "api", "other"))
    world.grant("web", "api", "user.admin", "carol")
    row = world.user(user) if user else None
    (first, second) = consent.record(
        world.tenant,
        client,
        [Need(client, api, ("user.read",)), Need(Party("web2", {}, {"id": other.id}), api, ("user.read",))],
        row,
    )
    bob = row["id"] if row else None
    ids = (client.id, api.id, *((bob,) if bob else ()))
    expected = {
        "clientId": client.id,
        "consentType": principal,
        "id": link_id(*ids),
        "principalId": bob,
        "resourceId": api.id,
        "scope": "user.read",
    }
    assert (first.row, first.resource, first.before) == (expected, api, "")
    assert second.row["clientId"] == other.id
    needs = [Need(client, api, ("user.write", "user.read"))]
    (again,) = consent.record(world.tenant, client, needs, row)
    assert (again.row, again.before) == ({**expected, "scope": "user.read user.write"}, "user.read")
    assert world.tenant.oauth2_permission_grants.get(expected["id"]) == again.row


def test_a_client_that_is_new_gets_its_grant_under_the_principal_that_was_made() -> None:
    """What was found before it was made has no id yet."""
    world = World()
    client = party(world, "web")
    needs = [Need(Party(client.app_id, client.application, {}), party(world, "api"), ("user.read",))]
    (written,) = consent.record(world.tenant, client, needs, None)
    assert written.row["clientId"] == client.id


def test_roles_that_a_client_asks_for_are_assigned_once() -> None:
    """Those that it holds stay, scopes are none, and a resource that is not there is left out."""
    world = World()
    roles = [seed.fixed_id("api", "role", label) for label in ("Reader", "Writer", "Admin")]
    access = [{"id": each, "type": "Role"} for each in roles]
    access.append({"id": seed.fixed_id("api", "user.read"), "type": "Scope"})
    entries = [
        {"resourceAppId": seed.FABRIKAM, "resourceAccess": access},
        {"resourceAppId": world.app_ids["api"], "resourceAccess": access},
    ]
    world.set("daemon", requiredResourceAccess=entries)
    world.assign("app:daemon", "api", "Writer")
    client = party(world, "daemon")
    made = consent.assign(world.service, world.tenant, client)
    assert [row["appRoleId"] for row, _ in made] == sorted({roles[0], roles[2]})
    for row, resource in made:
        assert resource == world.principal("api")
        assert world.tenant.app_role_assignments.get(row["id"]) == row
        assert (row["principalId"], row["principalType"]) == (client.id, "ServicePrincipal")
        assert row["createdDateTime"] == "2026-01-01T00:00:00Z"
    assert consent.assign(world.service, world.tenant, client) == []
    assert consent.assign(world.service, world.tenant, Party("x", {"requiredResourceAccess": None}, {})) == []
