"""A certificate with a weak key, or one that has ended."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint import certificates
from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each weakness of a certificate whose bytes are known, and each that has ended."""
    for subject in view.subjects:
        for each in (one for one in subject.credentials if one.sort == "certificate"):
            weak = list(certificates.weaknesses(each.der)) if each.der else []
            if each.end and each.end < view.now:
                weak.append(f"ended on {each.end:%Y-%m-%d}")
            for says in weak:
                yield Hit(each.position or subject.position, f"`{each.name}` {says}", subject.key, each.key_id or each.name)


RULE = Rule(
    id="cert-weak",
    severity="E",
    confidence="high",
    on=("manifest", "live"),
    finds="A certificate with a weak key, or one that has ended.",
    why=(
        "A short key can be computed, a SHA-1 signature forged; Entra refuses what has ended (AADSTS700027), so the "
        "key is of no use to you."
    ),
    fix="Issue one with RSA 2048 or more, or an elliptic curve, and SHA-256.",
    source="NIST SP 800-131A; AADSTS700027",
    bad="""\
applications:
  app:
    type: daemon
    displayName: App
    certificates:
      «ci: { file: certificates/short-key.pem }
""",
    good="""\
applications:
  app:
    type: daemon
    displayName: App
    certificates:
      ci: { file: certificates/good.pem }
""",
    check=check,
)
