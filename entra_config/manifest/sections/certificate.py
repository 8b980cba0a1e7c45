"""A PEM certificate in; its DER, thumbprint and validity out."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

_PEM = re.compile(r"-----BEGIN CERTIFICATE-----\s*(.*?)\s*-----END CERTIFICATE-----", re.DOTALL)


class CertificateError(ValueError):
    """The text is no certificate; the message says what it lacks."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What Graph wants to know of a certificate."""

    der: bytes
    not_before: str
    not_after: str

    @property
    def thumbprint(self) -> str:
        """Return the SHA-1 thumbprint in upper-case hex, as Entra shows it."""
        return hashlib.sha1(self.der, usedforsecurity=False).hexdigest().upper()


def parse(text: str) -> Parsed:
    """Parse the one certificate in a PEM text."""
    if "PRIVATE KEY-----" in text:
        raise CertificateError(
            "there is a private key in it: take it out, and replace it where it was shared"
        )
    blocks = list(_PEM.finditer(text))
    if len(blocks) != 1:
        what = f"{len(blocks)} certificates" if blocks else "no certificate (-----BEGIN CERTIFICATE-----)"
        raise CertificateError(f"expected one PEM certificate, found {what}")
    return _parsed(blocks[0][0])


def _parsed(pem: str) -> Parsed:
    # Most manifests have no certificate, and the library takes longer to load than they take to read.
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.x509 import load_pem_x509_certificate

    try:
        certificate = load_pem_x509_certificate(pem.encode())
        start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    except ValueError as error:
        raise CertificateError("the PEM block holds no X.509 certificate") from error
    return Parsed(certificate.public_bytes(Encoding.DER), _time(start), _time(end))


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
