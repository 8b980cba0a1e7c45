"""The properties of a home realm discovery policy.

Types and null: microsoftgraph/msgraph-metadata, schemas/v1.0-Prod.csdl, commit f54f11b6, 2026-08-20.
"""

from entra_emulator.graph import permissions
from entra_emulator.graph.properties import GRAPH, Entity, Property

HOME_REALM_POLICY = Entity(
    "homeRealmDiscoveryPolicy",
    "Policy",
    "homeRealmDiscoveryPolicies",
    (
        Property("id", nullable=False, set_by=GRAPH, filter="eq"),
        Property("deletedDateTime", "Edm.DateTimeOffset", set_by=GRAPH),
        Property("definition", "Collection(Edm.String)"),
        Property("description"),
        Property("displayName", filter="eq startswith"),
        Property("isOrganizationDefault", "Edm.Boolean", default=False),
    ),
    read=permissions.POLICY_READ,
    create=permissions.POLICY_WRITE,
    update=permissions.POLICY_WRITE,
    delete=permissions.POLICY_WRITE,
    reads=("", "/*"),
    folder="policies/",
    navigation=frozenset({"appliesTo"}),
    phrase="policy",
    required=("definition", "displayName"),
)
