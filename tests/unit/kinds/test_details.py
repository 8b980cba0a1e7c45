"""What an item of each list about an application says, and what stands in for what Graph leaves out."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.kinds import allowed_tenants, entitlement_entries
from entra_config.kinds.details import (
    AllowedTenants,
    DelegatedConsent,
    FederatedTrust,
    ObjectOwner,
    Requirer,
    RoleHolding,
)

ASSIGNED = {
    "id": "1", "appRoleId": "2", "principalId": "3", "principalType": "User", "resourceId": "4"
}  # fmt: skip
CONSENT = {"id": "1", "clientId": "2", "resourceId": "3", "consentType": "Principal"}
FEDERATED = {"id": "1", "name": "ci"}
UNRESTRICTED = {"@odata.type": "#microsoft.graph.unrestrictedAudience"}
SOME = {
    "@odata.type": "#microsoft.graph.allowedTenantsAudience",
    "isHomeTenantAllowed": True,
    "allowedTenantIds": ["AA", "b"],
}


def nulls(*names: str) -> dict[str, None]:
    """Return what Graph tells of what an object has not."""
    return dict.fromkeys(names)


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (
            ASSIGNED
            | {"principalDisplayName": "Ann", "resourceDisplayName": "API", "createdDateTime": "then"},
            RoleHolding("1", "2", "3", "User", "Ann", "4", "API", "then"),
        ),
        (ASSIGNED, RoleHolding("1", "2", "3", "User", "3", "4", "4")),
        (
            ASSIGNED | nulls("principalDisplayName", "resourceDisplayName", "createdDateTime"),
            RoleHolding("1", "2", "3", "User", "3", "4", "4"),
        ),
        (
            CONSENT | {"principalId": "4", "scope": " a b"},
            DelegatedConsent("1", "2", "3", everybody=False, principal="4", scope=" a b"),
        ),
        (
            CONSENT | {"consentType": "AllPrincipals"} | nulls("principalId", "scope"),
            DelegatedConsent("1", "2", "3", everybody=True, principal="", scope=""),
        ),
        (CONSENT, DelegatedConsent("1", "2", "3", everybody=False, principal="", scope="")),
        (
            {"id": "1", "displayName": "Ann", "userPrincipalName": "ann@contoso.com"},
            ObjectOwner("1", "user", "Ann", "ann@contoso.com"),
        ),
        (
            {"@odata.type": "#microsoft.graph.servicePrincipal", "id": "1", **nulls("displayName")},
            ObjectOwner("1", "servicePrincipal", ""),
        ),
        ({"id": "1", **nulls("userPrincipalName")}, ObjectOwner("1", "user", "")),
        (
            FEDERATED | {"issuer": "i", "subject": "s", "audiences": ["a", "b"], "description": "d"},
            FederatedTrust("1", "ci", "i", "s", ("a", "b"), "d"),
        ),
        (
            FEDERATED | {"issuer": "i", "claimsMatchingExpression": {"value": "e", "languageVersion": 1}},
            FederatedTrust("1", "ci", "i", None, (), None, "e"),
        ),
        (
            FEDERATED | nulls("audiences", "claimsMatchingExpression", "issuer"),
            FederatedTrust("1", "ci", None, None, (), None),
        ),
        (
            {"id": "1", "appId": "2", "displayName": "A", "requiredResourceAccess": [{"resourceAppId": "3"}]},
            Requirer("1", "2", "A", ({"resourceAppId": "3"},)),
        ),
        (
            {"id": "1", "appId": "2", "displayName": "A", **nulls("requiredResourceAccess")},
            Requirer("1", "2", "A", ()),
        ),
        ({"signInAudienceRestrictions": SOME}, AllowedTenants(("aa", "b"), SOME)),
        ({"signInAudienceRestrictions": UNRESTRICTED}, AllowedTenants((), UNRESTRICTED)),
        (nulls("signInAudienceRestrictions"), AllowedTenants((), UNRESTRICTED)),
        ({}, AllowedTenants((), UNRESTRICTED)),
    ],
)
def test_what_an_item_says(item: dict[str, Any], expected: Any) -> None:
    """What Graph leaves out and what it tells as null are the same."""
    assert type(expected).read(item) == expected


def test_allowed_tenants_as_graph_takes_them() -> None:
    """No tenant restricts nothing; the home tenant is always allowed beside others."""
    assert allowed_tenants.on_wire([]) == UNRESTRICTED
    assert allowed_tenants.on_wire(["AA", "b"]) == SOME


@pytest.mark.parametrize(
    ("entry", "label"),
    [
        ({"id": "1", "value": "Reader", "displayName": "Read", "allowedMemberTypes": ["User"]}, "Reader"),
        ({"id": "1", "value": None, "displayName": "Read", "allowedMemberTypes": ["User"]}, "Read"),
        ({"id": "1", "value": "", "displayName": "", "allowedMemberTypes": ["User"]}, "1"),
    ],
)
def test_a_role_in_a_plan(entry: dict[str, Any], label: str) -> None:
    """By its value, the name that people read, or its id; with who may hold it."""
    kind = entitlement_entries.ROLE_COLLECTION
    assert (kind.key(entry), kind.label(entry, {})) == ("1", label)
    both = {**entry, "allowedMemberTypes": ["User", "Application"]}
    assert kind.summary(both, {}) == f"{entry['displayName']} (User, Application)"
