"""A tenant in; all policies that it has, with their paths in Graph, out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from entra_emulator import app_policies, grant_policies
from entra_emulator.table import Links
from entra_emulator.tenant import Tenant

Row = Mapping[str, Any]
GRANTS, APPS, REALMS = grant_policies.TABLE, app_policies.TABLE, "homeRealmDiscoveryPolicies"
# On tokens: what is given beside home realm discovery policies, from one table of links.
OF_TOKENS = ("claimsMappingPolicies", "tokenIssuancePolicies", "tokenLifetimePolicies")
GIVEN = (APPS, REALMS, *OF_TOKENS)
AUTHORIZATION, REQUESTS, DEFAULT = (
    "authorizationPolicy",
    "adminConsentRequestPolicy",
    "defaultAppManagementPolicy",
)
WORDS = {
    AUTHORIZATION: "authorization policy",
    DEFAULT: "default app management policy",
    REQUESTS: "admin consent request policy",
    GRANTS: "permission grant policy",
    APPS: "app management policy",
    REALMS: "home realm discovery policy",
    "claimsMappingPolicies": "claims-mapping policy",
    "tokenIssuancePolicies": "token issuance policy",
    "tokenLifetimePolicies": "token lifetime policy",
}


@dataclass(frozen=True)
class ListedPolicy:
    """One policy: of which collection, what it says, and whether a tenant has it always."""

    kind: str
    row: Row
    built_in: bool = False

    @property
    def id(self) -> str:
        """Return its id; "" for the one of its kind that each tenant has."""
        return str(self.row.get("id", "")) if self.kind in (GRANTS, *GIVEN) else ""

    @property
    def path(self) -> str:
        """Return its path in Graph."""
        return f"policies/{self.kind}" + (f"/{self.id}" if self.id else "")


def everything(tenant: Tenant) -> list[ListedPolicy]:
    """Return all policies of a tenant: those that each has, Microsoft's own, and those that it made."""
    single = (
        (AUTHORIZATION, {"id": AUTHORIZATION, "displayName": "Authorization Policy"}),
        (DEFAULT, app_policies.default(tenant.choices)),
        (REQUESTS, {"id": REQUESTS, "displayName": "Admin consent requests"}),
    )
    return [
        *(ListedPolicy(kind, row, built_in=True) for kind, row in single),
        *(ListedPolicy(GRANTS, row, built_in=True) for row in grant_policies.built_in(tenant).values()),
        *(ListedPolicy(kind, row) for kind in (GRANTS, *GIVEN) for row in tenant.tables[kind]),
    ]


def links(tenant: Tenant, kind: str) -> Links:
    """Return the links from objects to the policies of a kind that is given to them."""
    return tenant.app_policies if kind == APPS else tenant.policies
