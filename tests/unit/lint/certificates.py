"""Certificates of which rules have something to say, made where a manifest names them."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

# Name of the file: bits of its key, and its days from and to, counted from today.
TYPES: Mapping[str, tuple[int, int, int]] = {
    "good": (2048, -10, 90),
    "half-a-year": (2048, -5, 175),
    "two-years": (2048, -10, 720),
    "next-week": (2048, -80, 7),
    "short-key": (1024, -10, 90),
    "expired": (2048, -90, -5),
}


def write(folder: Path, text: str, now: datetime) -> None:
    """Write every certificate that a manifest names as `certificates/NAME.pem`."""
    for name in set(re.findall(r"certificates/([\w-]+)\.pem", text)):
        path = folder / "certificates" / f"{name}.pem"
        path.parent.mkdir(parents=True, exist_ok=True)
        bits, start, end = TYPES[name]
        path.write_bytes(_pem(bits, now + timedelta(days=start), now + timedelta(days=end)))


def in_full(text: str, now: datetime) -> str:
    """Return Graph's answers with the bytes of each certificate that an example names by who issued it."""
    for name, issuer in (("MIIC-self-issued", "app"), ("MIIC-by-an-authority", "Contoso CA")):
        if name in text:
            der = _made(2048, now - timedelta(days=10), now + timedelta(days=90), issuer)
            text = text.replace(name, base64.b64encode(der.public_bytes(serialization.Encoding.DER)).decode())
    return text


@cache
def _key(bits: int) -> Any:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@cache
def _pem(bits: int, start: datetime, end: datetime) -> bytes:
    return _made(bits, start, end, "app").public_bytes(serialization.Encoding.PEM)


def _made(bits: int, start: datetime, end: datetime, issuer: str) -> x509.Certificate:
    name, by = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, each)]) for each in ("app", issuer))
    made = x509.CertificateBuilder().subject_name(name).issuer_name(by).public_key(_key(bits).public_key())
    made = made.serial_number(1).not_valid_before(start).not_valid_after(end)
    return made.sign(_key(bits), hashes.SHA256())
