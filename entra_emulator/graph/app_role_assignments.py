"""App role assignments, from the resource's side and from the principal's."""

from entra_emulator.clock import fine_stamp
from entra_emulator.graph import (
    assignment_records,
    counting,
    lookup,
    permissions,
    queries,
    render,
    restrictions,
)
from entra_emulator.graph.call import NO_CONTENT, Call, CollectionResponse
from entra_emulator.graph.entities.app_role_assignment import APP_ROLE_ASSIGNMENT, make_assignment
from entra_emulator.graph.errors import (
    bad_request,
    denied,
    invalid_reference,
    missing_value,
    not_found,
)
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.identifiers import is_guid, link_id
from entra_emulator.table import Row

DEFAULT_ACCESS = "00000000-0000-0000-0000-000000000000"
GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000"
# Whichever end the path names: answers of 2026-05 and 2026-06; an empty list of 2024-08 named the principal.
_CONTEXT = "appRoleAssignments"
_ENTITY = f"{_CONTEXT}/$entity"
_TABLES = {"serviceprincipals": "servicePrincipals", "users": "users", "groups": "groups", "me": "users"}
_TYPES = {"user": "User", "group": "Group", "servicePrincipal": "ServicePrincipal"}


def list_of_resource(call: Call) -> CollectionResponse:
    """Answer GET /servicePrincipals/{id}/appRoleAssignedTo."""
    row = lookup.find(call, "servicePrincipals", call.params[0])
    return _list(call, "resourceId", row["id"])


def list_of_principal(call: Call) -> CollectionResponse:
    """Answer GET …/{id}/appRoleAssignments."""
    return _list(call, "principalId", _principal(call)["id"])


def get_of_resource(call: Call) -> CollectionResponse:
    """Answer GET /servicePrincipals/{id}/appRoleAssignedTo/{assignment}."""
    row = lookup.find(call, "servicePrincipals", call.params[0])
    found = _one(call, "resourceId", row["id"])
    return CollectionResponse(200, render.entity(call, "appRoleAssignment", found, _ENTITY))


def get_of_principal(call: Call) -> CollectionResponse:
    """Answer GET …/{id}/appRoleAssignments/{assignment}."""
    found = _one(call, "principalId", _principal(call)["id"])
    return CollectionResponse(200, render.entity(call, "appRoleAssignment", found, _ENTITY))


def create_on_resource(call: Call) -> CollectionResponse:
    """Answer POST /servicePrincipals/{id}/appRoleAssignedTo: the path names the resource."""
    row = lookup.find(call, "servicePrincipals", call.params[0])
    return _create(call, "resourceId", row["id"])


def create_on_principal(call: Call) -> CollectionResponse:
    """Answer POST …/{id}/appRoleAssignments: the path names the principal."""
    return _create(call, "principalId", _principal(call)["id"])


def delete_of_resource(call: Call) -> CollectionResponse:
    """Answer DELETE /servicePrincipals/{id}/appRoleAssignedTo/{assignment}."""
    row = lookup.find(call, "servicePrincipals", call.params[0])
    return _delete(call, "resourceId", row["id"], str(call.params[1]))


def delete_of_principal(call: Call) -> CollectionResponse:
    """Answer DELETE …/{id}/appRoleAssignments/{assignment}."""
    return _delete(call, "principalId", _principal(call)["id"], str(call.params[1]))


def _principal(call: Call) -> Row:
    table = _TABLES[str(call.segments[0]).casefold()]
    if str(call.segments[0]).casefold() == "me":
        call.params = [call.caller.oid, *call.params]
    return lookup.find(call, table, call.params[0])


def _list(call: Call, index: str, row_id: str) -> CollectionResponse:
    view = call.view("appRoleAssignments", listing=True)
    ids = list(view.table.ids(index, row_id))
    if view.older:
        ids = [row["id"] for row in view.find(index, row_id)]
    if str(call.segments[-1]).casefold() == "$count":
        return counting.table(call, APP_ROLE_ASSIGNMENT.rules, "appRoleAssignments", within=ids)
    found = queries.page(call, APP_ROLE_ASSIGNMENT.rules, view, within=ids)
    return CollectionResponse(200, render.listed(call, "appRoleAssignment", _CONTEXT, found))


def _one(call: Call, index: str, row_id: str) -> Row:
    assignment_id = str(call.params[1])
    row = call.view("appRoleAssignments").get(assignment_id)
    if row is None or row[index] != row_id:
        raise not_found(assignment_id)
    return row


