"""App role assignments: who gets which role of what, who may give it, and what both sides list."""

from __future__ import annotations

from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.graph.call import CollectionResponse
from entra_emulator.identifiers import link_id
from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import ADVANCED, BASE, V1, World, records, short

READER, WRITER, OFF = (f"aaaaaaaa-0000-4000-8000-00000000000{number}" for number in (1, 2, 3))
DEFAULT = "00000000-0000-0000-0000-000000000000"
APP_ID = "0e000000-0000-4000-8000-000000000004"
SCOPE = "AppRoleAssignment.ReadWrite.All"
DENIED = "403 Authorization_RequestDenied: Insufficient privileges to complete the operation."
BAD_REFERENCE = "400 Request_BadRequest: Not a valid reference update."
NOT_THERE = "400 Request_BadRequest: EntitlementGrant being updated or deleted is not found."
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
    ("end", "kind", "name", "activity", "category", "target", "facts"),
    [
        ("alice", "User", "Alice Archer", "Add app role assignment grant to user", "UserManagement",
         (None, "alice@contoso.com"), {"User.UPN": "alice@contoso.com"}),
        ("staff", "Group", "All Staff", "Add app role assignment to group", "GroupManagement",
         ("All Staff", None), {"Group.DisplayName": "All Staff"}),
    ],
)  # fmt: skip
def test_a_role_is_given_and_taken(  # noqa: PLR0917  # the columns of a table
    end: str, kind: str, name: str, activity: str, category: str, target: Any, facts: dict[str, str]
) -> None:
    """Hold what is responded, held, listed by both sides and recorded."""
    made = Roles()
    made.directory.ids.counter = 0
    found = made.send("POST", made.path, made.body(end, READER.upper()))
    made.directory.ids.counter = 0
    row_id = link_id(made.ends[end], made.directory.ids.guid())
    row = {
        "id": row_id,
        "deletedDateTime": None,
        "appRoleId": READER,
        "createdDateTime": "2026-01-01T00:00:00Z",
    }
    row |= {"principalDisplayName": name, "principalId": made.ends[end], "principalType": kind}
    row |= {"resourceDisplayName": "API", "resourceId": made.api["id"]}
    context = f"{V1}/$metadata#appRoleAssignments"
    link = f"{BASE}/v2/{made.tenant.tenant_id}/appRoleAssignments/{row_id}"
    headers = (("Location", link),)
    shown = {"@odata.context": f"{context}/$entity", **row}
    assert found == CollectionResponse(201, shown, headers=headers)
    assert made.held() == [row]
    assert made.get(f"{made.path}/{row_id}") == CollectionResponse(200, shown)
    listed = {"@odata.context": context, "value": [row]}
    assert made.get(made.path) == CollectionResponse(200, listed)
    assert made.get(f"{made.path}/$count", headers=ADVANCED) == CollectionResponse(200, text="1")
    table = "users" if end == "alice" else "groups"
    path = f"/{table.upper()}/{made.ends[end]}/appRoleAssignments"
    assert made.get(path) == CollectionResponse(200, listed)
    assert made.get(f"{path}/{row_id}") == CollectionResponse(200, shown)
    assert made.get(f"{path}/$count", headers=ADVANCED) == CollectionResponse(200, text="1")
    assert made.send("DELETE", f"{path}/{row_id}") == CollectionResponse(204)
    assert made.held() == []
    first, last = records(made)
    assert (first[:4], last[1]) == ((activity, "Assign", category, APP_ID), "Unassign")
    assert first[4][0][:3] == (made.api["id"], "ServicePrincipal", "API")
    assert first[4][1] == (made.ends[end], kind, *target, {})
    changes, gone = first[4][0][4], last[4][0][4]
    assert {key: changes[key] for key in facts} == {key: (None, f'"{text}"') for key, text in facts.items()}
    assert (changes["AppRole.Value"], gone["AppRole.Value"]) == ((None, '"V1"'), ('"V1"', None))


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
    [((role(OFF, "User", enabled=False),), "201"), ((role(WRITER, "Application"),), NO_ROLE)],
)
def test_default_access(roles: tuple[Row, ...], expected: str) -> None:
    """Hold that it is given where the API has no role that is enabled."""
    made = Roles(*roles)
    assert made.short("POST", made.path, made.body("alice", DEFAULT)) == expected


