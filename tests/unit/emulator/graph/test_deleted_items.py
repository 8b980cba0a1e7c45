"""Deleted objects: how they are listed, what comes back with them, what is forgotten, and by whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.graph.call import CollectionResponse
from entra_emulator.table import Row
from tests.unit.emulator.graph.sending import World, records

BASE = "/directory/deletedItems"
DENIED = "403 Authorization_RequestDenied: Insufficient privileges to complete the operation."
CASTS = {
    "application": ("applications", "microsoft.graph.application", "Application", "application"),
    "servicePrincipal": (
        "servicePrincipals", "microsoft.graph.servicePrincipal", "ServicePrincipal", "service principal",
    ),
    "group": ("groups", "microsoft.graph.group", "Group", "group"),
    "user": ("users", "microsoft.graph.user", "User", "user"),
}  # fmt: skip
KINDS = list(CASTS)
CATEGORY = {"group": "GroupManagement", "user": "UserManagement"}


class Deleted(World):
    """A world in which an object of each kind can be deleted."""

    def __init__(self) -> None:
        super().__init__()
        self.api = self.principal("API")
        self.rows = {
            "application": self.app("Lonely"),
            "servicePrincipal": self.api,
            "group": self.group("MyApp Leads"),
            "user": self.user("alice"),
        }

    def delete(self, kind: str) -> str:
        """Delete the object of a kind, and return its id."""
        row_id = str(self.rows[kind]["id"])
        assert self.short("DELETE", f"/{CASTS[kind][0]}/{row_id}") == "204"
        self.tenant.audit.clear()
        return row_id


@pytest.mark.parametrize("kind", KINDS)
def test_one_is_purged(kind: str) -> None:
    """Hold that it is gone for good, with all that was linked to it, and what is recorded."""
    made = Deleted()
    row = made.rows[kind]
    tenant = made.tenant
    places = (tenant.owners, tenant.members, tenant.managers, tenant.policies, tenant.app_policies,
              tenant.device_owners, tenant.device_users)  # fmt: skip
    for links in places:
        links.add(row["id"], "x")
        links.add("y", row["id"])
    for table, index in (("extensionProperties", "_application"), ("classifications", "_principal")):
        tenant.tables[table].put({"id": f"{table} of it", "name": "n", index: row["id"]})
        tenant.tables[table].put({"id": f"{table} of another", "name": "n", index: "x"})
    tenant.federated_identity_credentials.put({"id": "f", "_application": row["id"]})
    tenant.secrets["k"] = "digest"
    tenant.tables[CASTS[kind][0]].put({**row, "passwordCredentials": [{"keyId": "k"}, {"keyId": "unknown"}]})
    row_id = made.delete(kind)
    assert tenant.secrets["k"] == "digest"
    assert made.send("DELETE", f"{BASE}/{row_id}") == CollectionResponse(204)
    assert [links.targets(row_id) + links.sources(row_id) for links in places] == [[]] * 7
    assert [row["id"] for row in tenant.tables["extensionProperties"]] == ["extensionProperties of another"]
    assert [row["id"] for row in tenant.tables["classifications"]] == ["classifications of another"]
    assert tenant.federated_identity_credentials.find("application", row_id) == []
    assert ("k" in tenant.secrets, row_id in tenant.deleted_items) == (False, False)
    target = (row_id, CASTS[kind][2], row["displayName"], row.get("userPrincipalName"), {})
    verb = "Hard delete" if kind == "servicePrincipal" else "Hard Delete"
    category = CATEGORY.get(kind, "ApplicationManagement")
    words = CASTS[kind][3]
    assert records(made) == [(f"{verb} {words}", "Delete", category, row.get("appId", ""), [target])]


@pytest.mark.parametrize("path", ["", "/restore"])
@pytest.mark.parametrize(
    ("kind", "enough", "role"),
    [
        ("application", "Application.ReadWrite.All", "Application Administrator"),
        ("servicePrincipal", "Application.ReadWrite.All", "Application Administrator"),
        ("group", "Group.ReadWrite.All", "Groups Administrator"),
        ("user", "User.ReadWrite.All", "User Administrator"),
    ],
)
def test_who_may(kind: str, enough: str, role: str, path: str) -> None:
    """Hold that it takes what a change of such an object takes."""
    made = Deleted()
    row_id = made.delete(kind)
    method = "POST" if path else "DELETE"
    target = f"{BASE}/{row_id}{path}"
    assert made.short(method, target, caller=made.as_app("Directory.Read.All")) == DENIED
    person = made.as_user("bob", "Directory.Read.All", enough)
    if kind != "user":
        assert made.short(method, target, caller=person) == DENIED
    admin = made.as_user("bob", "Directory.Read.All", enough, roles=role)
    assert made.short(method, target, caller=admin) in {"200", "204"}


@pytest.mark.parametrize(("days", "left"), [(30, True), (30.001, False)])
@pytest.mark.parametrize("path", ["/microsoft.graph.user", "/{}"])
def test_thirty_days(path: str, days: float, *, left: bool) -> None:
    """Hold that what was deleted before is forgotten as soon as somebody looks."""
    made = Deleted()
    row_id = made.delete("user")
    made.clock.advance(timedelta(days=days).total_seconds())
    found = made.get(f"{BASE}{path.format(row_id)}")
    assert (row_id in made.tenant.deleted_items) == left
    assert (row_id in str(found.body) and found.status == 200) == left


def grant(client: Row, resource: Row, person: Row | None = None) -> Row:
    """Return a delegated grant."""
    ends = {"clientId": client["id"], "resourceId": resource["id"]}
    kind = "AllPrincipals" if person is None else "Principal"
    row_id = f"{client['id']}{resource['id']}{(person or {}).get('id', '')}"
    return {"id": row_id, **ends, "principalId": person and person["id"], "scope": "s", "consentType": kind}


def test_assignments_and_grants_wait_with_the_object() -> None:
    """Hold that they come back with it, once every other end is back too."""
    made = Deleted()
    alice, bob, client = made.rows["user"], made.user("bob"), made.principal("Client")
    mine = seed.assign(made.tenant, {**alice, "type": "User"}, made.api)
    other = seed.assign(made.tenant, {**bob, "type": "User"}, made.api)
    of_alice, of_all = grant(client, made.api, alice), grant(client, made.api)
    for row in (of_alice, of_all):
        made.tenant.oauth2_permission_grants.put(row)

    def held() -> tuple[list[str], list[str]]:
        tables = made.tenant.app_role_assignments, made.tenant.oauth2_permission_grants
        first, second = ([row["id"] for row in table.find("resourceId", made.api["id"])] for table in tables)
        return sorted(first), sorted(second)

    everything = (sorted([mine["id"], other["id"]]), sorted([of_alice["id"], of_all["id"]]))
    assert held() == everything
    made.delete("user")
    assert held() == ([other["id"]], [of_all["id"]])
    made.delete("servicePrincipal")
    assert held() == ([], [])
    assert made.short("POST", f"{BASE}/{alice['id']}/restore") == "200"
    assert held() == ([], [])
    assert made.short("POST", f"{BASE}/{made.api['id']}/restore") == "200"
    assert held() == everything
    assert not {"_type", "_assignments", "_grants"} & set(made.user("alice"))
    made.delete("servicePrincipal")
    made.delete("user")
    assert made.short("POST", f"{BASE}/{made.api['id']}/restore") == "200"
    assert held() == ([other["id"]], [of_all["id"]])
    assert made.short("POST", f"{BASE}/{alice['id']}/restore") == "200"
    assert held() == everything


def test_an_end_that_was_purged() -> None:
    """Hold that an assignment to what is gone for good does not come back."""
    made = Deleted()
    seed.assign(made.tenant, {**made.rows["user"], "type": "User"}, made.api)
    user, api = made.delete("user"), made.delete("servicePrincipal")
    assert made.short("DELETE", f"{BASE}/{api}") == "204"
    assert made.short("POST", f"{BASE}/{user}/restore") == "200"
    assert len(made.tenant.app_role_assignments.find("principalId", user)) == 0


@pytest.mark.parametrize(
    ("home", "application", "successor", "expected"),
    [
        ("ours", True, False, "200"),
        ("ours", False, False, "400 Request_BadRequest: The appId '"),
        (
            "ours",
            True,
            True,
            "409 Request_MultipleObjectsWithSameKeyValue: The service principal cannot be created",
        ),
        ("theirs", True, False, "200"),
        ("theirs", False, False, "400 Request_BadRequest: The appId '"),
        ("unknown", False, False, "200"),
    ],
)
def test_whether_a_service_principal_comes_back(
    home: str, *, application: bool, successor: bool, expected: str
) -> None:
    """Hold that it needs its application, where that is known, and that no other has taken its place."""
    made = Deleted()
    tenants: dict[str, Any] = {"ours": made.tenant.tenant_id, "theirs": made.other.tenant_id}
    row = {**made.api, "appOwnerOrganizationId": tenants.get(home, "99999999-0000-0000-0000-000000000000")}
    made.tenant.service_principals.put(row)
    app = made.tenant.application_by_app_id(row["appId"]) or {}
    row_id = made.delete("servicePrincipal")
    if home != "ours" or not application:
        made.tenant.applications.remove(app["id"])
    if home == "theirs" and application:
        made.other.applications.put(app)
    if successor:
        made.tenant.service_principals.put({**row, "id": "eeeeeeee-0000-4000-8000-000000000001"})
    assert made.short("POST", f"{BASE}/{row_id}/restore").startswith(expected)
