"""An MCP server without its own address as identifier URI."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config import uris
from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each application with the tag `mcp` and no https address among its identifier URIs."""
    for subject in view.subjects:
        tags = {str(tag).casefold() for tag in subject.value("tags") or ()}
        addresses = [each for each in subject.identifier_uris if uris.scheme(str(each.value)) == "https"]
        if "mcp" in tags and not addresses:
            message = f"clients of the MCP server `{subject.key}` find no resource for its address"
            yield Hit(subject.spot("identifierUris"), message, subject.key, "address")


RULE = Rule(
    id="identifier-uri-mcp",
    severity="W",
    confidence="medium",
    on=("manifest",),
    finds="An MCP server without its own address as identifier URI.",
    why=(
        "An MCP client asks for a token for the address that it calls (RFC 8707). Entra knows that address "
        "only as an "
        "identifier URI, letter by letter."
    ),
    fix=(
        "Write `mcp: { url: https://mcp.example.com/mcp }`, or add the server's address to `identifierUris`, "
        "without a slash at the end."
    ),
    source="Model Context Protocol, authorization; RFC 8707; anomalyco/opencode#12308",
    bad="""\
applications:
  api:
    type: api
    displayName: API
    tags: [mcp]
    «identifierUris: ["api://${appId}"]
""",
    good="""\
applications:
  api:
    type: api
    displayName: API
    tags: [mcp]
    identifierUris: [https://mcp.example.com/mcp]
""",
    check=check,
)
