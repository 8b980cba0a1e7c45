"""Permissions, consents, authorized clients, assignments: references between applications."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.manifest.model import Manifest
from tests.unit.manifest.conftest import Load, Problems

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
%s
  none: { type: api, displayName: None, scopes: { x: x }, enterpriseApplication: null }
  client: { type: %s, displayName: Client, apiPermissions: { %s } }
"""


def _text(permissions: str = "", kind: str = "web", api: str = "") -> str:
    return BASE % (f"    {api}" if api else "", kind, permissions)


CONSENTS: list[tuple[str, set[str] | None, set[str] | None]] = [
    ("", None, None),
    (", adminConsent: null", None, None),
    (", adminConsent: true", {"read"}, {"Job"}),
    (", adminConsent: false", set(), set()),
    (", adminConsent: []", set(), set()),
    (", adminConsent: [read]", {"read"}, set()),
    (", adminConsent: [write, Job]", {"write"}, {"Job"}),
    (", adminConsent: [write, openid]", {"write", "openid"}, set()),
    (", adminConsent: { delegated: [openid, profile] }", {"openid", "profile"}, None),
    (", adminConsent: { delegated: true }", {"read"}, None),
    (", adminConsent: { delegated: [write], application: false }", {"write"}, set()),
]


@pytest.mark.parametrize(("consent", "delegated", "application"), CONSENTS)
def test_admin_consent_says_what_is_granted(
    load: Load, consent: str, delegated: Any, application: Any
) -> None:
    """True is what is asked for, a list is that, false is none, absent is not managed; also by kind."""
    manifest = load(_text(f"api: {{ delegated: [read], application: [Job]{consent} }}"))
    found = manifest.applications["client"].api_permissions["api"]
    assert (found.delegated, found.application, found.own) == (("read",), ("Job",), True)
    assert (found.delegated_consent, found.application_consent) == (delegated, application)


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


@pytest.mark.parametrize(
    ("permissions", "kind", "message"),
    [
        ("apj: { delegated: [read] }", "web", "`apj` is not an application here, an enterprise application or an API of Microsoft. Did you mean `api`?"),
        ("Microsoft Grap: {}", "web", "Did you mean `Microsoft Graph`?"),
        ("api: { delegated: [raed] }", "web", "`raed` is not a scope of `api`. Did you mean `read`?"),
        ("api: { application: [Jobs] }", "web", "`Jobs` is not a role of `api`. Did you mean `Job`?"),
        ("api: { application: [Person] }", "web", "role `Person` of `api` is for users"),
        ("api: { delegated: [read], adminConsent: { delegated: [wirte] } }", "web", "Did you mean `write`?"),
        ("api: { delegated: [openid] }", "web", "`openid` is not a scope of `api`."),
        ("api: { adminConsent: { application: [openid] } }", "web", "`openid` is not a role of `api`."),
        ("api: { delegated: [read], adminConsent: [nothing] }", "web", "`nothing` is not asked for, so its kind is not clear"),
        ("api: { delegated: [read], adminConsent: 1 }", "web", "expected true, false or a list of permissions"),
        ("api: { delegated: [read], adminConsent: { deleg: true } }", "web", "Did you mean `delegated`?"),
        ("api: { scopes: [read] }", "web", "`scopes` is not a key of an API's permissions"),
        ("api: { delegated: [read] }", "daemon", "a `daemon` has no person to act for"),
        ("api: { application: [Job] }", "spa", "a `spa` keeps no secret to act as itself with"),
        ("api: { application: [Job] }", "publicClient", "a `publicClient` keeps no secret to act as itself with"),
        ("partner: {}, Partner API: {}", "web", "`Partner API` is `partner`, which is already in this list"),
        ("none: { delegated: [x], adminConsent: true }", "web", "`none` has no enterprise application"),
        (f"Microsoft Graph: {{ delegated: [{', '.join(f'P{n}' for n in range(401))}] }}", "web", "401 permissions; Graph takes 400"),
        (", ".join(f"5c1b2f7e-0000-4000-8000-0000000000{n:02}: {{}}" for n in range(51)), "web", "permissions of 51 APIs; Graph takes 50"),
    ],
)  # fmt: skip
def test_permissions_are_checked(problems: Problems, permissions: str, kind: str, message: str) -> None:
    """A permission that is not there, or does not fit, is told with near misses."""
    assert any(message in line for line in problems(_text(permissions, kind)))


