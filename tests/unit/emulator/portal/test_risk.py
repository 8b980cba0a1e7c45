"""The class of a difference between two moments of a tenant: the riskiest of all that it does."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.emulator import seed
from entra_config.emulator.embedded import Embedded
from entra_config.emulator.portal import risk
from entra_config.emulator.snapshots.compare import DirectoryDifference, Kind, PropertyDifference
from entra_config.emulator.tenant import Tenant


@pytest.fixture(scope="module")
def tenant() -> Tenant:
    """Give a tenant with two applications, one with a secret, and a group that gives a role."""
    made = Embedded.create(seed="risk").directory.tenants[seed.CONTOSO]
    made.applications.put(
        {"id": "app", "appId": "a", "web": {"redirectUris": ["https://a.example"]}, "spa": {}, "tags": []}
    )
    made.applications.put({"id": "secret", "appId": "b", "passwordCredentials": [{"keyId": "k"}], "tags": []})
    made.app_role_assignments.put(
        {"id": "r", "principalId": "giving", "resourceId": "app", "appRoleId": "1", "principalType": "Group"}
    )
    return made


def difference(place: str, kind: Kind, id_: str = "app", **changed: tuple[Any, Any]) -> DirectoryDifference:
    """Return a difference; `web_redirectUris` is a property of a property."""
    made = tuple(PropertyDifference(name.replace("__", "."), *sides) for name, sides in changed.items())
    return DirectoryDifference(seed.CONTOSO, place, id_, kind, "Name", made)


def authorizing(*scopes: str) -> dict[str, Any]:
    """Return an API's property that authorizes a client for scopes."""
    return {"preAuthorizedApplications": [{"appId": "c", "delegatedPermissionIds": [*scopes]}]}


def changed(**properties: tuple[Any, Any]) -> DirectoryDifference:
    """Return a difference of the application."""
    return difference("applications", "changed", **properties)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (difference("applications", "added"), "created"),
        (difference("applications", "added", "secret"), "credential"),
        (difference("applications", "added", "gone"), "created"),
        (difference("applications", "removed"), "destroyed"),
        (difference("servicePrincipals", "removed"), "destroyed"),
        (difference("groups", "removed"), "lost"),
        (difference("owners", "removed", "app/ann"), "lost"),
        (difference("owners", "added", "app/ann"), "owner"),
        (difference("appRoleAssignments", "added", "r"), "role"),
        (difference("directoryRoles", "added", "ann"), "role"),
        (difference("oauth2PermissionGrants", "added", "g"), "consent"),
        (difference("secrets", "added", "k"), "credential"),
        (difference("federatedIdentityCredentials", "added", "f"), "federated credential"),
        (difference("members", "added", "giving/ann"), "gain"),
        (difference("members", "added", "idle/ann"), "setting"),
        (difference("members", "removed", "giving/ann"), "lost"),
        (difference("oauth2PermissionGrants", "changed", "g", scope=("a", "a b")), "consent"),
        (difference("oauth2PermissionGrants", "changed", "g", scope=("a b", "a")), "lost"),
        (difference("oauth2PermissionGrants", "changed", "g", scope=("a", "b")), "consent"),
        (difference("oauth2PermissionGrants", "changed", "g", scope=(None, "b")), "consent"),
        (difference("oauth2PermissionGrants", "changed", "g", consentType=("Principal", "All")), "consent"),
        (difference("oauth2PermissionGrants", "changed", "g", principalId=("bob", None)), "consent"),
        (difference("oauth2PermissionGrants", "changed", "g", scope=("a", None)), "lost"),
        (changed(scope=("a b", "a")), "setting"),
        (
            difference("federatedIdentityCredentials", "changed", "f", subject=("a", "b")),
            "federated credential",
        ),
        (difference("federatedIdentityCredentials", "changed", "f", description=("a", "b")), "text"),
        (difference("applications", "changed"), "text"),
        (changed(displayName=("a", "b")), "text"),
        (difference("servicePrincipals", "changed", appDisplayName=("a", "b")), "text"),
        (changed(somethingNew=("a", "b")), "setting"),
        (changed(displayName=("a", "b"), identifierUris=([], ["api://a"])), "identifier URI"),
        (changed(identifierUris=(["api://a"], [])), "lost"),
        (changed(identifierUris=(["api://a"], None)), "lost"),
        (changed(identifierUris=(None, ["api://a"])), "identifier URI"),
        (changed(identifierUris=(["api://a"], ["api://b"])), "identifier URI"),
        (changed(tags=(["a"], [])), "text"),
        (changed(isFallbackPublicClient=(False, True)), "flow"),
        (changed(isFallbackPublicClient=(True, False)), "lost"),
        (changed(isFallbackPublicClient=(True, None)), "lost"),
        (changed(signInAudience=("AzureADMyOrg", "Others")), "sign-in"),
        (changed(signInAudience=("Others", "AzureADMyOrg")), "lost"),
        (difference("users", "changed", accountEnabled=(True, False)), "lost"),
        (difference("users", "changed", accountEnabled=(False, True)), "sign-in"),
        (changed(passwordCredentials=([], [{"keyId": "k"}])), "credential"),
        (changed(passwordCredentials=([{"keyId": "k"}], [])), "lost"),
        (
            changed(spa=(None, {"redirectUris": ["https://b.example"]})),
            "redirect host",
        ),
        (changed(spa=(None, {"redirectUris": ["https://a.example/x"]})), "redirect URI"),
        (changed(spa=(None, {"redirectUris": ["http://localhost:3000"]})), "redirect URI"),
        (changed(web=({"redirectUris": ["https://a.example"]}, {"redirectUris": []})), "lost"),
        (changed(spa=({"redirectUris": ["https://b.example"]}, None)), "lost"),
        (
            changed(web=({"redirectUriSettings": [{"uri": "a"}]}, {"redirectUriSettings": [{"uri": "b"}]})),
            "lost",
        ),
        (
            difference(
                "applications", "changed", "gone", spa=(None, {"redirectUris": ["https://a.example"]})
            ),
            "redirect host",
        ),
        (changed(api=(authorizing("1"), authorizing("1", "2"))), "authorized client"),
        (changed(api=(authorizing("1", "2"), authorizing("1"))), "lost"),
        (changed(web__homePageUrl=("a", "b")), "text"),
        (changed(web=({"homePageUrl": "a"}, {"homePageUrl": "b"})), "text"),
        (
            changed(api=({"preAuthorizedApplications": []}, {"preAuthorizedApplications": [{"appId": "c"}]})),
            "authorized client",
        ),
        (changed(appRoles=([], [{"id": "1"}])), "offer"),
        (changed(appRoles=([{"id": "1", "value": "A"}], [{"id": "1", "value": "B"}])), "role"),
        (
            changed(appRoles=([{"id": "1", "isEnabled": True}], [{"id": "1", "isEnabled": False}])),
            "lost",
        ),
        (
            changed(appRoles=([{"id": "1", "description": "A"}], [{"id": "1", "description": "B"}])),
            "text",
        ),
        (
            changed(
                appRoles=(
                    [{"id": "1", "allowedMemberTypes": ["User"]}],
                    [{"id": "1", "allowedMemberTypes": ["User", "Application"]}],
                )
            ),
            "role",
        ),
        (
            changed(
                appRoles=(
                    [{"id": "1", "allowedMemberTypes": ["User", "Application"]}],
                    [{"id": "1", "allowedMemberTypes": ["User"]}],
                )
            ),
            "lost",
        ),
    ],
)
def test_the_class_of_a_difference(tenant: Tenant, one: DirectoryDifference, expected: str) -> None:
    """What comes, what goes, and what a property is worth, however deep it stands."""
    assert risk.class_of(tenant, one) == expected


