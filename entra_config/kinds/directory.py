"""What was read of a tenant, by key and by id: who is who, which objects are ours, what Graph answered
about each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from entra_config.errors import Position
from entra_config.kinds.details import Detail, ObjectOwner, RoleHolding, Row
from entra_config.manifest.model import Named
from entra_config.manifest.reading.problems import suggest
from entra_config.phrase import SHOWN, Person
from entra_config.resource import Address, Ref, Text

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Principal:
    """A user, group or service principal that holds or owns something.

    `organization`: whose application that is, if known; `marks`: `project/environment/key`, if it bears one
    of each.
    """

    id: str
    name: str
    type: str
    organization: str = ""
    marks: str = ""

    def called(self, named: Named) -> str:
        """Return what the tenant calls it: by its marks, where an entry names it by them."""
        return self.marks if named.by_marks and self.marks == named.name else self.name


@dataclass(frozen=True, slots=True)
class Renamed:
    """A pinned object of which the tenant says something else than the entry that pins it: its name, whose it
    is, its marks.

    `name` is that of the entry, `difference` the sentence with both; `said`: the lock file says both.
    """

    id: str
    name: str
    difference: str
    pinned: bool
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Api:
    """A resource that clients are granted parts of; names of its roles and scopes lead to their ids.

    `shown` is what the tenant calls an application of others. `disabled` are ids of permissions that cannot
    be granted, `other_ids` the tenant's ids of permissions that this version knows by another id.
    """

    name: str
    id: str | Ref | None
    app_id: str | Ref
    roles: Mapping[str, str]
    scopes: Mapping[str, str]
    scope_values: Mapping[str, str]
    address: Address | None = None
    shown: str = ""
    disabled: frozenset[str] = frozenset()
    other_ids: Mapping[str, str] = field(default_factory=dict)

    @property
    def called(self) -> str:
        """Return its name, and its display name in the tenant where that is another: a name is the
        manifest's own word.
        """
        same = not self.shown or self.shown.casefold() == self.name.casefold()
        return self.name if same else f'{self.name} "{self.shown}"'

    def without(self, permission: str, known: Mapping[str, str]) -> str:
        """Return why a permission of this name cannot be requested or granted here."""
        if permission in self.other_ids:
            return (
                f"{self.name} has the permission '{permission}' with another id in this tenant "
                f"({self.other_ids[permission]}) than this version of entra-config knows, so it is neither "
                "requested nor granted: install a newer version"
            )
        suggestion = suggest(permission, known)
        hint = f" ({suggestion})" if suggestion else ""
        return f"{self.name} has no permission '{permission}' in this tenant{hint}"


@dataclass(frozen=True, slots=True)
class Subject:
    """One application as the tenant has it; others' enterprise applications have `application` None.

    `deleted`: its application is deleted. `service_principal` is the live one, else the deleted one.
    """

    key: str
    application: Json | None = None
    service_principal: Json | None = None
    deleted: bool = False
    others: bool = False

    @property
    def parked(self) -> bool:
        """Return True if its service principal is deleted: nobody gets a token as it or for it, and its
        roles and consents are restored together with it.
        """
        return bool((self.service_principal or {}).get("deletedDateTime"))


@dataclass(frozen=True, slots=True)
class Live:
    """What the tenant answered about one subject."""

    subject: Subject
    details: Mapping[Detail[Any], tuple[Any, ...]] = field(default_factory=dict)

    def rows(self, detail: Detail[Row]) -> tuple[Row, ...]:
        """Return the answer to one question; nothing where it was not asked."""
        return self.details.get(detail, ())


@dataclass(frozen=True, slots=True)
class Directory:
    """What names mean in this tenant: principals by the manifest's name, APIs, live subjects, ids to names.

    `graph` is the address of Graph in the tenant's cloud.
    `app_ids` leads from the service principal of each API, named by the manifest or used by a live
    application, to its appId; `by_id` to the API itself; `own_principals` from those of ours to their keys,
    `own_app_ids` from their appIds. `unique_names` are those that creations take, by key; `taken` tells whose
    an application was that is taken over; `vouched` are the keys whose object is proven to be ours. `renamed`
    are pinned objects of which the tenant says otherwise, by id; `holdings` are the roles that principals of
    `grants` hold, by their ids.
    `external_names` are what reports call applications that are none of the manifest's, by either id;
    `tagged` are the appIds of those that have this environment's ownership tags all the same.
    `unsaid` are those that get nothing new before the lock file says it too, and `vetted` the deployers
    without them.
    """

    graph: str
    principals: Mapping[tuple[str, str], Principal] = field(default_factory=dict)
    apis: Mapping[str, Api] = field(default_factory=dict)
    live: Mapping[str, Live] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    deployers: frozenset[str] = frozenset()
    app_ids: Mapping[str, str] = field(default_factory=dict)
    unique_names: Mapping[str, str | Text] = field(default_factory=dict)
    taken: Mapping[str, str] = field(default_factory=dict)
    vouched: frozenset[str] = frozenset()
    by_id: Mapping[str, Api] = field(default_factory=dict)
    own_principals: Mapping[str, str] = field(default_factory=dict)
    own_app_ids: Mapping[str, str] = field(default_factory=dict)
    renamed: Mapping[str, Renamed] = field(default_factory=dict)
    unsaid: frozenset[str] = frozenset()
    vetted: frozenset[str] = frozenset()
    holdings: Mapping[str, tuple[RoleHolding, ...]] = field(default_factory=dict)
    external_names: Mapping[str, str] = field(default_factory=dict)
    tagged: frozenset[str] = frozenset()

    @property
    def labels(self) -> Mapping[str, str]:
        """Return what lines of a change call each id: no stranger by a name alone."""
        return {**self.names, **self.external_names}

    def application(self, app_id: str, name: str = "") -> str:
        """Return what titles call an application, ours by its key; `name` is what else it is known by."""
        own = self.own_app_ids.get(app_id)
        return own or self.external_names.get(app_id) or self.names.get(app_id) or name or app_id

    def owner(self, who: ObjectOwner) -> str:
        """Return what messages call an owner that is no person: ours by its key, no other by a name alone."""
        own = self.own_principals.get(who.id)
        return own or self.external_names.get(who.id) or f'"{who.called}" ({who.id[:SHOWN]}…)'

    def resource_name(self, id_: str, display_name: str = "") -> str:
        """Return what an API is called by; one that the manifest does not know never bears the name of one
        that it knows.
        """
        if id_ in self.by_id:
            return self.by_id[id_].name
        if id_ in self.own_principals:
            return self.own_principals[id_]
        name = self.names.get(id_) or display_name or id_
        return f"{name} ({id_})" if name in self.apis or name in self.live else name

    def called(self, key: str) -> str:
        """Return what titles call an API: of others' the tenant's name besides, where that is another."""
        return self.apis[key].called if key in self.apis else key

    def link(self, id_: str) -> str:
        """Return the link by which Graph takes a reference to a directory object."""
        return f"{self.graph}/directoryObjects/{id_}"

    def principal(self, type_: str, named: Named) -> Principal | None:
        """Return who a name or an id means, or None when the tenant has no such object."""
        return self.principals.get((type_, named.id or named.name))


@lru_cache(maxsize=4096)  # a large plan names the same few holders ten thousands of times
def called(type_: str, name: str, id_: str) -> str | Person:
    """Return a user, group or service principal as titles name it; the name of a user is left out where
    others may read it.
    """
    reported = f'{type_} "{name}" ({id_[:4]}…)'
    return Person(reported, id_) if type_ == "user" else reported
