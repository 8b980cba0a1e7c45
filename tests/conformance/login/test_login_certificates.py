"""Client assertions that are signed with a certificate."""

import base64
import hashlib
import uuid
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from tests.conformance.login.client_assertions import KEY, OTHER_KEY, present
from tests.conformance.login.login_world import World

fact = pytest.mark.fact


def certificate(world: World, *, days: int = 30) -> x509.Certificate:
    """Register a certificate of KEY with the daemon."""
    import datetime as dt

    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "daemon")])
    now = world.clock.now()
    found = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(KEY.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=60))
        .not_valid_after(now + dt.timedelta(days=days))
        .sign(KEY, hashes.SHA256())
    )
    der = found.public_bytes(serialization.Encoding.DER)
    world.set("daemon", keyCredentials=[{"keyId": str(uuid.uuid4()), "key": base64.b64encode(der).decode()}])
    return found


def thumbprints(found: x509.Certificate) -> dict[str, str]:
    """Return the two thumbprints, padded as msal sends them."""
    der = found.public_bytes(serialization.Encoding.DER)
    encode = base64.urlsafe_b64encode
    return {
        "x5t": encode(hashlib.sha1(der).digest()).decode(),
        "x5t#S256": encode(hashlib.sha256(der).digest()).decode(),
    }


def claims_of(world: World, **changes: Any) -> dict[str, Any]:
    """Return the claims of a client's own assertion."""
    now = world.clock.now().timestamp()
    app_id = world.app_ids["daemon"]
    audience = f"https://localhost:8443{world.path('token')}"
    claims = {
        "aud": audience,
        "iss": app_id,
        "sub": app_id,
        "jti": "1",
        "iat": now,
        "exp": now + 600.0,
        **changes,
    }
    return {name: value for name, value in claims.items() if value is not None}


@fact("RS256 with x5t, PS256 with x5t#S256", source="clients, ED:certificate-credentials", grade="R")
@pytest.mark.parametrize(("algorithm", "header"), [("RS256", "x5t"), ("PS256", "x5t#S256"), ("RS512", "x5t")])
def test_certificate(world: World, algorithm: str, header: str) -> None:
    """A certificate's signature is accepted, padded thumbprints and float times included, and shows as
    "2".
    """
    found = certificate(world)
    assertion = jwt.encode(claims_of(world), KEY, algorithm, headers={header: thumbprints(found)[header]})
    assert present(world, assertion).claims["azpacr"] == "2"


@fact("faults of a certificate assertion", source="msal-java#984", grade="R")
@pytest.mark.parametrize(
    ("change", "key", "header", "code", "status"),
    [
        ({"iss": "somebody"}, KEY, "x5t", 700021, 401),
        ({"sub": "somebody"}, KEY, "x5t", 700021, 401),
        ({"exp": 1000.0}, KEY, "x5t", 700024, 401),
        ({"nbf": 4000000000}, KEY, "x5t", 700024, 401),
        ({"aud": "https://elsewhere.example/token"}, KEY, "x5t", 700023, 401),
        ({"aud": None}, KEY, "x5t", 90014, 400),
        ({"iss": None}, KEY, "x5t", 90014, 400),
        ({}, OTHER_KEY, "x5t", 700027, 401),
        ({}, KEY, "", 5002723, 401),
        ({}, KEY, "wrong", 700027, 401),
    ],
)
def test_certificate_faults(  # noqa: PLR0917  # columns of a table
    world: World,
    change: dict[str, Any],
    key: Any,
    header: str,
    code: int,
    status: int,
) -> None:
    """Each fault of a certificate assertion has its own code."""
    found = certificate(world)
    values = {"": {}, "x5t": {"x5t": thumbprints(found)["x5t"]}, "wrong": {"x5t": "AAAA"}}
    outcome = present(world, jwt.encode(claims_of(world, **change), key, "RS256", headers=values[header]))
    assert (outcome.code, outcome.status) == (code, status)


@fact(
    "what is no assertion",
    source="ED:reference-error-codes, AADSTS5002710, AADSTS5002738",
    grade="D",
    verdict="uncertain",
)
@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda claims: "nonsense", 50027),
        (lambda claims: "x." + jwt.encode(claims, "k" * 32, "HS256").split(".", 1)[1], 5002710),
        (lambda claims: jwt.encode(claims, "k" * 32, "HS256"), 5002738),
        (lambda claims: jwt.encode(claims, None, "none"), 5002738),
    ],
)
def test_no_assertion(world: World, make: Callable[[dict[str, Any]], str], code: int) -> None:
    """Text, broken headers, symmetric and absent signatures are refused."""
    certificate(world)
    assert present(world, make(claims_of(world))).code == code


@fact(
    "an expired certificate", source="AADSTS700027; the answer was not seen", grade="D", verdict="uncertain"
)
def test_expired_certificate(world: World) -> None:
    """A certificate that is past its end signs nobody in."""
    found = certificate(world, days=-1)
    outcome = present(
        world, jwt.encode(claims_of(world), KEY, "RS256", headers={"x5t": thumbprints(found)["x5t"]})
    )
    assert outcome.code == 700027
    assert "The key used is expired." in outcome.text
