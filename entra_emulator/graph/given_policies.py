"""Policies that applications and service principals have, one each at most: found, deleted, given and taken
away.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from entra_emulator.graph import audit, linked, references
from entra_emulator.graph.call import NO_CONTENT, Call, CollectionResponse
from entra_emulator.graph.errors import bad_request, not_found, reference_missing
from entra_emulator.table import Links, Row
from entra_emulator.tenant import Tenant

CONFLICT = (
    "A conflicting object with one or more of the specified property values is present in the directory"
)
SPELLED = {"applications": "applications", "serviceprincipals": "servicePrincipals"}
_OBJECTS = {"applications": "application", "servicePrincipals": "service principal"}
_TYPES = {"applications": "Application", "servicePrincipals": "ServicePrincipal"}


@dataclass(frozen=True, slots=True)
class GivenPolicies:
    """The policies of one collection, and who has which."""

    table: str
    links: Callable[[Tenant], Links]

    def find(self, call: Call) -> Row:
        """Return the policy that a path names."""
        row = call.view(self.table).get(str(call.params[0]).casefold())
        if row is None:
            raise not_found(str(call.params[0]))
        return row

    def remove(self, call: Call, row: Row) -> None:
        """Remove a policy, also from what it was given to."""
        call.remove(self.table, row["id"])
        self.links(call.tenant).drop(row["id"])
        log(call, "Delete policy", "Delete", row)

    def applies_to(self, call: Call) -> CollectionResponse:
        """Answer who has a policy."""
        return linked.response(call, self.links(call.tenant).sources(self.find(call)["id"]))

    def assign(self, call: Call, table: str, row: Row) -> CollectionResponse:
        """Give an object the policy that the body refers to; it has none before."""
        collections = {f"policies/{self.table}".casefold(): None}
        _, policy_id = references.key(call, references.link(call), collections)
        policy = call.view(self.table).get(policy_id.casefold())
        if policy is None:
            raise not_found(policy_id)
        links = self.links(call.tenant)
        if links.targets(row["id"]):
            # That there is one at most is documented (appmanagementpolicy-post-appliesto,
            # configure-authentication-for-federated-users); the text is a guess.
            raise bad_request(CONFLICT)
        links.add(row["id"], policy["id"])
        log(call, f"Add policy to {_OBJECTS[table]}", "Assign", policy, (table, row))
        return NO_CONTENT

    def unassign(self, call: Call, table: str, row: Row) -> CollectionResponse:
        """Take from an object the policy that the path names last."""
        policy_id = str(call.params[1]).casefold()
        if not self.links(call.tenant).remove(row["id"], policy_id):
            raise reference_missing(self.table)
        policy = call.tenant.tables[self.table].get(policy_id)
        if policy is not None:
            log(call, f"Remove policy from {_OBJECTS[table]}", "Unassign", policy, (table, row))
        return NO_CONTENT


def log(call: Call, activity: str, operation: str, policy: Row, given: tuple[str, Row] | None = None) -> None:
    """Write what was done to a policy into the audit log, and to which object of which table."""
    targets = [audit.AuditTarget(policy["id"], "Policy", policy["displayName"])]
    app_id = ""
    if given is not None:
        table, row = given
        targets.insert(0, audit.AuditTarget(row["id"], _TYPES[table], row["displayName"]))
        app_id = row["appId"]
    audit.write(call, activity, operation, targets, app_id=app_id)


def only(sent: dict[str, Any], writable: frozenset[str]) -> dict[str, Any]:
    """Return what of a body is written; whatever else has a value is refused."""
    for name, value in sent.items():
        if name not in writable and value is not None:
            raise bad_request(f"Property '{name}' is read-only and cannot be set.")
    return {name: value for name, value in sent.items() if name in writable}
