"""What items of lists give that nobody had before: a line for each, so that one line hides nothing."""

from __future__ import annotations

from pathlib import Path

from entra_config.manifest import guards, loader
from entra_config.manifest.model import Manifest
from entra_config.phrase import without_names
from tests.unit.manifest.conftest import TENANT, Load

HEAD = f"project: myapp\nenvironments: {{ dev: {{ tenantId: {TENANT} }} }}\n"
TEXT = """\
lists:
  services:
    orders: { owner: orders@contoso.com, host: orders.example.com }
applications:
  ${s}-api:
    each: { s: services }
    type: api
    displayName: ${s} API
    owners: ["${s.owner}"]
    identifierUris: ["api://${appId}"]
    scopes: { read: { displayName: Read, description: Reads., whoCanConsent: admins } }
    appRoles: { Reader: { description: "Reads ${s}.", allowedMemberTypes: [User, Application] } }
    authorizedClients: { "${s}-web": [read] }
  ${s}-web:
    each: { s: services }
    type: web
    displayName: ${s}
    redirectUris: ["https://${s.host}/callback"]
    apiPermissions: { "${s}-api": { delegated: [read], application: [Reader], adminConsent: true } }
    federatedCredentials: { deploy: { issuer: "https://issuer.example.com", subject: "${s}" } }
appRoleAssignments:
  ${s}-api: { each: { s: services }, Reader: { groups: ["${s} readers"], users: ["${s.owner}"] } }
grants: { "${s} robot": { each: { s: services }, Microsoft Graph: { application: [User.Read.All] } } }
"""
BILLING = "    billing: { owner: billing@contoso.com, host: billing.example.com }\n"
MORE = TEXT.replace("applications:\n", BILLING + "applications:\n", 1)

COUNTS = (
    "2 applications, 3 roles given, 3 consents, 1 owner, 1 redirect host, 1 way to sign in as an application"
)


def lines(old: Manifest, new: Manifest) -> list[str]:
    """Return what is said, with its places."""
    return [
        f"{each.position.short if each.position else ''}: {each.text}" for each in guards.lowered(old, new)
    ]


def test_an_item_is_a_summary_at_its_line_and_a_line_for_each_gain(load: Load) -> None:
    """By person, client and key; nothing that differs in who, what, host or permission is one line."""
    assert lines(load(HEAD + TEXT), load(HEAD + MORE)) == [
        f"entra-config.yaml:6: 1 item added (billing): {COUNTS}",
        "entra-config.yaml:8 (billing): application billing-api",
        "entra-config.yaml:8 (billing): billing-web needs no consent to read of billing-api",
        "entra-config.yaml:12 (billing): 'billing@contoso.com' owns billing-api",
        "entra-config.yaml:17 (billing): application billing-web",
        "entra-config.yaml:22 (billing): billing-web has read of billing-api for everybody",
        "entra-config.yaml:22 (billing): billing-web has Reader of billing-api as itself",
        "entra-config.yaml:21 (billing): billing.example.com receives the sign-ins of billing-web",
        "entra-config.yaml:23 (billing): billing of https://issuer.example.com may sign in as billing-web",
        "entra-config.yaml:25 (billing): 'billing@contoso.com' has Reader of billing-api",
        "entra-config.yaml:25 (billing): 'billing readers' has Reader of billing-api",
        "entra-config.yaml:26 (billing): 'billing robot' has User.Read.All of Microsoft Graph",
    ]


def test_nothing_is_said_where_nothing_is_gained(load: Load) -> None:
    """Of an item that stays, of one that leaves, and of a plain entry that becomes an item."""
    few, more = load(HEAD + TEXT), load(HEAD + MORE)
    assert lines(more, more) == lines(few, few) == []
    assert [each for each in lines(more, few) if "item" in each] == []
    plain = "applications: { 'web-job': { type: daemon, displayName: web } }\n"
    made = "applications: { '${s}-job': { each: { s: [web] }, type: daemon, displayName: '${s}' } }\n"
    assert lines(load(HEAD + plain), load(HEAD + made)) == []


def test_a_changed_field_of_an_item_is_told_too(load: Load) -> None:
    """Another host is a gain of that host, though the application was there."""
    changed = MORE.replace("billing.example.com", "other.example.com")
    assert lines(load(HEAD + MORE), load(HEAD + changed)) == [
        "entra-config.yaml:6: 1 item changed (billing): 1 redirect host",
        "entra-config.yaml:21 (billing): other.example.com receives the sign-ins of billing-web",
    ]


def test_people_are_not_named_where_reports_hide_them(load: Load) -> None:
    """A line about a person is a phrase."""
    found = [without_names(each.text) for each in guards.lowered(load(HEAD + TEXT), load(HEAD + MORE))]
    assert not any("@contoso.com" in each for each in found)


def test_a_new_environment_says_all_of_its_items(load: Load) -> None:
    """Where there is no base, everything is new."""
    new = load(HEAD + TEXT)
    empty = loader.load(_empty(), "dev")
    assert len(lines(empty, new)) == 12


def _empty() -> Path:
    folder = Path("empty")
    folder.mkdir()
    (folder / "entra-config.yaml").write_text(HEAD, encoding="utf-8")
    return folder
