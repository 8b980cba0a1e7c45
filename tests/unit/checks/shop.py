"""A shop's manifest, applied before anything changes: an API, a page, a job and what several tenants use."""

from __future__ import annotations

from typing import Any

TENANT = "11111111-1111-1111-1111-111111111111"
ISSUER = "https://token.actions.githubusercontent.com"
ONE, TWO = "818ce016-78c2-457c-91d7-c02c2faaa5fe", "c62670b0-53a1-4a38-b26c-4093cbaa510a"


def content() -> dict[str, Any]:
    """Return the manifest."""
    role = {"description": "R.", "allowedMemberTypes": ["User", "Application"]}
    api = {
        "type": "api",
        "displayName": "API",
        "scopes": {"see": {"displayName": "See", "description": "Sees.", "whoCanConsent": "admins"}},
        "appRoles": {"Reader": dict(role), "Writer": dict(role)},
        "enterpriseApplication": {"assignmentRequired": True},
    }
    web = {"type": "web", "displayName": "Web", "redirectUris": ["https://app.contoso.com/cb"]}
    job = {
        "type": "daemon",
        "displayName": "Job",
        "federatedCredentials": {
            "github": {"issuer": ISSUER, "subject": "repo:example/shop:environment:prod"}
        },
    }
    several = {
        "type": "web",
        "displayName": "Several",
        "signInAudience": "AzureADMultipleOrgs",
        "signInAudienceRestrictions": {"allowedTenants": [ONE]},
    }
    return {
        "project": "shop",
        "environments": {"prod": {"tenantId": TENANT}},
        "applications": {"api": api, "web": web, "job": job, "several": several},
        "appRoleAssignments": {"api": {"Reader": {"groups": ["Audit"]}}},
    }
