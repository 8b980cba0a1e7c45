"""App role assignments, from the resource's side and from the principal's."""

from dataclasses import dataclass

from entra_emulator.clock import fine_stamp
from entra_emulator.graph import (
    assignment_records,
    authorization,
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
# Since then the context is the same whichever end the path names (answers of 2026-05 and 2026-06); an empty
# list of 2024-08 named the object of the path.
_SHORT_CONTEXT_SINCE = "2026-05"
_TYPES = {"user": "User", "group": "Group", "servicePrincipal": "ServicePrincipal"}


@dataclass(frozen=True)
class AssignmentSide:
    """The assignments of one end: of the resource, or of the principal."""

    # What a row and a body have of this end.
    index: str

    def list_all(self, call: Call) -> CollectionResponse:
        """Answer GET …/appRoleAssignedTo or …/appRoleAssignments, and their number."""
        row_id = lookup.holder(call)[1]["id"]
        view = call.view("appRoleAssignments", listing=True)
        ids = list(view.table.ids(self.index, row_id))
        if view.older:
            ids = [row["id"] for row in view.find(self.index, row_id)]
        if str(call.segments[-1]).casefold() == "$count":
            return counting.table(call, APP_ROLE_ASSIGNMENT.rules, "appRoleAssignments", within=ids)
        found = queries.page(call, APP_ROLE_ASSIGNMENT.rules, view, within=ids)
        return CollectionResponse(
            200, render.listed(call, APP_ROLE_ASSIGNMENT.name, self._context(call, row_id), found)
        )

    def get(self, call: Call) -> CollectionResponse:
        """Answer GET …/{assignment}."""
        row_id = lookup.holder(call)[1]["id"]
        row = call.view("appRoleAssignments").get(str(call.params[-1]))
        if row is None or row[self.index] != row_id:
            raise not_found(str(call.params[-1]))
        return CollectionResponse(
            200, render.entity(call, APP_ROLE_ASSIGNMENT.name, row, f"{self._context(call, row_id)}/$entity")
        )

    def create(self, call: Call) -> CollectionResponse:
        """Answer POST: the body names the end of the path once more."""
        path_id = lookup.holder(call)[1]["id"]
        body = call.object_body("appRoleAssignment")
        values = {name: _guid(body, name) for name in ("principalId", "resourceId", "appRoleId")}
        if unknown := {name for name in body if "@" not in name} - set(values):
            raise bad_request(f"Invalid property '{min(unknown)}'.")
        if values[self.index] != path_id:
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
        authorization.require_ownership(call, resource["id"])
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
        body_out = {"@odata.context": call.context(f"{self._context(call, path_id)}/$entity"), **new}
        location = f"https://graph.microsoft.com/v2/{call.tenant.tenant_id}/appRoleAssignments/{row_id}"
        return CollectionResponse(201, body_out, headers=(("Location", location),))

    def delete(self, call: Call) -> CollectionResponse:
        """Answer DELETE …/{assignment}."""
        row_id, assignment_id = lookup.holder(call)[1]["id"], str(call.params[-1])
        row = call.tenant.app_role_assignments.get(assignment_id)
        if row is None or row[self.index] != row_id:
            # msgraph-sdk-dotnet#968
            raise bad_request("EntitlementGrant being updated or deleted is not found.")
        authorization.require_ownership(call, row["resourceId"])
        call.remove("appRoleAssignments", assignment_id)
        resource = call.tenant.service_principals.get(row["resourceId"])
        principal = lookup.any_object(call, row["principalId"])
        if resource is not None and principal is not None:
            assignment_records.write(call, row, resource, principal[1], removed=True)
        return NO_CONTENT

    def _context(self, call: Call, owner: str) -> str:
        if call.month >= _SHORT_CONTEXT_SINCE:
            return "appRoleAssignments"
        name = "appRoleAssignedTo" if self.index == "resourceId" else "appRoleAssignments"
        return f"{lookup.holder(call)[0].table}('{owner}')/{name}"

    def routes(self, path: str) -> Routes:
        """Return what it serves below a path."""
        return {
            ("GET", path): Route(self.list_all, permissions.APPLICATION_READ),
            ("GET", f"{path}/$count"): Route(self.list_all, permissions.APPLICATION_READ),
            ("POST", path): Route(self.create, permissions.ASSIGNMENT_CREATE),
            ("GET", f"{path}/*"): Route(self.get, permissions.APPLICATION_READ),
            ("DELETE", f"{path}/*"): Route(self.delete, permissions.ASSIGNMENT_DELETE),
        }


def _check_role(resource: Row, role_id: str, kind: str) -> None:
    if role_id == DEFAULT_ACCESS and not any(role["isEnabled"] for role in resource["appRoles"]):
        return
    member = "Application" if kind == "ServicePrincipal" else "User"
    roles = (role for role in resource["appRoles"] if role["id"] == role_id)
    # A disabled role can't be assigned, though it stays in the tokens of those who have it.
    if any(role["isEnabled"] and member in role["allowedMemberTypes"] for role in roles):
        return
    raise bad_request(f"Permission being assigned was not found on application '{resource['appId']}'.")


def _guid(body: dict[str, object], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise missing_value(name, "AppRoleAssignment")
    if not is_guid(value):
        raise bad_request("Cannot convert a primitive value to the expected type 'Edm.Guid'.")
    return value.casefold()


_OF_RESOURCE, _OF_PRINCIPAL = AssignmentSide("resourceId"), AssignmentSide("principalId")
ROUTES: Routes = {
    **_OF_RESOURCE.routes("servicePrincipals/*/appRoleAssignedTo"),
    **_OF_PRINCIPAL.routes("servicePrincipals/*/appRoleAssignments"),
    **_OF_PRINCIPAL.routes("users/*/appRoleAssignments"),
    **_OF_PRINCIPAL.routes("groups/*/appRoleAssignments"),
    **_OF_PRINCIPAL.routes("me/appRoleAssignments"),
}
