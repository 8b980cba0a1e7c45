"""A certificate with a weak key, or one that has ended."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from entra_config.lint import each, examples
from entra_config.lint.model import Hit, Rule, View
from entra_config.manifest.until import format_end

LEAST_RSA = 2048
WEAK_HASHES = frozenset({"md5", "sha1"})


def _find_weaknesses(der: str) -> Iterator[str]:
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


def check(view: View) -> Iterator[Hit]:
    """Yield each weakness of a certificate whose bytes are known, and each that has ended."""
    for subject, certificate in each.credentials(view, "certificate"):
        weak = list(_find_weaknesses(certificate.der)) if certificate.der else []
        if certificate.end and certificate.end < view.now:
            weak.append(f"ended on {format_end(certificate.end)}")
        for says in weak:
            yield each.hit(subject, certificate, f"`{certificate.name}` {says}")


RULE = Rule(
    id="cert-weak",
    severity="E",
    confidence="high",
    on=("manifest", "live"),
    finds="A certificate with a weak key, or one that has ended.",
    why=(
        "A short key can be computed, a SHA-1 signature forged; Entra refuses what has ended "
        "(AADSTS700027), so the "
        "key is of no use to you."
    ),
    fix="Issue one with RSA 2048 or more, or an elliptic curve, and SHA-256.",
    source="NIST SP 800-131A; AADSTS700027",
    bad=examples.certificate("short-key.pem", reported=True),
    good=examples.certificate("good.pem"),
    check=check,
)
