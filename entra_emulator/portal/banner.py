"""The faults and the clock in; what the banner says is on, each with the name that switches it off, out."""

from dataclasses import fields
from typing import Any

from entra_emulator.clock import Clock, SystemClock
from entra_emulator.fault_plan import FaultPlan
from entra_emulator.portal.words import count, span

CLOCK = "clock"
# They say how a fault is, not that there is one.
_DETAILS = {
    "seed",
    "retry_after",
    "error_status",
    "edits_while_enabled",
    "groups_soft_delete",
    "reorders_lists",
}
_WORDS = {
    "latency_ms": "Latency {0:g} ms",
    "throttle_rate": "{1:g} % of calls throttled",
    "throttle_part_rate": "{1:g} % of batch parts throttled",
    "error_rate": "{1:g} % of calls fail",
    "error_part_rate": "{1:g} % of batch parts fail",
    "cut_before_rate": "{1:g} % of calls cut before they act",
    "cut_after_rate": "{1:g} % of calls cut after they acted",
    "conflict_rate": "{1:g} % of writes in conflict",
    "read_quota": "{0} resource units in 10 s",
    "write_quota": "{0} writes in 150 s",
    "audit_quota": "{0} audit reads in 10 s",
    "audit_delay": "Audit records {0:g} s late",
    "audit_spread": "Audit records up to {0:g} s later still",
    "audit_apart": "Records of a call up to {0:g} s apart",
    "audit_stub_rate": "{1:g} % of updates recorded without values",
    "audit_repeat_rate": "{1:g} % of records written twice",
}
_DEFAULT = FaultPlan()


def lines(plan: FaultPlan, clock: Clock) -> list[tuple[str, str]]:
    """Return what is on, with its name."""
    found = [(_words(name, value), name) for name, value in switched_on(plan).items()]
    if isinstance(clock, SystemClock) and clock.offset:
        found.insert(0, (f"Clock +{span(clock.offset.total_seconds())}", CLOCK))
    return found


def switched_on(plan: FaultPlan) -> dict[str, Any]:
    """Return the faults that are on, by name."""
    values = {each.name: getattr(plan, each.name) for each in fields(plan) if each.name not in _DETAILS}
    return {name: value for name, value in values.items() if value != getattr(_DEFAULT, name)}


def _words(name: str, value: Any) -> str:
    if isinstance(value, dict):
        behind = ", ".join(f"{collection} {seconds:g} s" for collection, seconds in value.items())
        return f"{'Lists' if name == 'list_lag' else 'Reads'} behind: {behind}"
    if name == "refused_lists":
        return f"{count(len(value), 'list')} refused"
    if isinstance(value, list):
        return f"{count(len(value), 'rule')} of faults"
    return _WORDS[name].format(value, value * 100)
