"""The objects that a directory object is linked to: lists, one object, and `$ref` to add, replace and remove
links.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain

from entra_emulator.graph import (
    devices,
    groups,
    linked,
    lookup,
    managers,
    owners,
    permissions,
    references,
    render,
)
from entra_emulator.graph.call import NO_CONTENT, Call, CollectionResponse
from entra_emulator.graph.entity_set import require_ownership
from entra_emulator.graph.errors import not_found, reference_exists, reference_missing
from entra_emulator.graph.permissions import RequiredPermissions
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.table import Links, Row
from entra_emulator.tenant import Tenant


@dataclass(frozen=True)
class Relationship:
    """A path below an object, and the objects that it leads to."""

    name: str
    casts: tuple[str, ...]
    # The links of a tenant that it follows, and whether it goes to the objects that link here.
    links: Callable[[Tenant], Links] | None = None
    backwards: bool = False
    # What else gives the ids, in the order of linking, for an object's id.
    ends: Callable[[Call, str], list[str]] | None = None
    # Whether version 1.0 leaves service principals out.
    hides: bool = False
    # Refuse a caller who may not change the links of an object, and an object that cannot be linked.
    allow: Callable[[Call, Row], None] = require_ownership
    check: Callable[[Call, Row, str], None] | None = None
    # Write the audit record of a link that was added or removed: the call, the type, both ends.
    log: Callable[..., None] | None = None

    def add(self, call: Call) -> CollectionResponse:
        """Answer POST …/$ref."""
        row, target, links = self._read_reference(call)
        if not links.add(row["id"], target):
            raise reference_exists(self.name)
        return self._finish(call, target, removed=False)

    def replace(self, call: Call) -> CollectionResponse:
        """Answer PUT …/$ref: the object that was linked before no longer is."""
        row, target, links = self._read_reference(call)
        for before in links.targets(row["id"]):
            links.remove(row["id"], before)
        links.add(row["id"], target)
        return self._finish(call, target, removed=False)

    def remove(self, call: Call) -> CollectionResponse:
        """Answer DELETE …/{id}/$ref, and DELETE …/$ref where one object is linked."""
        _, row = lookup.holder(call)
        self.allow(call, row)
        target = str(call.params[1]).casefold() if len(call.params) > 1 else self._target(call)[1]["id"]
        if not self._links(call).remove(row["id"], target):
            raise reference_missing(self.name)
        return self._finish(call, target, removed=True)

    def get(self, call: Call) -> CollectionResponse:
        """Answer a read of the one object that is linked."""
        return CollectionResponse(200, render.mixed_entity(call, *self._target(call)))

    def get_reference(self, call: Call) -> CollectionResponse:
        """Answer GET …/$ref where one object is linked."""
        kind, row = self._target(call)
        link = linked.reference(call, row["id"], kind)
        return CollectionResponse(200, {"@odata.context": call.context("$ref"), "@odata.id": link})

    def response(self, call: Call) -> CollectionResponse:
        """Answer a read of the relationship."""
        _, row = lookup.holder(call)
        hidden = frozenset({"servicePrincipal"}) if self.hides and call.version != "beta" else frozenset()
        return linked.response(call, self._ids(call, row["id"]), hidden)

    def _ids(self, call: Call, object_id: str) -> list[str]:
        if self.ends is not None:
            return self.ends(call, object_id)
        links = self._links(call)
        return links.sources(object_id) if self.backwards else links.targets(object_id)

    def _links(self, call: Call) -> Links:
        assert self.links is not None
        return self.links(call.tenant)

    def _target(self, call: Call) -> tuple[str, Row]:
        targets = self._links(call).targets(lookup.holder(call)[1]["id"])
        found = lookup.any_object(call, targets[0]) if targets else None
        if found is None:
            raise not_found(self.name)
        return found

    def _read_reference(self, call: Call) -> tuple[Row, str, Links]:
        """Return the object of the path, the object that the body links to, and the links."""
        _, row = lookup.holder(call)
        self.allow(call, row)
        target = references.referenced(call, self.name)
        if self.check is not None:
            self.check(call, row, target)
        return row, target, self._links(call)

    def _finish(self, call: Call, target: str, *, removed: bool) -> CollectionResponse:
        if self.log is not None:
            self.log(call, *lookup.holder(call), target, removed=removed)
        return NO_CONTENT


def _transitive_members(call: Call, object_id: str) -> list[str]:
    return groups.transitive_members(call.tenant, object_id)


def _member_of(call: Call, object_id: str) -> list[str]:
    return [row["id"] for row in call.tenant.direct_groups(object_id)]


def _transitive_member_of(call: Call, object_id: str) -> list[str]:
    return [row["id"] for row in call.tenant.all_groups(object_id)]


def _created(call: Call, object_id: str) -> list[str]:
    rows = chain.from_iterable(
        call.tenant.tables[table] for table in ("applications", "servicePrincipals", "groups")
    )
    return [row["id"] for row in rows if row.get("_creator") == object_id]


_ANY = tuple(linked.CASTS)
_HOLDERS = ("microsoft.graph.group",)
_OWNERS = Relationship(
    "owners",
    ("microsoft.graph.user", "microsoft.graph.servicePrincipal"),
    lambda tenant: tenant.owners,
    check=owners.check_room,
    log=owners.audit_owner,
)
_MEMBER_OF = Relationship("memberOf", _HOLDERS, ends=_member_of)
_TRANSITIVE_MEMBER_OF = Relationship("transitiveMemberOf", _HOLDERS, ends=_transitive_member_of)
_THINGS = ("microsoft.graph.application", "microsoft.graph.group", "microsoft.graph.servicePrincipal")
_OWNED = Relationship("ownedObjects", _THINGS, lambda tenant: tenant.owners, backwards=True)
_CREATED = Relationship("createdObjects", ("microsoft.graph.servicePrincipal",), ends=_created)
_REPORTS = Relationship(
    "directReports",
    ("microsoft.graph.user", "microsoft.graph.orgContact"),
    lambda tenant: tenant.managers,
    backwards=True,
)
_USERS, _DEVICES = ("microsoft.graph.user",), ("microsoft.graph.device",)
_REGISTERED = (
    Relationship(
        "registeredOwners",
        _USERS,
        lambda tenant: tenant.device_owners,
        allow=devices.require_user,
        check=devices.check_owner,
        log=devices.audit_person("registered owner"),
    ),
    Relationship(
        "registeredUsers",
        _USERS,
        lambda tenant: tenant.device_users,
        allow=devices.require_user,
        log=devices.audit_person("registered users"),
    ),
)
_OF_DEVICES = (
    Relationship("ownedDevices", _DEVICES, lambda tenant: tenant.device_owners, backwards=True),
    Relationship("registeredDevices", _DEVICES, lambda tenant: tenant.device_users, backwards=True),
)
# Facts: version 1.0's list of members has no service principals.
_MEMBERS = Relationship(
    "members",
    _ANY,
    lambda tenant: tenant.members,
    hides=True,
    allow=groups.check_caller,
    log=groups.audit_member,
)
_TRANSITIVE_MEMBERS = Relationship("transitiveMembers", _ANY, ends=_transitive_members)
_MANAGER = Relationship("manager", (), lambda tenant: tenant.managers, check=managers.check_manager)
# What `$ref` adds to and removes from, and who may do so.
_CHANGED: tuple[tuple[str, RequiredPermissions, tuple[Relationship, ...]], ...] = (
    ("applications/*", permissions.OWNER_WRITE, (_OWNERS,)),
    ("servicePrincipals/*", permissions.OWNER_WRITE, (_OWNERS,)),
    ("groups/*", permissions.GROUP_WRITE, (_OWNERS,)),
    ("groups/*", permissions.MEMBER_WRITE, (_MEMBERS,)),
    ("devices/*", permissions.DEVICE_REGISTER, _REGISTERED),
)

_OF: tuple[tuple[str, RequiredPermissions, tuple[Relationship, ...]], ...] = (
    ("applications/*", permissions.APPLICATION_READ, (_OWNERS,)),
    ("servicePrincipals/*", permissions.APPLICATION_READ, (_OWNERS,)),
    (
        "groups/*",
        permissions.GROUP_READ,
        (_OWNERS, _MEMBERS, _TRANSITIVE_MEMBERS, _MEMBER_OF, _TRANSITIVE_MEMBER_OF),
    ),
    ("servicePrincipals/*", permissions.OBJECT_READ, (_MEMBER_OF, _TRANSITIVE_MEMBER_OF, _OWNED, _CREATED)),
    ("devices/*", permissions.DEVICE_READ, (_MEMBER_OF, _TRANSITIVE_MEMBER_OF, *_REGISTERED)),
    ("users/*", permissions.USER_READ, _OF_DEVICES),
    ("me", permissions.ME_READ, _OF_DEVICES),
    ("users/*", permissions.OBJECT_READ, (_MEMBER_OF, _TRANSITIVE_MEMBER_OF, _OWNED, _CREATED, _REPORTS)),
    ("me", permissions.ME_READ, (_MEMBER_OF, _TRANSITIVE_MEMBER_OF, _OWNED, _CREATED, _REPORTS)),
)


def _below(base: str, access: RequiredPermissions, relationship: Relationship) -> Routes:
    route = Route(relationship.response, access)
    paths = [
        base + f"/{relationship.name}",
        *(f"{base}/{relationship.name}/{cast}" for cast in relationship.casts),
    ]
    return {
        **{("GET", path): route for path in paths},
        **{("GET", f"{path}/$count"): route for path in paths},
        ("GET", f"{base}/{relationship.name}/$ref"): route,
    }


def _one(base: str, access: RequiredPermissions) -> Routes:
    path = f"{base}/{_MANAGER.name}"
    return {
        ("GET", path): Route(_MANAGER.get, access),
        ("GET", f"{path}/$ref"): Route(_MANAGER.get_reference, access),
        ("PUT", f"{path}/$ref"): Route(_MANAGER.replace, permissions.USER_WRITE),
        ("DELETE", f"{path}/$ref"): Route(_MANAGER.remove, permissions.USER_WRITE),
    }


def _changes(base: str, access: RequiredPermissions, relationship: Relationship) -> Routes:
    return {
        ("POST", f"{base}/{relationship.name}/$ref"): Route(relationship.add, access),
        ("DELETE", f"{base}/{relationship.name}/*/$ref"): Route(relationship.remove, access),
    }


_BELOW = (
    make(base, access, relationship)
    for make, rows in ((_below, _OF), (_changes, _CHANGED))
    for base, access, relationships in rows
    for relationship in relationships
)
ROUTES: Routes = {
    **{key: route for routes in _BELOW for key, route in routes.items()},
    **_one("users/*", permissions.USER_READ),
    **_one("me", permissions.MANAGER_READ),
}
