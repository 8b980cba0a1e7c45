"""A certificate that no authority issued, where the tenant trusts only some."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.checks.certificates import self_issued
from entra_config.lint import each
from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each certificate that names itself as its issuer, of an application that is held to
    authorities.
    """
    held = {fact["application"] for fact in view.facts("restricted") if fact["authorities"]}
    for subject, certificate in each.credentials(view, "certificate"):
        if subject.key in held and self_issued(certificate.der):
            yield each.hit(
                subject, certificate, f"`{certificate.name}` of `{subject.key}` names itself as its issuer"
            )


RULE = Rule(
    id="cert-untrusted-ca",
    severity="W",
    confidence="high",
    on=("live",),
    finds="A certificate that no authority issued, where the tenant trusts only some.",
    why=(
        "The app management policy refuses its like by now, and it was there before: nobody revokes it, "
        "and the day it has to "
        "be replaced the next one is refused."
    ),
    fix="Have an authority that the policy trusts issue its successor. Which these are is not read here.",
    source="App management policies, trustedCertificateAuthority; Zero Trust Assessment",
    bad="""\
application:
  displayName: App
  keyCredentials: [{ keyId: 11111111-0000-4000-8000-000000000001, displayName: ci, «key: MIIC-self-issued }]
facts:
  restricted: [{ application: app, authorities: true, custom: false }]
""",
    good="""\
application:
  displayName: App
  keyCredentials: [{ keyId: 11111111-0000-4000-8000-000000000001, displayName: ci, key: MIIC-by-an-authority \
}]
facts:
  restricted: [{ application: app, authorities: true, custom: false }]
""",
    check=check,
)
