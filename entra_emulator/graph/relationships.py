"""Every list of the objects that a directory object is linked to: whose, which, and what may be done with
it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain

from entra_emulator.graph import groups, linked, lookup, permissions
from entra_emulator.graph.call import Call, CollectionResponse
from entra_emulator.graph.permissions import RequiredPermissions
from entra_emulator.graph.routing import Route, Routes
from entra_emulator.table import Links

_TABLES = {table.casefold(): table for table in lookup.KINDS}


@dataclass(frozen=True)
class Relationship:
    """A path below an object, and the objects that it leads to."""

    name: str
    casts: tuple[str, ...]
    # The links of a tenant that it follows, and whether it goes to the objects that link here.
    links: str = ""
    backwards: bool = False
    # What else gives the ids, in the order of linking, for an object's id.
    ends: Callable[[Call, str], list[str]] | None = None
    # Whether version 1.0 leaves service principals out.
    hides: bool = False

    def response(self, call: Call) -> CollectionResponse:
        """Answer a read of the relationship."""
        table = _TABLES.get(str(call.segments[0]).casefold(), "users")
        row = lookup.find(call, table, call.params[0] if call.params else call.caller.oid)
        hidden = frozenset({"servicePrincipal"}) if self.hides and call.version != "beta" else frozenset()
        return linked.response(call, self._ids(call, row["id"]), hidden)

    def _ids(self, call: Call, object_id: str) -> list[str]:
        if self.ends is not None:
            return self.ends(call, object_id)
        links: Links = getattr(call.tenant, self.links)
        return links.sources(object_id) if self.backwards else links.targets(object_id)


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
_OWNERS = Relationship("owners", ("microsoft.graph.user", "microsoft.graph.servicePrincipal"), "owners")
_MEMBER_OF = Relationship("memberOf", _HOLDERS, ends=_member_of)
_TRANSITIVE_MEMBER_OF = Relationship("transitiveMemberOf", _HOLDERS, ends=_transitive_member_of)
_THINGS = ("microsoft.graph.application", "microsoft.graph.group", "microsoft.graph.servicePrincipal")
_OWNED = Relationship("ownedObjects", _THINGS, "owners", backwards=True)
_CREATED = Relationship("createdObjects", ("microsoft.graph.servicePrincipal",), ends=_created)
_REPORTS = Relationship(
    "directReports", ("microsoft.graph.user", "microsoft.graph.orgContact"), "managers", backwards=True
)
_USERS, _DEVICES = ("microsoft.graph.user",), ("microsoft.graph.device",)
_REGISTERED = (
    Relationship("registeredOwners", _USERS, "device_owners"),
    Relationship("registeredUsers", _USERS, "device_users"),
)
_OF_DEVICES = (
    Relationship("ownedDevices", _DEVICES, "device_owners", backwards=True),
    Relationship("registeredDevices", _DEVICES, "device_users", backwards=True),
)
# Facts: version 1.0's list of members has no service principals.
_MEMBERS = Relationship("members", _ANY, "members", hides=True)
_TRANSITIVE_MEMBERS = Relationship("transitiveMembers", _ANY, ends=_transitive_members)

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


_BELOW = (
    _below(base, access, relationship)
    for base, access, relationships in _OF
    for relationship in relationships
)
ROUTES: Routes = {key: route for routes in _BELOW for key, route in routes.items()}
