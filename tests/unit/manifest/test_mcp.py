"""`mcp` of an API: its address, its scopes and its clients."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.manifest.mcp_clients import TABLE, table
from tests.unit.manifest.conftest import Load, Problems

BASE = """\
applications:
  api:
    type: api
    displayName: API
    scopes:
      read: { displayName: Read, description: x, whoCanConsent: adminsAndUsers }
      admin: { displayName: Admin, description: x, whoCanConsent: admins }
      old: { displayName: Old, description: x, whoCanConsent: adminsAndUsers, isEnabled: false }
%s
"""
URL = "https://api.example.com/mcp"
VS_CODE = "aebc6443-996d-45c2-90f0-388ff96faa56"
BAD = {
    "http://api.example.com/mcp": "is not an https URL",
    "HTTPS://api.example.com/mcp": "is not an https URL",
    "api.example.com/mcp": "is not an https URL",
    "api://${appId}/mcp": "an appId is not known yet",
    "https:///mcp": "is not an https URL",
    "https://[x/mcp": "is not a complete URL",
    "https://api.example.com/mcp/": "ends with `/`",
    "https://api.example.com/": "ends with `/`",
    "https://api.example.com/mcp#x": "has a fragment",
    "https://api.example.com/mcp?x=1": "has a query",
    "https://API.example.com/mcp": "has capitals in its host",
    "https://api.example.com:443/mcp": "names the port 443",
    "https://me@api.example.com/mcp": "has a user in front of the host",
    "https://api.example.com/a/../mcp": "has `.`, `..` or nothing between two slashes",
    "https://api.example.com//mcp": "has `.`, `..` or nothing between two slashes",
    "https://api.example.com/mcp x": "holds characters that clients write otherwise",
    "https://bücher.example/mcp": "holds characters that clients write otherwise",
    "https://api.example.com/" + "x" * 240: "Graph takes 255",
}


@pytest.mark.parametrize("url", BAD)
def test_an_address_that_clients_and_entra_would_read_otherwise_is_refused(
    problems: Problems, url: str
) -> None:
    """Each at its place, with what becomes of it."""
    found = problems(BASE % f"    mcp:\n      url: '{url}'")
    assert any(BAD[url] in each and ":12:" in each for each in found), found


def test_the_address_becomes_an_identifier_uri(load: Load) -> None:
    """Once, behind those that are written; the known clients are authorized for what users may consent to."""
    text = BASE % f"    identifierUris: ['api://${{appId}}']\n    mcp: {{ url: {URL}, clients: [VS Code] }}"
    api = load(text).applications["api"]
    assert [str(uri) for uri in api.settings["identifierUris"].value][1:] == [URL]
    assert api.external_authorized_clients == {VS_CODE: ("read",)}
    assert api.positions[f"identifierUris.{URL}"].line == 12
    text = BASE % f"    identifierUris: [{URL}]\n    mcp: {{ url: {URL}, scopes: [admin] }}"
    api = load(text).applications["api"]
    assert api.mcp is not None
    assert (api.settings["identifierUris"].value, api.mcp.scopes) == ([URL], ("admin",))


def test_what_authorized_clients_say_of_a_client_counts(load: Load) -> None:
    """A client by name gets the server's scopes, and others where they are written for it."""
    more = f"    authorizedClients: {{ {VS_CODE}: [admin] }}\n"
    api = load(BASE % f"{more}    mcp: {{ url: {URL}, clients: [VS Code, Azure CLI] }}").applications["api"]
    assert api.external_authorized_clients[VS_CODE] == ("admin",)
    assert api.external_authorized_clients["04b07795-8ddb-461a-bbee-02f9e1bf7b46"] == ("read",)


@pytest.mark.parametrize(
    ("mcp", "message"),
    [
        ("{}", "`url` of `mcp` of `api` is missing"),
        (f"{{ url: {URL}, port: 1 }}", "port"),
        (f"{{ url: {URL}, clients: [VS Cod] }}", "is not a client known by name. Did you mean `VS Code`?"),
        (f"{{ url: {URL}, clients: [Claude] }}", "declare a `web` with the redirect URI `https://claude.ai"),
        (f"{{ url: {URL}, scopes: [raed] }}", "`raed` is not a scope of `api`. Did you mean `read`?"),
        (f"{{ url: {URL}, scopes: [] }}", "has no scope that users may consent to"),
    ],
)
def test_mistakes(problems: Problems, mcp: str, message: str) -> None:
    """Each is said in words, at its line."""
    found = problems(BASE % f"    mcp: {mcp}")
    assert any(message in each and ":11:" in each for each in found), found


def test_a_client_is_no_server(problems: Problems) -> None:
    """One message, not several."""
    found = problems("applications:\n  a: { type: spa, displayName: A, mcp: { url: 'http://x' } }\n")
    assert len(found) == 1
    assert "`mcp` does not fit type `spa`" in found[0]


def test_two_servers_have_two_addresses(problems: Problems) -> None:
    """Entra gives a URI to one application."""
    other = f"  b: {{ type: api, displayName: B, identifierUris: ['{URL}'] }}"
    found = problems(BASE % f"    mcp: {{ url: {URL} }}" + other)
    assert any("one application has it" in each for each in found)


def test_each_client_has_an_id_or_a_way_back() -> None:
    """And a source."""
    for client in TABLE:
        assert bool(client.app_id) != bool(client.type and client.redirect_uri), client.name
        assert client.source


def test_the_page_has_the_table() -> None:
    """`python -c 'from entra_config.manifest import mcp_clients; print(mcp_clients.table())'` makes it."""
    assert table() in (Path(__file__).parents[3] / "docs" / "mcp.md").read_text(encoding="utf-8")
