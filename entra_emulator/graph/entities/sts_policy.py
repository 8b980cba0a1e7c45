"""The properties of the policies on sign-in and tokens: all have those of Graph's type stsPolicy.

Types and null: microsoftgraph/msgraph-metadata, schemas/v1.0-Prod.csdl, commit f54f11b6, 2026-08-20.
"""

from entra_emulator.graph import permissions
from entra_emulator.graph.properties import GRAPH, Entity, Property


def _policy(name: str, table: str) -> Entity:
    return Entity(
        name,
        "Policy",
        table,
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


CLAIMS_MAPPING_POLICY = _policy("claimsMappingPolicy", "claimsMappingPolicies")
HOME_REALM_POLICY = _policy("homeRealmDiscoveryPolicy", "homeRealmDiscoveryPolicies")
TOKEN_ISSUANCE_POLICY = _policy("tokenIssuancePolicy", "tokenIssuancePolicies")
TOKEN_LIFETIME_POLICY = _policy("tokenLifetimePolicy", "tokenLifetimePolicies")
