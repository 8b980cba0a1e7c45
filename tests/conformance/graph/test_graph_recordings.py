"""Recorded sessions of azure-cli, replayed in shape: the same requests, the same kinds of answers."""

import base64
import re
from typing import Any

import pytest

from tests.conformance.graph.certificates import certificate
from tests.conformance.graph.recorded_session import Session

fact = pytest.mark.fact
GITHUB = "https://token.actions.githubusercontent.com/"
RICH: dict[str, Any] = {
    "displayName": "azure-cli-test000001",
    "isFallbackPublicClient": True,
    "signInAudience": "AzureADMultipleOrgs",
    "web": {
        "homePageUrl": "https://myapp.com/",
        "redirectUris": ["http://localhost/webtest1", "http://localhost/webtest2"],
        "implicitGrantSettings": {"enableAccessTokenIssuance": True, "enableIdTokenIssuance": True},
    },
    "publicClient": {
        "redirectUris": ["http://localhost/publicclienttest1", "http://localhost/publicclienttest2"]
    },
    "appRoles": [
        {
            "allowedMemberTypes": ["User"],
            "description": "Writers Have the ability to create tasks.",
            "displayName": "Writer",
            "id": "d1c2ade8-0000-4000-8000-000000000001",
            "isEnabled": True,
            "value": "Writer",
        },
        {
            "allowedMemberTypes": ["Application"],
            "description": "Consumer apps have access to the consumer data.",
            "displayName": "ConsumerApps",
            "id": "47fbb575-0000-4000-8000-000000000001",
            "isEnabled": True,
            "value": "Consumer",
        },
    ],
    "requiredResourceAccess": [
        {
            "resourceAppId": "797f4846-ba00-4fd7-ba43-dac1f8f63013",
            "resourceAccess": [{"id": "41094075-9dad-400e-a0bd-54e686782033", "type": "Scope"}],
        },
        {
            "resourceAppId": "00000003-0000-0000-c000-000000000000",
            "resourceAccess": [
                {"id": "c79f8feb-a9db-4090-85f9-90d820caa0eb", "type": "Scope"},
                {"id": "18a4783c-866b-4cc7-a460-3d5e5662c884", "type": "Role"},
            ],
        },
    ],
}


@fact("recording: rich application, read after write", source="AZ-APP", grade="R")
def test_app_scenario(session: Session) -> None:
    """Create rich, delete, create plain, patch rich, patch a boolean, delete: as recorded in 2022."""
    made = session.create(**RICH)
    assert [item["origin"] for item in made["appRoles"]] == ["Application", "Application"]
    assert made["api"]["requestedAccessTokenVersion"] is None
    read = session.read_twice()
    assert sorted(read["web"]["redirectUris"]) == RICH["web"]["redirectUris"]
    session.expect(204, "DELETE", f"/applications/{made['id']}")
    assert session.expect(200, "GET", f"/applications?$filter=appId eq '{made['appId']}'")["value"] == []
    session.expect(404, "GET", f"/applications/{made['appId']}")
    plain = session.create(displayName="azure-cli-test000001", keyCredentials=[])
    session.expect(
        204, "PATCH", f"/applications/{plain['id']}", {k: v for k, v in RICH.items() if k != "signInAudience"}
    )
    assert session.read_twice()["isFallbackPublicClient"] is True
    session.expect(204, "PATCH", f"/applications/{plain['id']}", {"isDeviceOnlyAuthSupported": True})
    assert session.read_twice()["isDeviceOnlyAuthSupported"] is True
    session.expect(204, "DELETE", f"/applications/{plain['id']}")


