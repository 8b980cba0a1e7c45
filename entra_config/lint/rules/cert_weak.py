"""A certificate with a weak key, or one that has ended."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint import certificates, each, examples
from entra_config.lint.model import Hit, Rule, View
from entra_config.manifest.until import format_end


def check(view: View) -> Iterator[Hit]:
    """Yield each weakness of a certificate whose bytes are known, and each that has ended."""
    for subject, certificate in each.credentials(view, "certificate"):
        weak = list(certificates.weaknesses(certificate.der)) if certificate.der else []
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
