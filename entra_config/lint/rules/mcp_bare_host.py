"""An MCP server whose address has no path."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config import uris
from entra_config.lint.examples import mcp_server
from entra_config.lint.model import Hit, Rule, View


def check(view: View) -> Iterator[Hit]:
    """Yield each MCP server whose address is a host and no more."""
    for subject in view.subjects:
        if subject.mcp is not None and not uris.path(str(subject.mcp.value)):
            message = f"clients may add a slash to `{subject.mcp.value}`, and are refused then"
            yield Hit(subject.mcp.position, message, subject.key, "address")


RULE = Rule(
    id="mcp-bare-host",
    severity="W",
    confidence="medium",
    on=("manifest",),
    finds="An MCP server whose address has no path.",
    why=(
        "Libraries write `https://host` as `https://host/`, and Entra compares `resource` letter by letter: "
        "AADSTS9010010."
    ),
    fix="Give the server a path, such as `https://mcp.example.com/mcp`.",
    source="modelcontextprotocol/python-sdk#2578, anthropics/claude-code#52871",
    bad=mcp_server("https://mcp.example.com", reported=True),
    good=mcp_server("https://mcp.example.com/mcp"),
    check=check,
)
