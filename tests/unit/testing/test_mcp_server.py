"""Access tests of an API that is an MCP server: its address changes no token."""

from __future__ import annotations

from pathlib import Path

from tests.unit.testing.conftest import MANIFEST, RunTests

URI = '    identifierUris: ["api://${appId}"]\n    scopes:\n      read'
MCP = "    mcp: { url: https://shop.contoso.com/mcp, clients: [VS Code], scopes: [read] }\n"
TEST = """\
people: { alice@contoso.com: { memberOf: [Clerks] } }
tests:
- it: signs in to the server
  as: alice@contoso.com
  client: page
  asks: [api/read]
  expect: { token: { aud: api, scp: read, roles: [Clerk] } }
- it: is refused what the page was not given
  as: alice@contoso.com
  client: page
  asks: [api/write]
  expect: { refused: AADSTS65001 }
"""


def test_an_mcp_server_gives_the_same_tokens(folder: Path, run_tests: RunTests) -> None:
    """Whoever is tested beside it loses and gains nothing."""
    assert URI in MANIFEST
    text = MANIFEST.replace(URI, MCP + "    scopes:\n      read", 1)
    (folder / "manifests/entra-config.yaml").write_text(text)
    assert [result.failures for result in run_tests(TEST).results] == [(), ()]