@fact("recording: create-for-rbac", source="AZ-SMR", grade="R")
def test_create_for_rbac(session: Session) -> None:
    """Application, secret, service principal, reads, delete and purge: as recorded in 2025."""
    assert (
        session.expect(200, "GET", "/servicePrincipals?$filter=displayName eq 'azure-cli-sp'")["value"] == []
    )
    app = session.create(displayName="azure-cli-sp", serviceManagementReference="ref", keyCredentials=[])
    assert app["serviceManagementReference"] == "ref"
    secret = {
        "displayName": "rbac",
        "startDateTime": "2025-04-08T00:00:00Z",
        "endDateTime": "2026-04-08T00:00:00Z",
    }
    made = session.expect(
        200, "POST", f"/applications/{app['id']}/addPassword", {"passwordCredential": secret}
    )
    assert made["startDateTime"] == secret["startDateTime"]
    assert len(made["hint"]) == 3
    session.expect(201, "POST", "/servicePrincipals", {"appId": app["appId"], "accountEnabled": True})
    for _ in range(2):
        assert [item["hint"] for item in session.read_twice()["passwordCredentials"]] == [made["hint"]]
    session.remove()


@fact("recording: federated credential on beta", source="AZ-FIC", grade="R")
def test_federated_credential(session: Session) -> None:
    """Create, list, read by id and by name, patch the subject, delete."""
    app = session.create(displayName="azure-cli-fic")
    path = f"/beta/applications/{app['id']}/federatedIdentityCredentials"
    body = {
        "name": "Testing",
        "issuer": GITHUB,
        "subject": "repo:octo-org/octo-repo:environment:Production",
        "description": "Testing",
        "audiences": ["api://AzureADTokenExchange"],
    }
    made = session.expect(201, "POST", path, body)
    assert made["issuer"] == GITHUB
    assert len(session.expect(200, "GET", path)["value"]) == 1
    session.expect(200, "GET", f"{path}/{made['id']}")
    session.expect(200, "GET", f"{path}/Testing")
    session.expect(
        204, "PATCH", f"{path}/{made['id']}", {"subject": "repo:octo-org/octo-repo:environment:Staging"}
    )
    assert session.expect(200, "GET", f"{path}/{made['id']}")["subject"].endswith("Staging")
    session.expect(204, "DELETE", f"{path}/{made['id']}")
    assert session.expect(200, "GET", path)["value"] == []
    session.remove()


@fact("recording: permission grant", source="AZ-GRANT", grade="R")
def test_permission_grant(session: Session) -> None:
    """A grant is listed by client, deleted in another spelling, and comes back under its id."""
    app = session.create(displayName="azure-cli-grant")
    client = session.expect(201, "POST", "/servicePrincipals", {"appId": app["appId"]})
    name = "00000003-0000-0000-c000-000000000000"
    found = session.expect(
        200, "GET", f"/servicePrincipals?$filter=servicePrincipalNames/any(c:c eq '{name}')"
    )["value"]
    body = {
        "clientId": client["id"],
        "consentType": "AllPrincipals",
        "principalId": None,
        "resourceId": found[0]["id"],
        "scope": "Directory.Read.All",
    }
    made = session.expect(201, "POST", "/oauth2PermissionGrants", body)
    query = f"/oauth2PermissionGrants?$filter=clientId eq '{client['id']}'"
    assert [item["id"] for item in session.expect(200, "GET", query)["value"]] == [made["id"]]
    session.expect(204, "DELETE", f"/oAuth2PermissionGrants/{made['id']}")
    again = session.expect(
        201, "POST", "/oauth2PermissionGrants", {**body, "scope": "Directory.Read.All Application.Read.All"}
    )
    assert (again["id"], again["scope"]) == (made["id"], "Directory.Read.All Application.Read.All")
    session.expect(204, "PATCH", f"/applications/{app['id']}", {"requiredResourceAccess": []})
    assert session.read_twice()["requiredResourceAccess"] == []
    session.remove()


@fact("recording: application found by URI, by appId, not by object id", source="AZ-RES", grade="R")
def test_resolution(session: Session) -> None:
    """A filter on appId does not match an object id; a URI finds its application."""
    app = session.create(
        displayName="azure-cli-res",
        api={"requestedAccessTokenVersion": 2},
        identifierUris=["api://azure-cli-res"],
    )
    assert session.expect(200, "GET", f"/applications?$filter=appId eq '{app['id']}'")["value"] == []
    query = "/applications?$filter=identifierUris/any(s:s eq 'api://azure-cli-res')"
    assert [item["id"] for item in session.expect(200, "GET", query)["value"]] == [app["id"]]
    session.remove()


