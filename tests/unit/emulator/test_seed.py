"""What a new directory holds, and what is added to it for a manifest."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.clock import ManualClock
from entra_emulator.directory import Tenants
from entra_emulator.graph.entities.application import make_application
from entra_emulator.graph.entities.group import make_group
from entra_emulator.graph.entities.service_principal import make_service_principal, mirror_application
from entra_emulator.graph.entities.user import make_user
from entra_emulator.identifiers import link_id, secret_digest
from entra_emulator.seed_rows import ADMIN, DEPLOYER, FIRST_PARTY, READER, WRITER
from entra_emulator.tenant import Tenant

CREATED, TENANT = "2025-01-01T00:00:00Z", "0d000000-0000-4000-8000-00000000000a"
I1, I2, I3 = (f"0d000000-0000-4000-8000-00000000000{digit}" for digit in "bcd")


def test_ids_are_derived_of_names() -> None:
    """Whatever their case; they look as those that are drawn."""
    assert seed.fixed_id("A", "b") == seed.fixed_id("a", "B") != seed.fixed_id("ab")
    assert uuid.UUID(seed.fixed_id("a")).version == 4


def new() -> Tenant:
    """Return an empty tenant."""
    return seed.empty(TENANT, "T", ["t.onmicrosoft.com", "t.example"])


def test_a_tenant_begins_with_microsoft_s_service_principals() -> None:
    """Graph with its permissions and names, and those of others; the first of them has one permission."""
    tenant = new()
    names = {row["appId"]: row["displayName"] for row in tenant.service_principals}
    assert names == {seed.GRAPH_APP_ID: "Microsoft Graph", **dict(FIRST_PARTY)}
    assert (tenant.tenant_id, tenant.display_name) == (TENANT, "T")
    assert tenant.domains == ("t.onmicrosoft.com", "t.example")
    for row in tenant.service_principals:
        assert row["id"] == seed.fixed_id(TENANT, "servicePrincipal", row["appId"])
        assert row["appOwnerOrganizationId"] == seed.MICROSOFT
        assert (row["appDisplayName"], row["signInAudience"]) == (row["displayName"], "AzureADMultipleOrgs")
        assert row["createdDateTime"] is None
    offered = {row["appId"]: len(row["oauth2PermissionScopes"]) for row in tenant.service_principals}
    graph = tenant.service_principal_by_app_id(seed.GRAPH_APP_ID)
    assert graph is not None
    assert {app_id: count for app_id, count in offered.items() if app_id != seed.GRAPH_APP_ID} == {
        app_id: int(number == 0) for number, (app_id, _) in enumerate(FIRST_PARTY)
    }
    management = tenant.service_principal_by_app_id(FIRST_PARTY[0][0])
    assert management is not None
    (scope,) = management["oauth2PermissionScopes"]
    assert (scope["value"], scope["type"]) == ("user_impersonation", "User")
    url = "https://graph.microsoft.com"
    assert graph["servicePrincipalNames"] == [
        seed.GRAPH_APP_ID,
        f"{seed.GRAPH_APP_ID}/ags.windows.net",
        url,
        f"{url}/",
    ]
    assert graph["appRoles"]
    assert len(graph["oauth2PermissionScopes"]) > 10


def test_people_and_groups_are_complete() -> None:
    """A name of one word is a given name; a group's nickname has letters and digits alone."""
    tenant = new()
    one = seed.add_user(tenant, "uma@t.example", "Uma van Dyk")
    two = seed.add_user(tenant, "b@t.example", "Bo", row_id=I1)
    group = seed.add_group(tenant, "A b-C 1" + "x" * 70)
    user_id = seed.fixed_id(TENANT, "user", "uma@t.example")
    assert one == {
        **make_user(user_id, "uma@t.example", CREATED, "t.onmicrosoft.com"),
        "displayName": "Uma van Dyk",
        "givenName": "Uma",
        "surname": "van Dyk",
        "mail": "uma@t.example",
    }
    assert (two["id"], two["givenName"], two["surname"]) == (I1, "Bo", None)
    group_id = seed.fixed_id(TENANT, "group", group["displayName"])
    assert group == {
        **make_group(group_id, CREATED),
        "displayName": "A b-C 1" + "x" * 70,
        "mailNickname": "abc1" + "x" * 60,
    }
    assert seed.add_group(tenant, "x", row_id=I2)["id"] == I2
    assert list(tenant.users) == [one, two]
    assert tenant.groups.get(group_id) == group


