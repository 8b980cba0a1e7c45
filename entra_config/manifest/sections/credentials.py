"""Federated credentials and certificates of one application."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from entra_config.errors import Position
from entra_config.manifest.fields import limits
from entra_config.manifest.fields.binder import Bound, bind
from entra_config.manifest.fields.credential_records import CERTIFICATE
from entra_config.manifest.fields.signing_in import FEDERATED
from entra_config.manifest.parts import Certificate, FederatedCredential
from entra_config.manifest.reading.node import Entry, Map, Node, Scalar, is_null
from entra_config.manifest.reading.reader import Reader
from entra_config.manifest.sections import workloads

MAX_CERTIFICATE_BYTES = 100_000
AUDIENCE = "api://AzureADTokenExchange"

_PEM = re.compile(r"-----BEGIN CERTIFICATE-----\s*(.*?)\s*-----END CERTIFICATE-----", re.DOTALL)
# The documentation leaves the dot out; recorded clients' names have it.
_NAME = re.compile(rf"[0-9A-Za-z][0-9A-Za-z_.-]{{2,{limits.LONGEST_KEY_NAME - 1}}}")


def federated_credentials(
    node: Node | None, tenant_id: str, reader: Reader
) -> Mapping[str, FederatedCredential]:
    """Read `federatedCredentials`, by name. `tenant_id` is where managed identities are that say no other
    tenant.
    """
    found: dict[str, FederatedCredential] = {}
    fields = reader.map(node, "federatedCredentials")
    pairs: dict[tuple[str, str], str] = {}
    for entry in fields.entries.values():
        if is_null(entry.node):
            continue
        credential = _federated(entry, tenant_id, reader)
        pair = credential.issuer, credential.expression or credential.subject
        if pair in pairs and all(pair):
            reader.problems.add(
                entry.position,
                f"`{entry.key}` has the issuer and subject of `{pairs[pair]}`; Graph takes them once",
            )
        pairs.setdefault(pair, entry.key)
        found[entry.key] = credential
    if len(found) > limits.MOST_FEDERATED:
        reader.problems.add(
            fields.position, f"{len(found)} federated credentials; Graph takes {limits.MOST_FEDERATED}"
        )
    return found


def certificates(node: Node | None, root: Path, reader: Reader) -> tuple[Certificate, ...] | None:
    """Read the public keys of `certificates`, by name; None where the key is absent. Files are relative to
    the manifest that names them.
    """
    if node is None:
        return None
    found: dict[str, Certificate] = {}
    for entry in reader.map(node, "certificates").entries.values():
        generated = isinstance(entry.node, Map) and "generate" in entry.node.entries
        certificate = None if generated or is_null(entry.node) else _certificate(entry, root, reader)
        if certificate is None:
            continue
        twin = next(
            (other.label for other in found.values() if other.thumbprint == certificate.thumbprint), None
        )
        if twin is not None:
            reader.problems.add(entry.position, f"`{entry.key}` is the same certificate as `{twin}`")
        found[entry.key] = certificate
    return tuple(found.values())


def _federated(entry: Entry, tenant_id: str, reader: Reader) -> FederatedCredential:
    what = f"federated credential `{entry.key}`"
    if not _NAME.fullmatch(entry.key):
        characters = (
            f"3 to {limits.LONGEST_KEY_NAME} letters, digits, `-`, `_` and `.`, a letter or digit first"
        )
        message = f"is not a name of a federated credential: {characters}"
        reader.problems.add(entry.position, f"`{entry.key}` {message}")
    fields = bind(entry.node, entry.key, FEDERATED, reader, but=("issuer", "subject", "matches"))
    workload = workloads.read(fields.map, what, reader, tenant_id)
    audience = fields.node("audience")
    return FederatedCredential(
        entry.key,
        workload.issuer,
        workload.subject,
        fields["audience"] or AUDIENCE,
        fields["description"],
        workload.expression,
        {**workload.positions, **({"audience": audience.position} if audience else {})},
        entry.position,
        fields["until"],
    )


def _certificate(entry: Entry, root: Path, reader: Reader) -> Certificate | None:
    node = entry.node
    if isinstance(node, Scalar):
        key = "pem" if "-----BEGIN" in str(node.value) else "file"
        node = Map({key: Entry(key, node.position, node)}, node.position)
    fields = bind(node, entry.key, CERTIFICATE, reader)
    text, position = _pem(fields, root, reader)
    if text is None:
        return None
    try:
        parsed = parse_certificate(text)
    except CertificateError as error:
        reader.problems.add(position, f"certificate `{entry.key}`: {error}")
        return None
    return fields.make(
        Certificate,
        label=entry.key,
        der=base64.b64encode(parsed.der).decode("ascii"),
        thumbprint=parsed.thumbprint,
        display_name=fields["displayName"] or entry.key,
        not_before=parsed.not_before,
        not_after=parsed.not_after,
        position=entry.position,
    )


def _pem(fields: Bound, root: Path, reader: Reader) -> tuple[str | None, Position]:
    file, pem, where = fields.node("file"), fields.node("pem"), fields.map.position
    if (file is None) == (pem is None):
        if not any(problem.position == where for problem in reader.problems.found):
            reader.problems.add(where, "a certificate needs `file` or `pem`, one of them")
        return None, where
    if pem is not None:
        return fields["pem"], pem.position
    assert file is not None
    name = fields["file"]
    if name is None:
        return None, file.position
    path = Path(file.position.file).parent / name
    if Path(name).is_absolute() or not path.resolve().is_relative_to(root.parent.resolve()):
        reader.problems.add(
            file.position,
            f"`{name}`: certificates stand below the root file's folder, named relative to this file",
        )
        return None, file.position
    try:
        if path.stat().st_size > MAX_CERTIFICATE_BYTES:
            reader.problems.add(file.position, f"`{path}` is too large for a certificate")
            return None, file.position
        return path.read_text(encoding="ascii"), file.position
    except UnicodeDecodeError:
        reader.problems.add(file.position, f"`{path}` is not a PEM file")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no such path"
        reader.problems.add(file.position, f"`{path}` cannot be read: {reason}")
    return None, file.position


class CertificateError(ValueError):
    """The text is no certificate; the message says what it lacks."""


@dataclass(frozen=True, slots=True)
class ParsedCertificate:
    """What Graph wants to know of a certificate."""

    der: bytes
    not_before: str
    not_after: str

    @property
    def thumbprint(self) -> str:
        """Return the SHA-1 thumbprint in upper-case hex, as Entra shows it."""
        return hashlib.sha1(self.der, usedforsecurity=False).hexdigest().upper()


def parse_certificate(text: str) -> ParsedCertificate:
    """Parse the one certificate in a PEM text."""
    if "PRIVATE KEY-----" in text:
        raise CertificateError(
            "there is a private key in it: take it out, and replace it where it was shared"
        )
    blocks = list(_PEM.finditer(text))
    if len(blocks) != 1:
        what = f"{len(blocks)} certificates" if blocks else "no certificate (-----BEGIN CERTIFICATE-----)"
        raise CertificateError(f"expected one PEM certificate, found {what}")
    return _parse_pem(blocks[0][0])


def _parse_pem(pem: str) -> ParsedCertificate:
    # Most manifests have no certificate, and the library takes longer to load than they take to read.
    from cryptography.hazmat.primitives.serialization import Encoding
    from cryptography.x509 import load_pem_x509_certificate

    try:
        certificate = load_pem_x509_certificate(pem.encode())
        start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    except ValueError as error:
        raise CertificateError("the PEM block holds no X.509 certificate") from error
    return ParsedCertificate(certificate.public_bytes(Encoding.DER), _time(start), _time(end))


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
