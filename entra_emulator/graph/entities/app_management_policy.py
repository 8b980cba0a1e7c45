"""The properties of an app management policy.

Types and null: microsoftgraph/msgraph-metadata, schemas/v1.0-Prod.csdl, commit f54f11b6, 2026-08-20.
"""

from entra_emulator.graph import permissions
from entra_emulator.graph.properties import GRAPH, Entity, Property

APP_MANAGEMENT_POLICY = Entity(
    "appManagementPolicy",
    "Policy",
    "appManagementPolicies",
    (
        Property("id", nullable=False, set_by=GRAPH, filter="eq"),
        Property("deletedDateTime", "Edm.DateTimeOffset", set_by=GRAPH),
        Property("description"),
        Property("displayName", filter="eq startswith"),
        Property("isEnabled", "Edm.Boolean", nullable=False),
        Property("restrictions", "customAppManagementConfiguration", default={}),
    ),
    read=permissions.POLICY_READ,
    create=permissions.APP_POLICY_WRITE,
    update=permissions.APP_POLICY_WRITE,
    delete=permissions.APP_POLICY_WRITE,
    reads=("", "/*"),
    folder="policies/",
    navigation=frozenset({"appliesTo"}),
    phrase="policy",
    required=("displayName",),
)
