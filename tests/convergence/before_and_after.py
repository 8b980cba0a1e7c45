"""Two manifests of one project: from the first to the second, something of every kind is added, changed
and removed.
"""

from __future__ import annotations

from typing import Any


def scope(text: str) -> dict[str, Any]:
    """Make a scope."""
    return {"displayName": text, "description": f"{text}.", "whoCanConsent": "adminsAndUsers"}


def role(text: str, *members: str) -> dict[str, Any]:
    """Make a role."""
    return {"displayName": text, "description": f"{text}.", "allowedMemberTypes": list(members or ("User",))}


def issuer(environment: str) -> dict[str, Any]:
    """Make a federated credential."""
    return {
        "issuer": "https://token.actions.githubusercontent.com",
        "subject": f"repo:example/app:environment:{environment}",
    }


def matching(repository: int) -> dict[str, Any]:
    """Make a federated credential that matches by an expression, which only the beta endpoint takes."""
    expression = (
        f"claims['sub'] matches 'repo:example/app:ref:*' and claims['repository_id'] eq '{repository}'"
    )
    return {"github": {"matches": expression}}


BEFORE: dict[str, Any] = {
    "applications": {
        "api": {
            "type": "api",
            "displayName": "API",
            "identifierUris": ["api://${appId}"],
            "owners": ["alice@contoso.com"],
            "scopes": {"read": scope("Read"), "write": scope("Write")},
            "appRoles": {
                "Reader": role("Reader"),
                "Writer": role("Writer", "User", "Application"),
                "Old": role("Old"),
            },
            "authorizedClients": {"spa": ["read", "write"], "old": ["read"]},
            "enterpriseApplication": {"assignmentRequired": True},
        },
        "spa": {
            "type": "spa",
            "displayName": "SPA",
            "redirectUris": ["https://app.example.com/", "https://app.example.com/callback"],
            "apiPermissions": {"api": {"delegated": ["read", "write"], "adminConsent": True}},
        },
        "nightly": {
            "type": "daemon",
            "displayName": "Nightly",
            "federatedCredentials": {
                "one": issuer("one"),
                "two": issuer("two"),
                "tags": matching(1),
                "flex": matching(2),
            },
            "apiPermissions": {"api": {"application": ["Writer"], "adminConsent": True}},
        },
        "old": {"type": "publicClient", "displayName": "Old", "redirectUris": ["http://localhost"]},
    },
    "appRoleAssignments": {
        "api": {
            "Reader": {"groups": ["All Staff"]},
            "Writer": {"groups": ["MyApp Writers"], "users": ["alice@contoso.com"]},
            "Old": {"groups": ["Audit"]},
        },
    },
}

AFTER: dict[str, Any] = {
    "applications": {
        "api": {
            "type": "api",
            "displayName": "The API",
            "identifierUris": ["api://${appId}", "https://contoso.com/api"],
            "owners": ["bob@contoso.com"],
            "scopes": {"read": scope("Read it all"), "delete": scope("Delete")},
            "appRoles": {
                "Reader": role("Reads"),
                "Writer": role("Writer", "User", "Application"),
                "New": role("New"),
            },
            "authorizedClients": {"spa": ["read", "delete"], "tool": ["read"]},
            "enterpriseApplication": {"assignmentRequired": False},
        },
        "spa": {
            "type": "spa",
            "displayName": "SPA",
            "redirectUris": ["https://app.example.com/", "https://app.example.com/new"],
            "apiPermissions": {"api": {"delegated": ["read", "delete"], "adminConsent": ["read"]}},
        },
        "nightly": {
            "type": "daemon",
            "displayName": "Nightly",
            "federatedCredentials": {
                "two": issuer("moved"),
                "three": issuer("three"),
                "tags": matching(3),
                "flex": issuer("flex"),
            },
            "apiPermissions": {"api": {"application": [], "adminConsent": False}},
        },
        "tool": {"type": "publicClient", "displayName": "Tool", "redirectUris": ["http://localhost"]},
    },
    "appRoleAssignments": {
        "api": {
            "Reader": {"groups": ["MyApp Developers"]},
            "Writer": {"groups": ["MyApp Writers"], "users": ["bob@contoso.com"]},
            "New": {"groups": ["On call"]},
        },
    },
    "removed": {"applications": {"old": {"destroy": True}}},
}
