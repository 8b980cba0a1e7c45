"""Who holds which role of which application, who owns which, and who gets in at all: the values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from entra_config.errors import Position
from entra_config.plan.model import TenantInfo

# Through what a client of others has a scope in everybody's name.
EVERYBODY = "consent for everybody"
SIGN_IN = "default"


@dataclass(frozen=True, slots=True)
class Holding:
    """One person or application that holds one role: directly, or as a direct member of a group.

    `role` is the value that tokens carry, `default` where they carry none; `label` what the manifest calls
    it. A group stands for itself where nobody may read who is in it. `position` is where the manifest says
    so, None where somebody else did. `since` is when the assignment was made, of the person or of the `group`
    (its object id); `member_since` is when the person became a member of the group, empty if that is
    unknown. `disabled`: gets no token at all; `role_deleted`: tokens carry nothing. `until` is the last day
    that the manifest says; nothing ends before somebody applies that. `undeclared`: an application that has
    it by no line of the manifest; `called` is what people read for one whose name may be that of one of ours.
    `empty`: a group that holds the role, and no person is a direct member of it.
    """

    application: str
    role: str
    type: str
    name: str
    id: str
    through: str
    since: str = ""
    position: Position | None = None
    label: str = ""
    group: str = ""
    member_since: str = ""
    disabled: bool = False
    role_deleted: bool = False
    until: date | None = None
    undeclared: bool = False
    called: str = ""
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Entrance:
    """Who gets a token for an API at all: nobody where it is not enabled, everybody where it requires no
    assignment.

    `missing` is what of it the tenant has not, or has among the deleted: it is not enabled then.
    """

    application: str
    enabled: bool = True
    assignment_required: bool = True
    missing: Literal["", "application", "servicePrincipal"] = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """One role of an application by all that it may be called, in the order in which it is told: value,
    label, name, id.
    """

    application: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ownership:
    """Somebody who owns an application, perhaps for a time, and can act as it, with its `permissions`.

    `disabled`: the account cannot sign in now.
    """

    application: str
    type: str
    name: str
    id: str
    permissions: tuple[str, ...] = ()
    until: date | None = None
    disabled: bool = False


Power = Literal["assign", "actAs", "addMembers"]


@dataclass(frozen=True, slots=True)
class Possible:
    """Somebody who could give roles to themselves or to others without the manifest, and through what.

    `power` is `assign` (gives the roles of the targets, applications by key), `actAs` (signs in as the
    targets) or `addMembers` (adds people to the targets, groups by name); `roles` is what there is to gain by
    it. `scope` is what a directory role is limited to, empty for the whole tenant.
    """

    type: str
    name: str
    id: str
    through: str
    power: Power
    targets: tuple[str, ...]
    roles: tuple[str, ...]
    scope: str = ""
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Potential:
    """Who could gain access, and a sentence for each source that could not be read."""

    possible: tuple[Possible, ...] = ()
    unknown: tuple[str, ...] = ()

    def only(self, wanted: Callable[[Possible], bool]) -> Potential:
        """Return it with some of those who could; what is not known stays."""
        return replace(self, possible=tuple(filter(wanted, self.possible)))


@dataclass(frozen=True, slots=True)
class Access:
    """Who holds what, and who owns what.

    `called` are all names of the applications, by key, `offers` those of their roles; `principals` leads from
    keys to service principals. `groups` are the roles that each group holds, by its id. `reader` is who read
    it; `potential` is there if it was asked for.
    """

    holdings: tuple[Holding, ...]
    owners: tuple[Ownership, ...]
    entrances: tuple[Entrance, ...] = ()
    offers: tuple[Offer, ...] = ()
    called: Mapping[str, frozenset[str]] = field(default_factory=dict)
    principals: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    tenant: TenantInfo = field(default_factory=lambda: TenantInfo("", ""))
    reader: str = ""
    potential: Potential | None = None
