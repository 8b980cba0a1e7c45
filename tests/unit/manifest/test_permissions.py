"""APIs by what they are called, and enterprise applications: references between applications."""

from __future__ import annotations

from entra_config.manifest.model import Manifest
from tests.unit.manifest.conftest import Load

GUID = "5c1b2f7e-0000-4000-8000-000000000000"
BASE = """\
enterpriseApplications:
  partner: Partner API
  gallery: { displayName: Gallery, appId: 6d2c3a8f-0000-4000-8000-000000000000 }
applications:
  api:
    type: api
    displayName: API
    scopes: { read: Reads, write: Writes }
    appRoles: { Job: { description: x, allowedMemberTypes: [Application] }, Person: x }
  none: { type: api, displayName: None, scopes: { x: x }, enterpriseApplication: null }
  client: { type: web, displayName: Client, apiPermissions: { %s } }
"""


def _text(permissions: str) -> str:
    return BASE % permissions


def _resources(manifest: Manifest) -> dict[str, bool]:
    return {key: item.own for key, item in manifest.applications["client"].api_permissions.items()}


def test_apis_are_named_by_key_name_or_id(load: Load) -> None:
    """Ours by key, others' by key or declared name, Microsoft's by name, anybody's by appId."""
    named = f"api: {{ delegated: [read] }}, Partner API: {{ delegated: [x] }}, gallery: {{ delegated: [x] }}, Microsoft Graph: {{ delegated: [openid] }}, {GUID.upper()}: {{ application: [x] }}"
    assert _resources(load(_text(named))) == {
        "api": True,
        "partner": False,
        "gallery": False,
        "Microsoft Graph": False,
        GUID: False,
    }


def test_a_key_wins_over_the_name_of_another_api(load: Load) -> None:
    """An application of ours may be called like one of Microsoft's."""
    text = _text("Gallery: { delegated: [x] }").replace(
        "  none:", "  Gallery: { type: api, displayName: G, scopes: { x: x } }\n  none:"
    )
    assert _resources(load(text)) == {"Gallery": True}


def test_an_enterprise_application_is_read(load: Load) -> None:
    """Ours has one unless it is null; others' say which they are."""
    text = """\
enterpriseApplications:
  graph: Microsoft Graph
  other: { id: 5c1b2f7e-0000-4000-8000-000000000000, assignmentRequired: true, owners: [alice@contoso.com] }
applications:
  a: { type: api, displayName: A }
  b: { type: api, displayName: B, enterpriseApplication: null }
  c: { type: api, displayName: C, enterpriseApplication: { assignmentRequired: true, enabled: false, properties: { alternativeNames: [x] } } }
"""
    manifest = load(text)
    a, b, c = (manifest.applications[key].enterprise for key in "abc")
    assert a is not None
    assert (dict(a.settings), a.owners, b) == ({}, None, None)
    assert c is not None
    assert {path: item.value for path, item in c.settings.items()} == {
        "appRoleAssignmentRequired": True,
        "accountEnabled": False,
        "alternativeNames": ["x"],
    }
    graph, other = manifest.enterprise_applications.values()
    assert graph.app_id == "00000003-0000-0000-c000-000000000000"
    assert other.named is not None
    assert other.named.id == GUID
