"""The lists of what an object is linked to: read, cast, counted, filtered; and references to objects."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator.graph.call import CollectionResponse
from tests.unit.emulator.graph.linked import Linked
from tests.unit.emulator.graph.sending import ADVANCED, V1

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