@fact("recording: credentials", source="AZ-CRED", grade="R")
def test_credentials(session: Session) -> None:
    """Two secrets, newest first; removed one by one; one that lasts 78 years."""
    app = session.create(displayName="azure-cli-cred")
    path = f"/applications/{app['id']}"
    keys = [
        session.expect(200, "POST", f"{path}/addPassword", {"passwordCredential": {"displayName": name}})
        for name in ("key1", "key2")
    ]
    assert [item["displayName"] for item in session.read_twice()["passwordCredentials"]] == ["key2", "key1"]
    for key in keys:
        session.expect(204, "POST", f"{path}/removePassword", {"keyId": key["keyId"]})
    far = {"passwordCredential": {"displayName": None, "endDateTime": "2100-12-31T11:59:59Z"}}
    assert session.expect(200, "POST", f"{path}/addPassword", far)["displayName"] is None
    session.remove()


@fact("recording: certificates in a create", source="AZ-APP", grade="R")
def test_certificate(session: Session) -> None:
    """A certificate gets thumbprint and subject; its key is shown on $select only, the caller's key id is
    kept.
    """
    der = certificate()
    key_id = "11111111-2222-4333-8444-777777777777"
    sent = {
        "type": "AsymmetricX509Cert",
        "usage": "Verify",
        "keyId": key_id,
        "displayName": None,
        "key": base64.b64encode(der).decode(),
    }
    app = session.create(displayName="azure-cli-cert", keyCredentials=[sent])
    made = app["keyCredentials"][0]
    assert re.fullmatch(r"[0-9A-F]{40}", made["customKeyIdentifier"])
    assert (made["displayName"], made["key"], made["keyId"]) == ("CN=entra-config", None, key_id)
    selected = session.expect(200, "GET", f"/applications/{app['id']}?$select=keyCredentials")[
        "keyCredentials"
    ][0]
    assert base64.b64decode(selected["key"]) == der
    kept = {name: value for name, value in made.items() if name != "key"}
    session.expect(204, "PATCH", f"/applications/{app['id']}", {"keyCredentials": [kept]})
    session.expect(400, "PATCH", f"/applications/{app['id']}", {"keyCredentials": [{**sent, "key": "bm8="}]})
    session.expect(204, "PATCH", f"/applications/{app['id']}", {"keyCredentials": []})
    session.remove()


@fact(
    "a certificate is named after its subject in .NET's form",
    source="azure-cli recordings; the form of longer subjects is .NET's",
    grade="S",
    verdict="uncertain",
)
@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("O=Internet Widgits Pty Ltd,ST=Some-State,C=AU", "O=Internet Widgits Pty Ltd, S=Some-State, C=AU"),
        ("CN=a\\, b,1.2.840.113549.1.9.1=a@b.example", 'CN="a, b", E=a@b.example'),
    ],
)
def test_name_of_a_certificate(session: Session, subject: str, name: str) -> None:
    """The last part first, `S` for a state, quotes around special characters."""
    key = base64.b64encode(certificate(subject=subject)).decode()
    sent = {"type": "AsymmetricX509Cert", "usage": "Verify", "key": key}
    app = session.create(displayName="azure-cli-cert", keyCredentials=[sent])
    assert app["keyCredentials"][0]["displayName"] == name
    session.remove()


@fact(
    "recording: a certificate's base64 has line breaks",
    source="azure-cli create-for-rbac --create-cert",
    grade="R",
)
@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
def test_certificate_in_lines(session: Session, line_break: str) -> None:
    """The base64 between the lines of a PEM file is taken as it stands there, and read back without them."""
    der = certificate()
    text = base64.b64encode(der).decode()
    lines = line_break.join(text[at : at + 64] for at in range(0, len(text), 64)) + line_break
    sent = {"type": "AsymmetricX509Cert", "usage": "Verify", "key": lines}
    app = session.create(displayName="azure-cli-cert")
    session.expect(204, "PATCH", f"/applications/{app['id']}", {"keyCredentials": [sent]})
    selected = session.expect(200, "GET", f"/applications/{app['id']}?$select=keyCredentials")[
        "keyCredentials"
    ][0]
    assert selected["key"] == text
    session.remove()
