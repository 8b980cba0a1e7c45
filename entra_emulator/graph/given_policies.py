"""Policies that applications and service principals have, one each at most: listed, given and taken away."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from entra_emulator.graph import audit, linked, lookup, permissions, references
from entra_emulator.graph.call import NO_CONTENT, Call, CollectionResponse
from entra_emulator.graph.entities.application import APPLICATION
from entra_emulator.graph.entities.service_principal import SERVICE_PRINCIPAL
from entra_emulator.graph.entity_set import EntitySet, require_ownership
from entra_emulator.graph.errors import bad_request, not_found, reference_missing
from entra_emulator.graph.permissions import RequiredPermissions
from entra_emulator.graph.properties import Entity
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.table import Links, Row
from entra_emulator.tenant import Tenant

CONFLICT = (
    "A conflicting object with one or more of the specified property values is present in the directory"
)


@dataclass(frozen=True, slots=True)
class GivenPolicies:
    """The policies of one collection, and who has which."""

    entities: EntitySet
    links: Callable[[Tenant], Links]

    def applies_to(self, call: Call) -> CollectionResponse:
        """Answer who has a policy."""
        policy = self.entities.find_one(call)
        return linked.response(call, self.links(call.tenant).sources(policy["id"]))

    def list_of_object(self, call: Call) -> CollectionResponse:
        """Answer which policy an object has: one, or none."""
        holder, row = lookup.holder(call)
        context = f"{holder.table}('{row['id']}')/{self.entities.entity.table}"
        return self.entities.list_within(call, context, self._held(call.tenant, row["id"]))

    def assign(self, call: Call) -> CollectionResponse:
        """Give an object the policy that the body refers to; it has none before."""
        holder, row = _find_holder(call)
        entity = self.entities.entity
        _, policy_id = references.key(call, references.link(call), {entity.path.casefold(): None})
        policy = call.view(entity.table).get(policy_id.casefold())
        if policy is None:
            raise not_found(policy_id)
        if self._held(call.tenant, row["id"]):
            # That there is one at most is documented (appmanagementpolicy-post-appliesto,
            # configure-authentication-for-federated-users); the text is a guess.
            raise bad_request(CONFLICT)
        self.links(call.tenant).add(row["id"], policy["id"])
        _log(call, "Add policy to", "Assign", policy, (holder, row))
        return NO_CONTENT

    def unassign(self, call: Call) -> CollectionResponse:
        """Take from an object the policy that the path names last."""
        holder, row = _find_holder(call)
        table, policy_id = self.entities.entity.table, str(call.params[1]).casefold()
        if policy_id not in self._held(call.tenant, row["id"]):
            raise reference_missing(table)
        self.links(call.tenant).remove(row["id"], policy_id)
        policy = call.tenant.tables[table].rows[policy_id]
        _log(call, "Remove policy from", "Unassign", policy, (holder, row))
        return NO_CONTENT

    def _held(self, tenant: Tenant, object_id: str) -> list[str]:
        """Return the policies of this collection that an object has."""
        table = tenant.tables[self.entities.entity.table]
        return [each for each in self.links(tenant).targets(object_id) if each in table]

    def routes(self, read: RequiredPermissions, give: RequiredPermissions, holders: Iterable[str]) -> Routes:
        """Return what it serves: `read` is for the list of an object, `give` for objects of these tables."""
        entity = self.entities.entity
        name = entity.table
        return {
            **self.entities.routes(),
            ("GET", f"{entity.path}/*/appliesTo"): Route(self.applies_to, permissions.POLICY_READ),
            **{
                ("GET", f"{holder.table}/*/{name}"): Route(self.list_of_object, read)
                for holder in (APPLICATION, SERVICE_PRINCIPAL)
                if name in holder.navigation
            },
            **{("POST", f"{table}/*/{name}/$ref"): Route(self.assign, give) for table in holders},
            **{("DELETE", f"{table}/*/{name}/*/$ref"): Route(self.unassign, give) for table in holders},
        }


def _find_holder(call: Call) -> tuple[Entity, Row]:
    """Return the object that gets or loses a policy, if the caller may change it."""
    holder, row = lookup.holder(call)
    row = lookup.current(call, holder.table, row)
    require_ownership(call, row)
    return holder, row


def _log(call: Call, activity: str, operation: str, policy: Row, given: tuple[Entity, Row]) -> None:
    holder, row = given
    targets = [
        audit.AuditTarget(row["id"], holder.resource, row["displayName"]),
        audit.AuditTarget(policy["id"], "Policy", policy["displayName"]),
    ]
    audit.write(call, f"{activity} {holder.phrase}", operation, targets, app_id=row["appId"])


def only(sent: dict[str, Any], writable: frozenset[str]) -> dict[str, Any]:
    """Return what of a body is written; whatever else has a value is refused."""
    for name, value in sent.items():
        if name not in writable and value is not None:
            raise bad_request(f"Property '{name}' is read-only and cannot be set.")
    return {name: value for name, value in sent.items() if name in writable}
