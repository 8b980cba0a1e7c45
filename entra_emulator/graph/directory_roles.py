"""Directory roles as objects, read: the definitions of those that are built in, and who is assigned which."""

from collections.abc import Iterator
from typing import Any

from entra_emulator.directory_roles import TEMPLATES
from entra_emulator.graph import filters, permissions
from entra_emulator.graph.call import Call, CollectionResponse
from entra_emulator.graph.errors import ODataError, not_found
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.identifiers import link_id

_ROOT = "roleManagement/directory"
_DEFINITIONS, _ASSIGNMENTS = f"{_ROOT}/roleDefinitions", f"{_ROOT}/roleAssignments"
# rbacapplication-list-roleassignments documentation: by role or by principal.
_FILTERED = ("principalId", "roleDefinitionId")


def list_definitions(call: Call) -> CollectionResponse:
    """Answer GET …/roleDefinitions (rbacapplication-list-roledefinitions)."""
    value = [_definition(name) for name in sorted(TEMPLATES)]
    return CollectionResponse(200, {"@odata.context": call.context(_DEFINITIONS), "value": value})


def get_definition(call: Call) -> CollectionResponse:
    """Answer GET …/roleDefinitions/{id} (unifiedroledefinition-get)."""
    wanted = str(call.params[0]).casefold()
    for name, template in TEMPLATES.items():
        if template == wanted:
            context = call.context(f"{_DEFINITIONS}/$entity")
            return CollectionResponse(200, {"@odata.context": context, **_definition(name)})
    raise not_found(str(call.params[0]))


def list_assignments(call: Call) -> CollectionResponse:
    """Answer GET …/roleAssignments (rbacapplication-list-roleassignments): all, or those of a filter."""
    name, wanted = _filter(call)
    value = [row for row in _assignments(call) if not name or row[name] == wanted]
    return CollectionResponse(200, {"@odata.context": call.context(_ASSIGNMENTS), "value": value})


def get_assignment(call: Call) -> CollectionResponse:
    """Answer GET …/roleAssignments/{id} (unifiedroleassignment-get)."""
    for row in _assignments(call):
        if row["id"] == call.params[0]:
            return CollectionResponse(200, {"@odata.context": call.context(f"{_ASSIGNMENTS}/$entity"), **row})
    raise not_found(str(call.params[0]))


def _definition(name: str) -> dict[str, Any]:
    # What Microsoft lets its holders do is not known here: `description` and `rolePermissions` are left out.
    template = TEMPLATES[name]
    return {"id": template, "displayName": name, "isBuiltIn": True, "isEnabled": True, "templateId": template}


def _assignments(call: Call) -> Iterator[dict[str, str]]:
    for principal, roles in call.tenant.directory_roles.items():
        for template in (TEMPLATES[name] for name in roles if name in TEMPLATES):
            yield {
                "id": link_id(template, principal),
                "principalId": principal,
                "directoryScopeId": "/",
                "roleDefinitionId": template,
            }


def _filter(call: Call) -> tuple[str, str]:
    """Give the property and the value that a filter asks for; nothing without one."""
    text = call.options.get("$filter")
    if text is None:
        return "", ""
    match filters.parse(text):
        case filters.Compare((name,), "eq", value, False):
            for known in _FILTERED:
                if name.casefold() == known.casefold():
                    return known, str(value).casefold()
    raise ODataError(
        501, "NotImplemented", f"The emulator serves '{' or '.join(_FILTERED)} eq' alone of role assignments."
    )


ROUTES: Routes = {
    ("GET", _DEFINITIONS): Route(list_definitions, permissions.ROLE_READ),
    ("GET", f"{_DEFINITIONS}/*"): Route(get_definition, permissions.ROLE_READ),
    ("GET", _ASSIGNMENTS): Route(list_assignments, permissions.ROLE_READ),
    ("GET", f"{_ASSIGNMENTS}/*"): Route(get_assignment, permissions.ROLE_READ),
}
