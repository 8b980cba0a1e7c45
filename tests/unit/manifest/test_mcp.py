"""`mcp` of an API: its address, its scopes and its clients."""

from __future__ import annotations

from pathlib import Path

from entra_config.manifest.mcp_clients import TABLE, table
from tests.unit.manifest.conftest import Load

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


def test_each_client_has_an_id_or_a_way_back() -> None:
    """And a source."""
    for client in TABLE:
        assert bool(client.app_id) != bool(client.type and client.redirect_uri), client.name
        assert client.source


def test_the_page_has_the_table() -> None:
    """`python -c 'from entra_config.manifest import mcp_clients; print(mcp_clients.table())'` makes it."""
    assert table() in (Path(__file__).parents[3] / "docs" / "mcp.md").read_text(encoding="utf-8")
