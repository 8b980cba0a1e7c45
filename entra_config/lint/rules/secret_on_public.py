"""A secret on an application that cannot keep one."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint import each, examples
from entra_config.lint.model import Hit, Rule, View

PAGE = "  spa: { redirectUris: [https://app.example.com/] }\n"


def check(view: View) -> Iterator[Hit]:
    """Yield each secret of an application that is nothing but a page or a device's."""
    for subject, secret in each.credentials(view, "secret"):
        if any(subject.on("spa", "mobileAndDesktop")) and not any(subject.on("web")):
            message = f"`{subject.key}` runs with its people and has the secret `{secret.name}`"
            yield each.hit(subject, secret, message)


RULE = Rule(
    id="secret-on-public",
    severity="E",
    confidence="high",
    on=("live",),
    finds="A secret on an application that cannot keep one.",
    why="What runs in a browser or on a device shows its secret to everybody who looks.",
    fix="Remove the secret: PKCE does without; register the server of its own.",
    source="Microsoft Learn, msal-client-applications",
    bad=examples.secret("2026-09-01", "2026-12-31", reported=True) + PAGE,
    good=examples.secret("2026-09-01", "2026-12-31")
    + PAGE
    + """\
  web: { redirectUris: [https://app.example.com/signin-oidc] }
""",
    check=check,
)
