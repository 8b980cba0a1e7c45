"""Drift as plain data: findings, each with what was done, what is declared, and who did it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from entra_config.errors import Position
from entra_config.plan.model import Change, Notice, TenantInfo
from entra_config.resource import Address, Value
from entra_config.states import STOPPED

ActorKind = Literal["user", "application", "microsoft", "unknown"]
Grade = Literal["exact", "possible", "none"]
Reason = Literal[
    "",
    "too_recent",
    "beyond_retention",
    "no_access",
    "not_recorded",
    "deployer_only",
    "not_told",
    "no_events",
    "failed_attempts_only",
    "not_read",
    "not_asked",
    "perhaps_not_applied",
    "not_identified",
    "not_a_change",
]
Sign = Literal["added", "changed", "removed"]
Event = Literal["", "deleted", "renamed", "unidentified", "withheld"]


@dataclass(frozen=True, order=True, slots=True)
class Actor:
    """Who made a change, as the audit log names them; `via` is the class of client (portal, script,
    consent screen).
    """

    kind: ActorKind
    id: str = ""
    name: str = ""
    via: str = ""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who changed something and when, with how sure that is.

    exact    one record in which just this comes, goes or changes, and no later record that may have touched
             it; or the record of the deletion that took it along.
    possible records fit and none proves who it was: the actor is unknown, and `others` are whom they name.
    none     nothing; `reason` says why, in a machine-readable word.

    `when` is when; of several records it is the last one's time, and `first` the first one's. `others` holds
    up to three actors, never a deployer; `suspects` counts them all. `as_of` is until when the log was
    complete (None where what was made has its own time or id). `ours`: the actor is a deployer that the
    manifest names.
    """

    grade: Grade
    actor: Actor = field(default_factory=lambda: Actor("unknown"))
    when: datetime | None = None
    first: datetime | None = None
    reason: Reason = ""
    others: tuple[Actor, ...] = ()
    record_id: str = ""
    suspects: int = 0
    as_of: datetime | None = None
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that somebody changed: told from their side, with the declared and the live value.

    `rule` names the class of finding (`redirect-uri-added`); `element` identifies it inside the property (a
    URI, a role id). `ends` are the ids by which the audit log tells it: of the object, or of both ends of a
    link. `mended`: an apply mends it. `application` is the key of the one whose part it is, `keys` those of
    all that it is about, `part` the name of what stands in a property. `good_at` is from when it is known to
    be younger: whoever did something before that did not do this. `gives` is its class in the table of risk,
    where its property alone does not say it; `edit` are the words of the command by which it is declared.
    `held`: plan withholds or skips what would put it right, and the sentence says why. `event` is set where
    it is not about one property or entry: an object that was deleted or renamed, one that cannot be
    identified, or something that plan refuses or withholds.
    """

    address: Address
    sign: Sign
    rule: str
    sentence: str
    path: str = ""
    declared: Value = None
    live: Value = None
    element: Value = None
    subjects: tuple[str, ...] = ()
    position: Position | None = None
    attribution: Attribution = field(default_factory=lambda: Attribution("none", reason="not_asked"))
    ends: Mapping[str, str] = field(default_factory=dict)
    mended: bool = True
    good_at: datetime | None = None
    application: str = ""
    keys: frozenset[str] = frozenset()
    part: str = ""
    gives: str = ""
    edit: tuple[str, ...] = ()
    held: bool = False
    event: Event = ""

    @property
    def about(self) -> frozenset[str]:
        """Return the keys of the applications that it is about; by itself, an address of one says it."""
        return self.keys or frozenset({self.address.key})

    @property
    def stopped(self) -> bool:
        """Return True if it is that an application was disabled, which `enable` takes back and no revert."""
        return self.live is not None and STOPPED.get(self.path) is self.live

    @property
    def revertible(self) -> bool:
        """Return True if a plan of the deployed manifest puts it right."""
        return self.mended and not (self.event or self.held or self.stopped)

    @property
    def identity(self) -> str:
        """Return what stays the same while this finding lasts, whatever line it stands on."""
        return f"{self.address}|{self.path}|{self.rule}|{self.element}"

    @property
    def fingerprint(self) -> str:
        """Return the identity in short, as reports write it and read it again."""
        return hashlib.sha256(self.identity.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Overdue:
    """One thing that is over by its `until` and in the tenant still: nobody's deed; `remedy` takes it.

    `path` and `element` are those of an entry inside a resource, empty where all of it is over.
    """

    address: Address
    until: date
    sentence: str
    path: str = ""
    element: str = ""
    position: Position | None = None
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class KnownGroup:
    """A group by its id, and how many people were in it directly; None where that could not be read."""

    id: str
    people: int | None = None


@dataclass(frozen=True, slots=True)
class Objects:
    """Which objects a report compared: the next one identifies them by these ids.

    Applications by key (their appIds), roles and scopes by `KEY/role/LABEL` or `KEY/scope/LABEL`, all others
    by the manifest's name.
    """

    applications: Mapping[str, str] = field(default_factory=dict)
    entries: Mapping[str, str] = field(default_factory=dict)
    users: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, KnownGroup] = field(default_factory=dict)
    service_principals: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Drift:
    """The report: findings, information, what is over and not removed, what merely is not applied yet, and
    what nobody manages (on request).

    `information` is what changed without any drift: plan changes, refuses and withholds nothing for it.
    `objects` are those that were compared. `since` is the start of the last whole deployment, as far as it
    was told; `manifest` tells what the tenant is compared with. `in_hand`: with the files as they are, of
    which nobody knows whether they were applied. `by` is who was signed in, `names` are what the applications
    are called, by key. `revision` is what was deployed, empty for the files as they are; `where` are the
    words of a command that name the manifest and the tenant.
    """

    project: str
    environment: str
    tenant: TenantInfo
    base: str
    checked_at: datetime
    since: datetime | None
    findings: tuple[Finding, ...]
    pending: tuple[Change, ...] = ()
    unmanaged: tuple[str, ...] = ()
    warnings: tuple[Notice, ...] = ()
    manifest: str = ""
    overdue: tuple[Overdue, ...] = ()
    in_hand: bool = False
    by: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    information: tuple[Finding, ...] = ()
    objects: Objects = field(default_factory=Objects)
    revision: str = ""
    where: tuple[str, ...] = ()

    @property
    def drifted(self) -> bool:
        """Tell whether anybody changed anything."""
        return bool(self.findings)
