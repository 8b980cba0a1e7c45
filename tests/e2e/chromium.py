"""Chromium in tests: where its screenshots go, and how it is told which certificate to trust."""

import base64
import hashlib
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.e2e.deployment import ROOT

SCREENSHOTS = ROOT / "output" / "screenshots" / "pages"


def key_of(certificate: Path) -> str:
    """Hash a certificate's key as Chromium's list of trusted keys wants it."""
    key = x509.load_pem_x509_certificate(certificate.read_bytes()).public_key()
    return base64.b64encode(
        hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
    ).decode()
