"""What app management policies refuse of secrets and certificates."""

import base64
from datetime import datetime
from typing import Any

import pytest

from tests.conformance.documented.tenant import KEY, Key
from tests.conformance.graph import certificates
from tests.conformance.graph.app_management import DEFAULT, ON, restrict
from tests.conformance.graph_client import Graph, refused

fact = pytest.mark.fact


def certificate(days: int) -> dict[str, Any]:
    """Write a certificate that ends after so many days as a key credential."""
    key = base64.b64encode(certificates.certificate(days)).decode()
    return {"type": "AsymmetricX509Cert", "usage": "Verify", "key": key}


@fact(
    "app management policies: secrets that none may add",
    source="teams-toolkit constants.ts",
    grade="R",
)
def test_password_addition(admin: Graph) -> None:
    """Neither an application nor a service principal gets a secret, by the action or at creation; what
    there is stays.
    """
    app = admin.application()
    path = f"/applications/{app['id']}"
    principal = f"/servicePrincipals/{admin.principal(app)['id']}"
    kept = admin.post(f"{path}/addPassword").json()["keyId"]
    restrict(admin, passwordCredentials=[{"restrictionType": "passwordAddition", **ON}])
    reported = "Credential type not allowed as per assigned policy"
    for where in (path, principal):
        refused(admin.post(f"{where}/addPassword"), 400, "CredentialTypeNotAllowedAsPerAppPolicy", reported)
    body = {"displayName": "x", "passwordCredentials": [{"displayName": "first"}]}
    refused(admin.post("/applications", body), 400, "CredentialTypeNotAllowedAsPerAppPolicy", reported)
    assert [each["keyId"] for each in admin.get(path).json()["passwordCredentials"]] == [kept]
    assert admin.patch(path, {"notes": "still writable"}).status_code == 204
    assert admin.post(f"{path}/removePassword", {"keyId": kept}).status_code == 204


@fact(
    "app management policies: how long a secret lives",
    source="teams-toolkit constants.ts",
    grade="R",
)
def test_password_lifetime(admin: Graph) -> None:
    """One second more than the policy has is refused, two years, which come unasked, too."""
    path = f"/applications/{admin.application()['id']}/addPassword"
    restrict(
        admin, passwordCredentials=[{"restrictionType": "passwordLifetime", "maxLifetime": "P90D", **ON}]
    )
    reported = "Credential lifetime exceeds the max value allowed as per assigned policy"
    refused(admin.post(path), 400, "CredentialInvalidLifetimeAsPerAppPolicy", reported)
    for end, status in (("2026-04-01T00:00:00Z", 200), ("2026-04-02T00:00:00Z", 400)):
        wanted = {"passwordCredential": {"startDateTime": "2026-01-01T00:00:00Z", "endDateTime": end}}
        assert admin.post(path, wanted).status_code == status, end


@fact(
    "app management policies: how long a certificate lives",
    source="keyCredentialConfiguration documentation",
    grade="D",
)
def test_key_lifetime(admin: Graph) -> None:
    """A new certificate may not live longer; one that was there before may stay beside new ones."""
    path = f"/applications/{admin.application()['id']}"
    old = certificate(900)
    assert admin.patch(path, {"keyCredentials": [old]}).status_code == 204
    restrict(
        admin, keyCredentials=[{"restrictionType": "asymmetricKeyLifetime", "maxLifetime": "P365D", **ON}]
    )
    (there,) = admin.get(f"{path}?$select=keyCredentials").json()["keyCredentials"]
    body = {"keyCredentials": [there, certificate(400)]}
    refused(
        admin.patch(path, body), 400, "CredentialInvalidLifetimeAsPerAppPolicy", "Credential lifetime exceeds"
    )
    assert admin.patch(path, {"keyCredentials": [there, certificate(300)]}).status_code == 204
    principal = f"/servicePrincipals/{admin.principal(admin.application())['id']}"
    long, short = ({"keyCredentials": [certificate(days)]} for days in (400, 300))
    refused(admin.patch(principal, long), 400, "CredentialInvalidLifetimeAsPerAppPolicy")
    assert admin.patch(principal, short).status_code == 204


@fact(
    "app management policies: how long a certificate lives that is added with a proof",
    source="keyCredentialConfiguration, application-addkey documentation",
    grade="D",
)
def test_key_lifetime_of_a_rolled_key(admin: Graph) -> None:
    """What an application adds by itself is held against the policy too."""
    app = admin.application(keyCredentials=[KEY.credential()])
    now = datetime.fromisoformat(admin.send("GET", "/_emulator/clock").json()["now"])
    body = {
        "keyCredential": Key.make().credential(),
        "passwordCredential": None,
        "proof": KEY.proof(app["id"], now),
    }
    restrict(admin, keyCredentials=[{"restrictionType": "asymmetricKeyLifetime", "maxLifetime": "P1D", **ON}])
    path = f"/applications/{app['id']}/addKey"
    refused(
        admin.post(path, body), 400, "CredentialInvalidLifetimeAsPerAppPolicy", "Credential lifetime exceeds"
    )
    restrict(admin, keyCredentials=[])
    assert admin.post(path, body).status_code == 200


@fact(
    "app management policies: certificates of trusted authorities",
    source="configure-app-management-policies documentation; code and text were not seen",
    grade="D",
    verdict=(
        "differs: what names itself as its issuer is refused, any other is taken for one of a trusted "
        "authority"
    ),
)
def test_trusted_authority(admin: Graph) -> None:
    """A certificate that nobody else issued is refused; the restriction is beta's."""
    path = f"/applications/{admin.application()['id']}"
    entry = {
        "restrictionType": "trustedCertificateAuthority",
        "certificateBasedApplicationConfigurationIds": ["x"],
        **ON,
    }
    refused(
        admin.patch(DEFAULT, {"applicationRestrictions": {"keyCredentials": [entry]}}),
        400,
        "Request_BadRequest",
    )
    restrict(admin, keyCredentials=[entry])
    assert admin.get(DEFAULT).json()["applicationRestrictions"]["keyCredentials"] == []
    assert admin.patch(path, {"keyCredentials": [certificate(90)]}).status_code == 400
