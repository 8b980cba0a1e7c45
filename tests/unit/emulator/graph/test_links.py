"""The lists of what an object is linked to: read, cast, counted, filtered; and references to objects."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator.graph.call import CollectionResponse
from tests.unit.emulator.graph.linked import DEVICE, Linked
from tests.unit.emulator.graph.sending import ADVANCED, BASE, V1, short

COUNTED = {"headers": ADVANCED}
FIRST = ["alice", "bob", "inner", "device"]
UNFILTERED = (
    "400 Request_UnsupportedQuery: The specified filter to the reference property query is currently not "
    "supported."
)


@pytest.mark.parametrize(
    ("more", "options", "expected"),
    [
        ("", {}, FIRST),
        ("", {"version": "beta"}, ["alice", "bob", "inner", "client", "device"]),
        ("/microsoft.graph.user", {}, ["alice", "bob"]),
        ("/microsoft.graph.GROUP", {}, ["inner"]),
        ("/microsoft.graph.servicePrincipal", {}, []),
        ("/microsoft.graph.servicePrincipal", {"version": "beta"}, ["client"]),
        ("/microsoft.graph.orgContact", {}, []),
        ("?$select=id", {}, FIRST),
        ("?$filter=id eq '{alice}'", {}, ["alice"]),
        ("?$filter=id in ('{bob}','{device}')", {}, ["bob", "device"]),
        ("?$filter=id eq '{bob}' or id eq '{inner}'", {}, ["bob", "inner"]),
        ("?$filter=displayName eq 'Alice Archer'", {}, UNFILTERED),
        ("?$filter=id eq '{bob}' or displayName eq 'x'", {}, UNFILTERED),
        ("?$filter=displayName eq 'x' or id eq '{bob}'", {}, UNFILTERED),
        ("?$filter=id eq '{bob}' and id eq '{bob}'", {}, UNFILTERED),
        ("?$filter=displayName eq 'Alice Archer'&$count=true", COUNTED, ["alice"]),
        ("?$filter=startswith(displayName,'b')&$count=true", COUNTED, ["bob"]),
        ('?$search="displayName:archer"&$count=true', COUNTED, ["alice"]),
        ("?$orderby=displayName desc&$count=true", COUNTED, ["inner", "device", "bob", "alice"]),
        ("/microsoft.graph.user?$filter=givenName eq 'Bob'&$count=true", COUNTED, ["bob"]),
        ("?$top=2", {}, ["alice", "bob"]),
    ],
)  # fmt: skip
def test_members(more: str, options: dict[str, Any], expected: list[str] | str) -> None:
    """Hold which of them each read lists, and in which order."""
    made = Linked()
    assert made.names(made.path + more.format(**made.ends), **options) == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("/$count", "4"),
        ("/microsoft.graph.user/$count", "2"),
        ("/$count?$filter=displayName eq 'Alice Archer'", "1"),
        ('/$count?$search="displayName:b"', "1"),
        ("/microsoft.graph.user/$count?$filter=givenName eq 'Bob'", "1"),
    ],
)
def test_numbers_of_members(more: str, expected: str) -> None:
    """Hold that they are counted by advanced queries alone."""
    made = Linked()
    assert made.get(made.path + more, headers=ADVANCED) == CollectionResponse(200, text=expected)
    assert made.short("GET", made.path + more) == "400 Request_BadRequest: $count is not currently supported."


def test_pages_of_members() -> None:
    """Hold that they follow one another, and that the first alone counts."""
    made = Linked()
    target, found = f"{made.path}?$top=3&$count=true&$select=id", []
    while target:
        body = made.get(target, headers=ADVANCED).body or {}
        found.append((len(body["value"]), body.get("@odata.count")))
        target = str(body.get("@odata.nextLink", "")).removeprefix(V1)
    assert found == [(3, 4), (1, None)]
    assert "@odata.nextLink" not in (made.get(f"{made.path}?$top=4").body or {})


def test_many_members() -> None:
    """Hold that without a query there are a hundred on a page, and a link to the next."""
    made = Linked()
    row = made.user("alice")
    for number in range(96):
        made.tenant.users.put({**row, "id": f"{number:08}-0000-4000-8000-000000000001"})
        made.tenant.members.add(made.staff["id"], f"{number:08}-0000-4000-8000-000000000001")
    assert "@odata.nextLink" not in (made.get(made.path).body or {})
    made.tenant.members.add(made.staff["id"], made.user("carol")["id"])
    body = made.get(made.path).body or {}
    link = body["@odata.nextLink"].removeprefix(V1)
    assert (len(body["value"]), made.names(link)) == (100, [made.user("carol")["id"]])


def test_what_is_shown() -> None:
    """Hold the context of mixed objects, of one kind, and of references."""
    made = Linked()
    context = f"{V1}/$metadata#"
    alice, bob = made.ends["alice"], made.ends["bob"]
    assert (made.get(made.path).body or {})["@odata.context"] == f"{context}directoryObjects"
    users = made.get(f"{made.path}/microsoft.graph.user?$select=id")
    shown = {"@odata.context": f"{context}users(id)", "value": [{"id": alice}, {"id": bob}]}
    assert users == CollectionResponse(200, shown)
    mixed = made.get(f"{made.path}?$select=id&$top=1").body or {}
    assert (mixed["@odata.context"], mixed["value"]) == (
        f"{context}directoryObjects(id)",
        [{"@odata.type": "#microsoft.graph.user", "id": alice}],
    )
    contacts = made.get(f"{made.path}/microsoft.graph.orgContact")
    assert contacts == CollectionResponse(200, {"@odata.context": f"{context}contacts", "value": []})
    links = made.get(f"{made.path}/$ref").body or {}
    assert made.get(f"{made.path}/$ref").status == 200
    where = f"{BASE}/v2/{made.tenant.tenant_id}/directoryObjects"
    kinds = ["User", "User", "Group", "Device"]
    assert links == {
        "@odata.context": f"{context}Collection($ref)",
        "value": [
            {"@odata.id": f"{where}/{made.ends[name]}/Microsoft.DirectoryServices.{kind}"}
            for name, kind in zip(FIRST, kinds, strict=True)
        ],
    }


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/groups/{staff}/owners", ["alice", "client"]),
        ("/groups/{staff}/transitiveMembers", ["alice", "bob", "inner", "client", "device", "heidi"]),
        ("/groups/{inner}/memberOf", ["admins", "staff"]),
        ("/groups/{inner}/transitiveMemberOf", ["admins", "staff", "outer"]),
        ("/servicePrincipals/{client}/memberOf", ["staff"]),
        ("/servicePrincipals/{client}/transitiveMemberOf", ["staff", "outer"]),
        ("/servicePrincipals/{client}/ownedObjects", ["staff"]),
        ("/servicePrincipals/{client}/createdObjects", ["inner"]),
        ("/servicePrincipals/{client}/owners", ["bob"]),
        ("/users/{alice}/ownedObjects", ["staff"]),
        ("/users/{alice}/createdObjects", []),
        ("/users/{alice}/directReports", ["bob"]),
        ("/users/{bob}/directReports", []),
        ("/users/{alice}/ownedDevices", ["device"]),
        ("/users/{bob}/ownedDevices", []),
        ("/users/{bob}/registeredDevices", ["device"]),
        ("/devices/{device}/registeredOwners", ["alice"]),
        ("/devices/{device}/registeredUsers", ["bob"]),
        ("/devices/{device}/memberOf", ["staff"]),
        ("/devices/{device}/transitiveMemberOf", ["staff", "outer"]),
        ("/me/directReports", ["bob"]),
        ("/me/ownedDevices", ["device"]),
    ],
)
def test_whose_and_which(path: str, expected: list[str]) -> None:
    """Hold where each relationship leads."""
    made = Linked()
    tenant = made.tenant
    outer = made.group("All Staff")["id"]
    made.ends |= {"staff": made.staff["id"], "admins": made.group("MyApp Admins")["id"], "all": outer}
    ids = {**made.ends, "outer": outer, "heidi": made.user("heidi")["id"]}
    for source, target in (("staff", "alice"), ("staff", "client"), ("client", "bob")):
        tenant.owners.add(ids[source], ids[target])
    if expected[-1:] == ["outer"]:
        tenant.members.add(outer, ids["staff"])
    tenant.managers.add(ids["bob"], ids["alice"])
    tenant.device_owners.add(DEVICE, ids["alice"])
    tenant.device_users.add(DEVICE, ids["bob"])
    tenant.groups.put({**tenant.groups.rows[ids["inner"]], "_creator": ids["client"]})
    scopes = ("User.Read", "Directory.Read.All")
    found = made.get(path.format(**ids), caller=made.as_user("alice", *scopes) if path[:3] == "/me" else None)
    assert found.status == 200, short(found)
    assert {each["id"] for each in (found.body or {})["value"]} == {ids[name] for name in expected}
