"""Owners: who gives them, and how many there may be."""

from __future__ import annotations

import pytest

from tests.unit.emulator.graph.linked import Linked
from tests.unit.emulator.graph.sending import V1


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
