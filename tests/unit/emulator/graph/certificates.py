"""Certificates for tests: by whom they are issued, and for how long they hold."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

START = datetime(2026, 1, 1, tzinfo=UTC)


def certificate(days: int = 90, issuer: str = "app") -> x509.Certificate:
    """Return a certificate of `app`, by itself or by another issuer: the same each time."""
    return _made(days, issuer)


@cache
def _made(days: int, issuer: str) -> x509.Certificate:
    private = ec.generate_private_key(ec.SECP256R1())
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in (issuer, "app")]
    built = x509.CertificateBuilder(*names, private.public_key(), 7, START, START + timedelta(days=days))
    return built.sign(private, SHA256())


def key(days: int = 90, issuer: str = "app") -> str:
    """Return its bytes in base64, as a key credential has them."""
    return base64.b64encode(certificate(days, issuer).public_bytes(Encoding.DER)).decode()


def pem() -> str:
    """Return a PEM file's bytes in base64, with a line break as azure-cli sends them."""
    text = base64.b64encode(certificate().public_bytes(Encoding.PEM)).decode()
    return f"{text[:64]}\n{text[64:]}"