def test_applications_are_complete() -> None:
    """Objects merge with what they have, all else replaces it; the service principal mirrors it."""
    tenant = new()
    app = seed.add_application(
        tenant, "App", tags=["x"], web={"homePageUrl": "https://a.test"}, optionalClaims={"idToken": []}
    )
    app_id = seed.fixed_id(seed.fixed_id(TENANT, "application", "App"), "appId")
    plain = make_application(
        seed.fixed_id(TENANT, "application", "App"), app_id, CREATED, "t.onmicrosoft.com"
    )
    assert app == {
        **plain,
        "displayName": "App",
        "tags": ["x"],
        "web": {**plain["web"], "homePageUrl": "https://a.test"},
        "optionalClaims": {"idToken": []},
    }
    other = seed.add_application(tenant, "App", app_id="a", row_id="r", notes=None)
    assert (other["id"], other["appId"], other["notes"]) == ("r", "a", None)
    assert seed.add_application(tenant, "B", app_id="z")["id"] == seed.fixed_id(TENANT, "application", "z")
    principal = seed.add_service_principal(tenant, app)
    principal_id = seed.fixed_id(TENANT, "servicePrincipal", app_id)
    assert principal == mirror_application(make_service_principal(principal_id, app_id, CREATED, TENANT), app)
    assert tenant.service_principals.get(principal_id) == principal
    assert seed.add_service_principal(tenant, other, row_id="p")["id"] == "p"


def test_what_is_given_to_an_application() -> None:
    """Secrets as hashes, the newest first, and other issuers' tokens."""
    tenant = new()
    app = seed.add_application(tenant, "App")
    for text in ("first", "second"):
        row = tenant.applications.get(app["id"])
        assert row is not None
        seed.add_secret(tenant, row, text)
    found = tenant.applications.get(app["id"])
    assert found is not None
    ids = [seed.fixed_id(app["id"], "secret", text) for text in ("second", "first")]
    assert found["passwordCredentials"] == [
        {
            "customKeyIdentifier": None,
            "displayName": "emulator",
            "endDateTime": "2099-12-31T00:00:00Z",
            "hint": text[:3],
            "keyId": key_id,
            "secretText": None,
            "startDateTime": CREATED,
        }
        for text, key_id in zip(("second", "first"), ids, strict=True)
    ]
    assert tenant.secrets == {ids[0]: secret_digest("second"), ids[1]: secret_digest("first")}
    credential = seed.add_federated_credential(tenant, app, "ci", "https://i", "s")
    assert credential == {
        "id": seed.fixed_id(app["id"], "federatedIdentityCredential", "ci"),
        "name": "ci",
        "issuer": "https://i",
        "subject": "s",
        "description": None,
        "audiences": ["api://AzureADTokenExchange"],
        "_application": app["id"],
    }
    assert list(tenant.federated_identity_credentials) == [credential]


def test_roles_are_assigned_by_their_ids() -> None:
    """The default access where none is named; of Graph by the permission's value."""
    tenant = new()
    app = seed.add_application(tenant, "App")
    principal = seed.add_service_principal(tenant, app)
    user = {**seed.add_user(tenant, "u@t.example", "U"), "type": "User"}
    row = seed.assign(tenant, user, principal)
    assert (row["appRoleId"], row["principalId"], row["principalType"]) == (
        seed.DEFAULT_ACCESS,
        user["id"],
        "User",
    )
    nonce = seed.fixed_id(user["id"], principal["id"], seed.DEFAULT_ACCESS)
    assert row["id"] == link_id(user["id"], nonce)
    assert tenant.app_role_assignments.get(row["id"]) == row
    graph = tenant.service_principal_by_app_id(seed.GRAPH_APP_ID)
    assert graph is not None
    role = next(each for each in graph["appRoles"] if each["value"] == "User.Read.All")
    given = seed.assign_graph_role(tenant, principal, "User.Read.All")
    assert (given["appRoleId"], given["resourceId"]) == (role["id"], graph["id"])
    assert given["principalType"] == "ServicePrincipal"
    tenant.service_principals.remove(graph["id"])
    with pytest.raises(ValueError, match="no service principal of Microsoft Graph"):
        seed.assign_graph_role(tenant, principal, "User.Read.All")


def held(tenant: Tenant, app_id: str) -> set[str]:
    """Return the permissions of Graph that an application holds."""
    graph = tenant.service_principal_by_app_id(seed.GRAPH_APP_ID)
    principal = tenant.service_principal_by_app_id(app_id)
    assert graph is not None
    assert principal is not None
    values = {role["id"]: role["value"] for role in graph["appRoles"]}
    return {
        values[row["appRoleId"]]
        for row in tenant.app_role_assignments
        if row["principalId"] == principal["id"]
    }


