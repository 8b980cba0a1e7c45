"""fastapi-azure-auth, unmodified: an API that validates the emulator's tokens as it would Entra's."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Security
from fastapi.testclient import TestClient
from fastapi_azure_auth.auth import AzureAuthorizationCodeBearerBase
from fastapi_azure_auth.user import User

from entra_emulator import seed
from tests.clients.running import TENANT, Emulator


@pytest.fixture
def guarded(emulator: Emulator, api: dict[str, Any]) -> TestClient:
    """Give an API that wants the scope user.read."""
    scheme = AzureAuthorizationCodeBearerBase(
        app_client_id=api["appId"],
        tenant_id=TENANT,
        openid_config_url=f"{emulator.origin}/{TENANT}/v2.0/.well-known/openid-configuration",
        http_client_config={"verify": emulator.trust},
        scopes={"user.read": "Read"},
    )
    app = FastAPI()

    @app.get("/me")
    async def me(user: User = Security(scheme, scopes=["user.read"])) -> dict[str, Any]:  # noqa: B008, FAST002  # its documented form
        return {"name": user.name, "roles": user.roles, "scp": user.scp}

    return TestClient(app)


def token(emulator: Emulator, client: dict[str, Any], scope: str, user: str = "") -> str:
    """Get a token without a browser."""
    wanted = {"client_id": client["appId"], "scope": scope, "user": user}
    response = httpx.post(f"{emulator.origin}/emulator/token", json=wanted, verify=emulator.trust)
    assert response.is_success, response.text
    return str(response.json()["access_token"])


def test_a_users_token_is_accepted(emulator: Emulator, api: dict[str, Any], guarded: TestClient) -> None:
    """A token for the API passes; one for Graph, one of an application and a tampered one do not."""
    client = emulator.register("Guarded's client", publicClient={"redirectUris": ["http://localhost"]})
    emulator.grant(client, api["principal"], "user.read")
    emulator.grant(client, emulator.principal_of(seed.GRAPH_APP_ID), "User.Read")
    scope = "api://contoso.com/clients-api"
    good = token(emulator, client, f"{scope}/user.read", "bob@contoso.com")
    response = guarded.get("/me", headers={"Authorization": f"Bearer {good}"})
    assert (response.status_code, response.json()) == (
        200,
        {"name": "Bob Baker", "roles": [], "scp": ["user.read"]},
    )
    bad = {
        "for Graph": token(emulator, client, "https://graph.microsoft.com/User.Read", "bob@contoso.com"),
        "of an application": token(emulator, client, f"{scope}/.default"),
        "tampered": good[:-8] + "AAAAAAAA",
    }
    for text in bad.values():
        assert guarded.get("/me", headers={"Authorization": f"Bearer {text}"}).status_code in {401, 403}