def test_authorized_clients_are_ours_or_foreign(load: Load) -> None:
    """Ours by key; others' by appId, by Microsoft's name, or by the key of one with an appId."""
    api = f"authorizedClients: {{ client: [read], {GUID}: [read, write], Microsoft Azure CLI: [read], gallery: [write] }}"
    found = load(_text(api=api)).applications["api"]
    assert found.authorized_clients == {"client": ("read",)}
    assert found.external_authorized_clients == {
        GUID: ("read", "write"),
        "04b07795-8ddb-461a-bbee-02f9e1bf7b46": ("read",),
        "6d2c3a8f-0000-4000-8000-000000000000": ("write",),
    }


@pytest.mark.parametrize(
    ("api", "message"),
    [
        ("authorizedClients: { clinet: [read] }", "Did you mean `client`?"),
        ("authorizedClients: { client: [raed] }", "Did you mean `read`?"),
        ("authorizedClients: { client: [] }", "is authorized for no scope"),
        ("authorizedClients: { partner: [read] }", "others' clients stand by their appId"),
        ("knownClientApplications: [clinet]", "Did you mean `client`?"),
        ("knownClientApplications: [api]", "is the API itself"),
    ],
)
def test_clients_are_checked(problems: Problems, api: str, message: str) -> None:
    """A client or scope that is not there is told."""
    assert any(message in line for line in problems(_text(api=api)))


def test_assignments_are_read(load: Load) -> None:
    """Users and groups by role, of ours and of others, by name, id or both."""
    text = (
        _text()
        + f"""\
appRoleAssignments:
  api: {{ Person: {{ users: [alice@contoso.com, {GUID.upper()}], groups: [{{ name: Staff, id: {GUID} }}, Writers] }} }}
  client: {{ default: {{ groups: [Staff] }} }}
  partner: {{ Whatever: {{ groups: [Staff] }} }}
"""
    )
    found = load(text).assignments
    person = found["api", "Person"]
    assert [(named.name, named.id) for named in person.users] == [("alice@contoso.com", None), (GUID, GUID)]
    assert [(named.name, named.id) for named in person.groups] == [("Staff", GUID), ("Writers", None)]
    assert set(found) == {("api", "Person"), ("client", "default"), ("partner", "Whatever")}


@pytest.mark.parametrize(
    ("assigned", "message"),
    [
        ("apj: {}", "Did you mean `api`?"),
        ("api: { Persn: {} }", "`Persn` is not a role of `api`. Did you mean `Person`?"),
        ("api: { Job: { groups: [x] } }", "role `Job` of `api` is for applications only"),
        ("api: { default: { groups: [x] } }", "`default` is for applications without roles"),
        ("api: { Person: { group: [x] } }", "Did you mean `groups`?"),
        ("api: { Person: { users: [alice] } }", "`alice` is neither a user principal name"),
        ("api: { Person: { groups: [x, x] } }", "duplicate `x`"),
        ("api: { Person: { groups: [{}] } }", "a name needs `name`, `id` or both"),
        ("none: { default: { groups: [x] } }", "`none` has no enterprise application"),
    ],
)
def test_assignments_are_checked(problems: Problems, assigned: str, message: str) -> None:
    """A role that is not there cannot be held."""
    assert any(message in line for line in problems(_text() + f"appRoleAssignments: {{ {assigned} }}\n"))


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


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("enterpriseApplications: { x: { assignmentRequired: true } }", "needs `displayName`, `appId` or `id`"),
        ("enterpriseApplications: { a: X }\napplications: { a: { type: api, displayName: A } }", "is an application of this manifest already"),
        ("applications: { a: { type: api, displayName: A, enterpriseApplication: { asignmentRequired: true } } }", "Did you mean `assignmentRequired`?"),
        ("applications: { a: { type: api, displayName: A, enterpriseApplication: { preferredSingleSignOnMode: oauth } } }", "`oauth` is none of"),
        ("enterpriseApplications: { x: { displayName: X, asignmentRequired: true } }", "Did you mean `assignmentRequired`?"),
        ("applications: { a b: { type: api, displayName: A } }", "`a b` (an application) is no key"),
        (f"applications: {{ {'a' * 65}: {{ type: api, displayName: A }} }}", "is longer than 64 characters"),
    ],
)  # fmt: skip
def test_enterprise_applications_and_keys_are_checked(problems: Problems, text: str, message: str) -> None:
    """Which one it is must be said, and keys are keys."""
    assert any(message in line for line in problems(text + "\n"))
