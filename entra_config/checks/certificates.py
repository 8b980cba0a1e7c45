"""Certificates of a manifest and the time in; which of them have ended, and the names that reports give
them, out.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import datetime

from entra_config.kinds.base import application_address
from entra_config.kinds.certificate_names import labelled
from entra_config.kinds.directory import Directory
from entra_config.kinds.graph_values import thumbprint
from entra_config.manifest.model import Application, Manifest
from entra_config.manifest.parts import Certificate
from entra_config.manifest.until import format_end
from entra_config.moments import parse_moment
from entra_config.plan.model import Notice, Refusal


def names(manifest: Manifest) -> dict[str, str]:
    """Return what a report calls each declared certificate, by thumbprint: its name and its end."""
    return {
        certificate.thumbprint.upper(): labelled(certificate.display_name, certificate.not_after)
        for application in manifest.applications.values()
        for certificate in application.certificates or ()
    }


def ended(manifest: Manifest, directory: Directory, now: datetime) -> Iterator[Notice | Refusal]:
    """Yield a refusal for each ended certificate that would be added, and a warning for each that is there
    already.
    """
    for application in manifest.applications.values():
        for certificate in application.certificates or ():
            if certificate.not_after is None or parse_moment(certificate.not_after) > now:
                continue
            message = (
                f"certificate `{certificate.label}` of {application.key} ended on "
                f"{format_end(parse_moment(certificate.not_after))}"
            )
            address = application_address(application.key)
            if _is_live(application, certificate, directory):
                yield Notice(
                    f"{message}: nobody can sign in with it; take it out", address, certificate.position
                )
            else:
                yield Refusal(
                    "",
                    f"{message}: nobody could sign in with it; name its successor",
                    address,
                    certificate.position,
                )


def self_issued(der: str) -> bool:
    """Tell of base64 of a certificate whether it names itself as its issuer; not where it cannot be read."""
    # Few tenants restrict authorities, and the library takes longer to load than a manifest to read.
    from cryptography.x509 import load_der_x509_certificate

    try:
        parsed = load_der_x509_certificate(base64.b64decode(der))
        return parsed.issuer == parsed.subject
    except ValueError:
        return False


def _is_live(application: Application, certificate: Certificate, directory: Directory) -> bool:
    live = directory.live.get(application.key)
    body = (live.subject.application if live else None) or {}
    return certificate.thumbprint.upper() in {thumbprint(entry) for entry in body.get("keyCredentials") or ()}