def _create(call: Call, side: str, path_id: str) -> CollectionResponse:
    body = call.object_body("appRoleAssignment")
    values = {name: _guid(body, name) for name in ("principalId", "resourceId", "appRoleId")}
    if unknown := {name for name in body if "@" not in name} - set(values):
        raise bad_request(f"Invalid property '{min(unknown)}'.")
    if values[side] != path_id:
        raise invalid_reference()
    principal = lookup.any_object(call, values["principalId"])
    resource = call.view("servicePrincipals").get(values["resourceId"])
    if principal is None or principal[0] not in _TYPES or resource is None:
        # Also while either end is still on its way to this replica (graph-docs-contrib#4628).
        raise invalid_reference()
    if (
        call.caller.kind == "user"
        and resource["appId"] == GRAPH_APP_ID
        and not call.caller.directory_roles & permissions.PRIVILEGED
    ):
        raise denied()
    if not lookup.is_live(call, values["principalId"]) or not lookup.is_live(call, values["resourceId"]):
        raise invalid_reference()
    permissions.require_ownership(call, resource["id"])
    kind = _TYPES[principal[0]]
    _check_role(resource, values["appRoleId"], kind)
    restrictions.check_plan(call, principal[0])
    table = call.tenant.app_role_assignments
    # Everybody is in few roles of one API, and All Staff in thousands: the shorter list of the two ends
    # tells.
    end = min(("principalId", "resourceId"), key=lambda name: len(table.ids(name, values[name])))
    if any(all(row[name] == values[name] for name in values) for row in table.find(end, values[end])):
        raise bad_request("Permission being assigned already exists on the object")
    # The id is made of the principal and a random GUID.
    row_id = link_id(values["principalId"], call.graph.directory.ids.guid())
    created = fine_stamp(call.now)
    new = make_assignment(row_id, created, values["appRoleId"], {**principal[1], "type": kind}, resource)
    call.put("appRoleAssignments", new)
    assignment_records.write(call, new, resource, principal[1], removed=False)
    body_out = {"@odata.context": call.context(_ENTITY), **new}
    location = f"https://graph.microsoft.com/v2/{call.tenant.tenant_id}/appRoleAssignments/{row_id}"
    return CollectionResponse(201, body_out, headers=(("Location", location),))


def _check_role(resource: Row, role_id: str, kind: str) -> None:
    if role_id == DEFAULT_ACCESS and not any(role["isEnabled"] for role in resource["appRoles"]):
        return
    member = "Application" if kind == "ServicePrincipal" else "User"
    roles = (role for role in resource["appRoles"] if role["id"] == role_id)
    # A disabled role can't be assigned, though it stays in the tokens of those who have it.
    if any(role["isEnabled"] and member in role["allowedMemberTypes"] for role in roles):
        return
    raise bad_request(f"Permission being assigned was not found on application '{resource['appId']}'.")


def _delete(call: Call, index: str, row_id: str, assignment_id: str) -> CollectionResponse:
    row = call.tenant.app_role_assignments.get(assignment_id)
    if row is None or row[index] != row_id:
        # msgraph-sdk-dotnet#968
        raise bad_request("EntitlementGrant being updated or deleted is not found.")
    permissions.require_ownership(call, row["resourceId"])
    call.remove("appRoleAssignments", assignment_id)
    resource = call.tenant.service_principals.get(row["resourceId"])
    principal = lookup.any_object(call, row["principalId"])
    if resource is not None and principal is not None:
        assignment_records.write(call, row, resource, principal[1], removed=True)
    return NO_CONTENT


def _guid(body: dict[str, object], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise missing_value(name, "AppRoleAssignment")
    if not is_guid(value):
        raise bad_request("Cannot convert a primitive value to the expected type 'Edm.Guid'.")
    return value.casefold()


_READ = permissions.APPLICATION_READ
ROUTES: Routes = {
    ("GET", "servicePrincipals/*/appRoleAssignedTo"): Route(list_of_resource, _READ),
    ("GET", "servicePrincipals/*/appRoleAssignedTo/$count"): Route(list_of_resource, _READ),
    ("POST", "servicePrincipals/*/appRoleAssignedTo"): Route(
        create_on_resource, permissions.ASSIGNMENT_CREATE
    ),
    ("GET", "servicePrincipals/*/appRoleAssignedTo/*"): Route(get_of_resource, _READ),
    ("DELETE", "servicePrincipals/*/appRoleAssignedTo/*"): Route(
        delete_of_resource, permissions.ASSIGNMENT_DELETE
    ),
    **{
        key: route
        for table in ("servicePrincipals/*", "users/*", "groups/*", "me")
        for key, route in (
            (("GET", f"{table}/appRoleAssignments"), Route(list_of_principal, _READ)),
            (("GET", f"{table}/appRoleAssignments/$count"), Route(list_of_principal, _READ)),
            (
                ("POST", f"{table}/appRoleAssignments"),
                Route(create_on_principal, permissions.ASSIGNMENT_CREATE),
            ),
            (("GET", f"{table}/appRoleAssignments/*"), Route(get_of_principal, _READ)),
            (
                ("DELETE", f"{table}/appRoleAssignments/*"),
                Route(delete_of_principal, permissions.ASSIGNMENT_DELETE),
            ),
        )
    },
}
