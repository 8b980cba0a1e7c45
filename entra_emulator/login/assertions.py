"""A client assertion in, nothing out or Entra's refusal: signed by a registered certificate or another
issuer.
"""

import base64
import binascii
import datetime as dt
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import jwt
from cryptography import x509

from entra_emulator import expressions
from entra_emulator.login import urls
from entra_emulator.login.errors import LoginError
from entra_emulator.login.keys import b64url
from entra_emulator.login.parties import Row
from entra_emulator.login.service import TokenRequest

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256")
SKEW_SECONDS = 300


@dataclass(frozen=True)
class Assertion:
    """An assertion as it was sent, not verified yet."""

    text: str
    header: dict[str, Any]
    claims: dict[str, Any]


def read(text: str) -> Assertion:
    """Take an assertion apart; LoginError 50027 for no JWT, 5002710 for a malformed header."""
    parts = text.split(".")
    if len(parts) != 3:
        raise LoginError(50027)
    header = _json(parts[0])
    if header is None or "alg" not in header:
        raise LoginError(5002710)
    claims = _json(parts[1])
    if claims is None:
        raise LoginError(50027)
    if header["alg"] not in ALGORITHMS:
        raise LoginError(5002738, algorithm=str(header["alg"]))
    return Assertion(text, header, claims)


def names_issuer(claims: dict[str, Any]) -> bool:
    """Tell a federated assertion: its issuer is a URL, that of a certificate assertion is the client."""
    return "://" in str(claims.get("iss", ""))


def check_certificate(request: TokenRequest, assertion: Assertion, credentials: list[Row]) -> None:
    """Verify an assertion signed with the key of a certificate that the application lists."""
    app_id = request.client.app_id
    thumbprints = {
        str(assertion.header[name]).rstrip("=")
        for name in ("x5t", "x5t#S256", "kid")
        if assertion.header.get(name)
    }
    if not thumbprints:
        raise LoginError(5002723)
    for field in ("iss", "aud"):
        if field not in assertion.claims:
            raise LoginError(90014, field=field)
    if (
        str(assertion.claims["iss"]).lower() != app_id
        or str(assertion.claims.get("sub", "")).lower() != app_id
    ):
        raise LoginError(700021)
    certificates = filter(None, map(_certificate, credentials))
    known = {thumbprint: entry for entry in certificates for thumbprint in _thumbprints(entry)}
    certificate = next((known[thumbprint] for thumbprint in thumbprints if thumbprint in known), None)
    if certificate is None:
        reason = (
            "The key was not found., Please visit the Azure Portal, Graph Explorer or directly use MS "
            "Graph to see "
            f"configured keys for app Id '{app_id}'."
        )
        raise LoginError(700027, reason=reason)
    now = request.service.now()
    if not certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc:
        used = ", ".join(sorted(thumbprints))
        raise LoginError(
            700027, reason=f"The key used is expired., Thumbprint of key used by client: '{used}'"
        )
    _verify(assertion, certificate.public_key())
    _check_time(assertion, now)
    if not _is_for_us(request, assertion.claims["aud"]):
        raise LoginError(700023)


async def check_federated(request: TokenRequest, assertion: Assertion, credentials: list[Row]) -> None:
    """Verify an assertion of another issuer that a federated credential of the application names exactly."""
    if not credentials:
        raise LoginError(70025, app_id=request.client.app_id, name=request.client.name)
    claims = assertion.claims
    _match(credentials, claims)
    key = await request.service.issuers.key(str(claims["iss"]), str(assertion.header.get("kid", "")))
    if key is None or assertion.header["alg"] != "RS256":
        raise LoginError(700027, reason="The key was not found.")
    _verify(assertion, key)
    _check_time(assertion, request.service.now())


def _match(credentials: list[Row], claims: dict[str, Any]) -> None:
    # The order seen: issuer, then audience, then subject, each compared exactly.
    issuer, subject = str(claims.get("iss")), str(claims.get("sub"))
    audiences = claims.get("aud") if isinstance(claims.get("aud"), list) else [claims.get("aud")]
    same_issuer = [row for row in credentials if row["issuer"] == issuer]
    if not same_issuer:
        raise LoginError(700211, value=issuer)
    same_audience = [row for row in same_issuer if set(row["audiences"]) & set(audiences or ())]
    if not same_audience:
        raise LoginError(700212, value=str(claims.get("aud")))
    subjects = {str(row["subject"]) for row in same_audience if row["subject"] is not None}
    if subject not in subjects and not any(_is_meant(row, claims) for row in same_audience):
        case_only = subject.casefold() in {known.casefold() for known in subjects}
        raise LoginError(7002138 if case_only else 700213, value=subject)


def _is_meant(row: Row, claims: dict[str, Any]) -> bool:
    expression = row.get("claimsMatchingExpression")
    return expression is not None and expressions.holds(str(expression["value"]), claims)


def _verify(assertion: Assertion, key: Any) -> None:
    unchecked = jwt.types.Options(verify_aud=False, verify_exp=False, verify_nbf=False, verify_iat=False)
    try:
        jwt.decode(assertion.text, key, algorithms=list(ALGORITHMS), options=unchecked)
    except jwt.InvalidTokenError as error:
        reason = "Key was found, but use of the key to verify the signature failed."
        raise LoginError(700027, reason=reason) from error


def _check_time(assertion: Assertion, now: dt.datetime) -> None:
    # MSAL sends these as floats; the synchronous client no nbf, the asynchronous one no iat.
    start = assertion.claims.get("nbf", assertion.claims.get("iat", now.timestamp()))
    end = assertion.claims.get("exp")
    if not isinstance(start, int | float) or not isinstance(end, int | float):
        raise LoginError(90014, field="exp")
    if not start - SKEW_SECONDS <= now.timestamp() < end + SKEW_SECONDS:
        raise LoginError(700024, now=_seven(now.timestamp()), start=_seven(start), end=_seven(end))


def _is_for_us(request: TokenRequest, audience: Any) -> bool:
    parts = urls.split(str(audience))
    hosts = {
        urlsplit(request.own_origin).netloc,
        urlsplit(request.service.origin).netloc,
        "login.microsoftonline.com",
    }
    segments = {request.segment.lower(), request.tenant.tenant_id, *request.tenant.domains}
    tenant, _, rest = parts.path.lstrip("/").partition("/")
    endings = ("oauth2/v2.0/token", "oauth2/token", "v2.0", "")
    return parts.netloc in hosts and tenant.lower() in segments and rest.rstrip("/") in endings


def _certificate(row: Row) -> x509.Certificate | None:
    try:
        return x509.load_der_x509_certificate(base64.b64decode(str(row.get("key") or "")))
    except ValueError:
        # A symmetric key, or one whose value the directory does not hold.
        return None


def _thumbprints(certificate: x509.Certificate) -> tuple[str, ...]:
    from cryptography.hazmat.primitives import hashes

    sha1 = certificate.fingerprint(hashes.SHA1())  # noqa: S303  # `x5t` is of SHA-1 (RFC 7515, 4.1.7)
    sha256 = certificate.fingerprint(hashes.SHA256())
    return b64url(sha1), b64url(sha256), sha1.hex().upper()


def _json(segment: str) -> dict[str, Any] | None:
    try:
        value = json.loads(base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4)))
    except (ValueError, binascii.Error):
        return None
    return value if isinstance(value, dict) else None


def _seven(timestamp: float) -> str:
    moment = dt.datetime.fromtimestamp(timestamp, dt.UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond:06d}0Z"
