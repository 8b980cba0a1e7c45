"""A running emulator as a client sees it: an origin, a CA file, and Graph to register applications with."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from entra_emulator import seed

TENANT = seed.CONTOSO


@dataclass
class Emulator:
    """A running emulator as a client sees it: an origin, a CA file, and Graph."""

    origin: str
    ca: Path
    graph: httpx.Client

    @property
    def trust(self) -> ssl.SSLContext:
        """Return a TLS context that trusts this emulator only."""
        return ssl.create_default_context(cafile=str(self.ca))

    def register(self, name: str, **properties: Any) -> dict[str, Any]:
        """Register an application with its service principal; return the registration with `principal`."""
        app = self._post("/applications", {"displayName": name, **properties})
        return {**app, "principal": self._post("/servicePrincipals", {"appId": app["appId"]})["id"]}

    def register_api(self, name: str) -> dict[str, Any]:
        """Register an API with the scope `user.read` under `api://contoso.com/NAME`."""
        scope = {
            "id": "11111111-2222-4333-8444-555555555555",
            "value": "user.read",
            "type": "User",
            "isEnabled": True,
            "adminConsentDisplayName": "Read",
            "adminConsentDescription": "Reads.",
        }
        api = {"requestedAccessTokenVersion": 2, "oauth2PermissionScopes": [scope]}
        return self.register(name, api=api, identifierUris=[f"api://contoso.com/{name}"])

    def secret(self, app: dict[str, Any]) -> str:
        """Add a client secret."""
        return str(
            self._post(f"/applications/{app['id']}/addPassword", {"passwordCredential": {}})["secretText"]
        )

    def federate(self, app: dict[str, Any], issuer: str, subject: str, audience: str) -> None:
        """Add a federated credential."""
        body = {"name": "federated", "issuer": issuer, "subject": subject, "audiences": [audience]}
        self._post(f"/applications/{app['id']}/federatedIdentityCredentials", body)

    def grant(self, client: dict[str, Any], resource_principal: str, scope: str) -> None:
        """Grant delegated permissions to everybody."""
        body = {
            "clientId": client["principal"],
            "consentType": "AllPrincipals",
            "resourceId": resource_principal,
            "scope": scope,
        }
        self._post("/oauth2PermissionGrants", body)

    def principal_of(self, app_id: str) -> str:
        """Return the object id of a service principal."""
        return str(self.graph.get(f"/servicePrincipals(appId='{app_id}')").raise_for_status().json()["id"])

    def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        response = self.graph.post(path, json=body)
        assert response.is_success, response.text
        return dict(response.json())
