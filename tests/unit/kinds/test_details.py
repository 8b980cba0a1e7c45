"""What an item of each list about an application says, and what stands in for what Graph leaves out."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.kinds import allowed_tenants, entitlement_entries
from entra_config.kinds.details import AllowedTenants, DelegatedConsent, ObjectOwner, Requirer, RoleHolding
from entra_config.kinds.federated_credential import FederatedTrust

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


@pytest.mark.parametrize(
    ("owner", "called"),
    [
        (ObjectOwner("1", "user", "Ann", "ann@contoso.com"), "ann@contoso.com"),
        (ObjectOwner("1", "servicePrincipal", "Deployer"), "Deployer"),
        (ObjectOwner("1", "user", ""), "1"),
    ],
)
def test_an_owner_is_called_by_what_is_most_its_own(owner: ObjectOwner, called: str) -> None:
    """Two people may have one display name; a principal name is one person's."""
    assert owner.called == called


@pytest.mark.parametrize(
    ("subject", "expression", "whose"),
    [
        ("repo:a/b:ref:refs/heads/main", None, "repo:a/b:ref:refs/heads/main"),
        (None, "claims['sub'] matches 'a*'", "claims['sub'] matches 'a*'"),
        (None, None, "whatever its expression matches"),
    ],
)
def test_a_trust_says_whose_tokens_it_takes(subject: str | None, expression: str | None, whose: str) -> None:
    """Only the beta endpoint tells an expression."""
    assert FederatedTrust("1", "ci", "i", subject, (), None, expression).whose == whose


def test_single_scopes_and_who_holds() -> None:
    """Old grants begin with a space; a group signs in by its members."""
    assert DelegatedConsent("1", "2", "3", everybody=True, principal="", scope=" a  b ").scopes == {"a", "b"}
    held = [RoleHolding("1", "2", "3", type_, "", "4", "") for type_ in ("ServicePrincipal", "User", "Group")]
    assert [each.by_service_principal for each in held] == [True, False, False]


def test_allowed_tenants_as_graph_takes_them() -> None:
    """No tenant restricts nothing; the home tenant is always allowed beside others."""
    assert allowed_tenants.on_wire([]) == UNRESTRICTED
    assert allowed_tenants.on_wire(["AA", "b"]) == SOME


@pytest.mark.parametrize(
    ("entry", "label", "summary"),
    [
        (
            {"id": "1", "value": "read", "type": "Admin", "adminConsentDisplayName": "Read"},
            "read",
            "Read (admins)",
        ),
        (
            {"id": "1", "value": None, "type": "User", "adminConsentDisplayName": "Read"},
            "Read",
            "Read (admins and users)",
        ),
    ],
)
def test_a_scope_in_a_plan(entry: dict[str, Any], label: str, summary: str) -> None:
    """By its value, or what an administrator reads; with who may consent."""
    kind = entitlement_entries.SCOPE_COLLECTION
    assert (kind.key(entry), kind.label(entry, {}), kind.summary(entry, {})) == ("1", label, summary)


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


def test_entries_are_sent_back_without_what_is_read_only() -> None:
    """`origin` is Graph's own; what an entry has not is not made up."""
    live = [{"id": "1", "value": "a", "origin": "Application"}, {"id": "2", "value": None}]
    assert entitlement_entries.writable(live, ["id", "value", "isEnabled"]) == [
        {"id": "1", "value": "a"},
        {"id": "2", "value": None},
    ]
