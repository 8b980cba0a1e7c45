"""Directory roles as objects, read: the definitions of those that are built in, and who is assigned which."""

from collections.abc import Iterator
from typing import Any

from entra_emulator.directory_roles import TEMPLATES, list_actions, split
from entra_emulator.graph import expanding, lookup, render
from entra_emulator.graph.call import Call, TableView
from entra_emulator.graph.entities.unified_role_assignment import ROLE_ASSIGNMENT
from entra_emulator.graph.entities.unified_role_definition import ROLE_DEFINITION
from entra_emulator.graph.entity_set import EntitySet
from entra_emulator.graph.expanding import Wanted
from entra_emulator.graph.routing import Routes
from entra_emulator.identifiers import link_id
from entra_emulator.table import Row

_DEFINITIONS: dict[str, Row] = {
    template: ROLE_DEFINITION.make(
        id=template,
        displayName=name,
        isBuiltIn=True,
        isEnabled=True,
        templateId=template,
        rolePermissions=[{"allowedResourceActions": list_actions(name), "condition": None}],
    )
    for name, template in TEMPLATES.items()
}


def _assignments(call: Call) -> Iterator[Row]:
    for principal, roles in call.tenant.directory_roles.items():
        for name, scope in map(split, roles):
            if template := TEMPLATES.get(name):
                yield ROLE_ASSIGNMENT.make(
                    id=link_id(template, principal, *filter(None, [scope[1:]])),
                    principalId=principal,
                    directoryScopeId=scope,
                    roleDefinitionId=template,
                )


def _principal(call: Call, row: Row, wanted: Wanted) -> dict[str, Any] | None:
    principal = lookup.any_object(call, row["principalId"])
    return None if principal is None else expanding.cut(render.mixed(call, *principal), wanted)


def _definition(_call: Call, row: Row, wanted: Wanted) -> dict[str, Any]:
    return expanding.cut(_DEFINITIONS[row["roleDefinitionId"]], wanted)


ROUTES: Routes = {
    **EntitySet(entity=ROLE_DEFINITION, view=lambda _: TableView.of(_DEFINITIONS.values())).routes(),
    **EntitySet(
        entity=ROLE_ASSIGNMENT,
        expand={"principal": _principal, "roleDefinition": _definition},
        view=lambda call: TableView.of(_assignments(call)),
    ).routes(),
}
