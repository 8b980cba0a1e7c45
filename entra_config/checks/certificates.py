"""The names that reports give certificates, and who issued one."""

from __future__ import annotations

import base64

from entra_config.kinds.certificate_names import labelled
from entra_config.manifest.model import Manifest


def names(manifest: Manifest) -> dict[str, str]:
    """Return what a report calls each declared certificate, by thumbprint: its name and its end."""
    return {
        certificate.thumbprint.upper(): labelled(certificate.display_name, certificate.not_after)
        for application in manifest.applications.values()
        for certificate in application.certificates or ()
    }


def self_issued(der: str) -> bool:
    """Tell of base64 of a certificate whether it names itself as its issuer; not where it cannot be read."""
    # Few tenants restrict authorities, and the library takes longer to load than a manifest to read.
    from cryptography.x509 import load_der_x509_certificate

    try:
        parsed = load_der_x509_certificate(base64.b64decode(der))
        return parsed.issuer == parsed.subject
    except ValueError:
        return False
