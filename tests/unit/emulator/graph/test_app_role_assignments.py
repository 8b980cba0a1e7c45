"""App role assignments: who gets which role of what, who may give it, and what both sides list."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import World

READER, WRITER, OFF = (f"aaaaaaaa-0000-4000-8000-00000000000{number}" for number in (1, 2, 3))
DEFAULT = "00000000-0000-0000-0000-000000000000"
APP_ID = "0e000000-0000-4000-8000-000000000004"
SCOPE = "AppRoleAssignment.ReadWrite.All"
DENIED = "403 Authorization_RequestDenied: Insufficient privileges to complete the operation."
BAD_REFERENCE = "400 Request_BadRequest: Not a valid reference update."
NO_ROLE = f"400 Request_BadRequest: Permission being assigned was not found on application '{APP_ID}'."
EXISTS = "400 Request_BadRequest: Permission being assigned already exists on the object"
NO_GUID = "400 Request_BadRequest: Cannot convert a primitive value to the expected type 'Edm.Guid'."
MISSING = "400 Request_BadRequest: A value is required for property '{}' of resource 'AppRoleAssignment'."


def role(role_id: str, *members: str, enabled: bool = True) -> Row:
    """Return a role that these may have."""
    made = {"id": role_id, "value": f"V{role_id[-1]}", "displayName": f"N{role_id[-1]}", "description": "d"}
    return {**made, "allowedMemberTypes": list(members), "isEnabled": enabled, "origin": "Application"}


class Roles(World):
    """A world with an API that has a role for people, one for applications, and one that is disabled."""

    def __init__(self, *roles: Row) -> None:
        super().__init__()
        made = roles or (role(READER, "User"), role(WRITER, "Application"), role(OFF, "User", enabled=False))
        self.api = self.principal("API", app_id=APP_ID, appRoles=list(made))
        self.ends = {
            "alice": self.user("alice")["id"],
            "staff": self.group("All Staff")["id"],
            "client": self.principal("Client")["id"],
            "device": "dddddddd-0000-4000-8000-000000000001",
        }
        self.tenant.tables["devices"].put({"id": self.ends["device"], "displayName": "d"})

    def body(self, end: str, role_id: str, **more: Any) -> Row:
        """Return what assigns a role to one of the ends."""
        sent = {"principalId": self.ends.get(end, end), "resourceId": self.api["id"], "appRoleId": role_id}
        return sent | more

    @property
    def path(self) -> str:
        """Return where the API lists who has its roles."""
        return f"/servicePrincipals/{self.api['id']}/appRoleAssignedTo"

    def held(self) -> list[Row]:
        """Return the assignments of the API."""
        return self.tenant.app_role_assignments.find("resourceId", self.api["id"])


@pytest.mark.parametrize(
    ("end", "role_id", "more", "expected"),
    [
        ("alice", READER, {}, "201"),
        ("staff", READER, {}, "201"),
        ("client", WRITER, {}, "201"),
        ("client", READER, {}, NO_ROLE),
        ("alice", WRITER, {}, NO_ROLE),
        ("alice", OFF, {}, NO_ROLE),
        ("alice", DEFAULT, {}, NO_ROLE),
        ("alice", "aaaaaaaa-0000-4000-8000-00000000000f", {}, NO_ROLE),
        ("device", READER, {}, BAD_REFERENCE),
        ("eeeeeeee-0000-4000-8000-000000000001", READER, {}, BAD_REFERENCE),
        ("alice", READER, {"resourceId": "eeeeeeee-0000-4000-8000-000000000001"}, BAD_REFERENCE),
        ("alice", READER, {"principalId": None}, MISSING.format("principalId")),
        ("alice", READER, {"appRoleId": 1}, MISSING.format("appRoleId")),
        ("alice", READER, {"appRoleId": "reader"}, NO_GUID),
        ("alice", READER, {"b": 1, "a": 1}, "400 Request_BadRequest: Invalid property 'a'."),
        ("alice", READER, {"id@odata.type": "x"}, "201"),
    ],
)
def test_what_may_be_given(end: str, role_id: str, more: Row, expected: str) -> None:
    """Hold which roles are for whom, and what a body has to say."""
    made = Roles()
    assert made.short("POST", made.path, made.body(end, role_id, **more)) == expected
    assert len(made.held()) == (expected == "201")


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ("Application Administrator", DENIED),
        ("Privileged Role Administrator", "201"),
        ("Global Administrator", "201"),
    ],
)
def test_permissions_of_graph_itself(roles: str, expected: str) -> None:
    """Hold that of people only the privileged give them; an application with the permission does."""
    made = Roles()
    graph = made.tenant.service_principal_by_app_id(seed.GRAPH_APP_ID) or {}
    permission = next(each for each in graph["appRoles"] if "Application" in each["allowedMemberTypes"])
    path = f"/servicePrincipals/{made.ends['client']}/appRoleAssignments"
    body = made.body("client", permission["id"], resourceId=graph["id"])
    caller = made.as_user("alice", SCOPE, "Application.Read.All", roles=roles)
    assert made.short("POST", path, body, caller=caller) == expected
    own = made.body("client", WRITER)
    assert made.short("POST", path, own, caller=caller) == "201"
    again = "201" if expected == DENIED else EXISTS
    assert made.short("POST", path, body) == again


@pytest.mark.parametrize("gone", ["principal", "resource"])
def test_an_end_that_an_old_replica_still_shows(gone: str) -> None:
    """Hold that what was deleted gets no assignment, though the read still sees it."""
    made = Roles()
    made.faults.plan.lag = {"*": 60.0}
    call = made.call("POST", made.path)
    if gone == "principal":
        call.remove("users", made.ends["alice"])
        path = made.path
    else:
        call.remove("servicePrincipals", made.api["id"])
        path = f"/users/{made.ends['alice']}/appRoleAssignments"
    assert made.short("POST", path, made.body("alice", READER)) == BAD_REFERENCE


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_a_person_without_a_role(method: str) -> None:
    """Hold that whoever has no directory role gives and takes the roles of the APIs that she owns."""
    made = Roles()
    row = seed.assign(made.tenant, {**made.user("bob"), "type": "User"}, made.api, READER)
    caller = made.as_user("alice", SCOPE, "Application.Read.All")
    path = made.path if method == "POST" else f"{made.path}/{row['id']}"
    refused = made.short(method, path, made.body("alice", READER), caller=caller)
    made.tenant.owners.add(made.api["id"], caller.oid)
    found = made.short(method, path, made.body("alice", READER), caller=caller)
    assert (refused, found) == (DENIED, "201" if method == "POST" else "204")
