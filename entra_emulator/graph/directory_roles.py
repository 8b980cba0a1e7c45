"""Directory roles as objects, read: the definitions of those that are built in, and who is assigned which."""

from collections.abc import Iterator
from typing import Any

from entra_emulator.directory_roles import TEMPLATES
from entra_emulator.graph import filters, lookup, permissions, render
from entra_emulator.graph.call import Call, CollectionResponse
from entra_emulator.graph.errors import ODataError, not_found
from entra_emulator.graph.naming import unknown
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.identifiers import link_id
from entra_emulator.table import Row

_ROOT = "roleManagement/directory"
_DEFINITIONS, _ASSIGNMENTS = f"{_ROOT}/roleDefinitions", f"{_ROOT}/roleAssignments"
# rbacapplication-list-roleassignments documentation: by role or by principal.
_OF_ASSIGNMENTS = ("principalId", "roleDefinitionId")
_OF_DEFINITIONS = ("displayName", "isBuiltIn", "id", "templateId")
_ASSIGNMENT: Row = dict.fromkeys(("id", "principalId", "directoryScopeId", "roleDefinitionId"))
_EXPANDED = ("principal", "roleDefinition")


def list_definitions(call: Call) -> CollectionResponse:
    """Answer GET …/roleDefinitions (rbacapplication-list-roledefinitions)."""
    known = _read_filter(call, _OF_DEFINITIONS)
    rows = [_definition(name) for name in sorted(TEMPLATES)]
    names = _selected(call, "unifiedRoleDefinition", rows[0])
    value = [_cut(row, names) for row in rows if known is None or _has(row, *known)]
    return CollectionResponse(200, {"@odata.context": _context(call, _DEFINITIONS, names), "value": value})


def get_definition(call: Call) -> CollectionResponse:
    """Answer GET …/roleDefinitions/{id} (unifiedroledefinition-get)."""
    wanted = str(call.params[0]).casefold()
    for name, template in TEMPLATES.items():
        if template == wanted:
            row = _definition(name)
            names = _selected(call, "unifiedRoleDefinition", row)
            context = _context(call, _DEFINITIONS, names, "/$entity")
            return CollectionResponse(200, {"@odata.context": context, **_cut(row, names)})
    raise not_found(str(call.params[0]))


def list_assignments(call: Call) -> CollectionResponse:
    """Answer GET …/roleAssignments (rbacapplication-list-roleassignments): all, or those of a filter."""
    known = _read_filter(call, _OF_ASSIGNMENTS)
    names, expansions = _selected(call, "unifiedRoleAssignment", _ASSIGNMENT), _expansions(call)
    rows = [row for row in _assignments(call) if known is None or _has(row, *known)]
    value = [{**_cut(row, names), **_expanded(call, row, expansions)} for row in rows]
    context = _context(call, _ASSIGNMENTS, [*(names or ()), *(f"{name}()" for name in expansions)])
    return CollectionResponse(200, {"@odata.context": context, "value": value})


def get_assignment(call: Call) -> CollectionResponse:
    """Answer GET …/roleAssignments/{id} (unifiedroleassignment-get)."""
    names, expansions = _selected(call, "unifiedRoleAssignment", _ASSIGNMENT), _expansions(call)
    for row in _assignments(call):
        if row["id"] == call.params[0]:
            shown = [*(names or ()), *(f"{name}()" for name in expansions)]
            context = _context(call, _ASSIGNMENTS, shown, "/$entity")
            body = {**_cut(row, names), **_expanded(call, row, expansions)}
            return CollectionResponse(200, {"@odata.context": context, **body})
    raise not_found(str(call.params[0]))


def _definition(name: str) -> dict[str, Any]:
    # What Microsoft lets its holders do is not known here: `description` and `rolePermissions` are left out.
    template = TEMPLATES[name]
    return {"id": template, "displayName": name, "isBuiltIn": True, "isEnabled": True, "templateId": template}


def _assignments(call: Call) -> Iterator[Row]:
    for principal, roles in call.tenant.directory_roles.items():
        for template in (TEMPLATES[name] for name in roles if name in TEMPLATES):
            yield {
                "id": link_id(template, principal),
                "principalId": principal,
                "directoryScopeId": "/",
                "roleDefinitionId": template,
            }


def _expansions(call: Call) -> list[str]:
    """Return what $expand adds to an assignment."""
    text = call.options.get("$expand")
    names = [name.strip() for name in text.split(",")] if text is not None else []
    known = {name.casefold(): name for name in _EXPANDED}
    for name in names:
        if name.casefold() not in known:
            raise unknown("unifiedRoleAssignment", name)
    return [known[name.casefold()] for name in names]


def _expanded(call: Call, row: Row, names: list[str]) -> Row:
    """Return the principal of an assignment, and the definition of its role, as far as they are asked for."""
    found: Row = {}
    for name in names:
        if name == "principal":
            principal = lookup.any_object(call, row["principalId"])
            found[name] = render.mixed(call, *principal) if principal is not None else None
        else:
            role = next(role for role, template in TEMPLATES.items() if template == row["roleDefinitionId"])
            found[name] = _definition(role)
    return found


def _selected(call: Call, kind: str, row: Row) -> list[str] | None:
    """Return the properties that $select asks for; none without it."""
    text = call.options.get("$select")
    if not text:
        return None
    known = {name.casefold(): name for name in row}
    for name in text.split(","):
        if name.strip().casefold() not in known:
            raise unknown(kind, name.strip())
    return [known[name.strip().casefold()] for name in text.split(",")]


def _cut(row: Row, names: list[str] | None) -> Row:
    return row if names is None else {name: row[name] for name in names}


def _context(call: Call, path: str, shown: list[str] | None, tail: str = "") -> str:
    return call.context(f"{path}({','.join(shown)}){tail}" if shown else f"{path}{tail}")


def _read_filter(call: Call, known: tuple[str, ...]) -> tuple[str, Any] | None:
    """Return the property and the value that a filter asks for; nothing without one."""
    text = call.options.get("$filter")
    if text is None:
        return None
    match filters.parse(text):
        case filters.Compare((name,), "eq", value, False):
            for each in known:
                if name.casefold() == each.casefold():
                    return each, value
    raise ODataError(501, "NotImplemented", f"The emulator serves '{' or '.join(known)} eq' alone here.")


def _has(row: Row, name: str, value: Any) -> bool:
    """Return True if a row has a value, the case of a text aside."""
    held = row[name]
    return str(held).casefold() == str(value).casefold() if isinstance(held, str) else held is value


ROUTES: Routes = {
    ("GET", _DEFINITIONS): Route(list_definitions, permissions.ROLE_READ),
    ("GET", f"{_DEFINITIONS}/*"): Route(get_definition, permissions.ROLE_READ),
    ("GET", _ASSIGNMENTS): Route(list_assignments, permissions.ROLE_READ),
    ("GET", f"{_ASSIGNMENTS}/*"): Route(get_assignment, permissions.ROLE_READ),
}
