"""Members of groups: of every kind, each once, and those of members."""

from __future__ import annotations

import pytest

from entra_emulator.graph.call import CollectionResponse
from entra_emulator.table import Row
from tests.unit.emulator.graph.groups_made import SENT, link, member_record
from tests.unit.emulator.graph.sending import World, records

DENIED = "403 Authorization_RequestDenied: Insufficient privileges to complete the operation."
ADDED = (
    "400 Request_BadRequest: One or more added object references already exist for the following modified "
    "properties: 'members'."
)
REMOVED = (
    "400 Request_BadRequest: One or more removed object references do not exist for the following modified "
    "properties: 'members'."
)
ALL = "Group.ReadWrite.All"


def test_members_of_every_kind() -> None:
    """Hold that they are added one by one or at once, each once, and what each record says."""
    made = World()
    row = made.send("POST", "/groups", SENT).body or {}
    made.tenant.audit.clear()
    device: Row = {"id": "dddddddd-0000-4000-8000-000000000001", "displayName": "d"}
    made.tenant.tables["devices"].put(device)
    alice, client, inner = made.user("alice"), made.principal("Client"), made.group("MyApp Leads")
    path = f"/groups/{row['id']}"
    bound = {"members@odata.bind": [link(client), link(inner), link(device)]}
    assert made.send("POST", f"{path}/members/$ref", {"@odata.id": link(alice)}) == CollectionResponse(204)
    assert made.short("POST", f"{path}/members/$ref", {"@odata.id": link(alice)}) == ADDED
    assert made.short("PATCH", path, bound) == "204"
    assert made.short("PATCH", path, bound) == ADDED
    everybody = [(alice, "User"), (client, "ServicePrincipal"), (inner, "Group"), (device, "Device")]
    assert made.tenant.members.targets(row["id"]) == [member["id"] for member, _ in everybody]
    assert records(made) == [member_record(made, row, member, kind) for member, kind in everybody]
    made.tenant.audit.clear()
    gone = f"{path}/members/{alice['id'].upper()}/$ref"
    assert made.send("DELETE", gone) == CollectionResponse(204)
    assert made.short("DELETE", gone) == REMOVED
    assert records(made) == [member_record(made, row, alice, "User", removed=True)]
    shown = (made.get(f"{path}?$expand=members($select=id)").body or {})["members"]
    assert [each["id"] for each in shown] == [client["id"], inner["id"], device["id"]]


@pytest.mark.parametrize(
    ("method", "more"),
    [("PATCH", ""), ("POST", "/members/$ref"), ("DELETE", "/members/{}/$ref"), ("DELETE", "")],
)
def test_a_person_without_a_role(method: str, more: str) -> None:
    """Hold that whoever has no directory role changes the groups that he owns."""
    made = World()
    row, alice = made.group("MyApp Leads"), made.user("alice")
    if method == "DELETE":
        made.tenant.members.add(row["id"], alice["id"])
    caller = made.as_user("bob", ALL)
    path = f"/groups/{row['id']}{more.format(alice['id'])}"
    body = {"@odata.id": link(alice)} if method == "POST" else {"description": "d"}
    refused = made.short(method, path, body, caller=caller)
    made.tenant.owners.add(row["id"], caller.oid)
    assert (refused, made.short(method, path, body, caller=caller)) == (DENIED, "204")
