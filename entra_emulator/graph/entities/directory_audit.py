"""The properties of a record of the audit log.

Types and null: microsoftgraph/msgraph-metadata, schemas/v1.0-Prod.csdl, commit f54f11b6, 2026-08-20.
"""

from entra_emulator.graph.properties import ALWAYS, GRAPH, Entity, Property

DIRECTORY_AUDIT = Entity(
    "directoryAudit",
    "DirectoryAudit",
    "directoryAudits",
    (
        Property("id", nullable=False, set_by=GRAPH, filter="eq"),
        Property("category", nullable=False, set_by=GRAPH, filter="eq"),
        Property("correlationId", set_by=GRAPH, filter="eq"),
        Property("result", "operationResult", set_by=GRAPH, filter="eq"),
        Property("resultReason", set_by=GRAPH),
        Property("activityDisplayName", nullable=False, set_by=GRAPH, filter="eq startswith"),
        Property(
            "activityDateTime",
            "Edm.DateTimeOffset",
            nullable=False,
            set_by=GRAPH,
            filter="eq ge le",
            order=ALWAYS,
        ),
        Property("loggedByService", set_by=GRAPH, filter="eq"),
        Property("operationType", set_by=GRAPH, filter="eq"),
        Property(
            "initiatedBy",
            "auditActivityInitiator",
            nullable=False,
            set_by=GRAPH,
            inside={
                "user/id": "eq",
                "user/displayName": "eq",
                "user/userPrincipalName": "eq startswith",
                "app/displayName": "eq",
                "app/appId": "eq",
            },
        ),
        Property(
            "targetResources",
            "Collection(targetResource)",
            set_by=GRAPH,
            inside={"any/id": "eq", "any/displayName": "eq startswith"},
        ),
        Property("additionalDetails", "Collection(keyValue)", set_by=GRAPH),
    ),
)
