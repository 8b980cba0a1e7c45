"""Keys that an application rolls by itself: what proves that it holds one, and what comes and goes."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from entra_emulator.graph.call import CollectionResponse
from entra_emulator.table import Row
from tests.unit.emulator.graph.certificates import key as elliptic
from tests.unit.emulator.graph.sending import World

START = datetime(2026, 1, 1, tzinfo=UTC)
APP_ID = "0e000000-0000-4000-8000-000000000009"
DENIED = "403 Authorization_RequestDenied: Insufficient privileges to complete the operation."
UNPROVEN = "401 Authentication_MissingOrMalformed: Access Token missing or malformed."
MISSING = "400 Request_BadRequest: A value is required for property '{}' of resource 'KeyCredential'."


@cache
def private(number: int) -> rsa.RSAPrivateKey:
    """Return a private key: the same for a number each time."""
    return rsa.generate_private_key(65537, 2048 + number * 8)


def certificate(number: int = 0) -> str:
    """Return the certificate of a private key, in base64."""
    return _signed(number)


@cache
def _signed(number: int) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "app")])
    public = private(number).public_key()
    built = x509.CertificateBuilder(name, name, public, 7, START, START + timedelta(days=90))
    return base64.b64encode(built.sign(private(number), SHA256()).public_bytes(Encoding.DER)).decode()


def held(**more: Any) -> Row:
    """Return a key credential as it is held."""
    row: Row = {"keyId": "k", "key": certificate(), "usage": "Verify", "type": "AsymmetricX509Cert"}
    row |= {"displayName": "CN=app", "customKeyIdentifier": "c"}
    return {**row, "startDateTime": "2025-12-01T00:00:00Z", "endDateTime": "2026-03-01T00:00:00Z", **more}


def world(table: str = "applications", **more: Any) -> tuple[World, Row]:
    """Return a world with an application or a service principal that has a key."""
    made = World()
    principal = made.principal("App", app_id=APP_ID)
    app = made.tenant.application_by_app_id(APP_ID) or {}
    row = {**(app if table == "applications" else principal), "keyCredentials": [held(**more)]}
    made.tenant.tables[table].put(row)
    return made, row


def proof(row: Row, number: int = 0, **more: Any) -> str:
    """Return a proof that somebody holds the key of an object."""
    claims = {"aud": "00000002-0000-0000-c000-000000000000", "iss": row["id"], "nbf": START, "exp": 0}
    claims |= {"exp": START + timedelta(minutes=10)} | more
    given = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(given, private(number), algorithm="RS256")


def send(made: World, table: str, row: Row, action: str, **body: Any) -> CollectionResponse:
    """Return the response to an action of the application itself."""
    caller = made.as_app("User.Read.All", app_id=APP_ID)
    return made.send("POST", f"/{table}/{row['id']}/{action}", body, caller=caller)


NEW = {"type": "AsymmetricX509Cert", "usage": "Verify"}


def test_a_key_that_signs() -> None:
    """Hold that it comes with a password of its own id, which nobody signs in with."""
    made, row = world()
    before = dict(made.tenant.secrets)
    sent = {"type": "X509CertAndPassword", "usage": "Sign", "key": certificate(1)}
    password = {"secretText": "s"}
    found = send(
        made, "applications", row, "addKey", keyCredential=sent, passwordCredential=password, proof=proof(row)
    )
    body = found.body or {}
    after = made.tenant.applications.rows[row["id"]]
    (secret,) = after["passwordCredentials"]
    assert (secret["keyId"], secret["secretText"], secret["displayName"]) == (body["keyId"], None, None)
    assert made.tenant.secrets == before


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        ({}, True),
        ({"startDateTime": "2026-01-01T00:00:00Z"}, True),
        ({"startDateTime": "2026-01-01T00:00:01Z"}, False),
        ({"endDateTime": "2026-01-01T00:00:00Z"}, False),
        ({"endDateTime": "2026-01-01T00:00:01Z"}, True),
        pytest.param({"key": elliptic()}, False, id="of an elliptic curve"),
        ({"key": "AAAA"}, False),
        ({"key": None}, False),
        pytest.param({"key": certificate(1)}, False, id="another key"),
    ],
    ids=str,
)
def test_keys_that_prove(key: Row, *, wanted: bool) -> None:
    """Hold that the key is one of RSA that holds now."""
    if key.get("key", "") is None:
        key = {"key": "%"}
    made, row = world(**key)
    response = send(made, "applications", row, "removeKey", keyId="k", proof=proof(row))
    assert response.status == (204 if wanted else 401)


KINDS = "400 KeyCredentialsInvalidTypeOrUsage: Key credential type and usage do not fit together."


@pytest.mark.parametrize(
    ("sent", "password", "expected"),
    [
        ({"usage": "Sign"}, None, KINDS),
        ({"type": "X509CertAndPassword"}, None, KINDS),
        ({"type": "Other"}, None, KINDS),
        ({"type": None, "usage": None}, None, "200"),
        ({"type": "X509CertAndPassword", "usage": "Sign"}, None, MISSING.format("passwordCredential")),
        ({}, {"secretText": "s"}, MISSING.format("passwordCredential")),
        ({"key": None}, None, MISSING.format("keyCredential")),
        ({"key": ""}, None, MISSING.format("keyCredential")),
        (None, None, MISSING.format("keyCredential")),
        ("text", None, MISSING.format("keyCredential")),
        ({"more": 1}, None, "400 Request_BadRequest: Invalid property 'more'."),
    ],
)
def test_what_may_be_added(sent: Any, password: Any, expected: str) -> None:
    """Hold that types and usages go together, and that a key that signs has a password."""
    made, row = world()
    key = {**NEW, "key": certificate(1), **sent} if isinstance(sent, dict) else sent
    body = {"keyCredential": key, "passwordCredential": password, "proof": proof(row)}
    caller = made.as_app("User.Read.All", app_id=APP_ID)
    found = made.short("POST", f"/applications/{row['id']}/addKey", body, caller=caller)
    assert found == expected


def test_who_may() -> None:
    """Hold that others need a permission, over what they own or over all; a proof they need too."""
    made, row = world()
    path, body = f"/applications/{row['id']}/removeKey", {"keyId": "k", "proof": proof(row)}
    owner = made.as_app("Application.ReadWrite.OwnedBy")
    person = made.as_user("alice", "User.Read.All", app_id=APP_ID)
    callers = [made.as_app("User.Read.All"), person, owner]
    assert [made.short("POST", path, body, caller=caller) for caller in callers] == [DENIED] * 3
    assert made.short("POST", path, {"keyId": "k"}, caller=made.as_app()) == UNPROVEN
    made.tenant.owners.add(row["id"], owner.oid)
    assert made.short("POST", path, body, caller=owner) == "204"
