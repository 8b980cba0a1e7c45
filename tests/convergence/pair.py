"""Key pairs as a stranger reads them: which certificate a PEM has, which one signed, and what must stand
nowhere.
"""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache, lru_cache

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

__all__ = ["RSAPrivateKey", "load", "pool", "secrets_of", "signer", "thumbprint"]

# To read a private key takes the library longer than a rotation takes for all else: each is read once.
load = lru_cache(maxsize=64)(serialization.load_pem_private_key)


@cache
def pool() -> tuple[RSAPrivateKey, ...]:
    """Return a few keys: making one for each rotation takes longer than the rotation."""
    return tuple(rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(6))


def secrets_of(key: RSAPrivateKey) -> list[str]:
    """Return what of a private key must stand nowhere but in its sink: its PEM, lines of it, its numbers."""
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    lines = pem.strip().splitlines()[1:-1]
    # The first lines have the public numbers too.
    return [pem.strip(), lines[-2], lines[-4], str(key.private_numbers().d)]


def thumbprint(text: str) -> str:
    """Return the thumbprint of the certificate in a PEM; "" where it has none that fits its key."""
    if "BEGIN CERTIFICATE" not in text or "PRIVATE KEY" not in text:
        return ""
    certificate = x509.load_pem_x509_certificate(text.encode())
    key = load(text.encode(), None)
    assert key.public_key() == certificate.public_key()
    der = certificate.public_bytes(serialization.Encoding.DER)
    return hashlib.sha1(der, usedforsecurity=False).hexdigest().upper()


def signer(assertion: str) -> str:
    """Return the thumbprint that an assertion says it is signed with."""
    head = assertion.split(".", maxsplit=1)[0]
    said = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))["x5t"]
    return base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)).hex().upper()
