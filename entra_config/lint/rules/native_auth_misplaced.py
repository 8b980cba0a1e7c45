"""Native authentication where it does nothing."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View

PATH = "nativeAuthenticationApisEnabled"


def check(view: View) -> Iterator[Hit]:
    """Yield each application that has it on outside of an External ID tenant, or without public flows."""
    for subject in view.subjects:
        if subject.value(PATH) != "all":
            continue
        if not view.manifest.authority:
            message = f"`{subject.key}` has native authentication, which only External ID tenants have"
            yield Hit(subject.spot(PATH), message, subject.key, PATH)
        elif not subject.public:
            message = f"native authentication of `{subject.key}` needs `allowPublicClientFlows: true`"
            yield Hit(subject.spot(PATH), message, subject.key, PATH)


RULE = Rule(
    id="native-auth-misplaced",
    severity="E",
    confidence="high",
    on=("manifest",),
    finds="Native authentication where it does nothing.",
    why=(
        "An app asks for a code by itself instead of opening a browser: an endpoint that only External ID "
        "tenants have, and that answers public clients alone."
    ),
    fix="Say the tenant's `authority` and `allowPublicClientFlows: true`, or leave the property out.",
    source="Microsoft Learn, concept-native-authentication",
    bad="""\
applications:
  app:
    type: publicClient
    displayName: App
    properties: { «nativeAuthenticationApisEnabled: all }
""",
    good="""\
project: myapp
environments:
  dev: { tenantId: 11111111-1111-1111-1111-111111111111, authority: https://contoso.ciamlogin.com }
applications:
  app:
    type: publicClient
    displayName: App
    properties: { nativeAuthenticationApisEnabled: all }
""",
    check=check,
)
