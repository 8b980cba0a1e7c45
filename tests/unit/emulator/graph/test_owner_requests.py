"""Owners: who is one, who gives them, how many there may be, and what is recorded."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator.graph.call import CollectionResponse
from entra_emulator.table import Row
from tests.unit.emulator.graph.linked import Linked
from tests.unit.emulator.graph.sending import V1, records

OWNERS = {
    "applications": ("application", "Application"),
    "servicePrincipals": ("service principal", "ServicePrincipal"),
    "groups": ("group", "Group"),
}


@pytest.mark.parametrize("owner", ["alice", "client"])
@pytest.mark.parametrize("table", OWNERS)
def test_owners_come_and_go(table: str, owner: str) -> None:
    """Hold that each is one once, the last may go, and what is recorded."""
    made = Linked()
    principal = made.principal("Owned")
    rows: dict[str, Row] = {
        "applications": made.tenant.application_by_app_id(principal["appId"]) or {},
        "servicePrincipals": principal,
        "groups": made.staff,
    }
    row, (words, kind) = rows[table], OWNERS[table]
    path, owner_id = f"/{table}/{row['id']}/owners", made.ends[owner]
    body = {"@odata.id": f"{V1}/directoryObjects/{owner_id}"}
    assert made.send("POST", f"{path}/$ref", body) == CollectionResponse(204)
    exists = made.short("POST", f"{path}/$ref", body)
    assert exists.startswith("400 Request_BadRequest: One or more added object references already exist")
    assert made.tenant.owners.targets(row["id"]) == [owner_id]
    assert made.send("DELETE", f"{path}/{owner_id.upper()}/$ref") == CollectionResponse(204)
    missing = made.short("DELETE", f"{path}/{owner_id}/$ref")
    assert missing.startswith("400 Request_BadRequest: One or more removed object references do not exist")
    facts = {f"{kind}.ObjectID": row["id"], f"{kind}.DisplayName": row["displayName"]}
    if table != "groups":
        facts[f"{kind}.AppId"] = row["appId"]
    name = "alice@contoso.com" if owner == "alice" else None
    of_owner = "User" if owner == "alice" else "ServicePrincipal"

    def targets(*, removed: bool) -> Any:
        sides = {key: (f'"{text}"', None) if removed else (None, f'"{text}"') for key, text in facts.items()}
        return [(owner_id, of_owner, None, name, sides), (row["id"], kind, None, None, {})]

    category = "GroupManagement" if table == "groups" else "ApplicationManagement"
    assert records(made) == [
        (f"Add owner to {words}", "Assign", category, "", targets(removed=False)),
        (f"Remove owner from {words}", "Unassign", category, "", targets(removed=True)),
    ]


def test_a_hundred_owners() -> None:
    """Hold that there is no room for one more."""
    made = Linked()
    app = made.app("Owned")
    for number in range(99):
        made.tenant.owners.add(app["id"], str(number))
    path = f"/applications/{app['id']}/owners/$ref"
    sent = [{"@odata.id": f"{V1}/directoryObjects/{made.ends[name]}"} for name in ("alice", "bob")]
    assert [made.short("POST", path, each) for each in sent] == [
        "204",
        "400 Directory_QuotaExceeded: The directory object quota limit for the owners has been exceeded.",
    ]


@pytest.mark.parametrize(("method", "more"), [("POST", "$ref"), ("DELETE", "{alice}/$ref")])
@pytest.mark.parametrize("table", ["applications", "groups"])
def test_who_gives_owners(table: str, method: str, more: str) -> None:
    """Hold that an application with permission for what it owns, or a person without a role, may."""
    made = Linked()
    row = made.app("Owned") if table == "applications" else made.staff
    caller = made.as_app("Application.ReadWrite.OwnedBy", "Directory.Read.All")
    if table == "groups":
        caller = made.as_user("bob", "Group.ReadWrite.All")
    if method == "DELETE":
        made.tenant.owners.add(row["id"], made.ends["alice"])
    path = f"/{table}/{row['id']}/owners/{more.format(**made.ends)}"
    body = {"@odata.id": f"{V1}/directoryObjects/{made.ends['alice']}"}
    refused = made.short(method, path, body, caller=caller)
    made.tenant.owners.add(row["id"], caller.oid)
    denied = "403 Authorization_RequestDenied: Insufficient privileges to complete the operation."
    assert (refused, made.short(method, path, body, caller=caller)) == (denied, "204")
