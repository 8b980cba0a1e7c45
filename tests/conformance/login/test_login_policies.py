"""Permission grant policies: which of them a tenant chose for its people, and what these may then consent
to.
"""

from typing import Any

import pytest

from entra_emulator import seed
from tests.conformance.login.login_world import World

fact = pytest.mark.fact
SOURCE = "permissionGrantConditionSet, permissionGrantPolicy documentation"
READ, WRITE, ADMIN = "api://api/user.read", "api://api/user.write", "api://api/user.admin"
ANYTHING: dict[str, Any] = {
    "permissionClassification": "all",
    "permissionType": "delegated",
    "resourceApplication": "any",
    "permissions": ["all"],
    "clientApplicationIds": ["all"],
    "clientApplicationTenantIds": ["all"],
    "clientApplicationPublisherIds": ["all"],
    "clientApplicationsFromVerifiedPublisherOnly": False,
}


def policy(
    world: World, name: str, includes: list[dict[str, Any]], excludes: list[dict[str, Any]] | None = None
) -> None:
    """Make a policy of the tenant's own, as Graph keeps it."""
    sides = {
        "includes": [{**ANYTHING, **each} for each in includes],
        "excludes": [{**ANYTHING, **each} for each in excludes or ()],
    }
    world.tenant.tables["permissionGrantPolicies"].put(
        {"id": name, "displayName": name, "description": name, **sides}
    )


def classify(world: World, value: str, level: str) -> None:
    """Classify a permission of the API, as Graph keeps it."""
    principal = world.principal("api")
    [permission] = [scope["id"] for scope in principal["oauth2PermissionScopes"] if scope["value"] == value]
    row = {
        "id": value,
        "permissionId": permission,
        "permissionName": value,
        "classification": level,
        "_principal": principal["id"],
    }
    world.tenant.tables["classifications"].put(row)


def choose(world: World, *policies: str) -> None:
    """Choose policies for the tenant's people."""
    world.directory.choose({"contoso.com": {"userConsentPolicies": list(policies)}})


def may(world: World, scope: str, client: str = "spa") -> bool:
    """Say whether Bob, who administers nothing, may consent."""
    outcome = world.sign_in(client, "bob", f"openid {scope}", prompt="login")
    assert (outcome.kind, outcome.code) in {("token", 0), ("approval", 90094)}, outcome
    return outcome.kind == "token"


@fact("what users may consent to by default", source=SOURCE, grade="D")
def test_by_default(world: World) -> None:
    """All that needs no administrator; with no policy at all, nothing; an administrator everything as
    ever.
    """
    assert (may(world, READ), may(world, ADMIN)) == (True, False)
    choose(world)
    assert not may(world, WRITE)
    assert world.sign_in("spa", "alice", f"openid {WRITE}", prompt="login").kind == "token"


@fact("low permissions for members", source=SOURCE, grade="D")
def test_low(world: World) -> None:
    """Microsoft's policy covers what was classified low, of clients of its own or of a known publisher."""
    choose(world, "microsoft-user-default-low")
    assert not may(world, READ)
    classify(world, "user.read", "low")
    classify(world, "user.write", "medium")
    assert not may(world, f"{READ} {WRITE}")
    assert may(world, READ)


