"""A secret on an application that cannot keep one."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each secret of an application that is nothing but a page or a device's."""
    for subject in view.subjects:
        public = any(subject.on("spa", "mobileAndDesktop")) and not any(subject.on("web"))
        for each in subject.credentials if public else ():
            if each.sort == "secret":
                message = f"`{subject.key}` runs with its people and has the secret `{each.name}`"
                yield Hit(each.position, message, subject.key, each.key_id)


RULE = Rule(
    id="secret-on-public",
    severity="E",
    confidence="high",
    on=("live",),
    finds="A secret on an application that cannot keep one.",
    why="What runs in a browser or on a device shows its secret to everybody who looks.",
    fix="Remove the secret: PKCE does without; register the server of its own.",
    source="Microsoft Learn, msal-client-applications",
    bad="""\
application:
  displayName: App
  passwordCredentials:
    - «keyId: 11111111-0000-4000-8000-000000000001
      displayName: ci
      startDateTime: 2026-09-01T00:00:00Z
      endDateTime: 2026-12-31T00:00:00Z
  spa: { redirectUris: [https://app.example.com/] }
""",
    good="""\
application:
  displayName: App
  passwordCredentials:
    - keyId: 11111111-0000-4000-8000-000000000001
      displayName: ci
      startDateTime: 2026-09-01T00:00:00Z
      endDateTime: 2026-12-31T00:00:00Z
  spa: { redirectUris: [https://app.example.com/] }
  web: { redirectUris: [https://app.example.com/signin-oidc] }
""",
    check=check,
)