def test_the_example_s_applications_and_administrators() -> None:
    """In both tenants; each with its permissions and its secret."""
    directory = seed.contoso(seed="s", clock=ManualClock())
    assert directory.ids.seed == "s"
    for tenant in directory.tenants.values():
        for app_id, permissions in (
            (seed.DEPLOYER_APP_ID, DEPLOYER),
            (seed.READER_APP_ID, READER),
            (seed.ADMIN_APP_ID, ADMIN),
            *((app_id, WRITER) for app_id, _ in seed.WRITERS.values()),
        ):
            assert held(tenant, app_id) == set(permissions)
            app = tenant.application_by_app_id(app_id)
            assert app is not None
            (credential,) = app["passwordCredentials"]
            assert tenant.secrets[credential["keyId"]] == secret_digest(seed.SECRETS[app_id])
        roles = {
            row["userPrincipalName"].partition("@")[0]: tenant.directory_roles.get(row["id"])
            for row in tenant.users
        }
        assert {alias: each for alias, each in roles.items() if each} == {
            "grace": ["Global Administrator"],
            "alice": ["Application Administrator"],
        }
        assert len(list(tenant.federated_identity_credentials)) == 2
    assert [each.display_name for each in directory.tenants.values()] == ["Contoso", "Fabrikam"]


def named(**more: Any) -> tuple[Tenants, Tenant]:
    """Return a directory to which a manifest's names were added, and its one tenant."""
    directory = Tenants(clock=ManualClock())
    directory.add(new())
    seed.for_names(directory, [TENANT], **more)
    return directory, directory.default


def test_what_a_manifest_names_is_there_once() -> None:
    """Users, groups and applications of others, under the ids that it pins."""
    words: dict[str, Any] = {
        "users": ["uma.dyk@New.example", "pat@t.example"],
        "groups": ["Group", "Pinned", "Microsoft Graph"],
        "ids": {"pat@t.example": I1, "Pinned": I2, "Far": I3},
        "applications": {"a1": "Far", "a2": "Other", seed.GRAPH_APP_ID: "Mine"},
    }
    directory, tenant = named(**words)
    assert [(row["userPrincipalName"], row["displayName"]) for row in tenant.users] == [
        ("uma.dyk@New.example", "Uma.Dyk"),
        ("pat@t.example", "Pat"),
    ]
    assert I1 in tenant.users
    assert {row["displayName"] for row in tenant.groups} == {"Group", "Pinned"}
    assert I2 in tenant.groups
    far, other = (tenant.service_principal_by_app_id(app_id) for app_id in ("a1", "a2"))
    assert far is not None
    assert other is not None
    assert (far["id"], far["displayName"]) == (I3, "Far")
    assert other["id"] == seed.fixed_id(TENANT, "servicePrincipal", "a2")
    graph = tenant.service_principal_by_app_id(seed.GRAPH_APP_ID)
    assert graph is not None
    assert graph["displayName"] == "Microsoft Graph"
    assert tenant.domains == ("t.onmicrosoft.com", "new.example", "t.example")
    before = tenant.dump()
    seed.for_names(directory, [TENANT], **words)
    assert tenant.dump() == before


@pytest.mark.parametrize(
    ("users", "domains", "verified"),
    [
        ([], [], []),
        (["nobody"], [], []),
        ([], ["App.T.example"], []),
        ([], ["T.Example"], []),
        ([], ["Other.example", "api.other.example"], ["other.example", "api.other.example"]),
        (["u@app.t.example"], [], ["app.t.example"]),
        (["a@b@c.example"], [], ["c.example"]),
    ],
)
def test_domains_that_a_manifest_needs(users: list[str], domains: list[str], verified: list[str]) -> None:
    """A user's own; of a URI's host, one above it is enough."""
    _, tenant = named(users=users, domains=domains)
    assert [name for name in tenant.domains if name not in {"t.onmicrosoft.com", "t.example"}] == verified


def test_a_tenant_that_is_not_there_is_made() -> None:
    """With those who may deploy; its name is the beginning of its id."""
    directory = Tenants(clock=ManualClock())
    seed.for_names(directory, [TENANT, seed.FABRIKAM], users=["u@x.example"])
    assert list(directory.tenants) == [TENANT, seed.FABRIKAM]
    tenant = directory.default
    assert (tenant.display_name, tenant.domains) == ("t0d000000", ("t0d000000.onmicrosoft.com", "x.example"))
    assert held(tenant, seed.DEPLOYER_APP_ID) == set(DEPLOYER)
    assert held(tenant, seed.WRITERS["dev"][0]) == set(WRITER)
    assert directory.tenants[seed.FABRIKAM].user_by_name("u@x.example") is not None
