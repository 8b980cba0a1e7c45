"""Groups and their members."""

from typing import Any

from entra_emulator.graph import (
    audit,
    authorization,
    bodies,
    extensions,
    lookup,
    permissions,
    references,
    render,
    restrictions,
)
from entra_emulator.graph.applications import check_unique_name, owners_of
from entra_emulator.graph.call import Call
from entra_emulator.graph.entities.group import GROUP, check_group, make_group
from entra_emulator.graph.entity_set import EntitySet
from entra_emulator.graph.errors import bad_request, reference_exists
from entra_emulator.graph.expanding import Wanted
from entra_emulator.graph.owners import audit_link
from entra_emulator.graph.properties import Entity
from entra_emulator.graph.routing import Routes
from entra_emulator.table import Row
from entra_emulator.tenant import Tenant


def _change(call: Call, old: Row, body: dict[str, Any]) -> Row:
    """Change properties, or add up to twenty members at once."""
    members = references.bound(call, body, "members")
    if {*members} & {*call.tenant.members.targets(old["id"])}:
        raise reference_exists("members")
    bodies.check_version(call, GROUP, body)
    new = extensions.merge(call, GROUP, old, body, binds=("members",))
    if old["isAssignableToRole"] != new["isAssignableToRole"]:
        raise bad_request("Property 'isAssignableToRole' is read-only and cannot be set.")
    if new["uniqueName"] != old["uniqueName"]:
        if old["uniqueName"] is not None:
            raise bad_request("Property 'uniqueName' is read-only and cannot be set.")
        check_unique_name(call.tenant, new["uniqueName"], new["id"])
    check_group(old, new)
    for member in members:
        _add_member(call, new, member)
    return new


def transitive_members(tenant: Tenant, group: str) -> list[str]:
    """Give the members of a group and of the groups in it."""
    seen: dict[str, None] = {}
    waiting = [group]
    while waiting:
        for member in tenant.members.targets(waiting.pop(0)):
            if member not in seen:
                seen[member] = None
                waiting.append(member)
    return list(seen)


def _insert(call: Call, body: dict[str, Any]) -> Row:
    restrictions.check_room(call)
    bodies.require(GROUP, body)
    bodies.check_version(call, GROUP, body)
    blank = make_group(call.graph.directory.ids.guid(), call.stamp)
    new = extensions.merge(call, GROUP, blank, body, binds=("members", "owners"))
    check_group(None, new)
    if new["isAssignableToRole"]:
        authorization.check(call, permissions.ROLE_GROUP_CREATE)
    if new["uniqueName"] is not None:
        check_unique_name(call.tenant, new["uniqueName"], new["id"])
    members = references.bound(call, body, "members")
    owners = references.bound(call, body, "owners")
    if call.caller.oid in owners and call.caller.kind == "user" and not call.caller.directory_roles:
        # Known issue: a non-admin who lists itself.
        raise bad_request("Request contains a property with duplicate values.")
    new["_creator"] = call.caller.oid
    call.put("groups", new)
    audit.record(call, GROUP, "Add", new, audit.changes(None, new, GROUP.readers))
    for owner in owners:
        call.tenant.owners.add(new["id"], owner)
    if call.caller.kind == "user" and not call.caller.directory_roles:
        # A privileged user's group has no owner (azure-cli recording).
        call.tenant.owners.add(new["id"], call.caller.oid)
    for member in members:
        _add_member(call, new, member)
    return new


def check_caller(call: Call, row: Row) -> None:
    """Refuse a caller who may not change a group."""
    if row["isAssignableToRole"]:
        authorization.check(call, permissions.ROLE_GROUP_WRITE)
    authorization.require_ownership(call, row["id"])


def _add_member(call: Call, group: Row, member: str) -> None:
    if not call.tenant.members.add(group["id"], member):
        raise reference_exists("members")
    audit_member(call, GROUP, group, member, removed=False)


def audit_member(call: Call, entity: Entity, row: Row, member: str, *, removed: bool) -> None:
    """Write the record of a member that came or went."""
    facts = {"ObjectID": row["id"], "DisplayName": row["displayName"], "WellKnownObjectName": None}
    audit_link(call, "member", entity, facts, member, removed=removed)


def _members_of(call: Call, row: Row, _wanted: Wanted) -> list[dict[str, Any]]:
    found = (lookup.any_object(call, member) for member in call.tenant.members.targets(row["id"]))
    return [render.mixed(call, *each) for each in found if each is not None]


_ENTITIES = EntitySet(
    entity=GROUP,
    expand={"owners": owners_of, "members": _members_of},
    allow=check_caller,
    insert=_insert,
    change=_change,
)
ROUTES: Routes = _ENTITIES.routes()
