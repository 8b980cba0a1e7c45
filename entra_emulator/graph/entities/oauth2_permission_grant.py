"""The properties of a delegated permission grant.

Types and null: microsoftgraph/msgraph-metadata, schemas/v1.0-Prod.csdl, commit f54f11b6, 2026-08-20.
"""

from entra_emulator.graph import permissions
from entra_emulator.graph.properties import GRAPH, Entity, Property

PERMISSION_GRANT = Entity(
    "oAuth2PermissionGrant",
    "OAuth2PermissionGrant",
    "oauth2PermissionGrants",
    (
        Property("clientId", nullable=False, filter="eq"),
        Property("consentType", filter="eq"),
        Property("id", nullable=False, set_by=GRAPH, filter="eq"),
        Property("principalId", filter="eq"),
        Property("resourceId", nullable=False, filter="eq"),
        Property("scope"),
    ),
    read=permissions.GRANT_READ,
    create=permissions.GRANT_WRITE,
    update=permissions.GRANT_WRITE,
    delete=permissions.GRANT_WRITE,
)
