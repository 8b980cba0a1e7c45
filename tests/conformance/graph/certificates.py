"""Certificates that name their own subject as their issuer."""

import datetime as dt

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding


def certificate(days: int = 90, subject: str = "CN=entra-config") -> bytes:
    """Make a certificate of a subject (as RFC 4514 writes it) that ends after so many days, in DER."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name.from_rfc4514_string(subject)
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, start, start + dt.timedelta(days=days))
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)
