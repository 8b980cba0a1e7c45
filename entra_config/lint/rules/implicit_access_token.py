"""Access tokens by the implicit grant."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint import each, examples
from entra_config.lint.model import Hit, Rule, View

PATH = "web.implicitGrantSettings.enableAccessTokenIssuance"


def check(view: View) -> Iterator[Hit]:
    """Yield each application that gets access tokens in the URL."""
    return each.granted(view, PATH, "access tokens in the URL")


RULE = Rule(
    id="implicit-access-token",
    severity="E",
    confidence="high",
    on=("manifest", "live"),
    finds="Access tokens by the implicit grant.",
    why="Tokens in a URL stand in histories, logs and referrers. OAuth 2.1 has no such grant.",
    fix="Leave it out; the code flow with PKCE does the same in a browser.",
    source="OAuth 2.1, 1.8; Microsoft Learn, v2-oauth2-implicit-grant-flow",
    bad=examples.implicit("enableAccessTokenIssuance", reported=True),
    good=examples.implicit("enableAccessTokenIssuance", reported=False),
    check=check,
)
