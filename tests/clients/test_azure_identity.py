"""azure-identity, unmodified, against the running emulator."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import (
    CertificateCredential,
    ClientSecretCredential,
    DefaultAzureCredential,
    DeviceCodeCredential,
    OnBehalfOfCredential,
    WorkloadIdentityCredential,
)
from azure.identity.aio import CertificateCredential as AsyncCertificateCredential
from azure.identity.aio import ClientSecretCredential as AsyncClientSecretCredential

from entra_emulator import seed
from tests.clients.browsing import enter_device_code
from tests.clients.credentials import make_certificate
from tests.clients.running import TENANT, Emulator

GRAPH_SCOPE = "https://graph.microsoft.com/.default"


def options(emulator: Emulator) -> dict[str, Any]:
    """Return the only settings that differ from production."""
    return {
        "authority": emulator.origin,
        "disable_instance_discovery": True,
        "connection_verify": str(emulator.ca),
    }


def claims(token: str) -> dict[str, Any]:
    """Read a token without checking it."""
    return dict(jwt.decode(token, options={"verify_signature": False}))


def graph_status(emulator: Emulator, token: str) -> int:
    """Call Graph with a token."""
    headers = {"Authorization": f"Bearer {token}"}
    url = f"{emulator.origin}/v1.0/applications?$top=1"
    return httpx.get(url, headers=headers, verify=emulator.trust).status_code


def test_client_secret(emulator: Emulator) -> None:
    """ClientSecretCredential signs in, and Graph accepts its token."""
    credential = ClientSecretCredential(
        TENANT, seed.DEPLOYER_APP_ID, seed.DEPLOYER_SECRET, **options(emulator)
    )
    token = credential.get_token(GRAPH_SCOPE).token
    assert "Application.ReadWrite.All" in claims(token)["roles"]
    assert graph_status(emulator, token) == 200


def test_wrong_client_secret(emulator: Emulator) -> None:
    """A wrong secret reaches the user as Entra's own text."""
    credential = ClientSecretCredential(TENANT, seed.DEPLOYER_APP_ID, "wrong", **options(emulator))
    with pytest.raises(ClientAuthenticationError, match="AADSTS7000215: Invalid client secret provided"):
        credential.get_token(GRAPH_SCOPE)


def test_client_secret_async(emulator: Emulator) -> None:
    """The asynchronous credential, which reads no discovery document, signs in too."""

    async def token() -> str:
        async with AsyncClientSecretCredential(
            TENANT, seed.DEPLOYER_APP_ID, seed.DEPLOYER_SECRET, **options(emulator)
        ) as credential:
            return (await credential.get_token(GRAPH_SCOPE)).token

    assert graph_status(emulator, asyncio.run(token())) == 200


def test_certificate(emulator: Emulator) -> None:
    """CertificateCredential signs in with RS256 and with PS256, and the token says how."""
    certificate = make_certificate()
    app = emulator.register("By certificate", keyCredentials=[certificate.key_credential])
    sync = CertificateCredential(TENANT, app["appId"], certificate_data=certificate.pem, **options(emulator))

    async def token() -> str:
        async with AsyncCertificateCredential(
            TENANT, app["appId"], certificate_data=certificate.pem, **options(emulator)
        ) as credential:
            return (await credential.get_token(GRAPH_SCOPE)).token

    assert claims(sync.get_token(GRAPH_SCOPE).token)["appidacr"] == "2"
    assert claims(asyncio.run(token()))["appidacr"] == "2"


def test_strange_certificate(emulator: Emulator) -> None:
    """A certificate that is not registered is refused with 700027."""
    app = emulator.register("No certificate")
    credential = CertificateCredential(
        TENANT, app["appId"], certificate_data=make_certificate().pem, **options(emulator)
    )
    with pytest.raises(ClientAuthenticationError, match="AADSTS700027"):
        credential.get_token(GRAPH_SCOPE)


def test_workload_identity(
    emulator: Emulator, other_issuer: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """WorkloadIdentityCredential exchanges a token of a second issuer, and so does DefaultAzureCredential
    by env alone.
    """
    other_issuer.register("Token exchange", identifierUris=["api://contoso.com/exchange"])
    external = ClientSecretCredential(TENANT, seed.READER_APP_ID, seed.READER_SECRET, **options(other_issuer))
    assertion = external.get_token("api://contoso.com/exchange/.default").token
    subject, issuer = claims(assertion)["sub"], claims(assertion)["iss"]
    assert issuer.startswith(other_issuer.origin)
    file = tmp_path / "token"
    file.write_text(assertion, encoding="utf-8")
    app = emulator.register("Federated")
    credential = WorkloadIdentityCredential(
        tenant_id=TENANT, client_id=app["appId"], token_file_path=str(file), **options(emulator)
    )
    with pytest.raises(ClientAuthenticationError, match="AADSTS70025"):
        credential.get_token(GRAPH_SCOPE)
    emulator.federate(app, issuer, subject, "api://contoso.com/exchange")
    assert claims(credential.get_token(GRAPH_SCOPE).token)["appidacr"] == "2"
    for name, value in {
        "AZURE_TENANT_ID": TENANT,
        "AZURE_CLIENT_ID": app["appId"],
        "AZURE_FEDERATED_TOKEN_FILE": str(file),
        "AZURE_AUTHORITY_HOST": emulator.origin,
        "REQUESTS_CA_BUNDLE": str(emulator.ca),
    }.items():
        monkeypatch.setenv(name, value)
    assert claims(DefaultAzureCredential().get_token(GRAPH_SCOPE).token)["appid"] == app["appId"]


def test_device_code(emulator: Emulator, api: dict[str, Any]) -> None:
    """DeviceCodeCredential waits until somebody enters the code, and gets that person's token."""
    app = emulator.register(
        "Device", isFallbackPublicClient=True, publicClient={"redirectUris": ["http://localhost"]}
    )
    pages: list[str] = []

    def show(uri: str, code: str, _: object) -> None:
        pages.append(enter_device_code(uri, code, "bob@contoso.com", emulator.trust))

    credential = DeviceCodeCredential(
        app["appId"], tenant_id=TENANT, prompt_callback=show, timeout=20, **options(emulator)
    )
    token = credential.get_token("api://contoso.com/clients-api/user.read").token
    assert claims(token)["preferred_username"] == "bob@contoso.com"
    assert claims(token)["aud"] == api["appId"]
    assert "You have signed in" in pages[0]


def test_on_behalf_of(emulator: Emulator) -> None:
    """OnBehalfOfCredential exchanges a user's token for the next API."""
    api = emulator.register_api("identity-middle")
    secret = emulator.secret(api)
    emulator.grant(api, emulator.principal_of(seed.GRAPH_APP_ID), "User.Read")
    client = emulator.register("Front", publicClient={"redirectUris": ["http://localhost"]})
    emulator.grant(client, api["principal"], "user.read")
    wanted = {
        "client_id": client["appId"],
        "user": "bob@contoso.com",
        "scope": "api://contoso.com/identity-middle/user.read",
    }
    token = httpx.post(f"{emulator.origin}/emulator/token", json=wanted, verify=emulator.trust).json()[
        "access_token"
    ]
    credential = OnBehalfOfCredential(
        TENANT, api["appId"], client_secret=secret, user_assertion=token, **options(emulator)
    )
    found = claims(credential.get_token("https://graph.microsoft.com/User.Read").token)
    assert (found["scp"], found["appid"], found["upn"]) == ("User.Read", api["appId"], "bob@contoso.com")
