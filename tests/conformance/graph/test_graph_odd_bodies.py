"""Whatever a body lacks, or has of another shape, Graph's own refusal is the answer, and never a crash."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conformance.graph_client import Graph, role, scope

CLI = "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
GRAPH = "00000003-0000-0000-c000-000000000000"
USER_READ = "e1fe6dd8-ba31-4d61-89e7-88639da4683d"
ODD: tuple[Any, ...] = (None, 1, "x", "", [], {}, [None], [1], [{}], True, {"x": 1})
APPLICATION: dict[str, Any] = {
    "displayName": "K",
    "description": "x",
    "notes": "n",
    "identifierUris": [],
    "tags": ["a"],
    "signInAudience": "AzureADMyOrg",
    "groupMembershipClaims": "All",
    "api": {
        "oauth2PermissionScopes": [scope(isEnabled=False)],
        "requestedAccessTokenVersion": 2,
        "preAuthorizedApplications": [{"appId": CLI, "delegatedPermissionIds": []}],
        "knownClientApplications": [],
        "acceptMappedClaims": None,
    },
    "appRoles": [role("Reader", isEnabled=False)],
    "spa": {"redirectUris": ["https://a.example.com/"]},
    "web": {
        "redirectUris": ["https://b.example.com/"],
        "logoutUrl": "https://b.example.com/o",
        "homePageUrl": "https://b.example.com/",
        "implicitGrantSettings": {"enableIdTokenIssuance": False, "enableAccessTokenIssuance": False},
        "redirectUriSettings": [],
    },
    "publicClient": {"redirectUris": ["http://localhost"]},
    "isFallbackPublicClient": False,
    "requiredResourceAccess": [
        {"resourceAppId": GRAPH, "resourceAccess": [{"id": USER_READ, "type": "Scope"}]}
    ],
    "optionalClaims": {
        "idToken": [{"name": "email", "source": None, "essential": False, "additionalProperties": []}],
        "accessToken": [],
        "saml2Token": [],
    },
    "parentalControlSettings": {"countriesBlockedForMinors": [], "legalAgeGroupRule": "Allow"},
    "info": {"marketingUrl": None, "privacyStatementUrl": None, "supportUrl": None},
    "servicePrincipalLockConfiguration": {"isEnabled": True, "allProperties": True},
}
FEDERATED: dict[str, Any] = {
    "name": "pipeline",
    "issuer": "https://token.actions.githubusercontent.com",
    "subject": "repo:a/b:environment:c",
    "audiences": ["api://AzureADTokenExchange"],
    "description": "x",
}
GROUP: dict[str, Any] = {
    "displayName": "G",
    "mailNickname": "g",
    "mailEnabled": False,
    "securityEnabled": True,
    "groupTypes": [],
    "description": "x",
}
SECRET: dict[str, Any] = {
    "passwordCredential": {"displayName": "x", "endDateTime": None, "startDateTime": None}
}


def places(node: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield where something stands, however deep."""
    for key in node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ():
        yield (*at, key)
        yield from places(node[key], (*at, key))


def torn(whole: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a body without each of its parts, and with each odd value in its place."""
    for place in list(places(whole)):
        for odd in (*ODD, ...):
            body = copy.deepcopy(whole)
            owner: Any = body
            for key in place[:-1]:
                owner = owner[key]
            if odd is ...:
                del owner[place[-1]]
            else:
                owner[place[-1]] = copy.deepcopy(odd)
            yield body


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_an_application(graph: Graph, method: str) -> None:
    """Made, and changed as a whole."""
    path = "/applications" if method == "POST" else f"/applications/{graph.application()['id']}"
    responded(graph, method, path, APPLICATION)


def test_what_hangs_on_others(graph: Graph) -> None:
    """Federated credentials, secrets, groups, service principals, assignments and consents."""
    client, api = graph.application(), graph.application(appRoles=[role("Reader", members=("Application",))])
    theirs = graph.post("/servicePrincipals", {"appId": api["appId"]}).json()
    path = f"/applications/{client['id']}"
    responded(graph, "POST", f"{path}/federatedIdentityCredentials", FEDERATED)
    responded(graph, "POST", f"{path}/addPassword", SECRET)
    responded(graph, "POST", "/groups", GROUP)
    principal = {"appId": client["appId"], "tags": ["a"], "appRoleAssignmentRequired": True, "notes": "x"}
    mine = responded(graph, "POST", "/servicePrincipals", principal)
    changed = {"tags": ["a"], "appRoleAssignmentRequired": True, "notes": "x", "loginUrl": None}
    responded(graph, "PATCH", f"/servicePrincipals/{mine['id']}", changed)
    held = {"principalId": mine["id"], "resourceId": theirs["id"], "appRoleId": api["appRoles"][0]["id"]}
    responded(graph, "POST", f"/servicePrincipals/{theirs['id']}/appRoleAssignedTo", held)
    consent = {
        "clientId": mine["id"],
        "consentType": "AllPrincipals",
        "resourceId": theirs["id"],
        "scope": "x",
    }
    responded(graph, "POST", "/oauth2PermissionGrants", consent)


def responded(graph: Graph, method: str, path: str, whole: dict[str, Any]) -> dict[str, Any]:
    """Hold that the whole is taken, and each torn body has an answer of Graph's; return what was made."""
    send = graph.post if method == "POST" else graph.patch
    response = send(path, whole)
    assert response.status_code < 300, response.text
    for body in torn(whole):
        odd = send(path, body)
        assert odd.status_code < 500, (body, odd.text)
    made: dict[str, Any] = response.json() if response.content else {}
    return made
