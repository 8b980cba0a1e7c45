"""Drift as plain data: findings, each with what was done, what is declared, and who did it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from entra_config.errors import Position
from entra_config.plan.model import Change, Notice, TenantInfo
from entra_config.resource import Address, Value

ActorKind = Literal["user", "application", "microsoft", "unknown"]
Grade = Literal["exact", "likely", "possible", "none"]
Reason = Literal[
    "", "too_recent", "beyond_retention", "no_access", "not_recorded", "no_events", "failed_attempts_only", "not_asked"
]
Sign = Literal["added", "changed", "removed"]


@dataclass(frozen=True, order=True, slots=True)
class Actor:
    """Who made a change, as the audit log names them; `via` is the class of client (portal, script, consent screen)."""

    kind: ActorKind
    id: str = ""
    name: str = ""
    via: str = ""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who changed something and when, with how sure that is.

    exact     a record shows the element appear or go, and no later record touches it.
    likely    a record names the property, without values.
    possible  only records about the object as a whole; `others` holds up to three actors.
    none      nothing; `reason` says why, in a machine-readable word.
    """

    grade: Grade
    actor: Actor = field(default_factory=lambda: Actor("unknown"))
    when: datetime | None = None
    reason: Reason = ""
    others: tuple[Actor, ...] = ()
    record_id: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that somebody changed: told from their side, with the declared and the live value.

    `rule` names the class of finding (`redirect-uri-added`); `element` identifies it inside the property (a URI, a role id).
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

    @property
    def fingerprint(self) -> str:
        """Return what stays the same while this finding lasts, whatever line it stands on."""
        return f"{self.address}|{self.path}|{self.rule}|{self.element}"


@dataclass(frozen=True, slots=True)
class Drift:
    """The report: findings, what merely is not applied yet, and what nobody manages (on request)."""

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

    @property
    def drifted(self) -> bool:
        """Tell whether anybody changed anything."""
        return bool(self.findings)
