"""The project of these histories in; its manifest, as documents, out: one of each thing that somebody
could change.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from tests.oracle import cast
from tests.oracle.estates import ISSUER, TENANT

OWNER = "shop/prod"
DEPLOYER, ROBOT = "Emulator deployer", "Emulator admin"
HR = "HR API"
SEE = {
    "id": "aaaaaaaa-0000-4000-8000-00000000000a",
    "value": "see",
    "type": "Admin",
    "adminConsentDisplayName": "See",
    "adminConsentDescription": "See.",
    "isEnabled": True,
}
KEYS = ("api", "web", "phone", "site", "job")
ROLES = ("Reader", "Writer", "Admin")
Document = dict[str, Any]


def manifest(*, deployers: bool, hr: str = "") -> Document:
    """Return the manifest; with `deployers` it names who deploys. With `hr` a client uses the API of others:
    by its appId, or by its `name`.
    """
    settings: Document = {
        "tenantId": TENANT,
        "policy": {"consent": {"Microsoft Graph": {"delegated": ["User.Read", "Mail.Read"]}}},
    }
    found = {
        "project": "shop",
        "environments": {"prod": settings | ({"deployers": [DEPLOYER]} if deployers else {})},
        "applications": {"api": _api(), "web": _web(), "phone": _phone(), "site": _site(), "job": _job()},
        "appRoleAssignments": {
            "api": {
                "Reader": {"groups": ["All Staff"], "users": ["heidi@contoso.com"]},
                "Writer": {
                    "groups": ["MyApp Writers"],
                    "users": ["ivan@contoso.com"],
                    "servicePrincipals": [ROBOT],
                },
                "Admin": {"groups": ["MyApp Admins"]},
            }
        },
    }
    if hr:
        key = "hr" if hr == "name" else hr
        found |= {"enterpriseApplications": {key: {"displayName": HR}}} if hr == "name" else {}
        web: Document = found["applications"]["web"]
        web["apiPermissions"][key] = {"delegated": ["see"], "adminConsent": True}
        settings["policy"]["consent"][key] = {"delegated": ["see"]}
    return found


def lock(tenant: Any, own: Mapping[str, str], *apis: str) -> Document:
    """Return the lock file after the first deployment: everybody's name, ours by key, and those of APIs."""
    principals = {row["displayName"]: row["id"] for row in tenant.service_principals}
    app_ids = {row["id"]: row["appId"] for row in tenant.applications}
    return {
        "tenantId": TENANT,
        "users": {row["userPrincipalName"]: row["id"] for row in tenant.users},
        "groups": {row["displayName"]: row["id"] for row in tenant.groups},
        "servicePrincipals": {name: principals[name] for name in (DEPLOYER, ROBOT, *apis)},
        "applications": {key: {"appId": app_ids[id_]} for key, id_ in own.items()},
    }


def later(before: Document) -> Document:
    """Return what the next commit says: a scope, a redirect URI, a role and its holder more."""
    found = copy.deepcopy(before)
    found["applications"]["api"]["scopes"]["audit"] = _scope("Audit")
    found["applications"]["api"]["appRoles"]["Auditor"] = cast.role("Auditor")
    found["applications"]["web"]["redirectUris"].append("https://next.contoso.com/cb")
    found["appRoleAssignments"]["api"]["Auditor"] = {"groups": ["Audit"]}
    return found


def _scope(text: str) -> Document:
    return {"displayName": text, "description": f"{text}.", "whoCanConsent": "admins"}


def _api() -> Document:
    return {
        "type": "api",
        "displayName": "Shop API",
        "identifierUris": ["api://${appId}", "https://contoso.com/shop"],
        "scopes": {"see": _scope("See"), "change": _scope("Change"), "manage": _scope("Manage")},
        "appRoles": {
            "Reader": cast.role("Reader"),
            "Writer": cast.role("Writer", "User", "Application"),
            "Admin": cast.role("Admin", "User", "Application"),
        },
        "authorizedClients": {"web": ["see", "change"], "phone": ["see"]},
        "owners": ["judy@contoso.com"],
        "enterpriseApplication": {"assignmentRequired": True, "owners": ["judy@contoso.com"]},
        "optionalClaims": {"accessToken": ["ipaddr"]},
    }


def _web() -> Document:
    return {
        "type": "spa",
        "displayName": "Shop",
        "redirectUris": ["https://shop.contoso.com/", "https://shop.contoso.com/cb"],
        "apiPermissions": {
            "api": {"delegated": ["see", "change"], "adminConsent": True},
            "Microsoft Graph": {"delegated": ["User.Read"], "adminConsent": True},
        },
    }


def _phone() -> Document:
    return {
        "type": "publicClient",
        "displayName": "Shop on the phone",
        "redirectUris": ["http://localhost"],
        "apiPermissions": {"api": {"delegated": ["see", "manage"], "adminConsent": True}},
    }


def _site() -> Document:
    return {
        "type": "web",
        "displayName": "Shop's site",
        "redirectUris": ["https://site.contoso.com/cb"],
        "logoutUrl": "https://site.contoso.com/out",
        "homePageUrl": "https://site.contoso.com/",
        "notes": "Run by the shop.",
        "tags": ["team:shop"],
        "enterpriseApplication": {"loginUrl": "https://site.contoso.com/in"},
        "apiPermissions": {"api": {"delegated": ["see"], "application": ["Writer"], "adminConsent": True}},
    }


def _job() -> Document:
    return {
        "type": "daemon",
        "displayName": "Shop's job",
        "federatedCredentials": {
            "github": {"issuer": ISSUER, "subject": "repo:shop/job:environment:prod"},
            "nightly": {"issuer": ISSUER, "subject": "repo:shop/job:environment:nightly"},
        },
        "apiPermissions": {"api": {"application": ["Writer"], "adminConsent": True}},
    }
