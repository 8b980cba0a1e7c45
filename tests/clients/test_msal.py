"""msal for Python, unmodified, against the running emulator: every flow that it has."""

import hashlib
import threading
from typing import Any

import httpx
import jwt
import msal
import pytest

from entra_emulator import seed
from tests.clients.browsing import enter_device_code, follow_sign_in
from tests.clients.credentials import make_certificate
from tests.clients.running import TENANT, Emulator

API_SCOPE = "api://contoso.com/clients-api/user.read"
REDIRECT = "http://localhost:5001/callback"
BOB = "bob@contoso.com"


@pytest.fixture(autouse=True)
def _trust(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    # requests prefers this variable, where the machine sets it, to the `verify` of its session.
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(emulator.ca))


def confidential(
    emulator: Emulator, app: dict[str, Any], credential: Any
) -> msal.ConfidentialClientApplication:
    """Make a confidential client with the settings of a local authority."""
    return msal.ConfidentialClientApplication(
        app["appId"],
        client_credential=credential,
        authority=f"{emulator.origin}/{TENANT}",
        instance_discovery=False,
        verify=str(emulator.ca),
    )


def public(emulator: Emulator, app: dict[str, Any]) -> msal.PublicClientApplication:
    """Make a public client."""
    return msal.PublicClientApplication(
        app["appId"],
        authority=f"{emulator.origin}/{TENANT}",
        instance_discovery=False,
        verify=str(emulator.ca),
    )


def sign_in(emulator: Emulator, app: msal.ClientApplication, scopes: list[str]) -> dict[str, Any]:
    """Run the authorization code flow with PKCE to its end."""
    flow = app.initiate_auth_code_flow(scopes, redirect_uri=REDIRECT)
    response = follow_sign_in(flow["auth_uri"], BOB, emulator.trust)
    return dict(app.acquire_token_by_auth_code_flow(flow, response))


def test_client_secret(emulator: Emulator) -> None:
    """A client secret gives an app-only token, the second time from the cache."""
    app = confidential(emulator, {"appId": seed.DEPLOYER_APP_ID}, seed.DEPLOYER_SECRET)
    first = app.acquire_token_for_client(["https://graph.microsoft.com/.default"])
    second = app.acquire_token_for_client(["https://graph.microsoft.com/.default"])
    assert first["access_token"] == second["access_token"]
    assert second["token_source"] == "cache"


def test_certificate(emulator: Emulator) -> None:
    """A certificate gives an app-only token."""
    certificate = make_certificate()
    app = emulator.register("MSAL by certificate", keyCredentials=[certificate.key_credential])
    from cryptography.hazmat.primitives.serialization import Encoding

    thumbprint = hashlib.sha1(certificate.certificate.public_bytes(Encoding.DER)).hexdigest()
    credential = {"private_key": certificate.key_pem, "thumbprint": thumbprint}
    response = confidential(emulator, app, credential).acquire_token_for_client(
        ["https://graph.microsoft.com/.default"]
    )
    assert "access_token" in response, response


@pytest.mark.parametrize(
    ("change", "code"),
    [({}, 0), ({"sub": "repo:example/other:pull_request"}, 700213), ({"aud": "elsewhere"}, 700212)],
)
def test_assertion_of_an_issuer(
    emulator: Emulator, other_issuer: Emulator, change: dict[str, str], code: int
) -> None:
    """An assertion is exchanged when issuer, audience and subject match, and refused by name when one does
    not.
    """
    token = httpx.post(
        f"{other_issuer.origin}/emulator/token",
        json={"client_id": seed.READER_APP_ID, "scope": "https://graph.microsoft.com/.default"},
        verify=other_issuer.trust,
    ).json()["access_token"]
    # A Graph token cannot be verified by others, as in Entra; one for the application itself can.
    assert jwt.get_unverified_header(token)["nonce"]
    token = httpx.post(
        f"{other_issuer.origin}/emulator/token",
        json={"client_id": seed.READER_APP_ID, "scope": f"{seed.READER_APP_ID}/.default"},
        verify=other_issuer.trust,
    ).json()["access_token"]
    found = jwt.decode(token, options={"verify_signature": False})
    app = emulator.register("MSAL federated")
    emulator.federate(app, found["iss"], change.get("sub", found["sub"]), change.get("aud", found["aud"]))
    client = confidential(emulator, app, {"client_assertion": token})
    response = client.acquire_token_for_client(["https://graph.microsoft.com/.default"])
    assert response.get("error_codes", [0]) == [code]
    assert ("access_token" in response) is (code == 0)


