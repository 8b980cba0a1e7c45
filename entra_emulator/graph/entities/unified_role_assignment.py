"""The properties of an assignment of a directory role.

Types and null: microsoftgraph/msgraph-metadata, schemas/v1.0-Prod.csdl, commit f54f11b6, 2026-08-20.
"""

from entra_emulator.graph import permissions
from entra_emulator.graph.properties import GRAPH, Entity, Property

ROLE_ASSIGNMENT = Entity(
    "unifiedRoleAssignment",
    "UnifiedRoleAssignment",
    "roleAssignments",
    (
        Property("id", nullable=False, set_by=GRAPH),
        Property("principalId", set_by=GRAPH, filter="eq in"),
        Property("directoryScopeId", set_by=GRAPH, filter="eq in"),
        Property("roleDefinitionId", set_by=GRAPH, filter="eq in"),
    ),
    read=permissions.ROLE_READ,
    reads=("", "/*"),
    folder="roleManagement/directory/",
    others=(
        Property("appScopeId", set_by=GRAPH),
        Property("condition", set_by=GRAPH),
        Property("principalOrganizationId", set_by=GRAPH),
    ),
    navigation=frozenset({"principal", "roleDefinition"}),
)
