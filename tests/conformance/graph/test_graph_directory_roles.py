"""Directory roles as objects: which are built in, who is assigned which, who may read that."""

from collections.abc import Callable

import pytest

from tests.conformance.conftest import Where
from tests.conformance.graph_client import Graph, refused, role

fact = pytest.mark.fact
Make = Callable[..., Graph]
ROOT = "/roleManagement/directory"
GLOBAL, APPLICATION = "62e90394-69f5-4237-9190-012177145e10", "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3"


@fact(
    "a built-in role's definition has its template's id, the same in every tenant",
    source="unifiedroledefinition-get, unifiedroledefinition resource documentation",
    grade="D",
    verdict="differs: description is left out",
)
def test_definitions(as_app: Make) -> None:
    """The list has each, and each is read by its id; an attacker's id is 404."""
    reader = as_app("RoleManagement.Read.Directory")
    rows = {each["id"]: each for each in reader.get(f"{ROOT}/roleDefinitions").json()["value"]}
    assert rows[GLOBAL]["displayName"] == "Global Administrator"
    one = reader.get(f"{ROOT}/roleDefinitions/{APPLICATION}").json()
    assert one.pop("@odata.context").endswith("#roleManagement/directory/roleDefinitions/$entity")
    assert one == rows[APPLICATION]
    assert one["displayName"] == "Application Administrator"
    assert (one["isBuiltIn"], one["isEnabled"]) == (True, True)
    assert all(row["templateId"] == row["id"] for row in rows.values())
    refused(reader.get(f"{ROOT}/roleDefinitions/{GLOBAL[:-1]}1"), 404, "Request_ResourceNotFound")


@fact(
    "a role's definition has the actions that it allows",
    source="ROLE26",
    grade="D",
    verdict="differs: only the actions on applications, principals, groups, people, consents and assignments",
)
def test_actions(as_app: Make) -> None:
    """One object has them all, without a condition."""
    reader = as_app("RoleManagement.Read.Directory")
    rows = reader.get(f"{ROOT}/roleDefinitions?$select=displayName,rolePermissions").json()["value"]
    actions = {}
    for row in rows:
        (permission,) = row["rolePermissions"]
        assert permission["condition"] is None
        actions[row["displayName"]] = permission["allowedResourceActions"]
    assign = "microsoft.directory/servicePrincipals/appRoleAssignedTo/update"
    assert {name for name, allowed in actions.items() if assign in allowed} == {
        "Application Administrator",
        "Cloud Application Administrator",
        "Privileged Role Administrator",
        "User Administrator",
    }
    assert "microsoft.directory/applications/allProperties/allTasks" in actions["Global Administrator"]
    assert "microsoft.directory/groups/members/update" in actions["Groups Administrator"]


@fact(
    "a directory role for one object lets its holder change that object, and no other",
    source="SCOPE22",
    grade="D",
)
def test_scope(as_app: Make, as_user: Make, where: Where) -> None:
    """The scope of a registration does not have its service principal, nor the other way round."""
    made = as_app("Application.ReadWrite.All", "RoleManagement.Read.Directory", "User.Read.All")
    app = made.post("/applications", {"displayName": "Scoped", "appRoles": [role("Reader")]}).json()
    principal = made.post("/servicePrincipals", {"appId": app["appId"]}).json()
    bob = made.get("/users/bob@contoso.com").json()["id"]
    secret, assignment = (
        {},
        {"principalId": bob, "resourceId": principal["id"], "appRoleId": app["appRoles"][0]["id"]},
    )
    requests = {
        app["id"]: (f"/applications/{app['id']}/addPassword", secret),
        principal["id"]: (f"/servicePrincipals/{principal['id']}/appRoleAssignedTo", assignment),
    }
    assert where.embedded is not None
    held = where.embedded.directory.default.directory_roles
    for scope in requests:
        held[bob] = [f"Application Administrator /{scope}"]
        rows = made.get(f"{ROOT}/roleAssignments?$filter=principalId eq '{bob}'").json()["value"]
        assert [(row["directoryScopeId"], row["roleDefinitionId"]) for row in rows] == [
            (f"/{scope}", APPLICATION)
        ]
        person = as_user("bob@contoso.com", "Application.ReadWrite.All", "AppRoleAssignment.ReadWrite.All")
        for id_, (path, body) in requests.items():
            response = person.post(path, body)
            if id_ == scope:
                assert response.status_code in {200, 201}
            else:
                refused(response, 403, "Authorization_RequestDenied")


