"""A row of the table and the tenant in; the request that the row documents, out."""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests.conformance.documented.bodies import BODIES
from tests.conformance.documented.tenant import Tenant

TABLE = Path(__file__).with_name("examples.csv")
_PLACE = re.compile(r"\{[^}]*\}")
# Of the tenant that the pages show.
_SCHEMA_EXTENSION = "ext55gb1l09_msLearnCourses"
_FIRST = {
    "applications": "application",
    "servicePrincipals": "api",
    "devices": "device",
    "groups": "group",
    "users": "user",
    "deletedItems": "deleted",
    "oauth2PermissionGrants": "grant",
    "schemaExtensions": "schema extension",
    "directoryAudits": "audit",
    "organization": "organization",
    "roleDefinitions": "roleDefinition",
    "roleAssignments": "roleAssignment",
}
_LATER = {
    "includes": "includes",
    "excludes": "excludes",
    "claimsMappingPolicies": "claims policy",
    "homeRealmDiscoveryPolicies": "realm policy",
    "tokenIssuancePolicies": "issuance policy",
    "tokenLifetimePolicies": "lifetime policy",
    "appManagementPolicies": "app policy",
    "userRegistrationDetails": "user",
    "owners": "user",
    "members": "user",
    "extensionProperties": "extension",
    "federatedIdentityCredentials": "federated credential",
    "delegatedPermissionClassifications": "classification",
}
# The pages that are about a client, not about an API, and what is given a policy of its own.
_OF_A_CLIENT = {
    "serviceprincipal-delete-approleassignments",
    "serviceprincipal-list-approleassignments",
    "serviceprincipal-post-approleassignments",
    "serviceprincipal-post-claimsmappingpolicies",
    "serviceprincipal-post-homerealmdiscoverypolicies",
    "application-post-tokenissuancepolicies",
    "application-post-tokenlifetimepolicies",
    "serviceprincipal-list-oauth2permissiongrants",
}

_CLIENTS = {"servicePrincipals": "client", "applications": "application without policies"}


@dataclass(frozen=True)
class Example:
    """One documented request, with the status and the keys of its answer."""

    page: str
    number: str
    method: str
    path: str
    status: int
    keys: frozenset[str]
    items: frozenset[str]

    @property
    def name(self) -> str:
        """Give the name by which a row is known."""
        return f"{self.page}-{self.number}"

    @property
    def me(self) -> bool:
        """Say whether a user has to send it."""
        return "/me" in self.path

    def body(self, tenant: Tenant) -> Any:
        """Give the body of a write."""
        if self.method in {"GET", "DELETE"} or self.page == "directory-deleteditems-restore":
            return None
        return BODIES[self.page][self.number](tenant)

    def headers(self) -> dict[str, str]:
        """Give the headers that the page shows: advanced queries say so."""
        return {"ConsistencyLevel": "eventual"} if "$count" in self.path or "$search" in self.path else {}

    def target(self, tenant: Tenant) -> str:
        """Give the path with real ids in the places of the page's."""
        path, mark, query = self.path.partition("?")
        segments = path.split("/")
        for at, segment in enumerate(segments):
            if segment.startswith("l5eW7x0"):
                segments[at] = tenant.ids["grant"]
            elif _PLACE.fullmatch(segment):
                segments[at] = self._id(segments[at - 1], segments[2], tenant)
        query = query.replace(_SCHEMA_EXTENSION, tenant.ids["schema extension"])
        return "/".join(segments) + mark + _PLACE.sub(tenant.ids["api"], query)

    @classmethod
    def read(cls, template: str) -> "Example":
        """Make a read of a path with `*` in the places of ids; a service principal with assignments of its
        own is a client.
        """
        page = (
            "serviceprincipal-list-approleassignments"
            if template.startswith("servicePrincipals/*/appRoleAssignments")
            else ""
        )
        return cls(page, "", "GET", f"/v1.0/{template.replace('*', '{id}')}", 200, frozenset(), frozenset())

    def _id(self, collection: str, first: str, tenant: Tenant) -> str:
        ids = tenant.ids
        if collection in {"appRoleAssignments", "appRoleAssignedTo"}:
            holder = {"users": "user", "me": "user", "groups": "group"}.get(first, "client")
            return ids[f"assignment of {holder}"]
        if self.page in _OF_A_CLIENT and collection in _CLIENTS:
            return ids[_CLIENTS[collection]]
        if collection == "directoryObjects":
            return ids["group" if self.method == "DELETE" else "user"]
        if collection == "permissionGrantPolicies":
            return "my-custom-consent-policy"
        if collection == "domains":
            return "contoso.com"
        return ids[_FIRST.get(collection) or _LATER.get(collection) or "policy"]


@cache
def examples() -> tuple[Example, ...]:
    """Read the table."""
    with TABLE.open(encoding="utf-8", newline="") as text:
        return tuple(
            Example(
                row["page"],
                row["example"],
                row["method"],
                row["path"],
                int(row["status"]),
                frozenset(row["keys"].split()),
                frozenset(row["items"].split()),
            )
            for row in csv.DictReader(text)
        )
