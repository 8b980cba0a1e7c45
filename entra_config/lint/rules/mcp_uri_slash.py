"""An MCP server's address that ends with a slash."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config import uris
from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each https identifier URI that is an MCP server's address with a slash behind it."""
    for subject in view.subjects:
        for each in subject.identifier_uris:
            uri = str(each.value)
            if uris.scheme(uri) == "https" and uris.path(uri).casefold().endswith("/mcp/"):
                message = f"`{uri}` is not the address without the slash, which clients send"
                yield Hit(each.position or subject.position, message, subject.key, uri)


RULE = Rule(
    id="mcp-uri-slash",
    severity="W",
    confidence="medium",
    on=("manifest",),
    finds="An MCP server's address that ends with a slash.",
    why=(
        "Entra compares the `resource` of a sign-in letter by letter with the identifier URIs: with one "
        "slash more or less it is refused with AADSTS9010010."
    ),
    fix="Take the slash away, here and in the server's own metadata: `mcp: { url: … }` makes both.",
    source="anthropics/claude-code#52871, anomalyco/opencode#12308",
    bad="""\
applications:
  api:
    type: application
    displayName: API
    identifierUris:
      - «https://mcp.example.com/mcp/
""",
    good="""\
applications:
  api:
    type: application
    displayName: API
    identifierUris:
      - https://mcp.example.com/mcp
""",
    check=check,
)
