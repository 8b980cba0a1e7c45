"""The properties of a directory role's definition.

`description` is left out, and `rolePermissions` has the actions on what the emulator serves.
Types and null: microsoftgraph/msgraph-metadata, schemas/v1.0-Prod.csdl, commit f54f11b6, 2026-08-20.
"""

from entra_emulator.graph import permissions
from entra_emulator.graph.properties import GRAPH, Entity, Property

ROLE_DEFINITION = Entity(
    "unifiedRoleDefinition",
    "UnifiedRoleDefinition",
    "roleDefinitions",
    (
        Property("id", nullable=False, set_by=GRAPH, filter="eq"),
        Property("displayName", set_by=GRAPH, filter="eq in"),
        Property("isBuiltIn", "Edm.Boolean", set_by=GRAPH, filter="eq in"),
        Property("isEnabled", "Edm.Boolean", set_by=GRAPH),
        Property("templateId", set_by=GRAPH, filter="eq"),
        Property("rolePermissions", "Collection(unifiedRolePermission)", set_by=GRAPH),
    ),
    read=permissions.ROLE_READ,
    reads=("", "/*"),
    folder="roleManagement/directory/",
    others=(
        Property("description", set_by=GRAPH),
        Property("resourceScopes", "Collection(Edm.String)", set_by=GRAPH),
        Property("version", set_by=GRAPH),
    ),
)
