"""A name and its time in, a key pair out: the certificate for Entra, and the PEM of both that a sink keeps;
and back, from the PEM to what signs in.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from entra_config.hidden import Hidden

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.x509 import Certificate

BITS = 2048  # what Entra's own documentation makes, and all of its clients sign with
# A clock that goes a little behind still takes it.
EARLIER = timedelta(minutes=5)
ASSERTED = timedelta(minutes=5)
JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A certificate, in base64 of its DER, and the PEM of it and its private key."""

    der: str
    thumbprint: str
    pem: Hidden = field(repr=False)


def private_key() -> RSAPrivateKey:
    """Return a key that nobody else has."""
    # The library takes longer to load than most commands to run.
    from cryptography.hazmat.primitives.asymmetric import rsa

    return rsa.generate_private_key(public_exponent=65537, key_size=BITS)


def made(name: str, start: datetime, end: datetime, make: Callable[[], RSAPrivateKey]) -> KeyPair:
    """Make a key pair, with a certificate that it signs itself."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.x509.oid import NameOID

    key = make()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start - EARLIER)
        .not_valid_after(end)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = certificate.public_bytes(serialization.Encoding.PEM)
    der = certificate.public_bytes(serialization.Encoding.DER)
    return KeyPair(base64.b64encode(der).decode(), _sha1(der), Hidden((secret + public).decode().strip("\n")))


def thumbprint(copy: Hidden) -> str:
    """Return what tells a sink's copy from others, as Entra shows it; "" where it is no key pair of ours."""
    from cryptography.hazmat.primitives.serialization import Encoding

    pair = _read(copy)
    return _sha1(pair[1].public_bytes(Encoding.DER)) if pair else ""


def assertion(copy: Hidden, app_id: str, audience: str, now: datetime, number: str) -> Hidden | None:
    """Return a client assertion (private_key_jwt) that the copy signs; None where the copy is no key pair."""
    import jwt  # msal signs with it, so it is installed wherever azure-identity is
    from cryptography.hazmat.primitives.serialization import Encoding

    pair = _read(copy)
    if pair is None:
        return None
    key, certificate = pair
    der = certificate.public_bytes(Encoding.DER)
    header = {
        "x5t": _url(hashlib.sha1(der, usedforsecurity=False).digest()),
        "x5t#S256": _url(hashlib.sha256(der).digest()),
    }
    start = int(now.timestamp())
    claims = {
        "aud": audience,
        "iss": app_id,
        "sub": app_id,
        "jti": number,
        "nbf": start,
        "iat": start,
        "exp": start + int(ASSERTED.total_seconds()),
    }
    return Hidden(jwt.encode(claims, key, "PS256", header))


def _read(copy: Hidden) -> tuple[RSAPrivateKey, Certificate] | None:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from cryptography.x509 import load_pem_x509_certificate

    data = copy.reveal().encode()
    try:
        key, certificate = load_pem_private_key(data, None), load_pem_x509_certificate(data)
        ours = isinstance(key, RSAPrivateKey) and key.public_key() == certificate.public_key()
    # Of what is no key the library says so with any of these; its words may quote what it read.
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    return (key, certificate) if isinstance(key, RSAPrivateKey) and ours else None


def _sha1(der: bytes) -> str:
    return hashlib.sha1(der, usedforsecurity=False).hexdigest().upper()


def _url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
