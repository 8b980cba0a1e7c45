"""A certificate's DER in; what makes it weak out, in words."""

from __future__ import annotations

import base64
from collections.abc import Iterator

LEAST_RSA = 2048
WEAK_HASHES = frozenset({"md5", "sha1"})


def weaknesses(der: str) -> Iterator[str]:
    """Yield what is weak in a certificate, given as base64 of its DER; nothing where it cannot be read."""
    # Most manifests have no certificate, and the library takes longer to load than they take to lint.
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.x509 import load_der_x509_certificate

    try:
        certificate = load_der_x509_certificate(base64.b64decode(der))
        key, digest = certificate.public_key(), certificate.signature_hash_algorithm
    except (ValueError, UnsupportedAlgorithm):
        return
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < LEAST_RSA:
        yield f"has an RSA key of {key.key_size} bits, less than {LEAST_RSA:,}"
    if digest is not None and digest.name in WEAK_HASHES:
        yield f"is signed with {digest.name.upper()}"
