"""A PEM certificate in; its DER, thumbprint, subject and validity out. Reads just as much of X.509 as that takes."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime

_PEM = re.compile(r"-----BEGIN CERTIFICATE-----\s*(.*?)\s*-----END CERTIFICATE-----", re.DOTALL)
_SEQUENCE, _SET, _OID, _UTC_TIME, _GENERALIZED_TIME, _VERSION = 0x30, 0x31, 0x06, 0x17, 0x18, 0xA0
_ATTRIBUTES = {
    bytes.fromhex("550403"): "CN",
    bytes.fromhex("550406"): "C",
    bytes.fromhex("550407"): "L",
    bytes.fromhex("550408"): "S",
    bytes.fromhex("55040a"): "O",
    bytes.fromhex("55040b"): "OU",
}


class CertificateError(ValueError):
    """The text is no certificate; the message says what it lacks."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What Graph wants to know of a certificate."""

    der: bytes
    subject: str
    not_before: str
    not_after: str

    @property
    def thumbprint(self) -> str:
        """Return the SHA-1 thumbprint in upper-case hex, as Entra shows it."""
        return hashlib.sha1(self.der, usedforsecurity=False).hexdigest().upper()


def parse(text: str) -> Parsed:
    """Parse the one certificate in a PEM text."""
    if "PRIVATE KEY-----" in text:
        raise CertificateError("there is a private key in it: take it out, and replace it where it was shared")
    blocks = _PEM.findall(text)
    if len(blocks) != 1:
        what = f"{len(blocks)} certificates" if blocks else "no certificate (-----BEGIN CERTIFICATE-----)"
        raise CertificateError(f"expected one PEM certificate, found {what}")
    try:
        der = base64.b64decode("".join(blocks[0].split()), validate=True)
        return _parsed(der)
    except (binascii.Error, IndexError, ValueError, UnicodeDecodeError) as error:
        raise CertificateError("the PEM block holds no X.509 certificate") from error


def _parsed(der: bytes) -> Parsed:
    (certificate,) = _elements(der, 1)
    to_be_signed = _elements(_content(certificate, _SEQUENCE))[0]
    fields = _elements(_content(to_be_signed, _SEQUENCE))
    if fields[0][0] == _VERSION:
        fields = fields[1:]
    _, _, _, validity, subject, *_ = fields
    start, end = _elements(_content(validity, _SEQUENCE), 2)
    return Parsed(der, _subject(_content(subject, _SEQUENCE)), _time(start), _time(end))


def _elements(data: bytes, count: int | None = None) -> list[tuple[int, bytes]]:
    found = []
    rest = 0
    while rest < len(data):
        tag, length, start = data[rest], data[rest + 1], rest + 2
        if length & 0x80:
            size = length & 0x7F
            if not 1 <= size <= 4:
                raise ValueError("length")
            length = int.from_bytes(data[start : start + size], "big")
            start += size
        if start + length > len(data):
            raise ValueError("length")
        found.append((tag, data[start : start + length]))
        rest = start + length
    if count is not None and len(found) != count:
        raise ValueError("count")
    return found


def _content(element: tuple[int, bytes], tag: int) -> bytes:
    if element[0] != tag:
        raise ValueError("tag")
    return element[1]


def _subject(data: bytes) -> str:
    parts = []
    for relative in _elements(data):
        for attribute in _elements(_content(relative, _SET)):
            oid, value = _elements(_content(attribute, _SEQUENCE), 2)
            name = _ATTRIBUTES.get(_content(oid, _OID))
            if name:
                parts.append(f"{name}={value[1].decode('utf-8')}")
    # Graph shows the most specific part first.
    return ", ".join(reversed(parts))


def _time(element: tuple[int, bytes]) -> str:
    tag, data = element
    text = data.decode("ascii")
    if tag == _UTC_TIME:
        # RFC 5280: two-digit years from 50 on are of the last century.
        text = ("19" if int(text[:2]) >= 50 else "20") + text
    elif tag != _GENERALIZED_TIME:
        raise ValueError("time")
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
