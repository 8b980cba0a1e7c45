"""A Graph client and the SPA's origin in; the API and the SPA registered, with roles to give and take, out."""

from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import httpx

GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000"
# A consent type of Graph: for every user of the tenant.
ALL_PRINCIPALS = "AllPrincipals"
SPA_SCOPES = ("user.read", "user.write")
SIGN_IN_SCOPES = ("openid", "profile", "offline_access")


def _id(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"https://spa.e2e.test/{name}"))


@dataclass(frozen=True)
class Registration:
    """The two applications, and how Graph reaches what the story changes."""

    graph: httpx.Client
    api_app_id: str
    api_object_id: str
    api_principal_id: str
    spa_app_id: str

    def assign(self, user: str, role: str) -> None:
        """Assign a role of the API to a user."""
        body = {"principalId": self._user_id(user), "resourceId": self.api_principal_id, "appRoleId": _id(role)}
        _sent(self.graph.post(f"/servicePrincipals/{self.api_principal_id}/appRoleAssignedTo", json=body))

    def unassign(self, user: str) -> None:
        """Take all roles of the API from a user."""
        user_id = self._user_id(user)
        path = f"/servicePrincipals/{self.api_principal_id}/appRoleAssignedTo"
        for row in _sent(self.graph.get(path))["value"]:
            if row["principalId"] == user_id:
                _sent(self.graph.delete(f"{path}/{row['id']}"))

    def revoke_consent(self) -> None:
        """Let nobody's consent stand, and let users consent for themselves.

        Users cannot do that where assignment is required, so it is not required meanwhile.
        """
        self._patch_api({"api": {"preAuthorizedApplications": []}})
        self._require_assignment(required=False)

    def restore_consent(self) -> None:
        """Authorize the SPA for everybody again, and require assignment."""
        authorized = {"appId": self.spa_app_id, "delegatedPermissionIds": [_id(scope) for scope in SPA_SCOPES]}
        self._patch_api({"api": {"preAuthorizedApplications": [authorized]}})
        self._require_assignment(required=True)

    def _patch_api(self, body: dict[str, Any]) -> None:
        _sent(self.graph.patch(f"/applications/{self.api_object_id}", json=body))

    def _require_assignment(self, *, required: bool) -> None:
        body = {"appRoleAssignmentRequired": required}
        _sent(self.graph.patch(f"/servicePrincipals/{self.api_principal_id}", json=body))

    def _user_id(self, user: str) -> str:
        return str(_sent(self.graph.get(f"/users/{user}"))["id"])


def register(graph: httpx.Client, spa_origin: str) -> Registration:
    """Register the API and the SPA, as the example's manifest describes them."""
    api = _sent(graph.post("/applications", json=_api()))
    _sent(graph.patch(f"/applications/{api['id']}", json={"identifierUris": [f"api://{api['appId']}"]}))
    principal = _sent(graph.post("/servicePrincipals", json={"appId": api["appId"]}))
    spa = _sent(graph.post("/applications", json=_spa(spa_origin, api["appId"])))
    spa_principal = _sent(graph.post("/servicePrincipals", json={"appId": spa["appId"]}))
    microsoft_graph = _sent(graph.get(f"/servicePrincipals(appId='{GRAPH_APP_ID}')"))
    grant = {
        "clientId": spa_principal["id"],
        "consentType": ALL_PRINCIPALS,
        "resourceId": microsoft_graph["id"],
        "scope": " ".join(SIGN_IN_SCOPES),
    }
    _sent(graph.post("/oauth2PermissionGrants", json=grant))
    registration = Registration(graph, api["appId"], api["id"], principal["id"], spa["appId"])
    registration.restore_consent()
    return registration


def _api() -> dict[str, Any]:
    return {
        "displayName": "MyApp API (e2e)",
        "signInAudience": "AzureADMyOrg",
        "api": {
            "requestedAccessTokenVersion": 2,
            "oauth2PermissionScopes": [_scope(value) for value in (*SPA_SCOPES, "user.admin")],
        },
        "appRoles": [_role(value) for value in ("Reader", "Writer", "Admin")],
    }


def _scope(value: str) -> dict[str, Any]:
    return {
        "id": _id(value),
        "value": value,
        "type": "User",
        "isEnabled": True,
        "adminConsentDisplayName": value,
        "adminConsentDescription": f"Lets the app use {value}.",
        "userConsentDisplayName": value,
        "userConsentDescription": f"Lets the app use {value} for you.",
    }


def _role(value: str) -> dict[str, Any]:
    return {
        "id": _id(value),
        "value": value,
        "displayName": value,
        "description": f"{value} of records.",
        "allowedMemberTypes": ["User"],
        "isEnabled": True,
    }


def _spa(origin: str, api_app_id: str) -> dict[str, Any]:
    access = [{"id": _id(scope), "type": "Scope"} for scope in SPA_SCOPES]
    return {
        "displayName": "MyApp SPA (e2e)",
        "signInAudience": "AzureADMyOrg",
        "spa": {"redirectUris": [f"{origin}/redirect.html"]},
        "requiredResourceAccess": [{"resourceAppId": api_app_id, "resourceAccess": access}],
    }


def _sent(response: httpx.Response) -> Any:
    if response.is_error:
        message = f"{response.request.method} {response.request.url}: {response.status_code} {response.text}"
        raise AssertionError(message)
    return response.json() if response.content else None
