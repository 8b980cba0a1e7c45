"""Groups and their members."""

from typing import Any

from entra_emulator.graph import (
    audit,
    bodies,
    extensions,
    lifecycle,
    lookup,
    permissions,
    references,
    render,
    restrictions,
)
from entra_emulator.graph.applications import check_unique_name, location, owners_of, prefers_create
from entra_emulator.graph.assignment_records import audit_gone
from entra_emulator.graph.call import NO_CONTENT, AlternateKey, Call, CollectionResponse
from entra_emulator.graph.entities.group import GROUP, check_group, make_group
from entra_emulator.graph.entity_set import EntitySet
from entra_emulator.graph.errors import (
    bad_request,
    missing_value,
    not_found,
    reference_exists,
    reference_missing,
)
from entra_emulator.graph.expanding import Expand, Wanted
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.table import Row
from entra_emulator.tenant import Tenant

_KIND, _RESOURCE = "group", "Group"


def create(call: Call) -> CollectionResponse:
    """Answer POST /groups."""
    return _create(call, call.object_body(_KIND))


def update(call: Call) -> CollectionResponse:
    """Answer PATCH /groups/{id}: properties, or up to twenty members at once."""
    key = call.params[0]
    body = call.object_body(_KIND)
    old = lookup.seek(call, "groups", key)
    if old is None:
        if isinstance(key, AlternateKey) and prefers_create(call):
            return _create(call, {**body, "uniqueName": key.value})
        raise not_found(key.value if isinstance(key, AlternateKey) else key)
    _check_caller(call, old)
    old = lookup.current(call, "groups", old)
    members = references.bound(call, body, "members")
    if {*members} & {*call.tenant.members.targets(old["id"])}:
        raise reference_exists("members")
    _check_beta(call, body)
    body, values = extensions.taken_out(call, _RESOURCE, old, body)
    new = bodies.merge(_KIND, _RESOURCE, old, body, binds=("members",))
    if values != old.get("_extensions", {}):
        new["_extensions"] = values
    if old["isAssignableToRole"] != new["isAssignableToRole"]:
        raise bad_request("Property 'isAssignableToRole' is read-only and cannot be set.")
    if new["uniqueName"] != old["uniqueName"]:
        if old["uniqueName"] is not None:
            raise bad_request("Property 'uniqueName' is read-only and cannot be set.")
        check_unique_name(call.tenant, new["uniqueName"], new["id"])
    check_group(old, new)
    for member in members:
        _add_member(call, new, member)
    if new != old:
        call.put("groups", new)
        target = audit.AuditTarget(
            new["id"], "Group", new["displayName"], changes=audit.changes(old, new, GROUP.readers)
        )
        audit.write(call, "Update group", "Update", [target], category=audit.GROUPS)
    return NO_CONTENT


def delete(call: Call) -> CollectionResponse:
    """Answer DELETE /groups/{id}."""
    row = lookup.current(call, "groups", lookup.find(call, "groups", call.params[0]))
    _check_caller(call, row)
    if call.graph.faults.plan.groups_soft_delete or "Unified" in row["groupTypes"]:
        gone = lifecycle.soft_delete(call, _KIND, row)
    else:
        call.remove("groups", row["id"])
        gone = lifecycle.drop_links(call, row["id"])
        lifecycle.forget(call, row)
    audit_gone(call, gone, row)
    audit.write(
        call,
        "Delete group",
        "Delete",
        [audit.AuditTarget(row["id"], "Group", row["displayName"])],
        category=audit.GROUPS,
    )
    return NO_CONTENT


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


def add_member(call: Call) -> CollectionResponse:
    """Answer POST /groups/{id}/members/$ref."""
    row = lookup.find(call, "groups", call.params[0])
    _check_caller(call, row)
    _add_member(call, row, references.referenced(call, "members"))
    return NO_CONTENT


def remove_member(call: Call) -> CollectionResponse:
    """Answer DELETE /groups/{id}/members/{id}/$ref."""
    row = lookup.find(call, "groups", call.params[0])
    _check_caller(call, row)
    member = str(call.params[1]).casefold()
    if not call.tenant.members.remove(row["id"], member):
        raise reference_missing("members")
    _audit_member(call, row, member, removed=True)
    return NO_CONTENT


