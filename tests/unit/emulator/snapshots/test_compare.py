"""What differs between two directories: each object and link by its place, its kind and its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from entra_emulator.clock import ManualClock
from entra_emulator.directory import Tenants
from entra_emulator.identifiers import Identifiers
from entra_emulator.snapshots.compare import DirectoryDifference, PropertyDifference, differences
from entra_emulator.tenant import Tenant

DEFAULT = "00000000-0000-0000-0000-000000000000"
USER = {"id": "u", "displayName": "Uma", "userPrincipalName": "uma@t.example"}
GROUP = {"id": "g", "displayName": "Group"}
API: dict[str, Any] = {
    "id": "s",
    "displayName": "Api",
    "appRoles": [
        {"id": "r1", "value": "Read", "displayName": "Reading"},
        {"id": "r2", "value": None, "displayName": "Writing"},
    ],
}
CLIENT = {"id": "c", "displayName": "Client"}
TABLES = {"users": [USER], "groups": [GROUP], "servicePrincipals": [API, CLIENT]}


def directory(*changes: Callable[[Tenant], Any]) -> Tenants:
    """Return a directory of one tenant with a user, a group and two service principals, changed."""
    made = Tenants(clock=ManualClock(), ids=Identifiers("s"))
    tenant = made.add(Tenant("t", "Home", ["t.example"]))
    for name, rows in TABLES.items():
        for row in rows:
            tenant.tables[name].put(dict(row))
    for change in changes:
        change(tenant)
    return made


def put(table: str, **row: Any) -> Callable[[Tenant], None]:
    """Return what puts a row into a table."""
    return lambda tenant: tenant.tables[table].put(row)


def link(name: str, source: str, target: str) -> Callable[[Tenant], Any]:
    """Return what links two objects."""
    return lambda tenant: getattr(tenant, name).add(source, target)


def role(role_id: str, resource: str = "s") -> Callable[[Tenant], None]:
    """Return what assigns a role to the user."""
    return put(
        "appRoleAssignments",
        id="a",
        appRoleId=role_id,
        principalDisplayName="Uma",
        resourceDisplayName="Api",
        resourceId=resource,
    )


def grant(client: str, resource: str, scope: str | None) -> Callable[[Tenant], None]:
    """Return what grants scopes."""
    return put(
        "oauth2PermissionGrants",
        id="o",
        consentType="AllPrincipals",
        clientId=client,
        resourceId=resource,
        scope=scope,
    )


def chosen(**values: Any) -> Callable[[Tenant], None]:
    """Return what changes choices."""

    def change(tenant: Tenant) -> None:
        tenant.choices = tenant.choices.changed(values)

    return change


@pytest.mark.parametrize(
    ("change", "place", "row_id", "name"),
    [
        (put("groups", id="n", displayName="New"), "groups", "n", "New"),
        (put("users", id="n", displayName=None, userPrincipalName="n@t"), "users", "n", "n@t"),
        (put("federatedIdentityCredentials", id="n", name="ci"), "federatedIdentityCredentials", "n", "ci"),
        (put("devices", id="n"), "devices", "n", "n"),
        (role("r1"), "appRoleAssignments", "a", "Uma has Read of Api"),
        (role("r2"), "appRoleAssignments", "a", "Uma has Writing of Api"),
        (role("r3"), "appRoleAssignments", "a", "Uma has r3 of Api"),
        (role("r1", "gone"), "appRoleAssignments", "a", "Uma has r1 of Api"),
        (role("r1", "c"), "appRoleAssignments", "a", "Uma has r1 of Api"),
        (role(DEFAULT), "appRoleAssignments", "a", "Uma has the default access of Api"),
        (grant("c", "s", " read "), "oauth2PermissionGrants", "o", "Client gets read of Api"),
        (grant("c", "s", None), "oauth2PermissionGrants", "o", "Client gets nothing of Api"),
        (grant("gone", "s", " "), "oauth2PermissionGrants", "o", "? gets nothing of Api"),
        (grant("c", "gone", "x y"), "oauth2PermissionGrants", "o", "Client gets x y of ?"),
        (lambda t: t.directory_roles.update(u=["A"]), "directoryRoles", "u", "Uma"),
        (lambda t: t.directory_roles.update(n=["A"]), "directoryRoles", "n", "n"),
        (lambda t: t.secrets.update(k="1"), "secrets", "k", "k"),
        (link("owners", "s", "u"), "owners", "s/u", "Uma owns Api"),
        (link("members", "g", "u"), "members", "g/u", "Uma in Group"),
        (link("managers", "u", "n"), "managers", "u/n", "Uma answers to n"),
        (link("policies", "s", "p"), "policies", "s/p", "p for Api"),
        (link("app_policies", "s", "p"), "appPolicies", "s/p", "p for Api"),
        (link("device_owners", "d", "u"), "deviceOwners", "d/u", "Uma owns d"),
        (link("device_users", "d", "u"), "deviceUsers", "d/u", "Uma uses d"),
    ],
)
def test_what_was_added_or_removed(
    change: Callable[[Tenant], Any], place: str, row_id: str, name: str
) -> None:
    """By its name, and of what has none by what it joins; whichever way one looks."""
    before, after = directory(), directory(change)
    assert differences(before, after) == [DirectoryDifference("t", place, row_id, "added", name)]
    assert differences(after, before) == [DirectoryDifference("t", place, row_id, "removed", name)]


@pytest.mark.parametrize(
    ("first", "then", "place", "row_id", "name", "properties"),
    [
        (
            put("users", **USER),
            put("users", **{**USER, "displayName": "Ute", "a": 1}),
            "users",
            "u",
            "Ute",
            [("a", None, 1), ("displayName", "Uma", "Ute")],
        ),
        (
            put("groups", **GROUP, _logo="x", b=[1]),
            put("groups", **GROUP, _logo="y", b=[2]),
            "groups",
            "g",
            "Group",
            [("logo", True, True), ("b", [1], [2])],
        ),
        (
            put("groups", **GROUP, logo="x"),
            put("groups", **GROUP, logo=""),
            "groups",
            "g",
            "Group",
            [("logo", True, None)],
        ),
        (
            put("groups", **GROUP),
            put("groups", **GROUP, _logo="x"),
            "groups",
            "g",
            "Group",
            [("logo", None, True)],
        ),
        (
            lambda t: t.directory_roles.update(u=["A"]),
            lambda t: t.directory_roles.update(u=["B"]),
            "directoryRoles",
            "u",
            "Uma",
            [("roles", ["A"], ["B"])],
        ),
        (
            lambda t: t.organization.update(city="A"),
            lambda t: t.organization.update(street="B"),
            "organization",
            "t",
            "Home",
            [("city", "A", None), ("street", None, "B")],
        ),
        (
            chosen(usersMayConsent=False),
            chosen(usersMayRegister=False),
            "choices",
            "t",
            "Home",
            [("usersMayConsent", False, True), ("usersMayRegister", True, False)],
        ),
        (lambda t: t.secrets.update(k="1"), lambda t: t.secrets.update(k="2"), "secrets", "k", "k", []),
    ],
    ids=[
        "user",
        "emulator's own",
        "picture taken",
        "picture given",
        "roles",
        "organization",
        "choices",
        "secret",
    ],
)
def test_what_was_changed(  # noqa: PLR0917  # the columns of a table
    first: Any, then: Any, place: str, row_id: str, name: str, properties: list[tuple[str, Any, Any]]
) -> None:
    """Property by property; of a picture that there is one, and of a secret nothing."""
    found = tuple(PropertyDifference(*each) for each in properties)
    assert sorted(differences(directory(first), directory(then)), key=str) == [
        DirectoryDifference("t", place, row_id, "changed", name, found)
    ]


def test_the_order_of_what_differs() -> None:
    """By tenant, place and name, whatever its case; one whole tenant is one thing that differs."""
    changes = [
        put("users", id="2", displayName="b"),
        put("users", id="1", displayName="B"),
        put("users", id="3", displayName="a"),
        put("groups", id="9", displayName="z"),
        lambda tenant: tenant.secrets.update(m="1", k="1", l="1"),
    ]
    before, after = directory(), directory(*changes)
    for tenant_id in ("z", "a"):
        after.add(Tenant(tenant_id, tenant_id.upper(), ["x.example"]))
    before.add(Tenant("m", "M", ["m.example"]))
    assert [(each.tenant, each.place, each.id, each.kind) for each in differences(before, after)] == [
        ("a", "tenants", "a", "added"),
        ("m", "tenants", "m", "removed"),
        ("t", "groups", "9", "added"),
        ("t", "secrets", "k", "added"),
        ("t", "secrets", "l", "added"),
        ("t", "secrets", "m", "added"),
        ("t", "users", "3", "added"),
        ("t", "users", "1", "added"),
        ("t", "users", "2", "added"),
        ("z", "tenants", "z", "added"),
    ]
    assert differences(before, after)[0].name == "A"


def test_a_link_of_what_is_gone_is_named_as_it_was() -> None:
    """Its ends were there before."""
    before = directory(link("members", "g", "u"))
    after = before.fork()
    after.default.members.remove("g", "u")
    after.default.users.remove("u")
    assert [(each.place, each.kind, each.name) for each in differences(before, after)] == [
        ("members", "removed", "Uma in Group"),
        ("users", "removed", "Uma"),
    ]
    assert differences(before, before.fork()) == []
    renamed = before.fork()
    renamed.default.members.remove("g", "u")
    renamed.default.users.put({**USER, "displayName": "Ute"})
    assert differences(before, renamed)[0].name == "Ute in Group"