def test_what_was_deleted_and_is_back_is_a_restore(tenant: Tenant) -> None:
    """And what happens to it besides is no news."""
    assert risk.class_of(tenant, difference("applications", "added"), ["app"]) == "restore"
    assert risk.class_of(tenant, difference("deletedItems", "removed"), ["app"]) == "created"
    assert risk.class_of(tenant, difference("applications", "added"), ["other"]) == "created"


@pytest.mark.parametrize(
    ("uri", "others", "expected"),
    [
        ("https://a.example/x", ["https://a.example"], "redirect URI"),
        ("https://A.example/x", ["https://a.EXAMPLE"], "redirect URI"),
        ("https://a.example", ["https://a.example"], "redirect host"),
        ("https://a.example", [], "redirect host"),
        ("https://b.example", ["https://a.example"], "redirect host"),
        ("http://localhost", [], "redirect URI"),
        ("http://127.0.0.1:8", [], "redirect URI"),
        ("http://[::1]/", [], "redirect URI"),
        ("myapp://auth", ["myapp://other"], "redirect host"),
        ("myapp:auth", ["myapp:other"], "redirect URI"),
        ("http://[", ["http://["], "redirect host"),
        ("http://[", ["http://[x"], "redirect host"),
        ("http://[", ["HTTP://["], "redirect URI"),
    ],
)
def test_where_a_redirect_leads(uri: str, others: list[str], expected: str) -> None:
    """To where another one leads already, or to one's own machine; itself is no other."""
    assert risk.redirect_class(uri, others) == expected


def test_levels_are_the_tables() -> None:
    """The riskiest first, each class with a level that there is."""
    assert next(iter(risk.order())) == "high"
    assert set(risk.levels().values()) <= set(risk.order())
    assert next(iter(risk.levels())) == "guard"
