"""Faults and clock as switches."""

import datetime as dt
from dataclasses import fields, replace
from typing import Any

from starlette.responses import Response

from entra_emulator.clock import SystemClock
from entra_emulator.fault_plan import FaultPlan
from entra_emulator.portal import banner
from entra_emulator.portal.visit import Visit

# What the page offers: the name, its words, the unit, and the factor between what is shown and what is meant.
OFFERED: tuple[tuple[str, str, str, float], ...] = (
    ("latency_ms", "Each call takes longer by", "ms", 1),
    ("throttle_rate", "Calls answered 429", "%", 100),
    ("throttle_part_rate", "Parts of batches answered 429", "%", 100),
    ("error_rate", "Calls that fail with 503", "%", 100),
    ("cut_before_rate", "Calls cut before they act", "%", 100),
    ("cut_after_rate", "Calls cut after they acted", "%", 100),
    ("conflict_rate", "Writes answered 409", "%", 100),
    ("read_quota", "Resource units in 10 s at most", "units", 1),
    ("write_quota", "Writes in 150 s at most", "writes", 1),
    ("audit_delay", "Audit records come later by", "s", 1),
)
_WHOLE = {"read_quota", "write_quota"}
STEPS = ((3600, "1 hour"), (86400, "1 day"), (30 * 86400, "30 days"), (365 * 86400, "1 year"))
_END = dt.datetime(2200, 1, 1, tzinfo=dt.UTC)


def show(visit: Visit, problem: str = "", status: int = 200) -> Response:
    """Show what is on, and what could be."""
    plan = visit.held.emulator.faults.plan
    offered = [
        (name, words, unit, _shown(getattr(plan, name), factor)) for name, words, unit, factor in OFFERED
    ]
    known = {name for name, *_ in OFFERED}
    described = visit.held.emulator.faults.describe()
    others = {name: described[name] for name in banner.switched_on(plan) if name not in known}
    clock = visit.held.emulator.clock
    return visit.render(
        "faults.html",
        status=status,
        here="faults",
        offered=offered,
        others=others,
        problem=problem,
        steps=STEPS,
        movable=isinstance(clock, SystemClock),
        moved=isinstance(clock, SystemClock) and bool(clock.offset),
    )


def set_faults(visit: Visit) -> Response:
    """Switch on what the form says; what it does not offer stays."""
    faults = visit.held.emulator.faults
    given: dict[str, Any] = {}
    for name, words, unit, factor in OFFERED:
        try:
            given[name] = _meant(name, visit.form.get(name, ""), factor)
        except ValueError:
            return show(visit, f"“{words}” is no number of {unit}: {visit.form.get(name)}", 400)
    plain = {each.name: getattr(faults.plan, each.name) for each in fields(FaultPlan)} | given
    try:
        rules = plain.pop("rules")
        faults.set(replace(FaultPlan.from_data(plain), rules=rules))
    except (ValueError, TypeError) as error:
        return show(visit, str(error), 400)
    return visit.go(visit.path("faults"))


def switch_off(visit: Visit) -> Response:
    """Switch one thing off: a fault by its name, or the clock's move."""
    name, clock = visit.form.get("name", ""), visit.held.emulator.clock
    faults = visit.held.emulator.faults
    if name == banner.CLOCK and isinstance(clock, SystemClock):
        clock.back()
    elif name in banner.switched_on(faults.plan):
        off: dict[str, Any] = {name: getattr(FaultPlan(), name)}
        faults.set(replace(faults.plan, **off))
    return visit.go(visit.path("faults"))


def move_clock(visit: Visit) -> Response:
    """Move the emulator's clock forward by one of the offered steps."""
    clock = visit.held.emulator.clock
    step = next((seconds for seconds, _ in STEPS if str(seconds) == visit.form.get("seconds")), 0)
    if not isinstance(clock, SystemClock) or not step:
        return show(visit, "This clock cannot be moved so.", 409)
    if clock.now() + dt.timedelta(seconds=step) > _END:
        return show(visit, f"The clock goes no further than {_END:%Y}.", 400)
    clock.advance(step)
    return visit.go(visit.path("faults"))


def _shown(value: float | None, factor: float) -> str:
    return f"{value * factor:g}" if value else ""


def _meant(name: str, text: str, factor: float) -> float | int | None:
    if not text.strip():
        return None if name in _WHOLE else 0.0
    return int(text) if name in _WHOLE else float(text) / factor
