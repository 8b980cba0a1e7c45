"""Every list of the objects that a directory object is linked to: whose, which, and what may be done with
it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain

from entra_emulator.graph import groups, linked, lookup, permissions
from entra_emulator.graph.call import Call, CollectionResponse, Handler
from entra_emulator.graph.permissions import RequiredPermissions
from entra_emulator.graph.routing import Route, Routes

_TABLES = {name.casefold(): name for name in ("applications", "devices", "groups", "servicePrincipals")}


@dataclass(frozen=True)
class Relationship:
    """A path below an object, and the ids that it leads to."""

    name: str
    # The call and the object's id in; ids in the order of linking out.
    ends: Callable[[Call, str], list[str]]
    casts: tuple[str, ...]
    # Whether version 1.0 leaves service principals out.
    hides: bool = False

    def response(self, call: Call) -> CollectionResponse:
        """Answer a read of the relationship."""
        table = _TABLES.get(str(call.segments[0]).casefold(), "users")
        row = lookup.find(call, table, call.params[0] if call.params else call.caller.oid)
        hidden = frozenset({"servicePrincipal"}) if self.hides and call.version != "beta" else frozenset()
        return linked.response(call, self.ends(call, row["id"]), hidden)


def _owners(call: Call, object_id: str) -> list[str]:
    return call.tenant.owners.targets(object_id)


def _owned(call: Call, object_id: str) -> list[str]:
    return call.tenant.owners.sources(object_id)


def _members(call: Call, object_id: str) -> list[str]:
    return call.tenant.members.targets(object_id)


def _transitive_members(call: Call, object_id: str) -> list[str]:
    return groups.transitive_members(call.tenant, object_id)


def _member_of(call: Call, object_id: str) -> list[str]:
    return [row["id"] for row in call.tenant.direct_groups(object_id)]


def _transitive_member_of(call: Call, object_id: str) -> list[str]:
    return [row["id"] for row in call.tenant.all_groups(object_id)]


def _reports(call: Call, object_id: str) -> list[str]:
    return call.tenant.managers.sources(object_id)


def _created(call: Call, object_id: str) -> list[str]:
    rows = chain.from_iterable(
        call.tenant.tables[table] for table in ("applications", "servicePrincipals", "groups")
    )
    return [row["id"] for row in rows if row.get("_creator") == object_id]


def _registered_owners(call: Call, object_id: str) -> list[str]:
    return call.tenant.device_owners.targets(object_id)


def _registered_users(call: Call, object_id: str) -> list[str]:
    return call.tenant.device_users.targets(object_id)


def _owned_devices(call: Call, object_id: str) -> list[str]:
    return call.tenant.device_owners.sources(object_id)


def _registered_devices(call: Call, object_id: str) -> list[str]:
    return call.tenant.device_users.sources(object_id)


_ANY = tuple(linked.CASTS)
_HOLDERS = ("microsoft.graph.group",)
_OWNERS = Relationship("owners", _owners, ("microsoft.graph.user", "microsoft.graph.servicePrincipal"))
_MEMBER_OF = Relationship("memberOf", _member_of, _HOLDERS)
_TRANSITIVE_MEMBER_OF = Relationship("transitiveMemberOf", _transitive_member_of, _HOLDERS)
_THINGS = ("microsoft.graph.application", "microsoft.graph.group", "microsoft.graph.servicePrincipal")
_OWNED = Relationship("ownedObjects", _owned, _THINGS)
_CREATED = Relationship("createdObjects", _created, ("microsoft.graph.servicePrincipal",))
_REPORTS = Relationship("directReports", _reports, ("microsoft.graph.user", "microsoft.graph.orgContact"))
_USERS, _DEVICES = ("microsoft.graph.user",), ("microsoft.graph.device",)
_REGISTERED = (
    Relationship("registeredOwners", _registered_owners, _USERS),
    Relationship("registeredUsers", _registered_users, _USERS),
)
_OF_DEVICES = (
    Relationship("ownedDevices", _owned_devices, _DEVICES),
    Relationship("registeredDevices", _registered_devices, _DEVICES),
)
# Facts: version 1.0's list of members has no service principals.
_MEMBERS = Relationship("members", _members, _ANY, hides=True)
_TRANSITIVE_MEMBERS = Relationship("transitiveMembers", _transitive_members, _ANY)

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
    route = Route(_handler(relationship), access)
    paths = [
        base + f"/{relationship.name}",
        *(f"{base}/{relationship.name}/{cast}" for cast in relationship.casts),
    ]
    return {
        **{("GET", path): route for path in paths},
        **{("GET", f"{path}/$count"): route for path in paths},
        ("GET", f"{base}/{relationship.name}/$ref"): route,
    }


def _handler(relationship: Relationship) -> Handler:
    return relationship.response


_BELOW = (
    _below(base, access, relationship)
    for base, access, relationships in _OF
    for relationship in relationships
)
ROUTES: Routes = {key: route for routes in _BELOW for key, route in routes.items()}