def test_an_api_without_roles() -> None:
    """Hold that no other role than the default is given."""
    made = Roles(role(OFF, "User", enabled=False))
    assert made.short("POST", made.path, made.body("alice", READER)) == NO_ROLE


def test_a_resource_that_is_not_there() -> None:
    """Hold that it is refused where the path names the principal."""
    made = Roles()
    body = made.body("alice", READER, resourceId=made.ends["device"])
    assert made.short("POST", f"/users/{made.ends['alice']}/appRoleAssignments", body) == BAD_REFERENCE


def test_each_once() -> None:
    """Hold that the same is not given twice, while another role and another principal are."""
    made = Roles(role(READER, "User"), role(WRITER, "User"))
    assert made.short("POST", made.path, made.body("alice", READER)) == "201"
    assert made.short("POST", made.path, made.body("alice", READER)) == EXISTS
    assert made.short("POST", made.path, made.body("alice", WRITER)) == "201"
    assert made.short("POST", made.path, made.body("staff", READER)) == "201"


def test_the_path_names_one_end() -> None:
    """Hold that the body names the same, that a caller gives and takes its own below `/me`."""
    made = Roles()
    bob = made.user("bob")["id"]
    body = made.body("alice", READER)
    assert made.short("POST", f"/users/{bob}/appRoleAssignments", body) == BAD_REFERENCE
    graph = made.tenant.service_principal_by_app_id(seed.GRAPH_APP_ID) or {}
    other = f"/servicePrincipals/{graph['id']}/appRoleAssignedTo"
    assert made.short("POST", other, body) == BAD_REFERENCE
    alice = made.as_user("alice", SCOPE, "Directory.Read.All", roles="Application Administrator")
    found = made.send("POST", "/me/appRoleAssignments", body, caller=alice)
    assert found.status == 201, short(found)
    row_id = (found.body or {})["id"]
    context = f"{V1}/$metadata#appRoleAssignments"
    listed = made.get("/me/appRoleAssignments", caller=alice)
    assert (listed.body or {})["@odata.context"] == context
    assert made.get(f"/me/appRoleAssignments/{row_id}", caller=alice).status == 200
    assert made.short("GET", f"/users/{bob}/appRoleAssignments/{row_id}").startswith("404 ")
    assert made.short("GET", f"/users/{bob}/appRoleAssignments/none").startswith("404 ")
    assert made.short("DELETE", f"/users/{bob}/appRoleAssignments/{row_id}") == NOT_THERE
    assert made.short("DELETE", f"{made.path}/none") == NOT_THERE
    assert made.short("DELETE", f"/me/appRoleAssignments/{row_id}", caller=alice) == "204"


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


def test_groups_need_a_plan() -> None:
    """Hold that without P1 no group is assigned, and people are."""
    made = Roles()
    made.tenant.choices = made.tenant.choices.changed({"entraPlan": "free"})
    text = (
        "403 Authorization_RequestDenied: The tenant does not have the license that assigning groups to "
        "applications needs."
    )
    assert made.short("POST", made.path, made.body("staff", READER)) == text
    assert made.short("POST", made.path, made.body("alice", READER)) == "201"


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


@pytest.mark.parametrize("gone", ["users", "servicePrincipals"])
def test_an_assignment_whose_other_end_is_gone(gone: str) -> None:
    """Hold that it is taken away without a record."""
    made = Roles()
    row = seed.assign(made.tenant, {**made.user("alice"), "type": "User"}, made.api, READER)
    path = f"/users/{made.ends['alice']}/appRoleAssignments" if gone == "servicePrincipals" else made.path
    made.tenant.tables[gone].remove(made.ends["alice"] if gone == "users" else made.api["id"])
    assert made.short("DELETE", f"{path}/{row['id']}") == "204"
    assert (made.held(), records(made)) == ([], [])


def test_an_old_replica_lists_what_was() -> None:
    """Hold that a list shows what was there a moment ago, and not yet what came."""
    made = Roles()
    made.faults.plan.list_lag = {"appRoleAssignments": 60.0}
    assert made.short("POST", made.path, made.body("alice", READER)) == "201"
    assert (made.get(made.path).body or {})["value"] == []
    made.clock.advance(60)
    assert len((made.get(made.path).body or {})["value"]) == 1
    made.send("DELETE", f"{made.path}/{made.held()[0]['id']}")
    assert (made.held(), len((made.get(made.path).body or {})["value"])) == ([], 1)
    made.clock.advance(60)
    assert (made.get(made.path).body or {})["value"] == []


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