def test_public_client_code_flow(emulator: Emulator, api: dict[str, Any]) -> None:
    """The code flow with PKCE signs a user in; silent calls then use cache and refresh token."""
    app = emulator.register("MSAL public", publicClient={"redirectUris": ["http://localhost/callback"]})
    client = public(emulator, app)
    response = sign_in(emulator, client, [API_SCOPE])
    assert response["id_token_claims"]["preferred_username"] == BOB
    claims = jwt.decode(response["access_token"], options={"verify_signature": False})
    assert (claims["aud"], claims["scp"], claims["azpacr"]) == (api["appId"], "user.read", "0")
    (account,) = client.get_accounts()
    assert account["home_account_id"] == f"{claims['oid']}.{TENANT}"
    assert client.acquire_token_silent([API_SCOPE], account)["token_source"] == "cache"
    renewed = client.acquire_token_silent([API_SCOPE], account, force_refresh=True)
    assert renewed["token_source"] == "identity_provider"
    assert renewed["access_token"] != response["access_token"]


def test_confidential_client_code_flow_and_on_behalf_of(emulator: Emulator) -> None:
    """A web application signs a user in, and the API exchanges that token for Graph's."""
    api = emulator.register_api("msal-middle")
    app = emulator.register("MSAL web", web={"redirectUris": [REDIRECT]})
    response = sign_in(
        emulator,
        confidential(emulator, app, emulator.secret(app)),
        ["api://contoso.com/msal-middle/user.read"],
    )
    middle = confidential(emulator, api, emulator.secret(api))
    refused = middle.acquire_token_on_behalf_of(response["access_token"], ["Calendars.Read"])
    assert refused["suberror"] == "consent_required"
    emulator.grant(api, emulator.principal_of(seed.GRAPH_APP_ID), "Calendars.Read User.Read")
    # msal keeps a refusal for a minute, so a client that knows nothing of it asks again.
    middle = confidential(emulator, api, emulator.secret(api))
    exchanged = middle.acquire_token_on_behalf_of(response["access_token"], ["Calendars.Read"])
    claims = jwt.decode(exchanged["access_token"], options={"verify_signature": False})
    assert (claims["scp"], claims["upn"], claims["appid"]) == ("Calendars.Read User.Read", BOB, api["appId"])


def test_device_flow(emulator: Emulator) -> None:
    """The device flow polls until somebody has signed in."""
    app = emulator.register("MSAL device", isFallbackPublicClient=True)
    client = public(emulator, app)
    flow = client.initiate_device_flow([API_SCOPE])
    uri, code = flow["verification_uri"], flow["user_code"]
    later = threading.Timer(0.5, enter_device_code, (uri, code, BOB, emulator.trust))
    later.start()
    response = client.acquire_token_by_device_flow(flow)
    later.join()
    assert response["id_token_claims"]["preferred_username"] == BOB


def test_instance_discovery_by_the_emulator(emulator: Emulator) -> None:
    """With instance discovery pointed here, nothing else has to be switched off."""
    app = msal.ConfidentialClientApplication(
        seed.DEPLOYER_APP_ID,
        client_credential=seed.DEPLOYER_SECRET,
        authority=f"{emulator.origin}/{TENANT}",
        instance_discovery=f"{emulator.origin}/common/discovery/instance",
        verify=str(emulator.ca),
    )
    assert "access_token" in app.acquire_token_for_client(["https://graph.microsoft.com/.default"])


def test_openid_issuer(emulator: Emulator) -> None:
    """As a plain OpenID issuer the authority works too: its document names that very issuer."""
    issuer = f"{emulator.origin}/{TENANT}/v2.0"
    app = msal.ConfidentialClientApplication(
        seed.DEPLOYER_APP_ID,
        client_credential=seed.DEPLOYER_SECRET,
        oidc_authority=issuer,
        verify=str(emulator.ca),
    )
    response = app.acquire_token_for_client(["https://graph.microsoft.com/.default"])
    assert response["expires_in"] == 3599
