"""What is to go wrong in a tenant, and how often, as data."""

import re
from dataclasses import dataclass, field
from typing import Any, Literal

from entra_emulator import plain

# Lists of which no answer was recorded: `COLLECTION/RELATIONSHIP` is a list of a collection that expands the
# relationship, and the last one is the list of all grants for the whole tenant.
LISTS = (
    "applications/owners",
    "applications/federatedIdentityCredentials",
    "servicePrincipals/owners",
    "servicePrincipals/appRoleAssignments",
    "servicePrincipals/appRoleAssignedTo",
    "oauth2PermissionGrants",
)


@dataclass
class FaultRule:
    """One scripted fault: what it hits, how often, and what happens."""

    action: Literal["respond", "cut_before", "cut_after", "delay"]
    method: str = ""
    # A regular expression that is searched in the path.
    path: str = ""
    # Whether a part of a batch is hit as well as a whole call.
    scope: Literal["call", "part", "any"] = "any"
    # How many matching requests pass before, and how many are hit (null: all).
    skip: int = 0
    times: int | None = 1
    status: int = 503
    code: str = "ServiceUnavailable"
    message: str = "The service is unavailable."
    retry_after: int | None = None
    seconds: float = 0.0

    def matches(self, scope: str, method: str, path: str) -> bool:
        """Say whether the rule hits this request, and count it."""
        if self.times == 0 or self.scope not in {scope, "any"} or (self.method and self.method != method):
            return False
        if not re.search(self.path, path, re.IGNORECASE):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True


@dataclass
class FaultPlan:
    """What goes wrong, and how often; the default is a tenant without faults."""

    seed: int = 0
    latency_ms: float = 0.0
    # Rates are probabilities per whole call, or per part of a batch.
    throttle_rate: float = 0.0
    throttle_part_rate: float = 0.0
    retry_after: int = 1
    error_rate: float = 0.0
    error_part_rate: float = 0.0
    error_status: int = 503
    cut_before_rate: float = 0.0
    cut_after_rate: float = 0.0
    # A write is answered by 409 Directory_ConcurrencyViolation.
    conflict_rate: float = 0.0
    # Resource units per 10 s and writes per 150 s, for each calling application; null is no quota.
    # Graph's own: 3,500 (small tenant) and 3,000.
    read_quota: int | None = None
    write_quota: int | None = None
    # Reads of the audit log per 10 s; Graph's own is 5.
    audit_quota: int | None = None
    # Seconds by collection (`applications`, `servicePrincipals`, …; `*` for all).
    lag: dict[str, float] = field(default_factory=dict)
    list_lag: dict[str, float] = field(default_factory=dict)
    # Seconds until an audit record can be read, and how many more at most: each record has a delay of its
    # own.
    audit_delay: float = 0.0
    audit_spread: float = 0.0
    # Seconds that the records of one call lie apart at most.
    audit_apart: float = 0.0
    # Share of the updates whose record says no value, and of the records that are written twice.
    audit_stub_rate: float = 0.0
    audit_repeat_rate: float = 0.0
    # Graph may let texts of enabled scopes and roles change; sources disagree, strict is the default.
    edits_while_enabled: bool = False
    # Cloud security groups are soft-deleted since a preview of 2026; before, a deleted one was gone.
    groups_soft_delete: bool = True
    # Reads give lists of three or more values in an order of each object's own; without it, reversed.
    reorders_lists: bool = False
    # Lists that are answered 400 Request_UnsupportedQuery, by what they are of: those of LISTS.
    refused_lists: list[str] = field(default_factory=list)
    rules: list[FaultRule] = field(default_factory=list)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "FaultPlan":
        """Read a plan from plain data; ValueError names what is not known or not possible."""
        plain.check(cls, data, "fault")
        plan = cls(**{**data, "rules": [_rule(item) for item in data.get("rules", [])]})
        if not 400 <= plan.error_status <= 599:
            message = f"error_status cannot be {plan.error_status!r}"
            raise ValueError(message)
        if unknown := [name for name in plan.refused_lists if name not in LISTS]:
            message = f"refused_lists cannot have {unknown[0]!r}; known: {', '.join(LISTS)}"
            raise ValueError(message)
        return plan


def _rule(item: Any) -> FaultRule:
    if not isinstance(item, dict) or "action" not in item:
        message = f"not a rule: {item!r}"
        raise ValueError(message)
    plain.check(FaultRule, item)
    rule = FaultRule(**item)
    if not 400 <= rule.status <= 599:
        message = f"status cannot be {rule.status!r}"
        raise ValueError(message)
    try:
        re.compile(rule.path)
    except re.error as error:
        message = f"path is not a regular expression: {rule.path!r} ({error})"
        raise ValueError(message) from error
    return rule
