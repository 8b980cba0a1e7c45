"""The properties of a classification of a delegated permission.

Types and null: microsoftgraph/msgraph-metadata, schemas/v1.0-Prod.csdl, commit f54f11b6, 2026-08-20.
"""

from entra_emulator.graph import permissions
from entra_emulator.graph.properties import GRAPH, Entity, Property

CLASSIFICATION = Entity(
    "delegatedPermissionClassification",
    "DelegatedPermissionClassification",
    "classifications",
    (
        Property("id", nullable=False, set_by=GRAPH, filter="eq"),
        Property("permissionId", filter="eq"),
        Property("permissionName", set_by=GRAPH, filter="eq"),
        Property("classification", "permissionClassificationType", filter="eq"),
    ),
    read=permissions.CLASSIFICATION_READ,
    create=permissions.CLASSIFICATION_WRITE,
    delete=permissions.CLASSIFICATION_WRITE,
    reads=("",),
    parent="servicePrincipals",
    segment="delegatedPermissionClassifications",
    index="principal",
    required=("permissionId", "classification"),
)