@fact(
    "who has a directory role: assignments, by role or by principal",
    source="rbacapplication-list-roleassignments, unifiedroleassignment-get documentation",
    grade="D",
)
def test_assignments(as_app: Make) -> None:
    """Both filters find the same assignment, which is of the whole directory; no other works."""
    reader = as_app("RoleManagement.Read.Directory", "User.Read.All")
    alice = reader.get("/users/alice@contoso.com").json()["id"]
    path = f"{ROOT}/roleAssignments"
    by_role = reader.get(f"{path}?$filter=roleDefinitionId eq '{APPLICATION}'").json()["value"]
    assert [(row["principalId"], row["directoryScopeId"]) for row in by_role] == [(alice, "/")]
    assert reader.get(f"{path}?$filter=principalId eq '{alice}'").json()["value"] == by_role
    assert reader.get(f"{path}/{by_role[0]['id']}").json()["roleDefinitionId"] == APPLICATION
    everybody = reader.get(path).json()["value"]
    assert by_role[0] in everybody
    assert len({row["id"] for row in everybody}) == len(everybody) > 1
    assert reader.get(f"{path}?$filter=principalId eq '{APPLICATION}'").json()["value"] == []
    refused(reader.get(f"{path}/nobody"), 404, "Request_ResourceNotFound")
    refused(reader.get(f"{path}?$filter=startswith(principalId,'a')"), 400, "Request_UnsupportedQuery")


@fact(
    "role definitions by name, and whether they are built in; $select of both",
    source="rbacapplication-list-roledefinitions, unifiedroledefinition-get documentation",
    grade="D",
)
def test_definitions_by_filter(as_app: Make) -> None:
    """A name has no case here either; a property that the type lacks is refused."""
    reader = as_app("RoleManagement.Read.Directory")
    path = f"{ROOT}/roleDefinitions"
    found = reader.get(f"{path}?$filter=displayName eq 'global administrator'&$select=id,displayName").json()
    assert found["value"] == [{"id": GLOBAL, "displayName": "Global Administrator"}]
    everything = reader.get(path).json()["value"]
    assert reader.get(f"{path}?$filter=isBuiltIn eq true").json()["value"] == everything
    assert reader.get(f"{path}?$filter=isBuiltIn eq false").json()["value"] == []
    one = reader.get(f"{path}/{GLOBAL}?$select=displayName").json()
    assert one["displayName"] == "Global Administrator"
    assert "id" not in one
    refused(reader.get(f"{path}?$select=nonsense"), 400, "BadRequest", "nonsense")
    refused(reader.get(f"{path}?$filter=startswith(displayName,'a')"), 400, "Request_UnsupportedQuery")


@fact(
    "directory roles and their assignments come in pages",
    source="stance's collector of directory roles",
    grade="C",
)
def test_pages(as_app: Make) -> None:
    """`$top` cuts both lists, and the next link goes on where the page ended."""
    reader = as_app("RoleManagement.Read.Directory")
    for path in (f"{ROOT}/roleDefinitions", f"{ROOT}/roleAssignments"):
        everything = reader.get(path).json()["value"]
        first = reader.get(f"{path}?$top=1").json()
        assert first["value"] == everything[:1]
        rest = reader.get(first["@odata.nextLink"].replace("$top=1", "$top=999")).json()
        assert rest["value"] == everything[1:]
        assert "@odata.nextLink" not in rest


@fact(
    "an assignment is expanded by its principal and its role",
    source="rbacapplication-list-roleassignments documentation",
    grade="D",
)
def test_expanded_assignments(as_app: Make) -> None:
    """One of both or both at once, of the list and of one of it."""
    reader = as_app("RoleManagement.Read.Directory", "User.Read.All")
    path, only = f"{ROOT}/roleAssignments", f"roleDefinitionId eq '{APPLICATION}'"
    (row,) = reader.get(f"{path}?$filter={only}&$expand=principal").json()["value"]
    assert row["principal"]["@odata.type"] == "#microsoft.graph.user"
    assert row["principal"]["id"] == row["principalId"]
    assert "roleDefinition" not in row
    one = reader.get(f"{path}/{row['id']}?$select=id&$expand=roleDefinition,principal").json()
    assert one["roleDefinition"]["displayName"] == "Application Administrator"
    assert one["principal"] == row["principal"]
    assert "principalId" not in one
    refused(reader.get(f"{path}?$expand=nonsense"), 400, "BadRequest", "nonsense")


@fact(
    "directory roles are read by whoever may read the directory or its roles",
    source="unifiedroledefinition-get documentation",
    grade="D",
)
def test_readers(as_app: Make, as_user: Make) -> None:
    """An application by its permission; a person by a permission of the client and a role of their own."""
    for path in ("roleDefinitions", "roleAssignments"):
        assert as_app("Directory.Read.All").get(f"{ROOT}/{path}").status_code == 200
        refused(as_app("User.Read.All").get(f"{ROOT}/{path}"), 403, "Authorization_RequestDenied")
        admin = as_user("grace@contoso.com", "RoleManagement.Read.Directory")
        assert admin.get(f"{ROOT}/{path}").status_code == 200
        bob = as_user("bob@contoso.com", "RoleManagement.Read.Directory")
        refused(bob.get(f"{ROOT}/{path}"), 403, "Authorization_RequestDenied")


@fact(
    "directory roles are assigned by Graph",
    source="rbacapplication-post-roleassignments documentation",
    grade="D",
    verdict="differs: who holds which is set at the start",
)
def test_no_changes(emulated: Graph) -> None:
    """Writes are told as not served."""
    for request in ("POST roleAssignments", "DELETE roleAssignments/x", "POST roleDefinitions"):
        method, path = request.split()
        refused(emulated.send(method, f"{ROOT}/{path}"), 501, "NotImplemented")