def _create(call: Call, body: dict[str, Any]) -> CollectionResponse:
    restrictions.check_room(call)
    for name in GROUP.required:
        if body.get(name) is None:
            raise missing_value(name, _RESOURCE)
    _check_beta(call, body)
    blank = make_group(call.graph.directory.ids.guid(), call.stamp)
    body, values = extensions.taken_out(call, _RESOURCE, None, body)
    new = bodies.merge(_KIND, _RESOURCE, blank, body, binds=("members", "owners"))
    if values:
        new["_extensions"] = values
    check_group(None, new)
    if new["isAssignableToRole"]:
        permissions.check(call, permissions.ROLE_GROUP_CREATE)
    if new["uniqueName"] is not None:
        check_unique_name(call.tenant, new["uniqueName"], new["id"])
    members = references.bound(call, body, "members")
    owners = references.bound(call, body, "owners")
    if call.caller.oid in owners and call.caller.kind == "user" and not call.caller.directory_roles:
        # Known issue: a non-admin who lists itself.
        raise bad_request("Request contains a property with duplicate values.")
    new["_creator"] = call.caller.oid
    call.put("groups", new)
    target = audit.AuditTarget(
        new["id"], "Group", new["displayName"], changes=audit.changes(None, new, GROUP.readers)
    )
    audit.write(call, "Add group", "Add", [target], category=audit.GROUPS)
    for owner in owners:
        call.tenant.owners.add(new["id"], owner)
    if call.caller.kind == "user" and not call.caller.directory_roles:
        # A privileged user's group has no owner (azure-cli recording).
        call.tenant.owners.add(new["id"], call.caller.oid)
    for member in members:
        _add_member(call, new, member)
    response = render.entity(call, _KIND, new, "groups/$entity")
    return CollectionResponse(201, response, headers=location(call, new["id"], "Group"))


def _check_caller(call: Call, row: Row) -> None:
    if row["isAssignableToRole"]:
        permissions.check(call, permissions.ROLE_GROUP_WRITE)
    permissions.require_ownership(call, row["id"])


def _check_beta(call: Call, body: dict[str, Any]) -> None:
    for name in GROUP.beta:
        if name in body and call.version != "beta":
            raise bad_request(f"Invalid property '{name}'.")


def _add_member(call: Call, group: Row, member: str) -> None:
    if not call.tenant.members.add(group["id"], member):
        raise reference_exists("members")
    _audit_member(call, group, member, removed=False)


def _audit_member(call: Call, group: Row, member: str, *, removed: bool) -> None:
    found = lookup.any_object(call, member)
    changes = [
        audit.fact("Group.ObjectID", group["id"], removed=removed),
        audit.fact("Group.DisplayName", group["displayName"], removed=removed),
        audit.fact("Group.WellKnownObjectName", None, removed=removed),
    ]
    kind = {"device": "Device", "group": "Group", "servicePrincipal": "ServicePrincipal"}.get(
        found[0] if found else "", "User"
    )
    principal = found[1].get("userPrincipalName") if found else None
    targets = [
        audit.AuditTarget(member, kind, None, principal, changes),
        audit.AuditTarget(group["id"], "Group"),
    ]
    activity = "Remove member from group" if removed else "Add member to group"
    audit.write(call, activity, "Unassign" if removed else "Assign", targets, category=audit.GROUPS)


def _members_of(call: Call, row: Row, _wanted: Wanted) -> list[dict[str, Any]]:
    found = (lookup.any_object(call, member) for member in call.tenant.members.targets(row["id"]))
    return [render.mixed(*each) for each in found if each is not None]


_EXPAND: Expand = {"owners": owners_of, "members": _members_of}
_ENTITIES = EntitySet("groups", _KIND, GROUP.rules, _EXPAND)
ROUTES: Routes = {
    **_ENTITIES.routes(permissions.GROUP_READ),
    ("POST", "groups"): Route(create, permissions.GROUP_CREATE),
    ("PATCH", "groups/*"): Route(update, permissions.GROUP_WRITE),
    ("DELETE", "groups/*"): Route(delete, permissions.GROUP_WRITE),
    ("POST", "groups/*/members/$ref"): Route(add_member, permissions.MEMBER_WRITE),
    ("DELETE", "groups/*/members/*/$ref"): Route(remove_member, permissions.MEMBER_WRITE),
}
