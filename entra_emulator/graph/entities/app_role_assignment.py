"""The properties of an app role assignment.

Types and null: microsoftgraph/msgraph-metadata, schemas/v1.0-Prod.csdl, commit f54f11b6, 2026-08-20.
"""

from entra_emulator.graph.properties import GRAPH, Entity, Property
from entra_emulator.table import Row


def make_assignment(row_id: str, created: str, role_id: str, principal: Row, resource: Row) -> Row:
    """Make an app role assignment; both names are snapshots."""
    return APP_ROLE_ASSIGNMENT.make(
        id=row_id,
        appRoleId=role_id,
        createdDateTime=created,
        principalDisplayName=principal["displayName"],
        principalId=principal["id"],
        principalType=principal["type"],
        resourceDisplayName=resource["displayName"],
        resourceId=resource["id"],
    )


APP_ROLE_ASSIGNMENT = Entity(
    "appRoleAssignment",
    "AppRoleAssignment",
    "appRoleAssignments",
    (
        Property("id", nullable=False, set_by=GRAPH, filter="eq"),
        Property("deletedDateTime", "Edm.DateTimeOffset", set_by=GRAPH),
        Property("appRoleId", "Edm.Guid", nullable=False, filter="eq"),
        Property("createdDateTime", "Edm.DateTimeOffset", set_by=GRAPH),
        Property("principalDisplayName", set_by=GRAPH, filter="eq startswith"),
        Property("principalId", "Edm.Guid", filter="eq in"),
        Property("principalType", set_by=GRAPH, filter="eq"),
        Property("resourceDisplayName", set_by=GRAPH, filter="eq startswith"),
        Property("resourceId", "Edm.Guid", filter="eq in"),
    ),
)