@fact("conditions of permission grant policies", source=SOURCE, grade="D")
@pytest.mark.parametrize(
    ("conditions", "covers"),
    [
        ({}, True),
        ({"permissionType": "application"}, False),
        ({"permissionClassification": "medium"}, True),
        ({"permissionClassification": "low"}, False),
        ({"resourceApplication": "api"}, True),
        ({"resourceApplication": "other"}, False),
        ({"permissions": ["user.read", "user.write"]}, True),
        ({"permissions": ["user.write"]}, False),
        ({"clientApplicationIds": ["web", "spa"]}, True),
        ({"clientApplicationIds": ["web"]}, False),
        ({"clientApplicationTenantIds": ["tenant"]}, True),
        ({"clientApplicationTenantIds": ["99999999-9999-4999-8999-999999999999"]}, False),
        ({"clientApplicationPublisherIds": ["123"]}, True),
        ({"clientApplicationPublisherIds": ["456"]}, False),
        ({"clientApplicationsFromVerifiedPublisherOnly": True}, True),
    ],
)
@pytest.mark.parametrize("side", ["includes", "excludes"])
def test_conditions(world: World, conditions: dict[str, Any], side: str, *, covers: bool) -> None:
    """A set is met where all its conditions are; a permission has to meet one that includes and none that
    excludes.
    """
    classify(world, "user.read", "medium")
    world.set("spa", verifiedPublisher={"verifiedPublisherId": "123", "displayName": "Spa Ltd"})
    names = {scope["value"]: scope["id"] for scope in world.principal("api")["oauth2PermissionScopes"]}
    names |= {**world.app_ids, "tenant": world.tenant.tenant_id}
    filled = {
        name: [names.get(each, each) for each in value]
        if isinstance(value, list)
        else names.get(str(value), value)
        for name, value in conditions.items()
    }
    if side == "includes":
        policy(world, "ours", [{"permissions": ["none"]}, filled])
    else:
        policy(world, "ours", [{}], [{"permissions": ["none"]}, filled])
    choose(world, "never-made", "ours")
    assert may(world, READ) is (covers if side == "includes" else not covers)


@fact("who is no verified publisher", source=SOURCE, grade="D")
def test_publishers(world: World) -> None:
    """A client without a verified publisher meets no condition on publishers."""
    for conditions in (
        {"clientApplicationsFromVerifiedPublisherOnly": True},
        {"clientApplicationPublisherIds": ["1"]},
    ):
        policy(world, "ours", [conditions])
        choose(world, "ours")
        assert not may(world, READ)


@fact(
    "policies that cover what needs an administrator",
    source=f"{SOURCE}: delegatedUserConsentable is less than delegated; no consent was seen",
    grade="D",
    verdict="uncertain",
)
def test_administered(world: World) -> None:
    """A tenant's own policy covers delegated permissions of any kind, Microsoft's for members those for
    users alone.
    """
    policy(world, "ours", [{}])
    choose(world, "microsoft-user-default-legacy")
    assert not may(world, ADMIN)
    choose(world, "ours")
    assert may(world, ADMIN)


@fact("clients of another tenant", source=SOURCE, grade="D")
def test_clients_of_others(world: World) -> None:
    """Where a client is registered is a condition: one from elsewhere is not the tenant's own, and can be
    named.
    """
    fabrikam = next(each for each in world.directory.tenants.values() if each is not world.tenant)
    app = seed.add_application(
        fabrikam,
        "Theirs",
        app_id=seed.fixed_id("login", "theirs"),
        signInAudience="AzureADMultipleOrgs",
        spa={"redirectUris": ["https://localhost:5173/"]},
    )
    row = {**seed.add_service_principal(world.tenant, app), "appOwnerOrganizationId": fabrikam.tenant_id}
    world.tenant.service_principals.put(row)
    world.app_ids["theirs"] = app["appId"]
    world.grant("theirs", "graph", "openid profile offline_access email")
    classify(world, "user.read", "low")
    policy(world, "ours", [{"clientApplicationTenantIds": [fabrikam.tenant_id]}])
    for chosen, expected in (("microsoft-user-default-low", "approval"), ("ours", "consent")):
        choose(world, chosen)
        parameters = {"prompt": "login", "redirect_uri": "https://localhost:5173/"}
        page = world.choose(world.authorize("theirs", f"openid {READ}", **parameters), "bob")
        assert world.read(page).kind == expected


@fact("policies that are not there", source="this project", grade="C")
def test_unknown(world: World) -> None:
    """A policy that was chosen and does not exist, or no longer, covers nothing."""
    choose(world, "never-made")
    assert not may(world, READ)
