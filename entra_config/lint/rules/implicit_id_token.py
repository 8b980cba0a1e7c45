"""ID tokens by the implicit grant."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.lint import each, examples
from entra_config.lint.model import Hit, Rule, View

PATH = "web.implicitGrantSettings.enableIdTokenIssuance"


def check(view: View) -> Iterator[Hit]:
    """Yield each application that gets ID tokens in the URL."""
    return each.granted(view, PATH, "ID tokens in the URL")


RULE = Rule(
    id="implicit-id-token",
    severity="W",
    confidence="high",
    on=("manifest", "live"),
    finds="ID tokens by the implicit grant.",
    why="The hybrid flow of an older ASP.NET needs it; nothing else does, and the token stands in the URL.",
    fix="Leave it out where the code flow is used; otherwise say who needs it in an ignore comment.",
    source="Microsoft Learn, v2-oauth2-implicit-grant-flow",
    bad=examples.implicit("enableIdTokenIssuance", reported=True),
    good=examples.implicit("enableIdTokenIssuance", reported=False),
    check=check,
)
