"""A credential on the service principal, beside the application."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each key on a service principal that signs no SAML tokens."""
    for subject in view.subjects:
        mode = (subject.enterprise or {}).get("preferredSingleSignOnMode")
        for each in subject.principal_credentials if not (mode and mode.value == "saml") else ():
            message = f"the service principal of `{subject.key}` has the {each.type} `{each.name}`"
            yield Hit(each.position, message, subject.key, each.key_id)


RULE = Rule(
    id="sp-credential",
    severity="E",
    confidence="high",
    on=("live",),
    finds="A credential on the service principal, beside the application.",
    why=(
        "It signs in as the application, and the page of the registration does not show it: the classic "
        "way to stay."
    ),
    fix="Remove it; what signs SAML tokens is meant for that.",
    source="Zero Trust Assessment 21896; MITRE ATT&CK T1098.001",
    bad="""\
application: { displayName: App }
servicePrincipal:
  «passwordCredentials: [{ keyId: 11111111-0000-4000-8000-000000000001, displayName: x }]
""",
    good="""\
application: { displayName: App }
servicePrincipal:
  preferredSingleSignOnMode: saml
  keyCredentials: [{ keyId: 11111111-0000-4000-8000-000000000001, displayName: CN=App, usage: Sign }]
""",
    check=check,
)
